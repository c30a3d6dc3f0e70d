//! Where a screen wants to go, and what a screen ends with. Screens know no other screens: they ask for
//! a [`Route`], and what was opened comes back as an [`Outcome`] to whoever opened it.

use std::sync::Arc;

use super::git_proof::GitShown;
use super::keymap::Mode;
use super::listing::Listing;
use super::place::Place;
use super::question::{Choice, Question, Subject};
use super::wish::Work;
use crate::bitbucket::{SignedIn, Token};
use crate::git::{Target, TokenNote};
use crate::operation::custody::Key;
use crate::operation::draft::{Proposal, UsedBy};
use crate::operation::origin::Origin;
use crate::operation::rotate::Replacement;
use crate::operation::set_up_git::Replaced;
use crate::permission::Permissions;
use crate::secret::Secret;

/// A screen to open, with what it has to know.
#[derive(Debug)]
pub enum Route {
    /// Where is Bitbucket? With the address that was given, or an empty one.
    Connect(String),
    /// User name and password, and other ways in.
    SignIn,
    /// A token that somebody has already, to look around with.
    SignInWithToken,
    /// A page in the browser on which somebody agrees.
    SignInWithOAuth,
    /// The password once more, over what was being done.
    SignInAgain,
    /// The token is made on Bitbucket's own page.
    InBrowser {
        /// Who makes it, as far as that is known.
        user: Option<String>,
        /// For what, if that is known.
        place: Option<Box<Place>>,
    },
    /// Projects, repositories, Security.
    Browse,
    /// The tokens of a place.
    Tokens {
        /// Which.
        place: Place,
        /// The list, if somebody has begun to read it.
        listing: Option<Box<Listing<Token>>>,
    },
    /// Whose is a token that somebody has found?
    Check {
        /// Where one is: its list is read, and the token is tried there.
        place: Option<Box<Place>>,
    },
    /// Which kind of token is right?
    WhichKind(Here),
    /// Why is git refused in the clone in the current directory?
    Why,
    /// What somebody can do where they may make no token.
    MayNot {
        /// Where.
        place: Place,
        /// What the token is to do, if that is known.
        work: Option<Work>,
        /// git is refused there because the user lacks a permission: another token would change nothing.
        lacks_permission: bool,
    },
    /// The form for a new token.
    NewToken {
        /// Where it is created.
        place: Place,
        /// The list of the place's tokens lies below.
        from_list: bool,
        /// What it is to do, if that is known.
        work: Option<Work>,
    },
    /// The same form, filled in with what somebody else has said.
    ProposedToken {
        /// Where it is created.
        place: Place,
        /// The list of the place's tokens lies below.
        from_list: bool,
        /// What was said.
        proposal: Proposal,
    },
    /// The same form, filled in with a token equal to this one, in whose place it is made.
    Rotate {
        /// Where both are: the list of the place's tokens lies below.
        place: Place,
        /// What is replaced, and with what.
        replacement: Box<Replacement>,
    },
    /// A token that was made just now.
    TokenReady {
        /// Where.
        place: Place,
        /// Who will use it.
        used_by: UsedBy,
        /// By whom, and with what.
        origin: Origin,
        /// Which.
        key: Key,
        /// The list of the place's tokens lies below.
        from_list: bool,
    },
    /// Another name or other levels for a token.
    EditToken {
        /// Where it is.
        place: Place,
        /// Which.
        token: Box<Token>,
    },
    /// What to enter into a tool that will use a token.
    WhereItGoes {
        /// What the token is for.
        place: Box<Place>,
        /// Who will use it.
        used_by: UsedBy,
    },
    /// The ways to set git up with a token.
    GitSetup(Box<GitSetupWith>),
    /// The name of a file for a token.
    Save {
        /// Which.
        key: Key,
        /// Its secret.
        token: Arc<Secret>,
        /// What it is for.
        place: Box<Place>,
    },
    /// The requests to Bitbucket.
    Activity,
    /// All keys of a screen.
    Help {
        /// What that screen is for.
        purpose: String,
        /// Its keys.
        mode: Mode,
        /// Letters are text there.
        is_typing: bool,
    },
    /// A question.
    Question(Question),
    /// A question to which nobody says yes without typing this number.
    TypedQuestion(Question, usize),
}

/// With what git is to be set up.
#[derive(Debug)]
pub struct GitSetupWith {
    /// What the token is for.
    pub place: Place,
    /// For which address, and for whom.
    pub target: Target,
    /// Which token.
    pub key: Key,
    /// Its secret.
    pub token: Arc<Secret>,
    /// What git's files say of it.
    pub note: TokenNote,
    /// The server was seen to take the token as a password.
    pub takes_password: bool,
}

/// From where it was asked which kind of token is right.
#[derive(Debug, Clone)]
pub struct Here {
    /// What the cursor is on, or whose tokens are shown.
    pub place: Option<Place>,
    /// The list of the place's tokens lies below.
    pub from_list: bool,
}

/// What a screen ends with, for whoever opened it.
#[derive(Debug)]
pub enum Outcome {
    /// A question was answered.
    Answered(Subject, Choice),
    /// Git was set up, perhaps in place of an earlier setup.
    GitIsSetUp(GitShown, Option<Box<Replaced>>),
    /// Somebody who is signed in has made a token in the browser.
    MadeInBrowser {
        /// What it is for.
        place: Place,
        /// What it may do, if the advice was followed.
        permissions: Permissions,
        /// Which.
        key: Key,
    },
    /// A token has another name or other levels now.
    TokenIsChanged,
    /// The place has to be chosen first: it is none of those whose tokens are shown.
    PlaceToBeChosen,
    /// The password was right once more.
    SignedInAgain(SignedIn),
    /// Nobody signs in again.
    NotSignedInAgain,
}

/// How the stack of screens is to change.
#[derive(Debug)]
pub enum Move {
    /// Put this screen on top.
    Open(Route),
    /// Put this screen in the place of the top one.
    Replace(Route),
    /// The same, and of everything below that only led to the top one.
    Finish(Route),
    /// Take the top screen away, with what it ends with.
    Close(Option<Outcome>),
    /// Drop everything above the first screen, and put this one there.
    Home(Route),
    /// Drop everything above the first screen, and forget who was signed in.
    SignOut,
}
