//! The journal: what is being created, so that the next run can tell what became of it if this one is
//! killed before anybody has the token.
//!
//! ```text
//! ~/.local/state/bbtoken/journal/1795510800000-4711-0
//! {"asked":{"server":"https://git.example.com/","user":"alice","project":"PLAT","name":"…","time":"…"}}
//! {"made":{"id":"252973515069"}}
//! ```
//!
//! One file for each open creation, private and without a secret. It is on the disk before the request
//! leaves, and grows by a line for each step. As long as the run lives it holds a lock on the file, so
//! that several instances do not settle each other's; the lock goes with the process, however that ends.

mod line;

use std::fmt;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use self::line::Line;
use crate::bitbucket::{BaseUrl, Scope};
use crate::environment::{Environment, NoHome, places};
use crate::private_file;

const DIRECTORY: &str = "journal";
/// What a file is called that is not locked yet.
const NOT_YET: &str = "new";
/// Tells the entries of this process apart.
static NEXT: AtomicU32 = AtomicU32::new(0);

/// Where it is noted what is being created.
#[derive(Debug, Clone, Default)]
pub struct Journal(Storage);

#[derive(Debug, Clone, Default)]
enum Storage {
    #[default]
    Nowhere,
    In(PathBuf),
    /// It should be kept, and there is no place for it.
    Homeless(NoHome),
}

/// Why nothing can be noted.
#[derive(Debug, thiserror::Error)]
pub enum Unwritable {
    /// No variable names a directory for it.
    #[error(transparent)]
    NoHome(#[from] NoHome),
    /// The disk is full, or the directory may only be read.
    #[error("{}: {source}", .directory.display())]
    Directory {
        /// Where the journal is.
        directory: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}

/// What was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// The server's address.
    pub server: String,
    /// The user name of whoever asked.
    pub user: String,
    /// Where.
    pub scope: Scope,
    /// Under which name.
    pub name: String,
    /// When.
    pub time: Timestamp,
    /// The token that is to go once the new one is used.
    pub replaces: Option<OldToken>,
}

/// The token in whose place another is made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OldToken {
    /// Its id.
    pub id: String,
    /// What it is called.
    pub name: String,
}

/// Why a token was revoked that nobody had.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Because {
    /// The process had to end, and it was neither copied nor shown.
    NobodyHadIt,
    /// The process had to end, and it was on a clipboard alone that was cleared then.
    ClipboardWasCleared,
    /// The process had to end, and its secret had not arrived.
    SecretWasLost,
}

/// A step of a creation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// The token has this id.
    Made(String),
    /// Somebody has the secret.
    Had,
    /// Nobody else has the secret any more.
    NotHad,
    /// It is used where the old one was, so that the old one is revoked.
    InPlace,
    /// The server's answer got lost, and its list did not show the token; somebody was told.
    NotShown,
    /// The token was revoked by the program itself.
    Revoked(Because),
}

/// An open creation.
pub struct Entry {
    /// What was asked for.
    pub asked: Asked,
    /// How far it came in the run that began it.
    pub steps: Vec<Step>,
    kept: Option<(PathBuf, File)>,
}

impl Journal {
    /// No journal: the demo keeps none, nor does whoever goes on without one that can be written.
    #[must_use]
    pub fn none() -> Self {
        Self(Storage::Nowhere)
    }

    /// That of this user: a directory beside what the program remembers.
    #[must_use]
    pub fn of(environment: &Environment) -> Self {
        Self(match places::state(environment) {
            Ok(state) => Storage::In(state.with_file_name(DIRECTORY)),
            Err(error) => Storage::Homeless(error),
        })
    }

    /// Notes what is about to be asked for; on the disk once this has come back.
    ///
    /// # Errors
    /// If nothing can be written.
    pub async fn open(&self, asked: Asked) -> Result<Arc<Entry>, Unwritable> {
        let kept = self.0.clone();
        let opened = on_disk(move || {
            let kept = match kept {
                Storage::Nowhere => None,
                Storage::Homeless(error) => return Err(error.into()),
                Storage::In(directory) => match write(&directory, &asked) {
                    Ok(kept) => Some(kept),
                    Err(source) => return Err(Unwritable::Directory { directory, source }),
                },
            };
            Ok(Arc::new(Entry {
                asked,
                steps: Vec::new(),
                kept,
            }))
        });
        opened.await
    }

    /// What earlier runs of this user on this server have left open. What another instance is at is
    /// not among it.
    pub async fn left_open(&self, server: &BaseUrl, user: &str) -> Vec<Entry> {
        let (journal, server, user) = (self.clone(), server.to_string(), user.to_owned());
        on_disk(move || journal.read(&server, &user)).await
    }

    fn read(&self, server: &str, user: &str) -> Vec<Entry> {
        let Storage::In(directory) = &self.0 else {
            return Vec::new();
        };
        let Ok(files) = fs::read_dir(directory) else {
            return Vec::new();
        };
        let mut entries: Vec<_> = files
            .flatten()
            .filter_map(|file| Entry::read(&file.path()).ok()?)
            .filter(|entry| entry.asked.server == server && entry.asked.user == user)
            .collect();
        entries.sort_by_key(|entry| entry.asked.time);
        entries
    }
}

impl Entry {
    /// `None`: another instance is at it, or it is none of ours.
    fn read(path: &Path) -> io::Result<Option<Self>> {
        if path.extension().is_some() {
            return Ok(None);
        }
        let mut file = OpenOptions::new().read(true).append(true).open(path)?;
        // Whoever had it before may have closed it meanwhile.
        if fs4::FileExt::try_lock(&file).is_err() || !path.exists() {
            return Ok(None);
        }
        let mut text = String::new();
        file.read_to_string(&mut text)?;
        let mut lines = text.lines();
        let asked = lines.next().and_then(|line| Line::read(line)?.into_asked());
        let Some(asked) = asked else {
            return Ok(None);
        };
        let steps = lines.filter_map(|line| Line::read(line)?.into_step());
        Ok(Some(Self {
            asked,
            steps: steps.collect(),
            kept: Some((path.to_owned(), file)),
        }))
    }

    /// The id of the token, if the server's answer arrived.
    #[must_use]
    pub fn id(&self) -> Option<&str> {
        self.steps.iter().find_map(|step| match step {
            Step::Made(id) => Some(id.as_str()),
            _ => None,
        })
    }

    /// Whether somebody has the secret.
    #[must_use]
    pub fn is_had(&self) -> bool {
        let mut steps = self.steps.iter().rev();
        let last = steps.find(|step| matches!(step, Step::Had | Step::NotHad));
        last == Some(&Step::Had)
    }

    /// Whether this step was noted.
    #[must_use]
    pub fn has(&self, step: &Step) -> bool {
        self.steps.contains(step)
    }

    /// Whether somebody was told that the list did not show the token.
    #[must_use]
    pub fn was_not_shown(&self) -> bool {
        self.has(&Step::NotShown)
    }

    /// Why the program has revoked the token by itself.
    #[must_use]
    pub fn revoked(&self) -> Option<Because> {
        self.steps.iter().find_map(|step| match step {
            Step::Revoked(because) => Some(*because),
            _ => None,
        })
    }

    /// Notes a step.
    pub async fn note(self: Arc<Self>, step: Step) {
        on_disk(move || {
            if let Some((_, file)) = &self.kept
                && let Err(error) = append(file, &Line::step(step))
            {
                tracing::warn!("the journal cannot be written: {error}");
            }
        })
        .await;
    }

    /// Takes it away: nothing is open any more.
    pub async fn close(self: Arc<Self>) {
        on_disk(move || {
            if let Some((path, _)) = &self.kept
                && let Err(error) = fs::remove_file(path)
            {
                tracing::warn!("the journal cannot be written: {error}");
            }
        })
        .await;
    }
}

/// A new entry. What cannot be written whole is not left behind.
fn write(directory: &Path, asked: &Asked) -> io::Result<(PathBuf, File)> {
    private_file::create_directory(directory)?;
    let (path, file) = create(directory, asked.time)?;
    let written = append(&file, &Line::asked(asked)).and_then(|()| {
        #[cfg(unix)]
        File::open(directory)?.sync_all()?;
        Ok(())
    });
    if let Err(error) = written {
        let _ = fs::remove_file(&path);
        return Err(error);
    }
    Ok((path, file))
}

/// A new file, locked. No other instance takes it for an entry before it is.
fn create(directory: &Path, time: Timestamp) -> io::Result<(PathBuf, File)> {
    let mut options = OpenOptions::new();
    options.append(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let (time, process) = (time.as_millisecond(), std::process::id());
    let path = directory.join(format!("{time}-{process}-{number}"));
    let unlocked = path.with_extension(NOT_YET);
    let file = options.open(&unlocked)?;
    fs4::FileExt::try_lock(&file)?;
    fs::rename(&unlocked, &path)?;
    Ok((path, file))
}

fn append(mut file: &File, line: &Line) -> io::Result<()> {
    let mut text = serde_json::to_string(line)?;
    text.push('\n');
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

/// Work on files stays off the tasks that wait for the network and the terminal.
async fn on_disk<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    let done = tokio::task::spawn_blocking(work).await;
    done.unwrap_or_else(|error| std::panic::resume_unwind(error.into_panic()))
}

impl fmt::Debug for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Entry")
            .field("asked", &self.asked)
            .field("steps", &self.steps)
            .finish_non_exhaustive()
    }
}
