//! A question, as data: what it is about, its words, and how it can be answered.

use crate::operation::custody::Key;

/// What the question is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// Leave the program although a token would be lost.
    Quit,
    /// Show everything again that share mode hides.
    EndShare,
    /// Forget who is signed in.
    SignOut,
    /// Leave a token that nobody has kept.
    LeaveToken(Key),
    /// Revoke a token.
    Revoke,
    /// Revoke those of several that were not.
    RevokeAgain,
    /// Throw away what was filled in.
    Discard,
    /// Make the token in the browser instead.
    InBrowser,
    /// Take away what was set up for git.
    UndoGit,
    /// Send the password that git keeps, to see whether it is taken.
    SendPassword,
    /// Whether git may send the token to another name of the server too.
    OtherName,
    /// A creation of an earlier run has come to this.
    LeftOpen,
    /// Whether the new token of a rotation is in place.
    Rotation,
}

/// The answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    /// Do it.
    Yes,
    /// Revoke the token, and then do it.
    Revoke,
    /// Do nothing.
    No,
}

/// A question.
#[derive(Debug)]
pub struct Question {
    /// What it is about.
    pub subject: Subject,
    /// A word or two.
    pub title: &'static str,
    /// What would happen, in full sentences.
    pub text: Vec<String>,
    /// What `y` does.
    pub yes: &'static str,
    /// What `x` does, where it is offered.
    pub revoke: Option<&'static str>,
    /// What `n` does; empty: there is nothing to choose.
    pub no: &'static str,
}

impl Question {
    /// Whether what bbtoken has set up for git is to be removed.
    #[must_use]
    pub fn undo_git(text: String) -> Self {
        Self {
            subject: Subject::UndoGit,
            title: "git on this computer",
            text: vec![text],
            yes: "remove it",
            revoke: None,
            no: "leave it",
        }
    }
}
