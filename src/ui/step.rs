//! What comes next on a screen, in a sentence. Its keys are those of the key table, and it is said only
//! where none of them would be refused.

use std::borrow::Cow;

use super::keymap::{self, Action, Binding};
use super::layer::Layer;
use super::progress;
use super::session::Session;

/// Where nothing else can be said.
const BACK: (&str, &[Action]) = ("Press {} to go back.", &[Action::Back]);

/// What comes next, in the order in which it is offered: what can be done is said, else the next.
#[derive(Debug, Clone)]
pub struct Step(Vec<Way>);

/// A sentence, and the keys that take the place of each `{}` in it.
#[derive(Debug, Clone)]
struct Way {
    sentence: Cow<'static, str>,
    keys: &'static [Action],
}

impl Step {
    /// Something that is so whatever the keys do.
    pub fn say(sentence: impl Into<Cow<'static, str>>) -> Self {
        Self::press(sentence, &[])
    }

    /// A sentence with these keys, each in the place of a `{}`.
    pub fn press(sentence: impl Into<Cow<'static, str>>, keys: &'static [Action]) -> Self {
        let sentence = sentence.into();
        Self(vec![Way { sentence, keys }])
    }

    /// What is said where that cannot be done.
    #[must_use]
    pub fn or(self, sentence: impl Into<Cow<'static, str>>, keys: &'static [Action]) -> Self {
        self.or_else(Self::press(sentence, keys))
    }

    /// The same with what another one says.
    #[must_use]
    pub fn or_else(mut self, other: Self) -> Self {
        self.0.extend(other.0);
        self
    }

    /// No token can be made here.
    #[must_use]
    pub fn no_token_here() -> Self {
        Self::press(
            "You cannot create tokens here: press {} for your own, or {} to go back.",
            &[Action::ManageAccount, Action::Back],
        )
        .or(
            "You cannot create tokens here: press {} to go back.",
            &[Action::Back],
        )
    }

    /// The sentence for this screen as it is now, with the number that its step has on this way to a token.
    #[must_use]
    pub fn words(self, screen: &dyn Layer, session: &Session) -> String {
        let sentence = self.sentence(screen, session);
        let alone = session
            .only_looks()
            .then(|| progress::without_number(&sentence));
        alone
            .flatten()
            .unwrap_or_else(|| session.progress.tell(sentence))
    }

    /// The same, with the number that its step has on the whole way.
    #[must_use]
    pub fn sentence(self, screen: &dyn Layer, session: &Session) -> String {
        let (sentence, keys) = BACK;
        let mut ways = self.or(sentence, keys).0.into_iter();
        let said = ways.find_map(|way| way.filled_in(screen, session));
        said.unwrap_or_default()
    }
}

impl Way {
    fn filled_in(self, screen: &dyn Layer, session: &Session) -> Option<String> {
        let mut parts = self.sentence.split("{}");
        let mut words = parts.next().unwrap_or_default().to_owned();
        for (action, part) in self.keys.iter().zip(parts) {
            words.push_str(&key(*action, screen, session)?);
            words.push_str(part);
        }
        Some(words)
    }
}

/// The key that means this here; nothing where it would be refused, or is text.
fn key(action: Action, screen: &dyn Layer, session: &Session) -> Option<String> {
    if screen.refusal(action, session).is_some() {
        return None;
    }
    let means_it = |binding: &&Binding| binding.action == action;
    let mut bindings: Vec<_> = keymap::bindings(screen.mode()).filter(means_it).collect();
    // The one that the footer shows comes first.
    bindings.sort_by_key(|binding| binding.label.is_empty());
    let binding = bindings.first()?;
    let key = binding.first_key(screen.is_typing());
    (!key.is_empty()).then_some(key)
}
