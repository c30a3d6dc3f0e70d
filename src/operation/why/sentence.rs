//! What was found out, in words for a person or a ticket. No key and no option is named here.

use super::{Cause, Sends, Why};
use crate::bitbucket::{Error, ErrorKind};
use crate::git::TokenNote;
use crate::git::sent::Source;
use crate::operation::prove_git::Observed;
use crate::when;

impl Why {
    /// What is the matter, in one sentence.
    #[must_use]
    pub fn sentence(&self) -> String {
        let token = self.token_named();
        match &self.cause {
            Cause::Works => "git gets in here: it may fetch and push.".to_owned(),
            Cause::Expired(at) => format!("{token} expired {}.", when::relative(*at, self.now)),
            Cause::Revoked => format!(
                "{token} was revoked: it had not expired, and the server does not know it any more."
            ),
            Cause::Dead => format!(
                "The server does not know {token} any more: it has expired or was revoked."
            ),
            Cause::ReadOnly { by_token } => format!(
                "{} may fetch here but not push: {}.",
                self.who(),
                match (&self.sends, by_token) {
                    (Sends::Password { .. }, _) => "the account has no write permission",
                    (_, Some(true)) => "it was made to read only",
                    (_, Some(false)) => "it may write, but its owner may only read",
                    (_, None) => "it was made to read only, or its owner may only read",
                }
            ),
            Cause::NoRight { user } => format!(
                "The server knows {}{} and lets it do nothing here: {}.",
                self.who(),
                match (user, &self.sends) {
                    (Some(user), Sends::Token { .. }) => format!(" of {user}"),
                    _ => String::new(),
                },
                match user {
                    Some(user) => format!(
                        "{user} has no right to this repository, or there is none at this address"
                    ),
                    None => "it was made for another project or repository, or there is none at this address".to_owned(),
                }
            ),
            Cause::OtherAccount { user, expected } => format!(
                "git signs in as {user}, who has no right here, and not as {expected}."
            ),
            Cause::Archived => {
                "The repository is archived: git may fetch, and nobody may push.".to_owned()
            }
            Cause::BasicOff { is_token: true } => format!(
                "git sends {token} as a password, and this server takes no passwords (Basic authentication is switched off); as Bearer it gets in."
            ),
            Cause::BasicOff { is_token: false } => "git sends a password, and this server takes none from programs (Basic authentication is switched off): git needs a token.".to_owned(),
            Cause::PasswordInAddress { user, is_refused } => format!(
                "There is a password{} in the address of {}: git sends that, and no token{}.",
                of(user),
                self.remote.as_deref().unwrap_or("the repository"),
                if *is_refused {
                    ", and the server refuses it"
                } else {
                    "; it was not tried"
                }
            ),
            Cause::Password { user, from } => format!(
                "git sends a password{}, {}; it was not tried, since a wrong one counts as a failed login.",
                of(user),
                place(from)
            ),
            Cause::PasswordRefused { user, from } => format!(
                "The server refuses the password{} that git sends, {}.",
                of(user),
                place(from)
            ),
            Cause::HelperGone(helper) => format!(
                "git cannot start its helper \"{helper}\", so it has nothing to sign in with."
            ),
            Cause::ProgramGone(program) => format!(
                "The program that git asks for the token is gone: {program}."
            ),
            Cause::Forgotten(keeper) => format!("{keeper} has forgotten git's token."),
            Cause::NothingToSend => "git has no token and no password for this place, so it asks for one each time.".to_owned(),
            Cause::SeveralHeaders(number, file) => format!(
                "git sends {number} Authorization headers at once, one of them from {file}: the server takes none."
            ),
            Cause::Certificate { said, authority } => {
                let told = match authority {
                    Some(authority) if authority.is_missing() => format!(
                        ": {} names {} as what to trust, and there is no such file",
                        authority.from,
                        authority.file.display()
                    ),
                    Some(authority) => format!(
                        ": it trusts {} alone, as {} says",
                        authority.file.display(),
                        authority.from
                    ),
                    None => String::new(),
                };
                format!("The server's certificate is not trusted ({said}){told}.")
            }
            Cause::Elsewhere(address) => format!(
                "From here git goes to {address}, not over HTTP: no token is sent there."
            ),
            Cause::NoRemote => "There is no repository to go to from here.".to_owned(),
            Cause::PlainHttp => "git goes there over http, where everybody on the way can read what is sent; nothing was tried.".to_owned(),
            Cause::Captcha => "The server wants a captcha solved in the browser before it takes anything: too many sign-ins have failed.".to_owned(),
            Cause::AccountRefused(said) => {
                format!("The server refuses the account: {}.", bare(said))
            }
            Cause::Refused(said) => {
                format!("The server refuses what git sends: {}.", bare(said))
            }
            Cause::NoAnswer(error) => {
                format!("The server could not be asked: {}.", bare(&error.to_string()))
            }
            Cause::GitFails(said) => format!("git itself fails: {}.", bare(said)),
        }
    }

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
                    Some(user) => format!("{token}, as the password of {user}"),
                    None => format!("{token}, as Bearer"),
                }
            }
            Sends::Other => "something of another kind".to_owned(),
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
        let expires = self.token.as_ref().and_then(|token| token.expires);
        facts.extend(expires.map(|at| {
            let day = at.strftime("%-d %B %Y");
            (
                "expires",
                format!("{day}, {}", when::relative(at, self.now)),
            )
        }));
        facts.extend(self.set_up.as_ref().map(|set_up| {
            let text = format!("by bbtoken for {}, {}", set_up.address, set_up.kept());
            ("set up", text)
        }));
        for (label, observed) in [("fetch", &self.fetch), ("push", &self.push)] {
            let said = match observed {
                Observed::In => Some("✓ it may".to_owned()),
                Observed::Everybody => Some("✓ everybody may".to_owned()),
                observed => observed.refusal(),
            };
            facts.extend(said.map(|said| (label, said)));
        }
        facts
    }

    /// All of it, for a ticket.
    #[must_use]
    pub fn report(&self) -> String {
        let sign = if self.is_good() { "✓" } else { "✗" };
        let mut lines = vec![format!("{sign} {}", self.sentence())];
        for (label, value) in self.facts() {
            lines.push(format!("  {label:9}{value}"));
        }
        lines.extend(self.advice().map(|advice| format!("→ {advice}")));
        lines.join("\n")
    }

    /// "git's token for this clone".
    fn token_named(&self) -> String {
        match (&self.remote, &self.address) {
            (None, Some(address)) => format!("git's token for {address}"),
            _ => "git's token for this clone".to_owned(),
        }
    }

    /// Who signs in.
    fn who(&self) -> String {
        match &self.sends {
            Sends::Password { user } => user.clone(),
            _ => self.token_named(),
        }
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
            (_, Some(ErrorKind::BasicDisabled)) => "it takes no passwords, whatever they are",
            (_, Some(ErrorKind::AccountRefused(_))) => {
                "it knows the account, and does not let it in"
            }
            (Some(401), Some(ErrorKind::NotPermitted)) => "it knows who asks, and says no",
            (Some(401), _) => "it does not know who asks",
            (Some(403), _) => "it knows who asks, and says no",
            (Some(404), _) => "it knows of no such repository, or hides it",
            _ => return Some(format!("refused: \"{}\"", bare(said))),
        };
        let status = status.map_or_else(String::new, |status| format!("{status}, "));
        Some(format!("{status}{words}: \"{}\"", bare(said)))
    }
}

fn of(user: &str) -> String {
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

fn place(from: &Source) -> String {
    match from {
        Source::Nowhere => "from nowhere".to_owned(),
        Source::Header(file) => format!("from a header in {file}"),
        Source::Address => "from the address itself".to_owned(),
        Source::Helper => "from its helper".to_owned(),
    }
}

fn bare(text: &str) -> &str {
    text.trim().trim_end_matches('.')
}
