//! What Connect begins with by itself: an address that was given is asked at once, and so is the server of the
//! clone in the current directory where it is known. What is only read in a clone, or guessed, is filled in.

use super::{Connect, Filled, known};
use crate::bitbucket::{Address, BaseUrl, Destination, ServerFrom};
use crate::operation::whereabouts::{self, Hints, server_of_clone};
use crate::secret::{self, masked};
use crate::ui::context::Context;
use crate::ui::keymap::{self, Action, Mode};
use crate::ui::session::Session;

impl Connect {
    /// The surroundings are known: goes where somebody has said, unless something was typed meanwhile.
    pub(super) fn begin(&mut self, hints: Hints, cx: &mut Context<'_>) {
        self.remotes = hints.remotes;
        if !std::mem::take(&mut self.begins) || !self.is_idle() {
            return;
        }
        if !self.offers {
            return self.begin_with_given(cx);
        }
        match hints.usual {
            Some(usual) => self.begin_in_clone(&usual, cx),
            None => self.begin_in_clone("", cx),
        }
    }

    /// With the server of the clone, else with the usual one, else with a guess.
    fn begin_in_clone(&mut self, usual: &str, cx: &mut Context<'_>) {
        let mut known = known(cx.session);
        if let Ok(Address {
            server: Some((base, ServerFrom::Text | ServerFrom::Known)),
            ..
        }) = Address::parse(usual, &known)
        {
            known.insert(0, base);
        }
        if let Some(server) = server_of_clone(&self.remotes, &known) {
            // With one that is new here nobody speaks before somebody has seen its address.
            let is_known = known.contains(&server);
            self.propose(&server, Filled::FromClone { is_known });
            if is_known {
                self.connect(cx);
            }
        } else if !usual.is_empty() {
            self.give(usual);
            self.begin_with_given(cx);
        } else if let Some((guess, _)) = whereabouts::guess_of_clone(&self.remotes) {
            self.propose(&guess, Filled::Guessed);
        }
    }

    /// Fills in an address that was given, without the secrets in it.
    pub(super) fn give(&mut self, address: &str) {
        self.filled = None;
        let Some(parted) = secret::part(address) else {
            return self.address = address.into();
        };
        let is_address = parted.text.contains("://") || parted.token.is_none();
        self.address = parted.text.into();
        if !is_address {
            self.address.reset();
            self.invalid = Some(
                "That looks like a token, not an address. Others on this computer can see \
                                 arguments: if it was a token, revoke it."
                    .to_owned(),
            );
        }
    }

    fn begin_with_given(&mut self, cx: &mut Context<'_>) {
        if self.invalid.is_some() {
            return;
        }
        match self.read(cx.session) {
            Ok(Address {
                server: Some((guess, ServerFrom::SshHost)),
                destination,
            }) => {
                self.place = destination;
                self.propose(&guess, Filled::Guessed);
            }
            _ => self.connect(cx),
        }
    }

    /// What the program makes of the address, where that is more than it says.
    pub(super) fn note(&self, session: &Session) -> Option<String> {
        if masked(self.address.value()) != self.address.value() {
            return None;
        }
        let place = self.place.as_ref().map(Destination::name);
        if self.address.value().is_empty() {
            let place = place?;
            return Some(format!(
                "Which Bitbucket is {place} on? Type its address: no server is saved yet."
            ));
        }
        let address = self.read(session).ok()?;
        let destination = address.destination.as_ref().map(Destination::name);
        let place = destination.or(place);
        let (base, from) = address.server?;
        if self.filled == Some(Filled::Guessed) {
            let leads = place.or_else(|| Some(self.place_in_clone(&base)?.name()));
            let leads = leads
                .map(|place| format!(" It opens {place}."))
                .unwrap_or_default();
            return Some(format!(
                "This is a guess: an address for git over SSH does not say where the web pages are. \
                 Correct it, or press {} to try it.{leads}",
                keymap::key(Mode::Form, Action::Accept)
            ));
        }
        let host = base.host();
        let key = keymap::key(Mode::Form, Action::Accept);
        Some(match (from, place) {
            (ServerFrom::SshHost, _) => format!(
                "An address for git over SSH does not say where the web pages are. Enter tries {base}, \
                 which is a guess."
            ),
            (ServerFrom::Known, Some(place)) => format!("Opens {place} on {base}."),
            (ServerFrom::Known, None) => format!("Opens {base}."),
            (ServerFrom::Text, Some(place)) => format!("Opens {place} on {host}."),
            (ServerFrom::Text, None) => {
                let place = self.place_in_clone(&base)?.name();
                match self.filled {
                    Some(Filled::FromClone { is_known: false }) => format!(
                        "The clone in this directory is from there ({place}). bbtoken has not used that \
                         server before: check the address, then press {key}."
                    ),
                    _ => format!(
                        "The clone in this directory is from there ({place}): press {key} to open it."
                    ),
                }
            }
        })
    }

    fn place_in_clone(&self, base: &BaseUrl) -> Option<Destination> {
        whereabouts::place_in_clone(&self.remotes, base)
    }
}
