//! Straight to a place: the one that the address named, or that of the clone in this directory.

use super::Browse;
use super::inside::Inside;
use super::rows::ProjectRow;
use super::security::Security;
use crate::bitbucket::{Destination, Error, ErrorKind, Project, Scope};
use crate::ui::context::Context;
use crate::ui::effect::Read;
use crate::ui::event::Answer;
use crate::ui::listing::Listed;
use crate::ui::load::Load;
use crate::ui::notice::Notice;
use crate::ui::place::Place;
use crate::ui::problem::{Attempt, Problem};
use crate::ui::route::Route;

/// The way to a place, while the server is asked about it.
#[derive(Debug)]
pub(super) struct Arrival {
    to: Destination,
    load: Load,
}

impl Arrival {
    pub(super) fn load(&self) -> &Load {
        &self.load
    }

    pub(super) fn load_mut(&mut self) -> &mut Load {
        &mut self.load
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
        let read = Read::Place {
            to: to.clone(),
            user,
        };
        if let Some(query) = cx.read(read) {
            let mut load = Load::default();
            load.ask(query, cx);
            self.arrival = Some(Arrival { to, load });
        }
    }

    /// Opens the place, unless the user has gone somewhere else meanwhile.
    pub(super) fn arrive(&mut self, result: Result<Answer, Error>, cx: &mut Context<'_>) {
        let Some(Arrival { to, .. }) = self.arrival.take() else {
            return;
        };
        if self.inside.is_some() || self.security.is_some() {
            return;
        }
        let place = match result {
            Ok(Answer::Place(place)) => *place,
            Ok(_) => return,
            Err(error) => return cx.notify(Notice::hint(not_there(&to, &error))),
        };
        let project = match &place {
            Place::Account(_) => return,
            Place::Project(project) => project.clone(),
            Place::Repository(repository) => repository.project.clone(),
        };
        let administered = self.administers(&project);
        let mut inside = Inside::new(project, administered);
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
