//! `bbtoken doctor` against real endpoints, in an empty home: text, JSON and exit status.

use std::process::{Output, Stdio};
use std::time::Duration;

use bbtoken::environment::Environment;
use bbtoken::git::{self, Target, WayKind};
use bbtoken::permission::ScopeKind;
use bbtoken::secret::Secret;
use bbtoken::simulator::{Gate, Options, Simulator};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::process::Command;
use tokio::time::timeout;

use crate::authority::Authority;

use crate::program::Program;

const PATIENCE: Duration = Duration::from_secs(60);

/// Somebody's empty home, and the doctor in it.
struct Visit {
    home: TempDir,
    variables: Vec<(&'static str, String)>,
    input: String,
}

impl Visit {
    fn new() -> Self {
        Self {
            home: TempDir::new().unwrap(),
            variables: Vec::new(),
            input: String::new(),
        }
    }

    fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.variables.push((name, value.into()));
        self
    }

    async fn run(&self, arguments: &[&str]) -> Output {
        let mut child = Command::new(env!("CARGO_BIN_EXE_bbtoken"))
            .arg("doctor")
            .args(arguments)
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", self.home.path())
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .envs(self.variables.iter().map(|(name, value)| (name, value)))
            .current_dir(self.home.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut input = child.stdin.take().unwrap();
        // Whoever reads none has closed it already.
        let _ = input.write_all(self.input.as_bytes()).await;
        drop(input);
        let output = timeout(PATIENCE, child.wait_with_output()).await;
        output.expect("it does not end").unwrap()
    }

    /// The report for programs, and the exit status.
    async fn report(&self, arguments: &[&str]) -> (Report, i32) {
        let output = self.run(&[&["--json"], arguments].concat()).await;
        let report = serde_json::from_slice(&output.stdout);
        let report = Report(report.unwrap_or_else(|_| panic!("{output:?}")));
        // Whoever reads it is at a shell: there are commands, and no keys.
        let text = report.0.to_string();
        for key in ["press ", "Press ", "esc ", "ctrl+", "F12", "(v)"] {
            assert!(!text.contains(key), "{key} in {:#}", report.0);
        }
        let summary = report.0["summary"].as_str().unwrap();
        assert!(
            summary.ends_with('.') && !summary.contains('\n'),
            "{summary}"
        );
        (report, output.status.code().unwrap())
    }
}

struct Report(Value);

impl Report {
    fn check(&self, name: &str) -> &Value {
        let mut checks = self.0["checks"].as_array().unwrap().iter();
        let check = checks.find(|check| check["check"] == name);
        check.unwrap_or_else(|| panic!("no {name} in {:#}", self.0))
    }

    /// Fails unless the check has this state, and this in its text or its details.
    fn says(&self, name: &str, state: &str, text: &str) {
        let check = self.check(name);
        assert_eq!(check["state"], state, "{check:#}");
        let all = format!("{} {}", check["text"], check["details"]);
        assert!(all.contains(text), "{text:?} is not in {check:#}");
        let needs_next = ["attention", "bad"].contains(&state);
        assert!(!needs_next || check["next"].is_string(), "{check:#}");
    }
}

async fn simulator(options: Options) -> Simulator {
    Simulator::start(options).await.unwrap()
}

#[tokio::test]
async fn without_an_address_it_looks_at_this_computer_alone() {
    let visit = Visit::new();
    let (report, status) = visit.report(&[]).await;
    assert_eq!(status, 0, "{:#}", report.0);
    assert_eq!(report.0["ok"], true);
    assert_eq!(report.0["address"], Value::Null);
    report.says("configuration", "good", "no file");
    report.says("address", "unchecked", "no clone here");
    let checks = report.0["checks"].as_array().unwrap().iter();
    let names: Vec<_> = checks.map(|check| check["check"].clone()).collect();
    assert_eq!(
        names,
        ["configuration", "clipboard", "terminal", "git", "address"]
    );
}

#[tokio::test]
async fn a_healthy_server_is_all_good_in_text_and_json() {
    let server = simulator(Options {
        context_path: "/bitbucket".to_owned(),
        ..Options::default()
    })
    .await;
    let base = server.base_url();
    let host = base.strip_suffix("/bitbucket").unwrap();
    let visit = Visit::new();
    // The context path is found.
    let (report, status) = visit.report(&[host]).await;
    assert_eq!(status, 0, "{:#}", report.0);
    report.says("address", "good", host);
    report.says("name", "good", "number");
    report.says("proxy", "good", "none");
    report.says("connection", "good", "ms");
    report.says("certificate", "unchecked", "not encrypted");
    report.says("product", "good", "Bitbucket 9.4.0");
    report.says("product", "good", &base);
    report.says("clock", "good", "the same");
    report.says("sign-in", "good", "user name and password");
    report.says("rights", "unchecked", "--sign-in");

    let output = visit.run(&[&base]).await;
    assert_eq!(output.status.code(), Some(0));
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(
        text.contains("✓ product        Bitbucket 9.4.0\n"),
        "{text}"
    );
    assert!(text.contains("\n✓ No problems found at"), "{text}");
    assert!(
        text.lines().all(|line| line.chars().count() <= 80),
        "{text}"
    );
    assert!(!text.contains('\u{1b}'), "{text}");
}

#[tokio::test]
async fn rights_are_looked_at_with_a_password_or_a_token_which_the_report_never_shows() {
    let server = simulator(Options::default()).await;
    let base = server.base_url();
    for (user, text) in [
        ("alice", "administers 2 projects"),
        ("bob", "administers no project"),
        (
            "sam",
            "as the login page does (JSON); Basic is switched off",
        ),
    ] {
        let visit = Visit {
            input: format!("{user}\n"),
            ..Visit::new()
        };
        let (report, status) = visit.report(&[&base, "--sign-in", "--user", user]).await;
        assert_eq!(status, 0, "{:#}", report.0);
        report.says("rights", "good", text);
        report.says("rights", "good", "may have personal tokens");
        let is_named = report.0.to_string().contains(user);
        // "the same" holds the third.
        assert!(!is_named || user == "sam", "{:#}", report.0);
    }
    let visit = Visit {
        input: "wr0ng-pass\n".to_owned(),
        ..Visit::new()
    };
    let (report, status) = visit.report(&[&base, "--sign-in", "--user", "alice"]).await;
    assert_eq!(status, 3);
    report.says("rights", "bad", "not right");
    assert!(
        !report.0.to_string().contains("wr0ng-pass"),
        "{:#}",
        report.0
    );
    // Without a name what comes in is a token.
    let visit = Visit {
        input: "bm8gdG9rZW4=\n".to_owned(),
        ..Visit::new()
    };
    let (report, status) = visit.report(&[&base, "--sign-in"]).await;
    assert_eq!(status, 3);
    report.says("rights", "bad", "does not know this token");
    assert!(
        !report.0.to_string().contains("bm8gdG9rZW4="),
        "{:#}",
        report.0
    );
}

#[tokio::test]
async fn the_way_that_the_sign_in_took_is_named_on_every_version() {
    for (version, user, way) in [
        ("7.21.0", "alice", "signed in with the password, as Basic"),
        (
            "7.21.0",
            "sam",
            "through the login form; Basic is switched off",
        ),
        (
            "8.19.0",
            "sam",
            "through the login form; Basic is switched off",
        ),
        ("9.4.0", "alice", "signed in with the password, as Basic"),
        (
            "10.2.0",
            "alice",
            "as the login page does (JSON); Basic is switched off",
        ),
        (
            "10.5.0",
            "sam",
            "as the login page does (JSON); Basic is switched off",
        ),
    ] {
        let server = simulator(Options {
            version: version.to_owned(),
            ..Options::default()
        })
        .await;
        let visit = Visit {
            input: format!("{user}\n"),
            ..Visit::new()
        };
        let base = server.base_url();
        let (report, status) = visit.report(&[&base, "--sign-in", "--user", user]).await;
        assert_eq!(status, 0, "{:#}", report.0);
        report.says("rights", "good", way);
        // 7.21 does not tell.
        let state = if version == "7.21.0" {
            "unchecked"
        } else {
            "good"
        };
        report.says("sign-in", state, "");
        if version.starts_with("10.") {
            report.says("sign-in", "good", "Basic is switched off");
        }
        assert_eq!(server.sessions(), 0, "{version}");
    }
}

#[tokio::test]
async fn the_code_of_the_second_step_is_a_second_line_and_a_wrong_one_is_followed_by_another() {
    let server = simulator(Options {
        version: "10.5.0".to_owned(),
        ..Options::default()
    })
    .await;
    let base = server.base_url();
    let arguments = [&*base, "--sign-in", "--user", "tess"];
    let code = server.totp_code("tess").unwrap();
    let spaced = format!("{} {}", &code[..3], &code[3..]);
    for (input, state, text) in [
        (
            format!("tess\n{spaced}\n"),
            "good",
            "administers no project",
        ),
        (
            "tess\r\n7K2M-9QXA-4TWD\r\n".to_owned(),
            "good",
            "as the login page does",
        ),
        (
            format!("tess\nnone\n{code}"),
            "good",
            "as the login page does",
        ),
        (
            "tess\nnone\n".to_owned(),
            "bad",
            "does not accept this code",
        ),
        (
            "tess\n".to_owned(),
            "unchecked",
            "the two-step verification code is missing",
        ),
    ] {
        let visit = Visit {
            input,
            ..Visit::new()
        };
        let (report, status) = visit.report(&arguments).await;
        report.says("rights", state, text);
        assert_eq!(status, if state == "bad" { 3 } else { 0 }, "{:#}", report.0);
        assert!(!report.0.to_string().contains(&code), "{:#}", report.0);
        assert_eq!(server.sessions(), 0, "{text}");
    }
}

#[tokio::test]
async fn on_a_terminal_password_and_code_are_asked_for_and_not_shown() {
    let server = simulator(Options {
        version: "10.2.0".to_owned(),
        ..Options::default()
    })
    .await;
    let mut program = Program::start(&["doctor", &server.base_url(), "--sign-in"], &[]);
    program.wait_for("User name").await;
    program.press("tess\r").await;
    program.wait_for("Password (it is not shown)").await;
    program.press("tess\r").await;
    program.wait_for("Code of the authenticator app").await;
    let code = server.totp_code("tess").unwrap();
    program.press(&format!("{code}\r")).await;
    let ended = program.end().await;
    let output = String::from_utf8_lossy(&ended.stream);
    assert_eq!(ended.status.code(), Some(0));
    assert!(!output.contains(&code), "{}", output);
    assert!(output.contains("as the login page does"), "{}", output);
    assert_eq!(server.sessions(), 0);
}

#[tokio::test]
async fn what_is_in_the_way_is_named_where_it_is() {
    let visit = Visit::new();
    let closed = {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        format!("http://{}", listener.local_addr().unwrap())
    };
    let (report, status) = visit.report(&[&closed]).await;
    assert_eq!((status, &report.0["ok"]), (3, &Value::Bool(false)));
    report.says("connection", "bad", "nothing is listening");
    report.says("product", "unchecked", "not reached");
    let summary = report.0["summary"].as_str().unwrap();
    let begins = format!("✗ One problem found at {closed}: connection: ");
    assert!(summary.starts_with(&begins), "{summary}");

    let (report, status) = visit.report(&["https://bitbucket.invalid"]).await;
    assert_eq!(status, 3);
    report.says("name", "bad", "bitbucket.invalid");
    report.says("connection", "unchecked", "not reached");

    let (report, status) = visit.report(&["ftp://git.example.com"]).await;
    assert_eq!(status, 3);
    report.says("address", "bad", "");

    // A proxy that is not there; its password stays out of the report.
    let proxy = closed.replace("http://", "http://me:geheim@");
    let visit = Visit::new().with("https_proxy", proxy);
    let (report, status) = visit.report(&["https://bitbucket.invalid"]).await;
    assert_eq!(status, 3);
    report.says("name", "good", "the proxy looks it up");
    report.says("proxy", "bad", "cannot be reached");
    assert!(!report.0.to_string().contains("geheim"), "{:#}", report.0);
}

/// A server that answers everything as a Bitbucket answers the question for its version, at another time.
async fn server_at(time: Timestamp) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let body = r#"{"displayName":"Bitbucket","version":"9.4.0"}"#;
    let date = time.strftime("%a, %d %b %Y %H:%M:%S GMT");
    let answer = format!(
        "HTTP/1.1 200 OK\r\nDate: {date}\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    );
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let _ = stream.read(&mut [0; 16 * 1024]).await;
            let _ = stream.write_all(answer.as_bytes()).await;
        }
    });
    base
}

#[tokio::test]
async fn a_clock_that_is_wrong_is_seen() {
    let base = server_at(Timestamp::now() - SignedDuration::from_mins(9)).await;
    let (report, status) = Visit::new().report(&[&base]).await;
    assert_eq!(status, 0, "{:#}", report.0);
    report.says("clock", "attention", "9 minutes ahead of the server");
    report.says("sign-in", "unchecked", "does not say");
}

#[tokio::test]
async fn a_broken_configuration_is_a_finding_and_the_rest_goes_on() {
    let visit = Visit::new().with("BBTOKEN_CLIPBOARD", "cupboard");
    let (report, status) = visit.report(&[]).await;
    assert_eq!(status, 3);
    report.says("configuration", "bad", "BBTOKEN_CLIPBOARD");
    report.says("git", "good", "2.");

    let directory = visit.home.path().join(".config/bbtoken");
    std::fs::create_dir_all(&directory).unwrap();
    std::fs::write(directory.join("config.toml"), "shre = true\n").unwrap();
    let (report, _) = Visit {
        variables: Vec::new(),
        ..visit
    }
    .report(&[])
    .await;
    report.says(
        "configuration",
        "bad",
        "~/.config/bbtoken/config.toml, line 1",
    );
}

#[tokio::test]
async fn the_address_of_the_clone_or_of_the_configuration_is_looked_at() {
    let server = simulator(Options::default()).await;
    let base = server.base_url();
    let visit = Visit::new();
    let git = async |arguments: &[&str]| {
        let mut git = Command::new("git");
        let git = git.args(arguments).current_dir(visit.home.path());
        assert!(git.status().await.unwrap().success());
    };
    git(&["init", "--quiet"]).await;
    let address = format!("{}/scm/~alice/notes.git", base.replace("://", "://alice@"));
    git(&["remote", "add", "origin", &address]).await;
    let (report, status) = visit.report(&[]).await;
    assert_eq!(status, 0, "{:#}", report.0);
    report.says("address", "good", "of the clone in this directory");
    report.says("product", "good", "Bitbucket");
    assert!(!report.0.to_string().contains("alice"), "{:#}", report.0);

    let (report, _) = Visit::new().with("BBTOKEN_SERVER", &base).report(&[]).await;
    report.says("address", "good", "of BBTOKEN_SERVER");
    report.says("product", "good", "Bitbucket");
}

#[tokio::test]
async fn a_certificate_that_nobody_vouches_for_is_named_with_its_authority() {
    let authority = Authority::new();
    let server = simulator(Options {
        tls: Some(authority.issue(&["localhost", "127.0.0.1"])),
        ..Options::default()
    })
    .await;
    let base = server.base_url();
    let visit = Visit::new();
    let (report, status) = visit.report(&[&base]).await;
    assert_eq!(status, 3);
    report.says("connection", "good", "something answers");
    report.says("certificate", "bad", "does not know who issued it");
    report.says("certificate", "bad", "issued by Nordwind Test Authority");
    report.says("product", "unchecked", "not reached");

    // With the authority's file it is trusted.
    let file = authority.file(visit.home.path());
    let directory = visit.home.path().join(".config/bbtoken");
    std::fs::create_dir_all(&directory).unwrap();
    let config = format!("[[server]]\naddress = {base:?}\nca_file = {file:?}\n");
    std::fs::write(directory.join("config.toml"), config).unwrap();
    let (report, status) = visit.report(&[]).await;
    assert_eq!(status, 0, "{:#}", report.0);
    report.says("configuration", "good", "~/.config/bbtoken/config.toml");
    report.says("address", "good", "the first that is configured");
    report.says("certificate", "good", "trusted");
    report.says("certificate", "good", "issued by Nordwind Test Authority");

    let expired = simulator(Options {
        tls: Some(authority.issue_for_years(&["127.0.0.1"], 2020, 2021)),
        ..Options::default()
    })
    .await;
    let visit = visit.with("SSL_CERT_FILE", file.to_str().unwrap());
    let (report, status) = visit.report(&[&expired.base_url()]).await;
    assert_eq!(status, 3);
    report.says("certificate", "bad", "has expired");
}

#[tokio::test]
async fn an_old_version_and_a_sign_in_page_in_front_are_named() {
    for (version, state) in [("5.4.0", "bad"), ("7.17.0", "attention")] {
        let server = simulator(Options {
            version: version.to_owned(),
            ..Options::default()
        })
        .await;
        let (report, _) = Visit::new().report(&[&server.base_url()]).await;
        report.says("product", state, version);
    }
    let server = simulator(Options {
        gate: Some(Gate::Redirect),
        ..Options::default()
    })
    .await;
    let (report, _) = Visit::new().report(&[&server.base_url()]).await;
    report.says("product", "attention", "sign-in page");
}

#[tokio::test]
async fn wrong_arguments_end_with_2() {
    for arguments in [&["--jsn"][..], &["a", "b"], &["--user", "alice"]] {
        let output = Visit::new().run(arguments).await;
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(output.stdout.is_empty());
    }
}

/// Sets git up in the home of the visit, with a token that the server does not know.
async fn set_up(visit: &Visit, address: &str, user: Option<&str>) {
    let here = Environment::of_process()
        .with("HOME", visit.home.path())
        .with("XDG_CONFIG_HOME", "")
        .with("GIT_CONFIG_GLOBAL", "");
    let kind = if user.is_some() {
        ScopeKind::Personal
    } else {
        ScopeKind::Repository
    };
    let target = Target::new(address, kind, user.map(str::to_owned)).unwrap();
    let situation = git::look(&here, &target).await.unwrap();
    let ways = situation.ways(&here, &target, true).unwrap();
    let way = ways.iter().find(|way| way.kind == WayKind::Header).unwrap();
    let token = Secret::new("bm8gdG9rZW4=".to_owned());
    let note = git::TokenNote::default();
    let applied = git::apply(&here, &target, way, &token, &note).await;
    assert!(applied.unwrap().confirm().await.is_empty());
}

#[tokio::test]
async fn what_bbtoken_has_set_up_for_the_server_is_named() {
    let server = simulator(Options {
        context_path: "/bitbucket".to_owned(),
        ..Options::default()
    })
    .await;
    let base = server.base_url();
    let visit = Visit::new();
    let (report, _) = visit.report(&[&base]).await;
    report.says("git", "attention", "asks for the password every time");
    report.says("git", "attention", "bbtoken has not set git up");

    let clone = format!("{base}/scm/plat/billing-api.git");
    set_up(&visit, &clone, None).await;
    let (report, _) = visit.report(&[&base]).await;
    report.says("git", "good", "except where bbtoken has set it up");
    let named = format!("set up by bbtoken for {clone}: a token, as a header");
    report.says("git", "good", &named);

    set_up(&visit, &base, Some("alice")).await;
    let (report, _) = visit.report(&[&base]).await;
    report.says("git", "good", "none is needed: bbtoken has set it up");
    report.says("git", "good", &named);
    let named = format!("set up by bbtoken for {base}: a personal token, as a header");
    report.says("git", "good", &named);
    assert!(!report.0.to_string().contains("alice"), "{:#}", report.0);

    // A neighbour whose address begins alike is another server.
    let (report, _) = visit.report(&[&format!("{base}-old")]).await;
    report.says("git", "attention", "bbtoken has not set git up");
}
