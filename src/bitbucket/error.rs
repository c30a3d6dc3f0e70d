//! What can go wrong, told apart by what the user can do next.

use std::fmt;
use std::time::Duration;

use super::address::BaseUrl;
use super::certificate::Distrust;
use super::oauth::OAuthProblem;

/// A call that failed.
///
/// Nothing in it is secret: no header, no query, no body of a request. All text of the server has
/// been cleaned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    /// Which of the states that a user can see this is.
    pub kind: ErrorKind,
    // Boxed to keep `Result<T, Error>` small.
    pub(super) details: Box<Details>,
}

/// What is known of the failed call, for people who read details.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Details {
    /// Method and path: `GET /rest/api/latest/projects`.
    pub(super) request: String,
    pub(super) status: Option<u16>,
    /// The words that came with the refusal.
    pub(super) message: Option<String>,
    /// They came in a form that is Bitbucket's.
    pub(super) is_bitbuckets: bool,
    /// The field that the server blames.
    pub(super) field: Option<String>,
    /// The Java class of the server's exception.
    pub(super) exception: Option<String>,
    /// Our own words, or those of the network library.
    pub(super) cause: Option<String>,
    pub(super) outcome_is_unknown: bool,
    /// The proxy on the way.
    pub(super) proxy: Option<String>,
}

/// What a proxy does instead of leading to the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ProxyProblem {
    /// It wants a user name and a password, or others than it was given.
    #[error("wants a user name and a password")]
    WantsPassword,
    /// No such host name.
    #[error("cannot be found")]
    NotFound,
    /// Nothing listens there, or there is no way to it.
    #[error("cannot be reached")]
    Unreachable,
    /// It does not open a way to the server.
    #[error("opens no way to the server")]
    NoTunnel,
    /// It is of a kind (SOCKS) that this program does not speak to.
    #[error("is of a kind that bbtoken cannot use")]
    Unsupported,
}

/// The states that a user can see.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The server does not accept this user name with this password.
    #[error("wrong user name or password")]
    WrongPassword,
    /// The server takes us for nobody: the session has ended, or something in between drops the
    /// credentials.
    #[error("not signed in")]
    NotSignedIn,
    /// After several failures a person has to solve a captcha in the browser. Every further password
    /// makes it worse.
    #[error("the server wants a captcha solved in the browser")]
    Captcha {
        /// Where to do that, if the server says so: an `http` or `https` address.
        login_url: Option<String>,
    },
    /// The server takes no passwords on REST calls (the default of the newest versions).
    #[error("the server takes no passwords here (Basic authentication is switched off)")]
    BasicDisabled,
    /// The server knows the account and does not let it in; its message tells more.
    #[error("the server refuses this account")]
    AccountRefused(AccountState),
    /// The code of the second step is not right; another may be sent.
    #[error("wrong code")]
    WrongCode,
    /// The server no longer waits for the code of the second step: the sign-in begins anew.
    #[error("the sign-in took too long")]
    LoginOver,
    /// The account has to be enrolled in two-step verification first, in the browser.
    #[error("the account has to be enrolled in two-step verification")]
    Enrolment,
    /// Nobody is signed in, and nobody has described what this answer means.
    #[error("the server answered the sign-in in a way that is not known")]
    Undescribed {
        /// Where the answer leads, without its query.
        location: Option<String>,
    },
    /// The server wants the password or a code once more for what was asked, in the browser.
    #[error("the server wants to know once more who you are (an elevated session)")]
    ElevatedSession,
    /// Signing in with OAuth 2 did not work.
    #[error("no sign-in in the browser: {0}")]
    OAuth(OAuthProblem),
    /// The server knows who asks, and says no. With 401 as well as with 403.
    #[error("not permitted")]
    NotPermitted,
    /// 401, 403 or 405 from whoever stands in front, or without a reason: why is not known.
    #[error("refused without a reason")]
    Denied,
    /// The server takes a change for one that another web page has forged: a header got lost.
    #[error("the server takes the request for a forged one")]
    XsrfCheckFailed,
    /// No such project, repository or user, or none that this user may know of.
    #[error("not found")]
    NotFound,
    /// No such token in this place.
    #[error("there is no such token")]
    NoSuchToken,
    /// The server has no such path: its version or its licence has nothing of that kind, or something
    /// else answers (404 that is not an error of a resource).
    #[error("the server has no such path")]
    NoSuchPath,
    /// The server does not accept a value: see [`Error::field`] and [`Error::server_message`].
    #[error("the server does not accept this")]
    Invalid,
    /// It conflicts with what is there.
    #[error("conflict with what is there already")]
    Conflict,
    /// Too many requests.
    #[error("too many requests")]
    RateLimited {
        /// How long the server wants us to wait, if it says so.
        retry_after: Option<Duration>,
    },
    /// It fails by itself (500).
    #[error("the server failed")]
    ServerFault,
    /// It does not want to answer in JSON (406).
    #[error("the server does not answer in the form that was asked for")]
    NotAcceptable,
    /// Starting, in maintenance, or the proxy in front does not reach it (502, 503, 504).
    #[error("the server is not available at the moment")]
    Unavailable,
    /// A redirect or a sign-in page in place of an answer: passwords do not get past it.
    #[error("the server wants single sign-on in the browser")]
    SingleSignOn {
        /// Where the redirect leads, without its query.
        location: Option<String>,
    },
    /// What was asked for is at another path of the same server.
    #[error("it has moved to {path}")]
    PathMoved {
        /// Below the base.
        path: String,
    },
    /// The same path exists elsewhere: another scheme, host or context path.
    #[error("Bitbucket has moved to {to}")]
    Moved {
        /// The base address to use instead.
        to: BaseUrl,
    },
    /// Something answers at this address, but no Bitbucket.
    #[error("there is no Bitbucket at this address")]
    NotBitbucket,
    /// HTML or broken JSON where Bitbucket answers JSON: usually from a proxy.
    #[error("the answer cannot be read")]
    NotJson,
    /// A token has been created, but its secret is missing or is none. It should be revoked.
    #[error("the server created a token, but its secret cannot be used")]
    UnusableSecret {
        /// The token to revoke.
        id: String,
    },
    /// No such host name.
    #[error("no server of this name can be found")]
    NameNotFound,
    /// The computer is there, and nothing listens at the port.
    #[error("the server refuses the connection")]
    Refused,
    /// No way to the computer: no network, no VPN.
    #[error("the server cannot be reached")]
    Unreachable,
    /// The server's certificate is not trusted.
    #[error("the server's certificate is not trusted: {}", .0.reason)]
    Certificate(Distrust),
    /// The file with authorities to trust cannot be used.
    #[error("{path} holds no certificates to trust: {reason}")]
    AuthorityFile {
        /// Its path.
        path: String,
        /// Why not.
        reason: String,
    },
    /// The proxy on the way does not lead to the server.
    #[error("the proxy {address} {problem}")]
    Proxy {
        /// Such as `http://proxy.example.com:3128`.
        address: String,
        /// What it does not do.
        problem: ProxyProblem,
    },
    /// What answers does not speak https.
    #[error("the server does not speak https there")]
    NoEncryption,
    /// Another product answers at this address.
    #[error("this is {name}, not Bitbucket")]
    OtherProduct {
        /// Such as "Jira".
        name: String,
    },
    /// No answer in time.
    #[error("the server did not answer in time")]
    TimedOut,
    /// The connection broke.
    #[error("the connection was lost")]
    ConnectionLost,
    /// None of these: see [`Error::technical`].
    #[error("the call failed")]
    Other,
}

/// Why a known account is not let in. Bitbucket tells by the names of its exceptions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccountState {
    /// Somebody has switched it off.
    Inactive,
    /// The password has to be changed first.
    PasswordExpired,
    /// Locked, mostly for a while after too many failures.
    Locked,
    /// It has no licence to use Bitbucket.
    NoLicence,
    /// Any other reason.
    Other,
}

impl Error {
    /// The words that came with the refusal, cleaned, if there were any.
    #[must_use]
    pub fn server_message(&self) -> Option<&str> {
        self.details.message.as_deref()
    }

    /// Whether Bitbucket itself refused: the answer has the form of its errors. Others in front of it
    /// answer pages or plain text.
    #[must_use]
    pub fn is_bitbuckets(&self) -> bool {
        self.details.is_bitbuckets
    }

    /// The status of the answer, if one came.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        self.details.status
    }

    /// The field that the server blames, in its own word: `name`, `permissions`, `expiryDays`.
    #[must_use]
    pub fn field(&self) -> Option<&str> {
        self.details.field.as_deref()
    }

    /// The Java class of the server's exception, if it names one.
    #[must_use]
    pub fn exception(&self) -> Option<&str> {
        self.details.exception.as_deref()
    }

    /// One line for people who look after servers:
    /// `GET /rest/api/latest/projects → 401 com.atlassian.bitbucket.AuthorisationException`.
    #[must_use]
    pub fn technical(&self) -> String {
        let (request, answer) = (&self.details.request, self.answer());
        if request.is_empty() {
            answer
        } else {
            format!("{request} → {answer}")
        }
    }

    /// The part of [`Error::technical`] that says what came back.
    pub(super) fn answer(&self) -> String {
        let Details {
            status,
            exception,
            cause,
            ..
        } = &*self.details;
        let mut words: Vec<_> = status.iter().map(u16::to_string).collect();
        words.extend(exception.clone());
        words.extend(cause.clone());
        if words.is_empty() {
            words.push(self.kind.to_string());
        }
        words.join(" ")
    }

    /// The proxy that the call went through: `http://proxy.example.com:3128`.
    #[must_use]
    pub fn proxy(&self) -> Option<&str> {
        self.details.proxy.as_deref()
    }

    /// Whether the server may have done what it was asked although the call failed.
    ///
    /// True for creating, changing and revoking where the request may have arrived and no refusal of
    /// Bitbucket's own came back. A refusal is a 4xx with its list of errors or the `{"message"}` of
    /// its filters, a captcha, a 429, or a proxy's 407. Everything else that was sent has an unknown
    /// outcome: no answer, half of one, one that cannot be read, 5xx, redirects, web pages. Then do
    /// not send it again: read the list.
    #[must_use]
    pub fn outcome_is_unknown(&self) -> bool {
        self.details.outcome_is_unknown
    }

    /// Whether anybody has answered, with whatever status.
    #[must_use]
    pub fn was_answered(&self) -> bool {
        self.details.status.is_some()
    }

    /// Whether a 404 is about a project, a repository or a user: Bitbucket then names an exception of
    /// its own for each.
    pub(super) fn misses_a_place(&self) -> bool {
        let name = self.exception().and_then(|name| name.rsplit('.').next());
        let places = ["Project", "Repository", "User"];
        name.is_some_and(|name| places.iter().any(|place| name.contains(place)))
    }

    pub(super) fn because(mut self, cause: impl Into<String>) -> Self {
        self.details.cause = Some(cause.into());
        self
    }
}

impl From<ErrorKind> for Error {
    /// An error that no server has sent.
    fn from(kind: ErrorKind) -> Self {
        Self {
            kind,
            details: Box::default(),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.kind)?;
        let details = &self.details;
        match details.message.as_ref().or(details.cause.as_ref()) {
            Some(message) => write!(f, ": {message}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Error {}
