//! What commands print: results on standard output, and beside them what people are told on standard
//! error. What is for people goes out in signs that can be shown there; what programs read stays as it is.

use std::io::{self, IsTerminal as _, Write};

use crate::environment::Environment;
use crate::terminal::signs::Signs;
use crate::widget::fit;

/// Prints a result for programs, as a whole. Whoever reads no further, as `head` does, has what they
/// wanted.
///
/// # Errors
/// In a sentence: where it cannot be written.
pub(super) fn print(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        Err(error) => {
            let what = format!("Nothing could be written to standard output: {error}.");
            Err(io::Error::new(error.kind(), what))
        }
        Ok(()) => Ok(()),
    }
}

/// The same for people.
///
/// # Errors
/// Like [`print`].
pub(super) fn show(text: &str) -> io::Result<()> {
    print(&signs(io::stdout().is_terminal()).text(text))
}

/// The same in lines of a width that can be read.
///
/// # Errors
/// Like [`print`].
pub(super) fn say(text: &str) -> io::Result<()> {
    show(&(broken(text, &io::stdout()) + "\n"))
}

/// Lines for people, beside the result. Where standard error is closed, nobody reads them.
pub(super) fn hint(text: &str) {
    tell(&(broken(text, &io::stderr()) + "\n"));
}

/// The lines broken between words, as a terminal does not by itself.
fn broken(text: &str, stream: &impl io::IsTerminal) -> String {
    let columns = columns(stream).unwrap_or(usize::MAX);
    let lines = text
        .split('\n')
        .flat_map(|line| fit::wrap_words(line, columns));
    lines.collect::<Vec<_>>().join("\n")
}

/// What people are told as it stands, such as a question whose answer is typed behind it.
pub(super) fn tell(text: &str) {
    let mut out = io::stderr().lock();
    let text = signs(out.is_terminal()).text(text);
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}

/// As wide as the terminal is, if this is one.
pub(super) fn columns(stream: &impl io::IsTerminal) -> Option<usize> {
    let size = stream.is_terminal().then(crossterm::terminal::size)?;
    let columns = size.ok().map(|(columns, _)| usize::from(columns));
    // One that does not say how wide it is.
    columns.filter(|columns| *columns > 0)
}

/// In a file or a pipe letters stay, whoever reads them later.
fn signs(is_terminal: bool) -> Signs {
    match Signs::of(&Environment::of_process()) {
        Signs::Ascii if !is_terminal => Signs::Letters,
        Signs::Letters if !is_terminal => Signs::All,
        signs => signs,
    }
}
