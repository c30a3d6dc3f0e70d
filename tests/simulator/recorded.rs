//! What was recorded of live servers: refusals, odd projects and repositories, pages, accounts of tokens.

use bbtoken::simulator::{Options, Profile, ServiceAccounts};
use serde_json::{Value, json};

use crate::support::{API, As, Server, TOKENS, with_basic};

#[tokio::test]
async fn nils_has_no_licence() {
    let server = Server::start().await;
    let answer = server
        .get(As::User("nils"), &format!("{API}/projects"))
        .await;
    assert_eq!(answer.status, 401);
    assert_eq!(answer.exception(), "NoAccessAuthenticationException");
    let message = answer.json()["errors"][0]["message"].clone();
    let words =
        "You are not currently licensed to use Bitbucket.\nPlease contact your administrator";
    assert!(message.as_str().unwrap().starts_with(words), "{message}");
}

#[tokio::test]
async fn personal_projects_show_their_odds() {
    for (profile, key) in [
        (Profile::Bitbucket9_4, "~alice"),
        (Profile::Bitbucket10_5, "~ALICE"),
    ] {
        let server = with_basic(profile).await;
        let path = format!("{API}/projects/~alice/repos/dotfiles");
        let body = server.get(As::User("alice"), &path).await.json();
        assert_eq!(body["project"]["key"], key);
        assert!(body["project"].get("public").is_none());
        let over_http = link(&body, "http").unwrap();
        assert!(
            over_http.ends_with("/scm/~alice/dotfiles.git"),
            "{over_http}"
        );
        let page = body["links"]["self"][0]["href"].as_str().unwrap();
        assert!(
            page.ends_with("/users/alice/repos/dotfiles/browse"),
            "{page}"
        );
    }
}

/// The clone link of this protocol.
fn link(repository: &Value, name: &str) -> Option<String> {
    let links = repository["links"]["clone"].as_array()?;
    let link = links.iter().find(|link| link["name"] == name)?;
    Some(link["href"].as_str().unwrap().to_owned())
}

#[tokio::test]
async fn a_protocol_that_is_off_has_no_link() {
    for (http, ssh) in [(true, true), (true, false), (false, true), (false, false)] {
        let server = Server::with(Options {
            http_clone: http,
            ssh_clone: ssh,
            ..Options::default()
        })
        .await;
        let path = format!("{API}/projects/PLAT/repos/billing-api");
        let body = server.get(As::User("alice"), &path).await.json();
        let told = (link(&body, "http").is_some(), link(&body, "ssh").is_some());
        assert_eq!(told, (http, ssh));
        assert_eq!(body["links"].get("clone").is_some(), http || ssh);
        let refs = "/scm/plat/billing-api.git/info/refs?service=git-upload-pack";
        assert_eq!(
            server.get(As::User("alice"), refs).await.status == 200,
            http
        );
    }
    let newest = with_basic(Profile::Bitbucket10_5).await;
    let path = format!("{API}/projects/PLAT/repos/billing-api");
    let body = newest.get(As::User("alice"), &path).await.json();
    assert_eq!(body["links"]["clone"][0]["name"], "ssh", "the order varies");
}

#[tokio::test]
async fn repositories_that_are_not_available_say_so() {
    let server = Server::start().await;
    for (slug, state) in [
        ("arm-controller", "AVAILABLE"),
        ("vision-training", "INITIALISING"),
        ("ros-workspace", "INITIALISATION_FAILED"),
        ("plc-programs", "OFFLINE"),
    ] {
        let path = format!("{API}/projects/ROBOT/repos/{slug}");
        let body = server.get(As::User("alice"), &path).await.json();
        assert_eq!(body["state"], state);
        let refs = format!("/scm/robot/{slug}.git/info/refs?service=git-upload-pack");
        let status = server.get(As::User("alice"), &refs).await.status;
        assert_eq!(status == 200, state == "AVAILABLE");
    }
}

#[tokio::test]
async fn a_repository_that_has_moved_leads_to_its_new_place() {
    let server = Server::start().await;
    for (path, to) in [
        (
            format!("{API}/projects/PLAT/repos/web-shop"),
            format!("{API}/projects/RETAIL/repos/web-shop"),
        ),
        (
            format!("{TOKENS}/projects/plat/repos/web-shop?limit=3"),
            format!("{TOKENS}/projects/RETAIL/repos/web-shop?limit=3"),
        ),
        (
            format!("{API}/projects/PLAT/repos/web-shop/permissions/users"),
            format!("{API}/projects/RETAIL/repos/web-shop/permissions/users"),
        ),
    ] {
        let answer = server.get(As::User("alice"), &path).await;
        assert_eq!(
            (answer.status.as_u16(), answer.header("location")),
            (307, &*server.url(&to))
        );
        assert_eq!(answer.header("x-ausername"), "alice");
    }
}

#[tokio::test]
async fn pages_count_what_is_not_on_them_and_end_in_two_ways() {
    for profile in Profile::ALL {
        let server = with_basic(profile).await;
        // What bob may write to lies far apart.
        let path = format!("{API}/repos?permission=REPO_WRITE&limit=1");
        let (mut start, mut found, mut gaps) = (0, Vec::new(), 0);
        loop {
            let answer = server
                .get(As::User("bob"), &format!("{path}&start={start}"))
                .await;
            found.extend(answer.each("slug"));
            let body = answer.json();
            if body["isLastPage"] == true {
                let end = body.get("nextPageStart");
                let is_new = profile >= Profile::Bitbucket10_2;
                assert_eq!(end, is_new.then_some(&Value::Null));
                break;
            }
            let next = body["nextPageStart"].as_u64().unwrap();
            gaps += usize::from(next > start + 1);
            start = next;
        }
        let all = server
            .get(
                As::User("bob"),
                &format!("{API}/repos?permission=REPO_WRITE&limit=1000"),
            )
            .await;
        assert_eq!(found, all.each("slug"));
        assert!(gaps > 0 && found.len() > 5);
    }
}

#[tokio::test]
async fn anybody_signed_in_may_ask_who_administers() {
    let server = Server::start().await;
    let who = async |query: &str| {
        let path = format!("{API}/users?limit=100&{query}");
        server.get(As::User("bob"), &path).await
    };
    let project = "permission=PROJECT_ADMIN&permission.projectKey=PLAT";
    assert_eq!(who(project).await.each("name"), ["alice", "root"]);
    // An account that is switched off keeps its rights.
    let data = who("permission=PROJECT_ADMIN&permission.projectKey=DATA").await;
    assert_eq!(data.each("name"), ["alice", "ines", "root"]);
    let data = data.json();
    let active: Vec<_> = data["values"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["active"] == true)
        .collect();
    assert_eq!(active, [true, false, true]);
    let repository = "permission.1=REPO_ADMIN&permission.1.projectKey=SHIP&permission.1.repositorySlug=label-printer";
    assert_eq!(who(repository).await.each("name"), ["alice", "root", "sam"]);
    let one = format!("{repository}&filter=alice");
    assert_eq!(who(&one).await.each("name"), ["alice"]);
    assert_eq!(who("permission=ADMIN").await.each("name"), ["root"]);
    for wrong in [
        "permission=PROJECT_ADMIN",
        "permission=NOPE",
        "permission=PROJECT_ADMIN&permission.projectKey=NOPE",
    ] {
        assert_eq!(who(wrong).await.status, 400, "{wrong}");
    }
    let anonymous = server
        .get(As::Nobody, &format!("{API}/users?{project}"))
        .await;
    assert_eq!(anonymous.exception(), "AuthenticationRequiredException");
}

#[tokio::test]
async fn links_name_the_configured_address() {
    let server = Server::with(Options {
        base_url: Some("https://git.nordwind.example/bitbucket/".to_owned()),
        ..Options::default()
    })
    .await;
    let path = format!("{API}/projects/PLAT/repos/billing-api");
    let body = server.get(As::User("alice"), &path).await.json();
    let base = "https://git.nordwind.example/bitbucket";
    let page = format!("{base}/projects/PLAT/repos/billing-api/browse");
    assert_eq!(body["links"]["self"][0]["href"], page);
    let over_http = "https://alice@git.nordwind.example/bitbucket/scm/plat/billing-api.git";
    assert_eq!(link(&body, "http").unwrap(), over_http);
    let over_ssh = "ssh://git@git.nordwind.example:7999/plat/billing-api.git";
    assert_eq!(link(&body, "ssh").unwrap(), over_ssh);
    let options = server
        .get(As::Nobody, "/rest/authconfig/latest/login-options")
        .await;
    let provider = options.json()["results"][2]["loginLink"].clone();
    assert!(provider.as_str().unwrap().starts_with(base), "{provider}");
    // It still answers, and redirects, where it listens.
    let dashboard = server.get(As::Nobody, "/dashboard").await;
    assert!(
        dashboard
            .header("location")
            .starts_with(&server.url("/login"))
    );
}

#[tokio::test]
async fn tokens_of_places_act_as_technical_accounts() {
    for (service_accounts, status) in [
        (ServiceAccounts::Missing, 404),
        (ServiceAccounts::Refused, 401),
        (ServiceAccounts::Shown, 200),
    ] {
        let server = Server::with(Options {
            service_accounts,
            ..Options::default()
        })
        .await;
        for (place, kind) in [
            ("/projects/PLAT", 1),
            ("/projects/PLAT/repos/billing-api", 2),
        ] {
            let secret = server.secret("alice", place, &["REPO_READ"]).await;
            let bearer = As::Bearer(&secret);
            let seen = server.get(bearer, &format!("{API}/projects")).await;
            let name = seen.header("x-ausername").replace("%2F", "/");
            assert!(
                name.starts_with(&format!("access-token-user/{kind}/")),
                "{name}"
            );
            let slug = name.replace('/', "_");
            let answer = server.get(bearer, &format!("{API}/users/{slug}")).await;
            assert_eq!(answer.status.as_u16(), status);
            if status == 200 {
                let account = answer.json();
                assert_eq!(
                    (&account["type"], &account["name"]),
                    (&json!("SERVICE"), &json!(name))
                );
                let shown = account["displayName"].as_str().unwrap();
                assert!(shown.starts_with("Access Token User - "), "{shown}");
            }
        }
    }
}
