//! From the sign-in to a push on each version, with the way that is offered first: where Basic is off git
//! gets the token as Bearer.

use bbtoken::bitbucket::{Scope, TokenSpec};
use bbtoken::permission::{Level, Permissions};
use bbtoken::secret::Secret;
use bbtoken::simulator::{Options, Profile};

use crate::computer::Computer;
use crate::git::takes_bearer;

/// Who administers which repository, and where it is cloned from.
const PLACES: [(&str, &str, &str, &str); 2] = [
    ("alice", "PLAT", "billing-api", "/scm/plat/billing-api.git"),
    (
        "sam",
        "RETAIL",
        "android-app",
        "/scm/retail/android-app.git",
    ),
];

async fn token(computer: &Computer, user: &str, scope: &Scope, project: Option<Level>) -> Secret {
    let spec = TokenSpec {
        name: "git".to_owned(),
        permissions: Permissions::new(project, Level::Write),
        expiry_days: None,
    };
    let client = computer.signed_in(user).await;
    let created = client.create_token(scope, &spec).await.unwrap();
    client.sign_out().await;
    created.secret
}

#[tokio::test]
async fn a_repository_token_pushes_on_every_version() {
    for profile in Profile::ALL {
        for (user, key, slug, path) in PLACES {
            let computer = Computer::with(Options::of(profile)).await;
            let address = computer.address(path);
            let scope = Scope::Repository {
                project: key.to_owned(),
                slug: slug.to_owned(),
            };
            let token = token(&computer, user, &scope, None).await;
            let printed = computer.sets_up(&[&address], &token).await;
            assert!(printed.contains("✓ can clone   ✓ can push"), "{printed}");
            computer.clones(&address, "clone", true).await;
            computer.undoes(&[&address]).await;
            assert_eq!(computer.simulator.sessions(), 0, "{profile:?} {user}");
        }
    }
}

#[tokio::test]
async fn a_personal_token_pushes_on_every_version() {
    for profile in Profile::ALL {
        for (user, _, _, path) in PLACES {
            let computer = Computer::with(Options::of(profile)).await;
            let address = computer.address(path);
            let scope = Scope::Personal {
                user: user.to_owned(),
            };
            let token = token(&computer, user, &scope, Some(Level::Read)).await;
            let printed = computer.sets_up(&["--user", user, &address], &token).await;
            assert!(printed.contains("✓ can clone   ✓ can push"), "{printed}");
            computer.clones(&address, "clone", true).await;
            computer.undoes(&["--user", user, &address]).await;
            assert!(!computer.seen_by_everybody().contains(token.expose()));
        }
    }
}

#[tokio::test]
async fn where_basic_is_off_a_password_of_git_is_not_offered() {
    let computer = Computer::with(Options::of(Profile::Bitbucket10_5)).await;
    let address = computer.address(PLACES[0].3);
    let scope = Scope::Personal {
        user: "alice".to_owned(),
    };
    let token = token(&computer, "alice", &scope, Some(Level::Read)).await;
    let arguments = [
        "git-setup",
        "--yes",
        "--way",
        "helper",
        "--user",
        "alice",
        &address,
    ];
    let output = computer.bbtoken(&arguments, token.expose()).await;
    assert!(!output.status.success());
    let said = crate::computer::text(&output);
    let works = if takes_bearer() { "bearer" } else { "header" };
    assert!(
        said.contains("The way helper does not work here."),
        "{said}"
    );
    assert!(said.contains(works), "{said}");
}
