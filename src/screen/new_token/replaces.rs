//! A token that is made in the place of another one: the form is filled in as that one is, and says what
//! differs from it.

use ratatui::text::Line;

use crate::bitbucket::When;
use crate::config::Config;
use crate::operation::draft::Lifetime;
use crate::operation::journal::OldToken;
use crate::operation::rotate::Replacement;
use crate::permission::Permissions;
use crate::ui::context::Context;
use crate::ui::keymap::Action;
use crate::ui::layer::View;
use crate::ui::rotation;
use crate::ui::step::Step;
use crate::when;
use crate::widget::lines;

/// What is replaced.
#[derive(Debug)]
pub(super) struct Replaces {
    replacement: Replacement,
    /// Nobody has chosen other permissions than those of the old token.
    keeps_permissions: bool,
}

impl Replaces {
    pub(super) fn new(replacement: Replacement) -> Self {
        Self {
            replacement,
            keeps_permissions: true,
        }
    }

    /// The old name with the date.
    pub(super) fn name(&self) -> &str {
        &self.replacement.equal.spec.name
    }

    /// As long as that of the old token, where that is known and allowed.
    pub(super) fn lifetime(&self, config: &Config) -> Lifetime {
        let days = self.replacement.equal.spec.expiry_days;
        Lifetime::of(days, config.longest_expiry_days)
    }

    /// What the journal notes of the old token.
    pub(super) fn old_token(&self) -> OldToken {
        self.replacement.replaces()
    }

    /// The old token's permissions, to the letter, as long as nobody has chosen others.
    pub(super) fn kept_permissions(&self) -> Option<&Permissions> {
        let permissions = &self.replacement.equal.spec.permissions;
        self.keeps_permissions.then_some(permissions)
    }

    /// Somebody has chosen permissions.
    pub(super) fn choose_permissions(&mut self) {
        self.keeps_permissions = false;
    }

    /// The names that are taken are known.
    pub(super) fn rename(&mut self, taken: &[String], cx: &Context<'_>) {
        let here = (cx.now.time, &cx.session.zone);
        self.replacement.rename(taken, here);
    }

    pub(super) fn step(&self) -> Step {
        Step::press(
            "Press {} to create the new token. The old one stays until you revoke it.",
            &[Action::Accept],
        )
    }

    /// What becomes of the old token, and what differs from it.
    pub(super) fn lines(
        &self,
        new: &Permissions,
        lifetime: &Lifetime,
        width: usize,
        view: View<'_>,
    ) -> Vec<Line<'static>> {
        let theme = view.theme;
        let old = &self.replacement.old;
        let becomes = if old.is_expired(view.now.time) {
            "it has expired, and stays in the list until you revoke it"
        } else {
            "both work until you revoke the old one"
        };
        let replaces = format!("Replaces \"{}\": {becomes}.", old.name);
        let mut all: Vec<_> =
            lines::signed(("·", theme.accent), &replaces, theme.text, width).collect();
        let mut differences = self.differences(new, lifetime, view);
        if differences.is_empty() {
            differences.push((" ", "Same permissions, same lifetime.".to_owned()));
        }
        all.extend(differences.into_iter().flat_map(|(sign, text)| {
            let style = if sign == "!" {
                theme.warning
            } else {
                theme.text
            };
            lines::signed((sign, style), &text, style, width).collect::<Vec<_>>()
        }));
        all
    }

    fn differences(
        &self,
        new: &Permissions,
        lifetime: &Lifetime,
        view: View<'_>,
    ) -> Vec<(&'static str, String)> {
        let Replacement { old, equal, .. } = &self.replacement;
        let mut all = Vec::new();
        if let Some(before) = old.permissions.as_ref().filter(|it| !it.is_same(new)) {
            all.push(("!", format!("{new} instead of {before}.")));
        }
        match lifetime.valid_days() {
            Ok(days) if days == equal.spec.expiry_days => {
                all.extend(equal.differs.map(|it| ("!", rotation::differs(it))));
            }
            Ok(days) => {
                let before = match (old.expires, old.created) {
                    (When::At(_), Some(_)) | (When::Never, _) => lives(equal.spec.expiry_days),
                    _ => "a lifetime that is not known".to_owned(),
                };
                all.push((
                    "!",
                    format!("{} instead of {before}.", capital(&lives(days))),
                ));
            }
            Err(_) => {}
        }
        if let When::At(end) = old.expires
            && old.is_expired(view.now.time)
        {
            let ago = when::relative(end, view.now.time);
            all.push(("·", format!("The old one expired {ago}.")));
        }
        all
    }
}

fn lives(days: Option<u32>) -> String {
    match days {
        None => "no expiry".to_owned(),
        Some(1) => "1 day".to_owned(),
        Some(days) => format!("{days} days"),
    }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters
        .next()
        .map(|letter| letter.to_uppercase().to_string());
    first.unwrap_or_default() + letters.as_str()
}
