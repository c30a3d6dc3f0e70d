//! The keys of a Windows console, which tells them one by one.

use std::io;

use crossterm::event::{self, Event, KeyCode, KeyEventKind, KeyModifiers};
use tokio::sync::mpsc::Sender;

use super::Input;
use crate::secret::Secret;
use crate::terminal::watchdog;

/// Reads events until the console or the listener is gone.
pub(super) fn read_terminal(sender: &Sender<Input>) {
    loop {
        let input = match event::read() {
            Ok(event) => translate(event),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => None,
            Err(_) => Some(Input::Terminate),
        };
        let Some(input) = input else { continue };
        let last = input == Input::Terminate;
        if last {
            watchdog::start();
        }
        if sender.blocking_send(input).is_err() || last {
            return;
        }
    }
}

/// Crossterm's event in our words, if it is one that matters.
fn translate(event: Event) -> Option<Input> {
    Some(match event {
        Event::Key(key) if key.kind == KeyEventKind::Release => return None,
        Event::Key(mut key) => {
            // A Windows console reports AltGr as Ctrl+Alt: with it people type @ and {, so what
            // comes with a character is text.
            let alt_gr = KeyModifiers::CONTROL | KeyModifiers::ALT;
            if matches!(key.code, KeyCode::Char(_)) && key.modifiers.contains(alt_gr) {
                key.modifiers.remove(alt_gr);
            }
            Input::Key(key)
        }
        Event::Paste(text) => Input::Paste(Secret::new(text)),
        Event::Resize(columns, rows) => Input::Resize(columns, rows),
        Event::FocusLost => Input::FocusLost,
        Event::FocusGained => Input::FocusGained,
        Event::Mouse(_) => return None,
    })
}

#[cfg(test)]
mod tests {
    use crossterm::event::KeyEvent;

    use super::*;

    #[test]
    fn alt_gr_is_text() {
        let both = KeyModifiers::CONTROL | KeyModifiers::ALT;
        let at = Event::Key(KeyEvent::new(KeyCode::Char('@'), both));
        let plain = KeyEvent::new(KeyCode::Char('@'), KeyModifiers::NONE);
        assert_eq!(translate(at), Some(Input::Key(plain)));
    }

    #[test]
    fn releases_are_dropped_and_repeats_are_kept() {
        let with = |kind| {
            let mut key = KeyEvent::from(KeyCode::Down);
            key.kind = kind;
            translate(Event::Key(key))
        };
        assert_eq!(with(KeyEventKind::Release), None);
        assert!(with(KeyEventKind::Press).is_some());
        assert!(with(KeyEventKind::Repeat).is_some());
    }
}
