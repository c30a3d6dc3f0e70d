//! A way to set git up, with what it writes, where, and how safe that is.

use super::store::Store;

/// git's helper that keeps everything in memory, told to keep it for a year: a token that is gone after
/// the usual 15 minutes could not be typed again, as a password can.
pub(super) const CACHE: &str = "cache --timeout=31536000";

/// What the way is called that keeps the token in a file of bbtoken's own.
pub(super) const HEADER: &str = "header";

/// What a way does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WayKind {
    /// Gives a personal token to git's own helper, as a password.
    Approve {
        /// The helper.
        helper: String,
        /// git does not use it for this server yet: it is to be configured.
        is_new: bool,
    },
    /// Makes bbtoken git's helper for the address.
    Helper {
        /// What keeps the token.
        store: Store,
    },
    /// Has git send the token from a file that only the user can read.
    Header,
}

/// One way to set git up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Way {
    /// What it does.
    pub kind: WayKind,
    /// What it is called on the command line.
    pub name: &'static str,
    /// What it is called on the screen.
    pub title: String,
    /// What is written and where, line by line.
    pub writes: Vec<String>,
    /// How safe that is, in a sentence or two.
    pub safety: String,
    /// Whether the token lies in a file as it is.
    pub is_plain_text: bool,
    /// How long git keeps the token, where it forgets it again: Bitbucket never shows it a second time.
    pub forgets: Option<&'static str>,
}

impl Way {
    /// What speaks against it, in a word or two.
    #[must_use]
    pub fn drawback(&self) -> Option<String> {
        match self.forgets {
            Some(time) => Some(format!("! {time}")),
            None => self.is_plain_text.then(|| "! plain text".to_owned()),
        }
    }

    /// What keeps the token for bbtoken's own helper, and git's own helper that keeps it as a password.
    pub(super) fn keeps_in(&self) -> (Option<Store>, Option<String>) {
        match &self.kind {
            WayKind::Helper { store } => (Some(store.clone()), None),
            WayKind::Approve { helper, .. } => (None, Some(helper.clone())),
            WayKind::Header => (None, None),
        }
    }

    /// The lower, the better: what keeps the token encrypted, then what keeps it in a file that only
    /// the user can read, a new store for many passwords after that; last what forgets it.
    pub(super) fn rank(&self) -> u8 {
        let is_new = matches!(self.kind, WayKind::Approve { is_new: true, .. });
        match (self.forgets, self.is_plain_text) {
            (Some(_), _) => 3,
            (None, true) if is_new => 2,
            (None, true) => 1,
            (None, false) => 0,
        }
    }
}

pub(super) fn cache() -> Store {
    Store::GitHelper(CACHE.to_owned())
}

/// How long a store keeps a token that does not keep it for good.
pub(super) fn forgets(store: &Store) -> Option<&'static str> {
    match store {
        store if *store == cache() => Some("only until a restart"),
        Store::GitHelper(helper) if store.is_memory() && !helper.contains("--timeout") => {
            Some("only for 15 minutes")
        }
        store => store.is_memory().then_some("only for a while"),
    }
}
