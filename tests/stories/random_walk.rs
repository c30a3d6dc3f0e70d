//! Whatever happens in whatever order: keys, pastes, sizes, faults, answers that come late and in another
//! order, sign-ins that end, signals. After every step each token that the server made in this run is in
//! custody or in the journal, or somebody has parted with it; no secret is on the screen unless asked for;
//! and nothing is written to the server without a key, or twice.
//!
//! A walk that fails names its seed. `BBTOKEN_TEST_SEED=17 cargo test --test stories random_walk` walks that
//! one alone. Each step rolls its own dice, so the same things happen again; only the order of answers that
//! are under way at the same time is the system's.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::time::Duration;

use bbtoken::bitbucket::{Client, Scope};
use bbtoken::operation::custody::NewToken;
use bbtoken::secret::Secret;
use bbtoken::simulator::{FaultEffect, Held, Reply, Stage};
use bbtoken::terminal::Input;
use reqwest::Method;

use crate::harness::{Harness, NOW, Setup, contains, personal, project, repository};
use crate::random_keys::shows_secret;

const STEPS: usize = 100;
const SEEDS: u64 = 100;
/// Only this one.
const SEED: &str = "BBTOKEN_TEST_SEED";

/// Keys, the more often the more they do.
const KEYS: &[&str] = &[
    "<enter>", "<enter>", "<enter>", "<enter>", "<enter>", "<esc>", "<esc>", "<tab>", "<up>",
    "<down>", "<left>", "<right>", "<f12>", "<f2>", "?", "c", "k", "m", "m", "n", "n", "n", "r",
    "R", "q", "t", "v", "x", "x", "y", "y", "/", "a", "<c-c>",
];
/// In all of them the screen says where it is; smaller ones are for `random_keys`.
const SIZES: &[(u16, u16)] = &[(120, 40), (80, 24), (100, 30), (200, 60)];
/// So many steps after somebody has parted with a token what was under way may still hold it.
const LAG: usize = 5;
/// Where somebody can part with a token: what they do there is their own word.
const PARTINGS: &[&str] = &[
    "Token ready",
    "Do you have the token",
    "A token without a secret",
    "A lost answer",
    "From the last run",
];
/// Where the answer to a creation got lost and nobody knows which token it made: then somebody is told to
/// look at them.
const TOLD: &[&str] = &["the list has several new tokens", "has an older token"];

struct Walk {
    program: Harness,
    root: Client,
    seed: u64,
    random: fastrand::Rng,
    user: &'static str,
    held: Vec<Held>,
    /// What has happened, for whoever reads a failure.
    steps: Vec<String>,
    /// The ids of tokens that were in custody or in the journal, and of those that somebody has parted
    /// with.
    known: BTreeSet<String>,
    parted: BTreeSet<String>,
    /// After how many steps somebody could part with a token the last time.
    could_part: Option<usize>,
    /// How often enter was pressed where it may create a token.
    wishes: usize,
    /// How often a key was pressed that may revoke one.
    revocations: usize,
    /// How many requests have been looked at.
    looked_at: usize,
    made: usize,
    is_told_to_end: bool,
}

impl Walk {
    async fn start(seed: u64) -> Self {
        let mut random = fastrand::Rng::with_seed(seed);
        let user = if random.bool() { "alice" } else { "sam" };
        let mut program = Harness::start(Setup {
            size: (120, 40),
            clipboard: random.u8(..4) > 0,
            ..Setup::default()
        })
        .await;
        program.sign_in(user).await;
        if random.u8(..4) > 0 {
            // Three of four begin where the next enter creates a token.
            program.keys("mn<enter>").await;
        }
        Self {
            root: program.root().await,
            program,
            seed,
            random,
            user,
            held: Vec::new(),
            steps: Vec::new(),
            known: BTreeSet::new(),
            parted: BTreeSet::new(),
            could_part: None,
            wishes: 0,
            revocations: 0,
            looked_at: 0,
            made: 0,
            is_told_to_end: false,
        }
    }

    /// One thing happens.
    fn step(&mut self, number: usize) {
        let seed = self.seed * 1000 + u64::try_from(number).unwrap();
        self.random = fastrand::Rng::with_seed(seed);
        match self.random.u8(..44) {
            0 => {
                let (columns, rows) = SIZES[self.random.usize(..SIZES.len())];
                self.note(format!("size {columns}x{rows}"));
                self.program.resize_only(columns, rows);
            }
            1 => {
                let seconds = self.random.u64(1..70);
                self.note(format!("{seconds} s pass"));
                self.program.pass(Duration::from_secs(seconds));
            }
            2 => {
                self.note("paste");
                let text = Secret::new("pasted\ntext".to_owned());
                self.program.input_only(Input::Paste(text));
            }
            3 => {
                self.note("the window loses the focus");
                self.program.input_only(Input::FocusLost);
            }
            4 | 5 if self.held.len() < 3 => self.hold(),
            6..=8 if !self.held.is_empty() => self.release(),
            9 | 10 => self.fail(),
            11 if self.random.bool() => {
                self.note("the sessions end");
                self.program.server().end_sessions();
            }
            12 if self.program.text().contains("Sign in again") => {
                self.note("signs in again");
                self.program.pass(Duration::from_secs(1));
                self.program.press_only("<c-u>");
                self.program.press_only(self.user);
                self.program.press_only("<enter>");
            }
            13 => {
                self.note("kill -TSTP");
                self.program.input_only(Input::Suspend);
            }
            14 => {
                self.note("goes on after kill -STOP");
                self.program.input_only(Input::Resumed);
            }
            15 => {
                self.note("the window has the focus again");
                self.program.input_only(Input::FocusGained);
            }
            _ => {
                let mut key = KEYS[self.random.usize(..KEYS.len())];
                if self.made == 0 && matches!(key, "q" | "<c-c>") {
                    // Whoever leaves with nothing leaves too early.
                    key = "<enter>";
                }
                self.note(key);
                if key == "<enter>" {
                    // A key that is held down counts for nothing in some places.
                    self.program.pass(Duration::from_millis(500));
                    let screen = self.program.text();
                    let creates = ["New token", "› Rotate"];
                    let wishes = creates.iter().any(|words| screen.contains(words));
                    self.wishes += usize::from(wishes);
                }
                let asks = self.program.text().contains("evoke");
                self.revocations += usize::from(asks && matches!(key, "x" | "y"));
                self.program.press_only(key);
            }
        }
    }

    fn note(&mut self, step: impl Into<String>) {
        self.steps.push(step.into());
    }

    fn hold(&mut self) {
        let stage = if self.random.bool() {
            Stage::BeforeWork
        } else {
            Stage::AfterWork
        };
        let (method, path) = self.target();
        self.note(format!("holds {method} {path} {stage:?}"));
        let held = self.program.server().hold(Some(method), path, stage);
        self.held.push(held);
    }

    fn release(&mut self) {
        let held = self.held.swap_remove(self.random.usize(..self.held.len()));
        self.note("lets go");
        match self.random.u8(..6) {
            0 => held.cut(),
            1 => held.answer(Reply::html(503, "<html>maintenance</html>")),
            2 => held.answer(Reply::empty(500)),
            _ => held.release(),
        }
    }

    fn fail(&mut self) {
        let effect = match self.random.u8(..7) {
            0 => FaultEffect::LoseAnswer,
            1 => FaultEffect::Cut,
            2 => FaultEffect::Status(500, "Oops".to_owned()),
            3 => FaultEffect::Html(503),
            4 => FaultEffect::Answer(Reply::html(502, "<html>proxy</html>")),
            5 => FaultEffect::Answer(Reply::redirect(302, "/login")),
            _ => FaultEffect::Garbage,
        };
        let (method, path) = self.target();
        self.note(format!("{method} {path} meets {effect:?}"));
        self.program.fault(Some(method), path, 1, effect);
    }

    /// What a fault strikes; never the list of tokens, which the test itself reads.
    fn target(&mut self) -> (Method, &'static str) {
        match self.random.u8(..5) {
            0 => (Method::GET, "/rest/api/latest/projects/"),
            1 | 2 => (Method::DELETE, "/access-tokens/"),
            _ => (Method::PUT, "/access-tokens/"),
        }
    }

    /// The open entries.
    fn journal(&self) -> Vec<String> {
        let journal = self
            .program
            .home
            .path()
            .join(".local/state/bbtoken/journal");
        let files = std::fs::read_dir(journal).into_iter().flatten().flatten();
        // One may go while this looks.
        files
            .filter_map(|file| std::fs::read_to_string(file.path()).ok())
            .collect()
    }

    /// The tokens that were made in this run: their ids and names.
    async fn tokens(&self) -> BTreeMap<String, String> {
        let start = NOW.parse().unwrap();
        let mut all = BTreeMap::new();
        for scope in self.scopes() {
            let tokens = self.root.tokens(&scope).all().await.unwrap();
            let new = tokens
                .into_iter()
                .filter(|token| token.created.is_some_and(|created| created >= start));
            all.extend(new.map(|token| (token.id, token.name)));
        }
        all
    }

    /// Where tokens were to be made.
    fn scopes(&self) -> Vec<Scope> {
        let requests = self.program.server().requests();
        let puts = requests.iter().filter(|it| it.method == Method::PUT);
        let scopes = puts.filter_map(|request| {
            let (_, place) = request.path.split_once("/access-tokens/latest/")?;
            let parts: Vec<_> = place.split('/').collect();
            Some(match parts[..] {
                ["users", user, ..] => personal(user),
                ["projects", key, "repos", slug, ..] => repository(key, slug),
                ["projects", key, ..] => project(key),
                _ => return None,
            })
        });
        let mut all = Vec::new();
        for scope in scopes {
            if !all.contains(&scope) {
                all.push(scope);
            }
        }
        all
    }

    async fn check(&mut self, before: &str) {
        let screen = self.program.text();
        if shows_secret(&screen) {
            let is_asked = ["! hides in ", "─ Help ", "Do you have the token"];
            assert!(
                is_asked.iter().any(|words| screen.contains(words)),
                "a secret is on the screen after {}\n{screen}",
                self.told()
            );
        }
        let creations = self.program.count_requests(&Method::PUT, "/access-tokens/");
        self.check_writes(creations);
        if creations == 0 {
            return;
        }
        let is_there = |words: &&str| before.contains(words) || screen.contains(words);
        if PARTINGS.iter().any(is_there) {
            self.could_part = Some(self.steps.len());
        }
        let could_part = self.could_part;
        let can_part = could_part.is_some_and(|step| step + LAG >= self.steps.len());
        // What is made while this looks is in the journal already.
        let tokens = self.tokens().await;
        let journal = self.journal();
        self.made = self.made.max(tokens.len());
        for (id, name) in tokens {
            let mut custody = self.program.custody().tokens();
            let in_custody =
                custody.find(|token| token.id.as_ref() == Some(&id) || token.name == name);
            let entry = journal
                .iter()
                .find(|entry| entry.contains(&id) || entry.contains(&name));
            if in_custody.is_some_and(NewToken::is_had)
                || entry.is_some_and(|entry| entry.contains("\"had\""))
            {
                // Leaving loses nothing.
                self.parted.insert(id.clone());
            }
            let is_told = TOLD.iter().any(|words| screen.contains(words));
            if is_told && contains(&screen, &self.as_shown(&name, &screen)) {
                self.parted.insert(id.clone());
            }
            if in_custody.is_some() || entry.is_some() {
                self.known.insert(id);
            } else if can_part && self.known.contains(&id) {
                self.parted.insert(id);
            } else {
                assert!(
                    self.parted.contains(&id),
                    "nobody knows of {name:?} ({id}) after {}\n{screen}",
                    self.told()
                );
            }
        }
    }

    /// The name of a token, which in share mode has dots in place of the user's.
    fn as_shown(&self, name: &str, screen: &str) -> String {
        if screen.contains("SHARE MODE") {
            name.replace(self.user, &"•".repeat(self.user.len()))
        } else {
            name.to_owned()
        }
    }

    /// By the server's own record: what has been written since the last look.
    fn check_writes(&mut self, creations: usize) {
        let requests = self.program.server().requests();
        let is_write = |method: &Method| [Method::PUT, Method::DELETE].contains(method);
        let writes = |from: usize| {
            let new = requests[from..].iter();
            new.filter(|it| is_write(&it.method) && it.path.contains("/access-tokens/"))
        };
        let mut seen = BTreeSet::new();
        for request in writes(self.looked_at) {
            let is_first = seen.insert((request.method.as_str(), &request.path));
            let told = self.told();
            assert!(is_first, "{request:?} came twice after {told}");
        }
        self.looked_at = requests.len();
        assert!(
            creations <= self.wishes,
            "{creations} creations, {} wished for, after {}",
            self.wishes,
            self.told()
        );
        let revoked = writes(0).filter(|it| it.method == Method::DELETE).count();
        // A process that is told to end revokes what nobody has.
        let wishes = self.revocations + if self.is_told_to_end { self.made } else { 0 };
        assert!(
            revoked <= wishes,
            "{revoked} revocations, {wishes} wished for, after {}",
            self.told()
        );
    }

    fn told(&self) -> String {
        self.steps.join(", ")
    }
}

async fn walk(seed: u64) -> usize {
    let mut walk = Walk::start(seed).await;
    walk.note(format!("seed {seed}"));
    for number in 0..STEPS {
        let before = walk.program.text();
        walk.step(number);
        walk.program.until_asked_or_idle().await;
        walk.check(&before).await;
        if walk.program.has_quit() {
            return walk.made;
        }
    }
    // Half of them are told to end in the middle of it, the others when everything has come.
    let before = walk.program.text();
    if walk.random.bool() {
        walk.held.clear();
        walk.program.settle().await;
    }
    walk.is_told_to_end = true;
    if walk.random.bool() {
        walk.note("the process is told to end");
        walk.program.input_only(Input::Terminate);
    } else {
        walk.note("the window is closed");
        walk.program.end_inputs();
    }
    walk.program.until_asked_or_idle().await;
    walk.program.pass(Duration::from_secs(5));
    walk.program.settle().await;
    assert!(walk.program.has_quit(), "{}", walk.told());
    walk.held.clear();
    walk.check(&before).await;
    walk.made
}

async fn walks(seeds: Range<u64>) {
    if let Ok(seed) = std::env::var(SEED) {
        let seed = seed.parse().unwrap();
        if seeds.contains(&seed) {
            walk(seed).await;
        }
        return;
    }
    let mut made = 0;
    for seed in seeds {
        made += walk(seed).await;
    }
    assert!(made > 25, "only {made} tokens were made");
}

// Two tests, for two cores.

#[tokio::test]
async fn nothing_is_lost_whatever_happens() {
    walks(0..SEEDS / 2).await;
}

#[tokio::test]
async fn nothing_is_lost_whatever_else_happens() {
    walks(SEEDS / 2..SEEDS).await;
}
