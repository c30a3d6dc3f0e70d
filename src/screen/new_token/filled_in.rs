//! What the form is filled in with: by the preset, by what somebody has asked for or said before, and never
//! over what was typed.

use tui_input::Input;

use super::replaces::Replaces;
use super::{Focus, NewToken};
use crate::operation::draft::{self, Levels, Lifetime, Proposal};
use crate::operation::journal::OldToken;
use crate::operation::rotate::Replacement;
use crate::preset::{self, Preset};
use crate::ui::place::Place;
use crate::ui::session::Session;
use crate::ui::wish::Work;

impl NewToken {
    /// The same with what somebody else has said.
    pub(in super::super) fn proposed(
        place: Place,
        from_list: bool,
        proposal: Proposal,
        session: &Session,
    ) -> Self {
        let mut form = Self::at(place, from_list, None, session);
        let Proposal {
            preset,
            tool,
            name,
            days,
        } = proposal;
        if let Some(tool) = tool {
            form.user.is_tool = true;
            form.user.tool = Input::from(tool);
        }
        if let Some(days) = days {
            form.lifetime = Lifetime::exactly(days, session.config.longest_expiry_days);
            form.is_timed = true;
        }
        if let Some(name) = name {
            form.name = Input::from(name);
            form.is_named = true;
        }
        let called = |it: &Preset| preset.as_ref().is_some_and(|id| it.id == *id);
        let chosen = form.presets.iter().position(called);
        form.choose(chosen.unwrap_or(form.chosen));
        form.focus = Focus::Create;
        form.is_proposed = true;
        form
    }

    /// The form for a token in the place of another one.
    pub(in super::super) fn replacing(
        place: Place,
        replacement: Replacement,
        session: &Session,
    ) -> Self {
        let mut form = Self::at(place, true, None, session);
        let kind = form.place.kind();
        let permissions = &replacement.equal.spec.permissions;
        let mut presets = form.presets.iter();
        let same = presets.position(|preset| preset.permissions(kind).is_same(permissions));
        form.levels = Levels::of(kind, permissions);
        form.chosen = same.unwrap_or(form.presets.len());
        form.user.is_tool = !replacement.is_gits;
        form.replaces = Some(Replaces::new(replacement));
        form.focus = Focus::Create;
        form.fill_in();
        form
    }

    /// Chooses who uses it and the preset for this work; *custom* where there is none.
    pub(super) fn propose(&mut self, work: Work, session: &Session) {
        if work.for_tool {
            self.user.is_tool = true;
            match session.wished_tool() {
                Some(tool) => self.user.tool = Input::from(tool.to_owned()),
                None => self.focus = Focus::Tool,
            }
        }
        let fitting = preset::fitting(&self.presets, work.level, work.pull_requests);
        if fitting.is_none() {
            self.levels.set(work.level);
        }
        self.choose(fitting.unwrap_or(self.presets.len()));
    }

    /// Nothing as long as it is a tool's and nobody has said which.
    pub(super) fn proposed_name(&self) -> String {
        if let Some(replaces) = &self.replaces {
            return replaces.name().to_owned();
        }
        if self.user.is_unnamed() {
            return String::new();
        }
        let maker = draft::Maker {
            user: &self.maker,
            computer: &self.computer,
            place: self.place.token_suffix(),
        };
        let used_by = self.user.used_by();
        draft::name(&self.config, self.preset(), &used_by, maker, &self.taken)
    }

    /// Fills in what the preset proposes, but never over what the user typed.
    pub(super) fn fill_in(&mut self) {
        if !self.is_named {
            self.name = Input::from(self.proposed_name());
        }
        if !self.is_timed {
            self.lifetime = match &self.replaces {
                Some(replaces) => replaces.lifetime(&self.config),
                None => draft::lifetime(&self.config, self.preset()),
            };
        }
    }

    pub(super) fn choose(&mut self, chosen: usize) {
        self.chosen = chosen;
        self.choose_permissions();
        self.fill_in();
        self.creation.forgive();
    }

    /// Whoever answers that a tool uses it is asked which.
    pub(super) fn choose_user(&mut self, is_tool: bool) {
        self.user.is_tool = is_tool;
        if self.user.is_unnamed() {
            self.focus = Focus::Tool;
        }
        self.fill_in();
    }

    /// What the journal notes of the token in whose place it is made.
    pub(super) fn replaced(&self) -> Option<OldToken> {
        self.replaces.as_ref().map(Replaces::old_token)
    }

    /// Somebody moves a level.
    pub(super) fn moves_level(&mut self) {
        self.is_leveled = true;
        self.choose_permissions();
    }

    /// Others than those of the token in whose place it is made.
    pub(super) fn choose_permissions(&mut self) {
        if let Some(replaces) = &mut self.replaces {
            replaces.choose_permissions();
        }
    }
}
