//! Where it goes: what is entered into a tool, copied from the screen and run for real.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;

use crate::harness::{Harness, alice_at};

const TOOLS: [&str; 6] = [
    "git in a script",
    "curl",
    "Jenkins",
    "GitHub Actions",
    "GitLab CI",
    "Argo CD",
];
const ACCOUNT: &str = "mn";
const PROJECT: &str = "n";
const REPOSITORY: &str = "<enter>jn";

/// At Token ready, and the token.
async fn ready(keys: &str, size: (u16, u16)) -> (Harness, String) {
    let mut program = alice_at(keys, size).await;
    program.keys("<enter><enter>").await;
    program.shows("Created:");
    let token = program.clipboard().unwrap();
    (program, token)
}

/// A shell in an empty home, with the token in its environment; git and curl write down their arguments.
fn run(script: &str, token: &str, home: &Path) -> Output {
    let programs = home.join("bin");
    std::fs::create_dir_all(&programs).unwrap();
    let path = std::env::var("PATH").unwrap();
    for program in ["git", "curl"] {
        let file = programs.join(program);
        let real = Command::new("sh")
            .args(["-c", &format!("command -v {program}")])
            .env("PATH", &path)
            .output()
            .unwrap();
        let real = String::from_utf8(real.stdout).unwrap();
        let seen = home.join("seen");
        let text = format!(
            "#!/bin/sh\necho \"$@\" >> '{}'\nexec {} \"$@\"\n",
            seen.display(),
            real.trim()
        );
        std::fs::write(&file, text).unwrap();
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o700)).unwrap();
    }
    Command::new("sh")
        .args(["-euc", script])
        .current_dir(home)
        .env_clear()
        .env("PATH", format!("{}:{path}", programs.display()))
        .env("HOME", home)
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_TERMINAL_PROMPT", "0")
        .env("BITBUCKET_TOKEN", token)
        .output()
        .unwrap()
}

/// Whether any file below the directory holds the text.
fn holds(directory: &Path, text: &str) -> bool {
    std::fs::read_dir(directory).unwrap().any(|entry| {
        let path = entry.unwrap().path();
        if path.is_dir() {
            return holds(&path, text);
        }
        String::from_utf8_lossy(&std::fs::read(path).unwrap()).contains(text)
    })
}

fn succeeded(output: &Output) -> String {
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    String::from_utf8(output.stdout.clone()).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn git_and_curl_work_as_they_are_copied_and_hold_the_token_nowhere() {
    let (mut program, token) = ready(REPOSITORY, (80, 24)).await;
    program.keys("b").await;
    program.shows("› Where it goes");
    program.is_on("‹ git in a script ›");
    program.keys("c").await;
    program.shows("The token is not in it.");
    let script = program.clipboard().unwrap();
    assert!(!script.contains(&token));
    let home = TempDir::new().unwrap();
    succeeded(&run(&script, &token, home.path()));
    assert!(home.path().join("billing-api/.git").is_dir());
    assert!(!holds(home.path(), &token), "in a file or an argument");
    // Without the token the same lines get in nowhere.
    let other = TempDir::new().unwrap();
    assert!(!run(&script, "wrong", other.path()).status.success());

    program.keys("<right><enter>").await;
    program.is_on("‹ curl ›");
    let script = program.clipboard().unwrap();
    let printed = succeeded(&run(&script, &token, home.path()));
    assert!(printed.contains("billing-api"), "{printed}");
    assert!(!holds(home.path(), &token), "in a file or an argument");
    assert!(!run(&script, "wrong", other.path()).status.success());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_pipelines_run_works_too() {
    let (mut program, token) = ready(REPOSITORY, (120, 40)).await;
    program.keys("b").await;
    for tool in ["Jenkins", "GitHub Actions", "GitLab CI"] {
        while !program.text().contains(&format!("‹ {tool} ›")) {
            program.keys("<right>").await;
        }
        program.keys("c").await;
        let text = program.clipboard().unwrap();
        let lines = text.lines().map(str::trim);
        let is_shell = |line: &&str| line.starts_with("export ") || line.starts_with("git ");
        let script: Vec<_> = lines.filter(is_shell).collect();
        assert_eq!(script.len(), 4, "{text}");
        let home = TempDir::new().unwrap();
        succeeded(&run(&script.join("\n"), &token, home.path()));
        assert!(home.path().join("billing-api/.git").is_dir(), "{tool}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_tokens_of_accounts_and_projects_work_with_the_same_lines() {
    for keys in [ACCOUNT, PROJECT] {
        let (mut program, token) = ready(keys, (120, 40)).await;
        program.keys("bc").await;
        let script = program.clipboard().unwrap();
        // Which repository it is to be, nobody knows yet.
        let script = script
            .replace("PROJECT", "plat")
            .replace("REPOSITORY", "billing-api");
        let home = TempDir::new().unwrap();
        succeeded(&run(&script, &token, home.path()));
        assert!(home.path().join("billing-api/.git").is_dir(), "{script}");
        program.keys("<right>c").await;
        let script = program.clipboard().unwrap();
        let printed = succeeded(&run(&script, &token, home.path()));
        assert!(printed.contains("\"values\""), "{printed}");
    }
}

#[tokio::test]
async fn every_tool_says_where_the_token_goes_in_which_form_and_who_says_so() {
    let (mut program, token) = ready(REPOSITORY, (120, 40)).await;
    program.keys("b").await;
    for tool in TOOLS {
        program.is_on(&format!("‹ {tool} ›"));
        program.shows("BITBUCKET_TOKEN");
        program.shows("Authorization: Bearer");
        program.shows("Where this comes from: https://");
        program.hides(&token);
        program.keys("<right>").await;
    }
    program.is_on("‹ Argo CD ›");
    program.shows("! Older versions of Argo CD send no Bearer header");
    program.keys("<left><left><left>").await;
    program.shows("! Jenkins's own checkout sends no Bearer header");
    program.shows("personal token of a technical user");
    program.keys("<esc>").await;
    program.shows("Token ready");
}

#[tokio::test]
async fn a_token_for_a_tool_shows_that_tool_first() {
    for (typed, wanted) in [
        ("Jenkins", "Jenkins"),
        ("argo", "Argo CD"),
        ("gitlab", "GitLab CI"),
        ("GITHUB actions", "GitHub Actions"),
        ("nightly scan", "git in a script"),
    ] {
        let (mut program, _) = ready(&format!("{REPOSITORY}<right>{typed}"), (80, 24)).await;
        program.keys("b").await;
        program.is_on(&format!("‹ {wanted} ›"));
    }
}

#[tokio::test]
async fn in_small_windows_everything_can_be_scrolled_to() {
    for size in [(40, 10), (80, 24)] {
        let (mut program, _) = ready(REPOSITORY, size).await;
        program.keys("b<right><right>").await;
        program.shows("‹ Jenkins ›");
        program.keys(&"<down>".repeat(60)).await;
        program.shows("799");
        program.keys("<right>").await;
        program.shows("On GitHub, open the");
    }
}

#[tokio::test]
async fn by_hand_is_one_complete_command() {
    let (mut program, _) = ready(REPOSITORY, (200, 60)).await;
    program.keys("g").await;
    program.shows("By hand, for one clone, with the token in $BITBUCKET_TOKEN:");
    let base = program.base_url.clone();
    program.shows(&format!(
        "GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=http.{base}/scm/plat/billing-api.git.extraHeader"
    ));
}
