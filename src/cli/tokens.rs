//! Tokens as commands print them: a table for people, lines with tabs for pipes, JSON for programs.

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::bitbucket::{Scope, Token, When};
use crate::operation::last_use::LastUse;
use crate::permission::{Level, Permissions, Unclear};
use crate::when;
use crate::widget::fit;

/// Where no terminal says how wide it is.
const USUAL_WIDTH: u16 = 80;
/// No name of a token is cut to less.
const SHORTEST_NAME: usize = 12;
/// There is no such moment.
const NEVER: &str = "never";
/// The server does not tell.
const UNKNOWN: &str = "not known";
const COLUMNS: usize = 6;
const HEADINGS: [&str; COLUMNS] = [
    "NAME",
    "PROJECT",
    "REPOSITORY",
    "LAST USED",
    "EXPIRES",
    "ID",
];

/// A token for programs.
pub(super) fn json(token: &Token) -> Value {
    json!({
        "id": token.id,
        "name": token.name,
        "permissions": token.permissions.as_ref().map(Permissions::to_api),
        "created": token.created.map(iso),
        "last_used": when(token.last_used),
        "expires": when(token.expires),
    })
}

/// A place for programs.
pub(super) fn place(scope: &Scope) -> Value {
    match scope {
        Scope::Personal { user } => json!({"kind": "personal", "user": user}),
        Scope::Project { key } => json!({"kind": "project", "project": key}),
        Scope::Repository { project, slug } => {
            json!({"kind": "repository", "project": project, "repository": slug})
        }
    }
}

/// A token on a line of its own, with tabs between its fields: no server's text holds one.
pub(super) fn line(token: &Token) -> String {
    let permissions = token.permissions.as_ref().map(Permissions::to_api);
    [
        token.id.clone(),
        token.name.clone(),
        permissions.unwrap_or_default().join(","),
        token.created.map(iso).unwrap_or_default(),
        when(token.last_used).unwrap_or_default(),
        when(token.expires).unwrap_or_default(),
    ]
    .join("\t")
}

/// Tokens for people, as wide as their terminal. Names that do not fit are cut in the middle: numbered
/// ones differ at the end.
pub(super) fn table(
    tokens: &[Token],
    last_use: impl Fn(&Token) -> LastUse,
    now: Timestamp,
) -> String {
    let width = crossterm::terminal::size().map_or(USUAL_WIDTH, |(columns, _)| columns);
    let rows: Vec<_> = tokens
        .iter()
        .map(|token| row(token, last_use(token), now))
        .collect();
    let mut widths = HEADINGS.map(str::len);
    for row in &rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = fit::width(cell).max(*width);
        }
    }
    let gaps = 2 * (widths.len() - 1);
    let others: usize = widths[1..].iter().sum();
    let room = usize::from(width).saturating_sub(others + gaps);
    widths[0] = widths[0].min(room.max(SHORTEST_NAME));
    let mut text = String::new();
    for row in std::iter::once(HEADINGS.map(str::to_owned)).chain(rows) {
        let cells = row.iter().zip(widths);
        let cells: Vec<_> = cells
            .map(|(cell, width)| fit::column(&fit::middle(cell, width), width))
            .collect();
        text.push_str(cells.join("  ").trim_end());
        text.push('\n');
    }
    text
}

fn row(token: &Token, last_use: LastUse, now: Timestamp) -> [String; COLUMNS] {
    let ago = |time| when::relative(time, now);
    let expires = match token.expires {
        When::At(time) if time <= now => "expired".to_owned(),
        When::At(time) => ago(time),
        When::Never => NEVER.to_owned(),
        When::Unknown => UNKNOWN.to_owned(),
    };
    let last_used = match last_use {
        LastUse::At(time) => ago(time),
        LastUse::Tried(_) => "only tested".to_owned(),
        LastUse::Never => NEVER.to_owned(),
        LastUse::Unknown => UNKNOWN.to_owned(),
    };
    let permissions = token.permissions.as_ref();
    [
        token.name.clone(),
        level(permissions.map(Permissions::project_level)),
        level(permissions.map(Permissions::repository_level)),
        last_used,
        expires,
        token.id.clone(),
    ]
}

/// "read", "write" or "admin"; a level that this version does not know is no known one.
fn level(level: Option<Result<Option<Level>, Unclear>>) -> String {
    match level {
        Some(Ok(Some(level))) => level.word(),
        Some(Ok(None)) => "–",
        Some(Err(_)) => "?",
        None => UNKNOWN,
    }
    .to_owned()
}

/// "never", or nothing where the server does not tell.
fn when(time: When) -> Option<String> {
    match time {
        When::At(time) => Some(iso(time)),
        When::Never => Some(NEVER.to_owned()),
        When::Unknown => None,
    }
}

fn iso(time: Timestamp) -> String {
    time.to_string()
}
