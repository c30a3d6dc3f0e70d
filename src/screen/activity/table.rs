//! The table of requests, and the details of the one under the cursor.
//!
//! ```text
//!   Time      Reply  Method  What for                                     Took
//! › 09:41:07  ✓ 200  GET     list the HTTP access tokens                 12 ms
//!   09:41:06  ✗ 401  GET     list the repositories of a project: not permitted
//! ```

use std::time::Duration;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::Clear;

use super::Activity;
use crate::bitbucket::{Progress, Record};
use crate::ui::layer::View;
use crate::ui::listing;
use crate::when;
use crate::widget::pane::{self, Pane, Rows};
use crate::widget::{fit, lines, popup};

/// The room for the details: at the right of the table, or below it.
const DETAILS_WIDTH: u16 = 48;
const DETAILS_HEIGHT: u16 = 9;
const POPUP_WIDTH: u16 = 72;
const LABEL: usize = 10;
const TIME: usize = 8;
const REPLY: usize = 5;
const METHOD: usize = 6;
const NUMBER: usize = 8;
/// The purpose has at least so much room before anything else has any.
const PURPOSE: usize = 34;
/// And at most so much, where the path stands beside it.
const LONGEST_PURPOSE: usize = 46;
/// A shorter path tells nothing.
const PATH: usize = 28;
/// In share mode this stands for somebody's name.
const MASK: &str = "•••••";

/// Which columns there is room for.
#[derive(Clone, Copy)]
struct Columns {
    method: bool,
    took: bool,
    size: bool,
    purpose: usize,
    path: Option<usize>,
}

impl Columns {
    fn within(width: usize) -> Self {
        let mut room = width.saturating_sub(TIME + REPLY + 4);
        let mut takes = |columns: usize, least: usize| {
            let fits = room >= least + columns + 2;
            if fits {
                room -= columns + 2;
            }
            fits
        };
        let took = takes(NUMBER, PURPOSE - 8);
        let method = takes(METHOD, PURPOSE);
        let size = takes(NUMBER, PURPOSE);
        let (purpose, path) = if room >= PURPOSE + PATH + 2 {
            let purpose = LONGEST_PURPOSE.min(room - PATH - 2);
            (purpose, Some(room - purpose - 2))
        } else {
            (room, None)
        };
        Self {
            method,
            took,
            size,
            purpose,
            path,
        }
    }

    fn cells(self, cells: &Cells<'_>, style: Style, state: Style) -> Vec<Span<'static>> {
        let mut line = fit::column(cells.time, TIME) + "  ";
        let mut spans = Vec::new();
        spans.push(Span::styled(std::mem::take(&mut line), style));
        spans.push(Span::styled(fit::column(cells.reply, REPLY), state));
        if self.method {
            line.push_str("  ");
            line.push_str(&fit::column(cells.method, METHOD));
        }
        spans.push(Span::styled(line + "  ", style));
        spans.push(Span::styled(
            fit::column(cells.purpose, self.purpose),
            state,
        ));
        let mut line = String::new();
        if let Some(width) = self.path {
            line.push_str("  ");
            line.push_str(&fit::column(&fit::middle(cells.path, width), width));
        }
        for (is_shown, text) in [(self.took, cells.took), (self.size, cells.size)] {
            if is_shown {
                line.push_str("  ");
                line.push_str(&fit::column_right(text, NUMBER));
            }
        }
        spans.push(Span::styled(line, style));
        spans
    }
}

/// The texts of a row.
struct Cells<'a> {
    time: &'a str,
    reply: &'a str,
    method: &'a str,
    purpose: &'a str,
    path: &'a str,
    took: &'a str,
    size: &'a str,
}

impl Activity {
    pub(super) fn draw(&self, frame: &mut Frame<'_>, area: Rect, view: View<'_>) {
        // The screen below has been drawn, also what it reveals.
        frame.render_widget(Clear, area);
        let (table, details) = pane::with_details(area, DETAILS_WIDTH, DETAILS_HEIGHT);
        self.draw_table(frame, table, view);
        if let Some(details) = details {
            let pane = Pane {
                title: "Details",
                note: "",
                focused: false,
            };
            let inside = pane.draw(frame, details, view.theme);
            if let Some(record) = self.picker.current() {
                let width = usize::from(inside.width);
                lines::draw(frame, inside, details_of(record, width, view));
            }
        }
        if let (Some(scroll), Some(record)) = (self.details, self.picker.current()) {
            let width = POPUP_WIDTH.min(area.width);
            let lines = details_of(record, popup::text_width(width), view);
            popup::scrolled(frame, area, width, "Request", lines, scroll, view.theme);
        }
    }

    /// How many lines of the details do not fit into a window of this size.
    pub(super) fn hidden(&self, (columns, rows): (u16, u16), view: View<'_>) -> usize {
        let width = popup::text_width(POPUP_WIDTH.min(columns));
        let record = self.picker.current();
        let lines = record.map_or(0, |record| details_of(record, width, view).len());
        lines.saturating_sub(usize::from(rows.saturating_sub(2)))
    }

    fn draw_table(&self, frame: &mut Frame<'_>, area: Rect, view: View<'_>) {
        let theme = view.theme;
        let pane = Pane {
            title: "Activity: requests to Bitbucket",
            note: &self.count(),
            focused: true,
        };
        let inside = pane.draw(frame, area, theme);
        let width = usize::from(inside.width).saturating_sub(2);
        let columns = Columns::within(width);
        let head = Cells {
            time: "Time",
            reply: "Reply",
            method: "Method",
            purpose: "What for",
            path: "Path",
            took: "Took",
            size: "Size",
        };
        let mut spans = vec![Span::raw("  ")];
        spans.extend(columns.cells(&head, theme.dim, theme.dim));
        frame.render_widget(Line::from(spans), inside);
        let rows = Rows {
            picker: &self.picker,
            focused: true,
            draw_row: &|record, _| row(record, columns, view),
        };
        let free = rows.draw(frame, pane::below(inside, 1), theme);
        let nothing = if self.picker.nothing_fits() {
            format!("  {}", listing::no_matches("the requests"))
        } else if self.picker.rows().is_empty() {
            "  bbtoken has sent no requests yet.".to_owned()
        } else {
            return;
        };
        lines::draw(frame, free, [Line::styled(nothing, theme.dim)]);
    }

    /// "42", or "3 of 42" under a filter.
    fn count(&self) -> String {
        let all = self.picker.rows().len();
        match self.picker.filter() {
            Some((filter, _)) if !filter.is_empty() => {
                format!("{} of {all}", self.picker.shown().len())
            }
            _ => all.to_string(),
        }
    }
}

fn row(record: &Record, columns: Columns, view: View<'_>) -> Vec<Span<'static>> {
    let theme = view.theme;
    let status = record
        .status
        .map_or_else(String::new, |status| status.to_string());
    let (sign, word, state) = match &record.state {
        Progress::UnderWay => ("…", Some("under way"), theme.text),
        Progress::Pauses { .. } => (
            "…",
            Some("waits, since the server asked for a pause"),
            theme.warning,
        ),
        Progress::Succeeded => (sign_of(record), None, theme.text),
        Progress::Failed { why, .. } => ("✗", Some(why.as_str()), theme.bad),
        Progress::GivenUp => ("–", Some("given up"), theme.dim),
    };
    let purpose = match word {
        Some(word) => format!("{}: {word}", record.purpose),
        None => record.purpose.to_owned(),
    };
    let path = path(record, view);
    let ended = !matches!(record.state, Progress::UnderWay | Progress::Pauses { .. });
    let cells = Cells {
        time: &when::time_of_day(record.started.time, &view.session.zone),
        reply: &format!("{sign} {status}"),
        method: &record.method,
        purpose: &purpose,
        path: path.split('?').next().unwrap_or_default(),
        took: &if ended {
            duration(record.took)
        } else {
            String::new()
        },
        size: &record.size.map(size).unwrap_or_default(),
    };
    columns.cells(&cells, theme.text, state)
}

/// Where any answer tells something, one that says no is neither a success nor a failure.
fn sign_of(record: &Record) -> &'static str {
    match record.status {
        Some(400..) => "·",
        _ => "✓",
    }
}

/// Everything in full.
fn details_of(record: &Record, width: usize, view: View<'_>) -> Vec<Line<'static>> {
    let theme = view.theme;
    let status = record.status.map(|status| format!("{status}, "));
    let status = status.unwrap_or_default();
    let after = duration(record.took);
    let (answer, style) = match &record.state {
        Progress::UnderWay => ("… under way: no answer yet".to_owned(), theme.text),
        Progress::Pauses { until } => {
            let until = when::time_of_day(*until, &view.session.zone);
            (
                format!("… {status}the server wants a pause: asked again at {until}"),
                theme.warning,
            )
        }
        Progress::Succeeded => {
            let size = record.size.map(|bytes| format!("{}, ", size(bytes)));
            let size = size.unwrap_or_default();
            let sign = sign_of(record);
            (format!("{sign} {status}{size}after {after}"), theme.text)
        }
        Progress::Failed { why, .. } => (format!("✗ {status}after {after}: {why}"), theme.bad),
        Progress::GivenUp => (format!("– given up after {after}"), theme.text),
    };
    let technical = match &record.state {
        Progress::Failed { technical, .. } => Some(technical.clone()),
        _ => None,
    };
    let request = format!("{} {}", record.method, path(record, view));
    let sent = format!(
        "{}, {}",
        when::time_of_day(record.started.time, &view.session.zone),
        if record.is_signed {
            "with credentials"
        } else {
            "without credentials"
        }
    );
    let rows = [
        ("request", Some(request), theme.text),
        ("answer", Some(answer), style),
        ("technical", technical, theme.text),
        ("sent", Some(sent), theme.text),
        ("server id", record.request_id.clone(), theme.text),
    ];
    let mut lines: Vec<_> = lines::wrapped(record.purpose, theme.strong, width).collect();
    for (label, text, style) in rows {
        if let Some(text) = text {
            lines.extend(lines::labelled(
                (label, theme.dim),
                LABEL,
                &text,
                style,
                width,
            ));
        }
    }
    lines
}

/// The path as it may be seen here.
fn path(record: &Record, view: View<'_>) -> String {
    if view.session.share {
        without_names(&record.path)
    } else {
        record.path.clone()
    }
}

/// The path with a mask for whoever it names, signed in or not: `/users/alice`, `/projects/~alice`.
fn without_names(path: &str) -> String {
    let mut is_name = false;
    path.split_inclusive(['/', '?', '&', '='])
        .map(|part| {
            let text = part.trim_end_matches(['/', '?', '&', '=']);
            let end = &part[text.len()..];
            let is_personal = text.starts_with('~') || text.starts_with("%7E");
            let hides = (is_name || is_personal) && !text.is_empty();
            is_name = part == "users/";
            if hides {
                format!("{MASK}{end}")
            } else {
                part.to_owned()
            }
        })
        .collect()
}

/// "340 ms", "1.2 s".
fn duration(took: Duration) -> String {
    match took.as_millis() {
        short @ ..1000 => format!("{short} ms"),
        _ => format!("{:.1} s", took.as_secs_f64()),
    }
}

/// "340 B", "1.2 kB".
fn size(bytes: usize) -> String {
    match bytes {
        ..1000 => format!("{bytes} B"),
        1000..1_000_000 => format!("{:.1} kB", bytes as f64 / 1e3),
        _ => format!("{:.1} MB", bytes as f64 / 1e6),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_paths_are_masked() {
        for (path, wanted) in [
            (
                "/rest/api/latest/users/alice",
                "/rest/api/latest/users/•••••",
            ),
            (
                "/rest/access-tokens/latest/users/a_b/12",
                "/rest/access-tokens/latest/users/•••••/12",
            ),
            (
                "/scm/~alice/notes.git/info/refs",
                "/scm/•••••/notes.git/info/refs",
            ),
            (
                "/x?projectkey=%7Ealice&start=0",
                "/x?projectkey=•••••&start=0",
            ),
            (
                "/a/permissions/users?limit=1",
                "/a/permissions/users?limit=1",
            ),
        ] {
            assert_eq!(without_names(path), wanted);
        }
    }

    #[test]
    fn rows_fill_their_width_exactly() {
        for width in 40..200 {
            let cells = Cells {
                time: "09:00:00",
                reply: "✓ 200",
                method: "GET",
                purpose: "list the projects",
                path: "/rest/api/latest/projects",
                took: "12 ms",
                size: "1.2 kB",
            };
            let spans = Columns::within(width).cells(&cells, Style::new(), Style::new());
            assert_eq!(Line::from(spans).width(), width);
        }
    }
}
