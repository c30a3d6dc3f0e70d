//! Tokens as commands print them: a table for people, lines with tabs for pipes, JSON for programs.

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::bitbucket::{Scope, Token};
use crate::when;
use crate::widget::fit;

/// Where no terminal says how wide it is.
const USUAL_WIDTH: u16 = 80;
/// No name of a token is cut to less.
const SHORTEST_NAME: usize = 12;
const HEADINGS: [&str; 5] = ["NAME", "PERMISSIONS", "LAST USED", "EXPIRES", "ID"];

/// A token for programs.
pub(super) fn json(token: &Token) -> Value {
    json!({
        "id": token.id,
        "name": token.name,
        "permissions": token.permissions.to_api(),
        "created": token.created.map(iso),
        "last_used": token.last_used.map(iso),
        "expires": token.expires.map(iso),
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
    let time = |time: Option<Timestamp>| time.map(iso).unwrap_or_default();
    [
        token.id.clone(),
        token.name.clone(),
        token.permissions.to_api().join(","),
        time(token.created),
        time(token.last_used),
        time(token.expires),
    ]
    .join("\t")
}

/// Tokens for people, as wide as their terminal; names that do not fit are cut.
pub(super) fn table(tokens: &[Token], now: Timestamp) -> String {
    let width = crossterm::terminal::size().map_or(USUAL_WIDTH, |(columns, _)| columns);
    let rows: Vec<_> = tokens.iter().map(|token| row(token, now)).collect();
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
            .map(|(cell, width)| fit::column(cell, width))
            .collect();
        text.push_str(cells.join("  ").trim_end());
        text.push('\n');
    }
    text
}

fn row(token: &Token, now: Timestamp) -> [String; 5] {
    let ago = |time| when::relative(time, now);
    let expires = match token.expires {
        None => "never".to_owned(),
        Some(time) if time <= now => "expired".to_owned(),
        Some(time) => ago(time),
    };
    [
        token.name.clone(),
        token.permissions.to_string(),
        token.last_used.map_or_else(|| "–".to_owned(), ago),
        expires,
        token.id.clone(),
    ]
}

fn iso(time: Timestamp) -> String {
    time.to_string()
}
