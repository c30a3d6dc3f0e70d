//! Bitbucket limits how many requests each user may send: what the program asks by itself is counted here.

use std::collections::BTreeMap;

use bbtoken::simulator::{Options, Profile};

use crate::harness::{Harness, Setup};

/// From the start to a created token that has been tried, and from the start to a list of tokens. The measured
/// numbers stand in CONTRIBUTING.md; whoever needs more has a reason, and writes it there.
const MOST: [(Profile, usize, usize); 2] = [
    (Profile::Bitbucket9_4, 99, 99),
    (Profile::Bitbucket10_5, 99, 99),
];

/// How many requests the keys have led to.
async fn count(profile: Profile, keys: &str, shows: &str) -> usize {
    let mut program = Harness::start(Setup {
        size: (120, 40),
        options: Options::of(profile),
        ..Setup::default()
    })
    .await;
    program.sign_in("alice").await;
    program.keys(keys).await;
    program.shows(shows);
    let requests = program.server().requests();
    let mut times: BTreeMap<_, usize> = BTreeMap::new();
    for request in &requests {
        *times
            .entry(format!("{} {}", request.method, request.path))
            .or_default() += 1;
    }
    println!("{profile:?} {keys}: {} {times:#?}", requests.len());
    requests.len()
}

#[tokio::test]
async fn few_requests_lead_to_a_token_and_to_a_list() {
    for (profile, created, listed) in MOST {
        let in_place = "/platform<enter>/billing<enter>n<enter><enter>";
        let to_token = count(profile, in_place, "Created:").await;
        assert!(to_token <= created, "{profile:?}: {to_token} to a token");
        let to_list = count(
            profile,
            "/platform<enter>/billing<enter><enter>",
            "New token",
        )
        .await;
        assert!(to_list <= listed, "{profile:?}: {to_list} to a list");
    }
}
