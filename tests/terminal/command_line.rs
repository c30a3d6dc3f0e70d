//! What a shell and a script see: output, exit status, and no escape sequence where nobody draws.

use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

/// Runs the program with pipes instead of a terminal, in a home where nothing is remembered.
fn run(arguments: &[&str]) -> Output {
    let home = TempDir::new().unwrap();
    Command::new(env!("CARGO_BIN_EXE_bbtoken"))
        .args(arguments)
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("HOME", home.path())
        .env("BBTOKEN_ORGANISATION_CONFIG", "/dev/null")
        .env("LC_ALL", "C.UTF-8")
        .env("TERM", "xterm")
        .current_dir(home.path())
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

fn text(bytes: &[u8]) -> &str {
    let text = std::str::from_utf8(bytes).unwrap();
    assert!(!text.contains('\x1b'), "an escape sequence in {text:?}");
    text
}

#[test]
fn without_a_terminal_it_says_so_and_draws_nothing() {
    for arguments in [
        &[][..],
        &["git.example.com"],
        &["demo"],
        &["new", "https://git.example.com/projects/PLAT"],
        &["new", "@me"],
    ] {
        let output = run(arguments);
        assert_eq!(output.status.code(), Some(1), "{arguments:?}");
        assert_eq!(text(&output.stdout), "");
        let error = text(&output.stderr);
        assert!(error.starts_with("bbtoken: "), "{error}");
        assert!(error.contains("needs a terminal"), "{error}");
    }
}

#[test]
fn help_names_everything_that_can_be_given() {
    let output = run(&["--help"]);
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(text(&output.stderr), "");
    let help = text(&output.stdout);
    for wanted in ["ADDRESS", "demo", "simulator", "--log", "NO_COLOR", "?"] {
        assert!(help.contains(wanted), "{wanted} is not in\n{help}");
    }

    let output = run(&["simulator", "--help"]);
    assert_eq!(output.status.code(), Some(0));
    let help = text(&output.stdout);
    for wanted in ["--listen", "--context-path", "--seed", "--latency"] {
        assert!(help.contains(wanted), "{wanted} is not in\n{help}");
    }
}

#[test]
fn the_help_of_the_commands_says_all_that_a_script_needs() {
    let help = |command| {
        let output = run(&[command, "--help"]);
        assert_eq!(output.status.code(), Some(0));
        text(&output.stdout)
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
    };
    for (command, words) in [
        (
            "list",
            &[
                "[PLACE]",
                "-R, --repo <PLACE>",
                "@me",
                "--server",
                "--user",
                "BBTOKEN_USER",
                "--password-stdin",
                "--json",
                "tabs between",
            ][..],
        ),
        (
            "create",
            &[
                "--preset <git|git-read|git-pull-requests|administration|…>",
                "--name",
                "--days <N>",
                "--print",
                "--json",
                "nothing is created",
            ],
        ),
    ] {
        let help = help(command);
        for word in words {
            assert!(help.contains(word), "{word} is not in\n{help}");
        }
    }
    let all = help("--help");
    assert!(all.contains("6 outcome unknown"), "{all}");
}

#[test]
fn a_mistyped_command_is_no_address() {
    for (word, meant) in [
        ("lits", "list"),
        ("creatr", "create"),
        ("docter", "doctor"),
        ("confg", "config"),
    ] {
        let output = run(&[word]);
        assert_eq!(output.status.code(), Some(2), "{word}");
        let error = text(&output.stderr);
        assert!(
            error.contains(&format!("did you mean '{meant}'")),
            "{error}"
        );
        assert!(
            error.contains(&format!("bbtoken https://{word}")),
            "{error}"
        );
    }
    // What has a dot, a colon, a slash or a capital stays an address, and so does what is like nothing.
    for word in [
        "list.example.com",
        "lits:7990",
        "lits/billing-api",
        "LITS",
        "bitbucket",
        "~lits",
    ] {
        let output = run(&[word]);
        assert_eq!(output.status.code(), Some(1), "{word}: {output:?}");
        assert!(
            text(&output.stderr).contains("needs a terminal"),
            "{output:?}"
        );
    }
}

#[test]
fn the_version_is_that_of_the_package() {
    let output = run(&["--version"]);
    assert_eq!(output.status.code(), Some(0));
    let version = concat!("bbtoken ", env!("CARGO_PKG_VERSION"), "\n");
    assert_eq!(text(&output.stdout), version);
}

#[test]
fn wrong_arguments_are_named_and_end_with_2() {
    for (arguments, named) in [
        (&["--colour"][..], "--colour"),
        (&["git.example.com", "twice"], "twice"),
        (&["simulator", "--listen", "everywhere"], "everywhere"),
        (&["simulator", "--projects", "3"], "--repositories"),
        (&["demo", "--latency", "long"], "long"),
        (
            &["new", "PLAT", "--preset", "root"],
            "use one of git, git-read, git-pull-requests, administration",
        ),
        (&["new", "PLAT", "--days", "0"], "1..=9999"),
        (&["new", "PLAT", "--days", "soon"], "soon"),
        (&["new", "PLAT", "--name", " "], "--name is empty"),
        (
            &["new", "PLAT", "--name", "a\nb"],
            "--name contains a line break",
        ),
        (
            &["new", "PLAT", "--name", &"n".repeat(256)],
            "at most 255 are allowed",
        ),
        (&["new", "git@bitbucket.org:a/b.git"], "Bitbucket Cloud"),
        (&["new"], "No Bitbucket was given"),
        (
            &["new", "--server", "git.example.com"],
            "PROJECT/repository, PROJECT, @me or an address",
        ),
        (
            &[
                "new",
                "https://a.example/projects/X",
                "--server",
                "b.example",
            ],
            "Leave --server out",
        ),
    ] {
        let output = run(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {output:?}");
        assert_eq!(text(&output.stdout), "");
        let error = text(&output.stderr);
        assert!(error.contains(named), "{named} is not in\n{error}");
    }
}

#[test]
fn a_log_that_cannot_be_written_is_said_before_anything_else() {
    let output = run(&["demo", "--log", "/nowhere/at/all/bbtoken.log"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("nowhere"));
}
