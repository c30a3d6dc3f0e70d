//! "Accepting every default with Enter alone leads from the first screen of the demo to a created
//! token on the clipboard in at most eight presses."

use crate::harness::{Harness, Setup};

#[tokio::test]
async fn enter_alone_leads_to_a_token_on_the_clipboard() {
    let mut program = Harness::start(Setup {
        demo: true,
        ..Setup::default()
    })
    .await;
    for press in 1..=8 {
        assert_eq!(program.clipboard(), None, "before press {press}");
        if press == 8 {
            program.shows("[ Create token ] enter creates it");
        }
        program.keys("<enter>").await;
    }
    program.shows("Token ready");
    program.shows("on your clipboard");
    let token = program.clipboard().unwrap();
    program.hides(&token);
    program.keys("<enter>").await;
    program.shows("git for alice on");
    program.hides(&token);
}
