//! bbtoken as git's credential helper for exactly one address: `bbtoken credential get|store|erase`.
//!
//! It keeps nothing itself. It asks the [`Store`] and hands the token on as Bearer, which git takes
//! from version 2.46 on. The exchange is git's own (gitcredentials(7), git-credential(1)): lines of
//! `key=value` on standard input and output.

use std::io::{self, BufRead};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode};
use zeroize::Zeroizing;

use super::files::quoted;
use super::{Error, Store, reaches, shell_word};
use crate::environment::Environment;

/// What separates or stays as it is in a path.
const PATH: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'/')
    .remove(b'-')
    .remove(b'.')
    .remove(b'~');

/// What git says of the place for which it wants a credential.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Request {
    protocol: String,
    host: String,
    /// Decoded by git, so in whatever encoding it was.
    path: Vec<u8>,
    /// git understands more than passwords.
    takes_bearer: bool,
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
                _ => {}
            }
        }
        Ok(request)
    }

    /// Whether what git wants lies at or below this address. The token of one address is given out
    /// for no other, whatever the configuration says.
    fn is_within(&self, address: &str) -> bool {
        // What else could stand there would be read as something other than a host.
        let is_host = |c: char| c.is_alphanumeric() || "-._:[]".contains(c);
        if !self.host.chars().all(is_host) {
            return false;
        }
        let path = percent_encode(&self.path, PATH);
        let wanted = format!("{}://{}/{path}", self.protocol, self.host);
        reaches(address, &wanted)
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

/// Answers `get`: with the token where there is one, otherwise with nothing.
///
/// # Errors
///
/// If the store cannot be asked.
pub async fn get(
    environment: &Environment,
    request: &Request,
    address: &str,
    store: &Store,
) -> Result<Reply, Error> {
    let hint = |text: String| Reply {
        hint: Some(text),
        ..Reply::default()
    };
    if !request.is_within(address) {
        return Ok(Reply::default());
    }
    if !request.takes_bearer {
        return Ok(hint(format!(
            "This git is too old for the token of {address}: it needs 2.46 or newer. With an older one: bbtoken git-setup {address} --way header"
        )));
    }
    let Some(token) = store.give(environment, address).await? else {
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

/// Answers `erase`: git says that the server refused the token. It is kept all the same, because
/// Bitbucket never tells it again, and a proxy may have refused it.
#[must_use]
pub fn erase(request: &Request, address: &str) -> Reply {
    let hint = format!(
        "The server refused the token for {address}: it may have expired or been revoked. A new one: bbtoken git-setup {address}. Take this one away: bbtoken git-setup --undo {address}"
    );
    Reply {
        hint: request.is_within(address).then_some(hint),
        ..Reply::default()
    }
}

/// The sections of git's configuration that make this program the helper for the address.
pub(super) fn section(
    environment: &Environment,
    address: &str,
    store: &Store,
) -> Result<String, Error> {
    let program = environment.program().map_err(|error| Error::File {
        path: "bbtoken".to_owned(),
        error,
    })?;
    let program = program.to_string_lossy();
    let words = [
        &*program,
        "credential",
        "--for",
        address,
        "--store",
        &store.to_string(),
    ]
    .map(shell_word);
    let helper = quoted(&format!("!{}", words.join(" ")));
    // The empty helper keeps all others from being asked for this address. The path tells two tokens
    // of one server apart.
    Ok(format!(
        "[credential {}]\n\thelper =\n\thelper = {helper}\n\tuseHttpPath = true\n",
        quoted(address)
    ))
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
        }
    }

    #[test]
    fn a_token_is_given_out_for_its_own_address_only() {
        let host = "git.example.com:8443";
        let path = "b/scm/~alice/a b.git";
        assert!(request("https", host, path).is_within(ADDRESS));
        assert!(request("https", "GIT.example.com:8443", path).is_within(ADDRESS));
        assert!(request("https", host, "b/scm/~Alice/a b").is_within(ADDRESS));
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
            assert!(!other.is_within(ADDRESS), "{other:?}");
        }
        let project = "https://h/scm/plat";
        assert!(request("https", "h", "scm/plat/x.git").is_within(project));
        assert!(!request("https", "h", "scm/platform/x.git").is_within(project));
        assert!(request("https", "h", "scm/plat/x.git").is_within("https://h"));
    }

    #[test]
    fn gits_lines_are_read_up_to_the_empty_one() {
        let lines = "capability[]=authtype\ncapability[]=state\nprotocol=https\nhost=h\npath=scm/a=b.git\nwwwauth[]=Basic realm=\"x\"\npassword=geheim\n\nhost=other\n";
        let wanted = request("https", "h", "scm/a=b.git");
        assert_eq!(Request::read(lines.as_bytes()).ok(), Some(wanted));
    }
}
