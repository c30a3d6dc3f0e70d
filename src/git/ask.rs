//! Asking git itself whether it gets in, so that nothing is changed by it: neither on the server nor
//! here. It asks nobody for a password, runs no hooks, signs nothing, and has twenty seconds.

use std::path::{Path, PathBuf};
use std::time::Duration;

use tempfile::TempDir;

use super::credential::QUIET;
use super::program::{self, Family, Output};
use super::{Error, any_number};
use crate::bitbucket::Proxies;
use crate::environment::Environment;
use crate::text::clean;

/// git answers within this time, or counts as one that does not get in.
const PATIENCE: Duration = Duration::from_secs(20);

/// What would ask, sign or run something on the way; switched off for us alone.
const HARMLESS: [&str; 9] = [
    "credential.interactive=false",
    "core.hooksPath=/dev/null",
    "push.gpgSign=false",
    "push.followTags=false",
    "push.recurseSubmodules=no",
    "push.negotiate=false",
    "push.pushOption=",
    "submodule.recurse=false",
    "fetch.recurseSubmodules=false",
];

/// The remote of a repository of our own.
const OWN_REMOTE: &str = "bbtoken";

/// From where git asks: a repository with a remote.
#[derive(Debug)]
pub struct Workplace {
    /// Of the clone; none for the current one.
    directory: Option<PathBuf>,
    remote: String,
    /// Removes itself.
    _own: Option<TempDir>,
}

/// The two things that git wants of a server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Service {
    /// `git fetch`, `clone` and `pull`.
    Fetch,
    /// `git push`.
    Push,
}

impl Service {
    /// As the protocol calls it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Fetch => "git-upload-pack",
            Self::Push => "git-receive-pack",
        }
    }
}

/// What git said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    /// It got in.
    In,
    /// The server refused it, in git's words.
    Refused(String),
    /// It does not trust the server's certificate, in its words.
    Distrusts(String),
    /// Something else was in the way, in git's words.
    Failed(String),
    /// It did not end in time.
    NotInTime,
}

impl Workplace {
    /// The clone in the current directory, with one of its remotes.
    #[must_use]
    pub fn clone_here(remote: &str) -> Self {
        Self {
            directory: None,
            remote: remote.to_owned(),
            _own: None,
        }
    }

    /// An empty repository with this address, removed when dropped.
    ///
    /// # Errors
    ///
    /// [`Error::NoGit`], [`Error::File`], and where git makes no repository.
    pub async fn empty(environment: &Environment, address: &str) -> Result<Self, Error> {
        let at = |path: &Path, error| Error::File {
            path: path.display().to_string(),
            error,
        };
        let own = tempfile::Builder::new()
            .prefix("bbtoken-asks-git-")
            .tempdir()
            .map_err(|error| at(&std::env::temp_dir(), error))?;
        let place = Self {
            directory: Some(own.path().to_owned()),
            remote: OWN_REMOTE.to_owned(),
            _own: Some(own),
        };
        // Not as an argument: people's addresses may hold a password.
        place
            .git(environment, &["init", "--quiet", "--template="], "")
            .await?
            .check()?;
        let remote = format!(
            "[remote \"{OWN_REMOTE}\"]\n\turl = {}\n",
            super::files::quoted(address)
        );
        if let Some(directory) = &place.directory {
            let file = directory.join(".git").join("config");
            let mut options = std::fs::OpenOptions::new();
            let opened = options.append(true).open(&file);
            opened
                .and_then(|mut file| std::io::Write::write_all(&mut file, remote.as_bytes()))
                .map_err(|error| at(&file, error))?;
        }
        Ok(place)
    }

    /// The address to which git goes from here, after all of its rules. It may hold a password.
    pub(super) async fn address(
        &self,
        environment: &Environment,
        service: Service,
    ) -> Result<Option<zeroize::Zeroizing<String>>, Error> {
        let mut arguments = vec!["remote", "get-url"];
        if service == Service::Push {
            arguments.push("--push");
        }
        arguments.push(&self.remote);
        let output = self.git(environment, &arguments, "").await?;
        let address = output.text().lines().next().map(str::to_owned);
        Ok(address
            .filter(|_| output.is_success)
            .map(zeroize::Zeroizing::new))
    }

    /// Whether a hook of this clone decides about pushes, which is not run for a question.
    pub async fn has_push_hook(&self, environment: &Environment) -> bool {
        let arguments = [
            "rev-parse",
            "--path-format=absolute",
            "--git-path",
            "hooks/pre-push",
        ];
        let Ok(output) = self.git(environment, &arguments, "").await else {
            return false;
        };
        let hook = Path::new(output.text().trim_end_matches('\n'));
        output.is_success && self.directory.is_none() && hook.is_file()
    }

    /// Runs git here.
    pub(super) async fn git(
        &self,
        environment: &Environment,
        arguments: &[impl AsRef<std::ffi::OsStr>],
        input: &str,
    ) -> Result<Output, Error> {
        let mut command = environment.command("git");
        // Nobody reads what our own helper says to a git that we ask.
        command.env(QUIET, "1");
        if let Some(directory) = &self.directory {
            command.current_dir(directory);
            // What a git that started us has set speaks of its own repository.
            for variable in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"] {
                command.env_remove(variable);
            }
        }
        command.args(arguments);
        program::output_of(command, "git", input, PATIENCE, Family::Leaves).await
    }

    /// Has git try it.
    ///
    /// # Errors
    ///
    /// [`Error::NoGit`].
    pub async fn ask(&self, environment: &Environment, service: Service) -> Result<Said, Error> {
        self.ask_with(environment, service, &[]).await
    }

    /// Has git try it at this address without signing in, with these settings.
    pub(super) async fn ask_as_nobody(
        &self,
        environment: &Environment,
        address: &str,
        service: Service,
        more: &[String],
    ) -> Result<Said, Error> {
        // Empty ones take away what is configured less closely.
        let nothing = [
            format!("http.{address}.extraHeader="),
            format!("credential.{address}.helper="),
        ];
        let all = [&nothing, more].concat();
        self.ask_with(environment, service, &all).await
    }

    async fn ask_with(
        &self,
        environment: &Environment,
        service: Service,
        more: &[String],
    ) -> Result<Said, Error> {
        let proxies = Proxies::of(|name| environment.text(name));
        if let Some(variable) = proxies.unreadable() {
            // git would look up pieces of it, and say them in its complaint.
            return Ok(Said::Failed(format!(
                "git was not asked, because the value of {variable} cannot be read as the address of a proxy"
            )));
        }
        let mirror = format!("remote.{}.mirror=false", self.remote);
        let branch = format!(":refs/heads/bbtoken-asks-{:016x}", any_number());
        let mut arguments = Vec::new();
        for setting in HARMLESS
            .iter()
            .copied()
            .chain([mirror.as_str()])
            .chain(more.iter().map(String::as_str))
        {
            arguments.extend(["-c", setting]);
        }
        match service {
            Service::Fetch => arguments.extend(["ls-remote", "--quiet", "--heads", &self.remote]),
            Service::Push => arguments.extend([
                "push",
                "--dry-run",
                "--no-verify",
                "--no-signed",
                "--recurse-submodules=no",
                "--porcelain",
                &self.remote,
                &branch,
            ]),
        }
        match self.git(environment, &arguments, "").await {
            Ok(output) if output.is_success => Ok(Said::In),
            Ok(output) => Ok(Said::read(output.complaint())),
            Err(Error::TimedOut(_)) => Ok(Said::NotInTime),
            Err(error) => Err(error),
        }
    }
}

impl Said {
    /// What git's complaint means.
    fn read(complaint: &str) -> Self {
        let words = telling(complaint);
        let has = |text: &str| complaint.contains(text);
        // The words of curl's kinds of encryption.
        let distrusts = [
            "certificate",
            "CA cert",
            "CAfile",
            "SSL certificate problem",
        ];
        let refused = [
            "Authentication failed",
            "could not read Username",
            "could not read Password",
            "error: 401",
            "error: 403",
            "HTTP 401",
            "HTTP 403",
            "not found",
        ];
        // An alert is the server's word about a certificate of git's.
        let is_servers = has(" alert ") || refused.iter().any(|it| has(it));
        if distrusts.iter().any(|it| has(it)) && !is_servers {
            Self::Distrusts(words)
        } else if refused.iter().any(|it| has(it)) {
            Self::Refused(words)
        } else {
            Self::Failed(words)
        }
    }
}

/// The lines that tell something: what the server said, and why git ended.
fn telling(complaint: &str) -> String {
    let lines = complaint.lines().map(str::trim);
    let telling = lines.filter_map(|line| {
        let starts = ["remote: ", "fatal: ", "error: "];
        starts.iter().find_map(|start| line.strip_prefix(start))
    });
    let words: Vec<_> = telling.map(str::trim).filter(|it| !it.is_empty()).collect();
    clean(&if words.is_empty() {
        complaint.to_owned()
    } else {
        words.join(" ")
    })
}
