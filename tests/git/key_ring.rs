//! `secret-tool` against a real Secret Service: a GNOME Keyring in a session bus of its own.

use std::process::Stdio;

use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::process::{Child, Command};

use crate::computer::{Computer, find, repository};
use crate::git::takes_bearer;

/// A session bus and an unlocked key ring, until dropped.
struct Desktop {
    bus: Child,
    address: String,
}

impl Desktop {
    async fn start(computer: &Computer) -> Self {
        let mut bus = Command::new(find("dbus-daemon"))
            .args(["--session", "--nofork", "--print-address"])
            .env("HOME", computer.home())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(bus.stdout.take().unwrap()).lines();
        let address = lines.next_line().await.unwrap().unwrap();
        let desktop = Self { bus, address };
        desktop.unlock(computer).await;
        desktop
    }

    /// The first unlocking makes the key ring, with the password on standard input.
    async fn unlock(&self, computer: &Computer) {
        let mut daemon = Command::new(find("gnome-keyring-daemon"))
            .args(["--unlock", "--components=secrets"])
            .env("HOME", computer.home())
            .env("XDG_RUNTIME_DIR", computer.home())
            .env("DBUS_SESSION_BUS_ADDRESS", &self.address)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut stdin = daemon.stdin.take().unwrap();
        stdin.write_all(b"password\n").await.unwrap();
        drop(stdin);
        // It goes on in the background, and ends with the bus.
        assert!(daemon.wait().await.unwrap().success());
    }
}

impl Drop for Desktop {
    fn drop(&mut self) {
        let _ = self.bus.start_kill();
    }
}

#[tokio::test]
#[ignore = "needs a key ring: .ci/run installs it"]
async fn the_desktops_key_ring_keeps_the_token() {
    let mut computer = Computer::new().await;
    find("secret-tool");
    let desktop = Desktop::start(&computer).await;
    let variable = "DBUS_SESSION_BUS_ADDRESS".to_owned();
    computer.extra.push((variable, desktop.address.clone()));
    let (one, two) = (
        computer.address("/scm/plat/billing-api.git"),
        computer.address("/scm/plat/api-gateway.git"),
    );
    let first = computer.token(&repository("billing-api")).await;
    let second = computer.token(&repository("api-gateway")).await;
    if !takes_bearer() {
        return computer.refuses_bearer(&one, &first).await;
    }
    // Of all ways the best.
    let printed = computer.sets_up(&[&one], &first).await;
    assert!(printed.contains("the desktop's key ring"), "{printed}");
    computer
        .sets_up(&["--way", "secret-tool", &two], &second)
        .await;
    computer.clones(&one, "one", true).await;
    computer.clones(&two, "two", true).await;
    let files = std::fs::read_dir(computer.file(".config/bbtoken/git")).unwrap();
    for file in files {
        let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
        assert!(!text.contains(first.expose()) && !text.contains(second.expose()));
    }
    computer.undoes(&[&one]).await;
    computer.fails(&["clone", &one, "after"]).await;
    computer.clones(&two, "still", true).await;
    computer.undoes(&[&two]).await;
    let seen = computer.seen_by_everybody();
    assert!(!seen.contains(first.expose()) && !seen.contains(second.expose()));
}
