//! Keys: moving about, the filter, the help, and no surprise on the way out.

use bbtoken::ui::notice::NOTICE_TIME;

use crate::harness::Harness;

async fn signed_in() -> Harness {
    let mut program = Harness::new().await;
    program.sign_in("alice").await;
    program.is_on("PLAT");
    program
}

#[tokio::test]
async fn arrows_and_vim_keys_move_alike() {
    let mut program = signed_in().await;
    for (down, up) in [("<down>", "<up>"), ("j", "k")] {
        program.keys(down).await;
        program.is_on("DATA");
        program.keys(up).await;
        program.is_on("PLAT");
        program.keys(up).await;
        program.is_on("PLAT");
    }
    for (open, back) in [("<right>", "<left>"), ("l", "h"), ("<enter>", "<esc>")] {
        program.keys(open).await;
        program.is_on("api-gateway");
        program.keys(open).await;
        program.is_on("HTTP access tokens  ");
        program.keys(open).await;
        program.is_on("+ New token");
        program.keys(back).await;
        program.is_on("HTTP access tokens  ");
        program.keys(back).await;
        program.is_on("api-gateway");
        program.keys(back).await;
        program.is_on("PLAT");
    }
}

#[tokio::test]
async fn pages_and_ends_are_one_key_away() {
    let mut program = signed_in().await;
    program.keys("<enter><home>").await;
    program.is_on("Project settings");
    for (down, up) in [("<pagedown>", "<pageup>"), ("<c-f>", "<c-b>")] {
        program.keys(down).await;
        program.is_on("identity-provider");
        program.keys(up).await;
        program.is_on("Project settings");
    }
    for end in ["<end>", "G"] {
        program.keys(end).await;
        program.is_on("webhook-relay");
        program.keys("<home>").await;
    }
}

#[tokio::test]
async fn tab_and_arrows_go_through_the_fields_of_the_sign_in() {
    let mut program = Harness::new().await;
    program.keys("<enter>").await;
    program.keys("alice<tab>not right<s-tab><down><up>").await;
    program
        .keys("<home>x<delete><end><tab><c-u>alice<enter>")
        .await;
    program.shows("You are not signed in.");
    program.shows("xlice");
}

#[tokio::test]
async fn the_filter_is_fuzzy_and_the_best_row_is_the_one_to_open() {
    let mut program = signed_in().await;
    program.keys("<enter>/ntfhub").await;
    program.shows("› notification-hub");
    program.hides("billing-api");
    program.hides("Project settings");
    program.keys("<enter>").await;
    program.shows("Platform (PLAT) › notification-hub › Repository settings › Security");
}

#[tokio::test]
async fn esc_clears_the_filter_and_keeps_the_row() {
    let mut program = signed_in().await;
    program.keys("<enter>/webhook<esc>").await;
    program.is_on("webhook-relay");
    program.shows("tenant-directory");
    program.keys("<esc>").await;
    program.is_on("PLAT");
}

#[tokio::test]
async fn a_filter_that_fits_nothing_says_so() {
    let mut program = signed_in().await;
    program.keys("/qqqq").await;
    program.shows("No matches in the projects and repositories. Press esc to show all.");
    program.keys("<enter>n").await;
    program.keys("<esc>").await;
    program.shows("Platform");
}

#[tokio::test]
async fn letters_are_text_while_a_filter_is_typed() {
    let mut program = signed_in().await;
    program.keys("/q?nsmrjk").await;
    assert!(!program.has_quit());
    program.shows("/ q?nsmrjk");
    program.keys("<c-u>").await;
    program.paste("research\n").await;
    program.shows("Research Data");
    program.hides("Platform");
}

#[tokio::test]
async fn the_arrows_move_while_a_filter_is_typed() {
    let mut program = signed_in().await;
    program.keys("<enter>/service<down><enter>").await;
    program.shows("Platform (PLAT) › service-template-rust › Repository settings › Security");
}

/// Once, whatever was typed stayed a filter for ever: `x` could not reach the token that the filter
/// had found.
#[tokio::test]
async fn after_enter_the_filter_stays_and_letters_are_commands_again() {
    let mut program = signed_in().await;
    program.keys("<enter>j<enter><enter>/jenkins").await;
    program.hides("+ New token");
    program.hides("release-bot");
    program.keys("<enter>x").await;
    program.shows("Revoke \"Jenkins nightly build\"?");
    program.keys("<esc>").await;
    program.hides("release-bot");
    program.keys("<esc>").await;
    program.shows("release-bot");

    let mut program = signed_in().await;
    program.keys("/research<enter><esc>n").await;
    program.shows("Research Data (DATA) › ");
    program.shows("New token");
}

#[tokio::test]
async fn every_screen_has_its_help() {
    let mut program = Harness::new().await;
    for (keys, purpose, heading) in [
        (
            "",
            "Type the address of your Bitbucket",
            "Address and sign-in",
        ),
        (
            "<enter>",
            "Sign in with the user name",
            "Address and sign-in",
        ),
        (
            "alice<enter>alice<enter>",
            "Choose the repository",
            "Projects, repositories, Security",
        ),
        (
            "<enter>",
            "Choose the repository",
            "Projects, repositories, Security",
        ),
        (
            "<enter>",
            "Choose the repository",
            "Projects, repositories, Security",
        ),
        (
            "<enter>",
            "These are the HTTP access tokens",
            "HTTP access tokens",
        ),
        ("<enter>", "Choose who will use the token", "New token"),
        ("<enter><enter>", "The token was created", "Token ready"),
    ] {
        program.keys(keys).await;
        // News go with the next key anyway.
        program.advance(NOTICE_TIME).await;
        let before = program.text();
        // Where letters are text, F1 is the key.
        program.keys("<f1>").await;
        program.shows("─ Help ");
        program.shows(purpose);
        program.shows(heading);
        program.keys("<esc>").await;
        assert_eq!(program.text(), before);
    }
    program.keys("?").await;
    program.shows("─ Help ");
    program.keys("?").await;
    program.hides("─ Help ");
}

#[tokio::test]
async fn a_long_help_scrolls_to_its_end() {
    let mut program = signed_in().await;
    program.keys("?").await;
    program.hides("Suspend bbtoken; fg brings it back");
    program.keys(&"j".repeat(60)).await;
    program.shows("Suspend bbtoken; fg brings it back");
    program.keys(&"<up>".repeat(60)).await;
    program.shows("Choose the repository");
    program.keys("<enter>").await;
    program.is_on("PLAT");
}

#[tokio::test]
async fn on_the_first_screen_esc_says_how_to_leave_and_stays() {
    let mut program = Harness::new().await;
    program.keys("<esc>").await;
    program.shows("This is the first screen: ctrl+c leaves.");
    assert!(!program.has_quit());
    program.keys("q").await;
    assert!(!program.has_quit(), "q is a letter of an address");
    program.keys("<c-c>").await;
    assert!(program.has_quit());
}

#[tokio::test]
async fn esc_leads_back_step_by_step_and_never_out() {
    let mut program = signed_in().await;
    program.keys("<enter><enter><enter><enter><esc>").await;
    program.is_on("+ New token");
    program.keys("<esc>").await;
    program.is_on("HTTP access tokens  ");
    program.keys("<esc>").await;
    program.is_on("api-gateway");
    program.keys("<esc>").await;
    program.is_on("PLAT");
    program.keys("<esc>").await;
    program.shows("Sign alice out and go back to the first screen?");
    program.keys("<esc>").await;
    program.is_on("PLAT");
    for _ in 0..20 {
        program.keys("<esc>").await;
    }
    assert!(!program.has_quit());
    program.shows("alice ·");
}

#[tokio::test]
async fn signing_out_is_a_question_and_keeps_the_name_alone() {
    let mut program = signed_in().await;
    program.keys("<esc>y").await;
    program.shows("Where is your Bitbucket?");
    program.hides("alice ·");
    program.keys("<enter>").await;
    program.shows("Who are you?");
    program.shows("User name  alice");
    program.hides("•");
    // Another name takes its place as soon as it is typed.
    program.keys("<s-tab>bob<enter>bob<enter>").await;
    program.shows("bob ·");
}

#[tokio::test]
async fn a_question_takes_its_answers_and_nothing_else() {
    let mut program = signed_in().await;
    program.keys("<esc>").await;
    let question = program.text();
    program.keys("q?<c-c>x/<tab>").await;
    program.hides("Answer this question with y or n.");
    assert_eq!(program.text(), question);
    assert!(!program.has_quit());
    program.keys("n").await;
    program.hides("Sign alice out");
}

#[tokio::test]
async fn q_leaves_at_once_where_nothing_would_be_lost() {
    for keys in ["", "<enter>", "<enter><enter>", "m", "n", "?"] {
        let mut program = signed_in().await;
        program.keys(keys).await;
        assert!(!program.has_quit());
        program.keys("q").await;
        assert!(program.has_quit(), "after {keys:?}");
    }
}

#[tokio::test]
async fn the_terminals_cursor_stands_on_what_has_the_focus() {
    let mut program = signed_in().await;
    program.keys("n").await;
    program.is_on("★ git, read and write");
    program.keys("<down>").await;
    program.is_on("git, read only");
    program.keys("<down><down><down>").await;
    program.is_on("custom");
    program.keys("<tab>").await;
    program.is_on("Project");
    program.keys("<tab>").await;
    program.is_on("Repository");
}

#[tokio::test]
async fn a_footer_shows_keys_that_work_and_no_others() {
    let mut program = Harness::new().await;
    program.sign_in("bob").await;
    program.keys("/plat<enter>").await;
    let footer = |program: &mut Harness| program.text().lines().last().unwrap().to_owned();
    program.keys("m").await;
    let at_tokens = footer(&mut program);
    assert!(at_tokens.contains("n new token"), "{at_tokens}");
    assert!(!at_tokens.contains("x revoke"), "{at_tokens}");
    program.keys("j").await;
    let on_a_token = footer(&mut program);
    assert!(on_a_token.contains("x revoke"), "{on_a_token}");
}

#[tokio::test]
async fn pasted_text_is_no_command() {
    for keys in [
        "",
        "<enter>",
        "<enter><enter>",
        "m",
        "n",
        "mn<enter><enter>",
    ] {
        let mut program = signed_in().await;
        program.keys(keys).await;
        let before = program.text();
        program.paste("q\nn\nx\ny\n").await;
        assert!(!program.has_quit());
        assert_eq!(program.text(), before, "after {keys:?}");
    }
}

#[tokio::test]
async fn a_window_that_is_too_small_says_so_and_everything_comes_back() {
    let mut program = signed_in().await;
    program.keys("<enter>").await;
    let before = program.text();
    program.resize(39, 24).await;
    program.shows("bbtoken needs a window of at least 40×10. This one is 39×24");
    for (columns, rows) in [(1, 1), (0, 0), (200, 1), (3, 60)] {
        program.resize(columns, rows).await;
    }
    program.resize(40, 10).await;
    program.shows("api-gateway");
    program.resize(80, 24).await;
    assert_eq!(program.text(), before);
}

#[tokio::test]
async fn an_empty_project_says_so_and_still_has_its_security() {
    let mut program = signed_in().await;
    program.keys("/sandbox<enter>").await;
    program.shows("This project has no repositories yet.");
    program.is_on("Project settings");
    program.keys("<enter>").await;
    program.shows("Sandbox (SAND) › Project settings › Security");
}
