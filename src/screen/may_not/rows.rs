//! The rows: what the token is to be, and the ways to one.

use super::MayNot;
use crate::permission::{Level, Permissions, ScopeKind};
use crate::preset;
use crate::ui::context::Context;
use crate::ui::notice::Notice;
use crate::ui::place::Place;
use crate::ui::session::Session;

/// What the keys go to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Row {
    UsedBy,
    /// The name of the tool, where one uses the token.
    Tool,
    Rights,
    /// The two scales, where no preset is chosen.
    ProjectLevel,
    RepositoryLevel,
    /// Somebody else makes the token.
    AskForToken,
    /// Somebody else gives the user the permission that git needs.
    AskForPermission,
    Personal,
}

impl Row {
    /// Whether it is one of the ways to a token.
    pub(super) fn is_way(self) -> bool {
        matches!(
            self,
            Self::AskForToken | Self::AskForPermission | Self::Personal
        )
    }
}

impl MayNot {
    pub(super) fn rows(&self, session: &Session) -> Vec<Row> {
        let is_custom = self.preset().is_none();
        let has_project = self.place.kind() != ScopeKind::Repository;
        let rows = [
            Some(Row::UsedBy),
            self.for_tool.then_some(Row::Tool),
            Some(Row::Rights),
            (is_custom && has_project).then_some(Row::ProjectLevel),
            is_custom.then_some(Row::RepositoryLevel),
            Some(Row::AskForToken),
            Some(Row::Personal),
            self.missing(session).map(|_| Row::AskForPermission),
        ];
        rows.into_iter().flatten().collect()
    }

    /// Whoever works with git makes a token of their own, a tool should not act as a person; and no token
    /// does what its owner may not.
    pub(super) fn recommended(&self, session: &Session) -> Row {
        match &self.place {
            _ if self.for_tool => Row::AskForToken,
            _ if self.lacks_permission && self.missing(session).is_some() => Row::AskForPermission,
            Place::Repository(it) if session.rights.is_hidden(it) => Row::AskForPermission,
            _ => Row::Personal,
        }
    }

    /// The levels that the token is to have.
    pub(super) fn permissions(&self) -> Permissions {
        match self.preset() {
            Some(preset) => preset.permissions(self.place.kind()),
            None => self.levels.permissions(),
        }
    }

    /// The permission that somebody's own git would need there and does not get, where that is known.
    pub(super) fn missing(&self, session: &Session) -> Option<Level> {
        let Place::Repository(repository) = &self.place else {
            return None;
        };
        let rights = &session.rights;
        let has = if rights.is_hidden(repository) {
            None
        } else {
            Some(rights.level(repository)?)
        };
        let wanted = self.permissions().repository?;
        (!self.for_tool && has < Some(wanted)).then_some(wanted)
    }

    pub(super) fn go(&mut self, steps: isize, session: &Session) {
        let rows = self.rows(session);
        let here = rows.iter().position(|row| *row == self.focus);
        let target = here.unwrap_or(0).saturating_add_signed(steps);
        self.focus = rows[target.min(rows.len() - 1)];
        self.scroll = 0;
    }

    /// Enter on what the token is to be: the next of these rows, and after the last the way that is
    /// recommended.
    pub(super) fn go_on(&mut self, session: &Session) {
        self.go(1, session);
        if self.focus.is_way() {
            self.focus = self.recommended(session);
        }
    }

    pub(super) fn change(&mut self, more: bool, cx: &mut Context<'_>) {
        let refusal = match self.focus {
            Row::UsedBy => {
                self.for_tool = more;
                self.propose_rights();
                None
            }
            Row::Rights => {
                let target = self.chosen.saturating_add_signed(if more { 1 } else { -1 });
                self.chosen = target.min(self.presets.len());
                self.has_chosen = true;
                None
            }
            Row::ProjectLevel => self.levels.change_project(more),
            Row::RepositoryLevel => self.levels.change_repository(more),
            Row::Tool | Row::AskForToken | Row::AskForPermission | Row::Personal => return,
        };
        self.copied = None;
        if let Some(reason) = refusal {
            cx.notify(Notice::hint(reason));
        }
    }

    /// Until somebody chooses, git gets what is recommended, and a tool as little as possible.
    fn propose_rights(&mut self) {
        if !self.has_chosen {
            let least = preset::fitting(&self.presets, Level::Read, false);
            self.chosen = least.filter(|_| self.for_tool).unwrap_or(0);
        }
    }
}
