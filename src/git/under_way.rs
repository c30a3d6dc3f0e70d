//! A setup that is under way. Until git has shown that it gets in, what was there before is noted beside
//! the new file for the address, so that a process which is killed in between loses nothing: the next
//! bbtoken that looks puts it back, or takes the rest of the old one away where the new one was proven.
//!
//! ```text
//! ….inc       what git reads: the new setup
//! ….before    what was in it before; the new one is not proven yet
//! ….replaced  the same; the new one is proven, and the rest of the old one is to go
//! ```
//!
//! Whoever sets up holds a lock on the note, which ends with the process.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use super::files::{self, Before};
use super::password::Holder;
use super::record::SetUp;
use super::store::Store;
use super::{Error, apply};
use crate::environment::Environment;
use crate::private_file::{self, Lock};

const UNPROVEN: &str = "before";
const PROVEN: &str = "replaced";

/// The note, held by whoever sets git up for its address.
#[derive(Debug)]
pub(super) struct UnderWay {
    note: PathBuf,
    _lock: Lock,
}

impl UnderWay {
    /// Notes what is there before anything is changed.
    pub(super) fn begin(
        environment: &Environment,
        address: &str,
        before: &Before,
    ) -> Result<Self, Error> {
        let note = files::file_for(environment, address)?.with_extension(UNPROVEN);
        let directory = private_file::parent(&note);
        private_file::create_directory(directory).map_err(|error| files::at(directory, error))?;
        // Nobody takes the note for one that was left behind before it is locked.
        let _lock = files::lock(directory)?;
        if note.exists() || note.with_extension(PROVEN).exists() {
            return Err(Error::UnderWay(address.to_owned()));
        }
        files::replace(&note, before.bytes())?;
        let lock = private_file::lock(&note).map_err(|error| files::at(&note, error))?;
        Ok(Self { note, _lock: lock })
    }

    /// From here on the new one counts.
    pub(super) fn is_proven(&mut self) -> Result<(), Error> {
        if !self.is_unproven() {
            return Ok(());
        }
        let proven = self.note.with_extension(PROVEN);
        fs::rename(&self.note, &proven).map_err(|error| files::at(&self.note, error))?;
        self.note = proven;
        Ok(())
    }

    /// Nothing is left to be done.
    pub(super) fn end(self) -> Result<(), Error> {
        fs::remove_file(&self.note).map_err(|error| files::at(&self.note, error))
    }

    /// A note that nobody holds any more, of a process that was killed.
    fn left_behind(note: PathBuf) -> Option<Self> {
        let _directory = files::lock(private_file::parent(&note)).ok()?;
        let lock = private_file::try_lock(&note)?;
        // Its owner may have ended meanwhile.
        note.exists().then_some(Self { note, _lock: lock })
    }

    fn is_unproven(&self) -> bool {
        self.note.extension() == Some(OsStr::new(UNPROVEN))
    }
}

/// The addresses of setups that a killed bbtoken has left half-done; nothing is changed.
#[must_use]
pub fn half_done(environment: &Environment) -> Vec<String> {
    let left = notes(environment).into_iter();
    let left = left.filter_map(UnderWay::left_behind);
    left.filter(UnderWay::is_unproven)
        .filter_map(|left| address_of(&left.note))
        .collect()
}

/// Brings to its end what a killed bbtoken has left half-done: what was there before comes back, unless
/// git had shown that the new one gets in. Answers with what became of it, one sentence for each.
pub async fn bring_to_end(environment: &Environment) -> Vec<String> {
    let mut told = Vec::new();
    for note in notes(environment) {
        let Some(left) = UnderWay::left_behind(note) else {
            continue;
        };
        if let Err(error) = end(environment, left, &mut told).await {
            told.push(format!(
                "An earlier git setup was interrupted, and could not be put back: {error}"
            ));
        }
    }
    told
}

async fn end(
    environment: &Environment,
    left: UnderWay,
    told: &mut Vec<String>,
) -> Result<(), Error> {
    let before = files::read(&left.note)?.unwrap_or_default();
    let old = text(&before).map(SetUp::read);
    let file = left.note.with_extension(files::EXTENSION);
    let now = files::read(&file)?;
    let new = now.as_ref().filter(|now| **now != before);
    let new = new.and_then(|now| text(now)).map(SetUp::read);
    if !left.is_unproven() {
        if let (Some(old), Some(new)) = (&old, &new) {
            told.extend(apply::take_old_away(environment, old, new).await);
        }
        return left.end();
    }
    if let Some(new) = &new {
        told.push(match &old {
            Some(_) => format!(
                "The last git setup for {} was interrupted before git had shown that it works. The \
                 one before it is back; the new token may still be valid: revoke it.",
                new.address
            ),
            None => format!(
                "The last git setup for {} was interrupted before git had shown that it works, and \
                 was removed. Its token may still be valid: revoke it.",
                new.address
            ),
        });
        told.extend(take_new_away(environment, old.as_ref(), new).await);
        let before = Before::of(old.is_some().then_some(before));
        before.put_back(environment, &new.address)?;
    }
    left.end()
}

/// Takes the token of an unproven setup out of its store, and has the helper keep again what it kept.
async fn take_new_away(environment: &Environment, old: Option<&SetUp>, new: &SetUp) -> Vec<String> {
    let mut left = Vec::new();
    if let Some(store) = &new.store
        && !new.shares_entry(old)
        && let Err(error) = store.forget(environment, new.entry()).await
    {
        left.push(still_kept(store, &error));
    }
    if let (Some(helper), Some(user)) = (&new.helper, &new.user) {
        let store = Store::GitHelper(helper.clone());
        for holder in Holder::of(new.addresses(), user) {
            let done = give_back(environment, &store, &holder, (old, new)).await;
            if let Err(error) = done {
                left.push(apply::may_still_keep(&holder, &error));
            }
        }
    }
    left
}

async fn give_back(
    environment: &Environment,
    store: &Store,
    holder: &Holder,
    (old, new): (Option<&SetUp>, &SetUp),
) -> Result<(), Error> {
    let entry = holder.copy(old.is_some_and(SetUp::is_password));
    if let Some(copy) = store.give(environment, &entry).await? {
        holder.keep(environment, &copy).await?;
        return store.forget(environment, &entry).await;
    }
    let was_there = old.is_some_and(|old| old.is_password() && old.token.id == new.token.id);
    match holder.kept(environment).await? {
        Some(kept) if new.token.is(&kept) && !was_there => holder.forget(environment, &kept).await,
        _ => Ok(()),
    }
}

pub(super) fn still_kept(store: &Store, error: &Error) -> String {
    format!("The token may still be kept by {}: {error}", store.name())
}

/// The notes of all setups that are not at their end.
fn notes(environment: &Environment) -> Vec<PathBuf> {
    let Ok(directory) = files::directory(environment) else {
        return Vec::new();
    };
    let entries = fs::read_dir(directory).into_iter().flatten();
    let files = entries.filter_map(|entry| Some(entry.ok()?.path()));
    let mut notes: Vec<_> = files
        .filter(|file| {
            [UNPROVEN, PROVEN]
                .map(OsStr::new)
                .map(Some)
                .contains(&file.extension())
        })
        .collect();
    notes.sort();
    notes
}

/// For which address the setup beside a note is.
fn address_of(note: &Path) -> Option<String> {
    let now = files::read(&note.with_extension(files::EXTENSION)).ok()??;
    text(&now).map(|now| SetUp::read(now).address)
}

fn text(bytes: &[u8]) -> Option<&str> {
    std::str::from_utf8(bytes).ok().filter(|it| !it.is_empty())
}
