//! What git would send to an address by way of signing in: headers of its configuration, then what the
//! address itself holds, then what its helpers give. Asked beforehand, so that a try costs nobody a
//! failed login, and no helper its password.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use reqwest::Url;
use zeroize::Zeroizing;

use super::Error;
use super::ask::{Service, Workplace};
use super::remotes::Remote;
use super::settings::{self, Setting};
use super::store::{line, password};
use crate::environment::Environment;
use crate::secret::Secret;
use crate::text::clean;

/// What git would send.
#[derive(Debug)]
pub struct Sent {
    /// Where to: as git goes there, without what somebody signs in with.
    pub address: String,
    /// By way of signing in.
    pub sign_in: SignIn,
    /// Where git has that from.
    pub from: Source,
    /// What the helpers gave, as they gave it.
    given: Option<Zeroizing<String>>,
}

/// With what git signs in.
#[derive(Debug)]
pub enum SignIn {
    /// Nothing: it would ask.
    Nothing,
    /// User name and password; the password may be a token.
    Password(String, Secret),
    /// A token as Bearer.
    Bearer(Secret),
    /// A header of another kind, which is not tried.
    Other,
    /// So many headers at once, of which the server takes one or none.
    Several(usize),
}

/// Where git has it from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// From nowhere.
    Nowhere,
    /// A header in this file of configuration.
    Header(String),
    /// The address itself.
    Address,
    /// A helper.
    Helper,
}

/// Where git goes from a place: over HTTP, or elsewhere.
#[derive(Debug)]
pub enum Goes {
    /// Over HTTP.
    Http(Sent),
    /// Somewhere else, such as `ssh://git@git.example.com/plat/x.git`.
    Elsewhere(String),
    /// There is no such remote.
    Nowhere,
}

impl Goes {
    /// What git would send there, if that is over HTTP.
    #[must_use]
    pub fn sent(&self) -> Option<&Sent> {
        match self {
            Self::Http(sent) => Some(sent),
            Self::Elsewhere(_) | Self::Nowhere => None,
        }
    }
}

impl Sent {
    /// The person whose own password it is; that is never sent for a test.
    #[must_use]
    pub fn person(&self) -> Option<&str> {
        match &self.sign_in {
            SignIn::Password(user, password) if !password.is_token() => Some(user),
            _ => None,
        }
    }

    /// The password or the token.
    #[must_use]
    pub fn secret(&self) -> Option<&Secret> {
        match &self.sign_in {
            SignIn::Password(_, secret) | SignIn::Bearer(secret) => Some(secret),
            _ => None,
        }
    }

    /// Whether it is this token.
    #[must_use]
    pub fn is(&self, token: &Secret) -> bool {
        self.secret() == Some(token)
    }
}

/// What git would send from here.
///
/// # Errors
///
/// [`Error::NoGit`], and where a helper does not answer in time.
pub async fn goes(
    environment: &Environment,
    place: &Workplace,
    service: Service,
) -> Result<Goes, Error> {
    let Some(address) = place.address(environment, service).await? else {
        return Ok(Goes::Nowhere);
    };
    let Some(url) = Url::parse(&address)
        .ok()
        .filter(|url| matches!(url.scheme(), "http" | "https"))
    else {
        return Ok(Goes::Elsewhere(clean(&Remote::new("", &address).address)));
    };
    let headers = headers(environment, place, &url).await?;
    sent(environment, place, &address, headers)
        .await
        .map(Goes::Http)
}

/// What git would send after a redirect to this address: it does not look for headers again.
///
/// # Errors
///
/// As [`goes`].
pub async fn after_redirect(
    environment: &Environment,
    place: &Workplace,
    address: &str,
) -> Result<Sent, Error> {
    sent(environment, place, address, Vec::new()).await
}

async fn sent(
    environment: &Environment,
    place: &Workplace,
    address: &str,
    mut headers: Vec<Header>,
) -> Result<Sent, Error> {
    let shown = super::address::bare(address).unwrap_or_default();
    let with = |sign_in, from, given| Sent {
        address: shown.clone(),
        sign_in,
        from,
        given,
    };
    if headers.len() > 1 {
        let several = SignIn::Several(headers.len());
        let from = headers.swap_remove(0).file;
        return Ok(with(several, Source::Header(from), None));
    }
    if let Some(header) = headers.pop() {
        return Ok(with(header.sign_in(), Source::Header(header.file), None));
    }
    let has_password = Url::parse(address).is_ok_and(|url| url.password().is_some());
    let asked = Zeroizing::new(format!("url={address}\ncapability[]=authtype\n\n"));
    let filled = place
        .git(
            environment,
            &["-c", "credential.interactive=false", "credential", "fill"],
            &asked,
        )
        .await?;
    if !filled.is_success {
        return Ok(with(SignIn::Nothing, Source::Nowhere, None));
    }
    let value = |key| line(&filled, key).map(|value| Secret::new(value.to_owned()));
    let bearer = line(&filled, "authtype").is_some_and(|it| it.eq_ignore_ascii_case("bearer"));
    let user = line(&filled, "username").unwrap_or_default();
    let sign_in = match (value("credential").filter(|_| bearer), password(&filled)) {
        (Some(token), _) => SignIn::Bearer(token),
        (None, Some(password)) => SignIn::Password(clean(user), password),
        (None, None) => SignIn::Other,
    };
    let from = if has_password {
        Source::Address
    } else {
        Source::Helper
    };
    let given = Zeroizing::new(filled.text().to_owned());
    Ok(with(sign_in, from, Some(given)))
}

/// Has git's helpers keep again what git made them forget, if they forgot it.
///
/// # Errors
///
/// As [`goes`].
pub async fn restore(
    environment: &Environment,
    place: &Workplace,
    sent: &Sent,
) -> Result<(), Error> {
    let Some(given) = sent.given.as_ref().filter(|_| sent.from == Source::Helper) else {
        return Ok(());
    };
    let now = after_redirect(environment, place, &sent.address).await?;
    if now.given.as_ref() != Some(given) {
        let description = Zeroizing::new(format!("{}\n", given.as_str()));
        let arguments = ["credential", "approve"];
        place
            .git(environment, &arguments, &description)
            .await?
            .check()?;
    }
    Ok(())
}

/// An `Authorization` of git's configuration.
struct Header {
    value: Zeroizing<String>,
    file: String,
}

impl Header {
    fn sign_in(&self) -> SignIn {
        let (scheme, value) = self.value.split_once(' ').unwrap_or_default();
        let value = value.trim();
        if scheme.eq_ignore_ascii_case("bearer") {
            return SignIn::Bearer(Secret::new(value.to_owned()));
        }
        let decoded = BASE64_STANDARD.decode(value).ok().map(Zeroizing::new);
        let decoded = decoded.filter(|_| scheme.eq_ignore_ascii_case("basic"));
        let pair = decoded.as_ref().and_then(|it| std::str::from_utf8(it).ok());
        match pair.and_then(|pair| pair.split_once(':')) {
            Some((user, password)) => {
                SignIn::Password(clean(user), Secret::new(password.to_owned()))
            }
            None => SignIn::Other,
        }
    }
}

/// The files with an `Authorization` that git sends to this address from the current directory, without
/// those that bbtoken has written.
///
/// # Errors
///
/// As [`goes`].
pub async fn headers_at(environment: &Environment, address: &str) -> Result<Vec<String>, Error> {
    let Ok(url) = Url::parse(address) else {
        return Ok(Vec::new());
    };
    let all = settings::at(environment, ("http", "extraheader"), &url).await?;
    let headers =
        authorizations(all).filter(|header| !super::files::is_ours(environment, &header.file));
    Ok(headers.map(|header| header.file).collect())
}

/// The `Authorization` headers that git sends to this address.
async fn headers(
    environment: &Environment,
    place: &Workplace,
    url: &Url,
) -> Result<Vec<Header>, Error> {
    let pattern = settings::pattern("http", "extraheader");
    let output = place
        .git(environment, &settings::all_of(&pattern), "")
        .await?;
    let all = settings::read(output.text());
    let all = settings::for_url(all, "http", "extraheader", url);
    Ok(authorizations(all).collect())
}

/// Those with which somebody signs in.
fn authorizations(headers: Vec<Setting>) -> impl Iterator<Item = Header> {
    let headers = headers.into_iter().filter(Setting::is_authorization);
    headers.filter_map(|setting| {
        let (_, value) = setting.value.split_once(':')?;
        Some(Header {
            value: Zeroizing::new(value.trim().to_owned()),
            file: setting.from,
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_read_for_what_they_send() {
        let header = |value: &str| Header {
            value: Zeroizing::new(value.to_owned()),
            file: String::new(),
        };
        assert!(matches!(header("Bearer x").sign_in(), SignIn::Bearer(it) if it.expose() == "x"));
        let basic = header("basic YWxpY2U6cHc6MQ==").sign_in();
        assert!(
            matches!(basic, SignIn::Password(user, pw) if user == "alice" && pw.expose() == "pw:1")
        );
        assert!(matches!(header("Negotiate x").sign_in(), SignIn::Other));
    }
}
