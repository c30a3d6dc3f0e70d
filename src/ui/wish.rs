//! What somebody wants of a token, before there is a form for it.

use crate::permission::{Level, ScopeKind};

/// What a token is to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Work {
    /// What it needs on repositories.
    pub level: Level,
    /// It opens and changes pull requests too.
    pub pull_requests: bool,
    /// A tool uses it, not a person.
    pub for_tool: bool,
}

/// The answers to *Which kind of token?*, until there is a form to fill in with them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wish {
    /// Whose token it is to be.
    pub kind: ScopeKind,
    /// Several repositories get one each.
    pub for_each: bool,
    /// What it is to do.
    pub work: Work,
}
