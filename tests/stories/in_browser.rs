//! In the browser: single sign-on, no OAuth. The program opens the page and says what to choose, a
//! person makes the token there, and it comes back by paste.

use bbtoken::config::{Config, Server};
use bbtoken::simulator::FaultEffect;
use reqwest::Method;

use crate::harness::{Harness, Setup, environment, personal, repository};
use crate::web_browser::WebBrowser;

/// Room for every sentence beside what to choose.
fn wide() -> Setup {
    Setup {
        size: (200, 60),
        ..Setup::default()
    }
}

/// At the screen, as olga, whom no password lets in.
async fn at_the_screen(setup: Setup) -> Harness {
    let mut program = Harness::start(setup).await;
    program.keys("<enter>olga<tab><tab>").await;
    program.is_on("In the browser");
    program.keys("<enter>").await;
    program.shows("Create the token in the browser");
    program
}

/// The page that was opened last, with olga signed in.
async fn page(program: &Harness) -> WebBrowser {
    let visits = program.browser.all();
    let mut browser = WebBrowser::open(visits.last().unwrap()).await;
    browser.follow("Log in with Nordwind SSO").await;
    browser
        .send(&[("username", "olga"), ("password", "olga")])
        .await;
    assert_eq!(&browser.at.to_string(), visits.last().unwrap());
    browser
}

const ADVICE: [(&str, &str); 4] = [
    ("name", "git for olga on laptop"),
    ("project", "read"),
    ("repository", "write"),
    ("days", "90"),
];

/// A token that olga makes for herself on the page.
async fn personal_token(program: &Harness) -> String {
    let mut browser = page(program).await;
    browser.send(&ADVICE).await;
    browser.token()
}

#[tokio::test]
async fn the_steps_in_the_browser_follow_each_other() {
    let mut program = at_the_screen(wide()).await;
    program.shows("→ Step 2 of 6: press enter to open the page in the browser.");
    program.keys("<enter>").await;
    program.shows("→ Step 3 of 4: create the token there, paste it, then press enter.");
    let token = personal_token(&program).await;
    program.paste(&token).await;
    program.keys("<enter>").await;
    program.shows("→ Step 4 of 4: press g to set git up");
}

#[tokio::test]
async fn olga_gets_to_a_token_and_git_pushes_with_it() {
    let mut program = at_the_screen(wide()).await;
    program.shows("/plugins/servlet/access-tokens/manage");
    for advice in [
        "Name git for olga on laptop",
        "Project permissions Read",
        "Repository permissions Write",
        "Expiry 90 days, until 22 February 2027",
    ] {
        program.shows(advice);
    }
    assert!(program.browser.all().is_empty(), "nothing opens unasked");
    program.keys("<enter>").await;
    program.shows("✓ opened in your browser");
    let token = personal_token(&program).await;
    // The line end of a paste never submits.
    program.paste(&format!("{token}\n")).await;
    program.hides(&token);
    program.shows("Create the token in the browser");
    program.keys("<enter>").await;
    program.shows("Token ready");
    program.shows("olga (token)");
    program.shows("From the browser: personal token of olga");
    program.shows("expires as you chose there");
    program.shows("✓ can clone ✓ can push – cannot change settings");
    assert_eq!(program.clipboard().as_deref(), Some(token.as_str()));
    program.hides(&token);
    program.keys("g<enter>").await;
    program.shows("✓ git works here");
    pushes(&program).await;
    program.keys("<enter>").await;
    program.hides("Token ready");
    program.shows("Projects");
    let made = program.new_token(&personal("olga")).await;
    assert_eq!(made.name, "git for olga on laptop");
    // Her own list tells until when: git can warn her.
    let set_ups = bbtoken::git::set_ups(&environment(program.home.path()));
    let [set_up] = set_ups.as_slice() else {
        panic!("{set_ups:?}");
    };
    assert_eq!(set_up.token.expires, made.expires.at());
    assert!(set_up.token.expires.is_some());
    program.forget_cache().await;
}

/// Clones, commits and pushes with nothing but the user's home.
async fn pushes(program: &Harness) {
    let address = format!("{}/scm/~olga/zametki.git", program.base_url);
    let script = format!(
        "git clone --quiet '{address}' it && cd it && echo x > x && git add x && \
         git -c user.name=o -c user.email=o@x commit --quiet -m x && git push --quiet"
    );
    let output = environment(program.home.path())
        .command("sh")
        .args(["-c", &script])
        .current_dir(program.home.path())
        .env("GIT_TERMINAL_PROMPT", "0")
        .output()
        .await
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
}

#[tokio::test]
async fn a_repository_token_is_made_on_the_repositorys_page() {
    let mut program = at_the_screen(wide()).await;
    program.keys("SEC/vault-policies").await;
    program.shows("a repository token: that repository alone");
    program.shows("Name git for olga on laptop (vault-policies)");
    program.hides("Project permissions");
    program.keys("<enter>").await;
    let address = format!(
        "{}/plugins/servlet/access-tokens/projects/SEC/repos/vault-policies/manage",
        program.base_url
    );
    assert_eq!(program.browser.all(), [address]);
    let mut browser = page(&program).await;
    let fields = [("name", "x"), ("repository", "write"), ("days", "30")];
    browser.send(&fields).await;
    program.paste(&browser.token()).await;
    program.keys("<enter>").await;
    program.shows("From the browser: repository token of vault-policies");
    program.shows("✓ can clone ✓ can push – cannot change settings");
    program
        .new_token(&repository("SEC", "vault-policies"))
        .await;
}

#[tokio::test]
async fn a_token_of_a_repository_does_not_tell_of_which_so_somebody_has_to() {
    let mut program = at_the_screen(wide()).await;
    program.keys("SEC/vault-policies<enter>").await;
    let mut browser = page(&program).await;
    browser
        .send(&[("name", "x"), ("repository", "write"), ("days", "")])
        .await;
    program.keys("<s-tab><c-u><tab>").await;
    program.paste(&browser.token()).await;
    program.keys("<enter>").await;
    program.shows("it does not say which");
    program.keys("SEC/vault-policies<tab><enter>").await;
    program.shows("From the browser: repository token of vault-policies");
}

#[tokio::test]
async fn a_personal_token_in_place_of_a_repositorys_is_named_as_such() {
    let mut program = at_the_screen(wide()).await;
    program.keys("<enter>").await;
    let token = personal_token(&program).await;
    program.keys("<s-tab>SEC/vault-policies<tab>").await;
    program.paste(&token).await;
    program.keys("<enter>").await;
    program.shows("From the browser: personal token of olga");
    program.shows("it reaches whatever you reach");
}

#[tokio::test]
async fn a_token_that_could_do_less_than_advised_says_so() {
    let mut program = at_the_screen(wide()).await;
    program.keys("<enter>").await;
    let mut browser = page(&program).await;
    let mut less = ADVICE;
    less[2].1 = "read";
    browser.send(&less).await;
    program.paste(&browser.token()).await;
    program.keys("<enter>").await;
    program.shows("✓ can clone ✗ cannot push");
}

#[tokio::test]
async fn a_wrong_paste_is_explained_and_nothing_else_is_lost() {
    let mut program = at_the_screen(wide()).await;
    program.keys("SEC/vault-policies<enter>").await;
    program.keys("<enter>").await;
    program.shows("Paste the token first.");
    program.paste("https://git.example.com/x").await;
    program.keys("<enter>").await;
    program.shows("That is an address.");
    program.paste("two words").await;
    program.keys("<enter>").await;
    program.shows("This is not a token");
    program.paste("bm9zdWNodG9rZW5ub3N1Y2h0b2tlbg").await;
    program.keys("<enter>").await;
    program.shows("does not know this token: not all of it was copied");
    program.shows("another token: ctrl+o opens the page.");
    program.paste(&"x".repeat(5000)).await;
    program.shows("That is too long for this field: nothing of it was pasted.");
    program.shows("For SEC/vault-policies");
}

#[tokio::test]
async fn a_token_that_does_not_reach_the_named_place_is_refused() {
    let mut program = at_the_screen(wide()).await;
    program.keys("SEC/vault-policies<enter>").await;
    let mut browser = page(&program).await;
    browser
        .send(&[("name", "x"), ("repository", "write"), ("days", "")])
        .await;
    let token = browser.token();
    program.keys("<s-tab><c-u>RISK/audit-exports<tab>").await;
    program.paste(&token).await;
    program.keys("<enter>").await;
    program.shows("The token does not reach");
    // Nothing has to be pasted again.
    program
        .keys("<s-tab><c-u>SEC/vault-policies<tab><enter>")
        .await;
    program.shows("From the browser: repository token of vault-policies");
}

#[tokio::test]
async fn a_place_on_another_server_is_refused_before_anything_is_opened() {
    let mut program = at_the_screen(wide()).await;
    program
        .keys("https://other.example.com/projects/X<enter>")
        .await;
    program.shows("That is on another server");
    assert!(program.browser.all().is_empty());
}

#[tokio::test]
async fn a_server_that_is_away_for_a_moment_loses_no_token() {
    let mut program = at_the_screen(wide()).await;
    program.keys("<enter>").await;
    let token = personal_token(&program).await;
    program.paste(&token).await;
    program.fault(
        Some(Method::GET),
        "/rest/api/latest/projects",
        1,
        FaultEffect::Cut,
    );
    program.keys("<enter>").await;
    program.shows("The token was not taken over.");
    program.keys("<enter>").await;
    program.shows("Token ready");
}

#[tokio::test]
async fn the_look_at_a_token_can_be_stopped() {
    let mut program = at_the_screen(wide()).await;
    program.keys("<enter>").await;
    let token = personal_token(&program).await;
    program.paste(&token).await;
    program.fault(
        Some(Method::GET),
        "/rest/api/latest/projects",
        1,
        FaultEffect::Hang,
    );
    program.press_only("<enter>");
    program
        .until_asked(&Method::GET, "/rest/api/latest/projects")
        .await;
    program.shows("Looking at the token …");
    program.keys("<esc>").await;
    program.shows("Stopped. The token is still in its field.");
    program.keys("<enter>").await;
    program.shows("Token ready");
}

#[tokio::test]
async fn over_ssh_the_address_is_copied_in_place_of_a_browser_and_said_so() {
    let mut program = at_the_screen(wide()).await;
    program.set_variable("SSH_CONNECTION", "192.0.2.1 1 192.0.2.2 22");
    program.keys("<enter>").await;
    program.shows("! Not opened: you are connected over SSH");
    program.shows("The address is on your clipboard: paste it into the browser");
    let address = format!("{}/plugins/servlet/access-tokens/manage", program.base_url);
    assert_eq!(program.clipboard(), Some(address));
    assert!(program.browser.all().is_empty());
}

#[tokio::test]
async fn without_browser_and_clipboard_the_address_is_to_be_selected() {
    let mut program = at_the_screen(Setup {
        clipboard: false,
        ..wide()
    })
    .await;
    program.set_variable("SSH_TTY", "/dev/pts/1");
    program.keys("<enter>").await;
    program.shows("There is no clipboard either: select the address with the mouse.");
}

#[tokio::test]
async fn the_companys_own_page_comes_first_and_bitbuckets_after_it() {
    let mut program = Harness::start(Setup {
        config_for_server: Some(|config: &mut Config, mut server: Server| {
            server.portal = Some("https://portal.example.com/tokens".to_owned());
            config.servers.push(server);
        }),
        ..wide()
    })
    .await;
    program.keys("<enter>olga<tab><tab><enter>").await;
    program.shows("your company's own page: https://portal.example.com/tokens");
    program.keys("<enter><c-o>").await;
    let bitbuckets = format!("{}/plugins/servlet/access-tokens/manage", program.base_url);
    let visits = program.browser.all();
    assert_eq!(visits, ["https://portal.example.com/tokens", &bitbuckets]);
    program.keys("<c-y>").await;
    assert_eq!(program.clipboard(), Some(bitbuckets));
}

#[tokio::test]
async fn leaving_asks_but_offers_no_revocation_which_no_token_can_do() {
    let mut program = at_the_screen(Setup {
        clipboard: false,
        ..wide()
    })
    .await;
    program.keys("<enter>").await;
    let token = personal_token(&program).await;
    program.paste(&token).await;
    program.keys("<enter>").await;
    program.keys("<enter>").await;
    program.shows("Do you have the token?");
    program.shows("The page where you created it shows it only while it stays open");
    program.hides("revoke it and leave");
    program.keys("xn").await;
    program.shows("Token ready");
    program.keys("<esc>y").await;
    program.shows("Projects");
}

#[tokio::test]
async fn in_share_mode_neither_the_token_nor_its_owner_is_shown() {
    let mut program = at_the_screen(Setup {
        share: true,
        ..wide()
    })
    .await;
    program.hides("olga");
    program.keys("<enter>").await;
    let token = personal_token(&program).await;
    program.paste(&token).await;
    program.hides(&token);
    program.keys("<enter>").await;
    program.shows("Token ready");
    program.keys("v").await;
    program.hides(&token);
    program.hides("olga");
}

#[tokio::test]
async fn whoever_came_with_the_address_of_a_page_of_tokens_gets_that_page() {
    let mut program = Harness::start(wide()).await;
    let address = "/plugins/servlet/access-tokens/projects/SEC/manage";
    program.keys("<end>").await;
    program.paste(address).await;
    program.keys("<enter>olga<tab><tab><enter>").await;
    program.shows("For SEC");
    program.shows("a project token: every repository of that project");
    program.keys("<enter>").await;
    assert_eq!(
        program.browser.all(),
        [format!("{}{address}", program.base_url)]
    );
}
