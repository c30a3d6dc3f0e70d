//! Puts the configuration together: defaults < organisation file < user file < environment < options.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};

use super::error::{ConfigError, position};
use super::key::{KEYS, Key};
use super::{Config, Server, file};
use crate::environment::{Environment, places};

/// Names the organisation's file.
const ORGANISATION: &str = "BBTOKEN_ORGANISATION_CONFIG";
/// Names the user's file.
const USER: &str = "BBTOKEN_CONFIG";
/// Name the certificate that is shown to servers, and its private key.
const CLIENT_CERTIFICATE: &str = "client_certificate";
const CLIENT_KEY: &str = "client_key";
/// Can be judged only once the presets are known.
const RECOMMENDED: &str = "recommended_preset";

/// What the command line says about the configuration.
#[derive(Debug, Default)]
pub struct Options {
    /// Another file for the user's own.
    pub file: Option<PathBuf>,
    /// The name of a key, the option that sets it, and its value.
    pub values: Vec<(&'static str, &'static str, String)>,
}

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// It is the program's own.
    Default,
    /// A file, and the line in it.
    File(PathBuf, usize),
    /// An environment variable.
    Variable(String),
    /// An option.
    Option(&'static str),
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::File(file, line) => write!(f, "{}:{line}", file.display()),
            Self::Variable(name) => f.write_str(name),
            Self::Option(name) => f.write_str(name),
        }
    }
}

/// The configuration, and where it comes from.
#[derive(Debug, Default)]
pub struct Loaded {
    /// What is in force.
    pub config: Config,
    /// The files that were looked for, and whether they are there; the last one wins.
    pub files: Vec<(PathBuf, bool)>,
    /// For each simple key that somebody has set: where.
    sources: BTreeMap<&'static str, Source>,
    /// For each server: where.
    pub servers: Vec<Source>,
    /// Where the presets come from.
    presets: Option<Source>,
}

impl Loaded {
    /// Where the value of a simple key comes from.
    #[must_use]
    pub fn source(&self, key: &str) -> &Source {
        self.sources.get(key).unwrap_or(&Source::Default)
    }

    /// Where the presets come from.
    #[must_use]
    pub fn presets_source(&self) -> &Source {
        self.presets.as_ref().unwrap_or(&Source::Default)
    }

    fn read(&mut self, path: &Path, text: &str, home: Option<&Path>) -> Result<(), ConfigError> {
        let directory = path.parent().unwrap_or(Path::new(""));
        let said = file::read(text, directory, home, &mut self.config);
        let said = said.map_err(|fault| fault.in_file(path, text))?;
        let source = |place: Range<usize>| {
            let (line, _) = position(text, place.start);
            Source::File(path.to_owned(), line)
        };
        if let Some(place) = said.presets {
            self.presets = Some(source(place));
            // What was recommended among the presets before says nothing about these.
            if !said.keys.iter().any(|(key, _)| key.name == RECOMMENDED) {
                self.config.recommended_preset = None;
                self.sources.remove(RECOMMENDED);
            }
        }
        for (key, place) in said.keys {
            self.sources.insert(key.name, source(place));
        }
        let servers = said.servers.into_iter();
        self.put_in_front(
            servers
                .map(|(server, place)| (server, source(place)))
                .collect(),
        );
        Ok(())
    }

    /// The servers of a later file come first; what they leave out an earlier file may know.
    fn put_in_front(&mut self, servers: Vec<(Server, Source)>) {
        let earlier = std::mem::take(&mut self.config.servers);
        let mut all = servers;
        for (server, source) in earlier.into_iter().zip(std::mem::take(&mut self.servers)) {
            match all
                .iter_mut()
                .find(|(known, _)| known.address == server.address)
            {
                Some((known, _)) => known.complete(server),
                None => all.push((server, source)),
            }
        }
        (self.config.servers, self.servers) = all.into_iter().unzip();
    }

    /// Refuses a private key whose certificate nobody has named.
    fn check_keys(&self) -> Result<(), ConfigError> {
        let alone = |source: &Source| {
            let problem =
                "`client_key` is set without its certificate: set `client_certificate` too";
            Err(ConfigError::Given {
                name: source.to_string(),
                problem: problem.to_owned(),
            })
        };
        let config = &self.config;
        if config.client_key.is_some() && config.client_certificate.is_none() {
            return alone(self.source(CLIENT_KEY));
        }
        let mut servers = config.servers.iter().zip(&self.servers);
        let guilty = servers
            .find(|(server, _)| server.client_key.is_some() && server.client_certificate.is_none());
        guilty.map_or(Ok(()), |(_, source)| alone(source))
    }

    /// Puts in force what a variable or an option says.
    fn give(&mut self, key: &'static Key, value: &str, source: Source) -> Result<(), ConfigError> {
        let given = key.read(&mut self.config, value);
        given.map_err(|problem| ConfigError::Given {
            name: source.to_string(),
            problem,
        })?;
        self.sources.insert(key.name, source);
        Ok(())
    }
}

/// Reads everything that there is. A file that is named has to be there; the usual ones need not.
///
/// # Errors
/// The first thing that is wrong, with its place.
pub fn load(environment: &Environment, options: &Options) -> Result<Loaded, ConfigError> {
    let mut loaded = Loaded::default();
    let home = environment.home().ok();
    let user = match &options.file {
        Some(file) => Some(file.clone()),
        None => named(environment, USER)?,
    };
    for (named, usual) in [
        (
            named(environment, ORGANISATION)?,
            places::organisation(environment),
        ),
        (user, places::user(environment)),
    ] {
        let must_be_there = named.is_some();
        let Some(path) = named.or(usual) else {
            continue;
        };
        let is_there = match fs::read_to_string(&path) {
            Ok(text) => {
                loaded.read(&path, &text, home.as_deref())?;
                true
            }
            Err(error) if is_missing(&error) && !must_be_there => false,
            Err(error) => return Err(ConfigError::Unreadable { file: path, error }),
        };
        loaded.files.push((path, is_there));
    }
    for key in KEYS {
        let variable = key.variable();
        if let Some(value) = environment.get(&variable) {
            let value = value.to_string_lossy();
            loaded.give(key, &value, Source::Variable(variable))?;
        }
        let mut options = options.values.iter();
        if let Some((_, option, value)) = options.find(|(name, ..)| *name == key.name) {
            loaded.give(key, value, Source::Option(option))?;
        }
    }
    loaded.check_keys()?;
    // What the environment names counts for every server.
    if let Source::Variable(_) = loaded.source(CLIENT_CERTIFICATE) {
        for server in &mut loaded.config.servers {
            server.client_certificate = None;
            server.client_key = None;
        }
    }
    // Whether the recommended preset exists is known only now.
    if let Err(error) = loaded.config.presets() {
        let name = loaded.source(RECOMMENDED).to_string();
        let problem = error.to_string();
        return Err(ConfigError::Given { name, problem });
    }
    Ok(loaded)
}

/// The file that a variable names. Variables are set for every directory, so a relative one is refused: a
/// cloned repository could bring such a file.
fn named(
    environment: &Environment,
    variable: &'static str,
) -> Result<Option<PathBuf>, ConfigError> {
    let file = environment.get(variable).map(PathBuf::from);
    match file {
        Some(file) if !file.is_absolute() => {
            let shown = crate::text::clean(&file.display().to_string());
            Err(ConfigError::Given {
                name: variable.to_owned(),
                problem: format!(
                    "\"{shown}\" is a different file in each directory: give the full path"
                ),
            })
        }
        file => Ok(file),
    }
}

fn is_missing(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
    )
}

#[cfg(all(test, feature = "simulator"))]
mod tests;
