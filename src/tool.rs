//! Tools that use a token without a person: where the token goes, and what to enter there.
//!
//! They live in `assets/tools.toml`, as data with its sources.

use serde::Deserialize;

/// The variable in which every example has the token.
pub const VARIABLE: &str = "BITBUCKET_TOKEN";
/// What can stand in braces in what is entered.
const PLACEHOLDERS: [&str; 4] = ["header", "clone", "place", "rest"];

/// A tool, and how it gets a token.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tool {
    /// What it is called.
    pub name: String,
    /// Where the token itself is kept, in sentences.
    pub keep: String,
    /// What is entered or run, with the token in [`VARIABLE`] and places in braces.
    enter: String,
    /// What does not work with tokens of projects and repositories, and what to do instead.
    #[serde(default)]
    pub not: Option<String>,
    /// Addresses of the pages that say so.
    pub sources: Vec<String>,
}

/// What stands for a token's place in what is entered, each as a word for a shell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    /// git's setting that sends a header there.
    pub header: String,
    /// The clone address.
    pub clone: String,
    /// The address below which the token works.
    pub place: String,
    /// The REST address.
    pub rest: String,
}

impl Tool {
    /// What is entered for a token of this place.
    #[must_use]
    pub fn enter(&self, words: &Words) -> String {
        let mut text = String::new();
        let mut rest = self.enter.trim_end();
        while let Some((before, word, after)) = placeholder(rest) {
            text.push_str(before);
            text.push_str(match word {
                "header" => &words.header,
                "clone" => &words.clone,
                "place" => &words.place,
                _ => &words.rest,
            });
            rest = after;
        }
        text.push_str(rest);
        text
    }
}

/// The first word in braces: small letters and nothing else, since shells and workflows have braces of
/// their own.
fn placeholder(text: &str) -> Option<(&str, &str, &str)> {
    let mut searched = 0;
    while let Some(at) = text[searched..].find('{') {
        let start = searched + at;
        let inside = &text[start + 1..];
        let length = inside
            .find(|letter: char| !letter.is_ascii_lowercase())
            .unwrap_or(inside.len());
        if length > 0 && inside[length..].starts_with('}') {
            return Some((&text[..start], &inside[..length], &inside[length + 1..]));
        }
        searched = start + 1;
    }
    None
}

/// Why a file of tools cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ToolError {
    /// It is no such file: the parser says where and why.
    #[error("{0}")]
    Syntax(#[from] toml::de::Error),
    /// Something in it is wrong.
    #[error("tool \"{0}\": {1}")]
    Wrong(String, String),
}

/// Reads tools.
///
/// # Errors
/// [`ToolError`] where the text is no file of tools, names an unknown placeholder, leaves the token's
/// variable out, or says nothing of where it comes from.
pub fn parse(text: &str) -> Result<Vec<Tool>, ToolError> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct File {
        tool: Vec<Tool>,
    }
    let tools = toml::from_str::<File>(text)?.tool;
    for tool in &tools {
        check(tool).map_err(|why| ToolError::Wrong(tool.name.clone(), why))?;
    }
    Ok(tools)
}

fn check(tool: &Tool) -> Result<(), String> {
    if !tool.enter.contains(VARIABLE) {
        return Err(format!("`enter` does not name {VARIABLE}"));
    }
    let mut rest = tool.enter.as_str();
    while let Some((_, word, after)) = placeholder(rest) {
        if !PLACEHOLDERS.contains(&word) {
            let known = PLACEHOLDERS.join(", ");
            return Err(format!("{{{word}}} is none of {known}"));
        }
        rest = after;
    }
    let is_address = |source: &String| source.starts_with("https://");
    if tool.sources.is_empty() || !tool.sources.iter().all(is_address) {
        return Err("`sources` needs the addresses of the pages that say so".to_owned());
    }
    Ok(())
}

/// The tools that come with the program.
///
/// # Errors
/// Never with the file in `assets/`: a test reads it.
pub fn built_in() -> Result<Vec<Tool>, ToolError> {
    parse(include_str!("../assets/tools.toml"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words() -> Words {
        Words {
            header: "HEADER".to_owned(),
            clone: "CLONE".to_owned(),
            place: "PLACE".to_owned(),
            rest: "REST".to_owned(),
        }
    }

    #[test]
    fn the_tools_that_come_with_the_program_are_complete() {
        let tools = built_in().unwrap_or_default();
        let names: Vec<_> = tools.iter().map(|tool| tool.name.as_str()).collect();
        assert_eq!(
            names,
            [
                "git in a script",
                "curl",
                "Jenkins",
                "GitHub Actions",
                "GitLab CI",
                "Argo CD"
            ]
        );
        for tool in &tools {
            let text = tool.enter(&words());
            assert!(placeholder(&text).is_none(), "{text}");
            assert!(text.contains(VARIABLE));
            // Bearer is all that tokens of projects and repositories know.
            assert!(
                text.contains("Bearer") || text.contains("bearerToken"),
                "{text}"
            );
        }
    }

    #[test]
    fn braces_of_shells_and_workflows_stay() {
        let tool = Tool {
            name: "x".to_owned(),
            keep: String::new(),
            enter: "${{ secrets.X }} ${BITBUCKET_TOKEN} {clone} { a } {}\n".to_owned(),
            not: None,
            sources: Vec::new(),
        };
        assert_eq!(
            tool.enter(&words()),
            "${{ secrets.X }} ${BITBUCKET_TOKEN} CLONE { a } {}"
        );
    }

    #[test]
    fn a_wrong_file_is_refused_with_a_reason() {
        let why = |enter: &str, sources: &str| {
            let text =
                format!("[[tool]]\nname='a'\nkeep='b'\nenter='{enter}'\nsources=[{sources}]\n");
            parse(&text).err().map(|why| why.to_string())
        };
        let source = "'https://example.com'";
        assert_eq!(why("$BITBUCKET_TOKEN {clone}", source), None);
        for (enter, sources, wanted) in [
            ("git clone", source, "does not name BITBUCKET_TOKEN"),
            (
                "$BITBUCKET_TOKEN {clon}",
                source,
                "{clon} is none of header, clone",
            ),
            ("$BITBUCKET_TOKEN", "", "needs the addresses"),
            ("$BITBUCKET_TOKEN", "'from memory'", "needs the addresses"),
        ] {
            let why = why(enter, sources).unwrap_or_default();
            assert!(why.contains(wanted), "{why}");
        }
    }
}
