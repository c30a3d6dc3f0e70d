//! The server wants a pause: what waits for its end, and what is said meanwhile.

use super::App;
use crate::ui::keymap::{self, Action, Mode};
use crate::ui::notice::Notice;
use crate::when;

impl App {
    /// Whether a question waits because the server wants a pause.
    #[must_use]
    pub fn is_pausing(&self) -> bool {
        self.session.activity.pauses_until().is_some()
    }

    /// What is said as long as a question waits because the server wants a pause.
    pub(super) fn pause(&self) -> Option<Notice> {
        let until = self.session.activity.pauses_until()?;
        let until = when::time_of_day(until, &self.session.zone);
        let stop = keymap::key(Mode::Anywhere, Action::Back);
        Some(Notice::hint(format!(
            "Bitbucket has had too many requests and asks for a pause. bbtoken waits until {until} and \
             then continues; {stop} stops waiting."
        )))
    }
}
