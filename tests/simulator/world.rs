//! The demo company: what has to be in it, and that the same seed makes the same one.

use bbtoken::simulator::{Options, Size};
use serde_json::Value;

use crate::support::{API, As, Server, TOKENS};

async fn all(server: &Server, path: &str) -> Vec<Value> {
    let answer = server.get(As::User("root"), path).await;
    answer.json()["values"].as_array().unwrap().clone()
}

#[tokio::test]
async fn the_company_is_large_enough() {
    let server = Server::start().await;
    let projects = all(&server, &format!("{API}/projects?limit=1000")).await;
    assert!(projects.len() >= 12, "{}", projects.len());
    let repositories = all(&server, &format!("{API}/repos?archived=ALL&limit=1000")).await;
    assert!(repositories.len() >= 150, "{}", repositories.len());
    assert!(repositories.iter().any(|it| it["archived"] == true));
    assert!(repositories.iter().any(|it| it["public"] == true));
    let empty = all(&server, &format!("{API}/projects/SAND/repos")).await;
    assert!(empty.is_empty());
    let names: Vec<_> = server
        .simulator
        .accounts()
        .into_iter()
        .map(|it| it.name)
        .collect();
    assert_eq!(names[..6], ["alice", "bob", "root", "dora", "sam", "olga"]);
    for name in &names[..6] {
        let personal = all(&server, &format!("{API}/projects/~{name}/repos")).await;
        assert!(!personal.is_empty(), "{name}");
    }
}

#[tokio::test]
async fn difficult_and_hostile_names_are_served_as_they_are() {
    let server = Server::start().await;
    let projects = server
        .get(As::User("root"), &format!("{API}/projects?limit=1000"))
        .await;
    let names = projects.each("name").join(" ");
    let repositories = server
        .get(As::User("root"), &format!("{API}/repos?limit=1000"))
        .await;
    let repositories = repositories.each("name").join(" ");
    let tokens = server
        .get(As::User("root"), &format!("{TOKENS}/projects/EVIL"))
        .await;
    let tokens = tokens.each("name").join(" ");
    for text in [&names, &repositories, &tokens] {
        for hostile in ['\u{1b}', '\u{202e}', '\u{200b}', '\n'] {
            assert!(text.contains(hostile), "{hostile:?} in {text}");
        }
    }
    for wanted in ["東京", "مشروع", "Ü"] {
        assert!(names.contains(wanted), "{wanted}");
    }
    let evil = server
        .get(As::User("root"), &format!("{API}/projects/EVIL"))
        .await
        .json();
    assert!(evil["description"].as_str().unwrap().contains('\u{1b}'));
}

#[tokio::test]
async fn tokens_of_every_kind_exist() {
    let server = Server::start().await;
    let now = server.clock.now().time.as_millisecond();
    let day = 24 * 60 * 60 * 1000;
    let mut tokens = Vec::new();
    for (place, least) in [
        ("/projects/PLAT/repos/billing-api", 3),
        ("/projects/PLAT", 2),
        ("/users/alice", 2),
    ] {
        let found = all(&server, &format!("{TOKENS}{place}?limit=100")).await;
        assert!(found.len() >= least, "{place}");
        tokens.extend(found);
    }
    let expiry = |token: &Value| token["expiryDate"].as_i64();
    assert!(
        tokens
            .iter()
            .any(|it| expiry(it).is_some_and(|at| at < now)),
        "expired"
    );
    let soon = now..=now + 3 * day;
    assert!(
        tokens
            .iter()
            .any(|it| expiry(it).is_some_and(|at| soon.contains(&at)))
    );
    assert!(
        tokens.iter().any(|it| expiry(it).is_none()),
        "never expires"
    );
    assert!(
        tokens
            .iter()
            .any(|it| it.get("lastAuthenticated").is_none()),
        "never used"
    );
    let text = serde_json::to_string(&tokens).unwrap();
    assert!(text.contains("PROJECT_ADMIN") && text.contains("REPO_DEPLOY"));
    assert!(!text.contains("\"token\""));
}

#[tokio::test]
async fn the_same_seed_makes_the_same_world() {
    let look = async |seed| {
        let server = Server::with(Options {
            seed,
            ..Options::default()
        })
        .await;
        let repositories = all(&server, &format!("{API}/repos?archived=ALL&limit=1000")).await;
        let tokens = all(&server, &format!("{TOKENS}/projects/PLAT")).await;
        let base = server.simulator.base_url();
        let text = serde_json::to_string(&(repositories, tokens)).unwrap();
        text.replace(&base["http://".len()..], "HOST")
    };
    let (one, again, other) = (look(7).await, look(7).await, look(8).await);
    assert!(one == again);
    assert!(one != other);
}

#[tokio::test]
async fn it_can_be_smaller_and_larger() {
    for (projects, repositories) in [(1, 0), (1, 3), (5, 40), (40, 2000)] {
        let server = Server::with(Options {
            size: Some(Size {
                projects,
                repositories,
            }),
            max_page_size: 10_000,
            ..Options::default()
        })
        .await;
        let found = server
            .get(As::User("root"), &format!("{API}/projects?limit=10000"))
            .await;
        assert_eq!(found.each("key").len(), projects);
        assert!(found.each("key").contains(&"PLAT".to_owned()));
        let found = all(&server, &format!("{API}/repos?archived=ALL&limit=10000")).await;
        let listed = found
            .iter()
            .filter(|it| it["project"]["type"] == "NORMAL")
            .count();
        assert_eq!(listed, repositories);
    }
}

#[tokio::test]
async fn a_world_of_many_tokens_has_as_many_more() {
    let count = async |tokens: usize| {
        let options = Options {
            tokens,
            ..Options::default()
        };
        let server = Server::with(options).await;
        let mut all = Vec::new();
        for place in [
            "users/alice",
            "projects/PLAT",
            "projects/PLAT/repos/billing-api",
        ] {
            all.push(all_of(&server, place).await);
        }
        all
    };
    let (few, many) = (count(0).await, count(1000).await);
    assert_eq!(many[0].len(), few[0].len() + 500);
    assert!(many[1].len() > few[1].len() && many[2].len() > few[2].len());
    // All that there is to look at is among them.
    let now = jiff::Timestamp::now().as_millisecond();
    let mine = &many[0];
    assert!(mine.iter().any(|it| it["expiryDate"].is_null()));
    assert!(
        mine.iter()
            .any(|it| it["expiryDate"].as_i64().is_some_and(|at| at < now))
    );
    assert!(mine.iter().any(|it| it["lastAuthenticated"].is_null()));
    assert!(
        many[2]
            .iter()
            .all(|it| it["permissions"].as_array().unwrap().len() == 1)
    );
}

async fn all_of(server: &Server, place: &str) -> Vec<Value> {
    all(server, &format!("{TOKENS}/{place}?limit=1000")).await
}
