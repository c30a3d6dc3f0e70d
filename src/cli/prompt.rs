//! Asking on the terminal, and reading what standard input brings instead. Questions go to standard
//! error: standard output holds results alone. Whoever waits for an answer can stop waiting: then the
//! terminal shows again what is typed.

use std::io::{self, BufRead, IsTerminal, Read, Write};

use zeroize::Zeroizing;

use crate::bitbucket::Code;
use crate::operation::sign_in::Codes;
use crate::secret::Secret;

/// More than any password or token has, in bytes.
const LONGEST: u64 = 64 * 1024;
/// What a terminal takes as one line, in bytes.
#[cfg(unix)]
const LONGEST_LINE: usize = 4096;

/// Whether somebody can be asked.
pub(super) fn can_ask() -> bool {
    io::stdin().is_terminal()
}

/// A line that was typed, without blanks around it.
pub(super) async fn line(question: &str) -> io::Result<String> {
    let question = question.to_owned();
    aside(move || {
        let mut out = io::stderr();
        write!(out, "{question}")?;
        out.flush()?;
        let mut line = String::new();
        io::stdin().lock().read_line(&mut line)?;
        Ok(line.trim().to_owned())
    })
    .await
}

/// A password or a token: typed on the terminal without being shown, else all that standard input
/// brings. Never from an argument.
pub(super) async fn secret(question: &str) -> io::Result<Secret> {
    if can_ask() {
        hidden(question).await
    } else {
        piped().await
    }
}

/// A password: typed on the terminal without being shown, else the first line of standard input. A code
/// may follow it.
pub(super) async fn password(question: &str) -> io::Result<Secret> {
    if can_ask() {
        hidden(question).await
    } else {
        next_line().await
    }
}

/// The codes of two-step verification: typed without being shown, else the next lines of standard input.
pub(super) fn codes() -> Codes {
    Box::new(|| Box::pin(code()))
}

async fn code() -> io::Result<Option<Code>> {
    let code = if can_ask() {
        hidden("Code of the authenticator app, or a recovery code (it is not shown): ").await?
    } else {
        next_line().await?
    };
    Ok(Code::read(code.expose()))
}

/// A line of standard input, without its end.
pub(super) async fn next_line() -> io::Result<Secret> {
    aside(|| {
        let mut text = Zeroizing::new(String::new());
        io::stdin().lock().take(LONGEST).read_line(&mut text)?;
        Ok(Secret::new(text.trim_end_matches(['\r', '\n']).to_owned()))
    })
    .await
}

/// What standard input brings, without the end of its line.
async fn piped() -> io::Result<Secret> {
    aside(|| {
        let mut text = Zeroizing::new(String::new());
        io::stdin().lock().take(LONGEST).read_to_string(&mut text)?;
        Ok(Secret::new(text.trim_end_matches(['\r', '\n']).to_owned()))
    })
    .await
}

/// A line that is typed on the terminal without being shown.
async fn hidden(question: &str) -> io::Result<Secret> {
    // Before the question: whoever types fast is not shown either.
    let _shown_again = Hidden::on_terminal();
    let question = question.to_owned();
    aside(move || typed(&question)).await
}

/// Read here rather than by rpassword, which changes the terminal's modes from the thread that goes on
/// reading when nobody waits any more; and past the buffer of standard input, which nobody wipes.
#[cfg(unix)]
fn typed(question: &str) -> io::Result<Secret> {
    use std::fs::File;
    use std::os::fd::AsFd as _;

    let mut out = io::stderr();
    write!(out, "{question}")?;
    out.flush()?;
    let mut terminal = File::from(io::stdin().as_fd().try_clone_to_owned()?);
    let mut line = Zeroizing::new(Vec::with_capacity(LONGEST_LINE));
    let mut part = Zeroizing::new([0; LONGEST_LINE]);
    while !line.ends_with(b"\n") && line.len() < LONGEST_LINE {
        let length = terminal.read(&mut *part)?;
        if length == 0 {
            break;
        }
        // Room is kept for all of it: what moves would leave a copy behind.
        let room = LONGEST_LINE - line.len();
        line.extend_from_slice(&part[..length.min(room)]);
    }
    // The end of the line was not shown either.
    writeln!(out)?;
    let line = str::from_utf8(&line).map_err(io::Error::other)?;
    Ok(Secret::new(line.trim_end_matches(['\r', '\n']).to_owned()))
}

#[cfg(windows)]
fn typed(question: &str) -> io::Result<Secret> {
    Ok(Secret::new(rpassword::prompt_password(question)?))
}

/// Waits on a thread of its own, so that a signal is heard meanwhile.
async fn aside<T: Send + 'static>(
    wait: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> io::Result<T> {
    let waited = tokio::task::spawn_blocking(wait).await;
    waited.unwrap_or_else(|error| std::panic::resume_unwind(error.into_panic()))
}

/// What is typed is not shown. When nobody waits for it any more, the terminal is as it was before.
struct Hidden {
    #[cfg(unix)]
    before: Option<rustix::termios::Termios>,
}

#[cfg(unix)]
impl Hidden {
    fn on_terminal() -> Self {
        use rustix::termios::{LocalModes, OptionalActions, tcgetattr, tcsetattr};

        let before = tcgetattr(io::stdin()).ok();
        if let Some(mut hidden) = before.clone() {
            hidden.local_modes -= LocalModes::ECHO;
            let _ = tcsetattr(io::stdin(), OptionalActions::Now, &hidden);
        }
        Self { before }
    }
}

#[cfg(unix)]
impl Drop for Hidden {
    fn drop(&mut self) {
        use rustix::termios::{OptionalActions, tcsetattr};

        if let Some(before) = &self.before {
            let _ = tcsetattr(io::stdin(), OptionalActions::Now, before);
        }
    }
}

#[cfg(windows)]
impl Hidden {
    fn on_terminal() -> Self {
        Self {}
    }
}
