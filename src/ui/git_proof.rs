//! What git showed, in words: for the screens, the command line and the doctor.

use super::keymap::{self, Action, Mode};
use crate::bitbucket::{Destination, Elsewhere, Error};
use crate::git::sent::Source;
use crate::git::{self, Authority};
use crate::operation::git_tokens::ServerSays;
use crate::operation::look_at_git::Replaces;
use crate::operation::prove_git::{Observed, Proof};
use crate::operation::set_up_git::{BroughtBack, NotDone, Why};

/// A sign and what it stands before.
pub type Signed = (&'static str, String);

/// git as it was set up a moment ago.
#[derive(Debug, Clone)]
pub struct GitShown {
    /// For which address.
    pub address: String,
    /// How long git keeps the token, where it forgets it again.
    pub forgets: Option<&'static str>,
    /// It can commit: it knows by which name and address.
    pub knows_author: bool,
    /// What it showed.
    pub proof: Proof,
}

/// That git is set up, what it showed and how long that lasts, in as few lines as tell all of it.
#[must_use]
pub fn told(git: &GitShown) -> Vec<Signed> {
    let proof = &git.proof;
    let mut told = lines(proof);
    let got_in = match (proof.fetch.is_in(), proof.push.is_in()) {
        (true, true) => Some("clone, pull and push"),
        (true, false) => Some("clone and pull"),
        (false, _) => None,
    };
    match got_in {
        Some(what) => {
            told.retain(|(sign, _)| *sign != "✓");
            let tried = proof.address.as_deref().and_then(repository);
            let tried = tried.map_or_else(
                || "just tried".to_owned(),
                |it| format!("just tried on {it}"),
            );
            let text = format!(
                "git works here: it can {what} with this token ({tried}, nothing was changed)"
            );
            told.insert(0, ("✓", text));
        }
        None => told.insert(
            0,
            ("!", "git is set up, but it was not tested yet".to_owned()),
        ),
    }
    if let Some(time) = git.forgets {
        let text = format!("git keeps the token {time}: after that you need a new one");
        told.push(("!", text));
    }
    told
}

/// What git showed, a line for fetch and one for push.
#[must_use]
pub fn lines(proof: &Proof) -> Vec<Signed> {
    let mut lines = if proof.fetch == proof.push && proof.fetch.cannot_be_proven() {
        vec![line(&proof.fetch, "clone and push", None)]
    } else {
        let address = proof.address.as_deref();
        vec![
            line(&proof.fetch, "clone", address),
            line(&proof.push, "push", address),
        ]
    };
    if let Some(address) = &proof.by_ssh {
        lines.push((
            "!",
            format!("the clone you are in goes to {address}: there git does not use the token"),
        ));
    }
    if proof.has_push_hook && proof.push.is_in() {
        let hook = "a pre-push hook of this clone decides about pushes too; it was not run";
        lines.push(("·", hook.to_owned()));
    }
    lines
}

/// The repository at an address: `PLAT/billing-api`.
fn repository(address: &str) -> Option<String> {
    match Destination::of_clone_address(address)? {
        Destination::Repository { project, slug } => Some(format!("{project}/{slug}")),
        _ => None,
    }
}

/// "clone PLAT/billing-api", "push to PLAT/billing-api".
fn there(what: &str, address: Option<&str>) -> String {
    match address.and_then(repository) {
        Some(repository) if what == "push" => format!("push to {repository}"),
        Some(repository) => format!("{what} {repository}"),
        None => what.to_owned(),
    }
}

/// One thing that git showed, at this address.
fn line(observed: &Observed, what: &str, address: Option<&str>) -> Signed {
    let (sign, text) = match observed {
        Observed::In => ("✓", format!("git can {}", there(what, address))),
        Observed::Refused { said, from, .. } => (
            "✗",
            format!(
                "git cannot {what}: the server says \"{}\"{}",
                said.trim_end_matches('.'),
                by(from)
            ),
        ),
        Observed::Person { user, from } => (
            "!",
            format!(
                "git would sign in with the password of {user}{}, not with the token; bbtoken sends no \
                 passwords in a test, so {what} was not tried",
                by(from)
            ),
        ),
        Observed::PlainHttp => (
            "?",
            format!(
                "git goes there over http, where anyone on the network can read what is sent: {what} was \
                 not tried"
            ),
        ),
        Observed::SeveralHeaders(number, from) => (
            "✗",
            format!(
                "git would send {number} Authorization headers at once{}, so {what} was not tried",
                by(from)
            ),
        ),
        Observed::OtherToken(from) => (
            "!",
            format!("git can {what}, but with a different token{}", by(from)),
        ),
        Observed::Distrusts { said, authority } => (
            "✗",
            format!(
                "git cannot {what}: it does not trust the server's certificate ({said}){}",
                authority.as_ref().map(trusted).unwrap_or_default()
            ),
        ),
        Observed::Failed(said) => ("✗", format!("git cannot {what}: {said}")),
        Observed::NotInTime => (
            "✗",
            format!("git did not show within 20 seconds whether it can {what}"),
        ),
        Observed::NoAnswer(error) => ("?", format!("{what} was not tried: {}", in_short(error))),
        Observed::Everybody => (
            "?",
            format!("everybody may read this repository, so it proves nothing that git can {what}"),
        ),
        Observed::Elsewhere(address) => (
            "?",
            format!("from here git goes to {address}, not over HTTP: {what} was not tried"),
        ),
        Observed::Covered => (
            "?",
            format!(
                "{what} was not tried: each repository that this token reaches is set up with a token of its own"
            ),
        ),
        Observed::NoRepository => (
            "?",
            format!("{what} was not tried: the token reaches no repository yet"),
        ),
    };
    (sign, text)
}

/// Where git has from what it sends.
fn by(source: &Source) -> String {
    match source {
        Source::Nowhere => String::new(),
        Source::Header(file) => format!(" (a header in {file})"),
        Source::Address => " (from the address of the remote)".to_owned(),
        Source::Helper => " (from its credential helper)".to_owned(),
    }
}

/// What git trusts in place of the system's.
fn trusted(authority: &Authority) -> String {
    let file = authority.file.display();
    let from = &authority.from;
    if authority.is_missing() {
        format!("; {from} names {file} as the certificates to trust, and there is no such file")
    } else {
        format!("; it trusts only {file} ({from})")
    }
}

fn in_short(error: &Error) -> String {
    error.to_string().trim_end_matches('.').to_owned()
}

/// That git does not get to the address which Bitbucket's clone links name, and why; nothing where it does.
#[must_use]
pub fn does_not_get_there(elsewhere: &Elsewhere) -> Option<String> {
    let why = elsewhere.unreachable.as_ref()?;
    Some(format!(
        "Bitbucket names {} to clone from. From here git does not get there: {why}.",
        elsewhere.link
    ))
}

/// What a new setup takes the place of.
#[must_use]
pub fn replaces(replaces: &Replaces) -> String {
    let set_up = &replaces.set_up;
    let (named, kept) = (set_up.named(), set_up.kept());
    let now = match (&replaces.lost, &replaces.answer) {
        (Some(_), _) => format!(
            "git here is set up with {named}, but {} no longer has it",
            set_up.keeper()
        ),
        (None, Some(ServerSays::Taken)) => format!("git here already uses {named}, {kept}"),
        (None, Some(ServerSays::Refused)) => format!(
            "git here is set up with {named}, {kept}, but the server refuses it: it has expired or was \
             revoked"
        ),
        (None, Some(ServerSays::NotKnown(error))) => format!(
            "git here is set up with {named}, {kept}; whether it still works is not known: {}",
            in_short(error)
        ),
        (None, None) => {
            format!("git here is set up with {named}, {kept}; whether it still works was not asked")
        }
    };
    format!("{now}. This replaces it.")
}

/// Whether undo brings that back.
#[must_use]
pub fn comes_back(replaces: &Replaces) -> String {
    let named = replaces.set_up.named();
    match &replaces.lost {
        None if !replaces.can_come_back() => {
            format!("{named} does not come back: the server refuses it")
        }
        None => {
            let undo = keymap::key(Mode::Ready, Action::UndoGit);
            format!("until you leave Token ready, {undo} brings {named} back")
        }
        Some(why) => format!("{named} cannot come back: {}", why.trim_end_matches('.')),
    }
}

/// That the earlier setup is in place again, and what git showed with it.
#[must_use]
pub fn brought_back(back: &BroughtBack) -> (bool, String) {
    let named = back.old.named();
    let (is_in, shown) = match &back.proof {
        Ok(proof) if proof.fetch.is_in() => {
            (true, format!("git uses {named} again, and it works."))
        }
        Ok(proof) => {
            let (_, why) = line(&proof.fetch, "clone", None);
            (
                false,
                format!("git is set up with {named} again, but {why}."),
            )
        }
        Err(error) => (
            false,
            format!(
                "git is set up with {named} again, but that was not tried: {}",
                sentence(error)
            ),
        ),
    };
    let mut text = shown;
    for left in &back.left {
        text.push(' ');
        text.push_str(left);
    }
    (is_in && back.left.is_empty(), text)
}

/// Why git was not set up, and what is left of it.
#[must_use]
pub fn not_set_up(not_done: &NotDone) -> String {
    let what = match &not_done.why {
        Why::Failed(error) => format!("Git was not set up. {}", sentence(error)),
        Why::NotIn(proof) => {
            let (_, why) = line(&proof.fetch, "clone", None);
            format!("Git was not set up, because {why}.")
        }
    };
    let rest = if not_done.left.is_empty() {
        "Everything has been put back.".to_owned()
    } else {
        not_done.left.join(" ")
    };
    format!("{what} {rest}")
}

fn sentence(error: &git::Error) -> String {
    let text = error.to_string();
    if text.ends_with(['.', '?', '!']) {
        text
    } else {
        format!("{text}.")
    }
}
