//! A labelled line of text to edit, for everything but secrets.

use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers};
use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;
use tui_input::backend::crossterm::EventHandler;
use tui_input::{Input, InputRequest};

use crate::theme::Theme;

/// The most that a field takes, in characters: what is cut where it is cleaned is longer.
const LONGEST: usize = crate::text::LONGEST - 1;

/// A paste that a field has no room for: nothing of it goes in, since half of it would be something else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooLong;

/// Whether a key edits text rather than commanding the program.
#[must_use]
pub fn is_editing(key: KeyEvent) -> bool {
    let commands = KeyModifiers::CONTROL | KeyModifiers::ALT;
    match key.code {
        KeyCode::Char(character) => {
            // Both together are AltGr, which makes printable characters.
            let command = key.modifiers.intersection(commands);
            command.is_empty()
                || command == commands
                || (command == KeyModifiers::CONTROL
                    && matches!(character, 'a' | 'e' | 'u' | 'w' | 'k'))
        }
        KeyCode::Backspace | KeyCode::Delete | KeyCode::Left | KeyCode::Right => true,
        KeyCode::Home | KeyCode::End => true,
        _ => false,
    }
}

/// Whether a key only moves the cursor.
#[must_use]
pub fn is_movement(key: KeyEvent) -> bool {
    let ends = matches!(key.code, KeyCode::Char('a' | 'e'))
        && key.modifiers.contains(KeyModifiers::CONTROL);
    ends || matches!(
        key.code,
        KeyCode::Left | KeyCode::Right | KeyCode::Home | KeyCode::End
    )
}

/// Edits the text with a key; false where the key is none for editing.
pub fn edit(input: &mut Input, key: KeyEvent) -> bool {
    is_editing(key) && {
        input.handle_event(&Event::Key(key));
        true
    }
}

/// Inserts pasted text at the cursor, cleaned: who knows who wrote it. A line end becomes a blank: it
/// never submits.
///
/// # Errors
///
/// Where there is no room for all of it.
pub fn insert(input: &mut Input, text: &str) -> Result<(), TooLong> {
    let text = crate::text::clean(text);
    if input.value().chars().count() + text.chars().count() > LONGEST {
        return Err(TooLong);
    }
    for character in text.chars() {
        input.handle(InputRequest::InsertChar(character));
    }
    Ok(())
}

/// Inserts pasted text in the place of what is there.
///
/// # Errors
///
/// Where there is no room for all of it: then what is there stays.
pub fn replace(input: &mut Input, text: &str) -> Result<(), TooLong> {
    let mut other = Input::default();
    insert(&mut other, text)?;
    *input = other;
    Ok(())
}

/// Draws the text, scrolled so that the cursor is seen, and puts the terminal's cursor there; answers
/// with its place.
pub fn draw(
    frame: &mut Frame<'_>,
    area: Rect,
    input: &Input,
    focused: bool,
    theme: &Theme,
) -> Option<Position> {
    let width = area.width.saturating_sub(1);
    let scroll = if focused {
        input.visual_scroll(usize::from(width))
    } else {
        0
    };
    let style = if focused {
        theme.field_focused
    } else {
        theme.field
    };
    let text = crate::secret::masked(input.value());
    let visible = skip_columns(&text, scroll);
    frame.render_widget(
        Line::raw(super::fit::column(visible, usize::from(area.width))).style(style),
        area,
    );
    focused.then(|| {
        let column = input.visual_cursor().saturating_sub(scroll);
        place_cursor(frame, area, column)
    })
}

/// Puts the terminal's cursor on a column of the area: a screen reader follows it. Answers with its
/// place.
pub fn place_cursor(frame: &mut Frame<'_>, area: Rect, column: usize) -> Position {
    let column = u16::try_from(column).unwrap_or(u16::MAX);
    let x = area
        .x
        .saturating_add(column)
        .min(area.right().saturating_sub(1));
    let position = Position::new(x, area.y);
    frame.set_cursor_position(position);
    position
}

fn skip_columns(text: &str, columns: usize) -> &str {
    let mut skipped = 0;
    for (index, character) in text.char_indices() {
        if skipped >= columns {
            return &text[index..];
        }
        skipped += super::fit::width(character.encode_utf8(&mut [0; 4]));
    }
    if skipped >= columns && columns > 0 {
        ""
    } else {
        text
    }
}
