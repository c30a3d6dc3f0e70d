//! What a token may do over REST: its permissions, its scope and its owner, all three.

use serde_json::json;

use crate::support::{API, As, Server, TOKENS};

#[tokio::test]
async fn a_personal_token_works_as_bearer_and_as_password() {
    let server = Server::start().await;
    let created = server
        .create("alice", "/users/alice", &["PROJECT_READ", "REPO_WRITE"])
        .await;
    let secret = created["token"].as_str().unwrap();
    for who in [As::Bearer(secret), As::Basic("alice", secret)] {
        let answer = server.get(who, &format!("{API}/projects/DATA")).await;
        assert_eq!(answer.status, 200);
        assert_eq!(answer.header("x-ausername"), "alice");
    }
    let path = format!("{TOKENS}/users/alice/{}", created["id"].as_str().unwrap());
    let seen = server.get(As::User("alice"), &path).await.json();
    let now = server.clock.now().time.as_millisecond();
    assert_eq!(seen["lastAuthenticated"], now);
    // Not with somebody else's name.
    let other = server
        .get(As::Basic("bob", secret), &format!("{API}/projects"))
        .await;
    assert_eq!(other.status, 401);
    assert_eq!(server.delete(As::User("alice"), &path).await.status, 204);
    let revoked = server
        .get(As::Bearer(secret), &format!("{API}/projects"))
        .await;
    assert_eq!(revoked.status, 401);
}

#[tokio::test]
async fn project_and_repository_tokens_are_bearer_only_and_stay_in_their_place() {
    let server = Server::start().await;
    let project = server
        .create("alice", "/projects/PLAT", &["PROJECT_READ", "REPO_READ"])
        .await;
    let place = "/projects/PLAT/repos/billing-api";
    let repository = server.create("alice", place, &["REPO_ADMIN"]).await;
    for (token, project_status, other_repository) in [(&project, 200, 200), (&repository, 200, 401)]
    {
        let secret = token["token"].as_str().unwrap();
        let path = format!("{API}/projects/PLAT");
        let basic = server.get(As::Basic("alice", secret), &path).await;
        assert_eq!(basic.status, 401, "Bearer only");
        let bearer = As::Bearer(secret);
        let seen = server.get(bearer, &path).await;
        assert_eq!(seen.status.as_u16(), project_status);
        let name = seen.header("x-ausername");
        assert!(name.starts_with("access-token-user%2F"), "{name}");

        let own = server.get(bearer, &format!("{API}{place}")).await;
        assert_eq!(own.status, 200);
        let href = own.json()["links"]["clone"][0]["href"]
            .as_str()
            .unwrap()
            .to_owned();
        assert!(
            !href.contains('@'),
            "a technical account has no name to sign in with: {href}"
        );
        let other = server
            .get(bearer, &format!("{API}/projects/PLAT/repos/api-gateway"))
            .await;
        assert_eq!(other.status.as_u16(), other_repository);
        assert_eq!(
            server
                .get(bearer, &format!("{API}/projects/DATA"))
                .await
                .status,
            401
        );
        let keys = server
            .get(bearer, &format!("{API}/projects"))
            .await
            .each("key");
        assert_eq!(
            keys,
            ["PLAT", "PUB", "TRAIN"],
            "its own and the public ones"
        );
    }
}

#[tokio::test]
async fn a_token_never_exceeds_its_owner_or_itself() {
    let server = Server::start().await;
    let strong = server
        .secret("bob", "/users/bob", &["PROJECT_ADMIN", "REPO_ADMIN"])
        .await;
    let path = format!("{API}/projects?permission=PROJECT_ADMIN");
    assert!(
        server
            .get(As::Bearer(&strong), &path)
            .await
            .each("key")
            .is_empty()
    );
    let tokens = format!("{TOKENS}/projects/PLAT/repos/billing-api");
    assert_eq!(server.get(As::Bearer(&strong), &tokens).await.status, 401);

    let weak = server
        .secret("alice", "/users/alice", &["PROJECT_READ", "REPO_READ"])
        .await;
    assert!(
        server
            .get(As::Bearer(&weak), &path)
            .await
            .each("key")
            .is_empty()
    );
    assert_eq!(server.get(As::Bearer(&weak), &tokens).await.status, 401);
    let find = format!("{API}/repos?permission=REPO_WRITE");
    assert!(
        server
            .get(As::Bearer(&weak), &find)
            .await
            .each("slug")
            .is_empty()
    );

    // Not even an administrator's token administers the server.
    let root = server
        .secret("root", "/users/root", &["PROJECT_ADMIN", "REPO_ADMIN"])
        .await;
    assert_eq!(
        server
            .get(As::Bearer(&root), &format!("{TOKENS}/admin"))
            .await
            .status,
        401
    );
    assert_eq!(
        server
            .get(As::Bearer(&root), &format!("{TOKENS}/users/bob"))
            .await
            .status,
        401
    );
    assert_eq!(
        server
            .get(As::Bearer(&root), &format!("{API}/projects/SEC"))
            .await
            .status,
        200
    );
}

#[tokio::test]
async fn a_change_of_permissions_counts_at_once() {
    let server = Server::start().await;
    let created = server
        .create("alice", "/projects/PLAT", &["PROJECT_READ", "REPO_READ"])
        .await;
    let secret = created["token"].as_str().unwrap();
    let find = format!("{API}/repos?permission=REPO_WRITE&name=billing");
    assert!(
        server
            .get(As::Bearer(secret), &find)
            .await
            .each("slug")
            .is_empty()
    );
    let path = format!("{TOKENS}/projects/PLAT/{}", created["id"].as_str().unwrap());
    let body = json!({"permissions": ["PROJECT_READ", "REPO_WRITE"]});
    assert_eq!(
        server.post(As::User("alice"), &path, &body).await.status,
        200
    );
    assert_eq!(
        server.get(As::Bearer(secret), &find).await.each("slug"),
        ["billing-api"]
    );
}

#[tokio::test]
async fn tokens_count_under_rest_and_scm_only() {
    let server = Server::start().await;
    let secret = server
        .secret("alice", "/users/alice", &["PROJECT_READ", "REPO_READ"])
        .await;
    let page = server.get(As::Bearer(&secret), "/projects/PLAT").await;
    assert_eq!(page.status, 302);
    assert!(page.header("location").contains("/login"));
    let whoami = "/plugins/servlet/applinks/whoami";
    assert_eq!(server.get(As::Bearer(&secret), whoami).await.text, "");
    assert_eq!(
        server.get(As::Basic("alice", &secret), whoami).await.text,
        ""
    );
    assert_eq!(server.get(As::User("alice"), whoami).await.text, "alice");
}
