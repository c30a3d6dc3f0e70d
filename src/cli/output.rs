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

/// The end of the line in which something hidden was typed.
pub(super) fn end_line() {
    tell("\n");
}

/// A question whose answer is typed behind it.
pub(super) fn ask(question: &str) {
    let text = broken(question, &io::stderr());
    let is_cut = question.ends_with(' ') && !text.ends_with(' ');
    tell(&if is_cut { text + " " } else { text });
}

fn tell(text: &str) {
    let mut out = io::stderr().lock();
    let text = signs(out.is_terminal()).text(text);
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}

/// The lines broken between words, as a terminal does not by itself.
fn broken(text: &str, stream: &impl io::IsTerminal) -> String {
    let columns = columns(stream).unwrap_or(usize::MAX);
    let lines = text.split('\n').map(|line| {
        let (head, text) = line.split_at(head(line));
        hung(head, text, columns)
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// A text behind its head, below which its other lines begin.
pub(super) fn hung(head: &str, text: &str, columns: usize) -> String {
    let indented = fit::width(head);
    let lines = fit::wrap_words(text, columns.saturating_sub(indented));
    format!("{head}{}", lines.join(&format!("\n{:indented$}", "")))
}

/// Where the words of a line begin: behind its blanks, and a sign such as "✓ " or "· ".
fn head(line: &str) -> usize {
    let words = line.trim_start();
    let mut signs = words.chars();
    let sign = signs.next().filter(|sign| !sign.is_alphanumeric());
    let is_headed = signs.next() == Some(' ');
    let sign = sign.filter(|_| is_headed);
    line.len() - words.len() + sign.map_or(0, |sign| sign.len_utf8() + 1)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_belongs_to_a_sign_stands_below_its_words() {
        for (line, at) in [
            ("✓ git is set up", "✓ ".len()),
            ("  · one", 5),
            ("  two", 2),
            ("plain words", 0),
            ("(in brackets)", 0),
            ("", 0),
        ] {
            assert_eq!(head(line), at, "{line}");
        }
        assert_eq!(hung("! ", "one two three", 9), "! one two\n  three");
        assert_eq!(hung("", "one two three", usize::MAX), "one two three");
    }
}
