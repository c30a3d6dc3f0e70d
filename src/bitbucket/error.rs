//! What can go wrong, told apart by what the user can do next.

mod kind;

use std::fmt;

use jiff::Timestamp;

pub use self::kind::{AccountState, CertificateProblem, ErrorKind, OAuthProblem, ProxyProblem};

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
    /// It is JSON that Bitbucket, or a filter in front of its resources, may have sent.
    pub(super) may_be_bitbuckets: bool,
    /// The field that the server blames.
    pub(super) field: Option<String>,
    /// The Java class of the server's exception.
    pub(super) exception: Option<String>,
    /// The number under which whoever stands in front has noted it.
    pub(super) incident: Option<String>,
    /// Our own words, or those of the network library.
    pub(super) cause: Option<String>,
    pub(super) outcome_is_unknown: bool,
    /// When the pause is over that the server wants.
    pub(super) pause_ends: Option<Timestamp>,
    /// The proxy on the way.
    pub(super) proxy: Option<String>,
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

    /// The number under which a firewall, or whoever else answered with a web page, has noted it: with it
    /// administrators find out why.
    #[must_use]
    pub fn incident(&self) -> Option<&str> {
        self.details.incident.as_deref()
    }

    /// The kind, with the number of a refusal where there is one: the end of "could not be read: …".
    #[must_use]
    pub fn brief(&self) -> String {
        match self.incident() {
            Some(number) => format!("{}; its number for this is {number}", self.kind),
            None => self.kind.to_string(),
        }
    }

    /// When the pause is over that the server wants, where it wants one.
    #[must_use]
    pub fn pause_ends(&self) -> Option<Timestamp> {
        self.details.pause_ends
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

    /// Whether the server answers nobody who has not signed in: 401 or 403, in JSON.
    pub(super) fn wants_sign_in(&self) -> bool {
        matches!(self.status(), Some(401 | 403)) && self.details.may_be_bitbuckets
    }

    /// Whether the same question may be answered a little later.
    pub(super) fn is_passing(&self) -> bool {
        matches!(
            self.kind,
            ErrorKind::RateLimited { .. } | ErrorKind::Unavailable | ErrorKind::ServerFault
        )
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
