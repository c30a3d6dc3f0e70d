//! The line that says what comes next: it follows from the row of the cursor and from what is refused.

use super::Browse;
use super::rows::{ProjectRow, RepositoryRow};
use crate::permission::ScopeKind;
use crate::ui::keymap::Action;
use crate::ui::layer::Layer as _;
use crate::ui::session::Session;

impl Browse {
    /// What the user does next, as Enter and the footer allow it.
    pub(super) fn next_step(&self, session: &Session) -> &'static str {
        if self.is_typing() {
            return "Step 3 of 6: type a few letters of the name, choose with the arrows, then press enter.";
        }
        if let Some(security) = &self.security {
            return match security.refuses_new() {
                None if session.only_looks() => "Press esc to go back.",
                None if session.rights.is_refused(&security.place) => {
                    "No token for you here: press enter to see what you can do."
                }
                None if security.is_unread() => "Press r to read the list of tokens again.",
                None => "Step 4 of 6: press enter for its HTTP access tokens.",
                Some(_) if session.refuses_account().is_none() => {
                    "No token for you here: press m for your personal tokens, or esc to go back."
                }
                Some(_) => "No token for you here: press esc to go back.",
            };
        }
        if let Some(step) = self.step_to_wish(session) {
            return step;
        }
        if let Some(inside) = &self.inside {
            return match inside.repositories.picker.current() {
                Some(RepositoryRow::Repository(_)) => {
                    "Step 3 of 6: choose the repository with the arrows, then press enter."
                }
                Some(RepositoryRow::ProjectSettings) => {
                    "Step 3 of 6: press enter for the tokens of the project, or choose a repository with the arrows."
                }
                None => "No row fits: press esc to go back.",
            };
        }
        match self.projects.picker.current() {
            Some(ProjectRow::Project(_)) => {
                "Step 3 of 6: choose the project with the arrows, then press enter. Or press / and type the name of a repository."
            }
            Some(ProjectRow::Found(_)) => {
                "Step 3 of 6: choose the repository with the arrows, then press enter."
            }
            Some(ProjectRow::Account(_)) => {
                "Step 3 of 6: press enter for your personal tokens, or choose a project with the arrows."
            }
            None if self.projects.failure().is_some() => "Press r to ask for the projects again.",
            None if self.projects.waits().iter().any(|wait| wait.is_pending()) => {
                "Wait for the list: one moment."
            }
            None => "No row here: press esc to go back.",
        }
    }

    /// Where somebody has said what kind of token it is to be, and chooses the place for it.
    fn step_to_wish(&self, session: &Session) -> Option<&'static str> {
        let wanted = session.wish?.kind;
        let here = self.target()?.place.kind();
        match (wanted, here) {
            _ if here == wanted && self.refusal(Action::New, session).is_some() => None,
            (ScopeKind::Repository, ScopeKind::Repository) => Some(
                "Step 3 of 6: choose the repository that the token is for with the arrows, then press n.",
            ),
            (ScopeKind::Repository, ScopeKind::Project) if self.inside.is_none() => Some(
                "Step 3 of 6: choose the project of the repository with the arrows, then press enter.",
            ),
            (ScopeKind::Project, ScopeKind::Project) => Some(
                "Step 3 of 6: choose the project that the token is for with the arrows, then press n.",
            ),
            _ => None,
        }
    }
}
