//! Changes on the server whose outcome is not known yet.

use jiff::Timestamp;

use crate::bitbucket::TokenSpec;
use crate::operation::custody::Key;
use crate::operation::draft::UsedBy;
use crate::operation::place::Place;
use crate::operation::rotate::Rotation;

/// A creation that is under way.
#[derive(Debug)]
pub(super) struct UnderWay {
    pub(super) place: Place,
    pub(super) used_by: UsedBy,
    pub(super) spec: TokenSpec,
    pub(super) at: Timestamp,
}

/// A revocation that no screen has asked for.
#[derive(Debug)]
pub(super) struct Revoking {
    /// The token, if it is one of this run.
    pub(super) key: Option<Key>,
    /// What it is called.
    pub(super) name: String,
    /// The rotation that ends with it.
    pub(super) rotation: Option<Rotation>,
}
