//! The files that are written: one for each address, a list of them, and one `include` of that list in
//! the user's own configuration of git (`configuration`).
//!
//! ```text
//! ~/.gitconfig                    … [include] path = ~/.config/bbtoken/git/config
//! ~/.config/bbtoken/git/config    [include] path = git.example.com_scm_plat_billing-api.git.inc
//! ~/.config/bbtoken/git/….inc     the sections for one address; 0600, it may hold a token
//! ```

pub(super) mod configuration;

use std::cmp::Reverse;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use zeroize::Zeroizing;

use super::record::SetUp;
use super::{Error, Target};
use crate::environment::Environment;
use crate::private_file;
use crate::secret::Secret;

/// What stays as it is in the name of a file.
const FILE_NAME: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'~');
pub(super) const EXTENSION: &str = "inc";
const LIST: &str = "config";

/// A string of git's configuration, in quotes.
pub(super) fn quoted(text: &str) -> String {
    let escaped = text.replace('\\', r"\\").replace('"', "\\\"");
    format!("\"{}\"", escaped.replace('\n', r"\n"))
}

/// Has git ask this helper for the password of a server: of the whole host, since git leaves paths out
/// when it asks (`credential.useHttpPath` in gitcredentials(7)).
pub(super) fn helper_sections(target: &Target, helper: &str) -> Zeroizing<String> {
    let helper = quoted(helper);
    let servers = target.servers().into_iter().map(|server| {
        let server = quoted(&server);
        format!("[credential {server}]\n\thelper = {helper}\n")
    });
    Zeroizing::new(servers.collect())
}

/// Has git send the token with every request to this address.
pub(super) fn header_sections(target: &Target, token: &Secret) -> Zeroizing<String> {
    let header = Zeroizing::new(format!("Authorization: Bearer {}", token.expose()));
    let header = Zeroizing::new(quoted(&header));
    let mut sections = Zeroizing::new(String::new());
    for address in target.spellings() {
        sections.push_str(&format!("[http {}]\n\textraHeader = ", quoted(&address)));
        sections.push_str(&header);
        sections.push('\n');
    }
    sections
}

/// Whether the file for an address has git ask a helper.
pub(super) fn names_helper(environment: &Environment, address: &str) -> Result<bool, Error> {
    let text = read(&file_for(environment, address)?)?;
    let text = text
        .as_deref()
        .and_then(|text| std::str::from_utf8(text).ok());
    Ok(text.is_some_and(|text| text.lines().any(|line| line.starts_with("[credential "))))
}

/// The token in the file for an address, where it lies there as a header.
pub(super) fn header_token(
    environment: &Environment,
    address: &str,
) -> Result<Option<Secret>, Error> {
    let text = read(&file_for(environment, address)?)?;
    let text = text
        .as_deref()
        .and_then(|text| std::str::from_utf8(text).ok());
    let header = "\textraHeader = \"Authorization: Bearer ";
    let token = text.and_then(|text| {
        let line = text.lines().find_map(|line| line.strip_prefix(header))?;
        line.strip_suffix('"')
    });
    let plain = |token: &str| token.replace("\\\"", "\"").replace(r"\\", r"\");
    Ok(token.map(|token| Secret::new(plain(token))))
}

/// Has git trust what bbtoken trusts at these servers, and show what bbtoken shows there.
pub(super) fn authority_sections(target: &Target) -> String {
    let line = |name: &str, file: &Path| {
        let file = quoted(&file.to_string_lossy());
        format!("\t{name} = {file}\n")
    };
    let mut lines = String::new();
    if let Some(file) = &target.authority {
        lines.push_str(&line("sslCAInfo", file));
    }
    if let Some(own) = &target.client_certificate {
        lines.push_str(&line("sslCert", &own.file));
        lines.push_str(&line("sslKey", &own.key));
    }
    if lines.is_empty() {
        return lines;
    }
    let servers = target.servers().into_iter();
    let servers = servers.filter(|server| server.starts_with("https:"));
    let sections = servers.map(|server| format!("[http {}]\n{lines}", quoted(&server)));
    sections.collect()
}

/// Writes the sections for an address, and makes sure that git reads them.
pub(super) fn write(
    environment: &Environment,
    set_up: &SetUp,
    sections: &str,
) -> Result<(), Error> {
    // Where git would not read it, nothing is written.
    configuration::file(environment)?;
    let directory = directory(environment)?;
    private_file::create_directory(&directory).map_err(|error| at(&directory, error))?;
    let _lock = lock(&directory)?;
    let mut text = set_up.text();
    text.push_str(sections);
    replace(&file_of(&directory, &set_up.address), text.as_bytes())?;
    write_list(&directory)?;
    configuration::include(environment, &directory.join(LIST))
}

/// What was there before a setup: the file for its address, and which directories were not.
#[derive(Debug)]
pub(super) struct Before {
    file: Option<Zeroizing<Vec<u8>>>,
    missing: Vec<PathBuf>,
}

impl Before {
    pub(super) fn read(environment: &Environment, address: &str) -> Result<Self, Error> {
        let directory = directory(environment)?;
        let file = file_of(&directory, address);
        let missing = directory.ancestors().take_while(|it| !it.exists());
        Ok(Self {
            missing: missing.map(Path::to_owned).collect(),
            file: read(&file)?,
        })
    }

    /// What was in the file for the address, if there was one.
    pub(super) fn of(file: Option<Zeroizing<Vec<u8>>>) -> Self {
        let missing = Vec::new();
        Self { file, missing }
    }

    /// What was in it; nothing where there was none.
    pub(super) fn bytes(&self) -> &[u8] {
        self.file.as_ref().map_or(&[], |bytes| bytes.as_slice())
    }

    /// Puts all of it back, the user's own configuration included.
    pub(super) fn put_back(&self, environment: &Environment, address: &str) -> Result<(), Error> {
        let directory = directory(environment)?;
        let file = file_of(&directory, address);
        match &self.file {
            Some(bytes) => {
                let _lock = lock(&directory)?;
                replace(&file, bytes)?;
                write_list(&directory)?;
            }
            None if file.exists() => remove(environment, address)?,
            None => {}
        }
        Ok(())
    }

    /// Removes the directories that were not there.
    pub(super) fn remove_missing(&self) {
        for directory in &self.missing {
            // Somebody else may have put something there.
            let _ = fs::remove_dir(directory);
        }
    }
}

/// What is in a file, if there is one.
pub(super) fn read(file: &Path) -> Result<Option<Zeroizing<Vec<u8>>>, Error> {
    match fs::read(file) {
        Ok(bytes) => Ok(Some(Zeroizing::new(bytes))),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(at(file, error)),
    }
}

/// Everything that was set up.
pub(super) fn set_ups(environment: &Environment) -> Vec<SetUp> {
    let Ok(directory) = directory(environment) else {
        return Vec::new();
    };
    let names = names(&directory).unwrap_or_default().into_iter();
    let texts = names.filter_map(|name| fs::read_to_string(directory.join(name)).ok());
    texts
        .map(|text| SetUp::read(&Zeroizing::new(text)))
        .filter(|set_up| !set_up.address.is_empty())
        .collect()
}

/// Takes the sections for an address away, and with the last of them the `include` too.
pub(super) fn remove(environment: &Environment, address: &str) -> Result<(), Error> {
    configuration::file(environment)?;
    let directory = directory(environment)?;
    let _lock = lock(&directory)?;
    let file = file_of(&directory, address);
    fs::remove_file(&file).map_err(|error| at(&file, error))?;
    if write_list(&directory)? == 0 {
        let list = directory.join(LIST);
        configuration::exclude(environment, &list)?;
        fs::remove_file(&list).map_err(|error| at(&list, error))?;
    }
    Ok(())
}

/// Where the file for an address is, with the home directory as `~`: for people to read.
pub(super) fn shown_file(environment: &Environment, address: &str) -> Result<String, Error> {
    Ok(shown(environment, &file_for(environment, address)?))
}

/// Where the list of all those files is, for people to read.
pub(super) fn shown_list(environment: &Environment) -> Result<String, Error> {
    Ok(shown(environment, &directory(environment)?.join(LIST)))
}

/// Where the user's own configuration of git is, for people to read.
pub(super) fn shown_configuration(environment: &Environment) -> Result<String, Error> {
    Ok(shown(environment, &configuration::file(environment)?))
}

/// A path for people to read: below the home directory it begins with `~`.
pub fn shown(environment: &Environment, path: &Path) -> String {
    let below = environment.home().ok().and_then(|home| {
        let below = path.strip_prefix(home).ok()?;
        Some(Path::new("~").join(below))
    });
    below
        .unwrap_or_else(|| path.to_owned())
        .display()
        .to_string()
}

fn file_of(directory: &Path, address: &str) -> PathBuf {
    let (scheme, rest) = address.split_once("://").unwrap_or(("", address));
    let scheme = if scheme == "http" { "http+" } else { "" };
    let rest = utf8_percent_encode(rest, FILE_NAME).to_string();
    directory.join(format!("{scheme}{}.{EXTENSION}", rest.replace("%2F", "_")))
}

fn xdg(environment: &Environment) -> Result<PathBuf, Error> {
    match environment.directory("XDG_CONFIG_HOME") {
        Some(directory) => Ok(directory),
        None => Ok(environment.home()?.join(".config")),
    }
}

/// The file for an address.
pub(super) fn file_for(environment: &Environment, address: &str) -> Result<PathBuf, Error> {
    Ok(file_of(&directory(environment)?, address))
}

pub(super) fn directory(environment: &Environment) -> Result<PathBuf, Error> {
    Ok(xdg(environment)?.join("bbtoken").join("git"))
}

/// Where git's helper `store` keeps its passwords, unless it is told.
pub(super) fn usual_plain_store(environment: &Environment) -> Result<PathBuf, Error> {
    let usual = environment.home()?.join(".git-credentials");
    let other = xdg(environment)?.join("git").join("credentials");
    Ok(if !usual.exists() && other.exists() {
        other
    } else {
        usual
    })
}

/// Whether bbtoken has written this file.
pub(super) fn is_ours(environment: &Environment, file: &str) -> bool {
    directory(environment).is_ok_and(|directory| Path::new(file).starts_with(directory))
}

/// The names of all files for addresses.
fn names(directory: &Path) -> Result<Vec<String>, Error> {
    let entries = fs::read_dir(directory).map_err(|error| at(directory, error))?;
    let mut names: Vec<_> = entries
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| name.ends_with(&format!(".{EXTENSION}")))
        .collect();
    names.sort();
    Ok(names)
}

/// Lists all files for addresses, and says how many there are.
fn write_list(directory: &Path) -> Result<usize, Error> {
    let mut names = names(directory)?;
    // git adds the headers of all sections that match, except where a closer one came before.
    names.sort_by_key(|name| {
        let text = fs::read_to_string(directory.join(name)).map(Zeroizing::new);
        let is_header = text.is_ok_and(|text| SetUp::read(&text).is_header());
        (is_header, is_header.then_some(Reverse(name.len())))
    });
    let includes = names
        .iter()
        .map(|name| format!("[include]\n\tpath = {}\n", quoted(name)));
    let list = includes.collect::<String>();
    replace(&directory.join(LIST), list.as_bytes())?;
    Ok(names.len())
}

/// Keeps other bbtokens from changing the files meanwhile: each lists what all of them have set up. Its
/// file lies beside the directory, which is to be empty when everything was taken away.
pub(super) fn lock(directory: &Path) -> Result<private_file::Lock, Error> {
    let file = directory.with_extension("lock");
    let lock = private_file::lock(&file).map_err(|error| at(&file, error))?;
    private_file::sweep(directory);
    Ok(lock)
}

pub(super) fn replace(file: &Path, text: &[u8]) -> Result<(), Error> {
    private_file::replace(file, text).map_err(|error| at(file, error))
}

pub(super) fn at(path: &Path, error: io::Error) -> Error {
    Error::File {
        path: path.display().to_string(),
        error,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_of_the_configuration_are_quoted() {
        assert_eq!(quoted(r#"a "b" \c"#), r#""a \"b\" \\c""#);
        assert_eq!(quoted("two\nlines"), r#""two\nlines""#);
    }

    #[test]
    fn each_address_has_a_file_of_its_own_name() {
        for (address, name) in [
            ("https://h:1/scm/~a/b c.git", "h%3A1_scm_~a_b%20c.git.inc"),
            ("https://h/scm/a_b/c", "h_scm_a%5Fb_c.inc"),
            ("https://h/scm/a/b/c", "h_scm_a_b_c.inc"),
            ("http://h", "http+h.inc"),
        ] {
            assert_eq!(file_of(Path::new(""), address), Path::new(name));
        }
    }
}
