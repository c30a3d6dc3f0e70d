//! The terminal's own cursor: a screen reader reads where it stands, so it stands on what has the focus.

use crate::harness::{Harness, Setup};

/// The keys that lead to a screen or question from the sign-in on, and what stands in the row of its cursor.
const SCREENS: &[(&str, &str)] = &[
    ("", "› PLAT"),
    ("/plat", "/ plat"),
    ("<esc>", "› n  stay"),
    ("w", "› "),
    ("m", "› + New token"),
    ("m<down>", "› "),
    ("m<down><enter>", "git"),
    ("m<down>x", "Type 1 here:"),
    (
        "m<down>x<down><down><down><down><down><down><down>",
        "› enter  revoke it",
    ),
    ("m<down><down>x", "› n  keep it"),
    ("m<down>e", "Name"),
    ("m<down>e<tab>", "Project"),
    ("m<down>e<enter>", "[ Change token ]"),
    ("c", "Token"),
    ("<enter>", "› "),
    ("mn", "› ★ git"),
    ("mn<enter>", "[ Create token ]"),
    ("mn<enter><enter>", "★ g  set git up"),
    ("mn<enter><enter><enter>", "› n  stay here"),
    ("mn<enter><enter>f", "~/"),
    ("mn<enter><enter>g", "› "),
    ("mn<enter><enter>b", "‹ git in a script ›"),
    ("?", "Choose the repository"),
    ("<f12>", "› "),
];

#[tokio::test]
async fn it_stands_on_what_has_the_focus_on_every_screen() {
    for (columns, rows) in [(80, 24), (40, 10), (200, 60)] {
        for (keys, wanted) in SCREENS {
            let mut program = Harness::start(Setup {
                size: (columns, rows),
                ..Setup::default()
            })
            .await;
            program.sign_in("alice").await;
            program.keys(keys).await;
            let case = format!("{keys:?} at {columns}×{rows}");
            assert!(program.has_cursor(), "{case}:\n{}", program.text());
            let row = program.cursor_row();
            assert!(
                row.contains(wanted),
                "{case}: on {row:?}, not on {wanted:?}:\n{}",
                program.text()
            );
        }
    }
}
