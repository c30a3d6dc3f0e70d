//! The file of git's helper `store`: it sorts its lines anew with each change, and where nothing stays
//! changed, every byte is to be as it was.

use std::fs;
use std::io;
use std::path::PathBuf;

use zeroize::Zeroizing;

use super::{Error, files};
use crate::environment::Environment;
use crate::private_file;

/// The file, and what was in it.
#[derive(Debug)]
pub(super) struct PlainStore {
    file: PathBuf,
    before: Option<Zeroizing<Vec<u8>>>,
}

impl PlainStore {
    /// `None` for any other helper.
    pub(super) fn read(environment: &Environment, helper: &str) -> Result<Option<Self>, Error> {
        let mut words = helper.split_whitespace();
        if words.next() != Some("store") {
            return Ok(None);
        }
        let file = match words.next().map(|word| word.strip_prefix("--file=")) {
            None => files::usual_plain_store(environment)?,
            Some(Some(file)) if !file.starts_with('~') => PathBuf::from(file),
            Some(_) => return Ok(None),
        };
        let before = match fs::read(&file) {
            Ok(bytes) => Some(Zeroizing::new(bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(files::at(&file, error)),
        };
        Ok(Some(Self { file, before }))
    }

    /// Puts the bytes back where the lines are the same ones again: what somebody else has changed
    /// meanwhile stays.
    pub(super) fn put_back(&self) -> Result<(), Error> {
        let now = match fs::read(&self.file) {
            Ok(bytes) => Zeroizing::new(bytes),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(files::at(&self.file, error)),
        };
        let lines = |text: &[u8]| {
            let mut lines: Vec<_> = text
                .split(|byte| *byte == b'\n')
                .map(<[u8]>::to_vec)
                .collect();
            lines.sort();
            lines
        };
        let done = match &self.before {
            None if now.is_empty() => fs::remove_file(&self.file),
            Some(before) if lines(&now) == lines(before) => {
                private_file::replace(&self.file, before)
            }
            _ => Ok(()),
        };
        done.map_err(|error| files::at(&self.file, error))
    }
}
