//! New token: what for, with which permissions, under which name, until when.
//!
//! Presets come first, the recommended one chosen. Beside the choice stands in plain words what the
//! token can and cannot do. Enter accepts what is proposed and goes to the button; enter on the
//! button, and nothing else, creates the token.

mod beside;
mod creation;
mod presets;
mod view;

use std::sync::Arc;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::Frame;
use ratatui::layout::Rect;
use tui_input::Input;

use self::creation::Creation;
use crate::bitbucket::{Client, Page, Token, TokenSpec};
use crate::config::Config;
use crate::operation::draft::{self, LONGEST_NAME, Levels, Lifetime, NameError};
use crate::operation::origin::Origin;
use crate::permission::{Permissions, ScopeKind};
use crate::preset::{self, Preset};
use crate::ui::context::Context;
use crate::ui::keymap::{Action, Mode};
use crate::ui::layer::{Layer, View};
use crate::ui::listing::PageSource;
use crate::ui::load::{Load, Wait};
use crate::ui::notice::Notice;
use crate::ui::place::{Crumb, Place};
use crate::ui::question::{Choice, Subject};
use crate::ui::reply::Reply;
use crate::ui::route::{Outcome, Route, Work};
use crate::ui::session::Session;
use crate::widget::field;

/// What the keys go to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Focus {
    Presets,
    ProjectScale,
    RepositoryScale,
    Name,
    Expiry,
    Create,
}

/// The form.
#[derive(Debug)]
pub(super) struct NewToken {
    place: Place,
    presets: Arc<Vec<Preset>>,
    /// An index into `presets`; one past the last means *custom*.
    chosen: usize,
    levels: Levels,
    name: Input,
    /// The name was edited: a change of preset no longer changes it.
    is_named: bool,
    /// The names of the newest tokens here, as soon as they are known.
    taken: Vec<String>,
    looking: Load<Page<Token>>,
    who: String,
    computer: String,
    config: Arc<Config>,
    lifetime: Lifetime,
    /// The expiry was edited: a change of preset no longer changes it.
    is_timed: bool,
    focus: Focus,
    creation: Creation,
}

impl NewToken {
    /// The form for a place, filled in. `from_list`: the place's list of tokens lies below.
    pub(super) fn at(place: Place, from_list: bool, work: Option<Work>, session: &Session) -> Self {
        let who = session.user.as_ref().map(|user| user.name.clone());
        let mut form = Self {
            levels: Levels::new(place.kind()),
            presets: session.presets_for(&place),
            place,
            chosen: 0,
            name: Input::default(),
            is_named: false,
            taken: Vec::new(),
            looking: Load::default(),
            who: who.unwrap_or_default(),
            computer: session.computer.clone(),
            config: Arc::clone(&session.config),
            lifetime: draft::lifetime(&session.config, None),
            is_timed: false,
            focus: Focus::Presets,
            creation: Creation::new(from_list),
        };
        match work {
            Some(work) => form.propose(work),
            None => form.fill_in(),
        }
        form
    }

    /// Chooses the preset for work that needs this level on repositories; *custom* where there is none.
    fn propose(&mut self, Work { level, for_tool }: Work) {
        let fitting = preset::fitting(&self.presets, level, for_tool);
        if fitting.is_none() {
            self.levels.set(level);
        }
        self.choose(fitting.unwrap_or(self.presets.len()));
    }

    /// The chosen preset; `None` for *custom*.
    fn preset(&self) -> Option<&Preset> {
        self.presets.get(self.chosen)
    }

    fn permissions(&self) -> Permissions {
        match self.preset() {
            Some(preset) => preset.permissions(self.place.kind()),
            None => self.levels.permissions(),
        }
    }

    fn proposed_name(&self) -> String {
        let maker = draft::Maker {
            user: &self.who,
            computer: &self.computer,
            place: self.place.token_suffix(),
        };
        draft::name(&self.config, self.preset(), maker, &self.taken)
    }

    /// Fills in what the preset proposes, but never over what the user typed.
    fn fill_in(&mut self) {
        if !self.is_named {
            self.name = Input::from(self.proposed_name());
        }
        if !self.is_timed {
            self.lifetime = draft::lifetime(&self.config, self.preset());
        }
    }

    fn choose(&mut self, chosen: usize) {
        self.chosen = chosen;
        self.fill_in();
        self.creation.forgive();
    }

    /// The fields that are there, in order.
    fn fields(&self) -> Vec<Focus> {
        let mut fields = vec![Focus::Presets];
        if self.preset().is_none() {
            if self.place.kind() != ScopeKind::Repository {
                fields.push(Focus::ProjectScale);
            }
            fields.push(Focus::RepositoryScale);
        }
        fields.extend([Focus::Name, Focus::Expiry, Focus::Create]);
        fields
    }

    fn go(&mut self, steps: isize) {
        let fields = self.fields();
        let here = fields.iter().position(|field| *field == self.focus);
        let target = here.unwrap_or(0).saturating_add_signed(steps);
        self.focus = fields[target.min(fields.len() - 1)];
    }

    /// Enter: on the button it creates, anywhere else it accepts what is proposed.
    fn accept(&mut self, cx: &mut Context<'_>) {
        if self.focus != Focus::Create {
            self.focus = match (self.focus, self.preset()) {
                (Focus::Presets, None) => self.fields()[1],
                _ => Focus::Create,
            };
            if let Err(reason) = self.spec() {
                self.complain(reason, cx);
            }
            return;
        }
        match self.spec() {
            Ok(spec) => self.creation.start(&self.place, spec, cx),
            Err(reason) => self.complain(reason, cx),
        }
    }

    /// Goes to the field that is wrong and says why.
    fn complain(&mut self, (field, reason): (Focus, String), cx: &mut Context<'_>) {
        self.focus = field;
        cx.notify(Notice::hint(reason));
    }

    /// What to ask Bitbucket for, or which field is wrong and why.
    fn spec(&self) -> Result<TokenSpec, (Focus, String)> {
        let name = draft::check_name(self.name.value()).map_err(|error| {
            let reason = match error {
                NameError::Missing => "Give the token a name.".to_owned(),
                NameError::TooLong(length) => format!(
                    "The name has {length} characters; {LONGEST_NAME} are possible. Shorten it."
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

    /// The arrows choose within a field where there is something to choose, else they change fields.
    fn up_or_down(&mut self, steps: isize) {
        if self.focus == Focus::Presets {
            let target = self.chosen.checked_add_signed(steps);
            match target {
                Some(target) if target <= self.presets.len() => self.choose(target),
                Some(_) => self.go(1),
                None => {}
            }
        } else {
            self.go(steps);
        }
    }

    fn left_or_right(&mut self, up: bool, cx: &mut Context<'_>) {
        let refusal = match self.focus {
            Focus::ProjectScale => self.levels.change_project(up),
            Focus::RepositoryScale => self.levels.change_repository(up),
            Focus::Expiry => {
                self.is_timed = true;
                self.lifetime.change(up).err().map(|why| why.to_string())
            }
            Focus::Presets | Focus::Name | Focus::Create => None,
        };
        self.creation.forgive();
        if let Some(reason) = refusal {
            cx.notify(Notice::hint(reason));
        }
    }
}

/// Digits make a number; backspace takes the last one away.
fn type_days(lifetime: &mut Lifetime, key: KeyEvent) -> bool {
    if !(key.modifiers - KeyModifiers::SHIFT).is_empty() {
        return false;
    }
    match key.code {
        KeyCode::Char(digit) => lifetime.type_digit(digit),
        KeyCode::Backspace => {
            lifetime.take_digit();
            true
        }
        _ => false,
    }
}

impl Layer for NewToken {
    fn mode(&self) -> Mode {
        Mode::NewToken
    }

    fn purpose(&self) -> &'static str {
        "Choose what the token is for: the starred preset is the least that git needs. Enter accepts everything that is filled in and goes to the button; enter on the button creates the token. Custom opens Bitbucket's two scales of permissions."
    }

    fn crumbs(&self) -> Vec<Crumb> {
        self.place.crumbs_to("New token")
    }

    fn step(&self, _view: View<'_>) -> &'static str {
        if self.creation.is_under_way() {
            "Bitbucket is creating the token: one moment."
        } else if self.focus == Focus::Create && self.spec().is_err() {
            "Step 5 of 6: press enter to go to what is still missing."
        } else if self.focus == Focus::Create {
            "Step 5 of 6: press enter to create the token."
        } else {
            "Step 5 of 6: choose what the token is for, then press enter."
        }
    }

    fn view(&self, frame: &mut Frame<'_>, area: Rect, view: View<'_>) {
        self.draw(frame, area, view);
    }

    fn is_typing(&self) -> bool {
        self.focus == Focus::Name
    }

    fn type_key(&mut self, key: KeyEvent, _cx: &mut Context<'_>) -> bool {
        if self.creation.is_under_way() {
            return false;
        }
        let taken = match self.focus {
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

    fn paste(&mut self, text: &str, _cx: &mut Context<'_>) {
        if self.focus == Focus::Name && !self.creation.is_under_way() {
            field::insert(&mut self.name, text);
            self.is_named = true;
            self.creation.forgive();
        }
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
            } => cx.replace(Route::TokenReady {
                place,
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
}
