//! Masks names in what has been drawn: people, mail addresses, tokens. That is the one place that every
//! text comes through, whoever wrote it: a name in a breadcrumb, in the name of a token, in a server's
//! message, in a field.

mod grid;

use std::collections::HashMap;

use ratatui::buffer::Buffer;

use self::grid::{Grid, fold, is_border};

const MASK: &str = "•";
/// So much of a name tells whose it is, where the rest is cut off.
const TELLING: usize = 3;

/// A name as it is looked for.
struct Name(Vec<char>);

/// Masks every occurrence of these names, whatever their case and accents, and every mail address.
pub(crate) fn mask(buffer: &mut Buffer, names: impl IntoIterator<Item = String>) {
    let mut by_first: HashMap<char, Vec<Name>> = HashMap::new();
    let mut by_last: HashMap<char, Vec<Name>> = HashMap::new();
    for name in names {
        let letters: Vec<char> = fold(&name).collect();
        if let (Some(first), Some(last)) = (letters.first(), letters.last()) {
            by_last
                .entry(*last)
                .or_default()
                .push(Name(letters.clone()));
            by_first.entry(*first).or_default().push(Name(letters));
        }
    }
    let grid = Grid::of(buffer);
    let mut hidden = Vec::new();
    for (row, line) in grid.rows().enumerate() {
        for (index, drawn) in line.iter().enumerate() {
            let names = by_first.get(&drawn.letter).into_iter().flatten();
            for name in names {
                grid.occurrence(row, index, &name.0, TELLING, &mut hidden);
            }
            // "…lopez": a path that is cut in the middle, or a text under a box.
            if drawn.letter == '…' || is_border(drawn.letter) {
                for names in by_last.values() {
                    for name in names {
                        grid.ending(row, index + 1, &name.0, TELLING, &mut hidden);
                    }
                }
            }
        }
        grid.mail_addresses(row, &mut hidden);
    }
    for (row, index) in hidden {
        grid.hide(buffer, row, index, MASK);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use ratatui::layout::Rect;

    use super::*;
    use crate::widget::fit;

    fn masked_lines(lines: &[&str], names: &[&str]) -> Vec<String> {
        let mut buffer = Buffer::with_lines(lines.iter().copied());
        mask(&mut buffer, names.iter().map(|name| (*name).to_owned()));
        let Rect { width, height, .. } = buffer.area;
        let row = |y| (0..width).map(|x| buffer[(x, y)].symbol()).collect();
        (0..height).map(row).collect()
    }

    fn masked(text: &str, names: &[&str]) -> String {
        masked_lines(&[text], names).concat()
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
            ("alice2, 7alice_x", "•••••2, 7•••••_x"),
            ("gitForAliceLaptop", "gitFor•••••Laptop"),
            ("/home/…lice/x", "/home/…••••/x"),
            ("Alice ╭ box ╮mple, x", "••••• ╭ box ╮••••, x"),
        ] {
            assert_eq!(masked(text, &names), wanted);
        }
    }

    #[test]
    fn accents_neither_hide_nor_show_a_name() {
        for name in ["María López", "Maria Lopez", "MARÍA LO\u{301}PEZ"] {
            for text in ["maria lopez", "María López", "Mari\u{301}a Lo\u{301}pez"] {
                assert_eq!(masked(text, &[name]), "•••••••••••", "{name} in {text}");
            }
        }
        assert_eq!(masked("sorensen", &["Sørensen"]), "••••••••");
    }

    #[test]
    fn a_name_that_goes_on_in_the_next_line_is_one() {
        let names = ["git for somebody on a laptop"];
        for (lines, wanted) in [
            (
                &["│ for git for somebody   │", "│ on a laptop, revoked   │"],
                ["│ for •••••••••••••••••  │", "│ •••••••••••, revoked   │"],
            ),
            (
                &["│ x git for someb│", "│ ody on a laptop│"],
                ["│ x •••••••••••••│", "│ •••••••••••••••│"],
            ),
            (
                &["│ so is git for          │", "│ another                │"],
                ["│ so is git for          │", "│ another                │"],
            ),
        ] {
            assert_eq!(masked_lines(lines, &names), wanted);
        }
    }

    #[test]
    fn scripts_without_blanks_are_masked_inside_words_too() {
        assert_eq!(
            masked("佐藤さん", &["佐藤"]),
            "••••さん".replace("さん", "さ ん ")
        );
    }

    #[test]
    fn mail_addresses_are_masked_whoever_they_belong_to() {
        assert_eq!(
            masked("ask <bob.b@corp.example.com>!", &[]),
            "ask <••••••••••••••••••••••>!"
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
                let letters: Vec<_> = fold(&name).collect();
                let is_alone = |text: &str| !fold(text).any(|c| letters.contains(&c));
                if is_alone(&before) && is_alone(&after) {
                    let wanted = format!("{before}{dots}{after}");
                    prop_assert_eq!(masked, self::masked(&wanted, &[]));
                }
            }
        }

        #[test]
        fn whatever_is_drawn_can_be_masked(
            lines in prop::collection::vec("\\PC{0,30}", 1..3),
            names in prop::collection::vec("\\PC{0,5}", 0..3),
        ) {
            let lines: Vec<_> = lines.iter().map(String::as_str).collect();
            let names: Vec<_> = names.iter().map(String::as_str).collect();
            masked_lines(&lines, &names);
        }
    }
}
