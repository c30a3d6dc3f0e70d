//! `bbtoken check`: whose a token is that somebody has found, and what it can do.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use jiff::tz::TimeZone;
use serde_json::{Value, json};

mod revoking;

use self::revoking::Found;
use super::access::Who;
use super::exit::{Exit, Failure};
use super::interrupt::{FAREWELL, Interrupt};
use super::{output, prompt, revoke, tokens, words};
use crate::bitbucket::{BaseUrl, Client, Destination, Settings, SignInWay, Verdict};
use crate::clock::Clock;
use crate::config::Config;
use crate::environment::Environment;
use crate::operation::check::{Asked, Checked, Listed, Owner, Tried, check, used_by_git};
use crate::operation::connect;
use crate::operation::place::Place;
use crate::operation::revoke::Revoked;
use crate::operation::whereabouts::{self, Said, Unclear};
use crate::secret::Secret;
use crate::state::State;
use crate::ui::checked::{self, Told};
use crate::{git, widget};

/// Between a label and what belongs to it.
const LABEL: usize = 9;

/// Which token, and where.
#[derive(Debug, Args)]
pub(super) struct Check {
    /// Read the token from standard input, after the password where that comes from there too; without -
    /// and --file it is asked for and not shown
    #[arg(value_name = "-")]
    input: Vec<String>,
    /// Read the token from this file
    #[arg(long, value_name = "FILE", conflicts_with = "input")]
    file: Option<PathBuf>,
    /// Where it was found or may belong: PROJECT/repository, PROJECT or an address. Its list is read and
    /// the token is tried there; without it, at the clone you are in
    #[arg(long, value_name = "PLACE")]
    at: Option<String>,
    /// Which Bitbucket, where PLACE alone could be on several
    #[arg(long, value_name = "ADDRESS")]
    server: Option<String>,
    /// Sign in first, to look for it in the lists that you may see
    #[arg(long)]
    sign_in: bool,
    #[command(flatten)]
    who: Who,
    /// Revoke it too, where a list that you may see holds it: signs in, and asks first
    #[arg(long)]
    revoke: bool,
    /// Revoke it without asking
    #[arg(long, requires = "revoke")]
    yes: bool,
    /// For programs
    #[arg(long)]
    json: bool,
}

/// What its help says below the options.
pub(super) const AFTER_HELP: &str = "The token is sent to that Bitbucket only, and is never shown, stored \
                                     or logged; nothing is changed without --revoke. Its name, permissions and expiry come \
                                     from the list that it is in: with --sign-in bbtoken looks in the \
                                     lists that you may see, otherwise only in those that the token itself \
                                     may read. Checking a token counts as using it.\n--json: { server, id, \
                                     valid, owner: { kind: person or technical, name }, place, token: { \
                                     id, name, permissions, created, last_used, expires }, used_by_check, \
                                     can: { repository, fetch, push, settings }, not_found_in, not_seen, \
                                     git_uses_it, revoked }; what is not known is null.\nWith --revoke it \
                                     also prints what becomes of the token; revoked is then revoked, \
                                     already gone, not revoked or not known, and the exit status is \
                                     that of bbtoken revoke.\nExit status: 0 it is \
                                     valid, 3 it is refused, 1 the server could not be asked, 2 wrong \
                                     arguments, 4 the sign-in failed.";

/// Says what is known of the token.
///
/// # Errors
/// What went wrong, with the options that help.
pub(super) async fn run(arguments: Check, config: &Config) -> Result<ExitCode, Failure> {
    if arguments.input.iter().any(|word| word != "-") {
        return Err(no_argument());
    }
    if arguments.revoke && !arguments.yes && !prompt::can_ask() {
        let what = "Standard input is not a terminal, so bbtoken cannot ask.";
        return Err(Failure::new(Exit::Usage, what).next("Add --yes to revoke without a question."));
    }
    let mut interrupt = Interrupt::listen()?;
    let environment = Environment::of_process();
    let checking = arguments.look(config, &environment);
    let (client, checked) = interrupt.until_told(checking, "").await?;
    let ended = arguments
        .tell_and_revoke(&client, &checked, &environment, &mut interrupt)
        .await;
    // A server that hangs is left.
    let _ = tokio::time::timeout(FAREWELL, client.sign_out()).await;
    Ok(ended?.into())
}

/// A token among the arguments, which is not repeated.
pub(super) fn no_argument() -> Failure {
    Failure::new(
        Exit::Usage,
        "Never pass a token as an argument: other programs on this computer can read it there, and your \
         shell remembers it.",
    )
    .next("Paste it when you are asked for it, name its file with --file, or pipe it to standard input \
           with -. If that was a token, revoke it.")
}

impl Check {
    fn signs_in(&self) -> bool {
        self.sign_in || self.revoke || self.who.is_given()
    }

    /// Checks the token, as whoever is signed in then.
    async fn look(
        &self,
        config: &Config,
        environment: &Environment,
    ) -> Result<(Client, Checked), Failure> {
        let (state, damage) = State::load(environment);
        if let Some(damage) = damage {
            words::hint(&damage);
        }
        let (base, destination) = self.find(config, &state, environment).await?;
        let settings = Settings {
            observer: Some(words::pauses()),
            ..connect::settings(config, environment, &base)
        };
        let (client, _) = connect::connect(base.clone(), settings)
            .await
            .map_err(|error| words::not_reached(&base, &error))?;
        let mut asked = Asked {
            destination,
            ..Asked::default()
        };
        let client = if self.signs_in() {
            self.who.agree(client.base()).await?;
            let signed_in = self
                .who
                .sign_in(&client, config, &state, environment)
                .await?;
            if let SignInWay::Token(_) = signed_in.way {
                let what =
                    "That is a token: sign in with your password, and give the token after it.";
                return Err(Failure::new(Exit::SignIn, what));
            }
            asked.person = Some(signed_in.user);
            signed_in.client
        } else {
            client
        };
        match self.check(&client, asked).await {
            Ok(checked) => Ok((client, checked)),
            Err(failure) => {
                client.sign_out().await;
                Err(failure)
            }
        }
    }

    /// Says what is known of it; then it is revoked, if that is wanted. How that ended.
    async fn tell_and_revoke(
        &self,
        client: &Client,
        checked: &Checked,
        environment: &Environment,
        interrupt: &mut Interrupt,
    ) -> Result<Exit, Failure> {
        let gits = is_gits(environment, client.base(), checked);
        if !self.json {
            output::say(text(checked, gits).trim_end())?;
        }
        let revoked = if self.revoke {
            self.revoked(client, checked, gits, interrupt).await
        } else {
            Ok(None)
        };
        if self.json {
            let revoked = revoked.as_ref().ok().and_then(Option::as_ref);
            let mut json = json_of(client.base(), checked, gits);
            json["revoked"] = revoked.map(|it| revoke::word(Some(it))).into();
            output::print(&format!("{json:#}\n"))?;
        }
        if let Some(revoked) = revoked? {
            return Ok(revoke::status(&revoked));
        }
        next(checked, self.signs_in());
        Ok(match checked.owner {
            Some(_) => Exit::Done,
            None => Exit::Found,
        })
    }

    async fn revoked(
        &self,
        client: &Client,
        checked: &Checked,
        gits: bool,
        interrupt: &mut Interrupt,
    ) -> Result<Option<Revoked>, Failure> {
        let found = Found::in_list(checked)?;
        let deciding = found.is_agreed(gits, self.yes);
        if !interrupt.until_told(deciding, "").await? {
            return Err(Failure::new(Exit::Failed, "Nothing was revoked."));
        }
        Ok(Some(found.revoke(client, interrupt).await))
    }

    /// The Bitbucket that is meant, and the place where the token is tried.
    async fn find(
        &self,
        config: &Config,
        state: &State,
        environment: &Environment,
    ) -> Result<(BaseUrl, Option<Destination>), Failure> {
        let remotes = git::remotes(environment).await;
        let known = whereabouts::known(None, config, state);
        let usual = whereabouts::usual(environment);
        let said = Said {
            place: self.at.as_deref(),
            server: self.server.as_deref(),
            usual: usual.as_deref(),
        };
        match whereabouts::find(said, &remotes, &known) {
            Ok((base, place)) => Ok((base, Some(place))),
            Err(Unclear::Place(base)) => {
                let parsed = BaseUrl::parse(&base);
                let base = parsed.map_err(|error| Failure::new(Exit::Usage, error.to_string()))?;
                Ok((base, None))
            }
            Err(unclear) => Err(words::unclear(unclear)),
        }
    }

    async fn check(&self, client: &Client, asked: Asked) -> Result<Checked, Failure> {
        let base = client.base();
        let token = match &self.file {
            Some(file) => prompt::file(file).await?,
            None => {
                prompt::secret(&format!("Token for {} (it is not shown): ", base.host())).await?
            }
        };
        let token = Secret::new(token.expose().trim().to_owned());
        if token.is_empty() {
            return Err(Failure::new(Exit::Usage, "No token was given."));
        }
        let allowed = prompt::allow_plain_http(base, "the token", self.who.allows_plain_http());
        allowed
            .await
            .map_err(|reason| Failure::new(Exit::Usage, reason))?;
        let now = Clock::system().now().time;
        let checked = check(client, asked, &token, now).await;
        checked.map_err(|error| words::failed("The token was not checked", &error))
    }
}

/// Whether git on this computer is set up with it.
fn is_gits(environment: &Environment, base: &BaseUrl, checked: &Checked) -> bool {
    let set_ups = git::set_ups_at(environment, &base.to_string());
    used_by_git(checked, &set_ups).is_some()
}

fn text(checked: &Checked, gits: bool) -> String {
    let now = Clock::system().now().time;
    let Told { first, rows, then } = checked::told(checked, gits, now, &TimeZone::system());
    let signed = |lines: Vec<(&str, String)>| {
        let lines = lines.into_iter();
        lines
            .map(|(sign, text)| format!("{sign} {text}.\n"))
            .collect::<String>()
    };
    let rows: String = rows
        .into_iter()
        .map(|(label, value)| format!("  {}{value}\n", widget::fit::column(label, LABEL)))
        .collect();
    signed(first) + &rows + &signed(then)
}

/// What to do next, beside the result.
fn next(checked: &Checked, signed_in: bool) {
    match &checked.listed {
        Listed::In {
            place,
            token,
            is_seen: true,
            ..
        } => {
            let place = match place.as_ref() {
                Place::Account(_) => "@me".to_owned(),
                Place::Project(project) => project.key.clone(),
                Place::Repository(it) => format!("{}/{}", it.project.key, it.slug),
            };
            words::hint(&format!(
                "To revoke it: bbtoken revoke {place} {}, or the same with --revoke",
                token.id
            ));
        }
        Listed::Nowhere { .. } if !signed_in => {
            words::hint("To look for it in your own lists too: --sign-in");
        }
        _ => {}
    }
}

fn json_of(base: &BaseUrl, checked: &Checked, gits: bool) -> Value {
    let owner = checked.owner.as_ref().map(|owner| match owner {
        Owner::Person(user) => json!({"kind": "person", "name": user.name}),
        Owner::Technical(name) => json!({"kind": "technical", "name": name}),
    });
    let can = match &checked.trial {
        Tried::On(trial) => json!({
            "repository": trial.repository,
            "fetch": verdict(&trial.fetch),
            "push": verdict(&trial.push),
            "settings": verdict(&trial.settings),
        }),
        _ => Value::Null,
    };
    let (place, token, used_by_check) = match &checked.listed {
        Listed::In {
            place,
            token,
            used_by_check,
            ..
        } => (
            tokens::place(&place.scope()),
            tokens::json(token),
            json!(used_by_check),
        ),
        _ => (Value::Null, Value::Null, Value::Null),
    };
    let (read, closed) = match &checked.listed {
        Listed::Nowhere { read, closed } => (json!(read), json!(closed)),
        _ => (Value::Null, Value::Null),
    };
    json!({
        "server": base.to_string(),
        "id": checked.id,
        "valid": checked.owner.is_some(),
        "owner": owner,
        "place": place,
        "token": token,
        "used_by_check": used_by_check,
        "can": can,
        "not_found_in": read,
        "not_seen": closed,
        "git_uses_it": gits,
    })
}

fn verdict(verdict: &Verdict) -> Option<bool> {
    match verdict {
        Verdict::Yes => Some(true),
        Verdict::No(_) => Some(false),
        Verdict::Unknown(_) => None,
    }
}
