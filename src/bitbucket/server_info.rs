//! What a server tells of itself before anybody signs in.

use jiff::Timestamp;
use serde_json::Value;

use super::certificate::Certificate;
use super::fields::text;

/// What answers at a base address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerInfo {
    /// "Bitbucket", or what the company calls it.
    pub display_name: String,
    /// Such as `9.4.0`.
    pub version: String,
    /// The ways to sign in that its login page offers; `None`: it does not tell.
    pub login_options: Option<Vec<LoginOption>>,
    /// Whether passwords may go with REST calls; `None`: it does not tell whoever has not signed in.
    pub basic: Option<BasicAuthentication>,
    /// Whether it can let a program in by OAuth 2.
    pub oauth: bool,
    /// When it answered, by its own clock.
    pub date: Option<Timestamp>,
    /// The certificates that it presented and that are trusted, its own first; none over http.
    pub certificates: Vec<Certificate>,
    /// The proxy on the way, such as `http://proxy.example.com:3128`.
    pub proxy: Option<String>,
    /// A sign-in page stands in front of everything: what it is and which version, nobody knows.
    pub behind: Option<SignInPage>,
}

/// A way to sign in that the server offers on its login page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LoginOption {
    /// User name and password: `LOGIN_FORM`.
    Form,
    /// User name and password through the form of older servers: `LEGACY_LOGIN_FORM`.
    OldForm,
    /// An identity provider of the company: single sign-on.
    IdentityProvider {
        /// What its button says, such as "Log in with Okta".
        label: Option<String>,
        /// The page behind the button.
        page: Option<String>,
    },
}

impl LoginOption {
    /// Whether it takes a user name and a password.
    #[must_use]
    pub fn takes_password(&self) -> bool {
        matches!(self, Self::Form | Self::OldForm)
    }
}

/// Whether REST calls may carry a password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BasicAuthentication {
    /// They may.
    On,
    /// They may not, but for these users.
    Off {
        /// Their names.
        except: Vec<String>,
    },
}

impl BasicAuthentication {
    pub(super) fn lets_in(&self, user: &str) -> bool {
        match self {
            Self::On => true,
            Self::Off { except } => except.iter().any(|it| it.eq_ignore_ascii_case(user)),
        }
    }
}

/// A sign-in page that stands in front of everything, so that nothing else is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignInPage {
    /// Where the redirect to it leads, without its query.
    pub location: Option<String>,
}

impl ServerInfo {
    /// Such as "Bitbucket 9.4.0"; the name alone where the version is not known.
    #[must_use]
    pub fn title(&self) -> String {
        format!("{} {}", self.display_name, self.version)
            .trim_end()
            .to_owned()
    }

    /// A Bitbucket that tells nothing of itself to whoever has not signed in.
    pub(super) fn reticent() -> Self {
        Self::named("Bitbucket".to_owned())
    }

    /// Takes over what it tells of itself only to whoever has signed in.
    pub fn learn(&mut self, told: Self) {
        self.display_name = told.display_name;
        self.version = told.version;
        self.date = told.date;
    }

    /// `None` where this is not what a Bitbucket sends.
    pub(super) fn read(value: &Value) -> Option<Self> {
        // Bitbucket always sends these two; the name can be changed, but not be left out.
        let version = text(value, "version")?;
        let display_name = text(value, "displayName")?;
        Some(Self {
            version,
            ..Self::named(display_name)
        })
    }

    /// Nothing but a name.
    fn named(display_name: String) -> Self {
        Self {
            display_name,
            version: String::new(),
            login_options: None,
            basic: None,
            oauth: false,
            date: None,
            certificates: Vec::new(),
            proxy: None,
            behind: None,
        }
    }

    /// What is known of a server that shows nothing but a sign-in page.
    #[must_use]
    pub fn behind(page: SignInPage) -> Self {
        Self {
            behind: Some(page),
            ..Self::named("Bitbucket".to_owned())
        }
    }

    /// What the button of the company's identity provider says and the page behind it, where the login
    /// page has such a button.
    #[must_use]
    pub fn provider(&self) -> Option<(&str, Option<&str>)> {
        let options = self.login_options.iter().flatten();
        options.into_iter().find_map(|option| match option {
            LoginOption::IdentityProvider { label, page } => {
                Some((label.as_deref()?, page.as_deref()))
            }
            _ => None,
        })
    }

    /// Whether the version is this one or a later one; what cannot be read counts as new.
    #[must_use]
    pub fn is_at_least(&self, major: u32, minor: u32) -> bool {
        let mut numbers = self.version.split(['.', '-']).map(str::parse::<u32>);
        match (numbers.next(), numbers.next()) {
            (Some(Ok(first)), Some(Ok(second))) => (first, second) >= (major, minor),
            (Some(Ok(first)), _) => first >= major,
            _ => true,
        }
    }

    /// Whether the version has HTTP access tokens for people (5.5 and later).
    #[must_use]
    pub fn has_tokens(&self) -> bool {
        self.is_at_least(5, 5)
    }

    /// Whether the version has them for projects and repositories (7.18 and later). The licence must
    /// have them too, which only the list itself tells.
    #[must_use]
    pub fn has_place_tokens(&self) -> bool {
        self.is_at_least(7, 18)
    }
}
