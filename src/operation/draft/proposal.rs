//! What somebody else has said of a new token: a help desk, or whoever asks an administrator for one. The
//! form opens with it, and nothing is created before a person has agreed.

use crate::git::shell_word;

/// What a form is filled in with; what is not said is as usual.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Proposal {
    /// The id of the preset.
    pub preset: Option<String>,
    /// The tool that will use it; nothing said: git on the computer of whoever makes it.
    pub tool: Option<String>,
    /// The name of the token.
    pub name: Option<String>,
    /// How many days it works.
    pub days: Option<u32>,
}

impl Proposal {
    /// The command that opens the form like this, in one line for the shell. `place` is what the command
    /// takes as one: best the address of a page, which needs no server beside it.
    #[must_use]
    pub fn command(&self, place: &str) -> String {
        let mut words = vec!["bbtoken new".to_owned(), word(place)];
        if let Some(preset) = &self.preset {
            words.push(format!("--preset {}", word(preset)));
        }
        if let Some(tool) = &self.tool {
            words.push(format!("--tool {}", word(tool)));
        }
        if let Some(days) = self.days {
            words.push(format!("--days {days}"));
        }
        if let Some(name) = &self.name {
            words.push(format!("--name {}", word(name)));
        }
        words.join(" ")
    }
}

/// One word for every usual shell: bare where it can be, in double quotes, which cmd and PowerShell know
/// too, and where these would not do as a POSIX shell has it.
fn word(text: &str) -> String {
    let is_bare = |letter: char| letter.is_ascii_alphanumeric() || "-_./:@".contains(letter);
    let is_plain = |letter: char| {
        letter.is_alphanumeric() || letter == ' ' || "-_./:@+,()[]#=~?*;".contains(letter)
    };
    let begins_well = text.starts_with(|letter: char| letter.is_alphanumeric());
    if begins_well && text.chars().all(is_bare) {
        text.to_owned()
    } else if !text.is_empty() && text.chars().all(is_plain) {
        format!("\"{text}\"")
    } else {
        shell_word(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proposal_is_one_line_for_the_shell() {
        let proposal = Proposal {
            preset: Some("git-read".to_owned()),
            tool: None,
            name: Some("git for bob (billing-api)".to_owned()),
            days: Some(30),
        };
        assert_eq!(
            proposal.command("https://h/projects/PLAT/repos/x"),
            "bbtoken new https://h/projects/PLAT/repos/x --preset git-read --days 30 --name \"git for bob (billing-api)\""
        );
        let for_tool = Proposal {
            tool: Some("Argo CD".to_owned()),
            ..Proposal::default()
        };
        assert_eq!(
            for_tool.command("PLAT"),
            "bbtoken new PLAT --tool \"Argo CD\""
        );
        assert_eq!(
            Proposal::default().command("~alice/notes"),
            "bbtoken new \"~alice/notes\""
        );
    }

    #[test]
    fn no_shell_finds_anything_to_do_in_a_word() {
        assert_eq!(word("Bob's $HOME"), r"'Bob'\''s $HOME'");
        assert_eq!(word("a \"b\" `c`"), "'a \"b\" `c`'");
        assert_eq!(word("100 % \\"), "'100 % \\'");
        assert_eq!(word("wow!"), "'wow!'");
        assert_eq!(word("naïve 漢"), "\"naïve 漢\"");
        assert_eq!(word(""), "''");
    }
}
