//! Somebody's shell without a terminal: a home of its own, pipes, and what a script sees of a command.

use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use bbtoken::simulator::{Fault, FaultEffect, Options, Simulator};
use reqwest::Method;
use serde_json::Value;
use tempfile::TempDir;
use tokio::io::AsyncWriteExt as _;
use tokio::process::{Child, Command};
use tokio::time::timeout;

const PATIENCE: Duration = Duration::from_secs(60);

pub(crate) struct Shell {
    pub(crate) simulator: Simulator,
    pub(crate) home: TempDir,
    variables: Vec<(String, String)>,
}

/// What a command left behind.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) status: i32,
    pub(crate) out: String,
    pub(crate) error: String,
}

impl Shell {
    /// In an empty home, with `BBTOKEN_SERVER` set.
    pub(crate) async fn new() -> Self {
        Self::with(Options::default()).await
    }

    pub(crate) async fn with(options: Options) -> Self {
        let simulator = Simulator::start(options).await.unwrap();
        let server = ("BBTOKEN_SERVER".to_owned(), simulator.base_url());
        Self {
            simulator,
            home: TempDir::new().unwrap(),
            variables: vec![server],
        }
    }

    pub(crate) fn set(&mut self, name: &str, value: &str) {
        self.variables.push((name.to_owned(), value.to_owned()));
    }

    /// Starts bbtoken with open pipes.
    pub(crate) fn start(&self, arguments: &[&str]) -> Child {
        self.starts_into(Stdio::piped(), arguments)
    }

    /// The same with this standard output.
    pub(crate) fn starts_into(&self, output: Stdio, arguments: &[&str]) -> Child {
        Command::new(env!("CARGO_BIN_EXE_bbtoken"))
            .args(arguments)
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", self.home.path())
            .env("TZ", "UTC")
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("BBTOKEN_ORGANISATION_CONFIG", "/dev/null")
            .envs(self.variables.iter().map(|(name, value)| (name, value)))
            .current_dir(self.home.path())
            .stdin(Stdio::piped())
            .stdout(output)
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap()
    }

    /// Runs bbtoken to its end with this standard input.
    pub(crate) async fn run(&self, arguments: &[&str], input: &str) -> Said {
        let mut child = self.start(arguments);
        self.types(&mut child, input).await;
        Said::of(child).await
    }

    /// Gives it this standard input, and no more.
    pub(crate) async fn types(&self, child: &mut Child, input: &str) {
        let mut stdin = child.stdin.take().unwrap();
        // Whoever reads none has closed it already.
        let _ = stdin.write_all(input.as_bytes()).await;
    }

    /// The same as this user, whose password comes by standard input.
    pub(crate) async fn run_as(&self, user: &str, arguments: &[&str]) -> Said {
        let who = ["--user", user, "--password-stdin"];
        self.run(&[arguments, &who].concat(), &format!("{user}\n"))
            .await
    }

    /// The tokens of a place, as alice lists them.
    pub(crate) async fn tokens(&self, place: &str) -> Vec<Value> {
        let json = self
            .run_as("alice", &["list", place, "--json"])
            .await
            .json();
        json["tokens"].as_array().unwrap().clone()
    }

    /// The id of alice's token there whose name begins so.
    pub(crate) async fn id(&self, place: &str, name: &str) -> String {
        let tokens = self.tokens(place).await;
        let mut tokens = tokens.iter();
        let token = tokens.find(|it| it["name"].as_str().unwrap().starts_with(name));
        token.unwrap()["id"].as_str().unwrap().to_owned()
    }

    /// Makes the next so many requests of this kind about tokens go wrong.
    pub(crate) fn fault(&self, method: Method, times: u32, effect: FaultEffect) {
        self.simulator.inject(Fault {
            method: Some(method),
            path_contains: "/access-tokens/".to_owned(),
            times: Some(times),
            effect,
        });
    }

    /// git, with this standard input.
    pub(crate) async fn git(&self, arguments: &[&str], input: &str) {
        let mut child = Command::new("git")
            .args(arguments)
            .env("HOME", self.home.path())
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .current_dir(self.home.path())
            .stdin(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdin = child.stdin.take().unwrap();
        let _ = stdin.write_all(input.as_bytes()).await;
        drop(stdin);
        assert!(child.wait().await.unwrap().success(), "{arguments:?}");
    }
}

impl Said {
    pub(crate) async fn of(child: Child) -> Self {
        let output = timeout(PATIENCE, child.wait_with_output()).await;
        let output = output.expect("it does not end").unwrap();
        let status: ExitStatus = output.status;
        let text = |bytes: Vec<u8>| {
            let text = String::from_utf8(bytes).unwrap();
            assert!(!text.contains('\x1b'), "an escape sequence in {text:?}");
            text
        };
        Self {
            status: status.code().expect("it was killed"),
            out: text(output.stdout),
            error: text(output.stderr),
        }
    }

    /// What it said on standard error has this status, and each of these in it; the output is empty.
    pub(crate) fn refuses(&self, status: i32, words: &[&str]) {
        assert_eq!((self.status, &*self.out), (status, ""), "{self:?}");
        for word in words {
            assert!(self.error.contains(word), "{word} is not in {self:?}");
        }
    }

    /// It did what it should, and had nothing to say beside the result.
    pub(crate) fn done(self) -> String {
        assert_eq!((self.status, &*self.error), (0, ""), "{self:?}");
        self.out
    }

    pub(crate) fn json(&self) -> Value {
        assert_eq!(self.status, 0, "{self:?}");
        serde_json::from_str(&self.out).unwrap_or_else(|_| panic!("{self:?}"))
    }
}
