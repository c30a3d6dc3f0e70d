//! Activity: every request to Bitbucket, over whatever screen there is. Support desks see what is
//! happening, newcomers learn the API. Whoever watches goes on watching while the screens below move.

mod curl;
mod table;

use crossterm::event::KeyEvent;
use ratatui::Frame;
use ratatui::layout::Rect;

use crate::bitbucket::Record;
use crate::clipboard::{Copied, CopyError};
use crate::ui::activity;
use crate::ui::context::Context;
use crate::ui::effect::Text;
use crate::ui::keymap::{self, Action, Mode};
use crate::ui::layer::{Layer, View};
use crate::ui::load::{Wait, Work};
use crate::ui::notice::Notice;
use crate::ui::place::Crumb;
use crate::ui::reply::Reply;
use crate::ui::session::Session;
use crate::ui::step::Step;
use crate::widget::field::TooLong;
use crate::widget::picker::{Picker, Row};

impl Row for Record {
    fn searched(&self) -> Option<String> {
        let status = self.status.map(|status| status.to_string());
        Some(format!(
            "{} {} {} {}",
            self.purpose,
            self.method,
            self.path,
            status.unwrap_or_default()
        ))
    }
}

/// The requests, the newest first.
#[derive(Debug)]
pub(super) struct Activity {
    picker: Picker<Record>,
    copying: Work<Result<Copied, CopyError>>,
    /// Everything about the request under the cursor lies over the list, with so many lines scrolled away.
    details: Option<usize>,
}

impl Activity {
    /// What has been asked so far.
    pub(super) fn of(session: &Session) -> Self {
        Self {
            picker: Picker::new(session.activity.newest_first().cloned().collect()),
            copying: Work::default(),
            details: None,
        }
    }

    /// Takes in what has been recorded meanwhile.
    fn take_in(&mut self, activity: &activity::Activity) {
        let current = self.picker.current().map(|record| record.number);
        // On the first row the cursor goes with the newest.
        let stays = self.picker.cursor() > 0 || self.details.is_some();
        self.picker.clear();
        self.picker.extend(activity.newest_first().cloned());
        if let (true, Some(number)) = (stays, current) {
            self.picker.select(|record| record.number == number);
        }
    }

    /// Why there is no request to copy.
    fn refuses_curl(&self, session: &Session) -> Option<String> {
        let reason = if self.picker.current().is_none() {
            "There is no request to copy."
        } else if self.copying.is_pending() {
            "One moment: the last copy is still under way."
        } else if session.custody.needs_clipboard() {
            "The new token is on your clipboard and nowhere else: paste or save it before you copy something else."
        } else {
            return None;
        };
        Some(reason.to_owned())
    }

    fn copy(&mut self, cx: &mut Context<'_>) {
        if let Some(record) = self.picker.current() {
            let line = curl::line(record);
            self.copying.copy(Text::Plain(line), cx);
        }
    }
}

impl Layer for Activity {
    fn mode(&self) -> Mode {
        Mode::Activity
    }

    fn is_overlay(&self) -> bool {
        true
    }

    fn watches_requests(&self) -> bool {
        true
    }

    fn refresh(&mut self, session: &Session) {
        self.take_in(&session.activity);
    }

    fn refusal(&self, action: Action, session: &Session) -> Option<String> {
        match action {
            Action::CopyCurl => self.refuses_curl(session),
            _ => None,
        }
    }

    fn purpose(&self) -> String {
        let copy = keymap::key(self.mode(), Action::CopyCurl);
        format!(
            "Every request that bbtoken sends to Bitbucket, newest first: what it is for, what the server \
             answered, and how long that took. Passwords, tokens and what you typed are left out. Press \
             {copy} to copy a request as a curl command, to try it without bbtoken or to send it to the \
             administrators of the server."
        )
    }

    /// Those of the screen below stay.
    fn crumbs(&self) -> Vec<Crumb> {
        Vec::new()
    }

    fn step(&self, _view: View<'_>) -> Step {
        Step::press(
            "Read the requests to Bitbucket, then press {} to go back.",
            &[Action::Activity],
        )
    }

    fn view(&self, frame: &mut Frame<'_>, area: Rect, view: View<'_>) {
        self.draw(frame, area, view);
    }

    fn is_typing(&self) -> bool {
        self.picker.is_typing()
    }

    fn type_key(&mut self, key: KeyEvent, _cx: &mut Context<'_>) -> bool {
        self.picker.type_key(key)
    }

    fn line(&self) -> Option<&str> {
        self.picker.line()
    }

    fn paste(&mut self, text: &str, _cx: &mut Context<'_>) -> Result<(), TooLong> {
        self.picker.paste(text)
    }

    fn update(&mut self, action: Action, cx: &mut Context<'_>) {
        let details = self.details.take();
        let hidden = details.map_or(0, |_| self.hidden(cx.room, cx.view()));
        match action {
            Action::Open => {
                self.picker.stop_typing();
                let shows = details.is_none() && self.picker.current().is_some();
                self.details = shows.then_some(0);
            }
            Action::Activity => cx.close(),
            // As long as something is hidden, the arrows scroll.
            Action::Up if hidden > 0 => {
                self.details = details.map(|scroll| scroll.saturating_sub(1));
            }
            Action::Down if hidden > 0 => {
                self.details = details.map(|scroll| (scroll + 1).min(hidden));
            }
            Action::Back if details.is_some() || self.picker.clear_filter() => {}
            Action::Back => cx.close(),
            Action::CopyCurl => self.copy(cx),
            Action::Up => self.picker.move_by(-1),
            Action::Down => self.picker.move_by(1),
            Action::PageUp => self.picker.page_up(),
            Action::PageDown => self.picker.page_down(),
            Action::First => self.picker.first(),
            Action::Last => self.picker.last(),
            Action::Filter => self.picker.start_filter(),
            _ => {}
        }
    }

    fn waits(&self) -> Vec<&Wait> {
        vec![self.copying.wait()]
    }

    fn reply(&mut self, reply: &mut Reply, cx: &mut Context<'_>) {
        match self.copying.take(reply) {
            Some(Ok(copied)) => {
                cx.something_else_copied();
                cx.notify(Notice::good(format!(
                    "The curl command is {}. It contains no credentials: it takes them from a variable, or curl asks for them.",
                    copied.describe()
                )));
            }
            Some(Err(error)) => cx.notify(Notice::bad(error.to_string())),
            None => {}
        }
    }
}
