//! Plain commands on terminals as they are: 80 columns wide, without the signs that only UTF-8 has, and with
//! an output that takes nothing.

use std::process::Stdio;

use serde_json::Value;

use crate::program::{Ended, Program};
use crate::shell::Shell;

const BILLING: &str = "PLAT/billing-api";

/// Runs a command in this home on a terminal of its own, to its end.
async fn on_terminal(shell: &Shell, arguments: &[&str], variables: &[(&str, &str)]) -> Ended {
    let base = shell.simulator.base_url();
    let variables = [
        &[("BBTOKEN_SERVER", base.as_str()), ("TERM", "xterm")][..],
        variables,
    ]
    .concat();
    let home = tempfile::tempdir().unwrap();
    let program = env!("CARGO_BIN_EXE_bbtoken");
    let mut program = Program::start_in(home, program, arguments, &variables);
    if arguments.contains(&"--user") {
        program.wait_for("Password").await;
        program.press("alice\r").await;
    }
    program.end().await
}

fn said(ended: &Ended) -> String {
    String::from_utf8(ended.stream.clone()).unwrap()
}

#[tokio::test]
async fn where_a_terminal_has_no_signs_commands_print_ascii() {
    let shell = Shell::new().await;
    let address = format!("{}/scm/plat/billing-api.git", shell.simulator.base_url());
    let commands: [&[&str]; 7] = [
        &["why", &address],
        &["doctor"],
        &["config"],
        &["--help"],
        &["doctor", "--help"],
        &["list", BILLING, "--user", "alice"],
        &["expiring", BILLING, "--user", "alice"],
    ];
    for arguments in commands {
        let ascii = on_terminal(&shell, arguments, &[("LC_ALL", "C")]).await;
        let ascii = said(&ascii);
        assert!(ascii.is_ascii(), "{arguments:?}: {ascii}");
        let signs = on_terminal(&shell, arguments, &[("LC_ALL", "C.UTF-8")]).await;
        let signs = said(&signs);
        assert!(!signs.contains('\u{fffd}'), "{arguments:?}: {signs}");
    }
    let said_there = async |variables: &[(&str, &str)]| {
        said(&on_terminal(&shell, &["why", &address], variables).await)
    };
    let signs = said_there(&[("LC_ALL", "C.UTF-8")]).await;
    assert!(signs.contains("✗ git has no token"), "{signs}");
    assert!(signs.contains("→ Make a new token"), "{signs}");
    for variables in [&[("LC_ALL", "C")][..], &[("TERM", "linux")]] {
        let ascii = said_there(variables).await;
        assert!(ascii.contains("x git has no token"), "{ascii}");
        assert!(ascii.contains("> Make a new token"), "{ascii}");
    }
}

#[tokio::test]
async fn in_a_pipe_the_locale_decides_about_text_and_data_stay_as_they_are() {
    let mut shell = Shell::new().await;
    let address = format!("{}/scm/plat/billing-api.git", shell.simulator.base_url());
    let text = shell.run(&["why", &address], "").await;
    assert!(text.out.starts_with("✗ git has no token"), "{text:?}");
    let json = shell.run(&["why", &address, "--json"], "").await.out;
    shell.set("LC_ALL", "C");
    let text = shell.run(&["why", &address], "").await;
    assert!(text.out.starts_with("x git has no token"), "{text:?}");
    assert_eq!(shell.run(&["why", &address, "--json"], "").await.out, json);
    let json: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["cause"], "nothing_to_send");
}

#[tokio::test]
async fn the_answer_to_why_breaks_between_words() {
    let shell = Shell::new().await;
    let address = format!("{}/scm/plat/billing-api.git", shell.simulator.base_url());
    let ended = on_terminal(&shell, &["why", &address], &[]).await;
    let said = said(&ended).replace('\r', "");
    let words: Vec<_> = said.split_whitespace().collect();
    for word in ["password", "recognise", &address] {
        assert!(words.contains(&word), "{word} is not in {said}");
    }
    for line in said.lines() {
        let is_one_word = line.split_whitespace().count() == 1;
        assert!(line.chars().count() <= 80 || is_one_word, "{line}");
    }
    // What belongs to a label stands below it.
    let below: Vec<_> = said
        .lines()
        .skip_while(|line| !line.starts_with("  fetch    refused with 401"))
        .skip(1)
        .take_while(|line| !line.starts_with("  push "))
        .collect();
    assert!(!below.is_empty(), "{said}");
    assert!(
        below.iter().all(|line| line.starts_with("           ")),
        "{said}"
    );
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn what_cannot_be_written_is_said_and_no_token_is_lost() {
    let shell = Shell::new().await;
    let before = shell.tokens(BILLING).await;
    let address = format!("{}/scm/plat/billing-api.git", shell.simulator.base_url());
    let who = ["--user", "alice", "--password-stdin"];
    let token = "MjUyOTczMDY3NTU2OmFiY2RlZmdoaWprbG1ub3BxcnN0";
    let create = ["create", BILLING, "--preset", "git", "--print"];
    let commands: [(Vec<&str>, &str); 9] = [
        ([&["list", BILLING], &who[..]].concat(), "alice\n"),
        ([&["list", BILLING, "--json"], &who[..]].concat(), "alice\n"),
        ([&create[..], &who].concat(), "alice\n"),
        ([&create[..], &["--json"], &who].concat(), "alice\n"),
        (vec!["check", "-"], token),
        (
            [&["expiring", BILLING, "--days", "900", "--json"], &who[..]].concat(),
            "alice\n",
        ),
        (vec!["doctor"], ""),
        (vec!["why", &address], ""),
        (vec!["config", "--json"], ""),
    ];
    for (arguments, input) in commands {
        let full = std::fs::OpenOptions::new().write(true).open("/dev/full");
        let mut child = shell.starts_into(Stdio::from(full.unwrap()), &arguments);
        shell.types(&mut child, input).await;
        let said = crate::shell::Said::of(child).await;
        assert_eq!(said.status, 1, "{arguments:?}: {said:?}");
        assert!(
            said.error.contains("tandard output"),
            "{arguments:?}: {said:?}"
        );
        if arguments[0] == "create" {
            assert!(said.error.contains("created and then revoked"), "{said:?}");
        }
    }
    assert_eq!(shell.tokens(BILLING).await, before);
}

#[tokio::test]
async fn each_server_on_http_is_agreed_to_by_itself_and_once() {
    const ONE: &str = "http://one.test/scm/plat/billing-api.git";
    const TWO: &str = "http://two.test/scm/plat/billing-api.git";
    let also = ["git-setup", "--yes", "--also", TWO, ONE];
    for answer in ["no", "y"] {
        let mut program = Program::start(&also, &[]);
        program.wait_for("http://one.test is not encrypted").await;
        program.press("yes\r").await;
        program.wait_for("http://two.test is not encrypted").await;
        program.press(&format!("{answer}\r")).await;
        program.wait_for("Nothing was sent.").await;
        assert_eq!(program.end().await.status.code(), Some(1));
    }
    // The same server under the spelling of a clone is no other one.
    let spelled = "http://ONE.test:80/scm/PLAT/billing-api";
    let mut program = Program::start(&["git-setup", "--yes", "--also", spelled, ONE], &[]);
    program.wait_for("http://one.test is not encrypted").await;
    program.press("yes\r").await;
    program.wait_for("Token for http://one.test/").await;
    // A question breaks between words too.
    program.wait_for("(paste it; it is not shown):").await;
    program.press("\x03").await;
    assert_ne!(program.end().await.status.code(), Some(0));
}
