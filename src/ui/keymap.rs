//! THE key table. Dispatch, footer, `?` help and the README's table all come from it.

use std::fmt;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::context::Session;
use crate::screen::Screen;

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
    /// Ask which kind of token is right.
    WhichKind,
    /// To the Security section of what the cursor is on.
    Security,
    /// To the personal tokens.
    ManageAccount,
    /// Revoke the token under the cursor.
    Revoke,
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
    /// Try what the token can do.
    Try,
    /// Save the token to a file.
    Save,
    /// Copy a line for the secret store of a build server.
    CopyBuildLine,
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
    /// The box with everything about a token.
    TokenDetails,
    /// Every list.
    List,
    /// The questions about the kind of token.
    WhichKind,
    /// The form for a new token.
    NewToken,
    /// The created token.
    Ready,
    /// The ways to set git up.
    GitSetup,
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
            Self::TokenDetails => "Token details",
            Self::List => "Every list",
            Self::WhichKind => "Which kind of token?",
            Self::NewToken => "New token",
            Self::Ready => "Token ready",
            Self::GitSetup => "Set git up",
            Self::Activity => "Activity",
            Self::Save => "Save the token",
            Self::Help => "Help",
            Self::Question => "A question",
            Self::Anywhere => "Everywhere",
        }
    }
}

/// A key with its modifiers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Chord {
    code: KeyCode,
    control: bool,
}

const fn key(code: KeyCode) -> Chord {
    Chord {
        code,
        control: false,
    }
}

const fn char(character: char) -> Chord {
    key(KeyCode::Char(character))
}

const fn ctrl(character: char) -> Chord {
    Chord {
        code: KeyCode::Char(character),
        control: true,
    }
}

impl Chord {
    fn is_printable(self) -> bool {
        matches!(self.code, KeyCode::Char(_)) && !self.control
    }

    fn matches(self, event: KeyEvent) -> bool {
        let control = event.modifiers.contains(KeyModifiers::CONTROL);
        let alt = event.modifiers.contains(KeyModifiers::ALT);
        self.code == event.code && self.control == control && !alt
    }
}

impl fmt::Display for Chord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.control {
            f.write_str("ctrl+")?;
        }
        match self.code {
            KeyCode::Char(character) => write!(f, "{character}"),
            KeyCode::F(number) => write!(f, "F{number}"),
            KeyCode::Up => f.write_str("↑"),
            KeyCode::Down => f.write_str("↓"),
            KeyCode::Left => f.write_str("←"),
            KeyCode::Right => f.write_str("→"),
            KeyCode::BackTab => f.write_str("shift+tab"),
            KeyCode::PageUp => f.write_str("page up"),
            KeyCode::PageDown => f.write_str("page down"),
            other => f.write_str(&format!("{other:?}").to_lowercase()),
        }
    }
}

/// One line of the table.
#[derive(Clone, Copy)]
pub struct Binding {
    /// Where it is in force.
    pub mode: Mode,
    /// The keys; the first is the one that the footer shows.
    pub keys: &'static [Chord],
    /// What they mean.
    pub action: Action,
    /// How the footer writes the key where it stands for a pair; empty: the first key.
    pub shown: &'static str,
    /// A word or two for the footer; empty: not in the footer.
    pub label: &'static str,
    /// A sentence for `?`.
    pub help: &'static str,
    /// Why it cannot be used right now; `None`: it can.
    pub refusal: Refusal,
}

impl Binding {
    /// The key as the footer writes it. While text is typed, letters are text: then the first key
    /// that is none, or nothing.
    #[must_use]
    pub fn shown_key(&self, typing: bool) -> String {
        let works = |chord: &&Chord| !typing || !chord.is_printable();
        match self.keys.iter().find(works) {
            Some(_) if !self.shown.is_empty() => self.shown.to_owned(),
            chord => chord.map(Chord::to_string).unwrap_or_default(),
        }
    }

    /// All its keys: "↑, k". While text is typed, letters are text.
    #[must_use]
    pub fn all_keys(&self, typing: bool) -> String {
        let works = |chord: &&Chord| !typing || !chord.is_printable();
        let keys: Vec<_> = self
            .keys
            .iter()
            .filter(works)
            .map(Chord::to_string)
            .collect();
        keys.join(", ")
    }
}

/// Why something cannot be done on a screen right now; `None`: it can.
pub type Refusal = fn(&Screen, &Session) -> Option<String>;

const ALWAYS: Refusal = |_, _| None;

const fn bind(
    mode: Mode,
    keys: &'static [Chord],
    action: Action,
    label: &'static str,
    help: &'static str,
) -> Binding {
    Binding {
        mode,
        keys,
        action,
        shown: "",
        label,
        help,
        refusal: ALWAYS,
    }
}

const fn shown(binding: Binding, shown: &'static str) -> Binding {
    Binding { shown, ..binding }
}

const fn unless(binding: Binding, refusal: Refusal) -> Binding {
    Binding { refusal, ..binding }
}

/// All bindings, in the order in which footer and help show them.
#[rustfmt::skip]
pub const BINDINGS: &[Binding] = &[
    bind(Mode::Form, &[key(KeyCode::Enter)], Action::Accept, "go on", "Go on with what is filled in."),
    bind(Mode::Form, &[key(KeyCode::Tab), key(KeyCode::Down)], Action::NextField, "next field", "To the next field."),
    bind(Mode::Form, &[key(KeyCode::BackTab), key(KeyCode::Up)], Action::PreviousField, "", "To the previous field."),

    bind(Mode::Code, &[key(KeyCode::Enter)], Action::Accept, "go on", "Sign in with this code."),
    bind(Mode::Code, &[key(KeyCode::Tab)], Action::OtherCode, "other code", "A recovery code instead of the app's six digits, or the other way round."),

    bind(Mode::OAuth, &[char('o')], Action::OpenPage, "open page", "Open the page in the browser once more."),
    bind(Mode::OAuth, &[char('c')], Action::CopyAddress, "copy its address", "Copy the address of the page."),
    bind(Mode::OAuth, &[key(KeyCode::Enter)], Action::Accept, "", "Begin anew, after something went wrong."),

    bind(Mode::Browser, &[ctrl('o')], Action::OpenPage, "open page", "Open the page in the browser; where the company has a page of its own, Bitbucket's after it."),
    bind(Mode::Browser, &[ctrl('y')], Action::CopyAddress, "", "Copy the address of the page."),
    bind(Mode::SignInAgain, &[key(KeyCode::Enter)], Action::Accept, "sign in", "Sign in again, and go on with what was being done."),

    shown(bind(Mode::List, &[key(KeyCode::Up), char('k')], Action::Up, "move", "One row up."), "↑↓"),
    bind(Mode::List, &[key(KeyCode::Down), char('j')], Action::Down, "", "One row down."),
    shown(bind(Mode::List, &[key(KeyCode::Enter), key(KeyCode::Right), char('l')], Action::Open, "open", "Open what the cursor is on."), "enter"),

    unless(bind(Mode::Browse, &[char('n')], Action::New, "new token", "Create a token for what the cursor is on."), Screen::refuses_new),
    unless(bind(Mode::Browse, &[char('g')], Action::WhichKind, "kind?", "Which kind of token do I need? A few questions lead to the right form."), Screen::refuses_which_kind),

    unless(bind(Mode::Tokens, &[char('n')], Action::New, "new token", "Create a token here."), Screen::refuses_new),
    unless(bind(Mode::Tokens, &[char('x')], Action::Revoke, "revoke", "Revoke the token under the cursor, after a question."), Screen::refuses_revoke),
    unless(bind(Mode::Tokens, &[char('g')], Action::WhichKind, "kind?", "Which kind of token do I need? A few questions lead to the right form."), Screen::refuses_which_kind),
    unless(bind(Mode::Tokens, &[char('u')], Action::UndoGit, "undo git", "Take away what was set up for git with a token of this place, after a question."), Screen::refuses_undo),
    unless(bind(Mode::Tokens, &[char('m')], Action::ManageAccount, "account", "Manage account: your personal tokens."), Screen::refuses_account),

    unless(bind(Mode::List, &[char('/')], Action::Filter, "filter", "Type a few letters to see only the rows that fit."), Screen::refuses_filter),
    unless(bind(Mode::Browse, &[char('m')], Action::ManageAccount, "account", "Manage account: your personal tokens."), Screen::refuses_account),
    unless(bind(Mode::Browse, &[char('s')], Action::Security, "security", "Open the Security section of what the cursor is on."), Screen::refuses_security),
    bind(Mode::Browse, &[char('r')], Action::Refresh, "", "Ask the server again."),
    bind(Mode::Tokens, &[char('r')], Action::Refresh, "reload", "Ask the server again."),
    bind(Mode::List, &[key(KeyCode::PageUp), ctrl('b')], Action::PageUp, "", "Ten rows up."),
    bind(Mode::List, &[key(KeyCode::PageDown), ctrl('f')], Action::PageDown, "", "Ten rows down."),
    bind(Mode::List, &[key(KeyCode::Home)], Action::First, "", "To the first row."),
    bind(Mode::List, &[key(KeyCode::End), char('G')], Action::Last, "", "To the last row."),
    bind(Mode::List, &[key(KeyCode::Left), char('h')], Action::Back, "", "Back one step."),

    bind(Mode::TokenDetails, &[key(KeyCode::Enter)], Action::Done, "close", "Close the box."),
    shown(bind(Mode::TokenDetails, &[key(KeyCode::Up), char('k')], Action::Up, "scroll", "Scroll up."), "↑↓"),
    bind(Mode::TokenDetails, &[key(KeyCode::Down), char('j')], Action::Down, "", "Scroll down."),
    unless(bind(Mode::TokenDetails, &[char('x')], Action::Revoke, "revoke", "Revoke this token, after a question."), Screen::refuses_revoke),

    shown(bind(Mode::WhichKind, &[key(KeyCode::Up), char('k')], Action::Up, "choose", "The answer above."), "↑↓"),
    bind(Mode::WhichKind, &[key(KeyCode::Down), char('j')], Action::Down, "", "The answer below."),
    bind(Mode::WhichKind, &[key(KeyCode::Enter), key(KeyCode::Right), char('l')], Action::Accept, "go on", "Take this answer; at the end open the form."),
    bind(Mode::WhichKind, &[key(KeyCode::Left), char('h')], Action::Back, "", "Back one question."),

    bind(Mode::NewToken, &[key(KeyCode::Enter)], Action::Accept, "go on", "Accept what is proposed and go to the button; on the button: create the token."),
    shown(bind(Mode::NewToken, &[key(KeyCode::Up)], Action::Up, "choose", "The choice above, or the previous field."), "↑↓"),
    bind(Mode::NewToken, &[key(KeyCode::Down)], Action::Down, "", "The choice below, or the next field."),
    shown(bind(Mode::NewToken, &[key(KeyCode::Left)], Action::Less, "", "A lower level, or a shorter time."), "←→"),
    bind(Mode::NewToken, &[key(KeyCode::Right)], Action::More, "", "A higher level, or a longer time."),
    bind(Mode::NewToken, &[key(KeyCode::Tab)], Action::NextField, "next field", "To the next field."),
    bind(Mode::NewToken, &[key(KeyCode::BackTab)], Action::PreviousField, "", "To the previous field."),

    unless(bind(Mode::Ready, &[char('g')], Action::SetGitUp, "set git up", "Set git up on this computer, so that it uses the token by itself."), Screen::refuses_git),
    bind(Mode::Ready, &[key(KeyCode::Enter)], Action::Done, "done", "Leave. Bitbucket never shows this token again."),
    unless(bind(Mode::Ready, &[char('u')], Action::UndoGit, "undo", "Take away again what was set up for git."), Screen::refuses_undo),
    bind(Mode::Ready, &[char('t')], Action::Try, "test", "Try what the token can do. Nothing is changed by that."),
    bind(Mode::Ready, &[char('c')], Action::Copy, "copy", "Copy the token again."),
    unless(bind(Mode::Ready, &[char('l')], Action::CopyClone, "copy clone command", "Copy the git clone command, without the token in it."), Screen::refuses_clone_command),
    unless(bind(Mode::Ready, &[char('v')], Action::Reveal, "show/hide", "Show the token for ten seconds, or hide it again."), Screen::refuses_reveal),
    unless(bind(Mode::Ready, &[char('f')], Action::Save, "file", "Save the token to a new file that only you can read."), Screen::refuses_save),
    unless(bind(Mode::Ready, &[char('b')], Action::CopyBuildLine, "", "While the token is shown: copy it as a line for a build server's store of secrets."), Screen::refuses_build_line),

    shown(bind(Mode::GitSetup, &[key(KeyCode::Up), char('k')], Action::Up, "choose", "The way above."), "↑↓"),
    bind(Mode::GitSetup, &[key(KeyCode::Down), char('j')], Action::Down, "", "The way below."),
    bind(Mode::GitSetup, &[key(KeyCode::Enter)], Action::Accept, "set up", "Write what stands there."),

    unless(bind(Mode::Activity, &[char('c')], Action::CopyCurl, "copy as curl", "Copy the request under the cursor as a curl line, without credentials."), Screen::refuses_curl),
    bind(Mode::Save, &[key(KeyCode::Enter)], Action::Accept, "save", "Save the token under this name."),

    shown(bind(Mode::Help, &[key(KeyCode::Up), char('k')], Action::Up, "scroll", "Scroll up."), "↑↓"),
    bind(Mode::Help, &[key(KeyCode::Down), char('j')], Action::Down, "", "Scroll down."),
    bind(Mode::Help, &[key(KeyCode::Enter)], Action::Done, "", "Close the help."),

    bind(Mode::Question, &[char('y')], Action::Yes, "yes", "Yes."),
    unless(bind(Mode::Question, &[char('x')], Action::Revoke, "revoke", "Revoke the token, where the question offers it."), Screen::refuses_revoke),
    bind(Mode::Question, &[char('n'), key(KeyCode::Esc)], Action::No, "no", "No: nothing happens."),

    bind(Mode::Anywhere, &[key(KeyCode::Esc)], Action::Back, "back", "Back one step. Never leaves the program by surprise."),
    bind(Mode::Anywhere, &[key(KeyCode::F(2))], Action::Share, "", "Begin or end share mode: secrets and names of people stay hidden."),
    bind(Mode::Anywhere, &[key(KeyCode::F(3))], Action::HideGuidance, "", "Hide the line that says what comes next, for good."),
    bind(Mode::Anywhere, &[key(KeyCode::F(4))], Action::ShowGuidance, "", "Show that line again."),
    bind(Mode::Anywhere, &[key(KeyCode::F(12))], Action::Activity, "", "Activity: show the requests to Bitbucket, or hide them again."),
    bind(Mode::Anywhere, &[char('?'), key(KeyCode::F(1))], Action::Help, "help", "Explain this screen and list its keys."),
    bind(Mode::Anywhere, &[char('q'), ctrl('c')], Action::Quit, "quit", "Leave the program; asks first if something would be lost."),
    bind(Mode::Anywhere, &[ctrl('z')], Action::Suspend, "", "Back to the shell for a while; fg returns."),
];

/// The key in a word or two, to be read aloud: "n", "enter", "ctrl+c".
#[must_use]
pub fn name(event: KeyEvent) -> String {
    let word = match event.code {
        KeyCode::Up => "up",
        KeyCode::Down => "down",
        KeyCode::Left => "left",
        KeyCode::Right => "right",
        KeyCode::PageUp => "pgup",
        KeyCode::PageDown => "pgdn",
        KeyCode::Char(' ') => "space",
        code => {
            let control = event.modifiers.contains(KeyModifiers::CONTROL);
            return Chord { code, control }.to_string();
        }
    };
    word.to_owned()
}

/// Whether the key makes text where there is a field for it.
#[must_use]
pub fn is_text(event: KeyEvent) -> bool {
    let commands = KeyModifiers::CONTROL | KeyModifiers::ALT;
    matches!(event.code, KeyCode::Char(_)) && !event.modifiers.intersects(commands)
}

/// The bindings in force in these modes, in the table's order.
pub fn bindings(modes: &'static [Mode]) -> impl Iterator<Item = &'static Binding> {
    BINDINGS
        .iter()
        .filter(|binding| modes.contains(&binding.mode))
}

/// The binding that a key press stands for in these modes.
#[must_use]
pub fn lookup(modes: &'static [Mode], event: KeyEvent) -> Option<&'static Binding> {
    bindings(modes).find(|binding| binding.keys.iter().any(|chord| chord.matches(event)))
}

/// The table as the README shows it, in Markdown: what belongs together stands together.
#[must_use]
pub fn markdown() -> String {
    let mut text = String::from("| where | keys | what they do |\n|---|---|---|\n");
    let mut modes: Vec<Mode> = Vec::new();
    for binding in BINDINGS {
        if !modes.contains(&binding.mode) {
            modes.push(binding.mode);
        }
    }
    let of = |mode| BINDINGS.iter().filter(move |binding| binding.mode == mode);
    for binding in modes.into_iter().flat_map(of) {
        let keys: Vec<_> = binding
            .keys
            .iter()
            .map(|chord| format!("`{chord}`"))
            .collect();
        text.push_str(&format!(
            "| {} | {} | {} |\n",
            binding.mode.title(),
            keys.join(" "),
            binding.help
        ));
    }
    text
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::screen;

    #[test]
    fn no_key_means_two_things_in_one_place() {
        for modes in screen::ALL_MODES {
            let mut seen = HashSet::new();
            for binding in bindings(modes) {
                for chord in binding.keys {
                    assert!(seen.insert(chord), "{chord} is bound twice in {modes:?}");
                }
            }
        }
    }

    #[test]
    fn every_binding_is_described_and_reachable() {
        for binding in BINDINGS {
            assert!(!binding.keys.is_empty(), "{:?} has no key", binding.action);
            assert!(
                binding.help.ends_with('.'),
                "{:?} wants a sentence",
                binding.action
            );
            assert!(
                screen::ALL_MODES
                    .iter()
                    .any(|modes| modes.contains(&binding.mode)),
                "{:?} is in force nowhere",
                binding.mode
            );
        }
    }
}
