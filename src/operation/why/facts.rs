//! What the answer rests on, line by line, for a person or a ticket. No key and no option is named here.

use super::{Cause, Sends, Why};
use crate::bitbucket::{Error, ErrorKind};
use crate::git::TokenNote;
use crate::git::sent::Source;
use crate::operation::prove_git::Observed;
use crate::when;

/// Labels stand in so many columns.
const LABEL: usize = 9;

impl Why {
    /// What git would sign in with, and where it has that from.
    #[must_use]
    pub fn sent(&self) -> String {
        let what = match &self.sends {
            Sends::Nothing => return "nothing: it asks".to_owned(),
            Sends::Password { user } => format!("a password{}", of(user)),
            Sends::Token { user } => {
                let token = self
                    .token
                    .as_ref()
                    .map_or_else(|| "a token".to_owned(), named);
                match user {
                    Some(user) => format!("{token}, as the password{}", of(user)),
                    None => format!("{token}, as Bearer"),
                }
            }
            Sends::Other => "something that is neither a password nor a token".to_owned(),
            Sends::Several(number) => format!("{number} Authorization headers"),
        };
        format!("{what}, {}", place(&self.from))
    }

    /// What it rests on: a label and what belongs to it.
    #[must_use]
    pub fn facts(&self) -> Vec<(&'static str, String)> {
        let mut facts = Vec::new();
        let address = self.address.clone();
        let goes_to = match (&self.remote, address) {
            (Some(remote), Some(address)) => Some(format!("{remote}, {address}")),
            (remote, address) => address.or_else(|| remote.clone()),
        };
        facts.extend(goes_to.map(|it| ("goes to", it)));
        if self.address.is_some() {
            facts.push(("sends", self.sent()));
        }
        facts.extend(self.expiry());
        facts.extend(self.set_up.as_ref().map(|set_up| {
            let text = format!("by bbtoken for {}, {}", set_up.address, set_up.kept());
            ("set up", text)
        }));
        let fetch = said(&self.fetch);
        let push = said(&self.push).map(|push| {
            if self.fetch.refusal().is_some() && fetch.as_ref() == Some(&push) {
                "refused in the same way".to_owned()
            } else {
                push
            }
        });
        facts.extend(fetch.map(|fetch| ("fetch", fetch)));
        facts.extend(push.map(|push| ("push", push)));
        facts
    }

    /// When the token's time is over. What was revoked works no more, whatever was planned for it.
    fn expiry(&self) -> Option<(&'static str, String)> {
        let at = self.token.as_ref()?.expires?;
        let label = match self.cause {
            Cause::Revoked => return None,
            Cause::Expired(_) => "expired",
            _ => "expires",
        };
        let day = at.strftime("%-d %B %Y");
        let text = format!("{day}, {}", when::relative(at, self.now));
        Some((label, text))
    }

    /// All of it, line by line: what each begins with, and its text.
    #[must_use]
    pub fn lines(&self) -> Vec<(String, String)> {
        let sign = if self.is_good() { "✓" } else { "✗" };
        let mut lines = vec![(format!("{sign} "), self.sentence())];
        for (label, value) in self.facts() {
            lines.push((format!("  {label:LABEL$}"), value));
        }
        lines.extend(self.advice().map(|advice| ("→ ".to_owned(), advice)));
        lines
    }

    /// All of it, for a ticket.
    #[must_use]
    pub fn report(&self) -> String {
        let lines = self.lines().into_iter();
        let lines: Vec<_> = lines.map(|(head, text)| head + &text).collect();
        lines.join("\n")
    }
}

impl Source {
    /// Its name for programs, which stays.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Nowhere => "nowhere",
            Self::Header(_) => "header",
            Self::Address => "address",
            Self::Helper => "helper",
        }
    }
}

impl Observed {
    /// What the server has answered where it refused: 401 and 403 in words.
    #[must_use]
    pub fn refusal(&self) -> Option<String> {
        let Self::Refused { said, error, .. } = self else {
            return None;
        };
        let status = error.as_ref().and_then(Error::status);
        let kind = error.as_ref().map(|error| &error.kind);
        let words = match (status, kind) {
            (_, Some(ErrorKind::BasicDisabled)) => "the server accepts no passwords",
            (_, Some(ErrorKind::AccountRefused(_))) => {
                "the server knows the account, but does not let it in"
            }
            (Some(401), Some(ErrorKind::NotPermitted)) | (Some(403), _) => {
                "the sign-in is valid, but this is not allowed"
            }
            (Some(401), _) => "the server does not recognise the sign-in",
            (Some(404), _) => "there is no such repository, or it is hidden",
            _ => return Some(format!("refused: \"{}\"", bare(said))),
        };
        let status = status.map_or_else(String::new, |status| format!(" with {status}"));
        Some(format!("refused{status} ({words}): \"{}\"", bare(said)))
    }
}

/// What came of asking; nothing where the cause says it all.
fn said(observed: &Observed) -> Option<String> {
    match observed {
        Observed::In => Some("✓ allowed".to_owned()),
        Observed::Everybody => Some("✓ allowed to everybody".to_owned()),
        observed => observed.refusal(),
    }
}

pub(super) fn of(user: &str) -> String {
    if user.is_empty() {
        String::new()
    } else {
        format!(" of {user}")
    }
}

fn named(note: &TokenNote) -> String {
    if note.name.is_none() && note.id.is_none() {
        return "a token".to_owned();
    }
    format!("the token {}", identity(note))
}

fn identity(note: &TokenNote) -> String {
    match (&note.name, &note.id) {
        (Some(name), Some(id)) => format!("\"{name}\" (id {id})"),
        (Some(name), None) => format!("\"{name}\""),
        (None, Some(id)) => format!("with the id {id}"),
        (None, None) => String::new(),
    }
}

pub(super) fn place(from: &Source) -> String {
    match from {
        Source::Nowhere => "from nowhere".to_owned(),
        Source::Header(file) => format!("from a header in {file}"),
        Source::Address => "from the address itself".to_owned(),
        Source::Helper => "from its helper".to_owned(),
    }
}

pub(super) fn bare(text: &str) -> &str {
    text.trim().trim_end_matches('.')
}
