//! tmux's buffer, and through it the clipboard of the terminal outside: tmux drops what an application
//! inside sends by itself (OSC 52), but not what it is asked to send.

use std::process::Stdio;

use tokio::io::AsyncWriteExt;
use tokio::process::Command;
use zeroize::Zeroizing;

use super::PATIENCE;

/// Puts the text into a new buffer and sends it to the terminal outside; whether that worked. tmux
/// before 3.2 has no `-w` and refuses.
pub(super) async fn copy(text: &str) -> bool {
    tmux(&["load-buffer", "-w", "-"], text).await.is_some()
}

/// Whether the newest buffer held the text and is gone now; `None` if nobody knows.
pub(super) async fn clear(text: &str) -> Option<bool> {
    let held = tmux(&["show-buffer"], "").await?;
    if held.as_slice() != text.as_bytes() {
        return Some(false);
    }
    tmux(&["delete-buffer"], "").await?;
    // The terminal outside takes no empty text for one.
    tmux(&["load-buffer", "-w", "-"], " ").await?;
    tmux(&["delete-buffer"], "").await?;
    Some(true)
}

/// What tmux prints; `None` if it fails or hangs. The text goes in by standard input: arguments can
/// be read by everybody on the computer.
async fn tmux(arguments: &[&str], input: &str) -> Option<Zeroizing<Vec<u8>>> {
    let run = async {
        let mut child = Command::new("tmux")
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .ok()?;
        let mut stdin = child.stdin.take()?;
        stdin.write_all(input.as_bytes()).await.ok()?;
        drop(stdin);
        let output = child.wait_with_output().await.ok()?;
        let printed = Zeroizing::new(output.stdout);
        output.status.success().then_some(printed)
    };
    tokio::time::timeout(PATIENCE, run).await.ok()?
}
