//! What the program remembers by itself: servers, the last place on each, which new tokens it has tried
//! there and when, when somebody was told that a token expires, whether guidance is wanted.
//!
//! It is a file of its own, apart from the configuration, which belongs to the user. It holds addresses,
//! user names, the names of places and the ids of tokens, and nothing secret. Several bbtokens share it:
//! each writes what has changed in its own run into what the file holds by then ([`Changes`]).

mod records;

use std::io;

use jiff::Timestamp;
use jiff::civil::Date;

use self::records::{Change, Records};
use crate::bitbucket::{BaseUrl, Destination, Scope};
use crate::environment::{Environment, places};
use crate::private_file;
use crate::text;

/// What this run knows, and which part of it the file has not been told yet.
#[derive(Debug, Clone, Default)]
pub struct State {
    records: Records,
    unsaved: Changes,
}

/// What has changed in a run, in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes(Vec<Change>);

impl State {
    /// Reads the file. One that cannot be understood is put aside, and nothing is remembered; then the
    /// sentence says so.
    #[must_use]
    pub fn load(environment: &Environment) -> (Self, Option<String>) {
        let Ok(file) = places::state(environment) else {
            return (Self::default(), None);
        };
        let (records, notice) = match Records::read(&file) {
            Ok(records) => records,
            Err(error) => {
                let shown = text::clean(&file.display().to_string());
                let what = format!(
                    "{shown}, where bbtoken remembers your servers, cannot be read: {error}."
                );
                (Records::default(), Some(what))
            }
        };
        let unsaved = Changes::default();
        (Self { records, unsaved }, notice)
    }

    /// What the file has not been told yet, to be saved now.
    pub fn take_unsaved(&mut self) -> Changes {
        std::mem::take(&mut self.unsaved)
    }

    /// Whether guidance was switched on or off by a key; `None`: the configuration decides.
    #[must_use]
    pub fn guidance(&self) -> Option<bool> {
        self.records.guidance
    }

    /// Switches guidance on or off.
    pub fn set_guidance(&mut self, on: bool) {
        self.change(Change::Guidance(on));
    }

    /// The servers, the last one first.
    pub fn servers(&self) -> impl Iterator<Item = BaseUrl> {
        self.records.addresses()
    }

    /// Somebody has signed in there.
    pub fn signed_in(&mut self, address: &BaseUrl, user: &str) {
        self.change(Change::SignedIn {
            address: address.to_string(),
            user: user.to_owned(),
        });
    }

    /// The tokens of this place are looked at; nothing to remember where the server is not known.
    pub fn visited(&mut self, address: &BaseUrl, scope: &Scope) {
        self.change(Change::Visited {
            address: address.to_string(),
            place: scope.into(),
        });
    }

    /// A new token was tried there, at this time by the server's clock.
    pub fn tried(&mut self, address: &BaseUrl, token: &str, time: Timestamp) {
        self.change(Change::Tried {
            address: address.to_string(),
            token: token.to_owned(),
            time: time.as_second(),
        });
    }

    /// When bbtoken itself tried a token last, where it has made it.
    #[must_use]
    pub fn last_trial(&self, address: &BaseUrl, token: &str) -> Option<Timestamp> {
        self.records.last_trial(address, token)
    }

    /// Somebody is told that the token for this address expires soon. Answers with whether that is the
    /// first time on this day.
    pub fn tells_of_expiry(&mut self, address: &str, day: Date) -> bool {
        let before = self.unsaved.0.len();
        self.change(Change::ToldOfExpiry {
            address: address.to_owned(),
            day: day.to_string(),
        });
        self.unsaved.0.len() > before
    }

    fn change(&mut self, change: Change) {
        if self.records.apply(&change) {
            self.unsaved.0.push(change);
        }
    }

    /// Who signed in there last.
    #[must_use]
    pub fn user(&self, address: &BaseUrl) -> Option<&str> {
        self.records.user(address)
    }

    /// The last place there.
    #[must_use]
    pub fn last_place(&self, address: &BaseUrl) -> Option<Destination> {
        self.records.last_place(address)
    }
}

impl Changes {
    /// Whether there is nothing to save.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Makes the changes in the file, beside those of other bbtokens; as a whole or not at all.
    ///
    /// # Errors
    /// If there is no place for the file, or it cannot be read or written.
    pub fn save(&self, environment: &Environment) -> io::Result<()> {
        let file = places::state(environment).map_err(|no_home| {
            let what = format!("{no_home}. Set it to the full path of your home directory");
            io::Error::new(io::ErrorKind::NotFound, what)
        })?;
        private_file::create_directory(private_file::parent(&file))?;
        let _lock = private_file::lock(&file.with_extension("lock"))?;
        let (mut records, _) = Records::read(&file)?;
        for change in &self.0 {
            records.apply(change);
        }
        records.write(&file)
    }
}

#[cfg(all(test, feature = "simulator"))]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use std::fs;

    use super::records::MOST_SERVERS;
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
        assert_eq!(State::load(&here).1, None);
        let mut state = State::default();
        state.signed_in(&base(1), "o'neill \"x\"");
        let scope = Scope::Repository {
            project: "PLAT".to_owned(),
            slug: "billing-api".to_owned(),
        };
        state.visited(&base(1), &scope);
        state.visited(&base(2), &scope);
        state.set_guidance(false);
        let changes = state.take_unsaved();
        assert!(state.take_unsaved().is_empty());
        changes.save(&here).unwrap();
        changes.save(&here).unwrap();
        let (loaded, notice) = State::load(&here);
        assert_eq!((&loaded.records, notice), (&state.records, None));
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
            assert_eq!(state.records, Records::default());
            assert!(notice.unwrap().contains("state.broken"));
            assert_eq!(fs::read(file.with_extension("broken")).unwrap(), bytes);
            assert!(!file.exists());
            assert_eq!(State::load(&here).1, None);
        }
    }

    #[test]
    fn two_that_run_at_once_lose_nothing_of_each_other() {
        let (_home, here) = home();
        let mut one = State::load(&here).0;
        let mut other = State::load(&here).0;
        one.signed_in(&base(1), "alice");
        one.take_unsaved().save(&here).unwrap();
        other.signed_in(&base(2), "bob");
        other.set_guidance(false);
        other.take_unsaved().save(&here).unwrap();
        // The first still knows only of its own server.
        let scope = Scope::Project {
            key: "PLAT".to_owned(),
        };
        one.visited(&base(1), &scope);
        one.take_unsaved().save(&here).unwrap();
        let (loaded, _) = State::load(&here);
        assert!(loaded.servers().eq([base(2), base(1)]));
        assert_eq!(loaded.guidance(), Some(false));
        assert!(loaded.last_place(&base(1)).is_some());
        // Also where all of them write at the same moment.
        std::thread::scope(|scope| {
            for number in 0..MOST_SERVERS {
                let here = &here;
                scope.spawn(move || {
                    let mut state = State::load(here).0;
                    state.signed_in(&base(number), "alice");
                    state.take_unsaved().save(here).unwrap();
                });
            }
        });
        assert_eq!(State::load(&here).0.servers().count(), MOST_SERVERS);
    }

    #[test]
    fn without_a_place_for_it_the_variable_is_named() {
        for (home, wanted) in [
            ("", "HOME is not set."),
            ("here", "HOME is \"here\", which"),
        ] {
            let here = Environment::of_process().with("HOME", home);
            let here = here.with("XDG_STATE_HOME", "state");
            assert_eq!(State::load(&here).1, None);
            let mut state = State::default();
            state.set_guidance(true);
            let error = state.take_unsaved().save(&here).unwrap_err().to_string();
            assert!(error.starts_with(wanted), "{error}");
        }
    }
}
