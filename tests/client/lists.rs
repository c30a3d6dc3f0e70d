//! Lists, and the odd ways in which servers page them.

use bbtoken::bitbucket::ErrorKind;
use bbtoken::permission::Level;
use serde_json::{Value, json};

use crate::server::{Asked, Server, json};

/// A page out of `total` projects, of at most `most` entries, as a Bitbucket makes it.
fn page(asked: &Asked, total: u64, most: u64) -> Value {
    let number = |name| {
        asked
            .parameter(name)
            .and_then(|text| text.parse::<u64>().ok())
    };
    let start = number("start").unwrap_or(0);
    let limit = number("limit").unwrap_or(25).min(most);
    let end = (start + limit).min(total);
    let values: Vec<_> = (start..end)
        .map(|n| json!({ "key": format!("P{n}") }))
        .collect();
    let last = end == total;
    json!({
        "size": values.len(), "limit": limit, "isLastPage": last, "start": start,
        "nextPageStart": if last { Value::Null } else { json!(end) }, "values": values,
    })
}

#[tokio::test]
async fn pages_follow_the_server_even_where_it_caps_them() {
    let (server, client) = Server::signed_in(|asked| json(200, &page(asked, 7, 3))).await;
    let mut pages = client.projects().limit(1000);
    let mut sizes = Vec::new();
    while let Some(page) = pages.next().await.unwrap() {
        sizes.push((page.values.len(), page.next));
    }
    assert_eq!(sizes, [(3, Some(3)), (3, Some(6)), (1, None)]);
    assert_eq!(pages.next().await.unwrap(), None);
    assert_eq!(server.asked().len(), 3);
    assert_eq!(server.asked()[2].query, "start=6&limit=1000");
    let rest = client.projects().from(5).all().await.unwrap();
    assert_eq!(rest.len(), 2);
    assert_eq!(rest[0].key, "P5");
}

#[tokio::test]
async fn a_missing_start_is_counted() {
    let (_server, client) = Server::signed_in(|asked| {
        let mut page = page(asked, 7, 3);
        page.as_object_mut().unwrap().remove("nextPageStart");
        json(200, &page)
    })
    .await;
    assert_eq!(client.projects().all().await.unwrap().len(), 7);
}

#[tokio::test]
async fn a_list_that_does_not_advance_ends_with_an_error() {
    let (server, client) = Server::signed_in(|_| {
        let values = [json!({ "key": "A" })];
        json(
            200,
            &json!({ "isLastPage": false, "start": 0, "nextPageStart": 1, "values": values }),
        )
    })
    .await;
    let mut pages = client.projects();
    assert_eq!(pages.next().await.unwrap().unwrap().values.len(), 1);
    let error = pages.next().await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::NotJson);
    assert!(error.technical().contains("do not advance"));
    client.projects().all().await.unwrap_err();
    assert_eq!(server.asked().len(), 4);
}

#[tokio::test]
async fn odd_entries_do_not_spoil_a_list() {
    let (_server, client) = Server::signed_in(|_| {
        json(
            200,
            &json!({ "values": [
                null, 7, "x", {}, { "key": null }, { "key": "" }, { "key": "A\u{1b}[2JB" },
                { "key": "..", "name": "up" },
                { "key": "OK", "name": null, "description": "  ", "links": { "self": [null] },
                  "owner": null, "type": 3, "public": null, "id": "12" },
            ] }),
        )
    })
    .await;
    let projects = client.projects().all().await.unwrap();
    assert_eq!(projects.len(), 1);
    assert_eq!(
        (projects[0].key.as_str(), projects[0].name.as_str()),
        ("OK", "OK")
    );
    assert_eq!(projects[0].description, None);
}

#[tokio::test]
async fn what_is_no_list_is_an_error() {
    for body in [json!({}), json!([]), json!({ "values": null }), json!(null)] {
        let (_server, client) = Server::signed_in(move |_| json(200, &body)).await;
        let error = client.projects().all().await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::NotJson);
    }
}

#[tokio::test]
async fn each_list_has_its_address() {
    let (server, client) = Server::signed_in(|_| {
        let repository = |key: &str| json!({ "slug": "x", "project": { "key": key } });
        json(
            200,
            &json!({ "values": [repository("PLAT"), repository("DATA")] }),
        )
    })
    .await;
    client.administered_projects().all().await.unwrap();
    client.repositories("~a b").limit(5).all().await.unwrap();
    // A server that does not know the filter by project sends the others too.
    let administered = client
        .repositories_with("plat", Level::Admin)
        .all()
        .await
        .unwrap();
    assert_eq!(administered.len(), 1);
    assert_eq!(administered[0].project.key, "PLAT");
    let asked: Vec<_> = server
        .asked()
        .into_iter()
        .map(|asked| format!("{}?{}", asked.path, asked.query))
        .collect();
    assert_eq!(
        asked,
        [
            "/rest/api/latest/projects?permission=PROJECT_ADMIN&start=0",
            "/rest/api/latest/projects/~a%20b/repos?start=0&limit=5",
            "/rest/api/latest/repos?permission=REPO_ADMIN&archived=ALL&projectkey=plat&start=0",
        ]
    );
}
