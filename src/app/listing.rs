//! A list that comes page by page: what the user administers first, then everything else.
//!
//! That order puts the rows where a token can be created at the top, for anybody, and it never
//! changes while pages arrive: nothing jumps. A reload keeps the old rows until the new ones come.

use std::collections::HashSet;
use std::time::Duration;

use super::context::Context;
use super::effect::Read;
use super::event::Answer;
use super::load::{Load, Ticket};
use crate::bitbucket::{Error, Page};
use crate::clock::Moment;
use crate::widget::picker::{Picker, Row};

/// Something that Bitbucket lists.
pub trait Listed: Sized {
    /// How it stands in the list.
    type Row: Row;
    /// The page in an answer, if it is one of these.
    fn page(answer: Answer) -> Option<Page<Self>>;
    /// What tells it from all others.
    fn identity(&self) -> String;
    /// The identity of the thing in a row; `None` for a row that is always there.
    fn row_identity(row: &Self::Row) -> Option<String>;
    /// Makes a row of it. `administered`: it came in the first part of the list.
    fn into_row(self, administered: bool) -> Self::Row;
}

/// The pages of one part of the list.
#[derive(Debug)]
struct Part<T> {
    read: Option<Read>,
    load: Load,
    next: Option<u64>,
    /// Things that came while the part before was not complete.
    held: Vec<T>,
}

impl<T> Part<T> {
    fn new(read: Option<Read>) -> Self {
        let next = read.as_ref().map(|_| 0);
        Self {
            read,
            load: Load::default(),
            next,
            held: Vec::new(),
        }
    }

    /// Whether everything of it has come.
    fn is_complete(&self) -> bool {
        self.next.is_none()
    }

    fn ask_next(&mut self, cx: &mut Context<'_>) {
        let (Some(read), Some(from)) = (&self.read, self.next) else {
            return;
        };
        if self.load.is_pending() || self.load.failure().is_some() {
            return;
        }
        if let Some(query) = cx.read(read.starting_at(from)) {
            self.load.ask(query, cx);
        }
    }

    fn restart(&mut self) {
        self.next = self.read.as_ref().map(|_| 0);
        self.held.clear();
        self.load.forgive();
    }
}

/// The list, its cursor and its filter, and the pages still to come.
#[derive(Debug)]
pub struct Listing<T: Listed> {
    /// The rows that have come.
    pub picker: Picker<T::Row>,
    administered: Part<T>,
    others: Part<T>,
    /// Makes the rows that stand above everything.
    pinned: fn() -> Vec<T::Row>,
    /// Rows that stand between the two parts.
    between: Vec<T::Row>,
    seen: HashSet<String>,
    /// The rows are those of the last time: the next ones take their place.
    is_old: bool,
    /// Bitbucket did not tell what the user administers.
    is_unsure: bool,
}

impl<T: Listed> Listing<T> {
    /// A list that has asked nothing yet. `administered` is the first part, where there is one.
    #[must_use]
    pub fn new(administered: Option<Read>, others: Read, pinned: fn() -> Vec<T::Row>) -> Self {
        Self {
            picker: Picker::new(pinned()),
            administered: Part::new(administered),
            others: Part::new(Some(others)),
            pinned,
            between: Vec::new(),
            seen: HashSet::new(),
            is_old: false,
            is_unsure: false,
        }
    }

    /// Asks for the first pages, of both parts at once.
    pub fn start(&mut self, between: Vec<T::Row>, cx: &mut Context<'_>) {
        for load in self.loads_mut() {
            load.cancel(cx);
        }
        self.is_old = true;
        self.is_unsure = false;
        self.seen.clear();
        self.between = between;
        self.administered.restart();
        self.others.restart();
        self.administered.ask_next(cx);
        self.others.ask_next(cx);
    }

    /// Asks for the next page if the cursor comes near the end, or if a filter must see all rows.
    pub fn go_on(&mut self, cx: &mut Context<'_>) {
        if !self.picker.is_near_end() {
            return;
        }
        if self.administered.is_complete() {
            self.others.ask_next(cx);
        } else {
            self.administered.ask_next(cx);
        }
    }

    /// Takes in an answer; false: it was none of ours.
    pub fn reply(
        &mut self,
        ticket: Ticket,
        result: Result<Answer, Error>,
        cx: &mut Context<'_>,
    ) -> Result<bool, Error> {
        if self.administered.load.takes(ticket) {
            if let Some(page) = result.ok().and_then(T::page) {
                self.administered.next = page.next;
                self.append(page.values, true);
            } else {
                self.is_unsure = true;
                self.administered.next = None;
            }
        } else if self.others.load.takes(ticket) {
            match result {
                Ok(answer) => {
                    let Some(page) = T::page(answer) else {
                        return Ok(true);
                    };
                    self.others.next = page.next;
                    self.others.held.extend(page.values);
                }
                Err(error) => {
                    self.others.load.fail(error.clone());
                    return Err(error);
                }
            }
        } else {
            return Ok(false);
        }
        if self.administered.is_complete() {
            let between = std::mem::take(&mut self.between);
            if !between.is_empty() {
                self.forget_old();
                self.picker.extend(between);
            }
            if !self.others.load.is_pending() {
                let held = std::mem::take(&mut self.others.held);
                self.append(held, false);
            }
        }
        self.go_on(cx);
        Ok(true)
    }

    fn append(&mut self, values: Vec<T>, administered: bool) {
        let current = self.forget_old();
        let seen = &mut self.seen;
        let rows = values
            .into_iter()
            .filter(|value| seen.insert(value.identity()))
            .map(|value| value.into_row(administered));
        self.picker.extend(rows);
        if let Some(current) = current {
            self.picker
                .select(|row| T::row_identity(row).as_ref() == Some(&current));
        }
    }

    /// Takes away the rows of the last time, and answers with what the cursor was on.
    fn forget_old(&mut self) -> Option<String> {
        if !std::mem::take(&mut self.is_old) {
            return None;
        }
        let current = self.picker.current().and_then(T::row_identity);
        self.picker.clear();
        self.picker.extend((self.pinned)());
        current
    }

    /// What it waits for.
    #[must_use]
    pub fn loads(&self) -> Vec<&Load> {
        vec![&self.administered.load, &self.others.load]
    }

    /// The same, to give up waiting.
    pub fn loads_mut(&mut self) -> Vec<&mut Load> {
        vec![&mut self.administered.load, &mut self.others.load]
    }

    /// What went wrong the last time.
    #[must_use]
    pub fn failure(&self) -> Option<&Error> {
        self.others.load.failure()
    }

    /// How long an answer has been awaited.
    #[must_use]
    pub fn waiting(&self, now: Moment) -> Option<Duration> {
        let waits = self.loads().into_iter().filter_map(|load| load.waiting(now));
        waits.max()
    }

    /// Whether everything has come.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.administered.is_complete() && self.others.is_complete() && !self.is_old
    }

    /// Whether it is known what the user administers.
    #[must_use]
    pub fn knows_administered(&self) -> bool {
        self.administered.is_complete() && !self.is_unsure
    }

    /// How many things there are so far: "42", or "100+" while more are to come.
    #[must_use]
    pub fn count(&self) -> String {
        let count = self.picker.rows().iter().filter_map(T::row_identity).count();
        match (self.is_complete(), count) {
            (true, count) => count.to_string(),
            (false, 0) => String::new(),
            (false, count) => format!("{count}+"),
        }
    }
}
