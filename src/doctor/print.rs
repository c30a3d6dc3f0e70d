//! A report as text and as JSON.
//!
//! ```text
//! ✓ git            2.47; its helper for this server is libsecret
//! ! clock          4 minutes behind the server
//!                  → Set the clock of this computer.
//! ```

use serde_json::{Value, json};

use super::{Finding, Mark, Report};
use crate::widget::fit;

/// The names of the checks stand in so many columns.
const NAME: usize = 15;
/// The sign and the blank behind it.
const SIGN: usize = 2;

impl Mark {
    fn sign(self) -> &'static str {
        match self {
            Self::Good => "✓",
            Self::Attention => "!",
            Self::Bad => "✗",
            Self::Unchecked => "–",
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Attention => "attention",
            Self::Bad => "bad",
            Self::Unchecked => "unchecked",
        }
    }
}

impl Report {
    /// For people, in lines of at most so many columns.
    #[must_use]
    pub fn text(&self, columns: usize) -> String {
        let mut text = format!("{}\n\n", self.title());
        for finding in &self.findings {
            finding.write(&mut text, columns);
        }
        text.push('\n');
        text.push_str(&fit::wrap_words(&self.summary(), columns).join("\n"));
        text.push('\n');
        text
    }

    fn title(&self) -> String {
        format!(
            "bbtoken {} on {} ({}), {}",
            env!("CARGO_PKG_VERSION"),
            std::env::consts::OS,
            std::env::consts::ARCH,
            self.time.strftime("%-d %B %Y, %H:%M UTC")
        )
    }

    /// One sentence, for the title of a ticket.
    fn summary(&self) -> String {
        let address = self.address.as_ref();
        let at = address.map_or_else(String::new, |address| format!(" at {address}"));
        let bad: Vec<_> = self
            .problems()
            .into_iter()
            .map(|it| format!("{}: {}", it.check, first_sentence(&it.text)))
            .collect();
        let looks = self.findings.iter().filter(|it| it.mark == Mark::Attention);
        let looks: Vec<_> = looks.map(|it| it.check).collect();
        let summary = match bad.as_slice() {
            [] => format!("✓ No problems found{at}"),
            [only] => format!("✗ One problem found{at}: {only}"),
            several => format!(
                "✗ {} problems found{at}: {}",
                several.len(),
                several.join("; ")
            ),
        };
        match looks.as_slice() {
            [] => format!("{summary}."),
            [only] => format!("{summary}; {only} needs attention (!)."),
            several => format!("{summary}; {} need attention (!).", several.join(", ")),
        }
    }

    /// For programs. `checks` has one entry for each check, in a fixed order; `check` and `state`
    /// (`good`, `attention`, `bad`, `unchecked`) keep their words between versions, texts may change.
    #[must_use]
    pub fn json(&self) -> Value {
        let checks = self.findings.iter().map(|finding| {
            json!({
                "check": finding.check,
                "state": finding.mark.word(),
                "text": finding.text,
                "details": finding.details,
                "next": finding.next,
            })
        });
        json!({
            "bbtoken": env!("CARGO_PKG_VERSION"),
            "system": std::env::consts::OS,
            "time": self.time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
            "address": self.address,
            "summary": self.summary(),
            "ok": self.count(Mark::Bad) == 0,
            "checks": checks.collect::<Vec<_>>(),
        })
    }
}

/// Up to the first full stop that ends a sentence, without it.
fn first_sentence(text: &str) -> &str {
    let first = text.split(". ").next().unwrap_or(text);
    first.trim_end_matches('.')
}

impl Finding {
    fn write(&self, text: &mut String, columns: usize) {
        let room = columns.saturating_sub(SIGN + NAME).max(20);
        let mut lines = fit::wrap_words(&self.text, room);
        for detail in &self.details {
            lines.extend(fit::wrap_words(detail, room));
        }
        if let Some(next) = &self.next {
            let next = fit::wrap_words(next, room - SIGN);
            lines.extend(next.iter().enumerate().map(|(index, line)| {
                let sign = if index == 0 { "→" } else { " " };
                format!("{sign} {line}")
            }));
        }
        for (index, line) in lines.iter().enumerate() {
            let head = if index == 0 {
                format!("{} {}", self.mark.sign(), fit::column(self.check, NAME))
            } else {
                " ".repeat(SIGN + NAME)
            };
            text.push_str(&head);
            text.push_str(line);
            text.push('\n');
        }
    }
}
