//! The line that says what comes next: it follows from the row of the cursor and from what is refused.

use super::Browse;
use super::rows::{ProjectRow, RepositoryRow};
use crate::permission::ScopeKind;
use crate::ui::keymap::Action;
use crate::ui::layer::Layer as _;
use crate::ui::session::Session;
use crate::ui::step::Step;

impl Browse {
    /// What the user does next, as Enter and the footer allow it.
    pub(super) fn next_step(&self, session: &Session) -> Step {
        if self.is_typing() {
            return Step::press(
                "Step 3 of 6: type a few letters of its name. Then choose and press {}.",
                &[Action::Open],
            );
        }
        if let Some(security) = &self.security {
            return match security.refuses_new() {
                None if session.only_looks() => {
                    Step::press("Press {} to go back.", &[Action::Back])
                }
                None if security.is_unread() && !security.is_refused() => Step::press(
                    "Press {} to read the list of tokens again.",
                    &[Action::Refresh],
                ),
                None if session.rights.is_refused(&security.place) => Step::press(
                    "You cannot create tokens here: press {} to see what you can do.",
                    &[Action::Open],
                ),
                Some(_) => Step::no_token_here(),
                None => Step::press(
                    "Step 4 of 6: press {} for its HTTP access tokens.",
                    &[Action::Open],
                ),
            };
        }
        if let Some(step) = self.step_to_wish(session) {
            return step;
        }
        if let Some(inside) = &self.inside {
            return match inside.repositories.picker.current() {
                Some(RepositoryRow::Repository(_)) => Step::press(
                    "Step 3 of 6: choose the repository with the arrows, then press {}.",
                    &[Action::Open],
                ),
                Some(RepositoryRow::ProjectSettings) => Step::press(
                    "Step 3 of 6: press {} for its tokens, or choose a repository.",
                    &[Action::Open],
                ),
                None => Step::press("No row fits: press {} to go back.", &[Action::Back]),
            };
        }
        match self.projects.picker.current() {
            Some(ProjectRow::Project(_)) => Step::press(
                "Step 3 of 6: choose the project with the arrows, then press {}. Or press {} and type the name of a repository.",
                &[Action::Open, Action::Filter],
            ),
            Some(ProjectRow::Found(_)) => Step::press(
                "Step 3 of 6: choose the repository with the arrows, then press {}.",
                &[Action::Open],
            ),
            Some(ProjectRow::Account(_)) => Step::press(
                "Step 3 of 6: press {} for your own tokens, or choose a project.",
                &[Action::Open],
            ),
            None if self.projects.failure().is_some() => Step::press(
                "Press {} to ask for the projects again.",
                &[Action::Refresh],
            ),
            None if self.projects.waits().iter().any(|wait| wait.is_pending()) => {
                Step::say("The list is loading: one moment.")
            }
            None => Step::press("No row here: press {} to go back.", &[Action::Back]),
        }
    }

    /// Where somebody has said what kind of token it is to be, and chooses the place for it.
    fn step_to_wish(&self, session: &Session) -> Option<Step> {
        let wanted = session.wish?.kind;
        let here = self.target()?.place.kind();
        match (wanted, here) {
            _ if here == wanted && self.refusal(Action::New, session).is_some() => None,
            (ScopeKind::Repository, ScopeKind::Repository) => Some(Step::press(
                "Step 3 of 6: choose the repository for the token, then press {}.",
                &[Action::New],
            )),
            (ScopeKind::Repository, ScopeKind::Project) if self.inside.is_none() => {
                Some(Step::press(
                    "Step 3 of 6: choose the project of the repository, then press {}.",
                    &[Action::Open],
                ))
            }
            (ScopeKind::Project, ScopeKind::Project) => Some(Step::press(
                "Step 3 of 6: choose the project for the token, then press {}.",
                &[Action::New],
            )),
            _ => None,
        }
    }
}
