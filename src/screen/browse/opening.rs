//! Enter leads one column further, esc one back.

use super::Browse;
use super::inside::Inside;
use super::rows::ProjectRow;
use super::security::Security;
use super::target::UnderCursor;
use crate::ui::context::Context;
use crate::ui::notice::Notice;
use crate::ui::place::Place;
use crate::ui::route::Route;

impl Browse {
    pub(super) fn open_row(&mut self, cx: &mut Context<'_>) {
        if let Some(security) = &mut self.security {
            let place = security.place.clone();
            if cx.session.rights.is_refused(&place) {
                cx.open(Route::MayNot {
                    place,
                    work: None,
                    lacks_permission: false,
                });
            } else {
                cx.open(security.tokens_screen());
            }
        } else if let Some(inside) = &self.inside {
            // Whoever presses enter fast means the first repository, which is still to come.
            if inside.is_fresh && inside.repositories.waiting(cx.now).is_some() {
                cx.notify(Notice::hint("The repositories are still loading."));
            } else {
                self.open_security(cx);
            }
        } else {
            self.open_project_row(cx);
        }
    }

    fn open_project_row(&mut self, cx: &mut Context<'_>) {
        match self.projects.picker.current() {
            Some(ProjectRow::Project(project)) => {
                let mut inside = Inside::new((**project).clone());
                inside.seek_last(cx.session);
                inside.repositories.start(cx);
                self.inside = Some(inside);
            }
            Some(ProjectRow::Found(repository)) => {
                let repository = (**repository).clone();
                let mut inside = Inside::new(repository.project.clone());
                inside.seek(&repository);
                inside.repositories.start(cx);
                self.inside = Some(inside);
                self.security = Some(Security::open(Place::Repository(repository), cx));
            }
            None if self.search.is_pending() => {
                cx.notify(Notice::hint("The search is still under way."));
            }
            Some(ProjectRow::Account(_)) | None => self.open_security(cx),
        }
    }

    /// The Security section of a project or repository; for an account its tokens at once, because
    /// Manage account has no such section.
    pub(super) fn open_security(&mut self, cx: &mut Context<'_>) {
        match self.target() {
            Some(UnderCursor {
                place: place @ Place::Account(_),
                ..
            }) => cx.open(Route::Tokens {
                place,
                listing: None,
            }),
            Some(target) => self.security = Some(Security::open(target.place, cx)),
            None => {}
        }
    }

    /// Back one column; false: there is none.
    pub(super) fn back(&mut self, cx: &mut Context<'_>) -> bool {
        if let Some(mut security) = self.security.take() {
            security.close(cx);
        } else if let Some(mut inside) = self.inside.take() {
            for wait in inside.waits_mut() {
                wait.cancel(cx);
            }
        } else {
            return false;
        }
        true
    }
}
