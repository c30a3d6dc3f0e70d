//! What is wrong with a configuration, and where: file, line and column, or the variable.

use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};

/// Why the configuration cannot be used, as a sentence that says where and what to change.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// Something in a file.
    #[error("{file}, line {line}, column {column}: {problem}", file = shown(.file))]
    InFile {
        /// Which file.
        file: PathBuf,
        /// Counted from 1.
        line: usize,
        /// Counted from 1, in characters.
        column: usize,
        /// What is wrong there and what would be right. Never a value that could be secret.
        problem: String,
    },
    /// The value of an environment variable or of an option.
    #[error("{name}: {problem}")]
    Given {
        /// `BBTOKEN_CLIPBOARD` or `--clipboard`.
        name: String,
        /// What is wrong with its value.
        problem: String,
    },
    /// A file that was named is not there, or one that is there cannot be read.
    #[error("the configuration {file} cannot be read: {error}", file = shown(.file))]
    Unreadable {
        /// Which file.
        file: PathBuf,
        /// Why.
        error: io::Error,
    },
}

fn shown(file: &Path) -> String {
    crate::text::clean(&file.display().to_string())
}

/// Something wrong at a place in a text, before it is known which file that is.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Fault {
    /// Bytes of the text; `None`: the text as a whole.
    pub(super) place: Option<Range<usize>>,
    pub(super) problem: String,
}

impl Fault {
    pub(super) fn at(place: Range<usize>, problem: impl Into<String>) -> Self {
        Self {
            place: Some(place),
            problem: problem.into(),
        }
    }

    /// The fault, with the file and the line that it is in.
    pub(super) fn in_file(self, file: &Path, text: &str) -> ConfigError {
        let start = self.place.map_or(0, |place| place.start);
        let (line, column) = position(text, start);
        ConfigError::InFile {
            file: file.to_owned(),
            line,
            column,
            problem: self.problem,
        }
    }
}

impl From<toml::de::Error> for Fault {
    fn from(error: toml::de::Error) -> Self {
        // Its `Display` would print the line itself, and with it whatever stands there.
        Self {
            place: error.span(),
            problem: error.message().trim_end().replace('\n', ", "),
        }
    }
}

/// Line and column, counted from 1, of a byte of the text.
pub(super) fn position(text: &str, byte: usize) -> (usize, usize) {
    let before = text.get(..byte).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let start = before.rfind('\n').map_or(0, |end| end + 1);
    (line, before[start..].chars().count() + 1)
}

/// "unknown key `expirydays`: did you mean `expiry_days`?"
pub(super) fn unknown<'a>(
    what: &str,
    found: &str,
    known: impl IntoIterator<Item = &'a str>,
) -> String {
    let found = crate::text::clean(found);
    let known: Vec<_> = known.into_iter().collect();
    let nearest = known
        .iter()
        .map(|name| (strsim::jaro_winkler(&found, name), name))
        .filter(|(likeness, _)| *likeness > 0.8)
        .max_by(|one, other| one.0.total_cmp(&other.0));
    match nearest {
        Some((_, name)) => format!("unknown {what} `{found}`: did you mean `{name}`?"),
        None => format!(
            "unknown {what} `{found}`: it is one of {}",
            known.join(", ")
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_columns_count_from_one_in_characters() {
        let text = "a = 1\nö = 2\n";
        assert_eq!(position(text, 0), (1, 1));
        assert_eq!(position(text, 6), (2, 1));
        assert_eq!(position(text, 8), (2, 2));
        assert_eq!(position(text, 999), (3, 1));
    }

    #[test]
    fn the_nearest_name_is_suggested_and_otherwise_all() {
        let known = ["expiry_days", "help"];
        assert_eq!(
            unknown("key", "expirydays", known),
            "unknown key `expirydays`: did you mean `expiry_days`?"
        );
        assert_eq!(
            unknown("key", "zzz", known),
            "unknown key `zzz`: it is one of expiry_days, help"
        );
    }
}
