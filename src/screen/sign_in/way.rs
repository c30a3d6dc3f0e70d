//! The ways to sign in beside user name and password, and what is said of each.
//!
//! A new way is one variant here and one arm in [`super::SignIn::take`].

use std::borrow::Cow;

use crate::bitbucket::{ErrorKind, LoginOption};
use crate::ui::keymap::Action;
use crate::ui::session::Session;
use crate::ui::step::Step;

/// A way to sign in that is offered below the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum OtherWay {
    /// OAuth 2.
    OAuth,
    /// The token is made on Bitbucket's own page.
    Browser,
    /// The token that somebody has already.
    Token,
    /// The password that git keeps.
    GitPassword,
}

impl OtherWay {
    /// Those that lead somewhere on this server, in the order in which they stand.
    pub(super) fn offered(session: &Session) -> Vec<Self> {
        let server = session.server.as_ref();
        let has_oauth = server.is_some_and(|server| {
            let configured = session.config.server(server.client.base());
            let client_id = configured.and_then(|it| it.oauth_client_id.as_ref());
            server.info.oauth && client_id.is_some()
        });
        let oauth = has_oauth.then_some(Self::OAuth);
        let others = [Self::Browser, Self::Token, Self::GitPassword];
        let ways = oauth.into_iter().chain(others);
        ways.collect()
    }

    /// A few words, as the choice between several.
    pub(super) fn title(self) -> &'static str {
        match self {
            Self::OAuth => "OAuth in the browser",
            Self::Browser => "In the browser",
            Self::Token => "An existing token",
            Self::GitPassword => "Ask git",
        }
    }

    /// What enter does on it.
    pub(super) fn step(self) -> Step {
        match self {
            Self::OAuth => Step::press(
                "Step 2 of 6: press {} to sign in with OAuth in the browser.",
                &[Action::Accept],
            ),
            Self::Browser => Step::press(
                "Step 2 of 6: press {} to create the token in the browser.",
                &[Action::Accept],
            ),
            Self::Token => Step::press(
                "Press {} to look around with a token that you have.",
                &[Action::Accept],
            ),
            Self::GitPassword => Step::press(
                "Step 2 of 6: press {} to fill in what git has stored.",
                &[Action::Accept],
            ),
        }
    }

    /// What it is good for, in one line.
    pub(super) fn explanation(self, session: &Session) -> Cow<'static, str> {
        let provider = session.server.as_ref().and_then(|it| it.info.provider());
        Cow::Borrowed(match (self, provider) {
            (Self::OAuth, _) => "sign in there, and allow bbtoken to continue",
            (Self::Browser, Some((label, _))) => {
                let name = label.strip_prefix("Log in with ").unwrap_or(label);
                return format!("with {name}: create the token there").into();
            }
            (Self::Browser, None) => "create the token on Bitbucket's own page",
            (Self::Token, _) => "to look around: it cannot create any tokens",
            (Self::GitPassword, _) => "for the password stored for this server",
        })
    }

    /// Whether it leads on where a password has failed like this: then it is the next choice.
    pub(super) fn helps_after(self, failure: &ErrorKind) -> bool {
        match self {
            Self::OAuth | Self::Browser => matches!(
                failure,
                ErrorKind::SingleSignOn { .. }
                    | ErrorKind::Undescribed { .. }
                    | ErrorKind::Denied
                    | ErrorKind::Blocked
                    | ErrorKind::BasicDisabled
            ),
            Self::Token | Self::GitPassword => false,
        }
    }
}

/// Whether the server lets people in through a provider's page only: no password is of use then.
pub(super) fn takes_no_password(session: &Session) -> bool {
    let Some(server) = &session.server else {
        return false;
    };
    let options = server.info.login_options.as_deref().unwrap_or_default();
    let is_behind = server.info.behind.is_some();
    is_behind || (!options.is_empty() && !options.iter().any(LoginOption::takes_password))
}
