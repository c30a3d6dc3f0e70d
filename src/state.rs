//! What the program remembers by itself: servers, the last place on each, whether guidance is wanted.
//!
//! It is a file of its own, apart from the configuration, which belongs to the user. It holds addresses,
//! user names and the names of places, and nothing secret.

use std::fs;
use std::io;

use serde::{Deserialize, Serialize};

use crate::bitbucket::{BaseUrl, Destination, Scope};
use crate::config::places;
use crate::environment::Environment;
use crate::private_file;
use crate::text;

/// More servers than this nobody chooses from.
const MOST_SERVERS: usize = 10;

/// Everything that is remembered.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// Whether guidance was switched on or off by a key.
    guidance: Option<bool>,
    /// Where somebody has signed in, the last one first.
    #[serde(default, rename = "server")]
    servers: Vec<Remembered>,
}

/// One server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Remembered {
    address: String,
    user: Option<String>,
    place: Option<Place>,
}

/// The place whose tokens were looked at last: the account, a project, or a repository.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Place {
    project: Option<String>,
    repository: Option<String>,
}

impl State {
    /// Reads the file. One that cannot be understood is put aside, and nothing is remembered; then the
    /// sentence says so.
    #[must_use]
    pub fn load(environment: &Environment) -> (Self, Option<String>) {
        let Some(file) = places::state(environment) else {
            return (Self::default(), None);
        };
        let shown = text::clean(&file.display().to_string());
        let text = match fs::read_to_string(&file) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::InvalidData => String::from("?"),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return (Self::default(), None);
            }
            Err(error) => {
                let what = format!(
                    "{shown}, where bbtoken remembers your servers, cannot be read: {error}."
                );
                return (Self::default(), Some(what));
            }
        };
        match toml::from_str::<Self>(&text) {
            Ok(state) => (state.cleaned(), None),
            Err(_) => {
                let aside = file.with_extension("broken");
                let what = match fs::rename(&file, &aside) {
                    Ok(()) => format!("is kept as {}", text::clean(&aside.display().to_string())),
                    Err(_) => "is ignored".to_owned(),
                };
                let what = format!(
                    "{shown}, where bbtoken remembers your servers, is damaged: it {what}."
                );
                (Self::default(), Some(what))
            }
        }
    }

    /// Writes the file, as a whole or not at all.
    ///
    /// # Errors
    /// If there is no place for it, or it cannot be written.
    pub fn save(&self, environment: &Environment) -> io::Result<()> {
        let file = places::state(environment).ok_or(io::ErrorKind::NotFound)?;
        let text = toml::to_string(self).map_err(io::Error::other)?;
        if let Some(directory) = file.parent() {
            private_file::create_directory(directory)?;
        }
        private_file::replace(&file, text.as_bytes(), None)
    }

    /// Whether guidance was switched on or off by a key; `None`: the configuration decides.
    #[must_use]
    pub fn guidance(&self) -> Option<bool> {
        self.guidance
    }

    /// Switches guidance on or off.
    pub fn set_guidance(&mut self, on: bool) {
        self.guidance = Some(on);
    }

    /// The servers, the last one first.
    pub fn servers(&self) -> impl Iterator<Item = BaseUrl> {
        let servers = self.servers.iter();
        servers.filter_map(|server| BaseUrl::parse(&server.address).ok())
    }

    /// Somebody has signed in there.
    pub fn signed_in(&mut self, address: &BaseUrl, user: &str) {
        let address = address.to_string();
        let first = self.servers.first();
        if first
            .is_some_and(|first| first.address == address && first.user.as_deref() == Some(user))
        {
            return;
        }
        let known = self
            .servers
            .iter()
            .position(|server| server.address == address);
        let place = known.and_then(|index| self.servers.remove(index).place);
        let server = Remembered {
            address,
            user: Some(user.to_owned()),
            place,
        };
        self.servers.insert(0, server);
        self.servers.truncate(MOST_SERVERS);
    }

    /// The tokens of this place are looked at; nothing to remember where the server is not known.
    pub fn visited(&mut self, address: &BaseUrl, scope: &Scope) {
        let address = address.to_string();
        let mut servers = self.servers.iter_mut();
        if let Some(server) = servers.find(|server| server.address == address) {
            server.place = Some(match scope {
                Scope::Personal { .. } => Place {
                    project: None,
                    repository: None,
                },
                Scope::Project { key } => Place {
                    project: Some(key.clone()),
                    repository: None,
                },
                Scope::Repository { project, slug } => Place {
                    project: Some(project.clone()),
                    repository: Some(slug.clone()),
                },
            });
        }
    }

    /// Who signed in there last.
    #[must_use]
    pub fn user(&self, address: &BaseUrl) -> Option<&str> {
        self.find(address)?.user.as_deref()
    }

    /// The last place there.
    #[must_use]
    pub fn last_place(&self, address: &BaseUrl) -> Option<Destination> {
        let Place {
            project,
            repository,
        } = self.find(address)?.place.clone()?;
        Some(match (project, repository) {
            (Some(project), Some(slug)) => Destination::Repository { project, slug },
            (Some(key), None) => Destination::Project { key },
            (None, _) => Destination::Account,
        })
    }

    fn find(&self, address: &BaseUrl) -> Option<&Remembered> {
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

#[cfg(all(test, feature = "simulator"))]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use super::*;

    fn base(number: usize) -> BaseUrl {
        BaseUrl::parse(&format!("https://git{number}.example.com/bitbucket")).unwrap()
    }

    fn home() -> (tempfile::TempDir, Environment) {
        let home = tempfile::tempdir().unwrap();
        let here = Environment::of_process().with("HOME", home.path());
        let here = here.with("XDG_STATE_HOME", home.path().join("state"));
        (home, here)
    }

    #[test]
    fn what_is_saved_is_there_the_next_time_and_only_the_user_reads_it() {
        let (_home, here) = home();
        assert_eq!(State::load(&here), (State::default(), None));
        let mut state = State::default();
        state.signed_in(&base(1), "o'neill \"x\"");
        let scope = Scope::Repository {
            project: "PLAT".to_owned(),
            slug: "billing-api".to_owned(),
        };
        state.visited(&base(1), &scope);
        state.visited(&base(2), &scope);
        state.set_guidance(false);
        state.save(&here).unwrap();
        state.save(&here).unwrap();
        let (loaded, notice) = State::load(&here);
        assert_eq!((&loaded, notice), (&state, None));
        assert_eq!(loaded.guidance(), Some(false));
        assert_eq!(loaded.user(&base(1)), Some("o'neill \"x\""));
        assert_eq!(
            loaded.last_place(&base(1)),
            Some(Destination::Repository {
                project: "PLAT".to_owned(),
                slug: "billing-api".to_owned(),
            })
        );
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let file = places::state(&here).unwrap();
            let mode = |path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
            assert_eq!(mode(file.as_path()), 0o600);
            assert_eq!(mode(file.parent().unwrap()), 0o700);
        }
    }

    #[test]
    fn the_last_server_comes_first_and_ten_are_enough() {
        let mut state = State::default();
        for number in 0..12 {
            state.signed_in(&base(number), "alice");
        }
        let scope = Scope::Project {
            key: "PLAT".to_owned(),
        };
        state.visited(&base(11), &scope);
        state.signed_in(&base(5), "alice");
        let servers: Vec<_> = state.servers().collect();
        assert_eq!(servers.len(), MOST_SERVERS);
        assert_eq!(servers[..3], [base(5), base(11), base(10)]);
        // Signing in as somebody else is no other server, and the place is still the last one.
        state.signed_in(&base(11), "bob");
        assert_eq!(state.servers().count(), MOST_SERVERS);
        assert_eq!(state.user(&base(11)), Some("bob"));
        assert!(state.last_place(&base(11)).is_some());
        assert!(state.last_place(&base(5)).is_none());
    }

    #[test]
    fn a_damaged_file_is_put_aside() {
        for bytes in [&b"server = 3"[..], b"\xff\xfe", b"[[server"] {
            let (_home, here) = home();
            let file = places::state(&here).unwrap();
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(&file, bytes).unwrap();
            let (state, notice) = State::load(&here);
            assert_eq!(state, State::default());
            assert!(notice.unwrap().contains("state.broken"));
            assert_eq!(fs::read(file.with_extension("broken")).unwrap(), bytes);
            assert!(!file.exists());
            assert_eq!(State::load(&here).1, None);
        }
    }
}
