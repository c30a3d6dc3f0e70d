//! Projects, repositories, users: what is listed, filtered, paged and refused.

use bbtoken::simulator::Options;

use crate::support::{API, As, Server};

#[tokio::test]
async fn projects_are_listed_by_name_without_personal_ones() {
    let server = Server::start().await;
    let answer = server
        .get(As::User("alice"), &format!("{API}/projects?limit=100"))
        .await;
    assert_eq!(answer.status, 200);
    assert_eq!(
        answer.header("content-type"),
        "application/json;charset=UTF-8"
    );
    let names = answer.each("name");
    let mut sorted = names.clone();
    sorted.sort_by_key(|name| name.to_lowercase());
    assert_eq!(names, sorted);
    assert_eq!(names[0], "Platform");
    assert!(names.contains(&"Research Data".to_owned()));
    assert!(answer.each("key").iter().all(|key| !key.starts_with('~')));
    let first = &answer.json()["values"][0];
    assert_eq!(first["type"], "NORMAL");
    assert_eq!(first["public"], false);
    assert!(first["id"].is_number());
    assert_eq!(
        first["links"]["self"][0]["href"],
        server.url("/projects/PLAT")
    );
}

#[tokio::test]
async fn personal_projects_can_be_asked_for() {
    let server = Server::start().await;
    for path in ["/projects/~alice", "/projects/%7Ealice", "/projects/~ALICE"] {
        let answer = server.get(As::User("alice"), &format!("{API}{path}")).await;
        assert_eq!(answer.status, 200, "{path}");
        assert_eq!(answer.json()["type"], "PERSONAL");
        assert_eq!(answer.json()["owner"]["slug"], "alice");
    }
    let answer = server
        .get(As::User("bob"), &format!("{API}/projects/~alice"))
        .await;
    assert_eq!(
        (answer.status.as_u16(), answer.exception()),
        (401, "AuthorisationException".into())
    );
    let repositories = server
        .get(As::User("alice"), &format!("{API}/projects/~alice/repos"))
        .await;
    assert_eq!(repositories.each("slug"), ["dotfiles", "scratch"]);
}

#[tokio::test]
async fn project_filters_and_keys_without_regard_to_case() {
    let server = Server::start().await;
    let admin = format!("{API}/projects?permission=PROJECT_ADMIN&limit=100");
    let alice = server.get(As::User("alice"), &admin).await.each("key");
    assert_eq!(alice, ["PLAT", "DATA"]);
    assert!(
        server
            .get(As::User("bob"), &admin)
            .await
            .each("key")
            .is_empty()
    );
    let all = server.get(As::User("root"), &admin).await.each("key");
    assert!(all.len() >= 12, "{all:?}");
    let named = server
        .get(As::User("alice"), &format!("{API}/projects?name=research"))
        .await;
    assert_eq!(named.each("key"), ["DATA"]);
    let one = server
        .get(As::User("alice"), "/rest/api/1.0/projects/plat")
        .await;
    assert_eq!(one.json()["key"], "PLAT");
    let wrong = server
        .get(
            As::User("alice"),
            &format!("{API}/projects?permission=REPO_READ"),
        )
        .await;
    assert_eq!(wrong.status, 400);
}

#[tokio::test]
async fn hidden_and_unknown_places_are_refused() {
    let server = Server::start().await;
    for (path, status, exception) in [
        ("/projects/NOPE", 404, "NoSuchProjectException"),
        ("/projects/NOPE/repos", 404, "NoSuchProjectException"),
        (
            "/projects/PLAT/repos/nope",
            404,
            "NoSuchRepositoryException",
        ),
        ("/users/nope", 404, "NoSuchUserException"),
        ("/projects/SEC", 401, "AuthorisationException"),
        ("/projects/SEC/repos", 401, "AuthorisationException"),
        (
            "/projects/SEC/repos/threat-models",
            401,
            "AuthorisationException",
        ),
    ] {
        let answer = server.get(As::User("bob"), &format!("{API}{path}")).await;
        assert_eq!(
            (answer.status.as_u16(), &*answer.exception()),
            (status, exception),
            "{path}"
        );
        assert_eq!(answer.header("x-ausername"), "bob");
    }
    let keys = server
        .get(As::User("bob"), &format!("{API}/projects?limit=100"))
        .await
        .each("key");
    assert!(!keys.contains(&"SEC".to_owned()));
}

#[tokio::test]
async fn without_sign_in_only_what_is_public_shows() {
    let server = Server::start().await;
    let answer = server.get(As::Nobody, &format!("{API}/projects")).await;
    assert_eq!(answer.each("key"), ["PUB", "TRAIN"]);
    assert_eq!(answer.header("x-ausername"), "");
    assert_eq!(
        server
            .get(As::Nobody, &format!("{API}/projects/PLAT"))
            .await
            .status,
        401
    );
    assert_eq!(
        server.get(As::Nobody, &format!("{API}/users")).await.status,
        401
    );
    assert_eq!(
        server
            .get(As::Nobody, &format!("{API}/users/alice"))
            .await
            .status,
        401
    );
    assert_eq!(
        server
            .get(As::Nobody, &format!("{API}/profile/recent/repos"))
            .await
            .status,
        401
    );
    let properties = server
        .get(As::Nobody, &format!("{API}/application-properties"))
        .await;
    assert_eq!(properties.json()["version"], "9.4.0");
    assert_eq!(properties.json()["displayName"], "Bitbucket");
}

#[tokio::test]
async fn a_repository_has_bitbuckets_fields() {
    let server = Server::start().await;
    let path = format!("{API}/projects/PLAT/repos/billing-api");
    let repository = server.get(As::User("alice"), &path).await.json();
    assert_eq!(repository["slug"], "billing-api");
    assert_eq!(repository["state"], "AVAILABLE");
    assert_eq!(repository["archived"], false);
    assert_eq!(repository["project"]["key"], "PLAT");
    let base = server.simulator.base_url();
    let http = base.replace("http://", "http://alice@") + "/scm/plat/billing-api.git";
    assert_eq!(repository["links"]["clone"][0]["name"], "http");
    assert_eq!(repository["links"]["clone"][0]["href"], http);
    assert_eq!(
        repository["links"]["clone"][1]["href"],
        "ssh://git@127.0.0.1:7999/plat/billing-api.git"
    );
    let page = server.url("/projects/PLAT/repos/billing-api/browse");
    assert_eq!(repository["links"]["self"][0]["href"], page);
}

#[tokio::test]
async fn every_page_leads_to_the_next() {
    let server = Server::with(Options {
        max_page_size: 7,
        ..Options::default()
    })
    .await;
    let path = format!("{API}/projects/PLAT/repos");
    let (mut start, mut slugs) = (0, Vec::new());
    loop {
        let answer = server
            .get(As::User("alice"), &format!("{path}?start={start}&limit=50"))
            .await;
        let body = answer.json();
        slugs.extend(answer.each("slug"));
        assert_eq!(body["limit"], 7, "the server cuts it down");
        assert_eq!(body["start"], start);
        assert_eq!(body["size"], body["values"].as_array().unwrap().len());
        if body["isLastPage"] == true {
            assert!(body.get("nextPageStart").is_none());
            break;
        }
        start = body["nextPageStart"].as_i64().unwrap();
    }
    assert_eq!(slugs.len(), 25);
    assert_eq!(slugs[0], "api-gateway");
    let beyond = server
        .get(As::User("alice"), &format!("{path}?start=1000"))
        .await
        .json();
    assert_eq!(
        (&beyond["size"], &beyond["isLastPage"]),
        (&0.into(), &true.into())
    );
}

#[tokio::test]
async fn pages_that_cannot_be_are_refused() {
    let server = Server::start().await;
    for (query, context) in [
        ("limit=0", "limit"),
        ("limit=-1", "limit"),
        ("limit=many", "limit"),
        ("limit=99999999999", "limit"),
        ("start=-1", "start"),
        ("start=1.5", "start"),
    ] {
        let answer = server
            .get(As::User("alice"), &format!("{API}/projects?{query}"))
            .await;
        assert_eq!(
            (answer.status.as_u16(), &*answer.context()),
            (400, context),
            "{query}"
        );
    }
    let default = server
        .get(As::User("alice"), &format!("{API}/repos?limit=&start="))
        .await
        .json();
    assert_eq!(default["limit"], 25);
}

#[tokio::test]
async fn the_search_finds_repositories_everywhere() {
    let server = Server::start().await;
    let find = async |user, query: &str| {
        let answer = server
            .get(As::User(user), &format!("{API}/repos?limit=500&{query}"))
            .await;
        assert_eq!(answer.status, 200, "{query}");
        answer.each("slug")
    };
    assert_eq!(find("alice", "name=%20BILLING%20").await, ["billing-api"]);
    let admin = find("alice", "permission=REPO_ADMIN").await;
    for slug in [
        "api-gateway",
        "forecasting",
        "label-printer",
        "ios-app",
        "dotfiles",
    ] {
        assert!(admin.contains(&slug.to_owned()), "{slug}");
    }
    assert!(!admin.contains(&"track-and-trace".to_owned()));
    assert_eq!(
        find("bob", "permission=REPO_ADMIN").await,
        ["playground", "shared-notes"]
    );
    let written = find("bob", "permission=REPO_WRITE").await;
    assert!(written.contains(&"billing-api".to_owned()));
    assert!(!written.contains(&"api-gateway".to_owned()));
    assert_eq!(
        find("alice", "projectkey=plat&archived=ARCHIVED").await,
        ["checkout-web", "legacy-soap-bridge"]
    );
    assert_eq!(
        find("alice", "projectkey=PLAT&archived=all").await.len(),
        25
    );
    assert_eq!(find("alice", "projectkey=PLAT").await.len(), 23);
    assert_eq!(
        find("alice", "projectname=research&name=dbt").await,
        ["dbt-models"]
    );
    let public = find("alice", "visibility=public&projectkey=TRAIN").await;
    assert_eq!(public, ["git-kata", "hello-bitbucket", "rust-course"]);
    for query in [
        "visibility=secret",
        "archived=maybe",
        "permission=PROJECT_READ",
    ] {
        let answer = server
            .get(As::User("alice"), &format!("{API}/repos?{query}"))
            .await;
        assert_eq!(answer.status, 400, "{query}");
    }
}

#[tokio::test]
async fn recent_repositories_are_ones_own() {
    let server = Server::start().await;
    let path = format!("{API}/profile/recent/repos");
    let recent = server.get(As::User("alice"), &path).await.each("slug");
    assert_eq!(recent[0], "billing-api");
    let written = server
        .get(As::User("bob"), &format!("{path}?permission=REPO_ADMIN"))
        .await;
    assert!(written.each("slug").is_empty());
}

#[tokio::test]
async fn users_are_found_by_slug_and_by_filter() {
    let server = Server::start().await;
    let slug = "maria.lopez_nordwind.example";
    let maria = server
        .get(As::User("bob"), &format!("{API}/users/{slug}"))
        .await
        .json();
    assert_eq!(maria["name"], "maria.lopez@nordwind.example");
    assert_eq!(maria["slug"], slug);
    assert_eq!(maria["type"], "NORMAL");
    let found = server
        .get(As::User("bob"), &format!("{API}/users?filter=ahlgren"))
        .await;
    assert_eq!(found.each("name"), ["alice"]);
    let name = "maria.lopez@nordwind.example";
    let answer = server
        .get(As::User(name), &format!("{API}/users/{slug}"))
        .await;
    assert_eq!(
        answer.header("x-ausername"),
        "maria.lopez%40nordwind.example"
    );
}
