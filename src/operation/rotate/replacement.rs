//! What is put in the place of a token, before anything is asked for.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::equal::{Equal, NotEqual, equal};
use crate::bitbucket::Token;
use crate::config::Config;
use crate::operation::draft::USUAL_DAYS;
use crate::operation::journal::OldToken;

/// A token, and one equal to it.
#[derive(Debug, Clone)]
pub struct Replacement {
    /// The token that is to go.
    pub old: Token,
    /// git on this computer is set up with it.
    pub is_gits: bool,
    /// What to ask for in its place.
    pub equal: Equal,
}

impl Replacement {
    /// For this token. `taken`: the names that are there.
    ///
    /// # Errors
    ///
    /// [`NotEqual`].
    pub fn of(
        old: Token,
        is_gits: bool,
        taken: &[String],
        config: &Config,
        (now, zone): (Timestamp, &TimeZone),
    ) -> Result<Self, NotEqual> {
        let usual = Some(config.expiry_days.unwrap_or(USUAL_DAYS));
        let lives = (usual, config.longest_expiry_days);
        let equal = equal(&old, taken, lives, now, zone)?;
        Ok(Self {
            old,
            is_gits,
            equal,
        })
    }

    /// The same under a name that none of these has.
    pub fn rename(&mut self, taken: &[String], (now, zone): (Timestamp, &TimeZone)) {
        self.equal.spec.name = super::equal::name(&self.old.name, now, zone, taken);
    }

    /// What the journal notes of the old token.
    #[must_use]
    pub fn replaces(&self) -> OldToken {
        OldToken {
            id: self.old.id.clone(),
            name: self.old.name.clone(),
        }
    }
}
