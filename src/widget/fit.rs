//! Making text fit: cut with `…`, padded with blanks, wrapped, all measured in columns.

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// How many columns a text takes: those of its clusters, as they are drawn. As a whole it may be taken
/// for less, where a font joins two letters into one (lam and alef).
#[must_use]
pub fn width(text: &str) -> usize {
    text.graphemes(true).map(UnicodeWidthStr::width).sum()
}

/// The text in at most `columns` columns, cut at the end: for names.
#[must_use]
pub fn end(text: &str, columns: usize) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    let Some(room) = columns.checked_sub(1) else {
        return String::new();
    };
    format!("{}…", prefix(text, room))
}

/// The text in at most `columns` columns, cut in the middle: for paths.
#[must_use]
pub fn middle(text: &str, columns: usize) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    let Some(room) = columns.checked_sub(1) else {
        return String::new();
    };
    let first = prefix(text, room / 2);
    let mut rest = text;
    while width(rest) > room - room / 2
        && let Some(cluster) = rest.graphemes(true).next()
    {
        rest = &rest[cluster.len()..];
    }
    format!("{first}…{rest}")
}

/// The text in exactly `columns` columns: cut at the end, or filled up with blanks.
#[must_use]
pub fn column(text: &str, columns: usize) -> String {
    let mut cut = end(text, columns);
    cut.extend(std::iter::repeat_n(
        ' ',
        columns.saturating_sub(width(&cut)),
    ));
    cut
}

/// Like [`column()`], but with the blanks in front: for numbers and dates.
#[must_use]
pub fn column_right(text: &str, columns: usize) -> String {
    let cut = end(text, columns);
    let blanks = " ".repeat(columns.saturating_sub(width(&cut)));
    blanks + &cut
}

/// The text in lines of at most `columns` columns, broken at blanks; a word that is longer than a
/// line is broken where the line ends, at least behind its first character.
#[must_use]
pub fn wrap(text: &str, columns: usize) -> Vec<String> {
    let columns = columns.max(1);
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let mut word = word;
        while let Some(line) = lines.last_mut() {
            let blank = usize::from(!line.is_empty());
            if width(line) + blank + width(word) <= columns {
                if blank == 1 {
                    line.push(' ');
                }
                line.push_str(word);
                break;
            }
            if blank == 1 {
                lines.push(String::new());
                continue;
            }
            // A character that is wider than the line stands alone.
            let first = word.graphemes(true).next().map_or(word.len(), str::len);
            let part = &word[..prefix(word, columns).len().max(first)];
            line.push_str(part);
            word = &word[part.len()..];
            if word.is_empty() {
                break;
            }
            lines.push(String::new());
        }
    }
    lines
}

/// The text in lines of at most `columns` columns, broken at blanks alone: a word that is longer than a line
/// stands on one of its own and stays whole, so that an address can be copied.
#[must_use]
pub fn wrap_words(text: &str, columns: usize) -> Vec<String> {
    if width(text) <= columns {
        return vec![text.to_owned()];
    }
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.is_empty() => line.push_str(word),
            Some(line) if width(line) + 1 + width(word) <= columns => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

/// The longest beginning of whole grapheme clusters that takes at most `columns` columns.
fn prefix(text: &str, columns: usize) -> &str {
    let mut taken = 0;
    for (index, cluster) in text.grapheme_indices(true) {
        taken += width(cluster);
        if taken > columns {
            return &text[..index];
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_characters_are_cut_whole() {
        assert_eq!(end("計算書サービス", 6), "計算…");
        assert_eq!(end("計算書サービス", 5), "計算…");
        assert_eq!(end("billing-api", 11), "billing-api");
        assert_eq!(end("billing-api", 8), "billing…");
        assert_eq!(end("x", 0), "");
    }

    #[test]
    fn lines_are_broken_at_blanks_and_addresses_stay_whole() {
        let address = "https://git.example.com/scm/plat/billing-api.git";
        let text = format!("Clone from {address} once more");
        assert_eq!(wrap_words(&text, 20), ["Clone from", address, "once more"]);
        assert_eq!(wrap_words("  as it is", 20), ["  as it is"]);
        assert_eq!(wrap_words("", 20), [""]);
    }

    #[test]
    fn paths_are_cut_in_the_middle() {
        assert_eq!(middle("/rest/api/users", 9), "/res…sers");
        assert_eq!(middle("/rest", 5), "/rest");
        for columns in 0..12 {
            assert!(width(&middle("/計算書/サービス", columns)) <= columns);
        }
    }

    #[test]
    fn columns_have_exactly_their_width() {
        for text in ["", "a", "計算書", "naïve text", "a\u{301}bc"] {
            for columns in 0..12 {
                assert_eq!(width(&column(text, columns)), columns, "{text} {columns}");
                assert_eq!(width(&column_right(text, columns)), columns);
            }
        }
    }

    #[test]
    fn wrapped_lines_lose_nothing_and_never_overflow() {
        let text = "Project write needs at-least-repository-write 計算書サービス now";
        for columns in 2..40 {
            let lines = wrap(text, columns);
            assert!(lines.iter().all(|line| width(line) <= columns), "{columns}");
            let letters = |text: &str| text.replace(' ', "");
            assert_eq!(letters(&lines.concat()), letters(text));
        }
        assert_eq!(wrap("", 10), [""]);
    }
}
