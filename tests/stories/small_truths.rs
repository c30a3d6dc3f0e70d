//! What a screen says is so: an expired token can do nothing, a name that is taken is warned of, a list of
//! abilities is whole.

use crate::harness::alice_at;

#[tokio::test]
async fn an_expired_token_can_do_nothing() {
    let mut program = alice_at("<enter>j<enter><enter>", (120, 40)).await;
    let mut expired = 0;
    for _ in 0..5 {
        program.keys("<down><enter>").await;
        if program.text().contains("expires  ✗ expired") {
            expired += 1;
            program.shows("✗ It has expired, so it can do nothing any more.");
            program.hides("✓ It can");
        } else {
            program.shows("✓ It can clone and pull billing-api");
        }
        program.keys("<esc>").await;
    }
    assert!(expired > 0, "there was no expired token");
}

#[tokio::test]
async fn a_name_that_is_taken_is_warned_of_on_the_form() {
    for size in [(80, 24), (120, 40)] {
        let mut program = alice_at("<enter>jn", size).await;
        program.hides("of this name");
        program.keys("<tab><c-u>").await;
        program.paste("Jenkins nightly build").await;
        program.shows("! A token of this name is");
        program.keys("x").await;
        program.hides("of this name");
    }
}

#[tokio::test]
async fn what_a_token_can_and_cannot_is_never_cut() {
    for keys in ["mn", "n", "<enter>jn"] {
        for size in [(80, 24), (120, 40), (200, 60)] {
            for preset in ["", "<down>", "<down><down>", "<down><down><down>"] {
                let mut program = alice_at(&format!("{keys}{preset}"), size).await;
                let text = program.text();
                let cut = text.lines().filter(|line| line.trim_end().ends_with('…'));
                let cut: Vec<_> = cut.filter(|line| !line.contains("custom …")).collect();
                assert!(cut.is_empty(), "{size:?} {keys}{preset}: {cut:?}\n{text}");
                let is_whole = ["administer the server", "do what no token can"];
                assert!(is_whole.iter().any(|last| text.contains(last)), "{text}");
            }
        }
    }
}

#[tokio::test]
async fn the_help_pages_like_every_list() {
    let mut program = alice_at("?", (80, 24)).await;
    let first = program.text();
    for (there, back) in [
        ("<pagedown>", "<pageup>"),
        ("<c-f>", "<c-b>"),
        ("<end>", "<home>"),
        ("G", "<home>"),
    ] {
        program.keys(there).await;
        assert_ne!(program.text(), first, "{there}");
        program.keys(back).await;
        assert_eq!(program.text(), first, "{back}");
    }
    program.keys("G").await;
    program.shows("Suspend bbtoken; fg brings it back.");
}
