//! A name typed among the projects finds repositories too, wherever they are.

use std::time::Duration;

use bbtoken::simulator::FaultEffect;
use reqwest::Method;

use crate::harness::signed_in;

const SEARCH: &str = "/api/latest/repos?";

#[tokio::test]
async fn a_repository_is_found_from_the_projects_and_the_way_back_leads_through_its_project() {
    for user in ["alice", "bob"] {
        let mut program = signed_in(user).await;
        program.keys("/billing-api").await;
        program.shows("› billing-api in PLAT");
        program.keys("<enter>").await;
        program.shows("Platform (PLAT) › billing-api › Repository settings › Security");
        program.keys("<esc>").await;
        program.shows("Projects › Platform (PLAT) › Repositories");
        program.is_on("billing-api");
        program.keys("<esc>").await;
        program.shows("› billing-api in PLAT");
        program.keys("<esc>").await;
        program.hides("in PLAT");
        program.shows("Manage account");
    }
}

#[tokio::test]
async fn the_count_and_the_keys_are_those_of_a_filter_that_is_typed() {
    let mut program = signed_in("alice").await;
    program.shows("n new token");
    program.keys("/billing-api").await;
    program.shows("1 found");
    program.hides("0 of");
    program.hides("new token");
    program.keys("zz").await;
    program.shows("No matches in the projects and repositories.");
    program.keys("<c-u>%").await;
    program.shows("No matches in the projects; two letters search all repositories too.");
}

#[tokio::test]
async fn a_token_is_made_for_what_was_found() {
    let mut program = signed_in("alice").await;
    program.keys("/billing-api<enter>").await;
    program.keys("<esc><esc>n").await;
    program.shows("billing-api › Repository settings › Security › HTTP access tokens › New token");
}

#[tokio::test]
async fn the_server_is_asked_once_at_a_time_and_what_was_typed_meanwhile_counts() {
    let mut program = signed_in("alice").await;
    let slow = FaultEffect::Delay(Duration::from_millis(200));
    program.fault(Some(Method::GET), SEARCH, 1, slow);
    program.press_only("/bi");
    program.until_asked(&Method::GET, SEARCH).await;
    program.press_only("lling-w");
    program.pass(Duration::from_millis(150));
    program.shows("Searching all repositories …");
    program.press_only("<enter>");
    program.shows("The search is still under way.");
    program.settle().await;
    assert_eq!(program.count_requests(&Method::GET, SEARCH), 2);
    program.hides("billing-api");
}

#[tokio::test]
async fn one_letter_asks_nothing_and_a_filter_that_goes_takes_its_search_along() {
    let mut program = signed_in("alice").await;
    program.keys("/b").await;
    assert_eq!(program.count_requests(&Method::GET, SEARCH), 0);
    program.fault(Some(Method::GET), SEARCH, 1, FaultEffect::Hang);
    program.press_only("i");
    program.until_asked(&Method::GET, SEARCH).await;
    program.keys("<esc>").await;
    assert!(!program.is_busy(), "the search goes on for nobody");
    program.hides("in PLAT");
}

#[tokio::test]
async fn a_search_that_fails_says_so_and_the_projects_stay() {
    let mut program = signed_in("alice").await;
    let full = FaultEffect::Status(500, "disk full".into());
    program.fault(Some(Method::GET), SEARCH, 1, full);
    program.keys("/pl").await;
    program.shows("Bitbucket did not give the repositories.");
    program.shows("Platform");
}

#[tokio::test]
async fn where_nothing_fits_enter_opens_nothing() {
    let mut program = signed_in("alice").await;
    program.keys("<enter>/zzzz").await;
    program.shows("No matches in the repositories. Press esc to show all.");
    program.hides("Project settings");
    program.keys("<enter>").await;
    program.shows("Projects › Platform (PLAT) › Repositories");
    program.keys("<esc>").await;
    program.shows("Project settings");
}

#[tokio::test]
async fn the_arrows_stay_in_the_filter_that_is_being_typed() {
    let mut program = signed_in("alice").await;
    program
        .keys("<enter>/api<right><right><left><left><left><left>x")
        .await;
    program.shows("/ xapi");
    program.shows("Projects › Platform (PLAT) › Repositories");
}
