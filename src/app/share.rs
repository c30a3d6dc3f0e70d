//! Share mode: others see this screen. Nothing secret can be shown, names of people are masked, the
//! key that was pressed is shown large, and the step that comes next is spelled out.
//!
//! ```text
//!  SHARE MODE  Hidden: secrets, people. Shown: projects, names of tokens. F2 ends it
//!  █▀▀▄   Step 3 of 6: choose a project with the arrows
//!  █  █   and press enter.
//! ```

use font8x8::UnicodeFonts;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::App;
use crate::theme::Theme;
use crate::ui::effect::Effect;
use crate::ui::keymap::{self, Action, Mode};
use crate::ui::question::{Question, Subject};
use crate::ui::route::Route;
use crate::widget::{fit, lines};

/// What is hidden and what is not, in as many words as there is room for, the longest first; `{}` is the
/// key that ends share mode.
const BANNERS: [&str; 3] = [
    " SHARE MODE  Hidden: passwords, tokens, people bbtoken knows of, e-mail addresses. Shown: projects, repositories, names of tokens. {} ends it",
    " SHARE MODE  Hidden: secrets, known people. Shown: places, token names. {} ends",
    " SHARE  Secrets, people hidden. {} ends",
];
/// The same where the names of older tokens are hidden too.
const BANNERS_WITHOUT_TOKENS: [&str; 3] = [
    " SHARE MODE  Hidden: passwords, tokens, people bbtoken knows of, e-mail addresses, names of older tokens. Shown: projects, repositories. {} ends it",
    " SHARE MODE  Hidden: secrets, known people, older token names. {} ends",
    " SHARE  Secrets, names hidden. {} ends",
];
/// From this height on there is room for a large key.
const ROOMY: u16 = 20;
/// From this height on there is room for a sentence of two lines.
const LOW: u16 = 13;
/// The rows of a large letter; two points of the font stand in one.
const LETTER_ROWS: u16 = 4;
/// Its columns.
const LETTER_COLUMNS: usize = 8;

impl App {
    /// Begins share mode at once, and ends it after a question: whoever watches sees the rest then.
    pub(super) fn toggle_share(&mut self, effects: &mut Vec<Effect>) {
        if self.session.share {
            self.open(Route::Question(ending()), None, effects);
            return;
        }
        self.session.share = true;
        // What is shown already hides, as it does where the window loses the focus.
        for index in 0..self.layers.len() {
            self.with(index, effects, |screen, _| screen.focus_lost());
        }
    }
}

/// What share mode adds at the bottom of the screen.
pub(super) struct Strip<'a> {
    /// The key that was pressed last, unless it was text.
    pub(super) pressed: Option<&'a str>,
    /// What comes next, in a sentence.
    pub(super) step: &'a str,
    /// Names of tokens that were not made in this run are hidden.
    pub(super) hides_token_names: bool,
    pub(super) theme: &'a Theme,
}

impl Strip<'_> {
    /// How many rows it takes of a window with so many.
    pub(super) fn height(rows: u16) -> u16 {
        match rows {
            ROOMY.. => 1 + LETTER_ROWS,
            LOW.. => 3,
            _ => 2,
        }
    }

    /// Draws the banner, and below it the key and the step.
    pub(super) fn draw(&self, frame: &mut Frame<'_>, area: Rect) {
        let width = usize::from(area.width);
        let banners = if self.hides_token_names {
            BANNERS_WITHOUT_TOKENS
        } else {
            BANNERS
        };
        let key = keymap::key(Mode::Anywhere, Action::Share);
        let banners = banners.map(|banner| banner.replace("{}", &key));
        let banner = banners.iter().find(|banner| fit::width(banner) <= width);
        let banner = banner.unwrap_or(&banners[2]);
        let banner = fit::column(&fit::end(banner, width), width);
        frame.render_widget(Line::styled(banner, self.theme.cursor), area);
        let below = Rect {
            x: area.x + 1,
            y: area.y + 1,
            width: area.width.saturating_sub(2),
            height: area.height.saturating_sub(1),
        };
        let key = self.pressed.unwrap_or_default();
        let letters = key.chars().count() * LETTER_COLUMNS;
        if area.height > LETTER_ROWS && letters > 0 && letters <= width / 2 {
            let rows = large(key).map(|row| Line::styled(row, self.theme.strong));
            lines::draw(frame, below, rows);
            self.draw_step(frame, beside(below, letters + 2));
        } else {
            let pressed = if key.is_empty() {
                String::new()
            } else {
                format!(" {key} ")
            };
            frame.render_widget(Span::styled(&pressed, self.theme.cursor), below);
            let used = fit::width(&pressed);
            self.draw_step(frame, beside(below, if used > 0 { used + 1 } else { 0 }));
        }
    }

    fn draw_step(&self, frame: &mut Frame<'_>, area: Rect) {
        let width = usize::from(area.width);
        let step: Vec<_> = lines::wrapped(self.step, self.theme.text, width).collect();
        if step.len() <= usize::from(area.height) {
            lines::draw(frame, area, step);
        } else {
            frame.render_widget(Line::raw(fit::end(self.step, width)), area);
        }
    }
}

/// Whether share mode is to end.
fn ending() -> Question {
    Question {
        subject: Subject::EndShare,
        title: "End share mode?",
        text: vec![
            "Anyone who sees this screen will then see the names of people, and tokens can be shown."
                .to_owned(),
        ],
        yes: "end share mode",
        revoke: None,
        no: "stay in share mode",
    }
}

fn beside(area: Rect, columns: usize) -> Rect {
    let columns = u16::try_from(columns).unwrap_or(u16::MAX).min(area.width);
    Rect {
        x: area.x + columns,
        width: area.width - columns,
        ..area
    }
}

/// The text in letters of eight columns and four rows.
fn large(text: &str) -> impl Iterator<Item = String> {
    let glyphs: Vec<[u8; 8]> = text
        .chars()
        .map(|character| font8x8::BASIC_FONTS.get(character).unwrap_or_default())
        .collect();
    (0..usize::from(LETTER_ROWS)).map(move |row| {
        let mut line = String::new();
        for glyph in &glyphs {
            let (upper, lower) = (glyph[2 * row], glyph[2 * row + 1]);
            for column in 0..LETTER_COLUMNS {
                let is_set = |points: u8| points & (1 << column) != 0;
                line.push(match (is_set(upper), is_set(lower)) {
                    (true, true) => '█',
                    (true, false) => '▀',
                    (false, true) => '▄',
                    (false, false) => ' ',
                });
            }
        }
        line
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_drawn_with_two_points_in_a_row() {
        let rows: Vec<_> = large("n").collect();
        assert_eq!(rows.len(), usize::from(LETTER_ROWS));
        assert!(rows.iter().all(|row| row.chars().count() == LETTER_COLUMNS));
        let drawn: String = rows.concat();
        assert!(drawn.contains('█') && drawn.contains(' '), "{rows:?}");
        assert_ne!(
            large("n").collect::<Vec<_>>(),
            large("x").collect::<Vec<_>>()
        );
    }
}
