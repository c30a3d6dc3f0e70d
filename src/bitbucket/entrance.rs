//! How a server lets people in, as far as that is known, and which form takes a password then.

use super::server_info::{BasicAuthentication, LoginOption, ServerInfo};

/// How a login page sends user name and password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LoginForm {
    /// As JSON, as newer servers have it; a second step can follow.
    Json,
    /// As a form of fields.
    Old,
}

/// What the look at a server has found, kept beside the connections for the sign-in.
#[derive(Debug, Clone)]
pub(super) struct Entrance {
    /// Older than the JSON login.
    is_old: bool,
    /// It tells its version to nobody who has not signed in.
    is_reticent: bool,
    basic: Option<BasicAuthentication>,
    options: Option<Vec<LoginOption>>,
}

impl Entrance {
    pub(super) fn of(info: &ServerInfo) -> Self {
        Self {
            // The JSON login stands in the vendor's description of 9.4; of older ones nothing is known.
            is_old: !info.is_at_least(9, 4),
            is_reticent: info.version.is_empty(),
            basic: info.basic.clone(),
            options: info.login_options.clone(),
        }
    }

    /// What is known where nobody has looked: what its login page offers, if anything.
    pub(super) fn of_login_page(options: Option<Vec<LoginOption>>) -> Self {
        Self {
            is_old: false,
            is_reticent: false,
            basic: None,
            options,
        }
    }

    /// Whether the server tells its version to nobody who has not signed in.
    pub(super) fn is_reticent(&self) -> bool {
        self.is_reticent
    }

    /// Whether the server is older than the JSON login.
    pub(super) fn is_old(&self) -> bool {
        self.is_old
    }

    /// Whether a password of this user may be worth sending as Basic.
    pub(super) fn may_take_basic(&self, user: &str) -> bool {
        let basic = self.basic.as_ref();
        basic.is_none_or(|basic| basic.lets_in(user))
    }

    /// The forms that the server's own words name, the best first; `None`: they do not decide.
    pub(super) fn named(&self) -> Option<Vec<LoginForm>> {
        let Some(options) = &self.options else {
            // Servers that are too old for the list have the old form.
            return self.is_old.then(|| vec![LoginForm::Old]);
        };
        let offers = |option| options.contains(&option);
        // LOGIN_FORM stands for the JSON login by what its name says beside LEGACY_LOGIN_FORM; on a
        // server without that login it can only mean the old form.
        match (offers(LoginOption::Form), offers(LoginOption::OldForm)) {
            (true, old) if !self.is_old => {
                let old = old.then_some(LoginForm::Old);
                Some([LoginForm::Json].into_iter().chain(old).collect())
            }
            (_, true) => Some(vec![LoginForm::Old]),
            (true, false) => None,
            (false, false) => (!options.is_empty()).then(Vec::new),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_forms_follow_from_what_the_server_says() {
        use LoginForm::{Json, Old};
        use LoginOption::{Form, OldForm};
        let provider = LoginOption::IdentityProvider {
            label: None,
            page: None,
        };
        for (is_old, options, forms) in [
            (false, Some(vec![Form]), Some(vec![Json])),
            (false, Some(vec![OldForm]), Some(vec![Old])),
            (false, Some(vec![Form, OldForm]), Some(vec![Json, Old])),
            (false, Some(vec![provider.clone(), Form]), Some(vec![Json])),
            (false, Some(vec![provider.clone()]), Some(vec![])),
            // No word that is known, or none at all.
            (false, Some(vec![]), None),
            (false, None, None),
            (true, None, Some(vec![Old])),
            (true, Some(vec![Form]), None),
            (true, Some(vec![Form, OldForm]), Some(vec![Old])),
            (true, Some(vec![provider]), Some(vec![])),
        ] {
            let entrance = Entrance {
                is_old,
                is_reticent: false,
                basic: None,
                options: options.clone(),
            };
            assert_eq!(entrance.named(), forms, "{is_old} {options:?}");
        }
    }
}
