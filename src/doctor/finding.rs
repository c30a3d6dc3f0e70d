//! What a check has found, and all of it together.

use jiff::Timestamp;

use crate::bitbucket::BaseUrl;
use crate::environment::Environment;

/// How good a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// It works.
    Good,
    /// It works, but look at it.
    Attention,
    /// It is in the way.
    Bad,
    /// Nobody has looked.
    Unchecked,
}

/// What a check has found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The name of the check, which does not change between versions.
    pub check: &'static str,
    /// How good that is.
    pub mark: Mark,
    /// In a sentence or a part of one.
    pub text: String,
    /// More of it, line by line.
    pub details: Vec<String>,
    /// What to do next.
    pub next: Option<String>,
    /// The address of the token that it finds fault with: a later check may say more of the same.
    pub(super) about: Option<String>,
}

impl Finding {
    fn new(check: &'static str, mark: Mark, text: impl Into<String>) -> Self {
        Self {
            check,
            mark,
            text: text.into(),
            details: Vec::new(),
            next: None,
            about: None,
        }
    }

    pub(super) fn good(check: &'static str, text: impl Into<String>) -> Self {
        Self::new(check, Mark::Good, text)
    }

    pub(super) fn unchecked(check: &'static str, text: impl Into<String>) -> Self {
        Self::new(check, Mark::Unchecked, text)
    }

    pub(super) fn attention(
        check: &'static str,
        text: impl Into<String>,
        next: impl Into<String>,
    ) -> Self {
        Self::new(check, Mark::Attention, text).next(next)
    }

    pub(super) fn bad(
        check: &'static str,
        text: impl Into<String>,
        next: impl Into<String>,
    ) -> Self {
        Self::new(check, Mark::Bad, text).next(next)
    }

    /// It works, but this deserves a look; what is worse stays so.
    pub(super) fn look_at(mut self, next: impl Into<String>) -> Self {
        if self.mark == Mark::Good {
            self.mark = Mark::Attention;
            self.next = Some(next.into());
        }
        self
    }

    pub(super) fn next(mut self, next: impl Into<String>) -> Self {
        self.next = Some(next.into());
        self
    }

    pub(super) fn about(mut self, address: impl Into<String>) -> Self {
        self.about = Some(address.into());
        self
    }

    pub(super) fn detail(mut self, detail: impl Into<String>) -> Self {
        self.details.push(detail.into());
        self
    }

    fn texts(&mut self) -> impl Iterator<Item = &mut String> {
        let texts = std::iter::once(&mut self.text);
        texts.chain(&mut self.details).chain(&mut self.next)
    }
}

/// All findings, in a fixed order.
#[derive(Debug)]
pub struct Report {
    /// One for each check.
    pub findings: Vec<Finding>,
    /// The server that was looked at.
    pub address: Option<String>,
    /// When.
    pub time: Timestamp,
}

impl Report {
    /// With `~` for the user's home directory, and without names of people in addresses.
    pub(super) fn new(
        mut findings: Vec<Finding>,
        address: Option<&BaseUrl>,
        environment: &Environment,
        time: Timestamp,
    ) -> Self {
        let home = environment.home().ok();
        let home = home.as_ref().and_then(|home| home.to_str());
        // A home directory of "/" would make every path one below it.
        let home = home.map(|home| home.trim_end_matches(['/', '\\']));
        for text in findings.iter_mut().flat_map(Finding::texts) {
            if let Some(home) = home.filter(|home| !home.is_empty()) {
                *text = text.replace(home, "~");
            }
            *text = without_names(text);
        }
        Self {
            findings,
            address: address.map(BaseUrl::to_string),
            time,
        }
    }

    /// What is in the way, each thing once: where two checks find fault with the same, the later one says more.
    pub(super) fn problems(&self) -> Vec<&Finding> {
        let bad = |finding: &&Finding| finding.mark == Mark::Bad;
        let all: Vec<_> = self.findings.iter().filter(bad).collect();
        let is_said_later = |index: usize| {
            let about = all[index].about.as_ref();
            let mut later = all[index + 1..].iter();
            about.is_some() && later.any(|it| it.about.as_ref() == about)
        };
        let once = all.iter().enumerate();
        let once = once.filter(|(index, _)| !is_said_later(*index));
        once.map(|(_, finding)| *finding).collect()
    }

    /// How many findings bear this mark.
    #[must_use]
    pub fn count(&self, mark: Mark) -> usize {
        let findings = self.findings.iter();
        findings.filter(|finding| finding.mark == mark).count()
    }
}

/// Personal projects stand as `~name` in addresses.
fn without_names(text: &str) -> String {
    let mut parts = text.split("/~");
    let mut result = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let end = part.find(|it: char| it == '/' || it.is_whitespace());
        result.push_str("/~…");
        result.push_str(&part[end.unwrap_or(part.len())..]);
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn home_and_personal_projects_lose_their_names() {
        let environment = Environment::of_process().with("HOME", "/home/alice/");
        let finding = Finding::good("x", "in /home/alice/.config and /home/bob")
            .detail("https://h/scm/~alice/notes.git, https://h/scm/~bob");
        let report = Report::new(vec![finding], None, &environment, Timestamp::UNIX_EPOCH);
        let finding = &report.findings[0];
        assert_eq!(finding.text, "in ~/.config and /home/bob");
        assert_eq!(
            finding.details,
            ["https://h/scm/~…/notes.git, https://h/scm/~…"]
        );
    }
}
