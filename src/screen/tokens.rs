//! HTTP access tokens: the tokens of one place, to look at, to revoke, and to add one.

mod details;
mod git;
mod marks;
mod next;
mod order;
mod refusals;
mod revoking;
mod rotating;
mod table;

use std::collections::BTreeSet;

use ratatui::Frame;
use ratatui::layout::Rect;

use self::git::GitHere;
use self::rotating::Rotating;
use crate::bitbucket::Token;
use crate::git::SetUp;
use crate::operation::last_use::LastUse;
use crate::operation::revoke::{Revoked, Several};
use crate::ui::context::Context;
use crate::ui::keymap::{self, Action, Column, Mode};
use crate::ui::layer::{Layer, View};
use crate::ui::listing::Listing;
use crate::ui::load::{Wait, Work};
use crate::ui::notice::Notice;
use crate::ui::place::{Crumb, Place};
use crate::ui::plain_copy::PlainCopy;
use crate::ui::question::{Choice, Subject};
use crate::ui::reply::Reply;
use crate::ui::route::{Here, Outcome, Route};
use crate::ui::session::Session;
use crate::ui::step::Step;
use crate::ui::token_list::{TokenRow, note_answer, token_listing, way_to_new};
use crate::widget::field::TooLong;
use crossterm::event::KeyEvent;

/// The tokens of one place.
#[derive(Debug)]
pub(super) struct Tokens {
    place: Place,
    listing: Listing<Token>,
    is_started: bool,
    /// Tokens can be created and revoked, at least by those who may.
    can_change: bool,
    revoking: Work<Revoked>,
    /// Everything about the token under the cursor lies over the list, so many lines scrolled.
    details: Option<usize>,
    /// The tokens that are being asked about or revoked.
    chosen: Several,
    /// The ids of the marked tokens.
    marked: BTreeSet<String>,
    /// By which column the list is sorted; as Bitbucket lists them where there is none.
    sorted: Option<Column>,
    /// The next key says by which column.
    is_sorting: bool,
    /// What git on this computer is set up with for the address of this place.
    git: Option<GitHere>,
    looking: Work<Vec<SetUp>>,
    undoing: Work<Result<Vec<String>, crate::git::Error>>,
    copying: PlainCopy,
    rotating: Rotating,
    /// What has come to its end, until the next key.
    ended: Option<Ended>,
}

/// What has just come to its end here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ended {
    /// Tokens are revoked.
    Revoked,
    /// The name or the levels of a token are others.
    Changed,
    /// A new token is in place, and the old one is revoked.
    Rotated,
    /// The new token of a rotation is revoked.
    Undone,
    /// Both tokens of a rotation stay for now.
    BothKept,
}

impl Tokens {
    /// With a list that somebody has begun to load, or one that is still to be loaded.
    pub(super) fn of(
        place: Place,
        listing: Option<Box<Listing<Token>>>,
        session: &Session,
    ) -> Self {
        Self {
            is_started: listing.is_some(),
            listing: match listing {
                Some(listing) => *listing,
                None => token_listing(&place, !session.only_looks()),
            },
            place,
            can_change: !session.only_looks(),
            revoking: Work::default(),
            details: None,
            chosen: Several::default(),
            marked: BTreeSet::new(),
            sorted: None,
            is_sorting: false,
            git: None,
            looking: Work::default(),
            undoing: Work::default(),
            copying: PlainCopy::default(),
            rotating: Rotating::default(),
            ended: None,
        }
    }

    /// The tokens that have been read.
    fn tokens(&self) -> impl Iterator<Item = &Token> {
        let rows = self.listing.picker.rows().iter();
        rows.filter_map(|row| match row {
            TokenRow::Token(token) => Some(&***token),
            TokenRow::New => None,
        })
    }

    fn last_use(&self, token: &Token, session: &Session) -> LastUse {
        let server = session.server.as_ref();
        let trial =
            server.and_then(|server| session.state.last_trial(server.client.base(), &token.id));
        LastUse::of(token, self.tokens(), trial)
    }

    fn edit(&self, cx: &mut Context<'_>) {
        if let Some(TokenRow::Token(token)) = self.listing.picker.current() {
            cx.open(Route::EditToken {
                place: self.place.clone(),
                token: Box::new((**token).clone()),
            });
        }
    }

    /// Whether a token is on its way out.
    fn is_revoking(&self) -> bool {
        self.revoking.is_pending() || self.rotating.ending.is_pending()
    }

    fn new_token(&mut self, cx: &mut Context<'_>) {
        match self.refuses_new(cx.session) {
            Some(reason) => cx.notify(Notice::hint(reason)),
            None => cx.open(way_to_new(self.place.clone(), true, cx.session)),
        }
    }

    /// Whoever goes from a repository to other tokens has come from it.
    fn leave(&self, session: &mut Session) {
        if let Place::Repository(_) = self.place {
            session.leave(Some(&self.place), true);
        }
    }

    /// Whoever has just made a token finds the cursor on it.
    fn seek_newest(&mut self, cx: &mut Context<'_>) {
        if let Some(id) = cx.session.newest.take() {
            self.listing.seek(id);
        }
    }
}

impl Layer for Tokens {
    fn mode(&self) -> Mode {
        match self.boxed() {
            Some(_) => Mode::TokenDetails,
            None if self.is_sorting => Mode::Sort,
            None => Mode::Tokens,
        }
    }

    fn refusal(&self, action: Action, session: &Session) -> Option<String> {
        self.refuses(action, session)
    }

    fn purpose(&self) -> String {
        if !self.can_change {
            return "These are the HTTP access tokens of this place that your token may see. Tokens cannot \
                    create or revoke tokens: for that, sign in with a password.".to_owned();
        }
        let key = |action| keymap::key(Mode::Tokens, action);
        format!(
            "These are the HTTP access tokens of this place. {} creates a new one, {} puts an equal one in \
             the place of the one under the cursor, and {} revokes that one, or those marked with {}. \
             Bitbucket shows the token itself only once, when it is created.",
            key(Action::New),
            key(Action::Rotate),
            key(Action::Revoke),
            key(Action::Mark)
        )
    }

    fn crumbs(&self) -> Vec<Crumb> {
        self.place.crumbs()
    }

    fn step(&self, view: View<'_>) -> Step {
        self.next(view)
    }

    fn view(&self, frame: &mut Frame<'_>, area: Rect, view: View<'_>) {
        self.draw(frame, area, view);
    }

    fn is_typing(&self) -> bool {
        self.listing.picker.is_typing()
    }

    fn type_key(&mut self, key: KeyEvent, cx: &mut Context<'_>) -> bool {
        let taken = self.listing.picker.type_key(key);
        if taken {
            self.listing.go_on(cx);
        }
        taken
    }

    fn line(&self) -> Option<&str> {
        self.listing.picker.line()
    }

    fn paste(&mut self, text: &str, cx: &mut Context<'_>) -> Result<(), TooLong> {
        self.listing.picker.paste(text)?;
        self.listing.go_on(cx);
        Ok(())
    }

    fn update(&mut self, action: Action, cx: &mut Context<'_>) {
        self.ended = None;
        if self.boxed().is_some() {
            self.update_box(action, cx);
            return;
        }
        match action {
            Action::Open if cx.session.rights.is_refused(&self.place) => self.new_token(cx),
            Action::CopyClone => self.copying.copy_clone_command(&self.place, cx),
            Action::Open => {
                // From now on letters are commands again; the filter stays.
                self.listing.picker.stop_typing();
                match self.listing.picker.current() {
                    Some(TokenRow::New) => self.new_token(cx),
                    Some(TokenRow::Token(_)) => self.details = Some(0),
                    None => {}
                }
            }
            Action::New => self.new_token(cx),
            Action::WhichKind => {
                self.leave(cx.session);
                cx.open(Route::WhichKind(Here {
                    place: Some(self.place.clone()),
                    from_list: true,
                }));
            }
            Action::Revoke => self.ask_to_revoke_chosen(cx),
            Action::Edit => self.edit(cx),
            Action::Rotate => self.rotate(cx),
            Action::Mark => self.mark(),
            Action::MarkAll => self.mark_all(),
            Action::Sort if self.is_sorting => self.sort(None, cx),
            Action::Sort => self.is_sorting = true,
            Action::SortBy(column) => self.sort(Some(column), cx),
            Action::Back if std::mem::take(&mut self.is_sorting) => {}
            Action::CheckToken => cx.open(Route::Check {
                place: Some(Box::new(self.place.clone())),
            }),
            Action::UndoGit => self.ask_to_undo_git(cx),
            Action::Refresh => {
                cx.visit(&self.place.scope());
                self.listing.start(cx);
            }
            Action::ManageAccount => {
                self.leave(cx.session);
                if let Some(user) = cx.session.user.clone() {
                    cx.open(Route::Tokens {
                        place: Place::Account(user),
                        listing: None,
                    });
                }
            }
            Action::Back if self.listing.picker.clear_filter() => {}
            Action::Back if !self.marked.is_empty() && !self.is_revoking() => {
                self.marked.clear();
            }
            Action::Back if self.is_revoking() => cx.notify(Notice::hint(
                "Bitbucket is revoking a token: one moment, until it has answered.",
            )),
            Action::Back => cx.close(),
            action => self.listing.act(action, cx),
        }
    }

    fn open(&mut self, cx: &mut Context<'_>) {
        cx.visit(&self.place.scope());
        self.seek_newest(cx);
        self.look_at_git(cx);
        self.ask_whether_handed_over_is_in_place(cx);
        if !self.is_started {
            self.is_started = true;
            self.listing.start(cx);
        }
    }

    fn resume(&mut self, cx: &mut Context<'_>) {
        // A screen above may have created a token, and set git up with it.
        self.look_at_git(cx);
        if !self.is_forbidden() {
            cx.visit(&self.place.scope());
            self.seek_newest(cx);
            self.listing.start(cx);
        }
        self.ask_whether_handed_over_is_in_place(cx);
    }

    fn waits(&self) -> Vec<&Wait> {
        let mut waits = self.listing.waits();
        let works = [
            self.revoking.wait(),
            self.looking.wait(),
            self.undoing.wait(),
            self.copying.wait(),
            self.rotating.looking.wait(),
            self.rotating.ending.wait(),
        ];
        waits.extend(works);
        waits
    }

    fn waits_mut(&mut self) -> Vec<&mut Wait> {
        let mut waits = self.listing.waits_mut();
        waits.push(self.rotating.looking.wait_mut());
        waits
    }

    fn reply(&mut self, reply: &mut Reply, cx: &mut Context<'_>) {
        if let Some(revoked) = self.revoking.take(reply) {
            self.revoked(revoked, cx);
        } else if let Some(set_ups) = self.looking.take(reply) {
            self.looked_at_git(&set_ups, cx);
        } else if let Some(result) = self.undoing.take(reply) {
            self.undone(result, cx);
        } else if !self.rotating_replied(reply, cx) && !self.copying.reply(reply, cx) {
            self.listing.reply(reply, cx);
            note_answer(&self.place, &self.listing, cx.session);
        }
        self.describe(cx);
    }

    fn holds_on(&self) -> Option<String> {
        let reason = "A token is being revoked: one moment, then you can leave.";
        self.is_revoking().then(|| reason.to_owned())
    }

    fn returned(&mut self, outcome: Outcome, cx: &mut Context<'_>) {
        match outcome {
            Outcome::Answered(Subject::Revoke, Choice::Yes) => self.revoke(cx),
            Outcome::Answered(Subject::RevokeAgain, Choice::Yes) => self.revoke_again(cx),
            Outcome::Answered(Subject::UndoGit, Choice::Yes) => self.undo_git(cx),
            Outcome::Answered(Subject::Rotation, choice) => self.rotation_answered(choice, cx),
            Outcome::TokenIsChanged => self.ended = Some(Ended::Changed),
            Outcome::PlaceToBeChosen => cx.close(),
            _ => {}
        }
    }
}
