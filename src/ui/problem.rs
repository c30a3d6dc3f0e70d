//! What went wrong, in the user's words: what happened, why, and what to do next.
//!
//! The one place where errors of the client become sentences, and the one place that draws them.

mod blocked;
mod connection;
mod refusal;
mod sign_in;
mod tokens;

use jiff::Timestamp;
use ratatui::Frame;
use ratatui::layout::Rect;

pub use self::blocked::{let_through, lost};
use super::place::Place;
use crate::bitbucket::{BaseUrl, Error, ErrorKind};
use crate::ui::keymap::{self, Action, Mode};
use crate::ui::layer::View;
use crate::when;
use crate::widget::lines;

/// What was being done. Each has its own words and its own advice.
#[derive(Debug, Clone, Copy)]
pub enum Attempt<'a> {
    /// Find a Bitbucket at an address.
    Connect(&'a str),
    /// The same from the command line, where no keys are pressed.
    Examine(&'a str),
    /// Sign in, to the Bitbucket at this address.
    SignIn(&'a BaseUrl),
    /// Look around with a token, on the Bitbucket at this address.
    UseToken(&'a BaseUrl),
    /// Sign in with OAuth 2, to the Bitbucket at this address.
    OAuth(&'a BaseUrl),
    /// Take over a token that was made in the browser, on the Bitbucket at this address.
    TakeOver(&'a BaseUrl),
    /// Check a token that was found, on the Bitbucket at this address.
    Check(&'a BaseUrl),
    /// Read a list; its name, such as "the projects".
    List(&'a str),
    /// Read the HTTP access tokens of a place.
    ListTokens(&'a Place),
    /// Create a token.
    CreateToken(&'a Place),
    /// Find out whether a token exists, after the answer to its creation got lost; on this page people
    /// see it.
    FindToken(&'a str),
    /// Revoke a token, by its name.
    Revoke(&'a str),
    /// Change a token, by its name.
    Change(&'a str),
}

/// An error as people read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// What did not work.
    pub what: String,
    /// The reason.
    pub why: String,
    /// What to do next.
    pub next: String,
    /// When the pause is over that the server wants.
    pub pause_ends: Option<Timestamp>,
    /// The server's own words, where they say more.
    pub said: Option<String>,
    /// The request and its answer, for a support desk.
    pub technical: String,
    /// Bitbucket has said no, and that is all there is to know: Activity has the rest.
    is_refusal: bool,
    /// It is nothing that went wrong: most people may create no tokens in most places.
    is_usual: bool,
}

impl Problem {
    /// Puts an error into words.
    #[must_use]
    pub fn explain(error: &Error, attempt: Attempt<'_>) -> Self {
        let what = match attempt {
            Attempt::Connect(address) | Attempt::Examine(address) => {
                format!("No Bitbucket could be reached at {address}.")
            }
            Attempt::SignIn(_) | Attempt::UseToken(_) | Attempt::OAuth(_) => {
                "You are not signed in.".to_owned()
            }
            Attempt::TakeOver(_) => "The token was not taken over.".to_owned(),
            Attempt::Check(_) => "The token was not checked.".to_owned(),
            Attempt::List(what) => format!("Bitbucket did not give {what}."),
            Attempt::ListTokens(place) => {
                format!(
                    "The HTTP access tokens of {} could not be read.",
                    place.name()
                )
            }
            Attempt::CreateToken(_) => "The token was not created.".to_owned(),
            Attempt::FindToken(_) => "The list of tokens could not be read.".to_owned(),
            Attempt::Revoke(name) => format!("\"{name}\" was not revoked."),
            Attempt::Change(name) => format!("\"{name}\" was not changed."),
        };
        let (why, next) = words(error, attempt);
        let (why, mut next) = (with_keys(&why), with_keys(&next));
        if let Attempt::FindToken(page) = attempt {
            next = format!("{next} Or look yourself: {page}");
        }
        let said = error
            .server_message()
            .map(|said| format!("{}: {said}", who_says(error)));
        // Blocked says it by itself.
        let incident = error
            .incident()
            .filter(|_| error.kind != ErrorKind::Blocked);
        let said =
            said.or_else(|| Some(format!("The page that came shows the number {}", incident?)));
        let why = match error.proxy() {
            // Where Bitbucket itself refuses, the way there is not to blame.
            Some(proxy)
                if !matches!(error.kind, ErrorKind::Proxy { .. }) && !error.is_bitbuckets() =>
            {
                format!("{why} The way to it goes through the proxy {proxy}.")
            }
            _ => why,
        };
        // Where Bitbucket refuses what was asked for, only its own words tell why.
        let (why, said) = match said {
            Some(said) if error.kind == ErrorKind::Invalid => (said, None),
            _ if is_plain(error) => (why, None),
            said => (why, said),
        };
        Self {
            what,
            why,
            next,
            pause_ends: error.pause_ends(),
            said,
            technical: error.technical(),
            is_refusal: error.kind == ErrorKind::NotPermitted,
            is_usual: is_usual(error, attempt),
        }
    }

    /// Draws it into the area, as far as there is room, and answers with the room that is left. Where an
    /// administrator is to be asked, the configuration may know whom.
    pub fn draw(&self, frame: &mut Frame<'_>, area: Rect, view: View<'_>) -> Rect {
        let theme = view.theme;
        let width = usize::from(area.width);
        let help = view.session.config.help_line();
        let help = help.filter(|_| self.next.contains("dministrator"));
        let pause = self
            .pause_ends
            .map(|ends| when::pause_ends(ends, &view.session.zone));
        let paragraph = |sign, text: &str, style| lines::signed((sign, style), text, style, width);
        let said = self.said.as_deref().filter(|_| !self.is_refusal);
        let technical = if self.is_refusal {
            &with_keys("{activity} shows the request and the answer.")
        } else {
            &self.technical
        };
        let first: Vec<_> = if self.is_usual {
            paragraph("–", &self.why, theme.text).collect()
        } else {
            let what = paragraph("✗", &self.what, theme.bad);
            what.chain(paragraph("", &self.why, theme.text)).collect()
        };
        let paragraphs = first
            .into_iter()
            .chain(paragraph("→", &self.next, theme.strong))
            .chain(
                pause
                    .into_iter()
                    .flat_map(|pause| paragraph("", &pause, theme.strong)),
            )
            .chain(
                help.into_iter()
                    .flat_map(|help| paragraph("", &help, theme.strong)),
            )
            .chain(
                said.into_iter()
                    .flat_map(|said| paragraph("", said, theme.dim)),
            )
            .chain(paragraph("", technical, theme.dim));
        lines::draw(frame, area, paragraphs)
    }
}

/// The keys in the places that the texts here leave for them.
fn with_keys(text: &str) -> String {
    let places = [
        ("{enter}", Mode::Form, Action::Accept),
        ("{back}", Mode::Anywhere, Action::Back),
        ("{activity}", Mode::Anywhere, Action::Activity),
        ("{open_page}", Mode::Browser, Action::OpenPage),
        ("{reload}", Mode::Tokens, Action::Refresh),
        ("{revoke}", Mode::Tokens, Action::Revoke),
        ("{new}", Mode::Tokens, Action::New),
        ("{account}", Mode::Tokens, Action::ManageAccount),
    ];
    places
        .iter()
        .fold(text.to_owned(), |text, (place, mode, action)| {
            text.replace(place, &keymap::key(*mode, *action))
        })
}

/// Why, and what to do next.
fn words(error: &Error, attempt: Attempt<'_>) -> (String, String) {
    let again = match attempt {
        Attempt::List(_) | Attempt::ListTokens(_) => "Press {reload} to try again",
        Attempt::Revoke(_) => "Press {revoke} in the list to try again",
        Attempt::Change(_) => "Press {enter} to try again",
        Attempt::FindToken(_) => "Press {enter} to look again",
        Attempt::Examine(_) => "Run bbtoken doctor again",
        Attempt::Connect(_)
        | Attempt::SignIn(_)
        | Attempt::UseToken(_)
        | Attempt::TakeOver(_)
        | Attempt::Check(_)
        | Attempt::OAuth(_)
        | Attempt::CreateToken(_) => "Press {enter} to try again",
    };
    let special = blocked::words(error, attempt, again)
        .or_else(|| refusal::words(error, attempt, again))
        .or_else(|| sign_in::words(&error.kind, attempt))
        .or_else(|| tokens::words(error, attempt))
        .or_else(|| connection::words(&error.kind, attempt));
    if let Some(words) = special {
        return words;
    }
    let (why, next): (&str, &str) = match &error.kind {
        ErrorKind::NotSignedIn | ErrorKind::WrongPassword
            if matches!(attempt, Attempt::CreateToken(_)) =>
        {
            (
                "Your session had ended, so nothing was created.",
                "Press {enter} to create the token. What you typed is still there.",
            )
        }
        ErrorKind::NotSignedIn | ErrorKind::WrongPassword => (
            "Your session has ended.",
            "Go back with {back} and sign in again.",
        ),
        ErrorKind::Captcha { .. } => (
            "After several wrong passwords Bitbucket asks for a captcha in the browser. Until you solve \
             it, Bitbucket refuses every password, even the right one.",
            "Sign in once in the browser, and solve the captcha there. {again} after that.",
        ),
        ErrorKind::BasicDisabled => (
            "This Bitbucket no longer accepts passwords from programs: your administrators have switched \
             that off.",
            "Go back with {back} and sign in again.",
        ),
        ErrorKind::AccountRefused(_) => (
            "Bitbucket knows the account but does not let it in: it may be locked, inactive, or its password may have expired.",
            "Sign in once in the browser, or ask an administrator of this Bitbucket.",
        ),
        ErrorKind::NotPermitted => return not_permitted(attempt),
        ErrorKind::NotFound => (
            "It does not exist, or you may not see it.",
            "Go back with {back} and press {reload} to read the list again.",
        ),
        ErrorKind::Invalid => (
            "Bitbucket does not accept what was asked for.",
            "Change it. What you typed is still there.",
        ),
        ErrorKind::Conflict if matches!(attempt, Attempt::CreateToken(_)) => (
            "It conflicts with something that Bitbucket has already. Nothing was created.",
            "Change what Bitbucket names, then press {enter}. What you typed is still there.",
        ),
        ErrorKind::Conflict => (
            "It conflicts with something that has changed on Bitbucket since.",
            "{again}.",
        ),
        ErrorKind::RateLimited { retry_after } => {
            let nothing = match attempt {
                Attempt::CreateToken(_) => " Nothing was created.",
                Attempt::Revoke(_) => " Nothing was revoked.",
                Attempt::Change(_) => " Nothing was changed.",
                _ => "",
            };
            return (
                format!("Bitbucket has had too many requests and asks for a pause.{nothing}"),
                format!("Wait {}. {again} then.", when::pause(*retry_after)),
            );
        }
        ErrorKind::Unavailable => (
            "Bitbucket is starting, in maintenance, or overloaded.",
            "Wait a minute, then {then}. If this keeps happening, ask your administrators.",
        ),
        ErrorKind::ElevatedSession => (
            "For this, Bitbucket asks you to confirm who you are once more (an elevated session), which \
             bbtoken cannot do.",
            "Do this in the browser, where Bitbucket asks for the password or the code.",
        ),
        ErrorKind::SingleSignOn { .. } => (
            "Instead of an answer, the server sent a sign-in page for the browser (single sign-on).",
            "Create the token in the browser, under your picture › Manage account › HTTP access tokens, with Project read and Repository write.",
        ),
        ErrorKind::NotJson => (
            "The answer does not come from Bitbucket's REST API: something between here and there may have \
             sent it.",
            "{again}. If this keeps happening, show the last line to your administrators.",
        ),
        ErrorKind::Refused => (
            "Bitbucket no longer answers at its address: it may be restarting.",
            "Wait a minute, then {then}.",
        ),
        ErrorKind::TimedOut => (
            "There was no answer in time.",
            "{again}. Is a VPN or a proxy needed for this server?",
        ),
        ErrorKind::ConnectionLost => (
            "The connection broke before the answer came.",
            "{again}. Is Bitbucket still running?",
        ),
        _ => (
            "The answer was not understood.",
            "{again}. If this keeps happening, show the last line to your administrators.",
        ),
    };
    let (first, rest) = again.split_at(1);
    let then = format!("{}{rest}", first.to_lowercase());
    let next = next.replace("{again}", again).replace("{then}", &then);
    (why.to_owned(), next)
}

/// Whoever stands in front of Bitbucket does not speak for it.
fn who_says(error: &Error) -> &'static str {
    if error.is_bitbuckets() {
        "Bitbucket says"
    } else {
        "The answer says"
    }
}

/// Whether a list of tokens is refused to somebody who does not administer the place.
fn is_usual(error: &Error, attempt: Attempt<'_>) -> bool {
    let Attempt::ListTokens(Place::Project(_) | Place::Repository(_)) = attempt else {
        return false;
    };
    error.kind == ErrorKind::NotPermitted && tokens::words(error, attempt).is_none()
}

/// Whether our own words are certain, and the server's say the same again, or something else:
/// "not permitted" to somebody who is not signed in.
fn is_plain(error: &Error) -> bool {
    match error.kind {
        // The login page's words are not always the same.
        ErrorKind::WrongPassword => error.exception().is_some(),
        ErrorKind::NotSignedIn | ErrorKind::BasicDisabled | ErrorKind::Captcha { .. } => true,
        _ => false,
    }
}

fn not_permitted(attempt: Attempt<'_>) -> (String, String) {
    match attempt {
        Attempt::ListTokens(Place::Account(_)) | Attempt::CreateToken(Place::Account(_)) => (
            "Your account may not have personal tokens.".to_owned(),
            "Ask an administrator of this Bitbucket.".to_owned(),
        ),
        Attempt::ListTokens(place) | Attempt::CreateToken(place) => {
            // In the form letters are text: the key works one step back.
            let press = match attempt {
                Attempt::CreateToken(_) => "Go back with {back} and press {new}",
                _ => "Press {enter}",
            };
            (
                format!("Bitbucket lets only {}.", place.who_may()),
                format!(
                    "{press} to see what you can do: ask somebody who can, or create a personal token."
                ),
            )
        }
        Attempt::SignIn(_)
        | Attempt::UseToken(_)
        | Attempt::TakeOver(_)
        | Attempt::Check(_)
        | Attempt::OAuth(_) => (
            "The account may not use this Bitbucket.".to_owned(),
            "Ask an administrator of this Bitbucket.".to_owned(),
        ),
        Attempt::List(what) => (
            format!("You are signed in, but you may not see {what}."),
            "Ask an administrator for read permission. Until then go back with {back}; other places are open to you.".to_owned(),
        ),
        Attempt::Connect(_) | Attempt::Examine(_) | Attempt::FindToken(_) | Attempt::Revoke(_) | Attempt::Change(_) => (
            "You are signed in, but you may not do this.".to_owned(),
            "Ask an administrator of the project.".to_owned(),
        ),
    }
}
