//! `secret-tool` against a real Secret Service: a GNOME Keyring in a session bus of its own.

use crate::computer::{Computer, find, repository};
use crate::desktop::Desktop;
use crate::git::takes_bearer;

#[tokio::test]
#[ignore = "needs a key ring: .ci/run installs it"]
async fn the_desktops_key_ring_keeps_the_token() {
    let mut computer = Computer::new().await;
    find("secret-tool");
    let desktop = Desktop::start(&computer.home()).await;
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
