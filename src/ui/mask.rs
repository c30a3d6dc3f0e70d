//! Masks names of people and mail addresses in what has been drawn. That is the one place that every
//! text comes through, whoever wrote it: a name in a breadcrumb, in the name of a token, in a server's
//! message.

use ratatui::buffer::Buffer;

use crate::widget::fit;

const MASK: &str = "•";
/// So much of a name tells whose it is, where the rest is cut off.
const TELLING: usize = 3;

/// One character of a row and the column in which it stands.
struct Drawn {
    letter: char,
    column: u16,
}

/// Masks every occurrence of these names, whatever their case, and every mail address.
pub(crate) fn mask(buffer: &mut Buffer, names: &[String]) {
    let names: Vec<Vec<char>> = names
        .iter()
        .map(|name| name.chars().map(lower).collect())
        .filter(|name: &Vec<char>| !name.is_empty())
        .collect();
    let area = buffer.area;
    for y in area.top()..area.bottom() {
        let row = row(buffer, y);
        let mut hidden = vec![false; row.len()];
        for start in 0..row.len() {
            for name in &names {
                let length = occurrence(&row, start, name);
                hidden[start..start + length].fill(true);
            }
        }
        hide_mail_addresses(&row, &mut hidden);
        for (drawn, hidden) in row.iter().zip(hidden) {
            if hidden {
                let symbol = buffer[(drawn.column, y)].symbol();
                let width = u16::try_from(fit::width(symbol)).unwrap_or(1).max(1);
                // A wide letter leaves two columns behind.
                for column in drawn.column..(drawn.column + width).min(area.right()) {
                    buffer[(column, y)].set_symbol(MASK);
                }
            }
        }
    }
}

fn row(buffer: &Buffer, y: u16) -> Vec<Drawn> {
    let mut row = Vec::new();
    let mut column = buffer.area.left();
    while column < buffer.area.right() {
        let symbol = buffer[(column, y)].symbol();
        let letters = symbol.chars().map(|letter| Drawn {
            letter: lower(letter),
            column,
        });
        row.extend(letters);
        column += u16::try_from(fit::width(symbol)).unwrap_or(1).max(1);
    }
    row
}

fn lower(letter: char) -> char {
    letter.to_lowercase().next().unwrap_or(letter)
}

/// How many characters of the name stand at this place: all of them as a word of its own, or its
/// beginning where the rest is cut off.
fn occurrence(row: &[Drawn], start: usize, name: &[char]) -> usize {
    let is_letter = |index: usize| {
        row.get(index)
            .is_some_and(|drawn| drawn.letter.is_alphanumeric())
    };
    if start > 0 && is_letter(start - 1) {
        return 0;
    }
    let rest = row[start..].iter().map(|drawn| drawn.letter);
    let same = rest.zip(name).take_while(|(a, b)| a == *b).count();
    let end = start + same;
    let is_whole = same == name.len() && !is_letter(end);
    let is_cut = || {
        let next = row.get(end).map(|drawn| drawn.letter);
        same >= TELLING && same < name.len() && matches!(next, None | Some('…' | '│'))
    };
    if is_whole || is_cut() { same } else { 0 }
}

fn hide_mail_addresses(row: &[Drawn], hidden: &mut [bool]) {
    let is_part = |drawn: &Drawn| {
        drawn.letter.is_alphanumeric() || matches!(drawn.letter, '.' | '_' | '%' | '+' | '-')
    };
    for at in 0..row.len() {
        if row[at].letter != '@' {
            continue;
        }
        let before = row[..at].iter().rev().take_while(|it| is_part(it)).count();
        let after = row[at + 1..].iter().take_while(|it| is_part(it)).count();
        if before > 0 && after > 0 {
            hidden[at - before..at + 1 + after].fill(true);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use ratatui::layout::Rect;

    use super::*;

    fn masked(text: &str, names: &[&str]) -> String {
        let mut buffer = Buffer::with_lines([text]);
        let names: Vec<_> = names.iter().map(|name| (*name).to_owned()).collect();
        mask(&mut buffer, &names);
        let Rect { width, .. } = buffer.area;
        (0..width).map(|x| buffer[(x, 0)].symbol()).collect()
    }

    #[test]
    fn a_name_is_masked_as_a_word_in_any_case() {
        let names = ["alice", "Alice Example", "Example"];
        for (text, wanted) in [
            ("git for alice on x", "git for ••••• on x"),
            ("~Alice (ALICE-laptop)", "~••••• (•••••-laptop)"),
            ("malice alices", "malice alices"),
            ("for examp…", "for •••••…"),
            ("for ex…", "for ex…"),
            ("Alice Example", "•••••••••••••"),
        ] {
            assert_eq!(masked(text, &names), wanted);
        }
    }

    #[test]
    fn mail_addresses_are_masked_whoever_they_belong_to() {
        assert_eq!(
            masked("ask <bob.b@corp.example.com>!", &[]),
            "ask <••••••••••••••••••••••••••>!".replacen('•', "", 4)
        );
        assert_eq!(masked("a @ b", &[]), "a @ b");
    }

    #[test]
    fn wide_letters_keep_their_columns() {
        assert_eq!(masked("│ 山田 x", &["山田"]), "│ •••• x".to_owned());
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn no_name_is_left_and_nothing_else_is_lost(
            before in "([a-z山~│… ]{0,8}[ (~<│])?",
            name in "[a-zA-ZäÖß山]{1,8}( [a-zäÖ]{1,5}|[.-][0-9a-z]{1,3})?",
            after in "([ )>│,][a-z山│… ]{0,8})?",
        ) {
            for drawn in [name.clone(), name.to_lowercase()] {
                let text = format!("{before}{drawn}{after}");
                let masked = self::masked(&text, &[&name]);
                let dots = MASK.repeat(fit::width(&drawn));
                prop_assert!(masked.contains(&dots), "{masked}");
                // The same letters may stand in front of it or behind it, and are masked there too.
                let is_alone = |text: &str| !text.chars().any(|c| name.to_lowercase().contains(c));
                if is_alone(&before) && is_alone(&after) {
                    let wanted = format!("{before}{dots}{after}");
                    prop_assert_eq!(masked, self::masked(&wanted, &[]));
                }
            }
        }

        #[test]
        fn whatever_is_drawn_can_be_masked(text in "\\PC{0,30}", names in prop::collection::vec("\\PC{0,5}", 0..3)) {
            let names: Vec<_> = names.iter().map(String::as_str).collect();
            masked(&text, &names);
        }
    }
}
