//! Asking on the terminal, and reading what standard input brings instead. Questions go to standard
//! error: standard output holds results alone. Whoever waits for an answer can stop waiting: then the
//! terminal shows again what is typed.

use std::fs::File;
use std::io::{self, BufRead, IsTerminal, Read};
use std::path::Path;

use zeroize::{Zeroize as _, Zeroizing};

use super::exit::{Exit, Failure};
use super::output;
use crate::bitbucket::{BaseUrl, Code};
use crate::operation::sign_in::Codes;
use crate::secret::{self, Parted, Secret};

/// More than any password or token has, in bytes.
const LONGEST: usize = 64 * 1024;
/// What a terminal takes as one line, in bytes.
#[cfg(unix)]
const LONGEST_LINE: usize = 4096;

/// Whether somebody can be asked.
pub(super) fn can_ask() -> bool {
    io::stdin().is_terminal()
}

/// Fails where nothing can be asked that is not answered beforehand; `next`: how it is.
pub(super) fn needs_answer(is_answered: bool, next: &str) -> Result<(), Failure> {
    if is_answered || can_ask() {
        return Ok(());
    }
    let what = "Standard input is not a terminal, so bbtoken cannot ask.";
    Err(Failure::new(Exit::Usage, what).next(next))
}

/// A line that was typed, without blanks around it.
pub(super) async fn line(question: &str) -> io::Result<String> {
    let question = question.to_owned();
    aside(move || {
        output::ask(&question);
        let mut line = String::new();
        io::stdin().lock().read_line(&mut line)?;
        if let Some(Parted { token: Some(_), .. }) = secret::part(&line) {
            line.zeroize();
            let what = "That looks like a token, but what is typed here is visible. If others saw it, \
                        revoke it.";
            return Err(io::Error::other(what));
        }
        Ok(line.trim().to_owned())
    })
    .await
}

/// What enter alone says to a question.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Enter {
    Yes,
    No,
}

/// Whether somebody says yes. The question is asked without its choices.
pub(super) async fn agrees(question: &str, enter: Enter) -> io::Result<bool> {
    let choices = match enter {
        Enter::Yes => "[Y/n]",
        Enter::No => "[y/N]",
    };
    let typed = line(&format!("{question} {choices} ")).await?;
    Ok(match typed.as_str() {
        "" => enter == Enter::Yes,
        typed => matches!(typed, "y" | "Y" | "yes"),
    })
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
        io::stdin()
            .lock()
            .take(LONGEST as u64)
            .read_line(&mut text)?;
        Ok(Secret::new(text.trim_end_matches(['\r', '\n']).to_owned()))
    })
    .await
}

/// What standard input brings, without the end of its line.
async fn piped() -> io::Result<Secret> {
    aside(|| whole(io::stdin().lock(), "what standard input brings")).await
}

/// What a file holds, without the end of its line.
pub(super) async fn file(path: &Path) -> io::Result<Secret> {
    let path = path.to_owned();
    aside(move || {
        let name = crate::text::clean(&path.display().to_string());
        let read = File::open(&path).and_then(|file| whole(file, &name));
        read.map_err(|error| match error.kind() {
            io::ErrorKind::InvalidData => error,
            kind => io::Error::new(kind, format!("{name}: {error}")),
        })
    })
    .await
}

fn whole(input: impl Read, what: &str) -> io::Result<Secret> {
    // Room for everything, so that nothing is moved and left behind.
    let mut bytes = Zeroizing::new(Vec::with_capacity(LONGEST));
    input.take(LONGEST as u64).read_to_end(&mut bytes)?;
    let text = decoded(&bytes).ok_or_else(|| {
        let what = format!("{what} is neither UTF-8 nor UTF-16: save it as UTF-8");
        io::Error::new(io::ErrorKind::InvalidData, what)
    })?;
    Ok(Secret::new(text.trim_end_matches(['\r', '\n']).to_owned()))
}

/// The text without a byte order mark. PowerShell writes UTF-16 into files and pipes, with the mark or
/// without.
fn decoded(bytes: &[u8]) -> Option<Zeroizing<String>> {
    let is_ascii_in = |zero: usize| {
        let (pairs, rest) = bytes.as_chunks::<2>();
        !bytes.is_empty() && rest.is_empty() && pairs.iter().all(|pair| pair[zero] == 0)
    };
    let utf_16 = |bytes: &[u8], unit: fn([u8; 2]) -> u16| {
        let (pairs, rest) = bytes.as_chunks::<2>();
        let units = pairs.iter().map(|pair| unit(*pair));
        let mut text = Zeroizing::new(String::with_capacity(2 * bytes.len()));
        for character in char::decode_utf16(units) {
            text.push(character.ok()?);
        }
        rest.is_empty().then_some(text)
    };
    match bytes {
        [0xff, 0xfe, rest @ ..] => utf_16(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => utf_16(rest, u16::from_be_bytes),
        _ if is_ascii_in(1) => utf_16(bytes, u16::from_le_bytes),
        _ if is_ascii_in(0) => utf_16(bytes, u16::from_be_bytes),
        [0xef, 0xbb, 0xbf, rest @ ..] | rest => {
            let text = str::from_utf8(rest).ok()?;
            Some(Zeroizing::new(text.to_owned()))
        }
    }
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
    use std::os::fd::AsFd as _;

    output::ask(question);
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
    output::end_line();
    let line = str::from_utf8(&line).map_err(io::Error::other)?;
    Ok(Secret::new(line.trim_end_matches(['\r', '\n']).to_owned()))
}

#[cfg(windows)]
fn typed(question: &str) -> io::Result<Secret> {
    Ok(Secret::new(rpassword::prompt_password(question)?))
}

/// Whether this may go to another computer without encryption: only somebody who types "yes" can say so,
/// or an option that says nothing else.
pub(super) async fn allow_plain_http(
    base: &BaseUrl,
    what: &str,
    is_allowed: bool,
) -> Result<(), String> {
    if base.is_encrypted() || base.is_loopback() || is_allowed {
        return Ok(());
    }
    let danger =
        format!("{base} is not encrypted: anyone on the network can read {what} and use it.");
    if !can_ask() {
        return Err(format!(
            "{danger} Nothing was sent. Use https, or add --plain-http if you have to."
        ));
    }
    let question = format!("{danger}\nSend it anyway? Type yes: ");
    match line(&question).await {
        Ok(answer) if answer == "yes" => Ok(()),
        Ok(_) => Err("Nothing was sent.".to_owned()),
        Err(error) => Err(error.to_string()),
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_read_in_whatever_encoding_a_shell_writes() {
        let text = "BBDC-abc+/=\r\n";
        let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        for bytes in [
            text.as_bytes().to_vec(),
            [b"\xef\xbb\xbf", text.as_bytes()].concat(),
            [b"\xff\xfe", little.as_slice()].concat(),
            [b"\xfe\xff", big.as_slice()].concat(),
            little,
            big,
        ] {
            let read = decoded(&bytes).map(|read| read.to_string());
            assert_eq!(read.as_deref(), Some(text), "{bytes:x?}");
        }
        assert_eq!(decoded(b"").map(|read| read.len()), Some(0));
        for bytes in [&b"J\xfcrgen"[..], b"\xff\xfea\0b", b"\xff\xfe\0\xd8"] {
            assert!(decoded(bytes).is_none(), "{bytes:x?}");
        }
    }
}
