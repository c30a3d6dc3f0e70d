//! Asking on the terminal, and reading what standard input brings instead. Questions go to standard
//! error: standard output holds results alone. Whoever waits for an answer can stop waiting: then the
//! terminal shows again what is typed.

use std::io::{self, BufRead, IsTerminal, Read, Write};

use zeroize::Zeroizing;

use crate::secret::Secret;

/// More than any password or token has, in bytes.
const LONGEST: u64 = 64 * 1024;

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

/// What standard input brings, without the end of its line.
pub(super) async fn piped() -> io::Result<Secret> {
    aside(|| {
        let mut text = Zeroizing::new(String::new());
        io::stdin().lock().take(LONGEST).read_to_string(&mut text)?;
        Ok(Secret::new(text.trim_end_matches(['\r', '\n']).to_owned()))
    })
    .await
}

/// A line that is typed on the terminal without being shown.
pub(super) async fn hidden(question: &str) -> io::Result<Secret> {
    // Before the question: whoever types fast is not shown either.
    let _shown_again = Hidden::on_terminal();
    let question = question.to_owned();
    aside(move || Ok(Secret::new(rpassword::prompt_password(question)?))).await
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
