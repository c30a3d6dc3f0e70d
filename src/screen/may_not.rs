//! What somebody can do who may make no token in a place: ask whoever administers it, or make a personal
//! token.
//!
//! ```text
//!  ! Bitbucket lets only administrators of billing-api or of Platform (PLAT) make tokens here.
//!
//!    Used by   ‹ git on this computer ›
//!    Rights    ‹ git, read and write ›  clone, pull, push
//!
//!      Ask an administrator     the request is written for you
//!  › ★ A personal token         you create it yourself, now
//!
//!  It acts as you and reaches every repository that you reach, in all projects.
//! ```

mod request;
mod rows;
mod view;

use std::sync::Arc;

use crossterm::event::KeyEvent;
use ratatui::Frame;
use ratatui::layout::Rect;
use tui_input::Input;

use self::rows::Row;
use crate::bitbucket::{Error, ErrorKind, User};
use crate::config::Config;
use crate::operation::draft::{Levels, Proposal, UsedBy};
use crate::operation::request::{people_to_ask, whose_administrators};
use crate::preset::{self, Preset};
use crate::ui::context::Context;
use crate::ui::keymap::{Action, Mode};
use crate::ui::layer::{Layer, View};
use crate::ui::load::{Load, Wait};
use crate::ui::notice::Notice;
use crate::ui::place::{Crumb, Place};
use crate::ui::plain_copy::PlainCopy;
use crate::ui::reply::Reply;
use crate::ui::route::Route;
use crate::ui::session::Session;
use crate::ui::step::Step;
use crate::ui::wish::Work;
use crate::widget::field::{self, TooLong};
use crate::widget::{column, scroll};

/// The choice.
#[derive(Debug)]
pub(super) struct MayNot {
    place: Place,
    /// git is refused there because the user lacks a permission.
    lacks_permission: bool,
    for_tool: bool,
    tool: Input,
    /// Without those for administrators: who administers nothing here has no use for them.
    presets: Vec<Preset>,
    /// An index into `presets`; one past the last means *custom*.
    chosen: usize,
    /// The rights were chosen: they no longer follow from who uses the token.
    has_chosen: bool,
    /// What *custom* asks for.
    levels: Levels,
    focus: Row,
    computer: String,
    config: Arc<Config>,
    asking: Load<Vec<User>>,
    copying: PlainCopy,
    /// Which request was copied last, as it is now.
    copied: Option<Row>,
    /// How many lines are scrolled away, where the window is too low for all of them.
    scroll: usize,
}

impl MayNot {
    /// The choice for a place, with what the token is to do, if that is known.
    pub(super) fn at(
        place: Place,
        work: Option<Work>,
        lacks_permission: bool,
        session: &Session,
    ) -> Self {
        let all = session.presets.iter();
        let modest: Vec<_> = all
            .filter(|preset| !preset.is_for_administrators())
            .cloned()
            .collect();
        let presets = if modest.is_empty() {
            session.presets.to_vec()
        } else {
            modest
        };
        let fitting =
            work.and_then(|work| preset::fitting(&presets, work.level, work.pull_requests));
        let mut levels = Levels::new(place.kind());
        if let Some(work) = work.filter(|_| fitting.is_none()) {
            levels.set(work.level);
        }
        let custom = presets.len();
        let mut choice = Self {
            place,
            lacks_permission,
            for_tool: work.is_some_and(|work| work.for_tool),
            tool: Input::default(),
            presets,
            chosen: work.map_or(0, |_| fitting.unwrap_or(custom)),
            has_chosen: work.is_some(),
            levels,
            focus: Row::Personal,
            computer: session.computer.clone(),
            config: Arc::clone(&session.config),
            asking: Load::default(),
            copying: PlainCopy::default(),
            copied: None,
            scroll: 0,
        };
        choice.focus = choice.recommended(session);
        choice
    }

    /// The chosen preset; `None` for *custom*.
    fn preset(&self) -> Option<&Preset> {
        self.presets.get(self.chosen)
    }

    fn accept(&mut self, cx: &mut Context<'_>) {
        match self.focus {
            Row::AskForToken | Row::AskForPermission => self.copy_request(cx),
            Row::Personal => self.make_personal(cx),
            _ => self.go_on(cx.session),
        }
    }

    fn make_personal(&mut self, cx: &mut Context<'_>) {
        if self.is_unnamed() {
            self.ask_for_name(cx);
            return;
        }
        let Some(user) = cx.session.user.clone() else {
            return;
        };
        if let Place::Repository(_) = self.place {
            cx.session.leave(Some(&self.place), true);
        }
        let proposal = Proposal {
            preset: self.preset().map(|preset| preset.id.clone()),
            tool: match self.used_by() {
                UsedBy::Git => None,
                UsedBy::Tool(tool) => Some(tool),
            },
            ..Proposal::default()
        };
        cx.open(Route::ProposedToken {
            place: Place::Account(user),
            from_list: false,
            proposal,
        });
    }

    fn ask_for_name(&mut self, cx: &mut Context<'_>) {
        self.focus = Row::Tool;
        cx.notify(Notice::hint(
            "Which tool? Type its name: the token is named after it.",
        ));
    }

    /// How many lines there are too many for the window.
    fn hidden(&self, cx: &Context<'_>) -> usize {
        let (columns, rows) = cx.room;
        let width = usize::from(column::width(columns));
        let (lines, _) = self.lines(width, usize::from(rows), cx.view());
        scroll::hidden(lines.len(), rows)
    }

    /// Takes note of who was named, or that nobody is.
    fn told(&mut self, result: Result<Vec<User>, Error>, session: &mut Session) {
        let place = whose_administrators(&self.place, &session.rights);
        match result {
            Ok(people) => session.rights.told_of_administrators(place, Some(people)),
            Err(error) if error.kind == ErrorKind::NotPermitted => {
                session.rights.told_of_administrators(place, None);
            }
            Err(error) => self.asking.fail(error),
        }
    }
}

impl Layer for MayNot {
    fn mode(&self) -> Mode {
        Mode::MayNot
    }

    fn only_leads_on(&self) -> bool {
        true
    }

    fn purpose(&self) -> String {
        "You cannot create tokens in this place. Say what the token is for; then ask somebody who can, \
         with a request that you can copy, or create a personal token, which acts as you. A tool should \
         not act as a person: ask for a token of its own.".to_owned()
    }

    fn crumbs(&self) -> Vec<Crumb> {
        self.place.crumbs_to("You cannot create tokens here")
    }

    fn refusal(&self, action: Action, _session: &Session) -> Option<String> {
        let reason = match (action, self.focus) {
            (Action::Less | Action::More, Row::Tool) => "The arrows move within the name here.",
            (Action::Less | Action::More, row) if row.is_way() => {
                "Nothing can be changed in this row. Go up to change what the token is for."
            }
            _ => return None,
        };
        Some(reason.to_owned())
    }

    fn step(&self, _view: View<'_>) -> Step {
        match self.focus {
            _ if self.is_unnamed() && self.focus.is_way() => Step::press(
                "Press {} to type the name of the tool first.",
                &[Action::Accept],
            ),
            Row::AskForToken | Row::AskForPermission if self.has_copied(self.focus) => Step::press(
                "Send the request from your clipboard, then press {}.",
                &[Action::Back],
            ),
            Row::AskForToken | Row::AskForPermission => Step::press(
                "Press {} to copy the request. Then send it to somebody who can.",
                &[Action::Accept],
            ),
            Row::Personal => Step::press(
                "Press {} to create a personal token. Or choose with the arrows.",
                &[Action::Accept],
            ),
            Row::Tool => Step::press(
                "Type the name of the tool, then press {}.",
                &[Action::Accept],
            ),
            _ => Step::press(
                "Change it with the left and right arrows, then press {}.",
                &[Action::Accept],
            ),
        }
    }

    fn view(&self, frame: &mut Frame<'_>, area: Rect, view: View<'_>) {
        let column = column::within(area);
        let (width, height) = (usize::from(column.width), usize::from(column.height));
        let (lines, row) = self.lines(width, height, view);
        let column = column::for_lines(column, lines.len());
        let shown = usize::from(scroll::shown(lines.len(), column.height));
        let hidden = scroll::hidden(lines.len(), column.height);
        // The row of the cursor is seen, unless somebody reads on below it.
        let least = if self.scroll == 0 {
            (row + 1).saturating_sub(shown)
        } else {
            0
        };
        let above = self.scroll.max(least).min(hidden);
        let typed = if self.focus == Row::Tool {
            view::LABEL + self.tool.visual_cursor() + 2
        } else {
            0
        };
        let at = (row, lines.len());
        scroll::lines(frame, column, lines, above, view.theme);
        scroll::place_cursor(frame, column, at, above, typed);
    }

    fn update(&mut self, action: Action, cx: &mut Context<'_>) {
        match action {
            Action::Up | Action::PreviousField => self.go(-1, cx.session),
            Action::Down | Action::NextField => self.go(1, cx.session),
            Action::Less => self.change(false, cx),
            Action::More => self.change(true, cx),
            Action::PageUp => self.scroll = self.scroll.saturating_sub(scroll_step(cx)),
            Action::PageDown => {
                self.scroll = (self.scroll + scroll_step(cx)).min(self.hidden(cx));
            }
            Action::Accept => self.accept(cx),
            Action::Back => cx.close(),
            _ => {}
        }
    }

    fn is_typing(&self) -> bool {
        self.focus == Row::Tool
    }

    fn type_key(&mut self, key: KeyEvent, _cx: &mut Context<'_>) -> bool {
        let is_taken = self.is_typing() && field::edit(&mut self.tool, key);
        if is_taken {
            self.copied = None;
        }
        is_taken
    }

    fn line(&self) -> Option<&str> {
        self.is_typing().then(|| self.tool.value())
    }

    fn paste(&mut self, text: &str, _cx: &mut Context<'_>) -> Result<(), TooLong> {
        if self.is_typing() {
            field::insert(&mut self.tool, text)?;
            self.copied = None;
        }
        Ok(())
    }

    fn open(&mut self, cx: &mut Context<'_>) {
        let place = whose_administrators(&self.place, &cx.session.rights);
        let Some(user) = cx.session.user.clone() else {
            return;
        };
        if cx.session.rights.administrators(&place).is_some() {
            return;
        }
        let named_first = self.config.help.clone().unwrap_or_default();
        let ask = move |client: crate::bitbucket::Client| {
            let (place, user, first) = (place.clone(), user.clone(), named_first.clone());
            async move { people_to_ask(&client, &place, &user, &first).await }
        };
        self.asking.ask(ask, cx);
    }

    fn waits(&self) -> Vec<&Wait> {
        vec![self.asking.wait(), self.copying.wait()]
    }

    fn waits_mut(&mut self) -> Vec<&mut Wait> {
        vec![self.asking.wait_mut()]
    }

    fn reply(&mut self, reply: &mut Reply, cx: &mut Context<'_>) {
        if let Some(result) = self.asking.take(reply) {
            self.told(result, cx.session);
        } else {
            self.copying.reply(reply, cx);
        }
    }

    fn holds_input(&self) -> bool {
        !self.tool.value().is_empty()
    }

    fn asks_before_back(&self) -> bool {
        // What was copied is not lost.
        self.holds_input() && !self.copied.is_some_and(|row| self.has_copied(row))
    }
}

/// A page of what does not fit, with a line in common.
fn scroll_step(cx: &Context<'_>) -> usize {
    usize::from(cx.room.1).saturating_sub(2).max(1)
}
