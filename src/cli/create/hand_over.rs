//! Where the secret goes: to the clipboard, or to standard output on request.

use std::io::{self, IsTerminal as _, Write as _};
use std::sync::Arc;
use std::time::Duration;

use jiff::tz::TimeZone;
use serde_json::{Value, json};
use zeroize::Zeroizing;

use super::super::access::Visit;
use super::super::exit::{Exit, Failure};
use super::super::interrupt::{FAREWELL, Interrupt};
use super::super::{output, tokens, words};
use super::settling::{self, Why};
use crate::bitbucket::{CreatedToken, Token, TokenSpec, When};
use crate::clipboard::{self, Cleared, Clipboard, Copied, CopyError, Copying};
use crate::config::Config;
use crate::operation::Desk;
use crate::operation::granted::{Difference, Granted};
use crate::operation::journal::{Entry, Step};
use crate::operation::place::Place;
use crate::secret::Secret;
use crate::when;

/// How often is looked whether something else was copied.
const GLANCE: Duration = Duration::from_millis(500);

/// How the secret is handed over.
pub(in super::super) struct HandOver {
    /// `None`: it is printed.
    clipboard: Option<Clipboard>,
    json: bool,
    clear: Option<Duration>,
}

/// A token that somebody has been given.
pub(in super::super) struct Handed {
    entry: Arc<Entry>,
    /// What this process holds for somebody who pastes it.
    held: Option<Held>,
}

struct Held {
    clipboard: Clipboard,
    secret: Secret,
    clear: Option<Duration>,
}

impl HandOver {
    /// Makes sure that there is a way, before anything is created.
    pub(in super::super) async fn prepare(
        print: bool,
        json: bool,
        config: &Config,
    ) -> Result<Self, Failure> {
        let hand_over = |clipboard| Self {
            clipboard,
            json,
            clear: config.clear_clipboard,
        };
        if print {
            if config.share {
                let what = "--print shows the secret, which share mode does not allow.";
                return Err(Failure::new(Exit::Usage, what));
            }
            return Ok(hand_over(None));
        }
        let clipboard = Clipboard::system(config.clipboard);
        if clipboard.is_there().await {
            return Ok(hand_over(Some(clipboard)));
        }
        let what = "No clipboard is available here for the secret, so nothing was created.";
        Err(Failure::new(Exit::Failed, what).next("Add --print to write it to standard output."))
    }

    /// Hands the secret over and says so. What nobody could be given is revoked again.
    pub(in super::super) async fn give(
        self,
        desk: &Desk,
        visit: &Visit,
        CreatedToken { token, secret }: CreatedToken,
        spec: TokenSpec,
        entry: Arc<Entry>,
    ) -> Result<Handed, Failure> {
        let granted = read(desk, token, spec, &entry).await;
        say_differences(&granted);
        let given = match &self.clipboard {
            None => self.print(visit, &granted, Some(&secret), None),
            Some(clipboard) => match copy(clipboard, &secret).await {
                Ok(copied) => {
                    self.say(&granted, visit, copied);
                    say_how_to_use(visit).await;
                    // The secret is where it belongs, whether anybody reads this or not.
                    let _ = self.print(visit, &granted, None, Some(copied));
                    return Ok(Handed {
                        entry,
                        held: (!copied.outlives_program()).then(|| Held {
                            clipboard: clipboard.clone(),
                            secret,
                            clear: self.clear,
                        }),
                    });
                }
                Err(error) => Err(error.to_string()),
            },
        };
        match given {
            Ok(()) => {
                Arc::clone(&entry).note(Step::Had).await;
                Ok(Handed { entry, held: None })
            }
            Err(why) => {
                let why = Why::Said(&why);
                Err(settling::take_back(desk, visit, &granted.token().id, entry, why).await)
            }
        }
    }

    /// Prints the result, and the secret where it is given.
    fn print(
        &self,
        visit: &Visit,
        granted: &Granted,
        secret: Option<&Secret>,
        copied: Option<Copied>,
    ) -> Result<(), String> {
        let failed =
            |error: io::Error| format!("Standard output could not be written to ({error})");
        if !self.json {
            return match secret {
                None if io::stdout().is_terminal() => Ok(()),
                None => output::print(&(tokens::line(granted.token()) + "\n"))
                    .map_err(|error| error.to_string()),
                Some(secret) => {
                    let mut out = io::stdout().lock();
                    let line = Zeroizing::new(format!("{}\n", secret.expose()));
                    let written = out.write_all(line.as_bytes()).and_then(|()| out.flush());
                    written.map_err(failed)
                }
            };
        }
        let mut json = json!({
            "server": visit.client.base().to_string(),
            "place": tokens::place(&visit.place.scope()),
            "token": tokens::json(granted.token()),
            "differs": fields(&granted.differences()),
            "clipboard": copied.map(|copied| match copied {
                Copied::Native => "native",
                Copied::Tmux => "tmux",
                Copied::SentToTerminal => "terminal",
            }),
        });
        if granted.differences().contains(&Difference::NameUnknown) {
            json["token"]["name"] = Value::Null;
        }
        if let Some(secret) = secret {
            json["secret"] = secret.expose().into();
        }
        let text = Zeroizing::new(format!("{json:#}\n"));
        let mut out = io::stdout().lock();
        let written = out.write_all(text.as_bytes()).and_then(|()| out.flush());
        written.map_err(failed)
    }

    /// Says what was made and where its secret is.
    fn say(&self, granted: &Granted, visit: &Visit, copied: Copied) {
        let expires = match granted.token().expires {
            When::At(time) => format!(", expires {}", when::date(time, &TimeZone::system())),
            When::Never => ", never expires".to_owned(),
            When::Unknown => ", expiry not confirmed".to_owned(),
        };
        let place = visit.place.name();
        words::hint(&format!(
            "✓ Created \"{}\" in {place}{expires}.",
            granted.name()
        ));
        let where_to = copied.describe();
        words::hint(&match (copied.outlives_program(), self.clear) {
            (false, Some(time)) => format!(
                "It is {where_to} for {} s, or until something else is copied. Ctrl+C clears it now.",
                time.as_secs()
            ),
            (false, None) => {
                format!("It is {where_to} until something else is copied. Ctrl+C clears it now.")
            }
            (true, _) if copied.is_certain() => format!(
                "It is {where_to} and stays there: copy something else when you have pasted it."
            ),
            (true, _) => {
                format!("It was {where_to}. Nothing confirms that it arrived, so paste it now.")
            }
        });
    }
}

/// The address is the one that Bitbucket names, where git gets there from here.
async fn say_how_to_use(visit: &Visit) {
    let elsewhere = match &visit.place {
        Place::Repository(repository) => visit.client.cloned_elsewhere(repository).await,
        Place::Account(_) | Place::Project(_) => None,
    };
    let address = match &elsewhere {
        Some(elsewhere) => elsewhere.usable(),
        None => visit.place.clone_address().unwrap_or("ADDRESS"),
    };
    words::hint(&format!(
        "To use it with git, paste it there: bbtoken git-setup {address}"
    ));
}

impl Handed {
    /// The entry of the creation.
    pub(in super::super) fn entry(&self) -> &Arc<Entry> {
        &self.entry
    }

    /// Stays as long as the clipboard needs somebody who owns it. Answers with the entry of the creation.
    pub(in super::super) async fn end(self, interrupt: &mut Interrupt) -> Arc<Entry> {
        if let Some(held) = self.held {
            tokio::select! {
                () = held.is_over() => {}
                () = interrupt.told() => {}
            }
            let cleared = held.clipboard.clear(&held.secret, Copied::Native).await;
            held.clipboard.let_go(None).await;
            words::hint(match cleared {
                Cleared::SomethingElse => "Something else is on the clipboard now.",
                Cleared::Gone | Cleared::GoneFromTmux => "The token was taken off the clipboard.",
                Cleared::Unknown => "The clipboard no longer responds.",
            });
        }
        self.entry
    }

    /// The same where nobody needs it any more.
    pub(in super::super) async fn end_now(self) -> Arc<Entry> {
        if let Some(held) = self.held {
            held.clipboard.clear(&held.secret, Copied::Native).await;
            held.clipboard.let_go(None).await;
        }
        self.entry
    }
}

impl Held {
    /// Comes back when the time is over, or something else was copied.
    async fn is_over(&self) {
        let replaced = async {
            while self.clipboard.holds(&self.secret, Copied::Native).await != Some(false) {
                tokio::time::sleep(GLANCE).await;
            }
        };
        match self.clear {
            Some(time) => {
                let _ = tokio::time::timeout(time, replaced).await;
            }
            None => replaced.await,
        }
    }
}

/// What the server confirms of the token: what its answer leaves out, or what is not as it was asked for, is
/// looked up in the list.
pub(in super::super) async fn read(
    desk: &Desk,
    token: Token,
    spec: TokenSpec,
    entry: &Entry,
) -> Granted {
    let id = token.id.clone();
    let mut granted = Granted::new(token, spec, entry.asked.time);
    if !granted.differences().is_empty() {
        let listed = desk.client.tokens(&entry.asked.scope).all();
        let listed = desk.clock.limit(FAREWELL, listed).await;
        let listed = listed.and_then(Result::ok).into_iter().flatten();
        if let Some(token) = listed.into_iter().find(|token| token.id == id) {
            granted.read(token);
        }
    }
    granted
}

pub(in super::super) fn say_differences(granted: &Granted) {
    let differences = granted.differences();
    for difference in &differences {
        let what = granted.describe(difference, &TimeZone::system());
        words::hint(&format!("! {what}"));
    }
    if !differences.is_empty() {
        let id = &granted.token().id;
        words::hint(&format!(
            "If that is not what you want, revoke it (its id is {id}) in the list of tokens."
        ));
    }
}

/// The fields that are not as they were asked for, or not confirmed.
fn fields(differences: &[Difference]) -> Vec<&'static str> {
    differences.iter().map(Difference::field).collect()
}

async fn copy(clipboard: &Clipboard, secret: &Secret) -> Result<Copied, CopyError> {
    match clipboard.copy(secret.expose(), true).await {
        Copying::Done(copied) => copied,
        Copying::ForTerminal => {
            let request = clipboard::request_to_terminal(secret.expose());
            send(request.as_bytes())?;
            Ok(Copied::SentToTerminal)
        }
    }
}

/// To the terminal: by standard output, or by standard error where the output goes elsewhere.
fn send(request: &[u8]) -> io::Result<()> {
    if io::stdout().is_terminal() {
        let mut out = io::stdout().lock();
        out.write_all(request)?;
        out.flush()
    } else {
        io::stderr().lock().write_all(request)
    }
}
