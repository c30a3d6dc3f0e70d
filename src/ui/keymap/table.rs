//! The table itself: a line for each key. Data only; what an action does, and why it cannot be had right
//! now, stands in the screen.

use crossterm::event::KeyCode;

use super::{Action, Binding, Chord, Column, Mode};

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
    }
}

const fn shown(binding: Binding, shown: &'static str) -> Binding {
    Binding { shown, ..binding }
}

/// All bindings, in the order in which footer and help show them.
#[rustfmt::skip]
pub const BINDINGS: &[Binding] = &[
    bind(Mode::Form, &[key(KeyCode::Enter)], Action::Accept, "continue", "Continue with what you have filled in."),
    bind(Mode::Form, &[key(KeyCode::Tab), key(KeyCode::Down)], Action::NextField, "next field", "To the next field."),
    bind(Mode::Form, &[key(KeyCode::BackTab), key(KeyCode::Up)], Action::PreviousField, "", "To the previous field."),

    bind(Mode::Code, &[key(KeyCode::Enter)], Action::Accept, "continue", "Sign in with this code."),
    bind(Mode::Code, &[key(KeyCode::Tab)], Action::OtherCode, "other code", "Use a recovery code instead of the app's six digits, or switch back."),

    bind(Mode::OAuth, &[char('o')], Action::OpenPage, "open page", "Open the page in the browser again."),
    bind(Mode::OAuth, &[char('c')], Action::CopyAddress, "copy its address", "Copy the address of the page."),
    bind(Mode::OAuth, &[key(KeyCode::Enter)], Action::Accept, "", "Start again if something went wrong."),

    bind(Mode::Browser, &[ctrl('o')], Action::OpenPage, "open page", "Open the page in the browser: first your company's own page, if there is one, then Bitbucket's."),
    bind(Mode::Browser, &[ctrl('y')], Action::CopyAddress, "", "Copy the address of the page."),
    bind(Mode::SignInAgain, &[key(KeyCode::Enter)], Action::Accept, "sign in", "Sign in again, and continue what you were doing."),

    shown(bind(Mode::List, &[key(KeyCode::Up), char('k')], Action::Up, "move", "One row up."), "↑↓"),
    bind(Mode::List, &[key(KeyCode::Down), char('j')], Action::Down, "", "One row down."),
    shown(bind(Mode::List, &[key(KeyCode::Enter), key(KeyCode::Right), char('l')], Action::Open, "open", "Open what the cursor is on."), "enter"),

    bind(Mode::Browse, &[char('n')], Action::New, "new token", "Create a token, or see what you can do instead."),
    bind(Mode::Browse, &[char('g')], Action::Why, "git", "Find out why git is refused in this clone."),
    bind(Mode::Browse, &[char('w')], Action::WhichKind, "kind?", "Which kind of token do I need? A few questions lead to the right form."),

    bind(Mode::Tokens, &[char('n')], Action::New, "new token", "Create a token, or see what you can do instead."),
    bind(Mode::Tokens, &[char('x')], Action::Revoke, "revoke", "Revoke the marked tokens, or the one under the cursor, after a question."),
    bind(Mode::Tokens, &[char('e')], Action::Edit, "change", "Change the name or the levels of the token under the cursor."),
    bind(Mode::Tokens, &[char('R')], Action::Rotate, "rotate", "Rotate the token under the cursor: create an equal one in its place; where that was begun, finish or undo it."),
    bind(Mode::Tokens, &[char(' ')], Action::Mark, "mark", "Mark the token under the cursor, or remove its mark."),
    bind(Mode::Tokens, &[char('a')], Action::MarkAll, "", "Mark all tokens that are shown, or remove all marks."),
    bind(Mode::Tokens, &[char('s')], Action::Sort, "sort", "Sort the list: then press the key of a column."),
    bind(Mode::Tokens, &[char('w')], Action::WhichKind, "kind?", "Which kind of token do I need? A few questions lead to the right form."),
    bind(Mode::Tokens, &[char('u')], Action::UndoGit, "undo git", "Undo the git setup with a token of this place, after a question."),
    bind(Mode::Tokens, &[char('m')], Action::ManageAccount, "account", "Manage account: your personal tokens."),

    bind(Mode::List, &[char('/')], Action::Filter, "filter", "Type a few letters to see only the rows that match."),
    bind(Mode::Browse, &[char('m')], Action::ManageAccount, "account", "Manage account: your personal tokens."),
    bind(Mode::Browse, &[char('y')], Action::CopyClone, "", "Copy the repository's git clone command."),
    bind(Mode::Browse, &[char('c')], Action::CheckToken, "", "Check a token that you have found: whose it is, and what it can do."),
    bind(Mode::Browse, &[char('s')], Action::Security, "security", "Open the Security section of what the cursor is on."),
    bind(Mode::Browse, &[char('r')], Action::Refresh, "", "Read everything from the server again."),
    bind(Mode::Tokens, &[char('y')], Action::CopyClone, "", "Copy the repository's git clone command."),
    bind(Mode::Tokens, &[char('c')], Action::CheckToken, "check a token", "Check a token that you have found: whose it is, and what it can do."),
    bind(Mode::Tokens, &[char('r')], Action::Refresh, "reload", "Read everything from the server again."),
    bind(Mode::List, &[key(KeyCode::PageUp), ctrl('b')], Action::PageUp, "", "Ten rows up."),
    bind(Mode::List, &[key(KeyCode::PageDown), ctrl('f')], Action::PageDown, "", "Ten rows down."),
    bind(Mode::List, &[key(KeyCode::Home)], Action::First, "", "To the first row."),
    bind(Mode::List, &[key(KeyCode::End), char('G')], Action::Last, "", "To the last row."),
    bind(Mode::List, &[key(KeyCode::Left), char('h')], Action::Back, "", "Back one step."),

    bind(Mode::Sort, &[char('n')], Action::SortBy(Column::Name), "name", "By name."),
    bind(Mode::Sort, &[char('r')], Action::SortBy(Column::Rights), "rights", "By permissions, the highest first."),
    bind(Mode::Sort, &[char('c')], Action::SortBy(Column::Created), "created", "By creation date, the newest first."),
    bind(Mode::Sort, &[char('u')], Action::SortBy(Column::Used), "last used", "By last use, unused ones first."),
    bind(Mode::Sort, &[char('e')], Action::SortBy(Column::Expires), "expires", "By expiry, the soonest first."),
    bind(Mode::Sort, &[char('s')], Action::Sort, "as Bitbucket does", "In Bitbucket's own order."),

    bind(Mode::TokenDetails, &[key(KeyCode::Enter)], Action::Done, "close", "Close the box."),
    shown(bind(Mode::TokenDetails, &[key(KeyCode::Up), char('k')], Action::Up, "scroll", "Scroll up."), "↑↓"),
    bind(Mode::TokenDetails, &[key(KeyCode::Down), char('j')], Action::Down, "", "Scroll down."),
    bind(Mode::TokenDetails, &[char('e')], Action::Edit, "change", "Change the name or the levels of this token."),
    bind(Mode::TokenDetails, &[char('R')], Action::Rotate, "rotate", "Rotate this token: create an equal one in its place; where that was begun, finish or undo it."),
    bind(Mode::TokenDetails, &[char('x')], Action::Revoke, "revoke", "Revoke this token, after a question."),

    bind(Mode::Check, &[key(KeyCode::Enter)], Action::Accept, "continue", "Check the token; after that, start over with another one."),
    bind(Mode::Check, &[char('x')], Action::Revoke, "revoke", "Revoke the token, after a question."),
    shown(bind(Mode::Check, &[key(KeyCode::Up), char('k')], Action::Up, "scroll", "Scroll up, where the window is too low for everything."), "↑↓"),
    bind(Mode::Check, &[key(KeyCode::Down), char('j')], Action::Down, "", "Scroll down."),

    shown(bind(Mode::WhichKind, &[key(KeyCode::Up), char('k')], Action::Up, "choose", "The answer above."), "↑↓"),
    bind(Mode::WhichKind, &[key(KeyCode::Down), char('j')], Action::Down, "", "The answer below."),
    bind(Mode::WhichKind, &[key(KeyCode::Enter), key(KeyCode::Right), char('l')], Action::Accept, "continue", "Choose this answer; after the last one, open the form."),
    bind(Mode::WhichKind, &[key(KeyCode::Left), char('h')], Action::Back, "", "Back one question."),

    bind(Mode::MayNot, &[key(KeyCode::Enter)], Action::Accept, "continue", "Copy the request, or create a personal token."),
    shown(bind(Mode::MayNot, &[key(KeyCode::Up)], Action::Up, "choose", "The row above."), "↑↓"),
    bind(Mode::MayNot, &[key(KeyCode::Down), key(KeyCode::Tab)], Action::Down, "", "The row below."),
    shown(bind(Mode::MayNot, &[key(KeyCode::Left)], Action::Less, "change", "The option to the left."), "←→"),
    bind(Mode::MayNot, &[key(KeyCode::Right)], Action::More, "", "The option to the right."),
    bind(Mode::MayNot, &[key(KeyCode::BackTab)], Action::PreviousField, "", "The row above."),
    bind(Mode::MayNot, &[key(KeyCode::PageUp), ctrl('b')], Action::PageUp, "", "Scroll up, where the window is too low for everything."),
    bind(Mode::MayNot, &[key(KeyCode::PageDown), ctrl('f')], Action::PageDown, "", "Scroll down."),

    bind(Mode::NewToken, &[key(KeyCode::Enter)], Action::Accept, "continue", "Accept what is proposed and go to the button; on the button: create the token."),
    shown(bind(Mode::NewToken, &[key(KeyCode::Up)], Action::Up, "choose", "The choice above, or the previous field."), "↑↓"),
    bind(Mode::NewToken, &[key(KeyCode::Down)], Action::Down, "", "The choice below, or the next field."),
    shown(bind(Mode::NewToken, &[key(KeyCode::Left)], Action::Less, "", "Choose git on this computer, a lower level or a shorter time."), "←→"),
    bind(Mode::NewToken, &[key(KeyCode::Right)], Action::More, "", "Choose a tool, a higher level or a longer time."),
    bind(Mode::NewToken, &[key(KeyCode::Tab)], Action::NextField, "next field", "To the next field."),
    bind(Mode::NewToken, &[key(KeyCode::BackTab)], Action::PreviousField, "", "To the previous field."),

    bind(Mode::EditToken, &[key(KeyCode::Enter)], Action::Accept, "continue", "Go to the button; on the button: change the token."),
    bind(Mode::EditToken, &[key(KeyCode::Tab), key(KeyCode::Down)], Action::NextField, "next field", "To the next field."),
    bind(Mode::EditToken, &[key(KeyCode::BackTab), key(KeyCode::Up)], Action::PreviousField, "", "To the previous field."),
    shown(bind(Mode::EditToken, &[key(KeyCode::Left)], Action::Less, "level", "A lower level."), "←→"),
    bind(Mode::EditToken, &[key(KeyCode::Right)], Action::More, "", "A higher level."),

    bind(Mode::Ready, &[char('g')], Action::SetGitUp, "set git up", "Set git up on this computer, so that it uses the token automatically."),
    bind(Mode::Ready, &[key(KeyCode::Enter)], Action::Done, "done", "Leave. Bitbucket never shows this token again."),
    bind(Mode::Ready, &[char('u')], Action::UndoGit, "undo", "Undo what was set up for git."),
    bind(Mode::Ready, &[char('t')], Action::Try, "test", "Try what the token can do. Nothing is changed."),
    bind(Mode::Ready, &[char('c')], Action::Copy, "copy", "Copy the token again."),
    bind(Mode::Ready, &[char('y')], Action::CopyClone, "copy clone command", "Copy the git clone command, without the token in it."),
    bind(Mode::Ready, &[char('v')], Action::Reveal, "show/hide", "Show the token for ten seconds, or hide it again."),
    bind(Mode::Ready, &[char('f')], Action::Save, "file", "Save the token to a new file that only you can read."),
    bind(Mode::Ready, &[char('b')], Action::WhereItGoes, "where it goes", "What to enter into a script, Jenkins, GitHub Actions, GitLab CI or Argo CD, so that it uses the token."),
    bind(Mode::Ready, &[char('e')], Action::CopyBuildLine, "", "Copy the token as the line BITBUCKET_TOKEN=…, which sets a variable."),

    bind(Mode::Ready, &[key(KeyCode::Up), char('k')], Action::Up, "", "Scroll up, where the window is too low for everything."),
    bind(Mode::Ready, &[key(KeyCode::Down), char('j')], Action::Down, "", "Scroll down."),

    shown(bind(Mode::WhereItGoes, &[key(KeyCode::Left), char('h')], Action::Less, "choose", "The tool to the left."), "←→"),
    bind(Mode::WhereItGoes, &[key(KeyCode::Right), char('l')], Action::More, "", "The tool to the right."),
    bind(Mode::WhereItGoes, &[char('c'), key(KeyCode::Enter)], Action::Copy, "copy", "Copy what to enter. The token is not in it."),
    shown(bind(Mode::WhereItGoes, &[key(KeyCode::Up), char('k')], Action::Up, "scroll", "Scroll up."), "↑↓"),
    bind(Mode::WhereItGoes, &[key(KeyCode::Down), char('j')], Action::Down, "", "Scroll down."),

    shown(bind(Mode::GitSetup, &[key(KeyCode::Up), char('k')], Action::Up, "choose", "The way above."), "↑↓"),
    bind(Mode::GitSetup, &[key(KeyCode::Down), char('j')], Action::Down, "", "The way below."),
    bind(Mode::GitSetup, &[key(KeyCode::PageUp), ctrl('b')], Action::PageUp, "", "Scroll up, where the window is too low for everything."),
    bind(Mode::GitSetup, &[key(KeyCode::PageDown), ctrl('f')], Action::PageDown, "", "Scroll down."),
    bind(Mode::GitSetup, &[char('m')], Action::Mend, "mend", "Remove what is in the way of the token, where bbtoken can: a password in the address of a remote, an older header, http in place of https, a helper that is gone."),
    bind(Mode::GitSetup, &[char('u')], Action::PutBack, "put back", "Put back what was removed on this screen."),
    bind(Mode::GitSetup, &[key(KeyCode::Enter)], Action::Accept, "set up", "Write what is shown; if it does not fit into the window, scroll to its end first."),

    bind(Mode::Why, &[key(KeyCode::Enter)], Action::Accept, "continue", "Do what the last line suggests."),
    bind(Mode::Why, &[char('y')], Action::CopyReport, "copy", "Copy the report for a ticket. It contains no secrets."),
    bind(Mode::Why, &[char('u')], Action::PutBack, "put back", "Put back what was removed on this screen."),
    bind(Mode::Why, &[char('r')], Action::Refresh, "look again", "Look again."),
    bind(Mode::Why, &[key(KeyCode::Up), char('k')], Action::Up, "", "Scroll up, where the window is too low for everything."),
    bind(Mode::Why, &[key(KeyCode::Down), char('j')], Action::Down, "", "Scroll down."),

    bind(Mode::Activity, &[char('c')], Action::CopyCurl, "copy as curl", "Copy the request under the cursor as a curl command, without credentials."),
    bind(Mode::Save, &[key(KeyCode::Enter)], Action::Accept, "save", "Save the token under this name."),

    shown(bind(Mode::Help, &[key(KeyCode::Up), char('k')], Action::Up, "scroll", "Scroll up."), "↑↓"),
    bind(Mode::Help, &[key(KeyCode::Down), char('j')], Action::Down, "", "Scroll down."),
    bind(Mode::Help, &[key(KeyCode::PageUp), ctrl('b')], Action::PageUp, "", "Ten rows up."),
    bind(Mode::Help, &[key(KeyCode::PageDown), ctrl('f')], Action::PageDown, "", "Ten rows down."),
    bind(Mode::Help, &[key(KeyCode::Home)], Action::First, "", "To the beginning."),
    bind(Mode::Help, &[key(KeyCode::End), char('G')], Action::Last, "", "To the end."),
    bind(Mode::Help, &[key(KeyCode::Enter)], Action::Done, "", "Close the help."),

    bind(Mode::Question, &[key(KeyCode::Enter)], Action::Accept, "answer", "Give the selected answer: at first, the one that changes nothing. If a number has to be typed: yes, once it is typed."),
    shown(bind(Mode::Question, &[key(KeyCode::Up), char('k')], Action::Up, "choose", "The answer above; where the text is longer than the box, scroll up."), "↑↓"),
    bind(Mode::Question, &[key(KeyCode::Down), char('j')], Action::Down, "", "Scroll down; at the end of the text, the answer below."),
    bind(Mode::Question, &[char('y')], Action::Yes, "yes", "Yes."),
    bind(Mode::Question, &[char('x')], Action::Revoke, "revoke", "Revoke the token, where the question offers it."),
    bind(Mode::Question, &[char('n'), key(KeyCode::Esc)], Action::No, "no", "No: nothing happens."),

    bind(Mode::Anywhere, &[key(KeyCode::Esc)], Action::Back, "back", "Go back one step. It never quits the program."),
    bind(Mode::Anywhere, &[key(KeyCode::F(2))], Action::Share, "", "Start share mode, which hides secrets and names of people; or end it, after a question."),
    bind(Mode::Anywhere, &[key(KeyCode::F(3))], Action::HideGuidance, "", "Hide the line that says what comes next, until F4 shows it again."),
    bind(Mode::Anywhere, &[key(KeyCode::F(4))], Action::ShowGuidance, "", "Show that line again."),
    bind(Mode::Anywhere, &[key(KeyCode::F(12))], Action::Activity, "", "Activity: show the requests to Bitbucket, or hide them again."),
    bind(Mode::Anywhere, &[char('?'), key(KeyCode::F(1))], Action::Help, "help", "Explain this screen and list its keys."),
    bind(Mode::Anywhere, &[char('q'), ctrl('c')], Action::Quit, "quit", "Leave the program; asks first if something would be lost."),
    bind(Mode::Anywhere, &[ctrl('z')], Action::Suspend, "", "Suspend bbtoken; fg brings it back."),
];
