//! A desktop's key ring: a GNOME Keyring in a session bus of its own.

#![allow(
    clippy::unwrap_used,
    reason = "a failed unwrap in a support module is a failed test"
)]

use std::path::Path;
use std::process::Stdio;

use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::process::{Child, Command};

/// A session bus and an unlocked key ring, until dropped.
pub(crate) struct Desktop {
    bus: Child,
    pub(crate) address: String,
}

impl Desktop {
    pub(crate) async fn start(home: &Path) -> Self {
        let mut bus = Command::new("dbus-daemon")
            .args(["--session", "--nofork", "--print-address"])
            .env("HOME", home)
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(bus.stdout.take().unwrap()).lines();
        let address = lines.next_line().await.unwrap().unwrap();
        let desktop = Self { bus, address };
        desktop.unlock(home).await;
        desktop
    }

    /// The first unlocking makes the key ring, with the password on standard input.
    async fn unlock(&self, home: &Path) {
        let mut daemon = Command::new("gnome-keyring-daemon")
            .args(["--unlock", "--components=secrets"])
            .env("HOME", home)
            .env("XDG_RUNTIME_DIR", home)
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
