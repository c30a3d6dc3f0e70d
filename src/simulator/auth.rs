//! Who is calling: passwords, tokens and sessions, with Bitbucket's ways to say no.

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use zeroize::Zeroizing;

use super::oauth::Grant;
use super::profile::Feature;
use super::service_account::ServiceAccount;
use super::shared::Shared;
use super::token::TokenPower;
use super::world::{SignIn, UserId};

/// Who is calling.
#[derive(Debug, Clone)]
pub(super) enum Caller {
    /// Nobody who says so.
    Anonymous,
    /// A person, by password or session.
    User {
        /// Which one.
        user: UserId,
        /// By session: then everything but reading needs the header against XSRF.
        session: bool,
    },
    /// An access token.
    Token(TokenPower),
    /// An application, for a person.
    Application(Grant),
}

/// Why credentials were refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusal {
    /// Wrong name, wrong password, or a token that is unknown, revoked or expired.
    WrongCredentials,
    /// Too many wrong passwords: first a captcha, in the browser.
    Captcha,
    /// Basic is switched off.
    BasicOff,
    /// The password is right, but has to be changed.
    Expired,
    /// The account is locked.
    Locked,
    /// The account is switched off.
    Inactive,
    /// The account has no licence.
    NoLicence,
}

/// The three parts of the server, which treat credentials differently.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Area {
    /// Below `/rest`.
    Rest,
    /// Below `/scm`.
    Scm,
    /// Everything else, where no token counts on newer servers.
    Web,
}

impl Area {
    /// The part that serves a path (without context path).
    pub(super) fn of(path: &str) -> Self {
        if path.starts_with("/rest/") {
            Self::Rest
        } else if path.starts_with("/scm/") {
            Self::Scm
        } else {
            Self::Web
        }
    }
}

/// Finds out who is calling. An `Authorization` header outranks the session's cookie.
///
/// # Errors
/// Why the credentials are refused; their absence is no error.
pub(super) fn identify(
    shared: &Shared,
    headers: &HeaderMap,
    area: Area,
) -> Result<Caller, Refusal> {
    let Some(header) = headers.get(AUTHORIZATION) else {
        let session = shared.sessions.of(headers);
        return Ok(session.map_or(Caller::Anonymous, |user| Caller::User {
            user,
            session: true,
        }));
    };
    let (scheme, credentials) = header
        .to_str()
        .ok()
        .and_then(|value| value.trim().split_once(' '))
        .ok_or(Refusal::WrongCredentials)?;
    let credentials = credentials.trim();
    if scheme.eq_ignore_ascii_case("bearer") {
        let now = shared.options.clock.now().time;
        let grant = shared.grants.of(credentials, now);
        if let Some(grant) = grant.filter(|_| area == Area::Rest) {
            return Ok(Caller::Application(grant));
        }
        return shared.authenticate(credentials, area).map(Caller::Token);
    }
    if !scheme.eq_ignore_ascii_case("basic") {
        return Err(Refusal::WrongCredentials);
    }
    // Before the password is looked at.
    if !shared.options.has_basic() {
        return Err(Refusal::BasicOff);
    }
    let plain = BASE64_STANDARD
        .decode(credentials)
        .map_err(|_| Refusal::WrongCredentials)?;
    let plain = String::from_utf8(plain).map_err(|_| Refusal::WrongCredentials)?;
    let plain = Zeroizing::new(plain);
    let (name, password) = plain.split_once(':').ok_or(Refusal::WrongCredentials)?;
    basic(shared, name, password, area)
}

fn basic(shared: &Shared, name: &str, password: &str, area: Area) -> Result<Caller, Refusal> {
    let id = shared
        .world
        .user_by_name(name)
        .ok_or(Refusal::WrongCredentials)?;
    let user = shared.world.user(id);
    if matches!(
        shared.sign_in_of(user),
        SignIn::FormOnly | SignIn::SingleSignOn | SignIn::TwoStep | SignIn::Enrolment
    ) {
        return Err(Refusal::BasicOff);
    }
    // Personal tokens are accepted in the password's place; the others are "Bearer only".
    if let Ok(token) = shared.authenticate_if(password, area, |token| token.owner() == Some(id)) {
        return Ok(Caller::Token(token));
    }
    let user = shared.check_password(name, password, false)?;
    Ok(Caller::User {
        user,
        session: false,
    })
}

/// Why an account lets nobody in, though the password is right.
fn closed(sign_in: SignIn) -> Option<Refusal> {
    match sign_in {
        SignIn::Expired => Some(Refusal::Expired),
        SignIn::Locked => Some(Refusal::Locked),
        SignIn::Inactive => Some(Refusal::Inactive),
        SignIn::NoLicence => Some(Refusal::NoLicence),
        SignIn::Password
        | SignIn::Captcha
        | SignIn::FormOnly
        | SignIn::SingleSignOn
        | SignIn::TwoStep
        | SignIn::Enrolment => None,
    }
}

impl Shared {
    /// Whose name and password these are; the same for every way to sign in.
    ///
    /// # Errors
    /// Why the account lets nobody in with them.
    pub(super) fn check_password(
        &self,
        name: &str,
        password: &str,
        captcha_is_solved: bool,
    ) -> Result<UserId, Refusal> {
        let id = self.world.user_by_name(name.trim());
        let id = id.ok_or(Refusal::WrongCredentials)?;
        let user = self.world.user(id);
        if self.sessions.needs_captcha(id, user) && !captcha_is_solved {
            return Err(Refusal::Captcha);
        }
        if !self.is_password_of(id, password) {
            self.sessions.failed(id);
            return Err(Refusal::WrongCredentials);
        }
        self.sessions.succeeded(id);
        closed(user.sign_in).map_or(Ok(id), Err)
    }

    fn authenticate(&self, secret: &str, area: Area) -> Result<TokenPower, Refusal> {
        self.authenticate_if(secret, area, |_| true)
    }

    /// Takes a token's secret, where tokens count and if `accept` agrees to the token.
    fn authenticate_if(
        &self,
        secret: &str,
        area: Area,
        accept: impl Fn(&TokenPower) -> bool,
    ) -> Result<TokenPower, Refusal> {
        if area == Area::Web && self.options.has(Feature::TokensForProgramsOnly) {
            return Err(Refusal::WrongCredentials);
        }
        let now = self.options.clock.now().time;
        self.tokens()
            .authenticate(secret, now, accept)
            .ok_or(Refusal::WrongCredentials)
    }

    /// What `X-AUSERNAME` and `X-AUSERID` say of the caller; `None` for nobody.
    pub(super) fn name_of(&self, caller: &Caller) -> Option<(String, u64)> {
        let user = match caller {
            Caller::Anonymous => return None,
            Caller::User { user, .. } => *user,
            Caller::Application(grant) => grant.user,
            Caller::Token(token) => match ServiceAccount::of(token.scope, &self.world) {
                Ok(account) => return Some((account.name(), account.id())),
                Err(owner) => owner,
            },
        };
        let user = self.world.user(user);
        Some((user.name.clone(), user.id.into()))
    }
}
