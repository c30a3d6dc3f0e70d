//! `g` in a clone: why git is refused there, and the way out. Three people call a support desk, and others
//! who did not know where to look.

use std::time::Duration;

use bbtoken::bitbucket::{Scope, TokenSpec};
use bbtoken::permission::{Level, Permissions};
use bbtoken::secret::Secret;
use bbtoken::simulator::Options;

use crate::harness::{Harness, Setup, environment};
use crate::in_clone::{BILLING, Cloned};

fn billing() -> Scope {
    Scope::Repository {
        project: "PLAT".to_owned(),
        slug: "billing-api".to_owned(),
    }
}

/// A token of alice's for git, which git's configuration sends as a header: somebody has put it there years
/// ago, and bbtoken knows nothing of it.
async fn sends(cloned: &Cloned, scope: &Scope, level: Level, days: Option<u32>) -> String {
    let client = cloned.alice().await;
    let project =
        (scope.kind() != bbtoken::permission::ScopeKind::Repository).then_some(Level::Read);
    let spec = TokenSpec {
        name: "build server".to_owned(),
        permissions: Permissions::new(project, level),
        expiry_days: days,
    };
    let created = client.create_token(scope, &spec).await.unwrap();
    header(cloned, &created.secret);
    created.token.id
}

fn header(cloned: &Cloned, token: &Secret) {
    let address = cloned.server.0.base_url();
    let text = format!(
        "[http \"{address}\"]\n\textraHeader = Authorization: Bearer {}\n",
        token.expose()
    );
    std::fs::write(cloned.home.path().join(".gitconfig"), text).unwrap();
}

/// alice in the clone, on the screen.
async fn asks(cloned: Cloned, user: &str) -> Harness {
    let mut program = cloned.start((80, 24)).await;
    program.keys("<enter>").await;
    program.keys(&format!("{user}<enter>{user}<enter>")).await;
    program.keys("g").await;
    program.shows("git in this clone");
    program
}

async fn clone_of(path: &str) -> Cloned {
    let path = path.to_owned();
    Cloned::of(|base| format!("{base}{path}")).await
}

#[tokio::test]
async fn the_first_caller_has_an_expired_token() {
    let cloned = clone_of(BILLING).await;
    let id = sends(&cloned, &billing(), Level::Write, Some(10)).await;
    cloned.server.1.advance(Duration::from_secs(13 * 24 * 3600));
    let mut program = asks(cloned, "alice").await;
    program.shows("✗ git's token for this clone expired 3 days ago.");
    program.shows(&format!(
        "\"build server\" (id {id}), as Bearer, from a header in"
    ));
    program.shows(
        "refused with 401 (the server does not recognise the sign-in): \"Authentication failed",
    );
    program.shows("push     refused in the same way");
    program.shows("expired  ");
    program.shows("→ Press enter to make a new token in its place.");
    program.keys("<enter>").await;
    program.shows("billing-api");
    program.shows("HTTP access tokens");
}

#[tokio::test]
async fn the_second_callers_token_was_revoked() {
    let cloned = clone_of(BILLING).await;
    let id = sends(&cloned, &billing(), Level::Write, None).await;
    let client = cloned.alice().await;
    client.revoke_token(&billing(), &id).await.unwrap();
    let mut program = asks(cloned, "alice").await;
    program.shows(
        "✗ git's token for this clone was revoked: it had not expired yet, and the server no longer knows it.",
    );
    program.hides("expires");
    program.shows("Press enter to make a new token in its place.");
}

#[tokio::test]
async fn where_nobody_can_tell_expired_from_revoked_both_are_named() {
    let cloned = clone_of(BILLING).await;
    let id = sends(&cloned, &billing(), Level::Write, None).await;
    let client = cloned.alice().await;
    client.revoke_token(&billing(), &id).await.unwrap();
    // bob may not see the list of the repository's tokens.
    let mut program = asks(cloned, "bob").await;
    program.shows("The server does not know git's token for this clone any more: it has expired or was revoked.");
}

#[tokio::test]
async fn the_third_callers_token_is_for_another_repository() {
    let cloned = clone_of("/scm/plat/api-gateway.git").await;
    sends(&cloned, &billing(), Level::Write, None).await;
    let mut program = asks(cloned, "alice").await;
    program.shows(
        "✗ git's token for this clone is valid, but not here: it is for another project or repository, or \
         there is no repository at this address.",
    );
    program.shows("refused with 401 (the sign-in is valid, but this is not allowed): ");
    program.shows("Press enter to make a new token in its place.");
    program.keys("<enter>").await;
    program.shows("Platform (PLAT) › api-gateway");
}

#[tokio::test]
async fn a_read_only_build_server_reads_and_may_not_push() {
    let cloned = clone_of(BILLING).await;
    sends(&cloned, &billing(), Level::Read, None).await;
    let mut program = asks(cloned, "alice").await;
    program.shows(
        "✗ git's token for this clone may fetch here but not push: it is a read-only token.",
    );
    program.shows("fetch    ✓ allowed");
    program.shows("refused with 403 (the sign-in is valid, but this is not allowed): ");
    // The person on the phone gets it in writing.
    program.keys("y").await;
    program.shows("Copied for a ticket");
    let report = program.clipboard().unwrap();
    assert!(
        report.starts_with("✗ git's token for this clone may fetch"),
        "{report}"
    );
    assert!(report.contains("push     refused with 403"), "{report}");
}

#[tokio::test]
async fn nobody_pushes_to_an_archived_repository() {
    let cloned = clone_of("/scm/plat/checkout-web.git").await;
    let scope = Scope::Personal {
        user: "alice".to_owned(),
    };
    sends(&cloned, &scope, Level::Write, None).await;
    let mut program = asks(cloned, "alice").await;
    program.shows("✗ The repository is archived: git may fetch, but nobody may push.");
    program.shows("Ask an administrator of PLAT/checkout-web to take it out of the archive");
}

#[tokio::test]
async fn an_old_password_in_the_address_is_named_and_taken_out_with_enter() {
    let cloned = Cloned::of(|base| {
        let base = base.replace("http://", "http://alice:old-pass@");
        format!("{base}{BILLING}")
    })
    .await;
    let mut program = cloned.start((80, 24)).await;
    program.keys("<enter>alice<enter>g").await;
    program.shows("There is a password of alice in the address of origin: git sends that instead of a token; it was not tried.");
    program.shows("Press enter to point origin to");
    program.hides("old-pass");
    program.keys("<enter>").await;
    program.shows("the password was removed from .git/config");
    program.shows("✗ git has no token and no password for this place");
    program.keys("u").await;
    program.shows("There is a password of alice in the address of origin");
}

#[tokio::test]
async fn where_basic_is_off_a_token_as_password_is_told_from_a_wrong_one() {
    let cloned = Cloned::with(
        Options {
            basic: Some(false),
            ..Options::default()
        },
        |base| format!("{base}{BILLING}"),
    )
    .await;
    let scope = Scope::Personal {
        user: "alice".to_owned(),
    };
    let client = cloned.alice().await;
    let spec = TokenSpec {
        name: "git".to_owned(),
        permissions: Permissions::new(Some(Level::Read), Level::Write),
        expiry_days: None,
    };
    let token = client.create_token(&scope, &spec).await.unwrap().secret;
    let host = cloned.server.0.base_url().replace("http://", "");
    let home = cloned.home.path();
    std::fs::write(home.join(".gitconfig"), "[credential]\n\thelper = store\n").unwrap();
    let kept = token
        .expose()
        .replace('+', "%2b")
        .replace('/', "%2f")
        .replace('=', "%3d");
    std::fs::write(
        home.join(".git-credentials"),
        format!("http://alice:{kept}@{host}\n"),
    )
    .unwrap();
    let mut program = asks(cloned, "alice").await;
    program.shows(
        "git sends its token as a password, but this server accepts no passwords (Basic authentication \
         is switched off); sent as Bearer, the token works.",
    );
    program.shows("as the password of alice, from its helper");
    program.shows("(the server accepts no passwords)");
}

#[tokio::test]
async fn somebodys_password_is_sent_only_after_a_yes() {
    let cloned = clone_of(BILLING).await;
    let host = cloned.server.0.base_url().replace("http://", "");
    let home = cloned.home.path();
    std::fs::write(home.join(".gitconfig"), "[credential]\n\thelper = store\n").unwrap();
    std::fs::write(
        home.join(".git-credentials"),
        format!("http://alice:wrong@{host}\n"),
    )
    .unwrap();
    let mut program = asks(cloned, "alice").await;
    program.shows("git sends a password of alice, from its helper; it was not tried");
    let asked = |program: &Harness| {
        let requests = program.server().requests().into_iter();
        requests.filter(|it| it.path.contains("info/refs")).count()
    };
    assert_eq!(asked(&program), 0);
    program.keys("<enter>").await;
    program.shows("A wrong one counts as a failed login");
    program.keys("n").await;
    assert_eq!(asked(&program), 0);
    program.keys("<enter>y").await;
    program.shows("✗ The server refuses the password of alice that git sends, from its helper.");
    assert!(asked(&program) > 0);
}

#[tokio::test]
async fn the_token_of_somebody_else_is_another_account() {
    let cloned = clone_of("/scm/~alice/notes.git").await;
    let scope = Scope::Personal {
        user: "bob".to_owned(),
    };
    let client = cloned.signed_in("bob").await;
    let spec = TokenSpec {
        name: "bob's".to_owned(),
        permissions: Permissions::new(Some(Level::Read), Level::Write),
        expiry_days: None,
    };
    let token = client.create_token(&scope, &spec).await.unwrap().secret;
    header(&cloned, &token);
    let mut program = asks(cloned, "alice").await;
    program.shows("✗ git signs in as bob, who has no access here, instead of as alice.");
    program.keys("<f2>").await;
    program.shows("git signs in as •••");
    program.hides("bob");
}

#[tokio::test]
async fn where_git_gets_in_that_is_said() {
    let cloned = clone_of(BILLING).await;
    sends(&cloned, &billing(), Level::Write, None).await;
    let mut program = asks(cloned, "alice").await;
    program.shows("✓ git works here: it can fetch and push.");
    program.keys("<enter>").await;
    program.hides("git works here");
}

#[tokio::test]
async fn outside_of_a_clone_the_key_says_where_it_helps() {
    let mut program = Harness::start(Setup::default()).await;
    program.sign_in("alice").await;
    program.keys("g").await;
    program.shows("Start bbtoken in a clone");
    assert!(environment(program.home.path()).home().is_ok());
}

/// A personal token reaches what its owner reaches: where that is too little, somebody else has to help.
#[tokio::test]
async fn whoever_lacks_a_right_there_is_led_to_somebody_who_can_give_it() {
    for (path, told, way) in [
        // A repository that bob may only read, and one that he cannot see.
        (
            "/scm/data/airflow-dags.git",
            "may fetch here but not push",
            "★ Ask for write permission",
        ),
        ("/scm/~alice/notes.git", "bob", "★ Ask for write permission"),
    ] {
        let cloned = clone_of(path).await;
        let scope = Scope::Personal {
            user: "bob".to_owned(),
        };
        let spec = TokenSpec {
            name: "git".to_owned(),
            permissions: Permissions::new(Some(Level::Read), Level::Write),
            expiry_days: None,
        };
        let client = cloned.signed_in("bob").await;
        let token = client.create_token(&scope, &spec).await.unwrap().secret;
        header(&cloned, &token);
        let mut program = asks(cloned, "bob").await;
        program.shows(told);
        program.shows("→ Press enter to see what you can do and whom you can ask.");
        program.keys("<enter>").await;
        program.shows("You cannot create tokens here");
        program.shows(way);
        program.keys("<down><enter>").await;
        let request = program.clipboard().unwrap();
        assert!(request.contains("User name:   bob"), "{request}");
        program.keys("<esc>").await;
        program.shows("git in this clone");
    }
}
