//! A list that comes page by page: what the user administers first, then everything else.
//!
//! That order puts the rows where a token can be created at the top, for anybody, and it never
//! changes while pages arrive: nothing jumps. A reload keeps the old rows until the new ones come.

use std::collections::HashSet;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::asking::Asking;
use super::keymap::{self, Action, Mode};
use super::load::{Load, Wait};
use super::reply::Reply;
use crate::bitbucket::{Client, Error, Page, Pages};
use crate::clock::Moment;
use crate::widget::picker::{Picker, Row};

/// How many entries a page has, if the server agrees.
const PAGE_SIZE: u32 = 100;

/// Something that Bitbucket lists.
pub trait Listed: Sized + fmt::Debug + Send + 'static {
    /// How it stands in the list.
    type Row: Row;
    /// What tells it from all others.
    fn identity(&self) -> String;
    /// The identity of the thing in a row; `None` for a row that is always there.
    fn row_identity(row: &Self::Row) -> Option<String>;
    /// Makes a row of it.
    fn into_row(self) -> Self::Row;
}

/// What an empty list says under a filter: what was searched, and how to see everything again.
#[must_use]
pub fn no_matches(searched: &str) -> String {
    let back = keymap::key(Mode::Anywhere, Action::Back);
    format!("No matches in {searched}. Press {back} to show all.")
}

/// Where a list comes from, whoever asks for it.
pub struct PageSource<T>(Arc<Reading<T>>);

type Reading<T> = dyn Fn(&Client) -> Pages<T> + Send + Sync;

impl<T: Send + 'static> PageSource<T> {
    /// The list that this method of the client gives.
    pub fn new(pages: impl Fn(&Client) -> Pages<T> + Send + Sync + 'static) -> Self {
        Self(Arc::new(pages))
    }

    /// Has a page read, as whoever is signed in.
    pub fn ask_page(&self, from: u64, load: &mut Load<Page<T>>, cx: &mut Asking<'_>) {
        let pages = Arc::clone(&self.0);
        load.ask(move |client| page(pages(&client), from), cx);
    }
}

impl<T> fmt::Debug for PageSource<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PageSource(..)")
    }
}

async fn page<T>(pages: Pages<T>, from: u64) -> Result<Page<T>, Error> {
    let page = pages.from(from).limit(PAGE_SIZE).next().await?;
    Ok(page.unwrap_or(Page {
        values: Vec::new(),
        next: None,
    }))
}

/// The pages of one part of the list.
#[derive(Debug)]
struct Part<T> {
    source: Option<PageSource<T>>,
    load: Load<Page<T>>,
    next: Option<u64>,
    /// Things that came but have to wait for something above them.
    held: Vec<T>,
}

impl<T: Send + 'static> Part<T> {
    fn new(source: Option<PageSource<T>>) -> Self {
        let next = source.as_ref().map(|_| 0);
        Self {
            source,
            load: Load::default(),
            next,
            held: Vec::new(),
        }
    }

    /// Whether everything of it has come.
    fn is_complete(&self) -> bool {
        self.next.is_none()
    }

    /// Whether a page of it has come since it was started.
    fn has_begun(&self) -> bool {
        self.next != Some(0)
    }

    fn ask_next(&mut self, cx: &mut Asking<'_>) {
        let (Some(source), Some(from)) = (&self.source, self.next) else {
            return;
        };
        if self.load.is_pending() || self.load.failure().is_some() {
            return;
        }
        source.ask_page(from, &mut self.load, cx);
    }

    fn restart(&mut self) {
        self.next = self.source.as_ref().map(|_| 0);
        self.held.clear();
        self.load.forgive();
    }
}

/// A row that has not come again so many rows after its old place is taken for gone: pages are not
/// read to the end of a huge list for it.
const GIVE_UP_AFTER: usize = 100;
/// A row whose old place nobody knows is looked for among so many.
const LONGEST_SEARCH: usize = 900;

/// A row that has not come yet.
#[derive(Debug)]
enum Goal {
    /// The one that the cursor was on before a reload, and how many rows there were above it.
    Row(String, usize),
    /// The last of all.
    Last,
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
    /// Rows that stand between the two parts, until they are in.
    between: Vec<T::Row>,
    /// Whether no more rows are to come between the two parts.
    between_is_complete: bool,
    seen: HashSet<String>,
    /// Where the cursor is to go as soon as the row has come.
    goal: Option<Goal>,
    /// The rows are those of the last time: the next ones take their place.
    is_old: bool,
    /// What came in the first part.
    are_administered: HashSet<String>,
    /// Bitbucket did not tell what the user administers.
    is_unsure: bool,
}

impl<T: Listed> Listing<T> {
    /// A list that has asked nothing yet. `administered` is the first part, where there is one.
    #[must_use]
    pub fn new(
        administered: Option<PageSource<T>>,
        others: PageSource<T>,
        pinned: fn() -> Vec<T::Row>,
    ) -> Self {
        Self {
            picker: Picker::new(pinned()),
            administered: Part::new(administered),
            others: Part::new(Some(others)),
            pinned,
            between: Vec::new(),
            between_is_complete: true,
            seen: HashSet::new(),
            goal: None,
            is_old: false,
            are_administered: HashSet::new(),
            is_unsure: false,
        }
    }

    /// Asks for the first pages, of both parts at once.
    pub fn start(&mut self, cx: &mut Asking<'_>) {
        self.start_with(Vec::new(), true, cx);
    }

    /// Like [`Listing::start`], with rows between the two parts. If they are not complete, the
    /// second part waits for [`Listing::finish_between`].
    pub fn start_with(&mut self, between: Vec<T::Row>, is_complete: bool, cx: &mut Asking<'_>) {
        for wait in self.waits_mut() {
            wait.cancel(cx);
        }
        self.is_old = true;
        self.is_unsure = false;
        self.are_administered.clear();
        self.seen.clear();
        self.between = between;
        self.between_is_complete = is_complete;
        self.administered.restart();
        self.others.restart();
        self.administered.ask_next(cx);
        self.others.ask_next(cx);
    }

    /// Puts the cursor on the thing with this identity as soon as it comes, whatever the filter was.
    pub fn seek(&mut self, identity: String) {
        self.picker.clear_filter();
        self.goal = Some(Goal::Row(identity, LONGEST_SEARCH));
    }

    /// Moves the cursor, or starts a filter.
    pub fn act(&mut self, action: Action, cx: &mut Asking<'_>) {
        // Whoever moves on is not thrown back.
        self.goal = None;
        match action {
            Action::Up => self.picker.move_by(-1),
            Action::Down => self.picker.move_by(1),
            Action::PageUp => self.picker.page_up(),
            Action::PageDown => self.picker.page_down(),
            Action::First => self.picker.first(),
            Action::Last => {
                self.picker.last();
                self.goal = (!self.is_complete()).then_some(Goal::Last);
            }
            Action::Filter => self.picker.start_filter(),
            _ => {}
        }
        self.go_on(cx);
    }

    /// Asks for the next page if the cursor comes near the end or wants to go where no row is yet,
    /// or if a filter must see all rows.
    pub fn go_on(&mut self, cx: &mut Asking<'_>) {
        if !self.picker.is_near_end() && self.goal.is_none() {
            return;
        }
        if self.administered.is_complete() {
            self.others.ask_next(cx);
        } else {
            self.administered.ask_next(cx);
        }
    }

    /// The last row between the two parts, where there is one: the second part was waiting for it.
    pub fn finish_between(&mut self, row: Option<T::Row>) {
        if let Some(identity) = row.as_ref().and_then(T::row_identity) {
            self.seen.insert(identity);
        }
        self.between.extend(row);
        self.between_is_complete = true;
        self.flush();
    }

    /// Takes in an answer to one of its questions.
    pub fn reply(&mut self, reply: &mut Reply, cx: &mut Asking<'_>) {
        if let Some(result) = self.administered.load.take(reply) {
            self.is_unsure |= result.is_err();
            self.administered.next = None;
            if let Ok(page) = result {
                self.administered.next = page.next;
                let identities = page.values.iter().map(T::identity);
                self.are_administered.extend(identities);
                self.administered.held.extend(page.values);
            }
        } else if let Some(result) = self.others.load.take(reply) {
            match result {
                Ok(page) => {
                    self.others.next = page.next;
                    self.others.held.extend(page.values);
                }
                Err(error) => self.others.load.fail(error),
            }
        } else {
            return;
        }
        self.flush();
        self.go_on(cx);
    }

    /// Lets in what had to wait for rows above it.
    fn flush(&mut self) {
        if self.is_old && self.len() > 0 && !self.others.has_begun() {
            // The rows of the last time stay until the newer ones can take their place.
            return;
        }
        let administered = std::mem::take(&mut self.administered.held);
        if !administered.is_empty() {
            self.append(administered);
        }
        if !self.administered.is_complete() || !self.between_is_complete {
            return;
        }
        if !self.between.is_empty() {
            self.forget_old();
            let between = std::mem::take(&mut self.between);
            self.picker.extend(between);
            self.go_to_goal();
        }
        let held = std::mem::take(&mut self.others.held);
        // An empty page is an answer too: it ends the wait for new rows.
        if !held.is_empty() || (!self.others.load.is_pending() && self.failure().is_none()) {
            self.append(held);
        }
    }

    fn append(&mut self, values: Vec<T>) {
        self.forget_old();
        let seen = &mut self.seen;
        let rows = values
            .into_iter()
            .filter(|value| seen.insert(value.identity()))
            .map(T::into_row);
        self.picker.extend(rows);
        self.go_to_goal();
    }

    /// Takes away the rows of the last time, and remembers what the cursor was on, unless it is to
    /// go elsewhere.
    fn forget_old(&mut self) {
        if std::mem::take(&mut self.is_old) {
            let identity = self.picker.current().and_then(T::row_identity);
            let above = self.picker.cursor();
            if let (None, Some(identity)) = (&self.goal, identity) {
                self.goal = Some(Goal::Row(identity, above));
            }
            self.picker.clear();
            self.picker.extend((self.pinned)());
        }
    }

    fn go_to_goal(&mut self) {
        let has_arrived = match &self.goal {
            None => return,
            Some(Goal::Last) => {
                self.picker.last();
                false
            }
            Some(Goal::Row(identity, above)) => {
                let is_it = |row: &T::Row| T::row_identity(row).as_ref() == Some(identity);
                let is_gone = self.picker.shown().len() > above + GIVE_UP_AFTER;
                self.picker.select(is_it) || is_gone
            }
        };
        let all_are_in = self.others.is_complete() && self.others.held.is_empty();
        if has_arrived || (all_are_in && self.between_is_complete) {
            self.goal = None;
        }
    }

    /// What it waits for.
    #[must_use]
    pub fn waits(&self) -> Vec<&Wait> {
        vec![self.administered.load.wait(), self.others.load.wait()]
    }

    /// The same, to give up waiting.
    pub fn waits_mut(&mut self) -> Vec<&mut Wait> {
        vec![
            self.administered.load.wait_mut(),
            self.others.load.wait_mut(),
        ]
    }

    /// What went wrong the last time.
    #[must_use]
    pub fn failure(&self) -> Option<&Error> {
        self.others.load.failure()
    }

    /// How long an answer has been awaited.
    #[must_use]
    pub fn waiting(&self, now: Moment) -> Option<Duration> {
        let waits = self
            .waits()
            .into_iter()
            .filter_map(|wait| wait.waiting(now));
        waits.max()
    }

    /// Whether everything has come.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.administered.is_complete()
            && self.others.is_complete()
            && self.between_is_complete
            && !self.is_old
    }

    /// Whether the user administers a thing of this list, where that is known.
    #[must_use]
    pub fn administers(&self, identity: &str) -> Option<bool> {
        let is_told = self.administered.is_complete() && !self.is_unsure;
        let is_in = self.are_administered.contains(identity);
        (is_in || is_told).then_some(is_in)
    }

    /// Whether the rows are those of this time, not of the last one.
    #[must_use]
    pub fn is_current(&self) -> bool {
        !self.is_old
    }

    /// How many things have come.
    fn len(&self) -> usize {
        let rows = self.picker.rows().iter();
        rows.filter_map(T::row_identity).count()
    }

    /// How many things there are so far: "42", "100+" while more are to come, "3 of 42" under a
    /// filter.
    #[must_use]
    pub fn count(&self) -> String {
        let all = match (self.is_complete() || self.is_old, self.len()) {
            (_, 0) if !self.is_complete() => String::new(),
            (true, count) => count.to_string(),
            (false, count) => format!("{count}+"),
        };
        match self.picker.filter() {
            Some((filter, _)) if !filter.is_empty() => {
                let shown = self.picker.shown().filter_map(T::row_identity).count();
                format!("{shown} of {all}")
            }
            _ => all,
        }
    }
}
