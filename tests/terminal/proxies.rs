//! Passwords of proxies with signs in them that belong encoded: no piece is shown, written or used,
//! whatever the command.

use std::fs::File;
use std::net::TcpListener;
use std::process::{Command, Output};

use tempfile::TempDir;

const SERVER: &str = "https://bitbucket.invalid/projects/PLAT/repos/billing-api";

/// Runs a command with this value of the variable; the log is below the home.
fn run(home: &TempDir, variable: &str, value: &str, arguments: &[&str]) -> Output {
    std::fs::write(home.path().join("secret"), "BBDC-0123456789\n").unwrap();
    Command::new(env!("CARGO_BIN_EXE_bbtoken"))
        .args(arguments)
        .args(["--log", "log"])
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("HOME", home.path())
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("RUST_LOG", "trace")
        .env("BBTOKEN_PASSWORD", "x")
        .env(variable, value)
        .current_dir(home.path())
        .stdin(File::open(home.path().join("secret")).unwrap())
        .output()
        .unwrap()
}

#[test]
fn no_piece_of_a_value_that_does_not_parse_is_shown_or_used() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let local = listener.local_addr().unwrap();
    let mut values: Vec<_> = ["/", "?", "#", "@", "%", "%zz", "\\", " ", "/@", "://"]
        .iter()
        .map(|sign| format!("http://maggie:geh{sign}eim@{local}"))
        .collect();
    // Where another reading would take a piece for the proxy.
    values.push(format!("http://{local}/geheim@proxy.invalid:3128"));
    values.push(format!("http://{local}?geheim@proxy.invalid:3128"));
    values.push(format!("http://{local}#geheim@proxy.invalid:3128"));
    values.push(format!("maggie:geheim/@{local}"));
    let commands: [&[&str]; 5] = [
        &["doctor", "--json", SERVER],
        &["--share", "doctor", SERVER],
        &["list", SERVER, "--json", "--user", "maggie"],
        &[
            "create", SERVER, "--preset", "git", "--user", "maggie", "--print",
        ],
        &[
            "git-setup",
            "--yes",
            "https://bitbucket.invalid/scm/plat/x.git",
        ],
    ];
    for (number, value) in values.iter().enumerate() {
        let variable = ["https_proxy", "HTTPS_PROXY", "ALL_PROXY"][number % 3];
        for arguments in commands {
            let home = TempDir::new().unwrap();
            let output = run(&home, variable, value, arguments);
            let log = std::fs::read_to_string(home.path().join("log")).unwrap_or_default();
            let told = format!(
                "{}{}",
                String::from_utf8_lossy(&output.stdout),
                String::from_utf8_lossy(&output.stderr)
            );
            let about = format!("{arguments:?} {variable}={value}:\n{told}{log}");
            assert!(!output.status.success(), "{about}");
            assert!(told.contains(variable), "{about}");
            assert!(told.contains("%2F"), "{about}");
            let all = format!("{told}{log}");
            for piece in ["geh", "eim", "maggie:", &local.to_string(), "proxy.invalid"] {
                assert!(!all.contains(piece), "{piece} of {about}");
            }
        }
    }
    let asked = listener.accept();
    assert!(asked.is_err(), "a piece was used: {asked:?}");
}
