//! `bbtoken git-setup`: sets git up with a token that was made before, or takes that away again.

mod mending;
mod our_use;

use std::error::Error;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;

use self::mending::Mends;
use self::our_use::OurUse;
use super::prompt::{self, Enter};
use super::{git_undo, output, words};
use crate::bitbucket::{
    self, BaseUrl, Client, Destination, Elsewhere, ErrorKind, Scope, Settings, Trial, Verdict,
};
use crate::clock::Clock;
use crate::config::Config;
use crate::environment::Environment;
use crate::git::{self, Location, Target, TokenNote, Way};
use crate::operation::connect;
use crate::operation::look_at_git::{self, Look, OnTheWay};
use crate::operation::set_up_git::{self, Wanted};
use crate::operation::why::in_clone;
use crate::permission::ScopeKind;
use crate::secret::Secret;
use crate::ui::git_proof;

/// Where answers are needed and there is no terminal.
const NOBODY: &str =
    "Standard input is not a terminal, so bbtoken cannot ask: add --yes, and --way if you like.";

/// What git is set up for.
#[derive(Debug, Args)]
pub(super) struct GitSetup {
    /// The clone address (https://git.example.com/scm/plat/billing-api.git), for a project token the part
    /// that all its clone addresses share (…/scm/plat); without one: that of the clone you are in
    #[arg(value_name = "ADDRESS")]
    address: Option<String>,
    /// The token is a personal one, of this user
    #[arg(long, value_name = "NAME")]
    user: Option<String>,
    /// How, where it works here: helper (git's own, for a personal token), secret-tool (the desktop's key
    /// ring), bearer (a helper of git's, through bbtoken) or header (a file that only you can read)
    #[arg(long, value_name = "WAY")]
    way: Option<String>,
    /// The same place under another name of the server, as your clones spell it; git uses the token there
    /// too
    #[arg(long, value_name = "ADDRESS")]
    also: Vec<String>,
    /// Send the token over http without encryption, where the server is another computer
    #[arg(long)]
    plain_http: bool,
    /// Remove what is in the way, where bbtoken can: a password in the address of a remote, an older
    /// header, http in place of https, a helper that is gone
    #[arg(long)]
    mend: bool,
    /// Write without asking; without --way, in the way that is offered first
    #[arg(long)]
    yes: bool,
    /// Undo the setup for the address, or the only one there is; that does not revoke the token
    #[arg(long, conflicts_with_all = ["way", "yes", "also", "plain_http", "mend"])]
    undo: bool,
}

/// Sets git up, or undoes it.
///
/// # Errors
/// What went wrong and what to do about it, as a sentence.
pub(super) async fn run(arguments: GitSetup, config: Config) -> Result<ExitCode, Box<dyn Error>> {
    let environment = Environment::of_process();
    for told in git::bring_to_end(&environment).await {
        output::hint(&format!("! {told}"));
    }
    if arguments.undo {
        return git_undo::run(&environment, arguments.address, arguments.user).await;
    }
    if !arguments.yes && !prompt::can_ask() {
        return Err(NOBODY.into());
    }
    let address = match &arguments.address {
        Some(address) => address.clone(),
        None => git::origin(&environment).await.ok_or("Name the clone address, as in: bbtoken git-setup https://git.example.com/scm/plat/billing-api.git")?,
    };
    let (mut target, scope) = target(&address, arguments.user.clone())?;
    let base = BaseUrl::parse(&target.address)?;
    prompt::allow_plain_http(&base, "the token", arguments.plain_http).await?;
    for address in &arguments.also {
        let address = Target::new(address, target.kind, None)?.address;
        let also = BaseUrl::parse(&address)?;
        agree_to_http(&target, &also, arguments.plain_http).await?;
        target.name_also(address);
    }
    let settings = Settings {
        observer: Some(words::pauses()),
        ..connect::settings(&config, &environment, &base)
    };
    let client = connect::open(base, settings).await?;
    if arguments.address.is_none()
        && let Some(line) = look_first(&environment, &client).await?
    {
        output::say(&line)?;
    }
    let token = Arc::new(read_token(&target).await?);
    let trial = client.try_token_alone(&token, target.user.as_deref(), &scope);
    let trial = trial.await.map_err(|error| not_tried(&error))?;
    output::say(&described(trial.as_ref()))?;
    let trial = trial.as_ref();
    let used = OurUse::of(&token, client.base(), trial);
    if let Some(Verdict::No(said)) = trial.map(|trial| &trial.fetch) {
        return Err(format!("The server refuses this token: {said}. Nothing was written.").into());
    }
    let as_password = trial.and_then(|trial| trial.as_password.as_ref());
    let takes_password = !matches!(as_password, Some(Verdict::No(_)));
    let look = async || {
        let on_the_way = OnTheWay::to(client.base(), &config);
        look_at_git::look(
            &environment,
            &target,
            takes_password,
            on_the_way,
            Some(&client),
        )
        .await
    };
    let mut looked = look().await?;
    let mut mends = Mends::default();
    let how = (arguments.mend, arguments.yes);
    if mends.clear_the_way(&environment, &looked, how).await? {
        looked = look().await?;
    }
    let Look {
        mut target,
        ways,
        other_names,
        obstacles: _,
        replaces,
    } = looked;
    for name in other_names {
        agree_to_name(&mut target, name, &arguments).await?;
    }
    let way = choose(&arguments, &ways).await?;
    if let Some(replaces) = &replaces {
        output::say(&format!("\n! {}", git_proof::replaces(replaces)))?;
        output::say(
            "  Once git works with the new token, the old setup is deleted: --undo does not bring it \
             back.",
        )?;
    }
    output::say(&format!("\nThis will be written ({}):", way.title))?;
    for line in &way.writes {
        output::say(&format!("  · {line}"))?;
    }
    output::say(&format!("{}\n", way.safety))?;
    if !arguments.yes && !prompt::agrees("Write it?", Enter::Yes).await? {
        output::say("Nothing was written.")?;
        return Ok(ExitCode::SUCCESS);
    }
    let wanted = Wanted {
        note: TokenNote::of(&token),
        keeps_old: false,
        scope,
        way: way.clone(),
        token,
        target,
    };
    let done = set_up_git::set_up(&environment, &client, &wanted).await;
    let done = done.map_err(|not_done| git_proof::not_set_up(&not_done))?;
    used.note(&environment);
    mends.keep();
    for (sign, text) in git_proof::lines(&done.proof) {
        output::say(&format!("{sign} {text}"))?;
    }
    for left in &done.left {
        output::say(&format!("! {left}"))?;
    }
    if !done.note.tells_expiry() {
        output::say(
            "? When this token expires is not known here, so bbtoken cannot warn you before it does. \
             Bitbucket's own list of tokens shows it.",
        )?;
    }
    let sign = if done.proof.fetch.is_in() { "✓" } else { "!" };
    output::say(&format!(
        "{sign} git is set up for {}. To undo it: {}",
        wanted.target.address,
        git::undo_command(&wanted.target.address)
    ))?;
    Ok(ExitCode::SUCCESS)
}

/// What git shows in this clone as it is, before a new token is asked for.
async fn look_first(
    environment: &Environment,
    client: &Client,
) -> Result<Option<String>, git::Error> {
    let now = Clock::system().now().time;
    let why = in_clone(environment, client, now).await.transpose()?;
    Ok(why.map(|why| {
        let sign = if why.is_good() { "✓" } else { "✗" };
        format!("{sign} {}", why.sentence())
    }))
}

/// Without the server's word nothing is written: a setup is one that was seen to work.
fn not_tried(error: &bitbucket::Error) -> String {
    match error.kind {
        ErrorKind::WrongPassword | ErrorKind::NotSignedIn => {
            "The server refuses this token: it is wrong, expired or revoked. Nothing was written."
                .to_owned()
        }
        _ => {
            let error = error.to_string();
            let error = error.trim_end_matches('.');
            format!("The token could not be tried: {error}. Nothing was written.")
        }
    }
}

/// Another name of the server, as a clone spells it: only somebody who knows can say that it is one.
async fn agree_to_name(
    target: &mut Target,
    name: String,
    arguments: &GitSetup,
) -> Result<(), Box<dyn Error>> {
    let also = format!("--also {}", git::shell_word(&name));
    let what = format!("This clone calls its server by another name: {name}");
    if arguments.yes || !prompt::can_ask() {
        output::hint(&format!(
            "! {what}. The token is not sent there. If it is the same Bitbucket, add {also}."
        ));
        return Ok(());
    }
    let question = format!(
        "{what}\nYou named {}. Is it the same Bitbucket, so that git may send the token there too?",
        target.address
    );
    if prompt::agrees(&question, Enter::No).await? {
        agree_to_http(target, &BaseUrl::parse(&name)?, arguments.plain_http).await?;
        target.name_also(name);
    }
    Ok(())
}

/// Each server to which the token would go over http is agreed to by itself, and once.
async fn agree_to_http(target: &Target, to: &BaseUrl, is_allowed: bool) -> Result<(), String> {
    let there = Location::of(&to.to_string());
    let is_there = |agreed: Location| {
        let there = there.as_ref();
        there.is_some_and(|there| there.server() == agreed.server())
    };
    if target.plain_http().any(is_there) {
        return Ok(());
    }
    prompt::allow_plain_http(to, "the token", is_allowed).await
}

/// What a token is for follows from the address, and from whether it is a person's.
pub(super) fn target(
    address: &str,
    user: Option<String>,
) -> Result<(Target, Scope), Box<dyn Error>> {
    if let Some(user) = user {
        let base = BaseUrl::parse(address)?;
        let scope = Scope::Personal { user: user.clone() };
        let target = Target::new(&base.to_string(), ScopeKind::Personal, Some(user))?;
        return Ok((target, scope));
    }
    let scope = Destination::of_clone_address(address).and_then(|to| to.scope());
    let Some(scope) = scope else {
        let Target { address, .. } = Target::new(address, ScopeKind::Repository, None)?;
        return Err(format!(
            "{address} is neither a clone address (…/scm/plat/billing-api.git) nor that of a project (…/scm/plat). For a personal token add --user NAME."
        )
        .into());
    };
    Ok((Target::new(address, scope.kind(), None)?, scope))
}

/// From the terminal without showing it, or from standard input.
async fn read_token(target: &Target) -> Result<Secret, Box<dyn Error>> {
    let question = format!("Token for {} (paste it; it is not shown): ", target.address);
    let text = prompt::secret(&question).await?;
    let token = text.expose().trim();
    let is_token = |letter: char| letter.is_ascii_graphic();
    if token.is_empty() || !token.chars().all(is_token) {
        return Err(
            "That is not a token: a token is one word of letters, digits and signs.".into(),
        );
    }
    Ok(Secret::new(token.to_owned()))
}

fn described(trial: Option<&Trial>) -> String {
    let Some(trial) = trial else {
        return "! The token was not tried: it reaches no repository.".to_owned();
    };
    let word = |verdict: &Verdict, what: &str| match verdict {
        Verdict::Yes => format!("✓ can {what}"),
        Verdict::No(said) => format!("✗ cannot {what} ({said})"),
        Verdict::Unknown(error) => format!("? {what}: {error}"),
    };
    let tried = format!(
        "Tried on {}: {}   {}",
        trial.repository,
        word(&trial.fetch, "clone"),
        word(&trial.push, "push")
    );
    match &trial.elsewhere {
        None => tried,
        Some(elsewhere) => format!("{tried}\n! {}", named_elsewhere(elsewhere)),
    }
}

/// Clones that others have made, or that are copied from Bitbucket's pages, go to the address it names.
fn named_elsewhere(elsewhere: &Elsewhere) -> String {
    let Elsewhere { link, here, .. } = elsewhere;
    match git_proof::does_not_get_there(elsewhere) {
        Some(why) => format!("{why} Clone from {here}."),
        None => format!(
            "Bitbucket names {link} to clone from, and something answers there. In a clone from there, git-setup offers to have git use the token there too."
        ),
    }
}

async fn choose<'a>(arguments: &GitSetup, ways: &'a [Way]) -> Result<&'a Way, Box<dyn Error>> {
    if let Some(name) = &arguments.way {
        let names: Vec<_> = ways.iter().map(|way| way.name).collect();
        let way = ways.iter().find(|way| way.name == name);
        return way.ok_or_else(|| {
            format!(
                "The way {name} does not work here. What works: {}.",
                names.join(", ")
            )
            .into()
        });
    }
    for (index, way) in ways.iter().enumerate() {
        let note = match (index, way.drawback()) {
            (_, Some(drawback)) => format!("  {drawback}"),
            (0, None) => "  ★ recommended".to_owned(),
            (_, None) => String::new(),
        };
        output::say(&format!("  {}  {}{note}", index + 1, way.title))?;
    }
    let first = ways.first().ok_or("There is no way to set git up here.")?;
    if arguments.yes {
        return Ok(first);
    }
    let typed = prompt::line("Which one? [1] ").await?;
    let chosen = match typed.as_str() {
        "" => Some(first),
        typed => typed
            .parse::<usize>()
            .ok()
            .and_then(|number| ways.get(number.checked_sub(1)?)),
    };
    chosen.ok_or_else(|| format!("There is no way {typed}. Nothing was written.").into())
}
