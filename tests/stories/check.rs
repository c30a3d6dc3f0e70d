//! A token that somebody has found: whose it is, what it can do, and revoking it from there.

use std::time::Duration;

use bbtoken::bitbucket::{BaseUrl, Client, CreatedToken, Scope, TokenSpec};
use bbtoken::permission::{Level, Permissions};
use bbtoken::secret::Secret;
use bbtoken::simulator::FaultEffect;
use reqwest::Method;

use crate::harness::{Harness, Setup, personal, project, repository, signed_in};
use crate::random_keys::shows_secret;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// A token that this user has made somewhere else.
async fn found(program: &Harness, user: &str, scope: &Scope) -> CreatedToken {
    let client = Client::anonymous(BaseUrl::parse(&program.base_url).unwrap()).unwrap();
    let password = Secret::new(user.to_owned());
    let signed_in = client.sign_in(user, &password).await.unwrap();
    let client = signed_in.done().unwrap().client;
    let project = !matches!(scope, Scope::Repository { .. });
    let spec = TokenSpec {
        name: "found in a script".to_owned(),
        permissions: Permissions::new(project.then_some(Level::Read), Level::Read),
        expiry_days: Some(30),
    };
    client.create_token(scope, &spec).await.unwrap()
}

async fn check(program: &mut Harness, secret: &Secret) {
    program.keys("c").await;
    program.shows("Check a token");
    program.paste(secret.expose()).await;
    assert!(!shows_secret(&program.text()));
    program.keys("<enter>").await;
    assert!(!shows_secret(&program.text()));
    program.hides(secret.expose());
}

#[tokio::test]
async fn in_its_list_a_token_is_told_in_full_and_revoked_after_the_usual_question() {
    let billing = repository("PLAT", "billing-api");
    let mut program = signed_in("alice").await;
    let token = found(&program, "alice", &billing).await;
    program.keys("<enter>j<enter><enter>").await;
    check(&mut program, &token.secret).await;
    program.shows("✓ It is valid: Bitbucket accepts it.");
    program.shows("· The token of a project or repository");
    program.shows("name found in a script");
    program.shows("of billing-api");
    program.shows("may Repository read");
    // It was looked up before it was used.
    program.shows("used never");
    program.shows(&format!("id {}", token.token.id));
    program.shows("✓ It can clone and pull PLAT/billing-api.");
    program.shows("– It cannot push to PLAT/billing-api.");
    program.keys("x").await;
    program.shows("Revoke \"found in a script\"? Repository read, created");
    program.keys("y").await;
    program.shows("✓ Revoked \"found in a script\".");
    program.shows("✓ It is revoked. What follows is from before.");
    let tokens = program.tokens(&billing).await;
    assert!(tokens.iter().all(|it| it.id != token.token.id));
    program.keys("x").await;
    program.shows("! It is revoked already.");
    // Back in the list, as before.
    program.keys("<esc>").await;
    program.shows("HTTP access tokens of billing-api");
}

#[tokio::test]
async fn from_anywhere_a_token_is_found_in_the_places_that_it_reaches() {
    for scope in [repository("PLAT", "billing-api"), project("PLAT")] {
        let mut program = signed_in("alice").await;
        let token = found(&program, "alice", &scope).await;
        // Looked for among the projects, where none of them is meant.
        program.keys("/sandbox<enter><esc>").await;
        check(&mut program, &token.secret).await;
        program.shows("name found in a script");
        program.shows("used just now, by this check; what used it before is not known");
        program.keys("x").await;
        program.shows("Revoke \"found in a script\"?");
    }
}

#[tokio::test]
async fn somebody_else_s_personal_token_names_its_owner_and_is_not_for_us_to_revoke() {
    let mut program = signed_in("alice").await;
    let token = found(&program, "bob", &personal("bob")).await;
    check(&mut program, &token.secret).await;
    program.shows("· A personal token: it acts as bob.");
    program.shows("name found in a script");
    program.keys("x").await;
    program
        .shows("! It is in none of your lists: only its owner or an administrator can revoke it.");
    assert_eq!(program.count_requests(&Method::DELETE, ""), 0);
}

#[tokio::test]
async fn an_expired_token_of_ours_says_when_and_a_revoked_one_that_it_is_in_no_list() {
    let mut program = signed_in("alice").await;
    let token = found(&program, "alice", &personal("alice")).await;
    program.advance(32 * DAY).await;
    check(&mut program, &token.secret).await;
    program.shows("✗ It expired 2 days ago.");
    program.shows("name found in a script");
    program.keys("xy").await;
    program.shows("✓ Revoked");
    program.keys("<enter>").await;
    program.paste(token.secret.expose()).await;
    program.keys("<enter>").await;
    program.shows(
        "✗ Bitbucket refuses it: it has expired, was revoked, or was never a token of this server.",
    );
    program.shows("? It is not among the tokens of your account");
}

#[tokio::test]
async fn what_is_refused_is_sent_once_and_never_as_a_password() {
    let mut program = signed_in("alice").await;
    let sent = program.count_requests(&Method::GET, "/scm/");
    let refused = |program: &Harness| {
        let requests = program.server().requests();
        requests.iter().filter(|it| it.status == Some(401)).count()
    };
    let before = refused(&program);
    check(
        &mut program,
        &Secret::new("not-a-token-of-anybody".to_owned()),
    )
    .await;
    program.shows("✗ Bitbucket refuses it");
    program.shows("this token has no id to find it by");
    assert_eq!(program.count_requests(&Method::GET, "/scm/"), sent);
    let requests = program.server().requests();
    assert_eq!(refused(&program), before + 1);
    let elsewhere = |path: &str| !path.starts_with("/rest/") && !path.starts_with("/scm/");
    let outside = requests.iter().filter(|it| elsewhere(&it.path));
    assert_eq!(
        outside.map(|it| &it.path).collect::<Vec<_>>(),
        Vec::<&String>::new()
    );
}

#[tokio::test]
async fn where_nobody_answers_the_token_stays_in_its_field_and_enter_tries_again() {
    let mut program = signed_in("alice").await;
    let token = found(&program, "alice", &personal("alice")).await;
    let failure = FaultEffect::Status(503, "Maintenance".into());
    program.fault(Some(Method::GET), "/projects?limit=1", 1, failure);
    check(&mut program, &token.secret).await;
    program.shows("✗ The token was not checked.");
    program.keys("<enter>").await;
    program.shows("✓ It is valid");
}

#[tokio::test]
async fn in_a_small_window_it_can_be_read_to_the_end() {
    let mut program = Harness::start(Setup {
        size: (40, 10),
        ..Setup::default()
    })
    .await;
    program.sign_in("alice").await;
    let token = found(&program, "alice", &personal("alice")).await;
    check(&mut program, &token.secret).await;
    program.shows("✓ It is valid");
    program.shows("more");
    program.keys("jjjjjjjjjjjjjjjjjjjjjjjjjjjj").await;
    program.shows("It cannot change the settings");
}
