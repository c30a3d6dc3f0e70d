//! In share mode nobody of whom the program knows can be read, on whatever screen, however they are
//! written.

use std::collections::BTreeSet;

use bbtoken::bitbucket::{BaseUrl, Client, TokenSpec};
use bbtoken::config::Config;
use bbtoken::permission::{Level, Permissions};
use bbtoken::secret::Secret;
use bbtoken::simulator::{FaultEffect, Reply};
use serde::Deserialize;
use serde_json::json;

use crate::harness::{Harness, Setup, repository};

const PROJECTS: &str = "/rest/api/latest/projects?";

/// Somebody of the demo company.
#[derive(Debug, Clone, Deserialize)]
struct Person {
    name: String,
    slug: Option<String>,
    display_name: String,
}

impl Person {
    fn slug(&self) -> &str {
        self.slug.as_deref().unwrap_or(&self.name)
    }

    fn mail(&self) -> String {
        if self.name.contains('@') {
            self.name.clone()
        } else {
            format!("{}@nordwind.example", self.name)
        }
    }

    /// Everything by which they are called.
    fn called(&self) -> [String; 4] {
        let display = self.display_name.clone();
        [
            self.name.clone(),
            self.slug().to_owned(),
            display,
            self.mail(),
        ]
    }
}

fn people() -> Vec<Person> {
    #[derive(Deserialize)]
    struct Company {
        user: Vec<Person>,
    }
    let demo = include_str!("../../assets/demo.toml");
    let company: Company = toml::from_str(demo).unwrap();
    assert!(company.user.len() > 10);
    company.user
}

/// Without case and accents, as somebody reads it who knows the name.
fn read(text: &str) -> String {
    let letters = text.to_lowercase();
    let plain = letters.chars().map(|letter| match letter {
        'á' | 'à' | 'ä' | 'å' | 'â' => 'a',
        'é' | 'è' | 'ê' => 'e',
        'í' | 'ì' => 'i',
        'ó' | 'ò' | 'ö' | 'ø' => 'o',
        'ú' | 'ü' => 'u',
        other => other,
    });
    plain.collect()
}

/// Whether the screen holds it: as a word, or across a line's end.
fn holds(screen: &str, name: &str) -> bool {
    let screen = read(&screen.replace(['│', '\n'], " "));
    let screen = screen.split_whitespace().collect::<Vec<_>>().join(" ");
    let name = read(name);
    screen.match_indices(&name).any(|(at, _)| {
        let is_letter = |letter: Option<char>| letter.is_some_and(char::is_alphabetic);
        let before = screen[..at].chars().next_back();
        let after = screen[at + name.len()..].chars().next();
        !is_letter(before) && !is_letter(after)
    })
}

/// Names of tokens with somebody in them, in each of the ways in which people write.
fn tokens(person: &Person) -> Vec<String> {
    let mut names = BTreeSet::new();
    for (index, called) in person.called().into_iter().enumerate() {
        let plain = read(&called);
        names.insert(format!("git for {called} on a laptop"));
        names.insert(format!("CI_{}_{index}", called.to_uppercase()));
        names.insert(format!("x-{plain}2"));
    }
    names.into_iter().collect()
}

/// Nobody can be read on the screen as it is now.
fn hides_all(program: &mut Harness, people: &[Person], keys: &str) {
    let screen = program.text();
    for person in people {
        for name in person.called() {
            assert!(!holds(&screen, &name), "{name:?} after {keys}:\n{screen}");
        }
    }
}

/// Share mode, signed in, after a list of projects that belong to everybody.
async fn among(people: &[Person], size: (u16, u16), config: Config) -> Harness {
    let mut program = Harness::start(Setup {
        share: true,
        size,
        config,
        ..Setup::default()
    })
    .await;
    let projects: Vec<_> = people
        .iter()
        .enumerate()
        .map(|(id, person)| {
            json!({
                "key": format!("~{}", person.slug().to_uppercase()),
                "id": id, "name": person.display_name, "type": "PERSONAL", "public": false,
                "description": format!("What {} tries out", person.display_name),
                "owner": {
                    "name": person.name, "slug": person.slug(), "type": "NORMAL",
                    "displayName": person.display_name, "emailAddress": person.mail(),
                },
            })
        })
        .collect();
    let page = json!({
        "size": projects.len(), "limit": 25, "start": 0, "isLastPage": true, "values": projects,
    });
    program.fault(
        None,
        PROJECTS,
        1,
        FaultEffect::Answer(Reply::json(200, page.to_string())),
    );
    program.sign_in("alice").await;
    program
}

/// Tokens of billing-api, made by alice elsewhere.
async fn make_tokens(program: &Harness, names: &[String]) {
    let base = BaseUrl::parse(&program.base_url).unwrap();
    let password = Secret::new("alice".to_owned());
    let client = Client::anonymous(base).unwrap();
    let signed_in = client.sign_in("alice", &password).await.unwrap();
    let client = signed_in.done().unwrap().client;
    for name in names {
        let spec = TokenSpec {
            name: name.clone(),
            permissions: Permissions::new(None, Level::Read),
            expiry_days: Some(30),
        };
        client
            .create_token(&repository("PLAT", "billing-api"), &spec)
            .await
            .unwrap();
    }
}

#[tokio::test]
async fn nobody_can_be_read_on_any_screen() {
    let people = people();
    for size in [(80, 24), (120, 40), (50, 15)] {
        let mut program = among(&people, size, Config::default()).await;
        program.shows("•");
        hides_all(&mut program, &people, "the projects");
        for _ in &people {
            program.keys("<down>").await;
            hides_all(&mut program, &people, "down");
        }
        for keys in ["<f12>", "<down>", "<down>", "<enter>", "<esc>", "<f12>"] {
            program.keys(keys).await;
            hides_all(&mut program, &people, keys);
        }
        // A filter, a name, a file, a tool: whatever is typed.
        program.keys("/").await;
        for person in &people {
            for name in person.called() {
                program.paste(&name).await;
                hides_all(&mut program, &people, &name);
                program.keys("<c-u>").await;
            }
        }
        program.keys("<esc>").await;
    }
}

#[tokio::test]
async fn nobody_can_be_read_in_the_name_of_a_token() {
    let people = people();
    for size in [(80, 24), (120, 40)] {
        // A list for each, so that all of it is on the screen.
        for person in &people {
            let mut program = among(&people, size, Config::default()).await;
            make_tokens(&program, &tokens(person)).await;
            // The projects as they are.
            program.keys("r").await;
            program.keys("/platform<enter>").await;
            program.keys("/billing-api<enter><enter>").await;
            program.shows("HTTP access tokens of billing-api");
            hides_all(&mut program, &people, "the list");
            for keys in [
                "<down>", "<down>", "<down>", "<enter>", "x", "n", "<esc>", "x", "n",
            ] {
                program.keys(keys).await;
                hides_all(&mut program, &people, keys);
            }
            program.keys("<esc><esc><home>n<tab><c-u>").await;
            for name in person.called() {
                program.paste(&name).await;
                hides_all(&mut program, &people, &name);
            }
            program.keys("<enter><enter>").await;
            hides_all(&mut program, &people, "Token ready");
            program.keys("f").await;
            program.paste(&person.name).await;
            hides_all(&mut program, &people, "the file");
            program.keys("<enter>").await;
            hides_all(&mut program, &people, "the saved file");
        }
    }
}

#[tokio::test]
async fn the_names_of_older_tokens_are_hidden_where_that_is_wished_for() {
    let config = Config {
        share_hides_token_names: true,
        ..Config::default()
    };
    for size in [(80, 24), (120, 40), (50, 15)] {
        let mut program = among(&people(), size, config.clone()).await;
        make_tokens(
            &program,
            &["nightly scan of the billing code base".to_owned()],
        )
        .await;
        program.keys("r").await;
        program.keys("/platform<enter>").await;
        program.keys("/billing-api<enter><enter>").await;
        program.shows("HTTP access tokens of billing-api");
        for keys in ["<down>", "<enter>", "x"] {
            program.keys(keys).await;
            for word in ["Jenkins", "nightly", "scan", "code base"] {
                program.hides(word);
            }
        }
        program.keys("n<esc><esc>").await;
        // What is made now is shown.
        program.keys("<home>n<enter><enter>").await;
        program.shows("git for ••••• on laptop (billing-api)");
    }
}
