//! The file's content, and how each change changes it.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::bitbucket::{BaseUrl, Destination, Scope};
use crate::private_file;
use crate::text;

/// More servers than this nobody chooses from.
pub(super) const MOST_SERVERS: usize = 10;
/// By the time that so many newer ones were tried on a server, somebody has used a token or forgotten it.
const MOST_TRIALS: usize = 100;

/// Everything that is remembered.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Records {
    /// Whether guidance was switched on or off by a key.
    pub(super) guidance: Option<bool>,
    /// Of which address somebody was told that its token expires soon, and on which day last.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    told_of_expiry: BTreeMap<String, String>,
    /// Where somebody has signed in, the last one first, or has set git up.
    #[serde(default, rename = "server")]
    servers: Vec<Server>,
}

/// One server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Server {
    address: String,
    user: Option<String>,
    place: Option<VisitedPlace>,
    /// The trials of new tokens, the last one last.
    #[serde(default)]
    tried: Vec<TriedToken>,
}

/// A new token, and when bbtoken itself tried it last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct TriedToken {
    /// Its id.
    token: String,
    /// In seconds, by the server's clock.
    time: i64,
}

/// The place whose tokens were looked at last: the account, a project, or a repository.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct VisitedPlace {
    project: Option<String>,
    repository: Option<String>,
}

impl From<&Scope> for VisitedPlace {
    fn from(scope: &Scope) -> Self {
        let (project, repository) = match scope {
            Scope::Personal { .. } => (None, None),
            Scope::Project { key } => (Some(key.clone()), None),
            Scope::Repository { project, slug } => (Some(project.clone()), Some(slug.clone())),
        };
        Self {
            project,
            repository,
        }
    }
}

/// One thing that has changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Change {
    /// Guidance was switched on or off.
    Guidance(bool),
    /// Somebody has signed in.
    SignedIn { address: String, user: String },
    /// Somebody was told that the token for an address expires soon.
    ToldOfExpiry { address: String, day: String },
    /// The tokens of a place are looked at.
    Visited {
        address: String,
        place: VisitedPlace,
    },
    /// A new token was tried.
    Tried {
        address: String,
        token: String,
        time: i64,
    },
}

impl Records {
    /// Reads the file; nothing where there is none. One that cannot be understood is put aside; then the
    /// sentence says so.
    pub(super) fn read(file: &Path) -> io::Result<(Self, Option<String>)> {
        let text = match fs::read_to_string(file) {
            Ok(text) => Some(text),
            Err(error) if error.kind() == io::ErrorKind::InvalidData => None,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Ok((Self::default(), None));
            }
            Err(error) => return Err(error),
        };
        if let Some(records) = text.and_then(|text| toml::from_str::<Self>(&text).ok()) {
            return Ok((records.cleaned(), None));
        }
        let shown = |file: &Path| text::clean(&file.display().to_string());
        let aside = file.with_extension("broken");
        let became = match fs::rename(file, &aside) {
            Ok(()) => format!("is kept as {}", shown(&aside)),
            Err(_) => "is ignored".to_owned(),
        };
        let what = format!(
            "{}, where bbtoken remembers your servers, is damaged: it {became}.",
            shown(file)
        );
        Ok((Self::default(), Some(what)))
    }

    pub(super) fn write(&self, file: &Path) -> io::Result<()> {
        let text = toml::to_string(self).map_err(io::Error::other)?;
        private_file::replace(file, text.as_bytes())
    }

    /// Makes the change, and says whether there was anything to change.
    pub(super) fn apply(&mut self, change: &Change) -> bool {
        match change {
            Change::Guidance(on) => self.guidance.replace(*on) != Some(*on),
            Change::SignedIn { address, user } => self.signed_in(address, user),
            Change::ToldOfExpiry { address, day } => {
                // Of another day nobody wants to know any more.
                self.told_of_expiry.retain(|_, told| told == day);
                let before = self.told_of_expiry.insert(address.clone(), day.clone());
                before.is_none()
            }
            Change::Visited { address, place } => self
                .server(address)
                .is_some_and(|server| server.place.replace(place.clone()).as_ref() != Some(place)),
            Change::Tried {
                address,
                token,
                time,
            } => {
                // git is set up without a sign-in.
                self.knows(address);
                self.server(address).is_some_and(|server| {
                    server.tried.retain(|tried| tried.token != *token);
                    server.tried.push(TriedToken {
                        token: token.clone(),
                        time: *time,
                    });
                    let too_many = server.tried.len().saturating_sub(MOST_TRIALS);
                    server.tried.drain(..too_many);
                    true
                })
            }
        }
    }

    fn knows(&mut self, address: &str) {
        if self.server(address).is_none() && self.servers.len() < MOST_SERVERS {
            self.servers.push(Server {
                address: address.to_owned(),
                user: None,
                place: None,
                tried: Vec::new(),
            });
        }
    }

    fn server(&mut self, address: &str) -> Option<&mut Server> {
        let mut servers = self.servers.iter_mut();
        servers.find(|server| server.address == address)
    }

    /// When a token was tried last there.
    pub(super) fn last_trial(&self, address: &BaseUrl, token: &str) -> Option<Timestamp> {
        let mut tried = self.find(address)?.tried.iter();
        let tried = tried.find(|tried| tried.token == token)?;
        Timestamp::from_second(tried.time).ok()
    }

    fn signed_in(&mut self, address: &str, user: &str) -> bool {
        let mut servers = self.servers.iter();
        let known = servers.position(|server| server.address == address);
        if known == Some(0) && self.servers[0].user.as_deref() == Some(user) {
            return false;
        }
        let known = known.map(|index| self.servers.remove(index));
        let (place, tried) = known.map_or((None, Vec::new()), |it| (it.place, it.tried));
        let server = Server {
            address: address.to_owned(),
            user: Some(user.to_owned()),
            place,
            tried,
        };
        self.servers.insert(0, server);
        self.servers.truncate(MOST_SERVERS);
        true
    }

    /// The servers, the last one first.
    pub(super) fn addresses(&self) -> impl Iterator<Item = BaseUrl> {
        let servers = self.servers.iter();
        servers.filter_map(|server| BaseUrl::parse(&server.address).ok())
    }

    /// Who signed in there last.
    pub(super) fn user(&self, address: &BaseUrl) -> Option<&str> {
        self.find(address)?.user.as_deref()
    }

    /// The last place there.
    pub(super) fn last_place(&self, address: &BaseUrl) -> Option<Destination> {
        let VisitedPlace {
            project,
            repository,
        } = self.find(address)?.place.clone()?;
        Some(match (project, repository) {
            (Some(project), Some(slug)) => Destination::Repository { project, slug },
            (Some(key), None) => Destination::Project { key },
            (None, _) => Destination::Account,
        })
    }

    fn find(&self, address: &BaseUrl) -> Option<&Server> {
        let address = address.to_string();
        self.servers.iter().find(|server| server.address == address)
    }

    /// Somebody may have written into the file.
    fn cleaned(mut self) -> Self {
        self.servers.truncate(MOST_SERVERS);
        for server in &mut self.servers {
            server.user = server.user.as_deref().map(text::clean);
        }
        self
    }
}
