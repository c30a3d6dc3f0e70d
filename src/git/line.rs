//! A line of git's configuration, found in its file by its key and value, so that it can be changed where
//! it stands and every other byte stays as it is. git itself would want the value as an argument, and it
//! may hold a secret.

use std::ops::Range;

use zeroize::Zeroizing;

use super::files::quoted;

/// Where the only line with this key and value is, its end included: `remote.origin.url` is the `url` in
/// `[remote "origin"]`. `None` where there is none, or several.
pub(super) fn find(text: &[u8], key: &str, value: &str) -> Option<Range<usize>> {
    let (section, name) = key.rsplit_once('.')?;
    let mut inside = false;
    let mut start = 0;
    let mut found = None;
    for line in text.split_inclusive(|byte| *byte == b'\n') {
        let range = start..start + line.len();
        start = range.end;
        let Ok(line) = std::str::from_utf8(line).map(str::trim) else {
            continue;
        };
        if let Some(header) = line.strip_prefix('[') {
            inside = is_section(header, section);
        } else if inside && is_entry(line, name, value) && found.replace(range).is_some() {
            return None;
        }
    }
    found
}

/// The line with another value, its indentation and its end as they were.
pub(super) fn with_value(line: &[u8], value: &str) -> Option<Zeroizing<Vec<u8>>> {
    let text = std::str::from_utf8(line).ok()?;
    let (before, after) = text.split_once('=')?;
    let blanks = &after[..after.len() - after.trim_start_matches([' ', '\t']).len()];
    let end = &after[after.trim_end_matches(['\r', '\n']).len()..];
    let is_plain = |it: char| it.is_ascii_alphanumeric() || "-._~:/%@+,".contains(it);
    let value = if value.chars().all(is_plain) {
        value.to_owned()
    } else {
        quoted(value)
    };
    let line = format!("{before}={blanks}{value}{end}");
    Some(Zeroizing::new(line.into_bytes()))
}

/// Whether the header of a section, after its bracket, is this one: `remote "origin"]` for `remote.origin`.
fn is_section(header: &str, section: &str) -> bool {
    let (name, subsection) = match section.split_once('.') {
        Some((name, subsection)) => (name, Some(subsection)),
        None => (section, None),
    };
    let Some(end) = header.rfind(']') else {
        return false;
    };
    let header = &header[..end];
    let (own, rest) = match header.split_once([' ', '\t']) {
        Some((own, rest)) => (own, rest.trim()),
        None => (header, ""),
    };
    let quotes = rest
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'));
    let quoted = quotes.map(|it| it.replace("\\\"", "\"").replace(r"\\", r"\"));
    own.eq_ignore_ascii_case(name) && quoted.as_deref() == subsection
}

fn is_entry(line: &str, name: &str, value: &str) -> bool {
    let Some((own, rest)) = line.split_once('=') else {
        return false;
    };
    own.trim().eq_ignore_ascii_case(name) && decoded(rest).is_some_and(|decoded| *decoded == *value)
}

/// A value as git reads it; `None` for one that goes on in the next line.
fn decoded(raw: &str) -> Option<Zeroizing<String>> {
    let mut value = Zeroizing::new(String::with_capacity(raw.len()));
    // Blanks at the end count inside quotes only.
    let mut end = 0;
    let mut is_quoted = false;
    let mut letters = raw.trim_start().chars();
    while let Some(letter) = letters.next() {
        match letter {
            '"' => is_quoted = !is_quoted,
            '#' | ';' if !is_quoted => break,
            '\\' => {
                value.push(match letters.next()? {
                    'n' => '\n',
                    't' => '\t',
                    'b' => '\u{8}',
                    escaped => escaped,
                });
                end = value.len();
                continue;
            }
            letter => value.push(letter),
        }
        if is_quoted || !letter.is_whitespace() {
            end = value.len();
        }
    }
    value.truncate(end);
    Some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "[core]\n\turl = x\n[remote \"origin\"]\r\n  URL = https://a:p%40@h/x.git  # why\r\n\tfetch = x\n[remote \"Origin\"]\n\turl=y\n[http \"https://h/\\\"x\\\\\"]\n\textraHeader = \"Authorization: Bearer a\\\"b;c\"\n[credential]\n\thelper = a b\n\thelper = a b\n";

    fn found(key: &str, value: &str) -> Option<&'static str> {
        find(TEXT.as_bytes(), key, value).map(|range| &TEXT[range])
    }

    #[test]
    fn a_line_is_found_as_git_reads_it() {
        let origin = "  URL = https://a:p%40@h/x.git  # why\r\n";
        assert_eq!(
            found("remote.origin.url", "https://a:p%40@h/x.git"),
            Some(origin)
        );
        assert_eq!(found("remote.Origin.url", "y"), Some("\turl=y\n"));
        let header = "http.https://h/\"x\\.extraheader";
        assert!(found(header, "Authorization: Bearer a\"b;c").is_some());
        assert_eq!(found("remote.origin.url", "y"), None);
        assert_eq!(found("core.url", "x"), Some("\turl = x\n"));
        assert_eq!(found("http.extraheader", "x"), None);
        // Of two nobody knows which is meant.
        assert_eq!(found("credential.helper", "a b"), None);
    }

    #[test]
    fn the_rest_of_a_line_stays() {
        let with = |line: &str, value: &str| {
            with_value(line.as_bytes(), value).map(|it| String::from_utf8_lossy(&it).into_owned())
        };
        assert_eq!(with("\turl=a\r\n", "b").as_deref(), Some("\turl=b\r\n"));
        assert_eq!(
            with("  url = a # why\n", "b;c").as_deref(),
            Some("  url = \"b;c\"\n")
        );
        assert_eq!(with("\turl = a", "b").as_deref(), Some("\turl = b"));
    }
}
