//! Names that attack the terminal which shows them: nothing of it reaches the screen.

use crate::harness::{Harness, Setup};

/// Characters that a terminal obeys, or that are not seen.
fn is_dangerous(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{ad}'
                | '\u{61c}'
                | '\u{180e}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{feff}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e007f}'
        )
}

fn is_clean(program: &mut Harness) {
    let buffer = program.buffer();
    for cell in buffer.content() {
        let symbol = cell.symbol();
        assert!(
            !symbol.chars().any(is_dangerous),
            "{symbol:?} on the screen:\n{}",
            program.text()
        );
        assert!(symbol.chars().count() < 8, "a heap of marks: {symbol:?}");
    }
}

#[tokio::test]
async fn nothing_hostile_reaches_the_screen() {
    for size in [(80, 24), (120, 40), (200, 60), (50, 15)] {
        let mut program = Harness::start(Setup {
            size,
            ..Setup::default()
        })
        .await;
        program.sign_in("root").await;
        program.keys("/vendor").await;
        program.shows("EVIL");
        is_clean(&mut program);
        program.keys("<enter>").await;
        for _ in 0..5 {
            is_clean(&mut program);
            // Details, Security, tokens, form, and back.
            program.keys("<enter>").await;
            is_clean(&mut program);
            program.keys("<enter>").await;
            is_clean(&mut program);
            program.keys("n").await;
            program.shows("› New token");
            is_clean(&mut program);
            program.keys("<esc><esc><esc>j").await;
        }
    }
}

#[tokio::test]
async fn a_hostile_token_can_be_looked_at_and_revoked() {
    let mut program = Harness::start(Setup {
        size: (120, 40),
        ..Setup::default()
    })
    .await;
    program.sign_in("root").await;
    program.keys("/vendor<enter><esc>s<enter>").await;
    is_clean(&mut program);
    program.keys("j").await;
    is_clean(&mut program);
    program.keys("x").await;
    program.shows("Revoke \"token");
    is_clean(&mut program);
    program.keys("y").await;
    program.shows("No tokens here yet.");
    is_clean(&mut program);
}

#[tokio::test]
async fn a_token_for_a_hostile_repository_has_a_harmless_name() {
    let mut program = Harness::new().await;
    program.sign_in("root").await;
    program.keys("/vendor<enter>").await;
    program.keys("n<enter><enter>").await;
    program.shows("Token ready");
    is_clean(&mut program);
    program.keys("l").await;
    let command = program.clipboard().unwrap();
    assert!(!command.chars().any(is_dangerous), "{command:?}");
}

#[tokio::test]
async fn what_a_hostile_server_says_is_cleaned_too() {
    use bbtoken::simulator::FaultEffect;
    let mut program = Harness::new().await;
    program.sign_in("alice").await;
    let words = "\u{1b}[2Jred\u{202e}desrever \u{1b}]0;title\u{7}\r\nzero\u{200b}width";
    program.fault(None, "/repos", 1, FaultEffect::Status(500, words.into()));
    program.keys("<enter>").await;
    program.shows("zerowidth");
    is_clean(&mut program);
}

#[tokio::test]
async fn what_is_pasted_is_harmless_on_the_screen() {
    let mut program = Harness::new().await;
    program.sign_in("alice").await;
    let text = "a\u{1b}[31mb\u{202e}c\u{200b}d\u{7}e\n";
    program.keys("/").await;
    program.paste(text).await;
    is_clean(&mut program);
    program.keys("<esc>mn<tab><c-u>").await;
    program.paste(text).await;
    is_clean(&mut program);
    program.keys("<esc><esc><esc>y").await;
    program.paste(text).await;
    is_clean(&mut program);
    program.keys("<enter>").await;
    is_clean(&mut program);
}
