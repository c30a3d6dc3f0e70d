//! New token: who will use it, what for, with which permissions, under which name, until when.
//!
//! The cursor begins on the presets, the recommended one chosen. Beside the choice stands in plain words
//! what the token can and cannot do. Enter accepts what is proposed and goes to the button; enter on the
//! button, and nothing else, creates the token.

mod beside;
mod creation;
mod fields;
mod filled_in;
mod presets;
mod replaces;
mod user;
mod view;

use std::sync::Arc;

use crossterm::event::KeyEvent;
use ratatui::Frame;
use ratatui::layout::Rect;
use tui_input::Input;

use self::creation::Creation;
use self::fields::{Focus, type_days};
use self::replaces::Replaces;
use self::user::User;
use crate::bitbucket::{Client, Page, Token, TokenSpec};
use crate::config::Config;
use crate::operation::draft::{self, LONGEST_NAME, Levels, Lifetime, NameError};
use crate::operation::origin::Origin;
use crate::permission::Permissions;
use crate::preset::Preset;
use crate::ui::context::Context;
use crate::ui::keymap::{Action, Mode};
use crate::ui::layer::{Layer, View};
use crate::ui::listing::PageSource;
use crate::ui::load::{Load, Wait};
use crate::ui::notice::Notice;
use crate::ui::place::{Crumb, Place};
use crate::ui::question::{Choice, Subject};
use crate::ui::reply::Reply;
use crate::ui::route::{Outcome, Route};
use crate::ui::session::Session;
use crate::ui::step::Step;
use crate::ui::wish::Work;
use crate::widget::field::{self, TooLong};

/// The form.
#[derive(Debug)]
pub(super) struct NewToken {
    place: Place,
    user: User,
    presets: Arc<Vec<Preset>>,
    /// An index into `presets`; one past the last means *custom*.
    chosen: usize,
    levels: Levels,
    /// Somebody has moved a level.
    is_leveled: bool,
    name: Input,
    /// The name was edited: a change of preset no longer changes it.
    is_named: bool,
    /// The names of the newest tokens here, as soon as they are known.
    taken: Vec<String>,
    looking: Load<Page<Token>>,
    maker: String,
    computer: String,
    config: Arc<Config>,
    lifetime: Lifetime,
    /// The expiry was edited: a change of preset no longer changes it.
    is_timed: bool,
    focus: Focus,
    /// Somebody else has said how it is filled in.
    is_proposed: bool,
    /// The token in whose place it is made.
    replaces: Option<Replaces>,
    creation: Creation,
}

impl NewToken {
    /// The form for a place, filled in. `from_list`: the place's list of tokens lies below.
    pub(super) fn at(place: Place, from_list: bool, work: Option<Work>, session: &Session) -> Self {
        let maker = session.user.as_ref().map(|user| user.name.clone());
        let mut form = Self {
            levels: Levels::new(place.kind()),
            is_leveled: false,
            presets: session.presets_for(&place),
            place,
            user: User::default(),
            chosen: 0,
            name: Input::default(),
            is_named: false,
            taken: Vec::new(),
            looking: Load::default(),
            maker: maker.unwrap_or_default(),
            computer: session.computer.clone(),
            config: Arc::clone(&session.config),
            lifetime: draft::lifetime(&session.config, None),
            is_timed: false,
            focus: Focus::Presets,
            is_proposed: false,
            replaces: None,
            creation: Creation::new(from_list),
        };
        match work {
            Some(work) => form.propose(work, session),
            None => form.fill_in(),
        }
        form
    }

    /// The chosen preset; `None` for *custom*.
    fn preset(&self) -> Option<&Preset> {
        self.presets.get(self.chosen)
    }

    fn permissions(&self) -> Permissions {
        if let Some(kept) = self.replaces.as_ref().and_then(Replaces::kept_permissions) {
            return kept.clone();
        }
        match self.preset() {
            Some(preset) => preset.permissions(self.place.kind()),
            None => self.levels.permissions(),
        }
    }

    /// Whether somebody has filled something in, which would be gone with the form.
    fn is_changed(&self) -> bool {
        self.is_named || self.is_timed || self.is_leveled || self.user.is_typed
    }

    /// What to ask Bitbucket for, or which field is wrong and why.
    fn spec(&self) -> Result<TokenSpec, (Focus, String)> {
        if self.user.is_unnamed() && !self.is_named && self.replaces.is_none() {
            let reason = "Which tool? Type its name: the token is named after it.";
            return Err((Focus::Tool, reason.to_owned()));
        }
        let name = draft::check_name(self.name.value()).map_err(|error| {
            let reason = match error {
                NameError::Missing => "Give the token a name.".to_owned(),
                NameError::TooLong(length) => format!(
                    "The name has {length} characters; at most {LONGEST_NAME} are allowed. Shorten it."
                ),
            };
            (Focus::Name, reason)
        })?;
        let expiry_days = self.lifetime.valid_days();
        let expiry_days = expiry_days.map_err(|reason| (Focus::Expiry, reason.to_string()))?;
        Ok(TokenSpec {
            name: name.to_owned(),
            permissions: self.permissions(),
            expiry_days,
        })
    }
}

impl Layer for NewToken {
    fn mode(&self) -> Mode {
        Mode::NewToken
    }

    fn purpose(&self) -> String {
        "Choose who will use the token, git on this computer or a tool, and what for: the starred preset is the least that git needs. Enter accepts everything that is filled in and goes to the button; enter on the button creates the token. Custom opens Bitbucket's two scales of permissions.".to_owned()
    }

    fn must_be_meant(&self, action: Action) -> bool {
        action == Action::Accept && self.focus == Focus::Create
    }

    fn crumbs(&self) -> Vec<Crumb> {
        let what = match self.replaces {
            Some(_) => "Rotate",
            None => "New token",
        };
        self.place.crumbs_to(what)
    }

    fn step(&self, _view: View<'_>) -> Step {
        if self.creation.is_under_way() {
            Step::say("Bitbucket is creating the token: one moment.")
        } else if self.focus == Focus::Create && self.spec().is_err() {
            Step::press(
                "Step 5 of 6: press {} to go to what is still missing.",
                &[Action::Accept],
            )
        } else if let Some(replaces) = self
            .replaces
            .as_ref()
            .filter(|_| self.focus == Focus::Create)
        {
            replaces.step()
        } else if self.focus == Focus::Create && self.is_proposed {
            Step::press(
                "Step 5 of 6: check what was filled in for you, then press {}.",
                &[Action::Accept],
            )
        } else if self.focus == Focus::Create {
            Step::press(
                "Step 5 of 6: press {} to create the token.",
                &[Action::Accept],
            )
        } else if self.focus == Focus::Tool {
            Step::press(
                "Step 5 of 6: type the tool's name, then press {}.",
                &[Action::Accept],
            )
        } else {
            Step::press(
                "Step 5 of 6: choose what the token is for, then press {}.",
                &[Action::Accept],
            )
        }
    }

    fn view(&self, frame: &mut Frame<'_>, area: Rect, view: View<'_>) {
        self.draw(frame, area, view);
    }

    fn is_typing(&self) -> bool {
        matches!(self.focus, Focus::Name | Focus::Tool)
    }

    fn type_key(&mut self, key: KeyEvent, _cx: &mut Context<'_>) -> bool {
        if self.creation.is_under_way() {
            return false;
        }
        let taken = match self.focus {
            Focus::Tool => {
                let taken = field::edit(&mut self.user.tool, key);
                self.user.is_typed |= taken;
                self.fill_in();
                taken
            }
            Focus::Name => {
                let taken = field::edit(&mut self.name, key);
                self.is_named |= taken && self.name.value() != self.proposed_name();
                taken
            }
            Focus::Expiry => {
                let taken = type_days(&mut self.lifetime, key);
                self.is_timed |= taken;
                taken
            }
            _ => false,
        };
        if taken {
            self.creation.forgive();
        }
        taken
    }

    fn line(&self) -> Option<&str> {
        match self.focus {
            Focus::Name => Some(self.name.value()),
            Focus::Tool => Some(self.user.tool.value()),
            _ => None,
        }
    }

    fn paste(&mut self, text: &str, _cx: &mut Context<'_>) -> Result<(), TooLong> {
        if self.creation.is_under_way() {
            return Ok(());
        }
        match self.focus {
            Focus::Tool => {
                field::insert(&mut self.user.tool, text)?;
                self.user.is_typed = true;
                self.fill_in();
            }
            Focus::Name => {
                field::insert(&mut self.name, text)?;
                self.is_named = true;
            }
            _ => return Ok(()),
        }
        self.creation.forgive();
        Ok(())
    }

    fn update(&mut self, action: Action, cx: &mut Context<'_>) {
        if let Some(reason) = self.creation.holds_on() {
            match action {
                Action::Accept if self.creation.can_check_again() => {
                    self.creation.check(cx);
                }
                Action::Back if self.creation.can_check_again() => {
                    let name = self.creation.name();
                    cx.notify(Notice::hint(format!(
                        "Look for \"{name}\" in the list later: if it is there, nobody has its secret, so revoke it."
                    )));
                    self.creation.give_up(cx);
                    cx.close();
                }
                _ => cx.notify(Notice::hint(reason)),
            }
            return;
        }
        match action {
            Action::Accept => self.accept(cx),
            Action::Up => self.up_or_down(-1),
            Action::Down => self.up_or_down(1),
            Action::Less => self.left_or_right(false, cx),
            Action::More => self.left_or_right(true, cx),
            Action::NextField => self.go(1),
            Action::PreviousField => self.go(-1),
            Action::Back => cx.close(),
            _ => {}
        }
    }

    fn open(&mut self, cx: &mut Context<'_>) {
        cx.visit(&self.place.scope());
        let scope = self.place.scope();
        let newest = PageSource::new(move |client: &Client| client.tokens(&scope));
        newest.ask_page(0, &mut self.looking, cx);
    }

    fn waits(&self) -> Vec<&Wait> {
        let mut waits = self.creation.waits();
        waits.push(self.looking.wait());
        waits
    }

    fn waits_mut(&mut self) -> Vec<&mut Wait> {
        vec![self.creation.wait_mut(), self.looking.wait_mut()]
    }

    fn reply(&mut self, reply: &mut Reply, cx: &mut Context<'_>) {
        if let Some(result) = self.looking.take(reply) {
            // Without them the name is the usual one.
            if let Ok(page) = result {
                self.taken = page.values.into_iter().map(|token| token.name).collect();
                if !self.creation.is_under_way() {
                    if let Some(replaces) = &mut self.replaces {
                        replaces.rename(&self.taken, cx);
                    }
                    self.fill_in();
                }
            }
        } else if let Some(field) = self.creation.reply(&self.place, reply, cx) {
            self.focus = match field.as_str() {
                "name" => Focus::Name,
                "expiryDays" => Focus::Expiry,
                _ => self.focus,
            };
        }
    }

    fn returned(&mut self, outcome: Outcome, cx: &mut Context<'_>) {
        match outcome {
            Outcome::Answered(Subject::Revoke, Choice::Yes) => self.creation.revoke_orphan(cx),
            Outcome::Answered(Subject::Revoke, _) => self.creation.keep_orphan(cx),
            Outcome::Answered(Subject::InBrowser, Choice::Yes) => cx.open(Route::InBrowser {
                user: cx.session.user.as_ref().map(|user| user.name.clone()),
                place: Some(Box::new(self.place.clone())),
            }),
            Outcome::MadeInBrowser {
                place,
                permissions,
                key,
            } => cx.finish_with(Route::TokenReady {
                place,
                used_by: self.user.used_by(),
                origin: Origin::Browser(permissions),
                key,
                from_list: false,
            }),
            _ => {}
        }
    }

    fn holds_on(&self) -> Option<String> {
        self.creation.holds_on()
    }

    fn holds_input(&self) -> bool {
        true
    }

    fn asks_before_back(&self) -> bool {
        self.is_changed() && self.creation.holds_on().is_none()
    }
}
