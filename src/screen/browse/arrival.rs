//! Straight to a place: the one that the address named, or that of the clone in this directory.

use super::inside::Inside;
use super::rows::ProjectRow;
use super::security::Security;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;

use super::Browse;
use crate::bitbucket::{Client, Destination, Error, ErrorKind, Project, Scope, User};
use crate::operation::place;
use crate::ui::context::Context;
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
            return cx.open(Route::Tokens {
                place: Place::Account(user),
                listing: None,
            });
        }
        let mut load = Load::default();
        load.ask(find(user, to.clone()), cx);
        self.arrival = Some(Arrival { to, load });
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
        if let Some(now) = moved(&to, &place) {
            cx.notify(Notice::hint(format!("{name} has moved: it is {now} now.")));
        } else if cx.session.clone.as_ref() == Some(&to) {
            cx.notify(Notice::good(format!(
                "{name} is the clone in this directory. esc leads to all other places."
            )));
        }
        let mut security = Security::open(place, cx);
        if matches!(to, Destination::Tokens(_)) {
            cx.open(security.tokens_screen());
        }
        self.security = Some(security);
    }
}

/// Where a place is now that was looked for elsewhere.
fn moved(to: &Destination, place: &Place) -> Option<String> {
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
    (!now.eq_ignore_ascii_case(&to.name())).then_some(now)
}

/// Finds a place for this user.
pub(super) fn find(
    user: User,
    to: Destination,
) -> impl Fn(Client) -> BoxFuture<'static, Result<Place, Error>> {
    move |client| {
        let (user, to) = (user.clone(), to.clone());
        async move { place::find(&client, &user, &to).await }.boxed()
    }
}

fn not_there(to: &Destination, error: &Error) -> String {
    let name = to.name();
    match error.kind {
        ErrorKind::NotFound | ErrorKind::NotPermitted => {
            format!("{name} does not exist, or you may not see it. Here is what you may see.")
        }
        _ => {
            let problem = Problem::explain(error, Attempt::List(&name));
            format!("{} {}", problem.what, problem.why)
        }
    }
}
