//! What has been drawn, as letters to be searched: rows, cut where borders stand.

use nucleo_matcher::chars::normalize;
use ratatui::buffer::Buffer;
use ratatui::style::Modifier;

use crate::widget::fit;

/// What divides a row.
const BORDER: char = '│';

/// Whether a box begins or ends here, which may lie over a text.
pub(super) fn is_border(letter: char) -> bool {
    letter == BORDER || matches!(letter, '╭' | '╮' | '╰' | '╯')
}

/// The letters of a text without case and accents.
pub(super) fn fold(text: &str) -> impl Iterator<Item = char> {
    text.chars().filter(|letter| !is_mark(*letter)).map(folded)
}

fn folded(letter: char) -> char {
    let lower = letter.to_lowercase().next().unwrap_or(letter);
    normalize(lower)
}

/// Whether it only changes the letter before it.
fn is_mark(letter: char) -> bool {
    letter != '\0' && fit::width(letter.encode_utf8(&mut [0; 4])) == 0
}

/// One letter of a row and the column in which it stands.
pub(super) struct Drawn {
    /// Without case and accents.
    pub(super) letter: char,
    /// As it is drawn.
    written: char,
    column: u16,
    /// A field of the form that has the focus: what is typed there may go on.
    is_typed: bool,
}

/// All rows.
pub(super) struct Grid {
    rows: Vec<Vec<Drawn>>,
    top: u16,
    right: u16,
}

impl Grid {
    pub(super) fn of(buffer: &Buffer) -> Self {
        let area = buffer.area;
        Self {
            rows: (area.top()..area.bottom())
                .map(|y| row(buffer, y))
                .collect(),
            top: area.top(),
            right: area.right(),
        }
    }

    pub(super) fn rows(&self) -> impl Iterator<Item = &Vec<Drawn>> {
        self.rows.iter()
    }

    /// Finds a name that begins here: as a word, over the end of a line, or cut off where at least so
    /// many letters of it are left.
    pub(super) fn occurrence(
        &self,
        row: usize,
        start: usize,
        name: &[char],
        telling: usize,
        hidden: &mut Vec<(usize, usize)>,
    ) {
        let line = &self.rows[row];
        if start > 0 && joined(&line[start - 1], &line[start]) {
            return;
        }
        let mut found = Vec::new();
        let (mut row, mut index) = (row, start);
        let mut wanted = 0;
        while wanted < name.len() {
            let line = &self.rows[row];
            let letter = line.get(index).map(|drawn| drawn.letter);
            if letter == Some(name[wanted]) {
                found.push((row, index));
                wanted += 1;
                index += 1;
                continue;
            }
            let left = rest(line, index);
            let is_cut = letter == Some('…') || (left == Some(0) && letter != Some(' '));
            // Between words a line may end early, within a word only where it is full.
            let at_blank = name[wanted] == ' ' || wanted > 0 && name[wanted - 1] == ' ';
            let may_go_on = left.is_some_and(|blanks| at_blank || blanks <= 1);
            if may_go_on && let Some(next) = self.next_line(row, index) {
                let goes_on = wanted + usize::from(name[wanted] == ' ');
                let begins = &self.rows[next.0][next.1..];
                let same = begins.iter().map(|it| it.letter).zip(&name[goes_on..]);
                let same = same.take_while(|(a, b)| a == *b).count();
                if same >= telling.min(name.len() - goes_on) {
                    (row, index) = next;
                    wanted = goes_on;
                    continue;
                }
            }
            let is_typed = line
                .get(index)
                .is_some_and(|drawn| drawn.is_typed && drawn.letter == ' ');
            let ends_here = is_cut || is_typed || left.is_some_and(|blanks| blanks <= 1);
            while found
                .pop_if(|(row, index)| self.rows[*row][*index].letter == ' ')
                .is_some()
            {}
            if found.len() >= telling && ends_here {
                hidden.append(&mut found);
            }
            return;
        }
        let line = &self.rows[row];
        let next = line.get(index);
        let last = index.checked_sub(1).and_then(|last| line.get(last));
        let goes_on = last
            .zip(next)
            .is_some_and(|(last, next)| joined(last, next));
        if !goes_on {
            hidden.append(&mut found);
        }
    }

    /// Finds the end of a name behind a `…`.
    pub(super) fn ending(
        &self,
        row: usize,
        start: usize,
        name: &[char],
        telling: usize,
        hidden: &mut Vec<(usize, usize)>,
    ) {
        let line = &self.rows[row];
        for length in telling..name.len() {
            let end = start + length;
            let Some(letters) = line.get(start..end) else {
                return;
            };
            let same = letters
                .iter()
                .map(|it| &it.letter)
                .eq(&name[name.len() - length..]);
            let goes_on = line
                .get(end)
                .is_some_and(|next| joined(&line[end - 1], next));
            if same && !goes_on {
                let letters = (start..end).filter(|index| line[*index].letter != ' ');
                hidden.extend(letters.map(|index| (row, index)));
            }
        }
    }

    /// Where the text below this one begins, in the same pane.
    fn next_line(&self, row: usize, index: usize) -> Option<(usize, usize)> {
        let line = &self.rows[row];
        let before = line.get(..index.min(line.len()))?;
        let border = before.iter().rposition(|drawn| drawn.letter == BORDER);
        let column = border.map(|border| line[border].column);
        let next = self.rows.get(row + 1)?;
        let start = match column {
            None => 0,
            Some(column) => {
                let same = next.iter().position(|it| it.column == column)?;
                (next[same].letter == BORDER).then_some(same + 1)?
            }
        };
        let blanks = next[start..]
            .iter()
            .take_while(|it| it.letter == ' ')
            .count();
        let found = start + blanks;
        let is_text = next.get(found).is_some_and(|it| it.letter != BORDER);
        is_text.then_some((row + 1, found))
    }

    /// Finds mail addresses, whoever they belong to.
    pub(super) fn mail_addresses(&self, row: usize, hidden: &mut Vec<(usize, usize)>) {
        let line = &self.rows[row];
        let is_part = |drawn: &Drawn| {
            drawn.letter.is_alphanumeric() || matches!(drawn.letter, '.' | '_' | '%' | '+' | '-')
        };
        for at in 0..line.len() {
            if line[at].letter != '@' {
                continue;
            }
            let before = line[..at].iter().rev().take_while(|it| is_part(it)).count();
            let after = line[at + 1..].iter().take_while(|it| is_part(it)).count();
            if before > 0 && after > 0 {
                hidden.extend((at - before..at + 1 + after).map(|index| (row, index)));
            }
        }
    }

    /// Draws over a letter. A wide one leaves two columns behind.
    pub(super) fn hide(&self, buffer: &mut Buffer, row: usize, index: usize, with: &str) {
        let y = self.top + u16::try_from(row).unwrap_or(0);
        let column = self.rows[row][index].column;
        let symbol = buffer[(column, y)].symbol();
        let width = u16::try_from(fit::width(symbol)).unwrap_or(1).max(1);
        for column in column..(column + width).min(self.right) {
            buffer[(column, y)].set_symbol(with);
        }
    }
}

fn row(buffer: &Buffer, y: u16) -> Vec<Drawn> {
    let mut row = Vec::new();
    let mut column = buffer.area.left();
    while column < buffer.area.right() {
        let cell = &buffer[(column, y)];
        let symbol = cell.symbol();
        let is_typed = cell.modifier.contains(Modifier::UNDERLINED);
        let letters = symbol.chars().filter(|letter| !is_mark(*letter));
        row.extend(letters.map(|written| Drawn {
            letter: folded(written),
            written,
            column,
            is_typed,
        }));
        column += u16::try_from(fit::width(symbol)).unwrap_or(1).max(1);
    }
    row
}

/// How many blanks follow up to the end of the line in this pane; `None`: something else follows.
fn rest(line: &[Drawn], index: usize) -> Option<usize> {
    let rest = line.get(index..).unwrap_or_default();
    let blanks = rest.iter().take_while(|drawn| drawn.letter == ' ').count();
    let end = rest.get(blanks).map(|drawn| drawn.letter);
    end.is_none_or(is_border).then_some(blanks)
}

/// Whether two letters belong to one word: not across digits, nor where a capital begins one, nor in
/// scripts that put no blanks between words.
fn joined(one: &Drawn, other: &Drawn) -> bool {
    let (one, other) = (one.written, other.written);
    let is_cased = |letter: char| letter.is_lowercase() || letter.is_uppercase();
    if one.is_numeric() && other.is_numeric() {
        return true;
    }
    let begins_word = one.is_lowercase() && other.is_uppercase();
    is_cased(one) && is_cased(other) && !begins_word
}
