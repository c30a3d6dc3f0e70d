//! Long lists come page by page.

use std::time::Duration;

use bbtoken::bitbucket::TokenSpec;
use bbtoken::permission::Permissions;
use bbtoken::simulator::{FaultEffect, Options, Size};
use reqwest::Method;

use crate::harness::{Harness, Setup, personal};

/// Among the repositories of PLAT, where the server gives fifty at a time; and the names of all.
async fn among_many(user: &str) -> (Harness, Vec<String>) {
    let mut program = Harness::start(Setup {
        options: Options {
            size: Some(Size {
                projects: 3,
                repositories: 1000,
            }),
            max_page_size: 50,
            ..Options::default()
        },
        size: (120, 40),
        ..Setup::default()
    })
    .await;
    let all = program.root().await.repositories("PLAT").all().await;
    let names: Vec<_> = all.unwrap().into_iter().map(|it| it.name).collect();
    assert!(names.len() > 300, "{}", names.len());
    program.sign_in(user).await;
    (program, names)
}

const PATH: &str = "/projects/PLAT/repos?";

fn pages(program: &Harness) -> usize {
    program.count_requests(&Method::GET, PATH)
}

#[tokio::test]
async fn pages_come_while_one_scrolls_and_no_earlier() {
    let (mut program, names) = among_many("alice").await;
    let before = pages(&program);
    program.keys("<enter>").await;
    assert_eq!(pages(&program) - before, 1);
    program.shows("50+");
    program.is_on(&names[0]);
    program.keys("<pagedown><pagedown>").await;
    program.is_on(&names[20]);
    assert_eq!(pages(&program) - before, 1);
    program.keys("<pagedown>").await;
    program.is_on(&names[30]);
    assert_eq!(pages(&program) - before, 2);
    program.shows("100+");
    while program.focus().trim_start_matches("› ").split(' ').next() != Some(names.last().unwrap())
    {
        let here = program.focus();
        program.keys("<pagedown>").await;
        assert_ne!(program.focus(), here, "stuck:\n{}", program.text());
    }
    program.shows(&format!("{} ╮", names.len()));
    assert_eq!(pages(&program) - before, names.len().div_ceil(50));
}

#[tokio::test]
async fn the_key_to_the_end_gets_there() {
    let (mut program, names) = among_many("alice").await;
    program.keys("<enter><end>").await;
    program.is_on(names.last().unwrap());
}

#[tokio::test]
async fn a_filter_reads_on_to_the_last_page() {
    let (mut program, names) = among_many("alice").await;
    let before = pages(&program);
    program.keys("<enter>/").await;
    program.paste(names.last().unwrap()).await;
    assert_eq!(pages(&program) - before, names.len().div_ceil(50));
    program.shows(&format!("› {}", names.last().unwrap()));
    program.keys("<enter>").await;
    program.shows(&format!("Platform (PLAT) › {} ›", names.last().unwrap()));
}

#[tokio::test]
async fn a_reload_keeps_the_row_of_the_cursor() {
    let (mut program, names) = among_many("alice").await;
    program.keys("<enter>jjj").await;
    program.is_on(&names[3]);
    program.keys("r").await;
    program.is_on(&names[3]);
    program.keys(&"<pagedown>".repeat(12)).await;
    program.is_on(&names[123]);
    program.keys("r").await;
    program.is_on(&names[123]);
}

#[tokio::test]
async fn who_moves_on_during_a_reload_is_not_thrown_back() {
    let (mut program, names) = among_many("alice").await;
    program.keys("<enter>").await;
    program.keys(&"<pagedown>".repeat(8)).await;
    program.is_on(&names[80]);
    program.press_only("r");
    program.until_shows("50+").await;
    program.press_only("<home>");
    program.press_only("j");
    program.settle().await;
    program.is_on(&names[0]);
}

#[tokio::test]
async fn a_failure_in_the_middle_keeps_what_was_there_and_r_goes_on() {
    let (mut program, names) = among_many("alice").await;
    program.keys("<enter>").await;
    program.fault(Some(Method::GET), "start=50", 1, FaultEffect::Html(502));
    program.keys(&"<pagedown>".repeat(3)).await;
    program.is_on(&names[30]);
    program.shows("Bitbucket did not give the repositories.");
    program.shows(&names[29]);
    program.keys("r").await;
    program.hides("Bitbucket did not give the repositories.");
    program.is_on(&names[30]);
    program.keys("<pagedown><pagedown><pagedown>").await;
    program.is_on(&names[60]);
}

#[tokio::test]
async fn a_list_in_two_parts_is_read_to_its_end_and_nothing_comes_twice() {
    let (mut program, names) = among_many("bob").await;
    program.keys("/platform<enter>G").await;
    program.is_on(names.last().unwrap());
    program.shows(&format!("{} ╮", names.len()));
}

#[tokio::test]
async fn many_projects_come_page_by_page_too() {
    let mut program = Harness::start(Setup {
        options: Options {
            size: Some(Size {
                projects: 230,
                repositories: 300,
            }),
            max_page_size: 40,
            ..Options::default()
        },
        ..Setup::default()
    })
    .await;
    let projects = program.root().await.projects().all().await.unwrap();
    assert_eq!(projects.len(), 230);
    program.sign_in("alice").await;
    program.is_on("PLAT");
    let last = &projects.last().unwrap().name;
    program.keys("/").await;
    program.paste(last).await;
    program.shows(&format!("{last} ("));
    program.keys("<esc><home>").await;
    program.is_on("PLAT");
}

#[tokio::test]
async fn many_tokens_come_page_by_page_too() {
    let mut program = Harness::start(Setup {
        options: Options {
            max_page_size: 30,
            ..Options::default()
        },
        size: (120, 40),
        ..Setup::default()
    })
    .await;
    let root = program.root().await;
    let mut ids = Vec::new();
    for number in 1..=100 {
        program.clock.advance(Duration::from_secs(1));
        let spec = TokenSpec {
            name: format!("number {number}"),
            permissions: Permissions::from_api(["REPO_READ"]),
            expiry_days: Some(30),
        };
        let created = root.create_token(&personal("root"), &spec).await;
        ids.push(created.unwrap().token.id);
    }
    program.sign_in("root").await;
    program.keys("m").await;
    program.shows("30+ ");
    // Newest first.
    program.is_on("+ New token");
    program.keys("j").await;
    program.is_on("number 100");
    program.keys("G").await;
    program.is_on("number 1 ");
    program.shows("100 ");
    program.keys("x").await;
    program.shows("Revoke \"number 1\"?");
    program.keys("y").await;
    program.shows("Revoked \"number 1\".");
    // Ids are random figures: what stands within one finds nothing, its beginning does.
    program.keys("/number 42").await;
    program.shows("› number 42");
    program.shows("1 of 99");
    program.keys(&format!("<esc>/{}", ids[6])).await;
    program.shows("› number 7 ");
    program.shows("1 of 99");
    program.keys(&format!("<esc>/{}", &ids[6][1..])).await;
    program.shows("0 of 99");
}
