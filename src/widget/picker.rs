//! A list with a cursor and a fuzzy filter. It knows nothing of Bitbucket, and draws nothing.

use std::cmp::Ordering;

use crossterm::event::KeyEvent;
use nucleo_matcher::pattern::{AtomKind, CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};
use tui_input::Input;

use super::field::TooLong;

/// How many rows a page key moves.
const PAGE: usize = 10;
/// A letter that fits scores 16, more at the beginning of a word or right after another letter,
/// less for every gap. Three or more letters that lie scattered over a long name are no match that
/// anybody would expect: they come below this for each letter.
const LEAST_SCORE: usize = 18;

/// What can stand in a picker.
pub trait Row {
    /// The text that the filter searches; `None` for a row that no filter finds.
    fn searched(&self) -> Option<String>;

    /// Whether what was typed is the beginning of something that names this row alone, as its number does.
    /// Letters and figures within such a number find nothing: they say nothing to a reader.
    fn is_numbered(&self, _typed: &str) -> bool {
        false
    }
}

/// Rows, a cursor, and a filter.
#[derive(Debug)]
pub struct Picker<T> {
    /// The rows of the list, and behind them those that a search for the filter has found.
    rows: Vec<T>,
    /// How many of them are the list's own.
    own: usize,
    /// Indices into `rows`: those that fit the filter, best first.
    shown: Vec<usize>,
    /// An index into `shown`.
    cursor: usize,
    filter: Option<Input>,
    typing: bool,
    /// Which row comes before which; none: as they came.
    order: Option<fn(&T, &T) -> Ordering>,
}

impl<T> Default for Picker<T> {
    fn default() -> Self {
        Self {
            rows: Vec::new(),
            own: 0,
            shown: Vec::new(),
            cursor: 0,
            filter: None,
            typing: false,
            order: None,
        }
    }
}

impl<T: Row> Picker<T> {
    /// A picker with these rows, the cursor on the first.
    #[must_use]
    pub fn new(rows: Vec<T>) -> Self {
        let mut picker = Self::default();
        picker.extend(rows);
        picker
    }

    /// Adds rows at the end of the list; the cursor stays on its row.
    pub fn extend(&mut self, rows: impl IntoIterator<Item = T>) {
        let under_cursor = self.shown.get(self.cursor).copied();
        let found = self.rows.split_off(self.own);
        let old = self.own;
        self.rows.extend(rows);
        self.own = self.rows.len();
        self.rows.extend(found);
        self.apply_filter();
        if let Some(index) = under_cursor {
            let moved = if index < old {
                index
            } else {
                index + self.own - old
            };
            self.cursor = self.position(moved).unwrap_or(0);
        }
    }

    /// What a search elsewhere has found for the filter: shown below the rows that fit, whatever
    /// their text. It takes the place of what was found before; the cursor stays on its row.
    pub fn set_found(&mut self, rows: Vec<T>) {
        self.rows.truncate(self.own);
        self.rows.extend(rows);
        self.apply_filter();
    }

    /// How many rows a search elsewhere has found.
    #[must_use]
    pub fn found(&self) -> usize {
        self.rows.len() - self.own
    }

    /// Takes all rows away; the filter stays.
    pub fn clear(&mut self) {
        self.rows.clear();
        self.own = 0;
        self.shown.clear();
        self.cursor = 0;
    }

    /// Has the rows stand in this order; the cursor stays on its row.
    pub fn sort(&mut self, order: Option<fn(&T, &T) -> Ordering>) {
        self.order = order;
        self.keep_cursor();
    }

    /// Changes what stands in the rows; the cursor stays on its row.
    pub fn change(&mut self, change: impl FnMut(&mut T)) {
        self.rows.iter_mut().for_each(change);
        self.keep_cursor();
    }

    fn keep_cursor(&mut self) {
        let under_cursor = self.shown.get(self.cursor).copied();
        self.apply_filter();
        if let Some(index) = under_cursor {
            self.cursor = self.position(index).unwrap_or(self.cursor);
        }
    }

    /// All rows, also those that the filter hides.
    #[must_use]
    pub fn rows(&self) -> &[T] {
        &self.rows
    }

    /// The rows that fit the filter, best first.
    pub fn shown(&self) -> impl ExactSizeIterator<Item = &T> {
        self.shown.iter().map(|index| &self.rows[*index])
    }

    /// The cursor's place among the shown rows.
    #[must_use]
    pub fn cursor(&self) -> usize {
        self.cursor
    }

    /// The row under the cursor.
    #[must_use]
    pub fn current(&self) -> Option<&T> {
        self.rows.get(*self.shown.get(self.cursor)?)
    }

    /// Moves the cursor to the first shown row that fits.
    pub fn select(&mut self, fits: impl Fn(&T) -> bool) -> bool {
        let place = self.shown().position(fits);
        self.cursor = place.unwrap_or(self.cursor);
        place.is_some()
    }

    /// Moves the cursor by a number of rows, and stops at the ends.
    pub fn move_by(&mut self, rows: isize) {
        let last = self.shown.len().saturating_sub(1);
        self.cursor = self.cursor.saturating_add_signed(rows).min(last);
    }

    /// One page up.
    pub fn page_up(&mut self) {
        self.move_by(-PAGE.cast_signed());
    }

    /// One page down.
    pub fn page_down(&mut self) {
        self.move_by(PAGE.cast_signed());
    }

    /// To the first row.
    pub fn first(&mut self) {
        self.cursor = 0;
    }

    /// To the last row.
    pub fn last(&mut self) {
        self.move_by(isize::MAX);
    }

    /// Whether the cursor is so near the end that more rows should be fetched.
    #[must_use]
    pub fn is_near_end(&self) -> bool {
        self.filter.is_some() || self.order.is_some() || self.cursor + 2 * PAGE >= self.shown.len()
    }

    /// Starts to type a filter; one that was typed before goes, as a search does elsewhere. While it is
    /// being typed, that changes nothing.
    pub fn start_filter(&mut self) {
        if !self.typing {
            self.clear_filter();
        }
        self.filter.get_or_insert_default();
        self.typing = true;
    }

    /// Stops typing; the filter stays in force unless it is empty.
    pub fn stop_typing(&mut self) {
        self.typing = false;
        if self
            .filter
            .as_ref()
            .is_some_and(|filter| filter.value().is_empty())
        {
            self.filter = None;
        }
    }

    /// Takes the filter away, keeping the cursor on its row; false where there is none.
    pub fn clear_filter(&mut self) -> bool {
        let had = self.filter.take().is_some();
        self.typing = false;
        let under_cursor = self.shown.get(self.cursor).copied();
        self.apply_filter();
        if let Some(index) = under_cursor {
            self.cursor = self.position(index).unwrap_or(0);
        }
        had
    }

    /// Whether typed text goes into the filter.
    #[must_use]
    pub fn is_typing(&self) -> bool {
        self.typing
    }

    /// The filter and where its cursor stands, in columns.
    #[must_use]
    pub fn filter(&self) -> Option<(&str, usize)> {
        let filter = self.filter.as_ref()?;
        Some((filter.value(), filter.visual_cursor()))
    }

    /// The filter, while it is being typed.
    #[must_use]
    pub fn line(&self) -> Option<&str> {
        let filter = self.filter.as_ref().filter(|_| self.typing)?;
        Some(filter.value())
    }

    /// A key for the filter.
    pub fn type_key(&mut self, key: KeyEvent) -> bool {
        let Some(filter) = self.filter.as_mut().filter(|_| self.typing) else {
            return false;
        };
        let before = filter.value().to_owned();
        let taken = super::field::edit(filter, key);
        if filter.value() != before {
            self.refilter();
        }
        taken
    }

    /// Text for the filter, while it is being typed.
    ///
    /// # Errors
    ///
    /// Where the filter has no room for it.
    pub fn paste(&mut self, text: &str) -> Result<(), TooLong> {
        if let Some(filter) = self.filter.as_mut().filter(|_| self.typing) {
            super::field::insert(filter, text)?;
            self.refilter();
        }
        Ok(())
    }

    /// After a change of the filter the best row is the one to be on.
    fn refilter(&mut self) {
        self.apply_filter();
        self.cursor = 0;
    }

    /// Whether a filter hides every row.
    #[must_use]
    pub fn nothing_fits(&self) -> bool {
        self.filter.is_some() && self.shown.is_empty()
    }

    fn apply_filter(&mut self) {
        let pattern = self.filter.as_ref().map_or("", Input::value);
        if pattern.is_empty() {
            self.rows.truncate(self.own);
            self.shown = (0..self.own).collect();
        } else {
            let typed = pattern.trim();
            let letters = typed
                .chars()
                .filter(|letter| !letter.is_whitespace())
                .count();
            let least = if letters < 3 {
                0
            } else {
                LEAST_SCORE * letters
            };
            // Not `parse`: names hold the signs that it takes for operators.
            let pattern = Pattern::new(
                typed,
                CaseMatching::Smart,
                Normalization::Smart,
                AtomKind::Fuzzy,
            );
            let mut matcher = Matcher::new(Config::DEFAULT);
            let mut buffer = Vec::new();
            let mut ranked: Vec<(u32, usize)> = (0..self.own)
                .filter_map(|index| {
                    let row = &self.rows[index];
                    let text = row.searched()?;
                    if row.is_numbered(typed) {
                        return Some((u32::MAX, index));
                    }
                    let text = Utf32Str::new(&text, &mut buffer);
                    let score = pattern.score(text, &mut matcher)?;
                    (score as usize >= least).then_some((score, index))
                })
                .collect();
            ranked.sort_by_key(|(score, index)| (std::cmp::Reverse(*score), *index));
            let fitting = ranked.into_iter().map(|(_, index)| index);
            self.shown = fitting.chain(self.own..self.rows.len()).collect();
        }
        if let Some(order) = self.order {
            let rows = &self.rows;
            self.shown
                .sort_by(|one, other| order(&rows[*one], &rows[*other]));
        }
        self.cursor = self.cursor.min(self.shown.len().saturating_sub(1));
    }

    fn position(&self, index: usize) -> Option<usize> {
        self.shown.iter().position(|shown| *shown == index)
    }
}

#[cfg(test)]
mod tests {
    use crossterm::event::KeyCode;

    use super::*;

    impl Row for &str {
        fn searched(&self) -> Option<String> {
            (!self.starts_with('+')).then(|| (*self).to_owned())
        }
    }

    fn type_text(picker: &mut Picker<&str>, text: &str) {
        picker.start_filter();
        for character in text.chars() {
            picker.type_key(KeyCode::Char(character).into());
        }
    }

    #[test]
    fn the_filter_ranks_and_hides_pinned_rows() {
        let mut picker = Picker::new(vec!["+ new", "checkout-web", "billing-api", "big-light"]);
        type_text(&mut picker, "bil");
        assert_eq!(
            picker.shown().copied().collect::<Vec<_>>(),
            ["billing-api", "big-light"]
        );
        assert_eq!(picker.current(), Some(&"billing-api"));
        assert!(picker.clear_filter());
        assert_eq!(picker.current(), Some(&"billing-api"));
        assert_eq!(picker.shown().len(), 4);
    }

    #[test]
    fn a_new_filter_takes_the_place_of_the_old_one() {
        let mut picker = Picker::new(vec!["alpha", "beta", "gamma"]);
        type_text(&mut picker, "bet");
        picker.stop_typing();
        picker.start_filter();
        assert_eq!(picker.filter(), Some(("", 0)));
        assert_eq!(picker.current(), Some(&"beta"));
        type_text(&mut picker, "gam");
        assert_eq!(picker.shown().copied().collect::<Vec<_>>(), ["gamma"]);
        // What is being typed stays.
        picker.start_filter();
        assert_eq!(picker.filter(), Some(("gam", 3)));
    }

    #[test]
    fn letters_may_be_left_out_but_not_lie_scattered() {
        let row = "UNI Überseehafen Hamburg – Förderung der betrieblichen Logistikausbildung";
        let mut picker = Picker::new(vec!["billing-api", row]);
        for (typed, fits) in [
            ("billing", vec!["billing-api"]),
            ("blapi", vec!["billing-api"]),
            ("b a", vec!["billing-api", row]),
            ("hamburg", vec![row]),
            ("uber logis", vec![row]),
        ] {
            picker.clear_filter();
            type_text(&mut picker, typed);
            assert_eq!(picker.shown().copied().collect::<Vec<_>>(), fits, "{typed}");
        }
    }

    #[test]
    fn what_a_search_found_stands_below_until_the_filter_goes() {
        let mut picker = Picker::new(vec!["alpha", "beta"]);
        type_text(&mut picker, "al");
        picker.set_found(vec!["elsewhere"]);
        picker.last();
        picker.extend(["also"]);
        assert_eq!(picker.current(), Some(&"elsewhere"));
        assert_eq!(
            picker.shown().copied().collect::<Vec<_>>(),
            ["alpha", "also", "elsewhere"]
        );
        picker.set_found(Vec::new());
        assert_eq!(picker.current(), Some(&"also"));
        picker.set_found(vec!["elsewhere"]);
        picker.clear_filter();
        assert_eq!(picker.rows(), ["alpha", "beta", "also"]);
    }

    #[test]
    fn rows_that_arrive_late_do_not_move_the_cursor_from_its_row() {
        let mut picker = Picker::new(vec!["alpha", "beta"]);
        type_text(&mut picker, "a");
        picker.select(|row| *row == "beta");
        picker.extend(["aa", "zeta", "gamma"]);
        assert_eq!(picker.current(), Some(&"beta"));
    }

    #[test]
    fn nothing_fits_and_nothing_breaks() {
        let mut picker = Picker::new(vec!["alpha"]);
        type_text(&mut picker, "zzz");
        assert_eq!(picker.current(), None);
        picker.move_by(3);
        picker.page_up();
        picker.last();
        assert_eq!(picker.current(), None);
        let mut empty = Picker::<&str>::default();
        empty.move_by(-1);
        empty.last();
        assert_eq!(empty.current(), None);
    }
}
