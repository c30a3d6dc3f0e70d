//! What the server tells of itself: what it is, its clock, and how it lets people in.

use jiff::{SignedDuration, Timestamp};

use super::Finding;
use crate::bitbucket::{BaseUrl, BasicAuthentication, LoginOption, ServerInfo};

pub(super) const PRODUCT: &str = "product";
pub(super) const CLOCK: &str = "clock";
pub(super) const SIGN_IN: &str = "sign-in";
/// Answers take their time, and their dates count in seconds.
const CLOCK_TOLERANCE: SignedDuration = SignedDuration::from_secs(60);
/// From here on there are HTTP access tokens of people, and of projects and repositories.
const PERSONAL_TOKENS: (u32, u32) = (5, 5);
const PLACE_TOKENS: (u32, u32) = (7, 18);

/// What answers, and whether it is new enough.
pub(super) fn product(asked: &BaseUrl, found: &BaseUrl, info: &ServerInfo) -> Finding {
    let text = info.title();
    let finding = if info.behind.is_some() {
        Finding::attention(
            PRODUCT,
            "a sign-in page of the company is in front of everything",
            "Create the token in the browser; bbtoken cannot see what is behind that page.",
        )
    } else if info.version.is_empty() {
        Finding::attention(
            PRODUCT,
            format!("{text}: it shows its version only after the sign-in"),
            "Sign in: the lists of tokens show whether it has any.",
        )
    } else if is_older(&info.version, PERSONAL_TOKENS) {
        Finding::bad(
            PRODUCT,
            format!("{text} is too old: there are no HTTP access tokens before 5.5"),
            "Ask the administrators of this server when it will be updated.",
        )
    } else if is_older(&info.version, PLACE_TOKENS) {
        Finding::attention(
            PRODUCT,
            format!("{text}: tokens of projects and repositories come with 7.18"),
            "Use a personal token.",
        )
    } else {
        Finding::good(PRODUCT, text)
    };
    if asked == found {
        finding
    } else {
        finding.detail(format!("its full address is {found}"))
    }
}

fn is_older(version: &str, than: (u32, u32)) -> bool {
    let mut numbers = version.split('.').map_while(|number| number.parse().ok());
    match (numbers.next(), numbers.next()) {
        (Some(major), Some(minor)) => (major, minor) < than,
        _ => false,
    }
}

/// Whether both computers think that it is the same time: certificates and expiries depend on it.
pub(super) fn clocks(server: Option<Timestamp>, here: Timestamp) -> Finding {
    let Some(server) = server else {
        return Finding::unchecked(CLOCK, "the server does not send the time");
    };
    let ahead = here.duration_since(server);
    if ahead.abs() <= CLOCK_TOLERANCE {
        return Finding::good(CLOCK, "the same as the server's, give or take a minute");
    }
    let minutes = (ahead.abs().as_secs() + 30) / 60;
    let span = match minutes {
        1 => "a minute".to_owned(),
        2..120 => format!("{minutes} minutes"),
        _ => format!("{} hours", (minutes + 30) / 60),
    };
    let side = if ahead.is_positive() {
        "ahead of"
    } else {
        "behind"
    };
    Finding::attention(
        CLOCK,
        format!("this computer is {span} {side} the server"),
        "Set the clock of the one that is wrong: whether certificates and tokens have expired depends on it.",
    )
}

/// How the server lets people in.
pub(super) fn sign_in(base: &BaseUrl, info: &ServerInfo, has_client_id: bool) -> Finding {
    let Some(options) = &info.login_options else {
        return Finding::unchecked(
            SIGN_IN,
            "the server does not say which ways to sign in it offers",
        );
    };
    let mut ways: Vec<_> = options
        .iter()
        .map(|option| match option {
            LoginOption::Form => "user name and password".to_owned(),
            LoginOption::OldForm => {
                "user name and password (the form of older versions)".to_owned()
            }
            LoginOption::IdentityProvider {
                label: Some(label), ..
            } => {
                format!("single sign-on ({label})")
            }
            LoginOption::IdentityProvider { label: None, .. } => "single sign-on".to_owned(),
        })
        .collect();
    if info.oauth && has_client_id {
        ways.push("OAuth 2".to_owned());
    }
    let text = ways.join(", ");
    let finding = if options.iter().any(LoginOption::takes_password) {
        Finding::good(SIGN_IN, text)
    } else if info.oauth && has_client_id {
        Finding::good(SIGN_IN, format!("{text}; passwords are not accepted"))
    } else {
        let page = base.page(&["plugins", "servlet", "access-tokens", "manage"]);
        Finding::attention(
            SIGN_IN,
            format!("{text}; passwords are not accepted"),
            format!("Create the token in the browser at {page}"),
        )
    };
    let finding = match &info.basic {
        Some(BasicAuthentication::On) => finding.detail("programs may send passwords (Basic is on)"),
        Some(BasicAuthentication::Off { .. }) => finding.detail(
            "Basic is switched off: programs sign in as the login page does, and git takes tokens as Bearer only",
        ),
        None => finding,
    };
    if info.oauth && !has_client_id {
        finding.detail("OAuth 2 is there too, but no client id is configured for it")
    } else {
        finding
    }
}

#[cfg(test)]
mod tests {
    use super::super::Mark;
    use super::*;

    #[test]
    fn clocks_are_compared_in_both_directions() {
        let here = Timestamp::UNIX_EPOCH;
        for (seconds, state, text) in [
            (0, Mark::Good, "the same"),
            (60, Mark::Good, "the same"),
            (61, Mark::Attention, "a minute behind"),
            (-240, Mark::Attention, "4 minutes ahead of"),
            (-7200, Mark::Attention, "2 hours ahead of"),
        ] {
            let server = here + SignedDuration::from_secs(seconds);
            let finding = clocks(Some(server), here);
            assert_eq!(finding.mark, state, "{finding:?}");
            assert!(finding.text.contains(text), "{finding:?}");
        }
        assert_eq!(clocks(None, here).mark, Mark::Unchecked);
    }

    #[test]
    fn versions_are_compared_by_their_numbers() {
        for (version, older) in [
            ("7.17.9", true),
            ("7.18.0", false),
            ("10.0.0", false),
            ("9.4-m1", false),
            ("", false),
        ] {
            assert_eq!(is_older(version, PLACE_TOKENS), older, "{version}");
        }
    }
}
