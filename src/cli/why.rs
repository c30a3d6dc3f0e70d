//! `bbtoken why`: why git is refused here, with the way out.

use std::io;
use std::process::ExitCode;

use clap::Args;
use serde_json::{Value, json};

use super::exit::{Exit, Failure};
use super::prompt::{self, Enter};
use super::{output, words};
use crate::bitbucket::{Address, BaseUrl, Destination, Settings};
use crate::clock::Clock;
use crate::config::Config;
use crate::environment::Environment;
use crate::git::{self, Location, Remote};
use crate::operation::prove_git::Observed;
use crate::operation::why::{Cause, From, Question, Remedy, Sends, Why as Answer, why};
use crate::operation::{connect, mend_git, whereabouts};
use crate::secret::repeatable;
use crate::state::State;
use crate::ui::in_the_way;

/// Where git is refused.
#[derive(Debug, Args)]
pub(super) struct Why {
    /// The clone address that git is given, or PROJECT/repository; without it, the clone you are in
    #[arg(value_name = "ADDRESS")]
    address: Option<String>,
    /// Which remote of the clone; without it the first that leads to a Bitbucket
    #[arg(long, value_name = "NAME", conflicts_with = "address")]
    remote: Option<String>,
    /// Send the password too that git would send, where it is a person's own; a wrong one counts as a failed
    /// login
    #[arg(long)]
    send_password: bool,
    /// Remove what is in the way of the token, where bbtoken can, and look again
    #[arg(long)]
    mend: bool,
    /// For programs
    #[arg(long)]
    json: bool,
}

/// What its help says below the options.
pub(super) const AFTER_HELP: &str = "It looks at what git would send there, tries that with a request of its \
                                     own, and then has git itself fetch and ask for a push that changes \
                                     nothing. Nothing secret is printed, and a person's password is sent \
                                     only with your word. Fit for a ticket.\n--json: { address, remote, \
                                     ok, cause, sentence, sends: { what, user, from }, token: { id, name, \
                                     expires }, fetch: { ok, answer }, push: { ok, answer }, advice }; \
                                     cause is works, expired, revoked, expired_or_revoked, read_only, \
                                     no_right, other_account, archived, basic_off, password_in_address, \
                                     password, password_refused, helper_gone, program_gone, forgotten, \
                                     nothing_to_send, several_headers, certificate, elsewhere, no_remote, \
                                     plain_http, captcha, account_refused, refused, no_answer or \
                                     git_fails.\nExit status: 0 git works, 3 something stops it, 1 \
                                     the server could not be asked, 2 wrong arguments.";

/// Says why.
///
/// # Errors
/// What is in the way of finding out.
pub(super) async fn run(arguments: Why, config: &Config) -> Result<ExitCode, Failure> {
    let environment = Environment::of_process();
    for told in git::bring_to_end(&environment).await {
        words::hint(&format!("! {told}"));
    }
    let (base, from, user) = arguments.find(config, &environment).await?;
    let settings = Settings {
        observer: Some(words::pauses()),
        ..connect::settings(config, &environment, &base)
    };
    let client = connect::open(base.clone(), settings).await;
    let client = client.map_err(|error| words::not_reached(&base, &error))?;
    let mut question = Question {
        from,
        sends_password: arguments.send_password,
        runs_git: true,
        reader: None,
        user,
        now: Clock::system().now().time,
    };
    let mut answer = why(&environment, &client, &question).await?;
    if answer.remedy() == Remedy::TryPassword && !arguments.json && prompt::can_ask() {
        words::hint(&answer.sentence());
        let asked = format!(
            "Send it to {} to see whether it is taken? A wrong one counts as a failed login.",
            base.host()
        );
        if prompt::agrees(&asked, Enter::No).await? {
            question.sends_password = true;
            answer = why(&environment, &client, &question).await?;
        }
    }
    if let (true, Remedy::Mend(obstacle)) = (arguments.mend, answer.remedy()) {
        let address = answer.address.clone().unwrap_or_default();
        let mended = mend_git::mend(&environment, &address, &obstacle).await?;
        words::hint(&format!("✓ {}", in_the_way::mended(&obstacle, &mended)));
        answer = why(&environment, &client, &question).await?;
    }
    print(&arguments, &answer)?;
    Ok(match answer.cause {
        Cause::Works => Exit::Done,
        Cause::NoAnswer(_) => Exit::Failed,
        _ => Exit::Found,
    }
    .into())
}

impl Why {
    /// The Bitbucket, from where git goes there, and whom the remote names.
    async fn find(
        &self,
        config: &Config,
        environment: &Environment,
    ) -> Result<(BaseUrl, From, Option<String>), Failure> {
        let (state, damage) = State::load(environment);
        if let Some(damage) = damage {
            words::hint(&damage);
        }
        let remotes = git::remotes_of_clone(environment).await;
        let known = whereabouts::known(None, config, &state);
        let addresses: Vec<_> = remotes.iter().map(|it| it.address.clone()).collect();
        let usual = || {
            let named = whereabouts::usual(environment)?;
            Some(Address::parse(&named, &known).ok()?.server?.0)
        };
        let nearest = whereabouts::server_of_clone(&addresses, &known).or_else(usual);
        let known = whereabouts::known(nearest, config, &state);
        if let Some(text) = &self.address {
            return named(text, &remotes, &known);
        }
        let remote = match &self.remote {
            Some(name) => remotes.iter().find(|remote| remote.name == *name),
            None => leading(&remotes, &known),
        };
        let Some(remote) = remote else {
            let what = match &self.remote {
                Some(name) => format!("There is no remote {name} here."),
                None => "You are in no clone of a Bitbucket.".to_owned(),
            };
            return Err(Failure::new(Exit::Usage, what)
                .next("Go into the clone, or name the address that git is given: bbtoken why https://git.example.com/scm/plat/billing-api.git"));
        };
        let addresses = std::slice::from_ref(&remote.address);
        let base = whereabouts::server_of_clone(addresses, &known)
            .or_else(|| Some(Address::parse(&remote.address, &known).ok()?.server?.0));
        let base = base.ok_or_else(|| {
            let what = format!("{} is not an address of a Bitbucket.", remote.address);
            Failure::new(Exit::Usage, what)
        })?;
        Ok((base, From::Remote(remote.name.clone()), remote.user.clone()))
    }
}

/// The remote that leads to a Bitbucket, over HTTP rather than by ssh.
fn leading<'a>(remotes: &'a [Remote], known: &[BaseUrl]) -> Option<&'a Remote> {
    let leads = |remote: &&Remote| {
        let addresses = std::slice::from_ref(&remote.address);
        whereabouts::server_of_clone(addresses, known).is_some()
    };
    let mut all = remotes.iter().filter(leads);
    let over_http = |remote: &&Remote| remote.location().is_some();
    remotes.iter().filter(leads).find(over_http).or(all.next())
}

/// Of a place that was named. Where the clone here is of it, git is looked at from there.
fn named(
    text: &str,
    remotes: &[Remote],
    known: &[BaseUrl],
) -> Result<(BaseUrl, From, Option<String>), Failure> {
    let unclear = |what: String| {
        Failure::new(Exit::Usage, what)
            .next("Name the address that git is given, as in https://git.example.com/scm/plat/billing-api.git, or PROJECT/repository.")
    };
    let shown = repeatable(text).unwrap_or("What was given");
    let read = Address::parse(text, known).map_err(|error| unclear(error.to_string()))?;
    let (base, _) = read.server.ok_or_else(|| {
        unclear(format!(
            "{shown} is on which Bitbucket? None is known here."
        ))
    })?;
    let Some(Destination::Repository { project, slug }) = read.destination else {
        return Err(unclear(format!("{shown} names no repository.")));
    };
    let is_typed = Destination::of_clone_address(text).is_some();
    let address = if is_typed {
        text.to_owned()
    } else {
        base.page(&["scm", &project.to_lowercase(), &format!("{slug}.git")])
    };
    let place = Location::of(&address);
    let here = remotes.iter().find(|remote| {
        let location = remote.location();
        location.is_some() && location == place && !is_typed
    });
    Ok(match here {
        Some(remote) => (base, From::Remote(remote.name.clone()), remote.user.clone()),
        None => (base, From::Address(address), None),
    })
}

fn print(arguments: &Why, answer: &Answer) -> Result<(), Failure> {
    if arguments.json {
        return Ok(output::print(&format!("{:#}\n", json_of(answer)))?);
    }
    let columns = output::columns(&io::stdout()).unwrap_or(usize::MAX);
    let lines = answer.lines().into_iter();
    let text: String = lines
        .map(|(head, text)| output::hung(&head, &text, columns) + "\n")
        .collect();
    Ok(output::show(&text)?)
}

fn json_of(answer: &Answer) -> Value {
    let observed = |observed: &Observed| {
        json!({
            "ok": observed.is_in(),
            "answer": observed.refusal(),
        })
    };
    let (what, user) = match &answer.sends {
        Sends::Nothing => ("nothing", None),
        Sends::Password { user } => ("password", Some(user)),
        Sends::Token { user } => ("token", user.as_ref()),
        Sends::Other => ("other", None),
        Sends::Several(_) => ("several", None),
    };
    let token = answer.token.as_ref();
    json!({
        "address": answer.address,
        "remote": answer.remote,
        "ok": answer.is_good(),
        "cause": answer.cause.name(),
        "sentence": answer.sentence(),
        "sends": { "what": what, "user": user, "from": answer.from.name() },
        "token": token.map(|token| json!({
            "id": token.id,
            "name": token.name,
            "expires": token.expires.map(|at| at.to_string()),
        })),
        "fetch": observed(&answer.fetch),
        "push": observed(&answer.push),
        "advice": answer.advice(),
    })
}
