//! "Accepting every default with Enter alone leads from the first screen of the demo to a created
//! token on the clipboard in at most eight presses."

use crate::harness::{Harness, Setup, in_days, repository};

#[tokio::test]
async fn enter_alone_leads_to_a_token_on_the_clipboard() {
    let mut program = Harness::start(Setup {
        demo: true,
        ..Setup::default()
    })
    .await;
    let place = repository("PLAT", "api-gateway");
    for press in 1..=8 {
        assert_eq!(program.clipboard(), None, "before press {press}");
        if press == 8 {
            program.shows("[ Create token ] enter creates it");
            assert!(program.new_tokens(&place).await.is_empty());
        }
        program.keys("<enter>").await;
    }
    program.shows("Token ready");
    program.shows("on your clipboard");
    let secret = program.clipboard().unwrap();
    program.hides(&secret);

    let token = program.new_token(&place).await;
    assert_eq!(token.name, "git for alice on laptop (api-gateway)");
    assert_eq!(token.permissions.unwrap().to_api(), ["REPO_WRITE"]);
    assert_eq!(token.expires.at(), Some(in_days(90)));

    // Done: back in the list, which knows the new token.
    program.keys("<enter>").await;
    program.shows("git for alice on");
    program.hides(&secret);
}

#[tokio::test]
async fn the_demo_says_that_it_is_one_and_fills_the_sign_in_in() {
    let mut program = Harness::start(Setup {
        demo: true,
        ..Setup::default()
    })
    .await;
    program.shows("DEMO");
    program.keys("<enter>").await;
    program.shows("DEMO");
    program.shows("alice");
    program.shows("•••••");
}
