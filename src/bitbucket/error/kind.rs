//! The states that a user can see.

use std::time::Duration;

use crate::address::BaseUrl;
use crate::bitbucket::certificate::Distrust;

/// What a proxy does instead of leading to the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ProxyProblem {
    /// It wants a user name and a password.
    #[error("wants a user name and a password")]
    WantsPassword,
    /// It wants others than it was given.
    #[error("refuses this user name with this password")]
    RefusesPassword,
    /// It does not take user name and password as Basic, the only way in which this program gives them.
    #[error("does not accept Basic authentication, the only kind that bbtoken can send")]
    WantsOther,
    /// No such host name.
    #[error("cannot be found")]
    NotFound,
    /// Nothing listens there, or there is no way to it.
    #[error("cannot be reached")]
    Unreachable,
    /// It does not open a way to the server.
    #[error("refuses to connect to the server")]
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
    /// The token is accepted, and nothing tells whose it is: something on the way takes the name away.
    #[error("the token is valid, but the server does not say whose it is")]
    Unnamed,
    /// After several failures a person has to solve a captcha in the browser. Every further password
    /// makes it worse.
    #[error("the server asks for a captcha in the browser")]
    Captcha {
        /// Where to do that, if the server says so: an `http` or `https` address.
        login_url: Option<String>,
    },
    /// The server takes no passwords on REST calls (the default of the newest versions).
    #[error("the server does not accept passwords here (Basic authentication is switched off)")]
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
    #[error("the account has to enrol in two-step verification")]
    Enrolment,
    /// Nobody is signed in, and nobody has described what this answer means.
    #[error("the server's answer to the sign-in is not known to bbtoken")]
    Undescribed {
        /// Where the answer leads, without its query.
        location: Option<String>,
    },
    /// The server wants the password or a code once more for what was asked, in the browser.
    #[error("the server asks you to sign in again (an elevated session)")]
    ElevatedSession,
    /// Signing in with OAuth 2 did not work.
    #[error("the sign-in in the browser failed: {0}")]
    OAuth(OAuthProblem),
    /// The server knows who asks, and says no. With 401 as well as with 403.
    #[error("not permitted")]
    NotPermitted,
    /// 401, 403 or 405 from whoever stands in front, or without a reason: why is not known.
    #[error("refused without a reason")]
    Denied,
    /// A web page in place of an answer refuses: a firewall or a proxy between here and Bitbucket. It may
    /// name a number: `Error::incident`.
    #[error("something between here and Bitbucket refused it")]
    Blocked,
    /// The server takes a change for one that another web page has forged: a header got lost.
    #[error("the server thinks the request is forged")]
    XsrfCheckFailed,
    /// No such project, repository or user, or none that this user may know of.
    #[error("not found")]
    NotFound,
    /// The repository has no clone link over http: that protocol may be switched off.
    #[error("Bitbucket gives no http address to clone from, so git cannot use a token there")]
    NoHttpClone,
    /// No such token in this place.
    #[error("there is no such token")]
    NoSuchToken,
    /// The server has no such path: its version or its licence has nothing of that kind, or something
    /// else answers (404 that is not an error of a resource).
    #[error("the server has no such path")]
    NoSuchPath,
    /// The server does not accept a value: see `Error::field` and `Error::server_message`.
    #[error("the server does not accept this")]
    Invalid,
    /// It conflicts with what is there.
    #[error("it conflicts with something that already exists")]
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
    #[error("the server does not answer in the format that bbtoken asks for")]
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
    /// Redirects lead back to where they came from.
    #[error("the server's redirects lead in a circle")]
    RedirectCircle {
        /// The addresses, in this order; the last one was there before.
        through: Vec<String>,
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
    #[error("no server with this name was found")]
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
    /// The server wants a client certificate (mTLS), and has not been given one that it accepts.
    #[error("the server {0}")]
    ClientCertificate(CertificateProblem),
    /// The files with the client certificate and its key cannot be used.
    #[error("{path} cannot be used as a client certificate: {reason}")]
    ClientCertificateFile {
        /// The path of the one at fault.
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
    /// A variable names a proxy in a way that nobody can read for certain: none of its pieces is used.
    #[error(
        "the value of {variable} cannot be read as the address of a proxy: in its password / ? # @ % have to be encoded (%2F %3F %23 %40 %25)"
    )]
    ProxyVariable {
        /// Such as `HTTPS_PROXY`.
        variable: String,
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
    /// None of these: see `Error::technical`.
    #[error("the call failed")]
    Other,
}

/// What a server says to the certificate of a client.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CertificateProblem {
    /// It wants one, and none is configured.
    #[error("wants a client certificate, and none is configured")]
    Wanted,
    /// It does not accept the one of this file.
    #[error("does not accept the client certificate in {0}")]
    Refused(String),
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

/// Why OAuth 2 did not lead to a sign-in.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OAuthProblem {
    /// Another program listens where the browser is to be sent back to.
    #[error("the port {0} is taken by another program")]
    PortTaken(u16),
    /// The user has said no in the browser.
    #[error("access was denied in the browser")]
    Denied,
    /// Nobody came back.
    #[error("access was not allowed in the browser in time")]
    NobodyCame,
    /// The server refuses the application, the code or the scopes; its own word for it.
    #[error("the server refused it ({0})")]
    Refused(String),
}
