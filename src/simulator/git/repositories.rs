//! The repositories on disk: made by real git when first asked for, gone with the simulator.

use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::{Arc, Mutex, PoisonError};

use tempfile::TempDir;
use tokio::io::AsyncWriteExt as _;
use tokio::process::Command;
use tokio::sync::OnceCell;

use crate::simulator::world::{Repository, RepositoryId, World};

/// Why git could not serve.
#[derive(Debug, thiserror::Error)]
pub(in crate::simulator) enum GitError {
    /// There is no directory for repositories.
    #[error("no directory for repositories: {0}")]
    Directory(io::Error),
    /// The program cannot be run.
    #[error("git cannot be run (is it installed?): {0}")]
    Run(io::Error),
    /// It ran, and was not content.
    #[error("git {0} failed")]
    Failed(&'static str),
    /// It answered something that is no CGI answer.
    #[error("git answered nothing that HTTP understands")]
    Answer,
    /// The simulator has been stopped.
    #[error("the simulator has been stopped")]
    Stopped,
}

/// All repositories that somebody has asked for.
#[derive(Debug, Default)]
pub(in crate::simulator) struct Repositories(Mutex<Inner>);

#[derive(Debug, Default)]
struct Inner {
    home: Option<TempDir>,
    ready: HashMap<RepositoryId, Arc<OnceCell<PathBuf>>>,
    removed: bool,
}

/// A bare repository.
#[derive(Debug)]
pub(in crate::simulator) struct Bare {
    /// The directory that holds all repositories, which is also git's `HOME`: nobody's
    /// configuration reaches in here.
    pub(super) home: PathBuf,
    pub(super) path: PathBuf,
}

impl Repositories {
    /// The repository, with its first commit. Two who ask at once wait for the same one.
    pub(in crate::simulator) async fn repository(
        &self,
        world: &World,
        id: RepositoryId,
    ) -> Result<Bare, GitError> {
        let (home, ready) = self.place(id)?;
        let repository = world.repository(id);
        let path = ready.get_or_try_init(|| create(&home, repository)).await?;
        let path = path.clone();
        Ok(Bare { home, path })
    }

    fn place(&self, id: RepositoryId) -> Result<(PathBuf, Arc<OnceCell<PathBuf>>), GitError> {
        let mut inner = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if inner.removed {
            return Err(GitError::Stopped);
        }
        let home = match &inner.home {
            Some(home) => home.path().to_owned(),
            None => {
                let home =
                    TempDir::with_prefix("bbtoken-simulator-").map_err(GitError::Directory)?;
                inner.home.insert(home).path().to_owned()
            }
        };
        Ok((home, Arc::clone(inner.ready.entry(id).or_default())))
    }

    /// Removes all of them, for good.
    pub(in crate::simulator) fn remove(&self) {
        let mut inner = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        inner.removed = true;
        inner.ready.clear();
        if let Some(Err(error)) = inner.home.take().map(TempDir::close) {
            tracing::debug!(%error, "the simulator's repositories were not all removed");
        }
    }
}

/// git without anybody's configuration, that asks nobody anything and dies with its request.
pub(super) fn git(home: &Path) -> Command {
    let mut command = Command::new("git");
    command.env_clear();
    // Windows cannot start anything without its SystemRoot.
    for name in ["PATH", "SystemRoot"] {
        if let Some(value) = std::env::var_os(name) {
            command.env(name, value);
        }
    }
    command
        .env("HOME", home)
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_TERMINAL_PROMPT", "0")
        .current_dir(home)
        .kill_on_drop(true);
    command
}

/// Makes it under another name first, so that one whose making was broken off is never served.
async fn create(home: &Path, repository: &Repository) -> Result<PathBuf, GitError> {
    let making = tempfile::Builder::new()
        .prefix("making-")
        .tempdir_in(home)
        .map_err(GitError::Directory)?;
    let mut init = git(home);
    init.args([
        "init",
        "--quiet",
        "--bare",
        "--template=",
        "--initial-branch=main",
    ])
    .arg(making.path());
    run(init, "init", b"").await?;
    let mut import = git(home);
    import
        .arg("--git-dir")
        .arg(making.path())
        .args(["fast-import", "--quiet"]);
    run(import, "fast-import", first_commit(repository).as_bytes()).await?;
    let path = home.join(format!("{}.git", repository.id));
    std::fs::rename(making.path(), &path).map_err(GitError::Directory)?;
    // It is at home now: nothing is left to clean up under its former name.
    let _former = making.keep();
    Ok(path)
}

async fn run(mut command: Command, name: &'static str, input: &[u8]) -> Result<(), GitError> {
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped());
    let mut child = command.spawn().map_err(GitError::Run)?;
    if let Some(mut stdin) = child.stdin.take() {
        // A git that stopped reading says why on its error stream.
        if let Err(error) = stdin.write_all(input).await {
            tracing::debug!(%error, name, "git did not read its input");
        }
    }
    let output = child.wait_with_output().await.map_err(GitError::Run)?;
    let stderr = String::from_utf8_lossy(&output.stderr);
    if !stderr.trim().is_empty() {
        tracing::warn!(name, stderr = stderr.trim(), "git");
    }
    if output.status.success() {
        Ok(())
    } else {
        Err(GitError::Failed(name))
    }
}

/// The stream of `git fast-import` that makes one believable commit on `main`.
fn first_commit(repository: &Repository) -> String {
    // A name with a line end would be a heading of two lines.
    let name: String = repository
        .name
        .chars()
        .filter(|it| !it.is_control())
        .collect();
    let description = repository
        .description
        .as_deref()
        .unwrap_or("Work in progress.");
    let readme = format!("# {name}\n\n{description}\n");
    let files = [
        ("README.md", readme.as_str()),
        (".gitignore", "/build/\n/target/\n*.log\n"),
        ("CODEOWNERS", "* @nordwind/platform\n"),
        ("src/.gitkeep", ""),
    ];
    let message = "Start the repository\n";
    let mut stream = format!(
        "commit refs/heads/main\ncommitter Nordwind Setup <setup@nordwind.example> {} +0000\n\
         data {}\n{message}",
        repository.created.as_second(),
        message.len(),
    );
    for (path, content) in files {
        stream += &format!(
            "M 100644 inline {path}\ndata {}\n{content}\n",
            content.len()
        );
    }
    stream += "done\n";
    stream
}

#[cfg(test)]
#[allow(clippy::unwrap_used)] // A test that panics says where.
mod tests {
    use super::*;

    #[tokio::test]
    async fn two_who_ask_at_once_share_one_repository_and_nothing_stays_behind() {
        let now = "2026-11-24T08:00:00Z".parse().unwrap();
        let (world, _) = World::build(1, None, 0, now).unwrap();
        let repositories = Repositories::default();
        let id = RepositoryId(0);
        let (one, other) = tokio::join!(
            repositories.repository(&world, id),
            repositories.repository(&world, id),
        );
        let (one, other) = (one.unwrap(), other.unwrap());
        assert_eq!(one.path, other.path);
        let entries = std::fs::read_dir(&one.home).unwrap().count();
        assert_eq!(entries, 1, "no half-made one lies about");

        repositories.remove();
        assert!(!one.home.exists());
        let late = repositories.repository(&world, id).await;
        assert!(matches!(late, Err(GitError::Stopped)));
    }
}
