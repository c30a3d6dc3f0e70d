//! The configuration: read before the interface starts, printed by `bbtoken config`.

use std::path::Path;
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

/// Runs the program with pipes instead of a terminal, in a home of its own.
fn run(home: &Path, arguments: &[&str], variables: &[(&str, &str)]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_bbtoken"))
        .args(arguments)
        .env_clear()
        .env("HOME", home)
        .env("BBTOKEN_ORGANISATION_CONFIG", "/dev/null")
        .envs(variables.iter().copied())
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

/// Writes the user's configuration.
fn configure(home: &Path, text: &str) {
    let directory = home.join(".config/bbtoken");
    std::fs::create_dir_all(&directory).unwrap();
    std::fs::write(directory.join("config.toml"), text).unwrap();
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

#[test]
#[cfg(not(target_os = "macos"))]
fn a_mistake_is_reported_with_its_line_before_anything_starts() {
    let home = TempDir::new().unwrap();
    configure(home.path(), "share = true\n\nexpirydays = 30\n");
    for arguments in [&[][..], &["git.example.com"], &["demo"], &["config"]] {
        let output = run(home.path(), arguments, &[]);
        assert_eq!(output.status.code(), Some(1), "{arguments:?}");
        assert_eq!(text(&output.stdout), "");
        let error = text(&output.stderr);
        let wanted = "config.toml, line 3, column 1: unknown key `expirydays`: did you mean `expiry_days`?\n";
        assert!(error.ends_with(wanted), "{error}");
    }
    // What needs no configuration works all the same, above all what helps to mend it.
    for arguments in [&["config", "--sample"][..], &["--help"]] {
        assert!(run(home.path(), arguments, &[]).status.success());
    }
}

#[test]
#[cfg(not(target_os = "macos"))]
fn what_is_in_force_is_printed_with_where_it_comes_from() {
    let home = TempDir::new().unwrap();
    configure(
        home.path(),
        "help = 'Ask Dora'\n\n[[server]]\naddress = 'git.example.com'\nname = 'Company'\n",
    );
    let variables = [
        ("BBTOKEN_SHARE", "yes"),
        (
            "BBTOKEN_SERVER",
            "https://me:hunter2@git.example.com/scm/a/b.git",
        ),
    ];
    let arguments = ["config", "--clipboard", "off"];
    let output = run(home.path(), &arguments, &variables);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let printed = text(&output.stdout);
    let rows: Vec<Vec<&str>> = printed
        .lines()
        .map(|line| {
            line.split("  ")
                .map(str::trim)
                .filter(|cell| !cell.is_empty())
                .collect()
        })
        .collect();
    let from = |line: usize| {
        let file = home.path().join(".config/bbtoken/config.toml");
        format!("{}:{line}", file.display())
    };
    for row in [
        ["help", "\"Ask Dora\"", &from(1)],
        ["clipboard", "\"off\"", "--clipboard"],
        ["share", "true", "BBTOKEN_SHARE"],
        ["clear_clipboard", "60", "default"],
        ["expiry_days", "not set", "default"],
        ["address", "https://git.example.com", "BBTOKEN_SERVER"],
        ["server", "https://git.example.com (Company)", &from(3)],
        ["preset", "★ git (git, read and write)", "default"],
    ] {
        assert!(rows.contains(&row.to_vec()), "{row:?} is not in\n{printed}");
    }
    assert!(!printed.contains("hunter2"), "{printed}");

    let output = run(home.path(), &["config", "--json"], &variables);
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(json["values"][0]["value"], "Ask Dora");
    assert_eq!(json["values"][0]["from"], from(1));
    assert_eq!(json["servers"][0]["name"], "Company");
    assert_eq!(json["files"][1]["is_there"], true);
}

#[test]
fn an_empty_home_and_none_at_all_are_fine() {
    let home = TempDir::new().unwrap();
    for home in [home.path(), Path::new("")] {
        let output = run(home, &["config"], &[]);
        assert!(output.status.success(), "{}", text(&output.stderr));
    }
}

#[test]
fn another_file_can_be_named() {
    let home = TempDir::new().unwrap();
    let file = home.path().join("mine.toml");
    std::fs::write(&file, "share = true\n").unwrap();
    let named = file.to_str().unwrap();
    let by_option = run(home.path(), &["--config", named, "config"], &[]);
    let by_variable = run(home.path(), &["config"], &[("BBTOKEN_CONFIG", named)]);
    assert_eq!(text(&by_option.stdout), text(&by_variable.stdout));
    assert!(text(&by_option.stdout).contains(&format!("{named}:1")));
    let missing = run(home.path(), &["--config", "/no/such/file", "config"], &[]);
    assert_eq!(missing.status.code(), Some(1));
    assert!(text(&missing.stderr).contains("/no/such/file cannot be read"));
}
