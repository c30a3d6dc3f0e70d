//! A token that comes into a field in which everybody sees it: it goes to the token's own field, or nowhere, and
//! is never on the screen.

use std::time::Duration;

use crate::harness::{Harness, Setup};

const TOKENS: [&str; 2] = [
    "MjUyOTczMDY3NTU2OmFiY2RlZmdoaWprbG1ub3BxcnN0",
    "BBDC-MjUyOTczMDY3NTU2@mFiY2Rl_mdoaWprbG1u-3BxcnN0",
];
/// So much of a token may be seen before it can be known for one: signs of its id, which is no secret.
const SEEN: usize = 11;

async fn start() -> Harness {
    Harness::start(Setup {
        size: (140, 40),
        ..Setup::default()
    })
    .await
}

fn hides_it(program: &mut Harness, token: &str) {
    let screen = program.text();
    for piece in token.as_bytes().windows(SEEN + 1) {
        let piece = std::str::from_utf8(piece).unwrap();
        assert!(
            !screen.contains(piece),
            "{piece} is on the screen:\n{screen}"
        );
    }
}

/// Pastes it, with what may surround it, and types it, as a terminal does that pastes without brackets.
async fn is_left_out(program: &mut Harness, token: &str) {
    let before = program.text();
    let before = before
        .lines()
        .filter(|line| !line.contains('!') && !line.contains("token"));
    let before: Vec<_> = before.map(str::to_owned).collect();
    for text in [
        token.to_owned(),
        format!(" {token}\r\n"),
        format!("Bearer {token}"),
    ] {
        program.paste(&text).await;
        hides_it(program, token);
        program.shows("That looks like a token, so it was left out");
    }
    for letter in token.chars() {
        program.at_once(&letter.to_string()).await;
        hides_it(program, token);
    }
    program.shows("That looks like a token, so it was left out");
    program.advance(Duration::from_millis(100)).await;
    // Nothing of it is in the field.
    let after = program.text();
    for line in before {
        assert!(after.contains(&line), "{line:?} is gone:\n{after}");
    }
}

/// To the field that begins like this.
async fn to(program: &mut Harness, wanted: &str) {
    for _ in 0..10 {
        program.keys("<tab><home>").await;
        if program.focus().trim_start_matches("› ").starts_with(wanted) {
            return;
        }
    }
    panic!("no {wanted:?}:\n{}", program.text());
}

#[tokio::test]
async fn at_the_address() {
    for token in TOKENS {
        let mut program = start().await;
        is_left_out(&mut program, token).await;
        // In an address what somebody signs in with is left out, and the address stays.
        let base = program.base_url.clone();
        for user in [
            format!("alice:{token}"),
            format!("x-token-auth:{token}"),
            token.to_owned(),
        ] {
            program.keys("<c-u>").await;
            let address = base.replace("://", &format!("://{user}@"));
            program
                .paste(&format!("{address}/scm/plat/billing-api.git"))
                .await;
            hides_it(&mut program, token);
            program.shows(&format!("Address {base}/scm/plat/billing-api.git"));
        }
        program.keys("<c-u>").await;
        program
            .paste(&base.replace("://", "://alice:geheim@"))
            .await;
        program.hides("geheim");
        program.shows("The password was removed from that address");
        program.sign_in("alice").await;
        program.shows("Platform");
        assert!(!program.server().requests().is_empty());
    }
}

#[tokio::test]
async fn in_an_argument() {
    for token in TOKENS {
        let mut program = Harness::start(Setup {
            size: (140, 40),
            address: Some(token.to_owned()),
            ..Setup::default()
        })
        .await;
        hides_it(&mut program, token);
        program.shows("That looks like a token, not an address.");
        let mut program = Harness::start(Setup {
            size: (140, 40),
            address: Some(format!(
                "https://alice:{token}@git.nordwind.example/scm/plat/x.git"
            )),
            ..Setup::default()
        })
        .await;
        hides_it(&mut program, token);
        program.shows("Address https://git.nordwind.example/scm/plat/x.git");
    }
}

#[tokio::test]
async fn at_the_user_name() {
    for token in TOKENS {
        let mut program = start().await;
        program.keys("<enter>").await;
        program.shows("Who are you?");
        is_left_out(&mut program, token).await;
        // Where it is hidden it is taken.
        program.keys("alice<enter>").await;
        program.paste(token).await;
        program.hides("That looks like a token");
        hides_it(&mut program, token);
    }
}

#[tokio::test]
async fn in_the_filters() {
    for token in TOKENS {
        let mut program = start().await;
        program.sign_in("alice").await;
        program.keys("/").await;
        is_left_out(&mut program, token).await;
        program.keys("<esc><f12>/").await;
        program.hides("name=MjUy");
        is_left_out(&mut program, token).await;
        let asked = program.server().requests();
        assert!(
            !asked
                .iter()
                .any(|request| request.path.contains(&token[..SEEN + 1]))
        );
    }
}

#[tokio::test]
async fn in_the_name_of_a_token_and_of_a_file() {
    for token in TOKENS {
        let mut program = start().await;
        program.sign_in("alice").await;
        program.keys("m").await;
        program.keys("n").await;
        to(&mut program, "git for alice").await;
        program.keys("<end>").await;
        is_left_out(&mut program, token).await;
        program.keys("<enter><enter>").await;
        program.shows("Token ready");
        program.keys("f").await;
        program.shows(".token");
        is_left_out(&mut program, token).await;
    }
}

#[tokio::test]
async fn in_the_browser_it_goes_to_its_own_field() {
    for token in TOKENS {
        for way in 0..3 {
            let mut program = start().await;
            program.keys("<enter>olga<tab><tab>").await;
            program.keys("<enter>").await;
            program.shows("Create the token in the browser");
            match way {
                0 => program.paste(&format!("\n {token} \n")).await,
                1 => {
                    for letter in token.chars() {
                        program.at_once(&letter.to_string()).await;
                        hides_it(&mut program, token);
                    }
                }
                _ => {
                    let address = program
                        .base_url
                        .replace("://", &format!("://olga:{token}@"));
                    program
                        .paste(&format!("{address}/scm/plat/billing-api.git"))
                        .await;
                    program.shows("/scm/plat/billing-api.git");
                }
            }
            hides_it(&mut program, token);
            if way != 1 {
                program.shows("it went into the token field");
            }
            program.shows(&"•".repeat(8));
            // It is looked at from there: the server does not know it.
            program.keys("<enter>").await;
            hides_it(&mut program, token);
            program.shows("token");
        }
    }
}
