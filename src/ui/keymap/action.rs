//! What keys can mean, and where they are in force.

/// What a key means. Screens know actions, never keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    /// One row up, or the choice above.
    Up,
    /// One row down, or the choice below.
    Down,
    /// Several rows up.
    PageUp,
    /// Several rows down.
    PageDown,
    /// To the first row.
    First,
    /// To the last row.
    Last,
    /// Go into what the cursor is on.
    Open,
    /// Go back one step.
    Back,
    /// Start to type a filter.
    Filter,
    /// Ask the server again.
    Refresh,
    /// Create a token here.
    New,
    /// Check a token that was found.
    CheckToken,
    /// Ask which kind of token is right.
    WhichKind,
    /// To the Security section of what the cursor is on.
    Security,
    /// To the personal tokens.
    ManageAccount,
    /// Revoke the token under the cursor.
    Revoke,
    /// Change the token under the cursor.
    Edit,
    /// Put an equal token in the place of the one under the cursor, or end that.
    Rotate,
    /// Mark the token under the cursor, or not any more.
    Mark,
    /// Mark all that are shown, or none.
    MarkAll,
    /// Say by what the list is sorted.
    Sort,
    /// Sort by this column.
    SortBy(Column),
    /// Accept what the form proposes.
    Accept,
    /// To the next field.
    NextField,
    /// To the previous field.
    PreviousField,
    /// Open the page in the browser.
    OpenPage,
    /// Copy the address of the page.
    CopyAddress,
    /// A recovery code instead of the app's, or the other way round.
    OtherCode,
    /// The choice to the left.
    Less,
    /// The choice to the right.
    More,
    /// Set git up with the token.
    SetGitUp,
    /// Take away what was set up for git.
    UndoGit,
    /// Why is git refused in this clone?
    Why,
    /// Copy what was found out, for a ticket.
    CopyReport,
    /// Take away what stands in front of the token.
    Mend,
    /// Put back what was taken away.
    PutBack,
    /// Try what the token can do.
    Try,
    /// Save the token to a file.
    Save,
    /// Copy the token as a line that sets a variable.
    CopyBuildLine,
    /// What to enter into a tool that will use the token.
    WhereItGoes,
    /// Copy the token again.
    Copy,
    /// Copy the clone command.
    CopyClone,
    /// Show the token for a while.
    Reveal,
    /// Leave the screen: everything is done.
    Done,
    /// Yes.
    Yes,
    /// No.
    No,
    /// Copy the request under the cursor as a line for the shell.
    CopyCurl,
    /// Begin or end share mode.
    Share,
    /// Show the requests to Bitbucket, or hide them again.
    Activity,
    /// No sentence of guidance on each screen any more.
    HideGuidance,
    /// A sentence of guidance on each screen again.
    ShowGuidance,
    /// List all keys.
    Help,
    /// End the program.
    Quit,
    /// Hand the terminal back to the shell until `fg`.
    Suspend,
}

/// A column of the list of tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Column {
    /// What they are called.
    Name,
    /// What they may do.
    Rights,
    /// When they were created.
    Created,
    /// When they were last used.
    Used,
    /// When they expire.
    Expires,
}

/// Where a binding is in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Mode {
    /// The address and the sign-in.
    Form,
    /// The code of two-step verification.
    Code,
    /// The wait for somebody to agree in the browser.
    OAuth,
    /// A page in the browser.
    Browser,
    /// The box for the password when a sign-in ends half-way.
    SignInAgain,
    /// Projects, repositories, Security.
    Browse,
    /// The list of HTTP access tokens.
    Tokens,
    /// The list of HTTP access tokens while it is asked how to sort it.
    Sort,
    /// The box with everything about a token.
    TokenDetails,
    /// Every list.
    List,
    /// A token that was found.
    Check,
    /// The questions about the kind of token.
    WhichKind,
    /// What somebody can do who may make no token.
    MayNot,
    /// The form for a new token.
    NewToken,
    /// The form for another name or other levels of a token.
    EditToken,
    /// The created token.
    Ready,
    /// What to enter into a tool.
    WhereItGoes,
    /// The ways to set git up.
    GitSetup,
    /// Why git is refused in a clone.
    Why,
    /// The requests to Bitbucket.
    Activity,
    /// The name of the file for a token.
    Save,
    /// The list of keys.
    Help,
    /// A question.
    Question,
    /// Every screen but a question.
    Anywhere,
}

impl Mode {
    /// The heading of its part of the key list.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Form => "Address and sign-in",
            Self::Code => "Two-step verification",
            Self::OAuth => "Sign in with the browser",
            Self::Browser => "In the browser",
            Self::SignInAgain => "Sign in again",
            Self::Browse => "Projects, repositories, Security",
            Self::Tokens => "HTTP access tokens",
            Self::Sort => "Sort the tokens",
            Self::TokenDetails => "Token details",
            Self::List => "Every list",
            Self::Check => "Check a token",
            Self::WhichKind => "Which kind of token?",
            Self::MayNot => "You cannot create tokens here",
            Self::NewToken => "New token",
            Self::EditToken => "Change a token",
            Self::Ready => "Token ready",
            Self::WhereItGoes => "Where it goes",
            Self::GitSetup => "Set git up",
            Self::Why => "git in this clone",
            Self::Activity => "Activity",
            Self::Save => "Save the token",
            Self::Help => "Help",
            Self::Question => "A question",
            Self::Anywhere => "Everywhere",
        }
    }

    /// The parts of the table that are in force together with it, in the order of the help.
    pub fn parts(self) -> impl Iterator<Item = Self> {
        let form = self == Self::Browser;
        let list = matches!(self, Self::Browse | Self::Tokens | Self::Activity);
        let anywhere = !matches!(self, Self::Question | Self::Anywhere);
        let parts = [
            form.then_some(Self::Form),
            Some(self),
            list.then_some(Self::List),
            anywhere.then_some(Self::Anywhere),
        ];
        parts.into_iter().flatten()
    }
}
