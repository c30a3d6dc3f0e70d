//! tmux's buffers, and through them the clipboard of the terminal outside: tmux drops what an
//! application inside sends by itself (OSC 52), but not what it is asked to send.

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

/// Whether there is a tmux that answers.
pub(super) async fn answers() -> bool {
    tmux(&["list-buffers"], "").await.is_some()
}

/// Deletes every buffer that holds the text, also below newer ones: tmux keeps many. Whether there
/// was one; `None` if tmux does not answer.
pub(super) async fn clear(text: &str) -> Option<bool> {
    let list = tmux(&["list-buffers", "-F", "#{buffer_size} #{buffer_name}"], "").await?;
    let list = std::str::from_utf8(&list).ok()?;
    let size = text.len().to_string();
    let mut found = false;
    for (_, name) in list
        .lines()
        .filter_map(|line| line.split_once(' '))
        .filter(|(its_size, _)| *its_size == size)
    {
        // One that has gone meanwhile holds nothing.
        let held = tmux(&["show-buffer", "-b", name], "").await;
        if held.is_some_and(|held| held.as_slice() == text.as_bytes()) {
            tmux(&["delete-buffer", "-b", name], "").await?;
            found = true;
        }
    }
    Some(found)
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
