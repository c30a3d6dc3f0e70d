//! Several tokens of one place, revoked one after the other. What would be refused to each of them stops
//! the rest: that is tried only when somebody wants it.

use std::collections::VecDeque;

use super::Revoked;
use crate::bitbucket::{ErrorKind, Token};

/// What is to be revoked, and what became of it.
#[derive(Debug, Default)]
pub struct Several {
    /// Not asked for yet, the next one first.
    waiting: VecDeque<Token>,
    ended: Vec<(Token, Revoked)>,
    is_stopped: bool,
}

impl Several {
    /// Nothing has been asked for yet.
    #[must_use]
    pub fn of(tokens: Vec<Token>) -> Self {
        Self {
            waiting: tokens.into(),
            ..Self::default()
        }
    }

    /// How many there are in all.
    #[must_use]
    pub fn count(&self) -> usize {
        self.waiting.len() + self.ended.len()
    }

    /// The next one to ask for; `None`: that was all, or the rest would only be refused too.
    #[must_use]
    pub fn next(&self) -> Option<&Token> {
        self.waiting.front().filter(|_| !self.is_stopped)
    }

    /// Asks for no more of them.
    pub fn stop(&mut self) {
        self.is_stopped = true;
    }

    /// Takes in what became of [`next`](Self::next).
    pub fn take(&mut self, revoked: Revoked) {
        self.is_stopped |= concerns_all(&revoked);
        if let Some(token) = self.waiting.pop_front() {
            self.ended.push((token, revoked));
        }
    }

    /// Those that were asked for, and what became of them.
    pub fn ended(&self) -> impl Iterator<Item = (&Token, &Revoked)> {
        self.ended.iter().map(|(token, revoked)| (token, revoked))
    }

    /// Those that certainly work no more.
    pub fn gone(&self) -> impl Iterator<Item = &Token> {
        let gone = self.ended().filter(|(_, revoked)| revoked.is_gone());
        gone.map(|(token, _)| token)
    }

    /// Those that were asked for and are not gone for certain.
    pub fn failed(&self) -> impl Iterator<Item = (&Token, &Revoked)> {
        self.ended().filter(|(_, revoked)| !revoked.is_gone())
    }

    /// Those that were not asked for.
    pub fn not_tried(&self) -> impl Iterator<Item = &Token> {
        self.waiting.iter()
    }

    /// Has what is not gone for certain asked for once more.
    pub fn again(&mut self) {
        let ended = std::mem::take(&mut self.ended);
        let (gone, failed): (Vec<_>, Vec<_>) = ended
            .into_iter()
            .partition(|(_, revoked)| revoked.is_gone());
        self.ended = gone;
        for (token, _) in failed.into_iter().rev() {
            self.waiting.push_front(token);
        }
        self.is_stopped = false;
    }
}

/// Whether the next one would fare no better.
fn concerns_all(revoked: &Revoked) -> bool {
    match revoked {
        Revoked::Revoked | Revoked::AlreadyGone => false,
        Revoked::Refused(error) => !matches!(error.kind, ErrorKind::Conflict | ErrorKind::Invalid),
        Revoked::StillThere(_) | Revoked::NotKnown(_) => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bitbucket::When;

    fn several(ids: &[&str]) -> Several {
        let token = |id: &&str| Token {
            id: (*id).to_owned(),
            name: (*id).to_owned(),
            permissions: None,
            created: None,
            last_used: When::Unknown,
            expires: When::Unknown,
        };
        Several::of(ids.iter().map(token).collect())
    }

    fn ids<'a>(tokens: impl Iterator<Item = &'a Token>) -> Vec<&'a str> {
        tokens.map(|token| token.id.as_str()).collect()
    }

    #[test]
    fn what_concerns_one_token_alone_does_not_stop_the_others() {
        let mut all = several(&["1", "2", "3"]);
        all.take(Revoked::Refused(ErrorKind::Conflict.into()));
        all.take(Revoked::AlreadyGone);
        all.take(Revoked::Revoked);
        assert!(all.next().is_none());
        assert_eq!(ids(all.gone()), ["2", "3"]);
        all.again();
        assert_eq!(ids(all.not_tried()), ["1"]);
        assert_eq!(all.count(), 3);
    }

    #[test]
    fn what_concerns_all_stops_and_the_rest_can_be_had_again() {
        for kind in [
            ErrorKind::RateLimited { retry_after: None },
            ErrorKind::NotSignedIn,
            ErrorKind::NotPermitted,
            ErrorKind::Refused,
        ] {
            let mut all = several(&["1", "2", "3"]);
            all.take(Revoked::Revoked);
            all.take(Revoked::Refused(kind.into()));
            assert!(all.next().is_none());
            assert_eq!(ids(all.not_tried()), ["3"]);
            assert_eq!(all.failed().count(), 1);
            all.again();
            assert_eq!(ids(all.not_tried()), ["2", "3"]);
            assert!(all.next().is_some());
        }
    }
}
