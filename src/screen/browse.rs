//! Browse: projects, repositories and the Security section, side by side.
//!
//! ```text
//! ╭ Projects 12 ───────╮╭ Repositories 24 ───╮╭ Security ──────────╮
//! │ › PLAT  Platform   ││ › billing-api      ││ › HTTP access …  3 │
//! ╰────────────────────╯╰────────────────────╯╰────────────────────╯
//! ```

mod arrival;
mod cursor;
mod details;
mod inside;
mod levels;
mod opening;
mod rows;
mod search;
mod security;
mod step;
mod target;
mod view;

use std::time::Duration;

use crossterm::event::KeyEvent;
use ratatui::Frame;
use ratatui::layout::Rect;

use self::arrival::{Arrival, find};
use self::inside::Inside;
use self::levels::Levels;
use self::rows::ProjectRow;
use self::search::AllFound;
use self::security::Security;
use crate::bitbucket::{Client, Destination, Page, Project, Repository, User};
use crate::operation::draft::Proposal;
use crate::ui::context::Context;
use crate::ui::keymap::{self, Action, Mode};
use crate::ui::layer::{Layer, View};
use crate::ui::listing::{Listed as _, Listing, PageSource};
use crate::ui::load::{Load, Wait};
use crate::ui::place::{Crumb, Place, project_name};
use crate::ui::plain_copy::PlainCopy;
use crate::ui::question::{Choice, Question, Subject};
use crate::ui::reply::Reply;
use crate::ui::route::{Move, Outcome, Route};
use crate::ui::session::Session;
use crate::ui::step::Step;
use crate::ui::token_list::way_to_new;
use crate::widget::field::TooLong;

/// The three columns, from left to right; the last one that is there has the focus.
#[derive(Debug)]
pub(super) struct Browse {
    projects: Listing<Project>,
    /// The search for repositories that runs beside the filter of the projects.
    search: Load<Page<Repository>>,
    /// What was searched for last.
    searched: String,
    /// What a search has found that the server has answered in full.
    all_found: Option<AllFound>,
    /// What the user may do on the repositories that it has found.
    found_levels: Option<Levels>,
    /// When that is asked.
    levels_due: Option<Duration>,
    /// The user's personal project, which no list of Bitbucket's shows.
    personal: Load<Place>,
    inside: Option<Inside>,
    security: Option<Security>,
    /// What the form for a new token is to be filled in with, until the tokens of the place are known.
    proposal: Option<Proposal>,
    /// The place that the user wants to go to, while the server is asked about it.
    arrival: Option<Arrival>,
    copying: PlainCopy,
}

impl Default for Browse {
    fn default() -> Self {
        Self::new()
    }
}

impl Browse {
    /// With nothing loaded yet.
    pub(super) fn new() -> Self {
        Self {
            projects: Listing::new(
                Some(PageSource::new(Client::administered_projects)),
                PageSource::new(Client::projects),
                Vec::new,
            ),
            search: Load::default(),
            searched: String::new(),
            all_found: None,
            found_levels: None,
            levels_due: None,
            personal: Load::default(),
            inside: None,
            security: None,
            proposal: None,
            arrival: None,
            copying: PlainCopy::default(),
        }
    }

    fn start_projects(&mut self, cx: &mut Context<'_>) {
        self.all_found = None;
        let Some(user) = cx.session.user.clone() else {
            return;
        };
        cx.session.rights.forget_projects();
        if cx.session.has_no_account() {
            self.projects.start(cx);
            return;
        }
        let key = format!("~{}", user.slug);
        self.projects
            .start_with(vec![ProjectRow::Account(user.clone())], false, cx);
        let to = Destination::Project { key };
        self.personal.ask(find(user, to), cx);
    }

    /// Takes note of what the list of projects tells about the user's rights.
    fn note_projects(&self, session: &mut Session) {
        for row in self.projects.picker.rows() {
            if let ProjectRow::Project(project) = row
                && let Some(administered) = self.projects.administers(&project.identity())
                && !project.personal
            {
                session.rights.told_of_project(&project.key, administered);
            }
        }
    }

    fn refresh(&mut self, cx: &mut Context<'_>) {
        if let Some(security) = &mut self.security {
            security.restart(cx);
        } else if let Some(inside) = &mut self.inside {
            inside.restart(cx);
        } else {
            self.start_projects(cx);
        }
    }

    /// Asks for more rows of the list that has the focus, if the cursor comes near its end.
    fn go_on(&mut self, cx: &mut Context<'_>) {
        match &mut self.inside {
            Some(inside) => inside.repositories.go_on(cx),
            None => self.projects.go_on(cx),
        }
    }

    fn move_cursor(&mut self, action: Action, cx: &mut Context<'_>) {
        if self.security.is_some() {
            return;
        }
        if let Some(inside) = &mut self.inside {
            inside.is_fresh = false;
            inside.repositories.act(action, cx);
        } else {
            self.projects.act(action, cx);
        }
    }

    fn stop_typing(&mut self) {
        match &mut self.inside {
            Some(inside) => inside.repositories.picker.stop_typing(),
            None => self.projects.picker.stop_typing(),
        }
    }

    /// Takes the filter of the list in focus away; false: there was none.
    fn clear_filter(&mut self, cx: &mut Context<'_>) -> bool {
        match (&self.security, &mut self.inside) {
            (Some(_), _) => false,
            (None, Some(inside)) => inside.repositories.picker.clear_filter(),
            (None, None) => {
                self.search.cancel(cx);
                self.forget_levels(cx);
                self.searched.clear();
                self.all_found = None;
                self.projects.picker.clear_filter()
            }
        }
    }
}

impl Layer for Browse {
    fn mode(&self) -> Mode {
        Mode::Browse
    }

    fn purpose(&self) -> String {
        let key = |action| keymap::key(Mode::Browse, action);
        format!(
            "Choose the repository, or the project, that the token is for: {} goes into it, {} goes back. \
             Each row says what you may do there. {} finds a project or a repository by its name; {} opens \
             your personal tokens.",
            key(Action::Open),
            keymap::key(Mode::Anywhere, Action::Back),
            key(Action::Filter),
            key(Action::ManageAccount)
        )
    }

    fn refusal(&self, action: Action, session: &Session) -> Option<String> {
        match action {
            Action::New => session
                .refuses_to("create")
                .or_else(|| self.refuses_new(session)),
            Action::WhichKind => session.refuses_to("create"),
            Action::Why => session.refuses_why(),
            Action::ManageAccount => session.refuses_account(),
            Action::Security => self.refuses_security(),
            Action::CopyClone => self.refuses_clone_command(),
            _ => None,
        }
    }

    fn returned(&mut self, outcome: Outcome, cx: &mut Context<'_>) {
        if let Outcome::Answered(Subject::SignOut, Choice::Yes) = outcome {
            cx.moves.push(Move::SignOut);
        }
    }

    fn crumbs(&self) -> Vec<Crumb> {
        if let Some(security) = &self.security {
            let mut crumbs = security.place.crumbs();
            crumbs.pop();
            return crumbs;
        }
        let mut crumbs = vec![Crumb::keep("Projects")];
        if let Some(inside) = &self.inside {
            crumbs.push(Crumb::keep(project_name(&inside.project)));
            crumbs.push(Crumb::keep("Repositories"));
        }
        crumbs
    }

    fn step(&self, view: View<'_>) -> Step {
        self.next_step(view.session)
    }

    fn view(&self, frame: &mut Frame<'_>, area: Rect, view: View<'_>) {
        self.draw(frame, area, view);
    }

    fn is_typing(&self) -> bool {
        match (&self.security, &self.inside) {
            (Some(_), _) => false,
            (None, Some(inside)) => inside.repositories.picker.is_typing(),
            (None, None) => self.projects.picker.is_typing(),
        }
    }

    fn type_key(&mut self, key: KeyEvent, cx: &mut Context<'_>) -> bool {
        if !self.is_typing() {
            return false;
        }
        let taken = match &mut self.inside {
            Some(inside) => {
                inside.is_fresh = false;
                inside.repositories.picker.type_key(key)
            }
            None => self.projects.picker.type_key(key),
        };
        self.go_on(cx);
        self.search(cx);
        taken
    }

    fn line(&self) -> Option<&str> {
        match &self.inside {
            Some(inside) => inside.repositories.picker.line(),
            None => self.projects.picker.line(),
        }
    }

    fn paste(&mut self, text: &str, cx: &mut Context<'_>) -> Result<(), TooLong> {
        match &mut self.inside {
            Some(inside) => inside.repositories.picker.paste(text)?,
            None => self.projects.picker.paste(text)?,
        }
        self.go_on(cx);
        self.search(cx);
        Ok(())
    }

    fn update(&mut self, action: Action, cx: &mut Context<'_>) {
        self.note_http(cx.session);
        let target = self.target().map(|target| target.place);
        cx.session.leave(target.as_ref(), self.security.is_some());
        match action {
            Action::Open => {
                // From now on letters are commands again; the filter stays.
                self.stop_typing();
                self.open_row(cx);
            }
            Action::Security => self.open_security(cx),
            Action::ManageAccount => {
                if let Some(user) = cx.session.user.clone() {
                    cx.open(Route::Tokens {
                        place: Place::Account(user),
                        listing: None,
                    });
                }
            }
            Action::New => {
                if let Some(place) = target {
                    cx.open(way_to_new(place, false, cx.session));
                }
            }
            Action::CopyClone => {
                if let Some(place) = target {
                    self.copying.copy_clone_command(&place, cx);
                }
            }
            Action::CheckToken => {
                let place = target.map(Box::new);
                cx.open(Route::Check { place });
            }
            Action::Why => cx.open(Route::Why),
            Action::WhichKind => cx.open(Route::WhichKind(self.here())),
            Action::Refresh => self.refresh(cx),
            Action::Filter => {
                // The section has one row: whoever looks for something else looks in the list beside it.
                if self.security.is_some() {
                    self.back(cx);
                }
                self.move_cursor(action, cx);
            }
            Action::Back => {
                if !self.clear_filter(cx) && !self.back(cx) {
                    cx.ask(sign_out(cx));
                }
            }
            action => self.move_cursor(action, cx),
        }
    }

    fn open(&mut self, cx: &mut Context<'_>) {
        self.start_projects(cx);
        if cx.session.destination.is_some() {
            self.set_out(cx);
        } else if let Some(
            Destination::Project { key } | Destination::Repository { project: key, .. },
        ) = cx.session.last_place()
        {
            self.projects.seek(key);
        }
    }

    fn resume(&mut self, cx: &mut Context<'_>) {
        if let Some(security) = &mut self.security {
            // The next screen took the list along, or has made a token.
            security.restart(cx);
        }
    }

    fn time(&mut self, cx: &mut Context<'_>) {
        self.ask_in_a_pause(cx);
    }

    fn deadline(&self, _session: &Session) -> Option<Duration> {
        self.levels_due
    }

    fn waits(&self) -> Vec<&Wait> {
        let mut waits = self.projects.waits();
        waits.extend([
            self.personal.wait(),
            self.search.wait(),
            self.copying.wait(),
        ]);
        waits.extend(self.arrival.as_ref().map(Arrival::wait));
        waits.extend(self.found_levels.iter().flat_map(Levels::waits));
        if let Some(inside) = &self.inside {
            waits.extend(inside.waits());
        }
        if let Some(security) = &self.security {
            waits.extend(security.waits());
        }
        waits
    }

    fn waits_mut(&mut self) -> Vec<&mut Wait> {
        let mut waits = self.projects.waits_mut();
        waits.extend([self.personal.wait_mut(), self.search.wait_mut()]);
        waits.extend(self.arrival.as_mut().map(Arrival::wait_mut));
        waits.extend(self.found_levels.iter_mut().flat_map(Levels::waits_mut));
        if let Some(inside) = &mut self.inside {
            waits.extend(inside.waits_mut());
        }
        if let Some(security) = &mut self.security {
            waits.extend(security.waits_mut());
        }
        waits
    }

    fn reply(&mut self, reply: &mut Reply, cx: &mut Context<'_>) {
        if let Some(result) = self.personal.take(reply) {
            // Without a personal project there is simply no row for it.
            let row = match result {
                Ok(Place::Project(project)) => {
                    cx.session.rights.told_of_project(&project.key, true);
                    Some(ProjectRow::Project(Box::new(project)))
                }
                _ => None,
            };
            self.projects.finish_between(row);
            self.note_projects(cx.session);
        } else if let Some(result) = self.search.take(reply) {
            self.found(result, cx);
        } else if !self.copying.reply(reply, cx) {
            self.arrive(reply, cx);
            self.projects.reply(reply, cx);
            self.note_projects(cx.session);
            self.found_levels_reply(reply, cx);
            if let Some(inside) = &mut self.inside {
                inside.reply(reply, cx);
            }
            if let Some(security) = &mut self.security {
                security.reply(reply, cx);
            }
            self.open_proposed(cx);
        }
    }
}

fn sign_out(cx: &Context<'_>) -> Question {
    let name = cx
        .session
        .user
        .as_ref()
        .map_or("you", |user: &User| &user.name);
    Question {
        subject: Subject::SignOut,
        title: "Sign out",
        text: vec![format!("Sign {name} out and go back to the first screen?")],
        yes: "sign out",
        revoke: None,
        no: "stay here",
    }
}
