//! What was set up, as it is written down at the head of the file for it: never the token itself.

use std::path::Path;

use jiff::Timestamp;
use zeroize::Zeroizing;

use super::files::quoted;
use super::store::Store;
use super::way::{HEADER, Way};
use super::{Location, Target};
use crate::secret::Secret;

/// Which token it is, as far as that is known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TokenNote {
    /// Bitbucket's id of the token.
    pub id: Option<String>,
    /// What it is called, where that is known.
    pub name: Option<String>,
    /// When it expires.
    pub expires: Option<Timestamp>,
}

/// What was set up for an address.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SetUp {
    /// For which, as in [`Target::address`].
    pub address: String,
    /// Other spellings and names of it, as in [`Target::also`].
    pub also: Vec<String>,
    /// Whose personal token it is; none for that of a project or repository.
    pub user: Option<String>,
    /// Which token it is. Versions before 0.2 did not write that down.
    pub token: TokenNote,
    /// The way, as the command line calls it.
    pub(super) way: String,
    /// What keeps the token for bbtoken's own helper.
    pub(super) store: Option<Store>,
    /// Under which name it does; before 0.2 that was the address.
    pub(super) entry: Option<String>,
    /// The program that git starts for the token: this one, as it was called then.
    pub program: Option<String>,
    /// git's own helper that keeps the token as a password.
    pub(super) helper: Option<String>,
    /// It kept something else for this user before, and keeps that for us until it is undone.
    pub(super) replaced: bool,
}

impl TokenNote {
    /// What can be read from the token itself.
    #[must_use]
    pub fn of(token: &Secret) -> Self {
        Self {
            id: token.token_id(),
            name: None,
            expires: None,
        }
    }

    /// Whether it is known when it expires, or that it never does: whoever has seen its name has seen that.
    #[must_use]
    pub fn tells_expiry(&self) -> bool {
        self.name.is_some() || self.expires.is_some()
    }

    /// Whether a secret is this token, as its id tells.
    pub(super) fn is(&self, secret: &Secret) -> bool {
        self.id.is_some() && self.id == secret.token_id()
    }

    /// Whether a secret may be this token: a person's password is none, nor is a token with another id.
    pub(super) fn may_be(&self, secret: &Secret) -> bool {
        match (&self.id, secret.token_id()) {
            (Some(id), Some(other)) => *id == other,
            _ => secret.is_token(),
        }
    }
}

impl SetUp {
    pub(super) fn new(target: &Target, way: &Way, token: &TokenNote) -> Self {
        let (store, helper) = way.keeps_in();
        let entry = store.as_ref().map(|_| match &token.id {
            Some(id) => format!("{}#{id}", target.address),
            None => format!("{}#{:x}", target.address, super::any_number()),
        });
        Self {
            address: target.address.clone(),
            also: target.also.clone(),
            user: target.user.clone(),
            token: token.clone(),
            way: way.name.to_owned(),
            store,
            entry,
            program: None,
            helper,
            replaced: false,
        }
    }

    pub(super) fn read(text: &str) -> Self {
        let values = |key: &str| {
            let start = format!("\t{key} = \"");
            let lines = text.lines().filter_map(|line| line.strip_prefix(&start));
            let values = lines.filter_map(|line| line.strip_suffix('"'));
            let values = values.map(|value| value.replace("\\\"", "\"").replace(r"\\", r"\"));
            values.collect::<Vec<_>>()
        };
        let value = |key: &str| values(key).into_iter().next();
        Self {
            address: value("address").unwrap_or_default(),
            also: values("also"),
            user: value("user"),
            token: TokenNote {
                id: value("token"),
                name: value("name"),
                expires: value("expires").and_then(|text| text.parse().ok()),
            },
            way: value("way").unwrap_or_default(),
            store: value("store").and_then(|store| store.parse().ok()),
            entry: value("entry"),
            program: value("program").or_else(|| started(text)),
            helper: value("helper"),
            replaced: value("replaced").is_some(),
        }
    }

    /// The head of the file: a comment that says how to undo it, and the section that [`Self::read`]
    /// reads.
    pub(super) fn text(&self) -> Zeroizing<String> {
        let mut text = Zeroizing::new(format!(
            "# Written by bbtoken. `{}` removes it.\n[bbtoken]\n",
            super::undo_command(&self.address)
        ));
        let entries = [
            ("address", Some(self.address.clone())),
            ("way", Some(self.way.clone())),
            ("user", self.user.clone()),
            ("token", self.token.id.clone()),
            ("name", self.token.name.clone()),
            ("expires", self.token.expires.map(|time| time.to_string())),
            ("store", self.store.as_ref().map(Store::to_string)),
            ("entry", self.entry.clone()),
            ("program", self.program.clone()),
            ("helper", self.helper.clone()),
            ("replaced", self.replaced.then(|| "true".to_owned())),
        ];
        let entries = entries
            .into_iter()
            .filter_map(|(key, value)| Some((key, value?)));
        let also = self.also.iter().map(|address| ("also", address.clone()));
        for (key, value) in entries.chain(also) {
            text.push_str(&format!("\t{key} = {}\n", quoted(&value)));
        }
        text
    }

    /// Whether it was set up in this way.
    #[must_use]
    pub fn is_by(&self, way: &Way) -> bool {
        let (store, helper) = way.keeps_in();
        self.way == way.name && self.store == store && self.helper == helper
    }

    /// The token lies in the file, as a header.
    pub(super) fn is_header(&self) -> bool {
        self.way == HEADER
    }

    /// git's own helper keeps the token, as a password.
    pub(super) fn is_password(&self) -> bool {
        self.store.is_none() && !self.is_header()
    }

    /// git's own helper keeps the token of this target, as a password.
    pub(super) fn is_password_of(&self, target: &Target) -> bool {
        let location = target.location();
        self.is_password() && location.is_some_and(|location| self.is_for(&location))
    }

    /// Under which name the store keeps the token.
    pub(super) fn entry(&self) -> &str {
        self.entry.as_deref().unwrap_or(&self.address)
    }

    /// Whether the token of the other lies in the same place, under the same name: then it is the same.
    pub(super) fn shares_entry(&self, other: Option<&Self>) -> bool {
        other.is_some_and(|other| {
            other.store.is_some() && (&other.store, other.entry()) == (&self.store, self.entry())
        })
    }

    /// Where the token is, for people to read: "kept by git's own helper".
    #[must_use]
    pub fn kept(&self) -> String {
        match &self.store {
            Some(store) => format!("kept by {}", store.name()),
            None if self.is_header() => "as a header in a file that only you can read".to_owned(),
            None => "kept by git's own helper".to_owned(),
        }
    }

    /// Which token it is, for people to read: "\"git for bob\" (id 012345678901)".
    #[must_use]
    pub fn named(&self) -> String {
        match (&self.token.name, &self.token.id) {
            (Some(name), Some(id)) => format!("\"{name}\" (id {id})"),
            (Some(name), None) => format!("\"{name}\""),
            (None, Some(id)) => format!("the token with id {id}"),
            (None, None) => "another token".to_owned(),
        }
    }

    /// How long git keeps the token, where it forgets it again.
    #[must_use]
    pub fn forgets(&self) -> Option<&'static str> {
        let helper = self.helper.clone().map(Store::GitHelper);
        let store = self.store.as_ref().or(helper.as_ref());
        store.and_then(super::way::forgets)
    }

    /// What keeps the token: "cache".
    #[must_use]
    pub fn keeper(&self) -> String {
        let helper = self.helper.clone().map(Store::GitHelper);
        match self.store.as_ref().or(helper.as_ref()) {
            Some(store) => store.name().to_owned(),
            None if self.is_header() => "its file".to_owned(),
            None => "git's own helper".to_owned(),
        }
    }

    /// Whether the token was to expire before now.
    #[must_use]
    pub fn has_expired(&self, now: Timestamp) -> bool {
        self.token.expires.is_some_and(|expires| expires <= now)
    }

    /// The program that git starts for the token, where that is not there any more.
    #[must_use]
    pub fn program_gone(&self) -> Option<&str> {
        let program = self.program.as_deref()?;
        (!Path::new(program).is_file()).then_some(program)
    }

    /// Whether git uses it for this address, as Bitbucket reads both.
    #[must_use]
    pub fn reaches(&self, location: &Location) -> bool {
        self.locations().any(|own| location.is_within(&own))
    }

    /// Whether it was set up for this very place, however that is spelled.
    #[must_use]
    pub fn is_for(&self, location: &Location) -> bool {
        self.locations().any(|own| own == *location)
    }

    /// The address and its other spellings and names.
    pub(super) fn addresses(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.address.as_str()).chain(self.also.iter().map(String::as_str))
    }

    fn locations(&self) -> impl Iterator<Item = Location> {
        self.addresses().filter_map(Location::of)
    }
}

/// The program in the section of a helper, where no record tells it: before 0.2.
fn started(text: &str) -> Option<String> {
    let line = text
        .lines()
        .find_map(|line| line.strip_prefix("\thelper = \"!"))?;
    let (program, _) = line.split_once(" credential --for ")?;
    let program = program.replace("\\\"", "\"").replace(r"\\", r"\");
    Some(
        match program
            .strip_prefix('\'')
            .and_then(|it| it.strip_suffix('\''))
        {
            Some(quoted) => quoted.replace(r"'\''", "'"),
            None => program,
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_down_is_read_again() {
        let set_up = SetUp {
            address: r#"https://h/a "b\"#.to_owned(),
            also: vec!["https://H:443".to_owned(), "http://h".to_owned()],
            user: Some("alice".to_owned()),
            token: TokenNote {
                id: Some("012345678901".to_owned()),
                name: Some("git for \"bob\"".to_owned()),
                expires: Some(Timestamp::UNIX_EPOCH),
            },
            way: "bearer".to_owned(),
            store: Some(Store::SecretTool),
            entry: Some("x".to_owned()),
            program: Some("/it's \"odd\"/bbtoken".to_owned()),
            helper: None,
            replaced: true,
        };
        assert_eq!(SetUp::read(&set_up.text()), set_up);
    }

    #[test]
    fn a_record_of_the_first_version_is_still_read() {
        let text = "# x\n[bbtoken]\n\taddress = \"https://h/scm/plat/x.git\"\n\tway = \"bearer\"\n\tstore = \"git:cache\"\n[credential \"x\"]\n\thelper =\n\thelper = \"!'/it'\\\\''s \\\"odd\\\"/bbtoken' credential --for x --store git:cache\"\n";
        let set_up = SetUp::read(text);
        assert_eq!(set_up.address, "https://h/scm/plat/x.git");
        assert_eq!(set_up.entry(), "https://h/scm/plat/x.git");
        assert_eq!(set_up.token, TokenNote::default());
        assert_eq!(set_up.store, Some(Store::GitHelper("cache".to_owned())));
        assert!(!set_up.is_header());
        assert_eq!(set_up.program.as_deref(), Some("/it's \"odd\"/bbtoken"));
        assert_eq!(set_up.program_gone(), set_up.program.as_deref());
    }
}
