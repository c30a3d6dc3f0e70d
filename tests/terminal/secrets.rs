//! The whole way with everything logged: neither password nor token is anywhere but where it belongs.

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bbtoken::simulator::{Options, Simulator};
use tempfile::TempDir;
use tokio::process::Command;

use crate::git::takes_bearer;
use crate::interface::{COPIED, ENTER};
use crate::program::Program;
use crate::shell::Shell;

/// Nothing else looks like it.
const PASSWORD: &str = "pa55-wort,geheim";

/// The user's home, with a git that writes down what everybody on the computer can see whenever it
/// is started: the arguments and environments of all processes.
struct Spied {
    home: TempDir,
    path: String,
}

impl Spied {
    fn new() -> Self {
        let home = TempDir::new().unwrap();
        let directory = home.path().join("bin");
        std::fs::create_dir(&directory).unwrap();
        let path = std::env::var("PATH").unwrap();
        let real = std::env::split_paths(&path)
            .map(|directory| directory.join("git"))
            .find(|file| file.is_file())
            .unwrap();
        let script = format!(
            "#!/bin/sh\ncat /proc/[0-9]*/cmdline /proc/[0-9]*/environ >> '{}' 2>/dev/null\nexec '{}' \"$@\"\n",
            seen(home.path()).display(),
            real.display()
        );
        let file = directory.join("git");
        std::fs::write(&file, script).unwrap();
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o700)).unwrap();
        let path = format!("{}:{path}", directory.display());
        Self { home, path }
    }
}

fn seen(home: &Path) -> PathBuf {
    home.join("seen")
}

/// As the user of this home, with nothing but what was set up.
async fn git(home: &Path, path: &str, arguments: &[&str]) -> String {
    let output = Command::new("git")
        .args(arguments)
        .current_dir(home)
        .env_clear()
        .env("PATH", path)
        .env("HOME", home)
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_TERMINAL_PROMPT", "0")
        .env("GIT_TRACE", "1")
        .env("GIT_TRACE_CURL", "1")
        .stdin(Stdio::null())
        .output()
        .await
        .unwrap();
    let printed = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    assert!(output.status.success(), "git {arguments:?}: {printed}");
    printed
}

/// The text, and all forms in which it would travel.
fn forms(user: &str, secret: &str) -> [String; 3] {
    let pair = STANDARD.encode(format!("{user}:{secret}"));
    [secret.to_owned(), STANDARD.encode(secret), pair]
}

/// All files below a directory, with what is in them.
fn files(directory: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        let kind = std::fs::symlink_metadata(&path).unwrap().file_type();
        if kind.is_dir() {
            all.extend(files(&path));
        } else if kind.is_file() {
            all.push((path.clone(), std::fs::read(&path).unwrap()));
        }
    }
    all
}

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes
        .windows(text.len())
        .any(|window| window == text.as_bytes())
}

#[tokio::test]
async fn password_and_token_are_nowhere_but_where_they_belong() {
    // Also not in the arguments of whoever looks for it in this file meanwhile.
    let password = format!("{PASSWORD},{}", std::process::id());
    let simulator = Simulator::start(Options {
        password: Some(password.clone()),
        ..Options::default()
    })
    .await
    .unwrap();
    let base = simulator.base_url();
    let Spied { home, path } = Spied::new();
    let log = home.path().join("log");
    let environment = [
        ("PATH", path.as_str()),
        ("GIT_CONFIG_NOSYSTEM", "1"),
        ("RUST_LOG", "trace"),
        ("RUST_BACKTRACE", "full"),
    ];
    let arguments = [&base, "--log", log.to_str().unwrap()];
    let bbtoken = env!("CARGO_BIN_EXE_bbtoken");
    let mut program = Program::start_in(home, bbtoken, &arguments, &environment);
    let typed = format!("{password}{ENTER}");
    let way = [
        ("[ Sign in ]", "alice\t"),
        ("[ Sign in ]", &typed),
        ("PLAT", ENTER),
        ("api-gateway", "n"),
        ("What is it for?", ENTER),
        ("enter creates it", ENTER),
        ("✓ can clone ✓ can push", "t"),
        (COPIED, "g"),
        // The first way is a file that holds the token, as the screen says; the second keeps none.
        (
            "This will be written",
            if takes_bearer() { "j" } else { "" },
        ),
        ("This will be written", ENTER),
    ];
    program.walk(&way).await;
    program.wait_for("git works here").await;
    let [token] = <[String; 1]>::try_from(program.copied()).unwrap();

    // It works, and git's own traces keep it to themselves too.
    let home = program.home.path().to_owned();
    let address = format!("{base}/scm/plat/api-gateway.git");
    let mut printed = git(&home, &path, &["clone", &address, "clone"]).await;
    let commit = ["commit", "--quiet", "--allow-empty", "-m", "x"];
    let name = [
        "-C",
        "clone",
        "-c",
        "user.name=x",
        "-c",
        "user.email=x@example.com",
    ];
    git(&home, &path, &[&name[..], &commit].concat()).await;
    printed += &git(&home, &path, &["-C", "clone", "push"]).await;
    program.press("t").await;
    program.wait_for("✓ can clone ✓ can push").await;
    // git has the token, so nothing is asked.
    program.press("q").await;
    let ended = program.end().await;
    git(&home, &path, &["credential-cache", "exit"]).await;
    assert_eq!(ended.status.code(), Some(0));

    // What the terminal was asked to put on its clipboard is there because the user wants it there.
    let stream = ended.stream_without_clipboard();
    let seen = std::fs::read(seen(&home)).unwrap();
    assert!(holds(&seen, "credential") && holds(&seen, "HOME="));
    let log = std::fs::read(home.join("log")).unwrap();
    assert!(holds(&log, "/rest/access-tokens/"), "nothing was logged");
    let mut written = files(&home);
    if !takes_bearer() {
        // For an older git a file holds the token, as the screen said.
        written.retain(|(name, _)| !name.starts_with(home.join(".config/bbtoken/git")));
    }
    written.push((PathBuf::from("the screen"), stream.into_bytes()));
    written.push((PathBuf::from("what git prints"), printed.into_bytes()));
    for secret in [password.as_str(), token.as_str()] {
        for form in forms("alice", secret) {
            for (name, bytes) in &written {
                assert!(!holds(bytes, &form), "a secret is in {}", name.display());
            }
        }
    }
    simulator.stop().await;
}

/// What somebody has pasted into an argument is not repeated: it would stand in logs and on shared screens.
#[tokio::test]
async fn no_command_repeats_a_secret_in_an_address() {
    /// Another one than in the test that looks at the arguments of all processes.
    const TYPED: &str = "pa55-wort,vertippt";
    const TOKEN: &str = "BBDC-MDEyMzQ1Njc4OTAxOgABAgMEBQYHCAkKCwwNDg8QERIT";
    let shell = Shell::new().await;
    let addresses = [
        format!("https://alice:{TOKEN}@127.0.0.1:1/scm/plat/x.git"),
        format!("https://{TOKEN}@127.0.0.1:1/scm/plat/x.git"),
        format!("https://alice:{TYPED}@127.0.0.1:1/scm/plat/x.git"),
        format!("https://alice:{TYPED}@127.0.0.1:1/nothing/here"),
        format!("https://alice:{TYPED}@127.0.0.1:port/scm/plat/x.git"),
        format!("https://alice:{TYPED}@/scm/plat/x.git"),
        format!("alice:{TYPED}@bad host/x"),
        format!("ssh://alice:{TYPED}@127.0.0.1:7999/plat/x.git"),
        format!("ftp://alice:{TYPED}@127.0.0.1/x"),
        TOKEN.to_owned(),
    ];
    let commands: [&[&str]; 13] = [
        &["list"],
        &["create", "--print"],
        &["new"],
        &["edit", "123456789012", "--name", "x"],
        &["revoke", "123456789012", "--yes"],
        &["rotate", "123456789012", "--print"],
        &["expiring"],
        &["doctor"],
        &["doctor", "--json"],
        &["git-setup", "--yes"],
        &["git-setup", "--undo"],
        &["list", "PLAT/x", "--server"],
        &[],
    ];
    for address in &addresses {
        for command in commands {
            let arguments = [command, &[address.as_str()]].concat();
            let said = shell.run(&arguments, "alice\n").await;
            let all = [said.out, said.error].concat();
            assert!(!all.contains(TOKEN), "{arguments:?}: {all}");
            assert!(!all.contains(TYPED), "{arguments:?}: {all}");
        }
    }
}
