//! The README: its tables come from the program, and what it promises holds.

use std::collections::BTreeSet;

use bbtoken::cli::Arguments;
use bbtoken::simulator::{Options, Simulator};
use bbtoken::ui::keymap;
use clap::Parser as _;

use crate::{check, file, read};

const README: &str = "README.md";
const PAGES: [&str; 4] = [README, "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md"];

/// Puts `text` between `<!-- name:begin -->` and `<!-- name:end -->`.
pub(crate) fn with_part(page: &str, name: &str, text: &str) -> String {
    let (begin, end) = (
        format!("<!-- {name}:begin -->"),
        format!("<!-- {name}:end -->"),
    );
    let (before, rest) = page.split_once(&begin).expect("the part begins");
    let (_, after) = rest.split_once(&end).expect("the part ends");
    format!("{before}{begin}\n{text}{end}{after}")
}

#[tokio::test]
async fn its_tables_are_the_program_s_own() {
    let simulator = Simulator::start(Options::default()).await.unwrap();
    let mut accounts = String::from("| name and password | what it shows |\n|---|---|\n");
    for account in simulator.accounts() {
        accounts.push_str(&format!("| `{}` | {} |\n", account.name, account.note));
    }
    let page = with_part(&read(README), "keys", &keymap::markdown());
    let page = with_part(&page, "accounts", &accounts);
    check(README, &page);
}

#[test]
fn every_link_into_the_package_leads_somewhere() {
    for name in PAGES {
        let page = read(name);
        for (_, rest) in page
            .match_indices("](")
            .map(|(at, _)| page.split_at(at + 2))
        {
            let target = rest.split([')', '#']).next().unwrap();
            let is_inside = !target.is_empty() && !target.contains("://");
            assert!(
                !is_inside || file(target).exists(),
                "{name} leads to {target}"
            );
        }
    }
}

/// The lines of all blocks of commands.
fn commands(page: &str) -> impl Iterator<Item = &str> {
    let mut inside = false;
    page.lines().filter(move |line| {
        let is_fence = line.starts_with("```");
        inside = if is_fence { *line == "```sh" } else { inside };
        inside && !is_fence
    })
}

#[test]
fn every_command_line_is_understood() {
    let mut understood = BTreeSet::new();
    for page in PAGES.map(read) {
        for command in commands(&page) {
            let command = command.split(" #").next().unwrap().trim();
            let arguments = command
                .strip_prefix("cargo run --release -- ")
                .or_else(|| command.strip_prefix("bbtoken "));
            if let Some(arguments) = arguments {
                let words = arguments.split_whitespace();
                let parsed = Arguments::try_parse_from(["bbtoken"].into_iter().chain(words));
                assert!(parsed.is_ok(), "{command}: {parsed:?}");
                understood.insert(arguments.to_owned());
            }
        }
    }
    assert!(understood.contains("demo"), "{understood:?}");
}

#[test]
fn what_it_requires_is_what_the_package_requires() {
    let rust = concat!("Rust ", env!("CARGO_PKG_RUST_VERSION"));
    for page in [README, "CONTRIBUTING.md"] {
        assert!(read(page).contains(rust), "{page} does not ask for {rust}");
    }
    // What .ci/run takes out and runs.
    assert!(read(README).contains("<!-- ci:test -->\n```sh\ncargo test\n```\n"));
}
