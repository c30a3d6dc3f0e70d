//! bbtoken as git's credential helper for exactly one address: `bbtoken credential get|store|erase`.
//!
//! It keeps nothing itself. It asks the [`Store`] and hands the token on as Bearer, which git takes
//! from version 2.46 on. The exchange is git's own (gitcredentials(7), git-credential(1)): lines of
//! `key=value` on standard input and output.

use std::fs;
use std::io::{self, BufRead};
use std::path::PathBuf;

use jiff::Timestamp;
use zeroize::Zeroizing;

use super::files::quoted;
use super::{Error, Location, SetUp, Store, Target, program, shell_word};
use crate::environment::Environment;
use crate::when::{self, Expiry};

/// Set for a git that we start ourselves: what its helper tells people would not be read.
pub const QUIET: &str = "BBTOKEN_QUIET";

/// What git says of the place for which it wants a credential.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Request {
    protocol: String,
    host: String,
    /// Decoded by git, so in whatever encoding it was.
    path: Vec<u8>,
    /// git understands more than passwords.
    takes_bearer: bool,
    /// It speaks of a password, which is none of ours.
    is_password: bool,
}

impl Request {
    /// Reads git's lines up to an empty one or the end. What it does not know it leaves out; a
    /// password among it is never kept.
    ///
    /// # Errors
    ///
    /// If standard input cannot be read.
    pub fn read(input: impl BufRead) -> io::Result<Self> {
        let mut request = Self::default();
        let text = |value: &[u8]| String::from_utf8_lossy(value).into_owned();
        for line in input.split(b'\n') {
            let line = Zeroizing::new(line?);
            if line.is_empty() {
                break;
            }
            let mut parts = line.splitn(2, |byte| *byte == b'=');
            match (parts.next(), parts.next()) {
                (Some(b"protocol"), Some(value)) => request.protocol = text(value),
                (Some(b"host"), Some(value)) => request.host = text(value),
                (Some(b"path"), Some(value)) => request.path = value.to_owned(),
                (Some(b"capability[]"), Some(b"authtype")) => request.takes_bearer = true,
                (Some(b"password"), Some(_)) => request.is_password = true,
                _ => {}
            }
        }
        Ok(request)
    }

    /// Whether what git wants lies at or below one of these addresses, as Bitbucket reads them. The
    /// token of one address is given out for no other, whatever the configuration says.
    fn is_within(&self, addresses: &[String]) -> bool {
        let wanted = Location::of_parts(&self.protocol, &self.host, &self.path);
        wanted.is_some_and(|wanted| {
            let mut allowed = addresses.iter().filter_map(|it| Location::of(it));
            allowed.any(|allowed| wanted.is_within(&allowed))
        })
    }
}

/// What git is told for this request, and what its user is told beside it.
#[derive(Debug, Default)]
pub struct Reply {
    /// For standard output.
    pub lines: Zeroizing<String>,
    /// For standard error, which git shows.
    pub hint: Option<String>,
}

/// Answers `get`: with the token where there is one, otherwise with nothing. `addresses` are those that
/// it is for, `entry` is the name under which the store keeps it.
///
/// # Errors
///
/// If the store cannot be asked.
pub async fn get(
    environment: &Environment,
    request: &Request,
    addresses: &[String],
    store: &Store,
    entry: &str,
) -> Result<Reply, Error> {
    let hint = |text: String| Reply {
        hint: Some(text),
        ..Reply::default()
    };
    let Some(address) = addresses.first().filter(|_| request.is_within(addresses)) else {
        return Ok(Reply::default());
    };
    if !request.takes_bearer {
        return Ok(hint(format!(
            "This git is too old for the token of {address}: it needs 2.46 or newer. With an older one: bbtoken git-setup {address} --way header"
        )));
    }
    let Some(token) = store.give(environment, entry).await? else {
        return Ok(hint(format!(
            "No token for {address} in {store}. Set it up again: bbtoken git-setup {address}"
        )));
    };
    // `ephemeral` tells other helpers not to keep it: it is kept already.
    let lines = Zeroizing::new(format!(
        "capability[]=authtype\nauthtype=Bearer\ncredential={}\nephemeral=1\n",
        token.expose()
    ));
    Ok(Reply { lines, hint: None })
}

/// When the token for this address expires, where that is soon, as it was written down when git was set
/// up.
#[must_use]
pub fn expires_soon(environment: &Environment, address: &str, now: Timestamp) -> Option<Timestamp> {
    let set_up = super::set_up_for(environment, address)?;
    let expires = set_up.token.expires?;
    (when::expiry(expires, now) == Expiry::Soon).then_some(expires)
}

/// Answers `get` with what is recorded for the address now, where git started us by an older record.
///
/// # Errors
///
/// As [`get`].
pub async fn get_as_recorded(
    environment: &Environment,
    request: &Request,
    address: &str,
) -> Result<Reply, Error> {
    let Some(set_up) = super::set_up_for(environment, address) else {
        return Ok(Reply::default());
    };
    let Some(store) = &set_up.store else {
        return Ok(Reply::default());
    };
    let addresses: Vec<_> = set_up.addresses().map(str::to_owned).collect();
    get(environment, request, &addresses, store, set_up.entry()).await
}

/// Answers `erase`: git says that the server refused something. A refused token is kept all the same,
/// because Bitbucket never tells it again, and a proxy may have refused it.
#[must_use]
pub fn erase(request: &Request, addresses: &[String]) -> Reply {
    let Some(address) = addresses.first().filter(|_| request.is_within(addresses)) else {
        return Reply::default();
    };
    let hint = if request.is_password {
        format!(
            "The server refused a password, not the token for {address}. git got it from somewhere else, perhaps from the address of the remote: git remote -v shows that."
        )
    } else {
        format!(
            "The server refused the token for {address}: it may have expired or been revoked. A new one: \
             bbtoken git-setup {address}. To remove this one: bbtoken git-setup --undo {address}"
        )
    };
    Reply {
        hint: Some(hint),
        ..Reply::default()
    }
}

/// The sections of git's configuration that make this program the helper for a target.
pub(super) fn sections(target: &Target, set_up: &SetUp, store: &Store) -> Zeroizing<String> {
    let program = set_up.program.clone().unwrap_or_default();
    let mut words = vec![program, "credential".to_owned()];
    for address in target.on_each_server() {
        words.extend(["--for".to_owned(), address]);
    }
    words.extend(["--store".to_owned(), store.to_string()]);
    words.extend(["--entry".to_owned(), set_up.entry().to_owned()]);
    let words: Vec<_> = words.iter().map(|word| shell_word(word)).collect();
    let helper = quoted(&format!("!{}", words.join(" ")));
    // The empty helper keeps all others from being asked for this address. The path tells two tokens
    // of one server apart.
    let sections = target.spellings().into_iter().map(|address| {
        format!(
            "[credential {}]\n\thelper =\n\thelper = {helper}\n\tuseHttpPath = true\n",
            quoted(&address)
        )
    });
    Zeroizing::new(sections.collect())
}

/// The file of this program by a name that stays after an update: the entry in the path that leads to
/// it. A package manager replaces what it leads to.
pub(super) fn lasting_program(environment: &Environment) -> Result<PathBuf, Error> {
    let running = environment.program().map_err(|error| Error::File {
        path: "bbtoken".to_owned(),
        error,
    })?;
    let Some(name) = running.file_name().and_then(|name| name.to_str()) else {
        return Ok(running);
    };
    let Ok(real) = fs::canonicalize(&running) else {
        return Ok(running);
    };
    let mut entries = program::all(environment, name.trim_end_matches(".exe"));
    let entry = entries.find(|entry| fs::canonicalize(entry).is_ok_and(|it| it == real));
    Ok(entry.filter(|entry| entry.is_absolute()).unwrap_or(running))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ADDRESS: &str = "https://git.example.com:8443/b/scm/~alice/a%20b.git";

    fn request(protocol: &str, host: &str, path: &str) -> Request {
        Request {
            protocol: protocol.to_owned(),
            host: host.to_owned(),
            path: path.into(),
            takes_bearer: true,
            is_password: false,
        }
    }

    fn is_for(address: &str, request: &Request) -> bool {
        request.is_within(&[address.to_owned()])
    }

    #[test]
    fn a_token_is_given_out_for_its_own_address_only() {
        let host = "git.example.com:8443";
        let path = "b/scm/~alice/a b.git";
        for (host, path) in [
            (host, path),
            ("GIT.example.com:8443", path),
            (host, "b/scm/~Alice/a b"),
        ] {
            assert!(is_for(ADDRESS, &request("https", host, path)));
        }
        for other in [
            request("http", host, path),
            request("https", "git.example.com", path),
            request("https", host, "b/scm/~alice/a b.git2"),
            request("https", host, "b/scm/~alice"),
            request("https", "x@git.example.com:8443", path),
            request("https", "git.exam\tple.com:8443", path),
            request("https", "git.example.com:8443/b/scm/~alice/a b.git?", ""),
            request("https", host, ""),
        ] {
            assert!(!is_for(ADDRESS, &other), "{other:?}");
        }
        let project = "https://h/scm/plat";
        for (protocol, host) in [("https", "h"), ("https", "H"), ("https", "h:443")] {
            assert!(is_for(project, &request(protocol, host, "scm/PLAT/x")));
        }
        assert!(!is_for(
            project,
            &request("https", "h", "scm/platform/x.git")
        ));
        assert!(is_for(
            "https://h",
            &request("https", "h", "scm/plat/x.git")
        ));
    }

    #[test]
    fn gits_lines_are_read_up_to_the_empty_one() {
        let lines = "capability[]=authtype\ncapability[]=state\nprotocol=https\nhost=h\npath=scm/a=b.git\nwwwauth[]=Basic realm=\"x\"\npassword=geheim\n\nhost=other\n";
        let wanted = Request {
            is_password: true,
            ..request("https", "h", "scm/a=b.git")
        };
        assert_eq!(Request::read(lines.as_bytes()).ok(), Some(wanted));
    }
}
