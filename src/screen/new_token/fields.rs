//! The fields of the form: which are there, and what the arrows and enter do in each.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::NewToken;
use crate::operation::draft::{Lifetime, UsedBy};
use crate::permission::ScopeKind;
use crate::ui::context::Context;
use crate::ui::notice::Notice;

/// What the keys go to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Focus {
    User,
    Tool,
    Presets,
    ProjectScale,
    RepositoryScale,
    Name,
    Expiry,
    Create,
}

impl NewToken {
    /// The fields that are there, in order.
    pub(super) fn fields(&self) -> Vec<Focus> {
        let mut fields = vec![Focus::User];
        if self.user.is_tool {
            fields.push(Focus::Tool);
        }
        fields.push(Focus::Presets);
        if self.preset().is_none() {
            if self.place.kind() != ScopeKind::Repository {
                fields.push(Focus::ProjectScale);
            }
            fields.push(Focus::RepositoryScale);
        }
        fields.extend([Focus::Name, Focus::Expiry, Focus::Create]);
        fields
    }

    pub(super) fn go(&mut self, steps: isize) {
        let fields = self.fields();
        let here = fields.iter().position(|field| *field == self.focus);
        let target = here.unwrap_or(0).saturating_add_signed(steps);
        self.focus = fields[target.min(fields.len() - 1)];
    }

    /// Enter: on the button it creates, anywhere else it accepts what is proposed.
    pub(super) fn accept(&mut self, cx: &mut Context<'_>) {
        if self.focus != Focus::Create {
            if (self.focus, self.preset()) == (Focus::Presets, None) {
                self.go(1);
            } else {
                self.focus = Focus::Create;
            }
            if let Err(reason) = self.spec() {
                self.complain(reason, cx);
            }
            return;
        }
        match self.spec() {
            Ok(spec) => {
                let used_by = self.user.used_by();
                if let UsedBy::Tool(tool) = &used_by
                    && !tool.is_empty()
                {
                    cx.session.tool = Some(tool.clone());
                }
                let replaces = self.replaced();
                self.creation
                    .start(&self.place, used_by, spec, replaces, cx);
            }
            Err(reason) => self.complain(reason, cx),
        }
    }

    /// Goes to the field that is wrong and says why.
    pub(super) fn complain(&mut self, (field, reason): (Focus, String), cx: &mut Context<'_>) {
        self.focus = field;
        cx.notify(Notice::hint(reason));
    }

    /// The arrows choose within a field where there is something to choose, else they change fields.
    pub(super) fn up_or_down(&mut self, steps: isize) {
        if self.focus == Focus::Presets {
            let target = self.chosen.checked_add_signed(steps);
            match target {
                Some(target) if target <= self.presets.len() => self.choose(target),
                Some(_) => self.go(1),
                None => self.go(-1),
            }
        } else {
            self.go(steps);
        }
    }

    pub(super) fn left_or_right(&mut self, up: bool, cx: &mut Context<'_>) {
        let refusal = match self.focus {
            // There is nothing else to choose sideways in these.
            Focus::User | Focus::Presets => {
                self.choose_user(up);
                None
            }
            Focus::ProjectScale => {
                self.moves_level();
                self.levels.change_project(up)
            }
            Focus::RepositoryScale => {
                self.moves_level();
                self.levels.change_repository(up)
            }
            Focus::Expiry => {
                self.is_timed = true;
                self.lifetime.change(up).err().map(|why| why.to_string())
            }
            Focus::Tool | Focus::Name | Focus::Create => None,
        };
        self.creation.forgive();
        if let Some(reason) = refusal {
            cx.notify(Notice::hint(reason));
        }
    }
}

/// Digits make a number; backspace takes the last one away.
pub(super) fn type_days(lifetime: &mut Lifetime, key: KeyEvent) -> bool {
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
