//! Why nobody is signed in, and the next step for each reason.

use super::Attempt;
use crate::bitbucket::{AccountState, BaseUrl, ErrorKind, OAuthProblem};

/// Why, and what to do next, where a sign-in has words of its own for what went wrong.
pub(super) fn words(kind: &ErrorKind, attempt: Attempt<'_>) -> Option<(String, String)> {
    match attempt {
        Attempt::SignIn(base) => with_password(kind, base),
        Attempt::UseToken(_) => with_token(kind),
        Attempt::OAuth(_) => with_oauth(kind),
        Attempt::TakeOver(base) => from_the_browser(kind, base).or_else(|| with_token(kind)),
        _ => None,
    }
}

fn with_password(kind: &ErrorKind, base: &BaseUrl) -> Option<(String, String)> {
    let login = || base.page(&["login"]);
    let (why, next) = match kind {
        ErrorKind::WrongPassword => (
            "The user name or the password is not right.",
            "Check the user name, and type the password again. After several wrong ones Bitbucket asks for a captcha.".to_owned(),
        ),
        ErrorKind::NotSignedIn => (
            "Bitbucket accepted the password, but does not say who you are.",
            "Press {enter} to try again. If this keeps happening, show the last line to your administrators.".to_owned(),
        ),
        ErrorKind::Captcha { login_url } => (
            "After several wrong passwords Bitbucket asks for a captcha in the browser. Until you solve \
             it, Bitbucket refuses every password, even the right one.",
            format!(
                "Solve the captcha in the browser, then come back. Do not try the password here before \
                 that. Is an old password stored in git? That brings the captcha back. Sign in there: {}",
                login_url.clone().unwrap_or_else(login)
            ),
        ),
        ErrorKind::AccountRefused(AccountState::Inactive) => (
            "The account is switched off.",
            "Ask an administrator of this Bitbucket to switch it on again.".to_owned(),
        ),
        ErrorKind::AccountRefused(AccountState::PasswordExpired) => (
            "Your password has expired: Bitbucket wants a new one first.",
            format!("Change the password in the browser, then type the new one here: {}", login()),
        ),
        ErrorKind::AccountRefused(AccountState::Locked) => (
            "The account is locked, usually because of too many wrong passwords.",
            "Wait some minutes, then type the password again. If it stays locked, ask an administrator of \
             this Bitbucket. Is a program still trying an old password?".to_owned(),
        ),
        ErrorKind::AccountRefused(AccountState::Other) => (
            "Bitbucket does not let you in.",
            "If what it says does not help, ask an administrator of this Bitbucket.".to_owned(),
        ),
        ErrorKind::WrongCode => (
            "Bitbucket does not accept this code.",
            "Type the code that the app shows now: it changes every 30 seconds, by the telephone's clock. A recovery code works once.".to_owned(),
        ),
        ErrorKind::LoginOver => (
            "Bitbucket is no longer waiting for the code: it came too late, or too many codes were wrong.",
            "Press {enter} to send the password once more. Then type the code.".to_owned(),
        ),
        ErrorKind::Enrolment => (
            "The password is right, but you first have to enrol in two-step verification, in the browser.",
            format!(
                "Sign in once in the browser and follow what it says there. Then press {{enter}} here: {}",
                login()
            ),
        ),
        ErrorKind::Undescribed { location } => {
            let to = match location {
                Some(location) => format!(" It leads to {location}"),
                None => String::new(),
            };
            return Some((
                format!("The sign-in failed, and bbtoken does not understand Bitbucket's answer.{to}"),
                in_the_browser(),
            ));
        }
        ErrorKind::SingleSignOn { .. } => (
            "Your company signs you in on its own page (single sign-on), so passwords do not work here.",
            in_the_browser(),
        ),
        ErrorKind::BasicDisabled => (
            "This Bitbucket does not accept passwords from programs, and it has no login form either: your \
             administrators have switched that off.",
            in_the_browser(),
        ),
        ErrorKind::Invalid => (
            "A password cannot be sent with a user name that has a colon in it.",
            "Check the user name: it is the one of Bitbucket's web pages.".to_owned(),
        ),
        _ => return None,
    };
    Some((why.to_owned(), next))
}

/// What is known of a token whose owner nobody names, and what helps.
const UNNAMED: &str = "Bitbucket accepts this token, but does not say whose it is: something on the \
                       network removes the header X-AUSERNAME from the answers. For tokens, that is the \
                       only way to learn the owner.";
const SHOW_UNNAMED: &str = "Go back with {back} and sign in with a password: that works here. Or ask your \
                            network administrators to let X-AUSERNAME through.";

fn with_token(kind: &ErrorKind) -> Option<(String, String)> {
    let (why, next) = match kind {
        ErrorKind::WrongPassword | ErrorKind::NotSignedIn | ErrorKind::AccountRefused(_) => (
            "Bitbucket does not know this token: it has expired or was revoked, or not all of it was copied.",
            "Paste it again. Or go back with {back} and sign in with a password.",
        ),
        ErrorKind::Unnamed => (UNNAMED, SHOW_UNNAMED),
        ErrorKind::Invalid => (
            "This is not a token: a token is one word of letters, digits and signs.",
            "Copy the token alone, and paste it again.",
        ),
        _ => return None,
    };
    Some((why.to_owned(), next.to_owned()))
}

fn with_oauth(kind: &ErrorKind) -> Option<(String, String)> {
    let ErrorKind::OAuth(problem) = kind else {
        return None;
    };
    let (why, next) = match problem {
        OAuthProblem::PortTaken(port) => (
            format!(
                "The browser is to be sent back to port {port} of this computer, but another program is \
                 listening there."
            ),
            "Is another bbtoken waiting, or git's credential manager? Close it, then press {enter}. \
             oauth_redirect_port in the configuration names another port.",
        ),
        OAuthProblem::Denied => (
            "You, or somebody at your browser, did not allow it. Nothing was granted.".to_owned(),
            "Press {enter} to ask once more. Or go back with {back} and create the token in the browser.",
        ),
        OAuthProblem::NobodyCame => (
            "Nobody allowed it in the browser within five minutes.".to_owned(),
            "Press {enter} to start again. Is the browser on another computer? Then go back with {back} and \
             create the token in the browser.",
        ),
        OAuthProblem::Refused(word) => (
            format!(
                "Bitbucket refuses it ({word}): bbtoken may be registered with other scopes or another redirect address."
            ),
            "Ask an administrator of this Bitbucket. Or go back with {back} and create the token in the \
             browser.",
        ),
    };
    Some((why, next.to_owned()))
}

/// A token that was made on Bitbucket's page and pasted here.
fn from_the_browser(kind: &ErrorKind, base: &BaseUrl) -> Option<(String, String)> {
    match kind {
        ErrorKind::WrongPassword | ErrorKind::NotSignedIn | ErrorKind::AccountRefused(_) => Some((
            format!("{} does not know this token: not all of it was copied, it was revoked, or it is another server's.", base.host()),
            "Copy it once more and paste it here. If its page is closed, create another token: {open_page} \
             opens the page.".to_owned(),
        )),
        ErrorKind::NotFound | ErrorKind::NotPermitted => Some((
            "The token does not reach the project or repository that is named above.".to_owned(),
            "Check what is there. Was the token created on the page of another place?".to_owned(),
        )),
        _ => None,
    }
}

/// Where no password helps, the next choice below the form does.
fn in_the_browser() -> String {
    "Press {enter} to continue in the browser: bbtoken opens the page and says what to choose there."
        .to_owned()
}
