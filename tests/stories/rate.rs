//! Bitbucket limits how many requests each user may send: what the program asks by itself is counted here.

use bbtoken::clock::Clock;
use bbtoken::simulator::{Options, Profile, Simulator};

use crate::harness::{Harness, NOW, Setup};

/// From the start to a created token that has been tried: with the address of the repository's page, by
/// walking there with the filter, and with the repository's name typed among the projects; and from the start
/// to its list of tokens. What was measured stands in
/// CONTRIBUTING.md: whoever needs more has a reason, and writes it there.
const MOST: [(Profile, [usize; 4]); 2] = [
    (Profile::Bitbucket9_4, [18, 18, 18, 12]),
    (Profile::Bitbucket10_5, [19, 19, 19, 13]),
];

/// How many requests the keys after the sign-in have led to.
async fn count(profile: Profile, place: &str, keys: &str, shows: &str) -> usize {
    let clock = Clock::manual(NOW.parse().unwrap());
    let simulator = Simulator::start(Options {
        clock: clock.clone(),
        ..Options::of(profile)
    });
    let simulator = simulator.await.unwrap();
    let mut program = Harness::start(Setup {
        size: (120, 40),
        address: Some(format!("{}{place}", simulator.base_url())),
        server: Some((simulator, clock)),
        ..Setup::default()
    })
    .await;
    program.sign_in("alice").await;
    program.keys(keys).await;
    program.shows(shows);
    program.server().requests().len()
}

#[tokio::test]
async fn few_requests_lead_to_a_token_and_to_a_list() {
    let page = "/projects/PLAT/repos/billing-api/browse";
    let mut measured = Vec::new();
    for (profile, _) in MOST {
        let there = "/platform<enter>/billing<enter>";
        let found = "/billing-api<enter>";
        let counts = [
            count(profile, page, "n<enter><enter>", "Created:").await,
            count(profile, "", &format!("{there}n<enter><enter>"), "Created:").await,
            count(profile, "", &format!("{found}n<enter><enter>"), "Created:").await,
            count(profile, "", &format!("{there}<enter>"), "New token").await,
        ];
        measured.push((profile, counts));
    }
    let fits = measured.iter().zip(MOST).all(|((_, counts), (_, most))| {
        let mut each = counts.iter().zip(most);
        each.all(|(count, most)| *count <= most)
    });
    assert!(fits, "{measured:?}, at most {MOST:?}");
}
