//! Set git up: the ways that work here, and before anything is written, what and where.
//!
//! ```text
//!  git 2.47 can use this token for https://git.example.com/scm/plat/billing-api.git
//!
//!  › the desktop's key ring                                      RECOMMENDED
//!    a file that only you can read                                plain text
//!
//!  ✓ Kept encrypted in your desktop's key ring.
//!
//!  This will be written (u takes it away again)
//!  · secret-tool: the token, for …
//!  · ~/.config/bbtoken/git/….inc: bbtoken as git's credential helper …
//! ```

mod agreement;
mod obstacles;
mod view;

use std::sync::Arc;

use crossterm::event::KeyEvent;
use ratatui::Frame;
use ratatui::layout::Rect;
use tui_input::Input;

use crate::environment::Environment;
use crate::git::{self, Location, Target, TokenNote, Way};
use crate::operation::custody::{Holder, Key};
use crate::operation::look_at_git::{self, Look, Obstacle, OnTheWay, Replaces};
use crate::operation::set_up_git::{self, Done, NotDone, Wanted};
use crate::secret::Secret;
use crate::ui::context::Context;
use crate::ui::git_proof::{self, GitShown};
use crate::ui::keymap::{self, Action, Mode};
use crate::ui::layer::{Layer, View};
use crate::ui::load::{Wait, Work};
use crate::ui::mending::Mending;
use crate::ui::notice::Notice;
use crate::ui::place::{Crumb, Place};
use crate::ui::question::{Choice, Subject};
use crate::ui::reply::Reply;
use crate::ui::route::{GitSetupWith, Outcome, Route};
use crate::ui::session::Session;
use crate::ui::step::Step;
use crate::widget::{column, field, scroll};

/// How git can be set up with a token.
#[derive(Debug)]
pub(super) struct GitSetup {
    place: Place,
    target: Target,
    key: Key,
    token: Arc<Secret>,
    /// Which token it is.
    note: TokenNote,
    /// The server was seen to take the token as a password.
    takes_password: bool,
    looking: Work<Result<Look, git::Error>>,
    writing: Work<Result<Done, Box<NotDone>>>,
    ways: Vec<Way>,
    obstacles: Vec<Obstacle>,
    mending: Mending,
    replaces: Option<Replaces>,
    /// Other names of the server in this clone, about which nobody was asked yet.
    other_names: Vec<String>,
    /// Those to which git is to send nothing.
    declined: Vec<String>,
    /// The token would go over http to another computer: what was typed to agree to that.
    plain_http: Option<Input>,
    chosen: usize,
    /// How many lines are scrolled away, where the window is too low for all of them.
    scroll: usize,
    failure: Option<String>,
}

fn key(action: Action) -> String {
    keymap::key(Mode::GitSetup, action)
}

/// The key that undoes it afterwards, where the token is shown.
fn undo() -> String {
    keymap::key(Mode::Ready, Action::UndoGit)
}

impl GitSetup {
    /// Nothing is looked at before the screen opens.
    pub(super) fn new(with: GitSetupWith) -> Self {
        let GitSetupWith {
            place,
            target,
            key,
            token,
            note,
            takes_password,
        } = with;
        Self {
            place,
            target,
            key,
            token,
            note,
            takes_password,
            looking: Work::default(),
            writing: Work::default(),
            ways: Vec::new(),
            obstacles: Vec::new(),
            mending: Mending::default(),
            replaces: None,
            other_names: Vec::new(),
            declined: Vec::new(),
            plain_http: None,
            chosen: 0,
            scroll: 0,
            failure: None,
        }
    }

    fn look(&mut self, cx: &mut Context<'_>) {
        self.failure = None;
        let server = cx.session.server.as_ref();
        let on_the_way = server.map(|it| OnTheWay::to(it.client.base(), &cx.session.config));
        let on_the_way = on_the_way.unwrap_or_default();
        let client = server.map(|it| it.client.clone());
        let (target, takes_password) = (self.target.clone(), self.takes_password);
        let look = async move |environment: Environment| {
            let asks = client.as_ref();
            look_at_git::look(&environment, &target, takes_password, on_the_way, asks).await
        };
        self.looking.start(look, cx);
    }

    fn accept(&mut self, cx: &mut Context<'_>) {
        let Some(way) = self.ways.get(self.chosen) else {
            self.look(cx);
            return;
        };
        if let Some(typed) = &self.plain_http
            && !agreement::is_given(typed)
        {
            cx.notify(Notice::hint(format!(
                "Type the word yes to continue anyway, or press {}.",
                key(Action::Back)
            )));
            return;
        }
        let Some(server) = &cx.session.server else {
            return;
        };
        let client = server.client.clone();
        let wanted = Wanted {
            target: self.target.clone(),
            scope: self.place.scope(),
            way: way.clone(),
            token: Arc::clone(&self.token),
            note: self.note.clone(),
            keeps_old: self.replaces.as_ref().is_none_or(Replaces::can_come_back),
        };
        self.failure = None;
        let set_up = async move |environment: Environment| {
            let done = set_up_git::set_up(&environment, &client, &wanted).await;
            done.map_err(Box::new)
        };
        self.writing.start_writing(set_up, cx);
    }

    /// Only somebody who knows can say that another name is one of the same server.
    fn ask_about_name(&self, cx: &mut Context<'_>) {
        let Some(name) = self.other_names.first() else {
            return;
        };
        let question = agreement::about_name(name, &self.target.address);
        cx.open(Route::Question(question));
    }

    fn agreed_to_name(&mut self, is_agreed: bool, cx: &mut Context<'_>) {
        if self.other_names.is_empty() {
            return;
        }
        let name = self.other_names.remove(0);
        if is_agreed {
            self.target.name_also(name);
            // What is written, and what is in the way, is another thing now.
            self.look(cx);
        } else {
            self.declined.push(name);
            self.ask_about_name(cx);
        }
    }

    /// Whoever has agreed to a server on http knows; a clone link may fall to http behind one that is not.
    fn mind_plain_http(&mut self, cx: &Context<'_>) {
        let server = cx.session.server.as_ref();
        let agreed = server.and_then(|server| Location::of(&server.client.base().to_string()));
        let is_agreed = |there: Location| {
            let agreed = agreed.as_ref();
            agreed.is_some_and(|agreed| agreed.server() == there.server())
        };
        if !self.target.plain_http().all(is_agreed) {
            self.plain_http.get_or_insert_default();
        }
    }
}

impl Layer for GitSetup {
    fn mode(&self) -> Mode {
        Mode::GitSetup
    }

    fn purpose(&self) -> String {
        format!(
            "git can use the token automatically from now on. Choose where git keeps it. The screen shows what \
             will be written, and where; nothing is before you press {}.",
            key(Action::Accept)
        )
    }

    fn must_be_meant(&self, action: Action) -> bool {
        matches!(action, Action::Accept | Action::Mend | Action::PutBack)
    }

    fn crumbs(&self) -> Vec<Crumb> {
        self.place.crumbs_to("Set git up")
    }

    fn step(&self, _view: View<'_>) -> Step {
        if self.looking.is_pending() || self.writing.is_pending() {
            Step::say("Wait for git: one moment.")
        } else if self.ways.is_empty() {
            Step::press(
                "Press {} to look again, or {} to go back.",
                &[Action::Accept, Action::Back],
            )
        } else {
            Step::press(
                "Step 6 of 6: choose where git keeps the token, then press {}.",
                &[Action::Accept],
            )
        }
    }

    fn view(&self, frame: &mut Frame<'_>, area: Rect, view: View<'_>) {
        let column = column::within(area);
        let (width, height) = (usize::from(column.width), usize::from(column.height));
        let (lines, cursor) = self.lines(width, height, view);
        let column = column::for_lines(column, lines.len());
        let shown = usize::from(scroll::shown(lines.len(), column.height));
        let above = self.scroll.min(scroll::hidden(lines.len(), column.height));
        // Nothing is typed or chosen blind; below that somebody may read on.
        let is_seen = self.scroll == 0 || self.plain_http.is_some();
        let seen = cursor.filter(|_| is_seen);
        let above = above.max(seen.map_or(0, |row| (row + 1).saturating_sub(shown)));
        let typed = self.plain_http.as_ref();
        let column_of_cursor = typed.map_or(0, agreement::column_of_cursor);
        let count = lines.len();
        scroll::lines(frame, column, lines, above, view.theme);
        if let Some(row) = cursor {
            scroll::place_cursor(frame, column, (row, count), above, column_of_cursor);
        }
    }

    fn refusal(&self, action: Action, _session: &Session) -> Option<String> {
        match action {
            Action::Mend => self.refuses_mend(),
            Action::PutBack => self.mending.refuses_put_back(),
            _ => None,
        }
    }

    fn update(&mut self, action: Action, cx: &mut Context<'_>) {
        if self.writing.is_pending() {
            cx.notify(Notice::hint("Git is being set up: one moment."));
            return;
        }
        if self.mending.is_pending() {
            cx.notify(Notice::hint(
                "Git's configuration is being changed: one moment.",
            ));
            return;
        }
        let last = self.ways.len().saturating_sub(1);
        let (hidden, page) = self.hidden(cx);
        match action {
            Action::Up | Action::Down => {
                self.scroll = 0;
                self.chosen = match action {
                    Action::Up => self.chosen.saturating_sub(1),
                    _ => (self.chosen + 1).min(last),
                };
            }
            Action::PageUp => self.scroll = self.scroll.saturating_sub(page),
            Action::PageDown => self.scroll = (self.scroll + page).min(hidden),
            // Nothing is written that could not be read.
            Action::Accept if self.scroll < hidden && !self.ways.is_empty() => {
                self.scroll = (self.scroll + page).min(hidden);
            }
            Action::Accept if !self.looking.is_pending() => self.accept(cx),
            Action::Mend if !self.looking.is_pending() => self.mend(cx),
            Action::PutBack if !self.looking.is_pending() => self.mending.put_back(cx),
            Action::Back => cx.close(),
            _ => {}
        }
    }

    fn is_typing(&self) -> bool {
        self.plain_http.is_some() && !self.writing.is_pending()
    }

    fn type_key(&mut self, key: KeyEvent, _cx: &mut Context<'_>) -> bool {
        match &mut self.plain_http {
            Some(typed) if field::is_editing(key) => field::edit(typed, key),
            _ => false,
        }
    }

    fn line(&self) -> Option<&str> {
        Some(self.plain_http.as_ref()?.value())
    }

    fn open(&mut self, cx: &mut Context<'_>) {
        self.look(cx);
    }

    fn returned(&mut self, outcome: Outcome, cx: &mut Context<'_>) {
        if let Outcome::Answered(Subject::OtherName, choice) = outcome {
            self.agreed_to_name(choice == Choice::Yes, cx);
        }
    }

    fn waits(&self) -> Vec<&Wait> {
        let mut waits = vec![self.looking.wait(), self.writing.wait()];
        waits.extend(self.mending.waits());
        waits
    }

    fn reply(&mut self, reply: &mut Reply, cx: &mut Context<'_>) {
        if self.mending.reply(reply, self.mode(), cx) {
            self.look(cx);
        }
        match self.looking.take(reply) {
            Some(Ok(look)) => {
                self.target = look.target;
                self.ways = look.ways;
                self.obstacles = look.obstacles;
                self.replaces = look.replaces;
                self.mind_plain_http(cx);
                self.other_names = look.other_names;
                self.other_names
                    .retain(|name| !self.declined.contains(name));
                self.ask_about_name(cx);
                self.chosen = 0;
            }
            Some(Err(error)) => {
                self.failure = Some(format!("{error} ({} looks again)", key(Action::Accept)));
            }
            None => {}
        }
        match self.writing.take(reply) {
            Some(Ok(done)) => {
                cx.session.custody.is_had_by(self.key, Holder::Git);
                cx.notify(match done.left.as_slice() {
                    [] => Notice::good(format!("Git is set up. {} undoes that.", undo())),
                    left => Notice::bad(left.join(" ")),
                });
                let way = self.ways.get(self.chosen);
                let shown = GitShown {
                    address: self.target.address.clone(),
                    forgets: way.and_then(|way| way.forgets),
                    knows_author: done.knows_author,
                    proof: done.proof,
                };
                cx.close_with(Outcome::GitIsSetUp(shown, done.replaced));
            }
            Some(Err(not_done)) => {
                self.scroll = 0;
                self.failure = Some(git_proof::not_set_up(&not_done));
            }
            None => {}
        }
    }

    fn holds_on(&self) -> Option<String> {
        let reason = "Git is being set up: one moment, then you can leave.";
        let is_pending = self.writing.is_pending() || self.mending.is_pending();
        is_pending.then(|| reason.to_owned())
    }
}
