//! Straight to a place: the one that the address named, or that of the clone in this directory.

use super::inside::Inside;
use super::rows::ProjectRow;
use super::security::Security;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;

use super::Browse;
use crate::bitbucket::{Client, Destination, Error, ErrorKind, Project, Scope, User};
use crate::operation::draft::Proposal;
use crate::operation::place;
use crate::ui::context::Context;
use crate::ui::keymap::{self, Action, Mode};
use crate::ui::layer::Layer as _;
use crate::ui::listing::Listed;
use crate::ui::load::{Load, Wait};
use crate::ui::notice::Notice;
use crate::ui::place::Place;
use crate::ui::problem::{Attempt, Problem};
use crate::ui::reply::Reply;
use crate::ui::route::Route;

/// The way to a place, while the server is asked about it.
#[derive(Debug)]
pub(super) struct Arrival {
    to: Destination,
    load: Load<Place>,
}

impl Arrival {
    pub(super) fn wait(&self) -> &Wait {
        self.load.wait()
    }

    pub(super) fn wait_mut(&mut self) -> &mut Wait {
        self.load.wait_mut()
    }
}

impl Browse {
    /// Asks for the place that the user wants to go to. It is asked for once.
    pub(super) fn set_out(&mut self, cx: &mut Context<'_>) {
        let Some(to) = cx.session.destination.take() else {
            return;
        };
        let Some(user) = cx.session.user.clone() else {
            return;
        };
        if let Destination::Account | Destination::Tokens(Scope::Personal { .. }) = to {
            // Nothing has to be asked for.
            let place = Place::Account(user);
            cx.open(Route::Tokens {
                place: place.clone(),
                listing: None,
            });
            if let Some(proposal) = cx.session.proposal.take() {
                cx.open(way_to(place, true, proposal));
            }
            return;
        }
        let mut load = Load::default();
        load.ask(find(user, to.clone()), cx);
        self.arrival = Some(Arrival { to, load });
    }

    /// Opens the form that somebody else has filled in, once it is known whether tokens can be made here.
    pub(super) fn open_proposed(&mut self, cx: &mut Context<'_>) {
        let Some(security) = &self.security else {
            return;
        };
        if security.waits().iter().any(|wait| wait.is_pending()) {
            return;
        }
        let Some(proposal) = self.proposal.take() else {
            return;
        };
        match self.refusal(Action::New, cx.session) {
            Some(reason) => cx.notify(Notice::hint(reason)),
            None if cx.session.rights.is_refused(&security.place) => cx.open(Route::MayNot {
                place: security.place.clone(),
                work: None,
                lacks_permission: false,
            }),
            None => cx.open(way_to(security.place.clone(), false, proposal)),
        }
    }

    /// Opens the place, unless the user has gone somewhere else meanwhile.
    pub(super) fn arrive(&mut self, reply: &mut Reply, cx: &mut Context<'_>) {
        let Some(Arrival { load, .. }) = &mut self.arrival else {
            return;
        };
        let Some(result) = load.take(reply) else {
            return;
        };
        let Some(Arrival { to, .. }) = self.arrival.take() else {
            return;
        };
        if self.inside.is_some() || self.security.is_some() {
            return;
        }
        let place = match result {
            Ok(place) => place,
            Err(error) => return cx.notify(Notice::hint(not_there(&to, &error))),
        };
        let project = match &place {
            Place::Account(_) => return,
            Place::Project(project) => project.clone(),
            Place::Repository(repository) => repository.project.clone(),
        };
        let mut inside = Inside::new(project);
        match &place {
            Place::Repository(repository) => inside.seek(repository),
            _ => inside.is_fresh = false,
        }
        let key = inside.project.key.clone();
        let is_it = |row: &ProjectRow| Project::row_identity(row).as_ref() == Some(&key);
        if !self.projects.picker.select(is_it) {
            self.projects.seek(key);
        }
        inside.repositories.start(cx);
        self.inside = Some(inside);
        let name = to.name();
        if let Some(where_to) = moved(&to, &place) {
            cx.notify(Notice::hint(where_to));
        } else if cx.session.clone.as_ref() == Some(&to) {
            cx.notify(Notice::good(format!(
                "{name} is the clone in this directory. Press {} for all other places.",
                keymap::key(Mode::Anywhere, Action::Back)
            )));
        }
        let mut security = Security::open(place, cx);
        if matches!(to, Destination::Tokens(_)) {
            cx.open(security.tokens_screen());
        }
        self.security = Some(security);
        self.proposal = cx.session.proposal.take();
    }
}

fn way_to(place: Place, from_list: bool, proposal: Proposal) -> Route {
    Route::ProposedToken {
        place,
        from_list,
        proposal,
    }
}

/// Where a place is that was looked for elsewhere, in a sentence.
fn moved(to: &Destination, place: &Place) -> Option<String> {
    let name = to.name();
    let now = match place {
        Place::Account(_) => return None,
        Place::Project(project) => Destination::Project {
            key: project.key.clone(),
        },
        Place::Repository(repository) => Destination::Repository {
            project: repository.project.key.clone(),
            slug: repository.slug.clone(),
        },
    };
    let now = now.name();
    match (to, place) {
        (Destination::Project { .. }, Place::Repository(_)) => Some(format!(
            "There is no project {name}. This is the repository of that name: {now}."
        )),
        _ if now.eq_ignore_ascii_case(&name) => None,
        _ => Some(format!("{name} has moved: it is {now} now.")),
    }
}

/// Finds a place for this user.
pub(super) fn find(
    user: User,
    to: Destination,
) -> impl Fn(Client) -> BoxFuture<'static, Result<Place, Error>> {
    move |client| {
        let (user, to) = (user.clone(), to.clone());
        async move {
            let found = place::find(&client, &user, &to).await;
            match (&found, &to) {
                // A name alone may be that of a repository.
                (Err(error), Destination::Project { key }) if is_not_seen(error) => {
                    let repository = place::repository_called(&client, key).await;
                    let repository = repository.ok().flatten();
                    repository.map_or(found, |repository| Ok(Place::Repository(repository)))
                }
                _ => found,
            }
        }
        .boxed()
    }
}

fn is_not_seen(error: &Error) -> bool {
    matches!(error.kind, ErrorKind::NotFound | ErrorKind::NotPermitted)
}

fn not_there(to: &Destination, error: &Error) -> String {
    let name = to.name();
    match error.kind {
        _ if is_not_seen(error) => {
            format!("{name} does not exist, or you may not see it. Here is what you may see.")
        }
        _ => {
            let problem = Problem::explain(error, Attempt::List(&name));
            format!("{} {}", problem.what, problem.why)
        }
    }
}
