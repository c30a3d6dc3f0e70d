//! git is set up again from the shell: what it has then is called what it is now, and the trial of a token is
//! nobody's use of it.

use bbtoken::bitbucket::{TokenSpec, When};
use bbtoken::permission::{Level, Permissions};
use serde_json::Value;

use crate::computer::{Computer, personal, repository, text};

const BILLING: &str = "/scm/plat/billing-api.git";

#[tokio::test]
async fn a_token_that_still_works_is_replaced_and_one_that_was_revoked_is_not_called_used() {
    let computer = Computer::new().await;
    let address = computer.address(BILLING);
    let scope = repository("billing-api");
    let set_up = ["--way", "header", &address];
    let (first, _) = computer.token_with(&scope, Level::Write).await;
    let said = computer.sets_up(&set_up, &first).await;
    assert!(!said.contains("This replaces it."), "{said}");
    let (second, id) = computer.token_with(&scope, Level::Write).await;
    let said = computer.sets_up(&set_up, &second).await;
    let first = first.token_id().unwrap();
    let wanted = format!(
        "! git here already uses the token with id {first}, as a header in a file that only you can read. This \
         replaces it."
    );
    assert!(said.contains(&wanted), "{said}");
    computer
        .alice()
        .await
        .revoke_token(&scope, &id)
        .await
        .unwrap();
    let third = computer.token(&scope).await;
    let said = computer.sets_up(&set_up, &third).await;
    assert!(!said.contains("already uses"), "{said}");
    let wanted = format!(
        "! git here is set up with the token with id {id}, as a header in a file that only you can read, but \
         the server refuses it: it has expired or was revoked. This replaces it."
    );
    assert!(said.contains(&wanted), "{said}");
    computer.clones(&address, "clone", true).await;
    // Whether a token is valid is the server's to say: undo has not asked it.
    let output = computer.bbtoken(&["git-setup", "--undo"], "").await;
    let said = text(&output);
    assert!(said.contains("That did not revoke the token."), "{said}");
    assert!(!said.contains("valid"), "{said}");
}

#[tokio::test]
async fn a_token_for_the_whole_server_takes_the_place_of_a_dead_one_of_the_clone() {
    let computer = Computer::new().await;
    let address = computer.address(BILLING);
    computer.is_clone_of(&address).await;
    let scope = repository("billing-api");
    let (dead, id) = computer.token_with(&scope, Level::Write).await;
    computer.sets_up(&["--way", "header"], &dead).await;
    let alice = computer.alice().await;
    alice.revoke_token(&scope, &id).await.unwrap();
    let token = computer.token(&personal()).await;
    let server = computer.address("");
    let set_up = ["--user", "alice", "--way", "header", &server];
    let said = computer.sets_up(&set_up, &token).await;
    let wanted =
        format!("the token with id {id}, as a header in a file that only you can read, but");
    assert!(said.contains(&wanted), "{said}");
    let wanted = format!("✓ git is set up for {address}. To undo it:");
    assert!(said.contains(&wanted), "{said}");
    computer.works(&["ls-remote", "--quiet", "origin"]).await;
}

#[tokio::test]
async fn what_forgot_the_token_is_named() {
    let computer = Computer::new().await;
    let address = computer.address(BILLING);
    computer.has_git_store().await;
    let token = computer.token(&personal()).await;
    let set_up = ["--user", "alice", "--way", "helper", &address];
    computer.sets_up(&set_up, &token).await;
    std::fs::remove_file(computer.file(".git-credentials")).unwrap();
    let token = computer.token(&personal()).await;
    let said = computer.sets_up(&set_up, &token).await;
    assert!(
        said.contains("! git here is set up with \"git\" (id "),
        "{said}"
    );
    assert!(
        said.contains(" no longer has it. This replaces it."),
        "{said}"
    );
}

/// What `bbtoken expiring --git` prints for programs.
async fn expiring(computer: &Computer) -> Value {
    let arguments = ["expiring", "--git", "--days", "30", "--json"];
    let output = computer.bbtoken(&arguments, "").await;
    serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", text(&output)))
}

#[tokio::test]
async fn the_expiry_of_a_pasted_token_is_read_where_the_token_may_read_its_list() {
    let computer = Computer::new().await;
    let address = computer.address(BILLING);
    let spec = TokenSpec {
        name: "for my laptop".to_owned(),
        permissions: Permissions::new(Some(Level::Read), Level::Write),
        expiry_days: Some(10),
    };
    let alice = computer.alice().await;
    let created = alice.create_token(&personal(), &spec).await.unwrap();
    let set_up = ["--user", "alice", "--way", "header", &address];
    let said = computer.sets_up(&set_up, &created.secret).await;
    assert!(!said.contains("is not known"), "{said}");
    let told = expiring(&computer).await;
    assert_eq!(told["tokens"][0]["name"], "for my laptop", "{told:#}");
    assert_eq!(told["tokens"][0]["id"], created.token.id.as_str());
    let When::At(expires) = created.token.expires else {
        panic!("it does not expire");
    };
    assert_eq!(told["tokens"][0]["expires"], expires.to_string());
    assert_eq!(told["not_known"].as_array().unwrap().len(), 0, "{told:#}");
    computer.undoes(&["--user", "alice", &address]).await;
    // One that may not read the list of its repository does not tell.
    let token = computer
        .expiring_token(&repository("billing-api"), 10)
        .await;
    let said = computer
        .sets_up(&["--way", "header", &address], &token)
        .await;
    assert!(
        said.contains(
            "? When this token expires is not known here, so bbtoken cannot warn you before it does. Bitbucket's own list of tokens shows it."
        ),
        "{said}"
    );
    let told = expiring(&computer).await;
    assert_eq!(told["tokens"].as_array().unwrap().len(), 0, "{told:#}");
    assert_eq!(told["not_known"][0], address.as_str(), "{told:#}");
    let output = computer.bbtoken(&["expiring", "--git"], "").await;
    let said = text(&output);
    assert_eq!(output.status.code(), Some(0), "{said}");
    let wanted = format!(
        "? When git's token for {address} expires is not known here. Bitbucket's own list of tokens shows it."
    );
    assert!(said.contains(&wanted), "{said}");
}
