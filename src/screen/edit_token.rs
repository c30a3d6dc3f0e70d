//! Change a token: its name and its levels. Below them stands what is to change; its expiry cannot.

use crossterm::event::KeyEvent;
use ratatui::Frame;
use ratatui::layout::Rect;
use tui_input::Input;

use crate::bitbucket::{Error, Token, TokenChange, When};
use crate::operation::change::Changed;
use crate::operation::draft::{self, LONGEST_NAME, Levels, NameError};
use crate::permission::{Permissions, ScopeKind};
use crate::ui::context::Context;
use crate::ui::keymap::{self, Action, Mode};
use crate::ui::layer::{Layer, View};
use crate::ui::load::{Load, Wait, Work};
use crate::ui::notice::Notice;
use crate::ui::place::{Crumb, Place};
use crate::ui::problem::{Attempt, Problem};
use crate::ui::reply::Reply;
use crate::ui::route::Outcome;
use crate::ui::scale::scale;
use crate::ui::step::Step;
use crate::when;
use crate::widget::field::{self, TooLong};
use crate::widget::form::Form;

/// What the keys go to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Focus {
    Name,
    ProjectScale,
    RepositoryScale,
    Change,
}

/// The form.
#[derive(Debug)]
pub(super) struct EditToken {
    place: Place,
    token: Token,
    name: Input,
    levels: Levels,
    /// Somebody has moved a level: until then the permissions stay as they are, whatever they are.
    is_leveled: bool,
    focus: Focus,
    changing: Work<Changed>,
    /// What went wrong the last time.
    failed: Load<()>,
}

impl EditToken {
    /// The form for a token of this place.
    pub(super) fn of(place: Place, token: Token) -> Self {
        let permissions = token.permissions.clone().unwrap_or_default();
        Self {
            name: Input::from(token.name.clone()),
            levels: Levels::of(place.kind(), &permissions),
            is_leveled: false,
            focus: Focus::Name,
            changing: Work::default(),
            failed: Load::default(),
            place,
            token,
        }
    }

    fn fields(&self) -> Vec<Focus> {
        let has_project = self.place.kind() != ScopeKind::Repository;
        [
            Some(Focus::Name),
            has_project.then_some(Focus::ProjectScale),
            Some(Focus::RepositoryScale),
            Some(Focus::Change),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    fn go(&mut self, steps: isize) {
        let fields = self.fields();
        let here = fields.iter().position(|field| *field == self.focus);
        let target = here.unwrap_or(0).saturating_add_signed(steps);
        self.focus = fields[target.min(fields.len() - 1)];
    }

    fn level(&mut self, up: bool, cx: &mut Context<'_>) {
        let refusal = match self.focus {
            Focus::ProjectScale => self.levels.change_project(up),
            Focus::RepositoryScale => self.levels.change_repository(up),
            Focus::Name | Focus::Change => return,
        };
        self.is_leveled = true;
        self.failed.forgive();
        if let Some(reason) = refusal {
            cx.notify(Notice::hint(reason));
        }
    }

    /// What is to change, or why the name cannot be had.
    fn wanted(&self) -> Result<TokenChange, String> {
        let name = draft::check_name(self.name.value()).map_err(|error| match error {
            NameError::Missing => "Give the token a name.".to_owned(),
            NameError::TooLong(length) => format!(
                "The name has {length} characters; at most {LONGEST_NAME} are allowed. Shorten it."
            ),
        })?;
        let permissions = self.is_leveled.then(|| self.levels.permissions());
        Ok(TokenChange::of(
            &self.token,
            Some(name.to_owned()),
            permissions,
        ))
    }

    fn accept(&mut self, cx: &mut Context<'_>) {
        let wanted = match self.wanted() {
            Ok(wanted) => wanted,
            Err(reason) => {
                self.focus = Focus::Name;
                return cx.notify(Notice::hint(reason));
            }
        };
        if self.focus != Focus::Change {
            self.focus = Focus::Change;
        } else if wanted.is_none() {
            cx.notify(Notice::hint(format!(
                "Nothing is changed yet: change the name or a level, or press {} to go back.",
                key(Action::Back)
            )));
        } else if let Some(ticket) =
            cx.change_token(self.place.scope(), self.token.id.clone(), wanted)
        {
            self.failed.forgive();
            self.changing.wait_for(ticket, cx.now);
        }
    }

    fn changed(&mut self, changed: Changed, cx: &mut Context<'_>) {
        let name = &self.token.name;
        let fail = |this: &mut Self, error: Error| this.failed.fail(error);
        match changed {
            Changed::Changed(after) => {
                cx.notify(Notice::good(format!("Changed \"{}\".", after.name)));
                cx.close_with(Outcome::TokenIsChanged);
            }
            Changed::NotAsAsked(after) => {
                let may = after.permissions.as_ref().map(Permissions::to_string);
                cx.notify(Notice::bad(format!(
                    "Bitbucket accepted the change, but this is what the token is now: \"{}\", {}.",
                    after.name,
                    may.unwrap_or_else(|| "rights unknown".to_owned())
                )));
                self.token = *after;
            }
            Changed::Gone => {
                cx.notify(Notice::bad(format!(
                    "\"{name}\" is not there any more: somebody has revoked it."
                )));
                cx.close();
            }
            Changed::Refused(error) => {
                if error.field() == Some("name") {
                    self.focus = Focus::Name;
                }
                fail(self, error);
            }
            Changed::NotChanged(error) => {
                cx.notify(Notice::bad(format!(
                    "Bitbucket's answer was lost, and the token has not changed. Press {} to try again.",
                    key(Action::Accept)
                )));
                fail(self, error);
            }
            Changed::NotKnown(error) => {
                cx.notify(Notice::bad(format!(
                    "It is not known whether \"{name}\" was changed: Bitbucket's answer was lost, and the \
                     token could not be read ({}). Press {} to go back and read the list again.",
                    error.kind,
                    key(Action::Back)
                )));
                fail(self, error);
            }
        }
    }

    /// What is to change, and how: a line for each.
    fn changes(&self) -> Vec<(&'static str, String)> {
        let Ok(wanted) = self.wanted() else {
            return Vec::new();
        };
        let name = wanted.name.map(|name| {
            let change = format!("name: {} → {name}", self.token.name);
            ("·", change)
        });
        let rights = wanted.permissions.map(|after| {
            let before = self.token.permissions.as_ref();
            let sign = match before {
                Some(before) if is_more(before, &after) => "!",
                _ => "·",
            };
            let before = before.map_or_else(|| "unknown".to_owned(), Permissions::to_string);
            (sign, format!("rights: {before} → {after}"))
        });
        name.into_iter().chain(rights).collect()
    }
}

fn key(action: Action) -> String {
    keymap::key(Mode::EditToken, action)
}

/// Whether the second may do something that the first may not.
fn is_more(before: &Permissions, after: &Permissions) -> bool {
    after.project > before.project || after.repository > before.repository
}

impl Layer for EditToken {
    fn mode(&self) -> Mode {
        Mode::EditToken
    }

    fn purpose(&self) -> String {
        "Give the token another name or other permissions. Its secret stays the same, so whatever uses it keeps working. Its expiry cannot be changed: rotate it in the list instead.".to_owned()
    }

    fn must_be_meant(&self, action: Action) -> bool {
        action == Action::Accept && self.focus == Focus::Change
    }

    fn crumbs(&self) -> Vec<Crumb> {
        self.place.crumbs_to("Change token")
    }

    fn step(&self, _view: View<'_>) -> Step {
        if self.changing.is_pending() {
            Step::say("Bitbucket is changing the token: one moment.")
        } else if self.focus == Focus::Change {
            Step::press(
                "Press {} to change the token, or {} to leave it as it is.",
                &[Action::Accept, Action::Back],
            )
        } else {
            Step::press(
                "Change the name or the permissions, then press {}.",
                &[Action::Accept],
            )
        }
    }

    fn is_typing(&self) -> bool {
        self.focus == Focus::Name
    }

    fn type_key(&mut self, key: KeyEvent, _cx: &mut Context<'_>) -> bool {
        let is_free = self.focus == Focus::Name && !self.changing.is_pending();
        let taken = is_free && field::edit(&mut self.name, key);
        if taken {
            self.failed.forgive();
        }
        taken
    }

    fn line(&self) -> Option<&str> {
        (self.focus == Focus::Name).then(|| self.name.value())
    }

    fn paste(&mut self, text: &str, _cx: &mut Context<'_>) -> Result<(), TooLong> {
        if self.focus == Focus::Name && !self.changing.is_pending() {
            field::insert(&mut self.name, text)?;
            self.failed.forgive();
        }
        Ok(())
    }

    fn update(&mut self, action: Action, cx: &mut Context<'_>) {
        if let Some(reason) = self.holds_on() {
            return cx.notify(Notice::hint(reason));
        }
        match action {
            Action::Accept => self.accept(cx),
            Action::NextField => self.go(1),
            Action::PreviousField => self.go(-1),
            Action::Less => self.level(false, cx),
            Action::More => self.level(true, cx),
            Action::Back => cx.close(),
            _ => {}
        }
    }

    fn waits(&self) -> Vec<&Wait> {
        vec![self.changing.wait()]
    }

    fn reply(&mut self, reply: &mut Reply, cx: &mut Context<'_>) {
        if let Some(changed) = self.changing.take(reply) {
            self.changed(changed, cx);
        }
    }

    fn holds_on(&self) -> Option<String> {
        let reason =
            "Bitbucket is changing the token. This cannot be stopped: it may be done already.";
        self.changing.is_pending().then(|| reason.to_owned())
    }

    fn holds_input(&self) -> bool {
        !matches!(self.wanted(), Ok(wanted) if wanted.is_none())
    }

    fn asks_before_back(&self) -> bool {
        self.holds_input() && !self.changing.is_pending()
    }

    fn view(&self, frame: &mut Frame<'_>, area: Rect, view: View<'_>) {
        let theme = view.theme;
        let now = view.now.time;
        Form::show(frame, area, theme, |form| {
            if self.failed.failure().is_some() {
                form.expect_problem();
            }
            form.heading(&format!("Change \"{}\"", self.token.name));
            form.field("Name", &self.name, self.focus == Focus::Name);
            if self.place.kind() != ScopeKind::Repository {
                let focused = self.focus == Focus::ProjectScale;
                let refused = |level| self.levels.project_refusal(level).is_some();
                let line = scale("Project    ", self.levels.project, &refused, focused, theme);
                form.choices(line, focused);
            }
            let focused = self.focus == Focus::RepositoryScale;
            let refused = |level| self.levels.repository_refusal(level).is_some();
            let line = scale(
                "Repository ",
                self.levels.repository,
                &refused,
                focused,
                theme,
            );
            form.choices(line, focused);
            let expires = match self.token.expires {
                When::At(time) => format!("{}, which cannot be changed", when::relative(time, now)),
                When::Never => "never, which cannot be changed".to_owned(),
                When::Unknown => "unknown, and cannot be changed".to_owned(),
            };
            form.labelled("Expires", &expires);
            form.gap();
            for (sign, change) in self.changes() {
                let style = if sign == "!" {
                    theme.warning
                } else {
                    theme.dim
                };
                form.sign(sign, style, &change);
            }
            form.gap();
            if self.changing.is_pending() {
                form.text("Bitbucket is changing the token …");
                return;
            }
            let focused = self.focus == Focus::Change;
            let what = if focused { "changes it" } else { "selects it" };
            let hint = format!("{} {what}", key(Action::Accept));
            form.button("Change token", &hint, focused);
            if let Some(error) = self.failed.failure() {
                form.gap();
                let problem = Problem::explain(error, Attempt::Change(&self.token.name));
                form.rest(|frame, area| problem.draw(frame, area, view));
            }
        });
    }
}
