//! Asking on the terminal, and reading what standard input brings instead. Questions go to standard
//! error: standard output holds results alone.

use std::io::{self, BufRead, IsTerminal, Read, Write};

use zeroize::Zeroizing;

use crate::bitbucket::BaseUrl;
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

/// Whether this may go to another computer without encryption: only somebody who types "yes" can say so,
/// or an option that says nothing else.
pub(super) fn allow_plain_http(base: &BaseUrl, what: &str, is_allowed: bool) -> Result<(), String> {
    if base.is_encrypted() || base.is_loopback() || is_allowed {
        return Ok(());
    }
    let danger =
        format!("{base} is not encrypted: everybody on the way can read {what} and use it.");
    if !can_ask() {
        return Err(format!(
            "{danger} Nothing was sent. Use https, or add --plain-http if you have to."
        ));
    }
    let question = format!("{danger}\nSend it all the same? Type yes: ");
    match line(&question) {
        Ok(answer) if answer == "yes" => Ok(()),
        Ok(_) => Err("Nothing was sent.".to_owned()),
        Err(error) => Err(error.to_string()),
    }
}
