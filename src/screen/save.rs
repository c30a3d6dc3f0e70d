//! Save the token: the name of a new file, in a small box over the token.

use std::path::PathBuf;
use std::sync::Arc;

use crossterm::event::KeyEvent;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;
use tui_input::Input;

use crate::environment::Environment;
use crate::operation::custody::{Holder, Key};
use crate::secret::Secret;
use crate::secret_file;
use crate::ui::context::Context;
use crate::ui::keymap::{self, Action, Mode};
use crate::ui::layer::{Layer, View};
use crate::ui::load::{Wait, Work};
use crate::ui::notice::Notice;
use crate::ui::place::{Crumb, Place};
use crate::ui::reply::Reply;
use crate::ui::step::Step;
use crate::widget::field::{self, TooLong};
use crate::widget::{lines, pane, popup};

const WIDTH: u16 = 64;

/// Where the token is to be saved.
#[derive(Debug)]
pub(super) struct Save {
    key: Key,
    token: Arc<Secret>,
    path: Input,
    saving: Work<Result<PathBuf, secret_file::Error>>,
    /// Why it was not saved.
    failure: Option<String>,
}

impl Save {
    /// The box for a token of this place.
    pub(super) fn new(key: Key, token: Arc<Secret>, place: &Place) -> Self {
        let name = place.token_suffix().unwrap_or("bitbucket");
        let is_plain = |letter: char| letter.is_alphanumeric() || "-_.".contains(letter);
        let name: String = name.chars().filter(|letter| is_plain(*letter)).collect();
        Self {
            key,
            token,
            path: Input::from(format!("~/{name}.token")),
            saving: Work::default(),
            failure: None,
        }
    }
}

impl Layer for Save {
    fn mode(&self) -> Mode {
        Mode::Save
    }

    fn is_overlay(&self) -> bool {
        true
    }

    fn must_be_meant(&self, action: Action) -> bool {
        action == Action::Accept
    }

    fn purpose(&self) -> String {
        "The token goes into a new file that only you can read, as plain text. Nothing is ever overwritten.".to_owned()
    }

    fn crumbs(&self) -> Vec<Crumb> {
        Vec::new()
    }

    fn step(&self, _view: View<'_>) -> Step {
        if self.saving.is_pending() {
            Step::say("The token is being saved: one moment.")
        } else {
            Step::press(
                "Check the file name, then press {}. Or press {} to go back.",
                &[Action::Accept, Action::Back],
            )
        }
    }

    fn is_typing(&self) -> bool {
        true
    }

    fn type_key(&mut self, key: KeyEvent, _cx: &mut Context<'_>) -> bool {
        let taken = !self.saving.is_pending() && field::edit(&mut self.path, key);
        if taken {
            self.failure = None;
        }
        taken
    }

    fn line(&self) -> Option<&str> {
        Some(self.path.value())
    }

    fn paste(&mut self, text: &str, _cx: &mut Context<'_>) -> Result<(), TooLong> {
        if !self.saving.is_pending() {
            field::insert(&mut self.path, text)?;
            self.failure = None;
        }
        Ok(())
    }

    fn update(&mut self, action: Action, cx: &mut Context<'_>) {
        match action {
            Action::Accept if !self.saving.is_pending() => {
                let (path, token) = (self.path.value().to_owned(), Arc::clone(&self.token));
                let save = async move |environment: Environment| {
                    secret_file::save(&environment, &token, &path)
                };
                self.saving.start_writing(save, cx);
            }
            Action::Back if !self.saving.is_pending() => cx.close(),
            _ => {}
        }
    }

    fn waits(&self) -> Vec<&Wait> {
        vec![self.saving.wait()]
    }

    fn reply(&mut self, reply: &mut Reply, cx: &mut Context<'_>) {
        match self.saving.take(reply) {
            Some(Ok(file)) => {
                let file = crate::text::clean(&file.display().to_string());
                cx.notify(Notice::good(format!(
                    "Saved to {file}, which only you can read."
                )));
                cx.session.custody.is_had_by(self.key, Holder::File);
                cx.close();
            }
            Some(Err(error)) => self.failure = Some(error.to_string()),
            None => {}
        }
    }

    fn holds_input(&self) -> bool {
        true
    }

    fn holds_on(&self) -> Option<String> {
        let reason = "The token is being saved: one moment, then you can leave.";
        self.saving.is_pending().then(|| reason.to_owned())
    }

    fn view(&self, frame: &mut Frame<'_>, area: Rect, view: View<'_>) {
        let theme = view.theme;
        let width = WIDTH.min(area.width);
        let room = usize::from(width.saturating_sub(4));
        let about =
            "Into a new file that only you can read, as plain text. No other file is overwritten:";
        let below: Vec<Line<'_>> = match &self.failure {
            Some(reason) => lines::signed(("✗", theme.bad), reason, theme.text, room).collect(),
            None => {
                let key = |action| keymap::key(Mode::Save, action);
                let (save, back) = (key(Action::Accept), key(Action::Back));
                let keys = format!("{save} saves, {back} goes back");
                vec![Line::styled(keys, theme.dim)]
            }
        };
        let above: Vec<_> = lines::wrapped(about, theme.text, room).collect();
        let height = above.len() + below.len() + 5;
        let height = u16::try_from(height).unwrap_or(u16::MAX);
        let inside = popup::open(frame, area, (width, height), "Save the token", theme);
        let free = pane::below(lines::draw(frame, inside, above), 1);
        let row = Rect {
            height: free.height.min(1),
            ..free
        };
        field::draw(frame, row, &self.path, true, theme);
        lines::draw(frame, pane::below(free, 2), below);
    }
}
