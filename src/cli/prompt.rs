//! Asking on the terminal, and reading what standard input brings instead. Questions go to standard
//! error: standard output holds results alone.

use std::io::{self, BufRead, IsTerminal, Read, Write};

use zeroize::Zeroizing;

use crate::bitbucket::Code;
use crate::secret::Secret;

/// More than any password or token has, in bytes.
const LONGEST: u64 = 64 * 1024;

/// Whether somebody can be asked.
pub(super) fn can_ask() -> bool {
    io::stdin().is_terminal()
}

/// A line that was typed, without blanks around it.
pub(super) fn line(question: &str) -> io::Result<String> {
    let mut out = io::stderr();
    write!(out, "{question}")?;
    out.flush()?;
    let mut line = String::new();
    io::stdin().lock().read_line(&mut line)?;
    Ok(line.trim().to_owned())
}

/// A password or a token: typed on the terminal without being shown, else all that standard input
/// brings. Never from an argument.
pub(super) fn secret(question: &str) -> io::Result<Secret> {
    if can_ask() { hidden(question) } else { piped() }
}

/// A password: typed on the terminal without being shown, else the first line of standard input. A code
/// may follow it.
pub(super) fn password(question: &str) -> io::Result<Secret> {
    if can_ask() {
        hidden(question)
    } else {
        next_line()
    }
}

/// The code of two-step verification: typed without being shown, else the next line of standard input.
pub(super) fn code() -> io::Result<Option<Code>> {
    let code = if can_ask() {
        hidden("Code of the authenticator app, or a recovery code (it is not shown): ")?
    } else {
        next_line()?
    };
    Ok(Code::read(code.expose()))
}

/// A line of standard input, without its end.
fn next_line() -> io::Result<Secret> {
    let mut text = Zeroizing::new(String::new());
    io::stdin().lock().take(LONGEST).read_line(&mut text)?;
    Ok(Secret::new(text.trim_end_matches(['\r', '\n']).to_owned()))
}

/// What standard input brings, without the end of its line.
pub(super) fn piped() -> io::Result<Secret> {
    let mut text = Zeroizing::new(String::new());
    io::stdin().lock().take(LONGEST).read_to_string(&mut text)?;
    Ok(Secret::new(text.trim_end_matches(['\r', '\n']).to_owned()))
}

/// A line that is typed on the terminal without being shown.
fn hidden(question: &str) -> io::Result<Secret> {
    Ok(Secret::new(rpassword::prompt_password(question)?))
}
