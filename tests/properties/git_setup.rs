//! What is written for git, read back by git itself and by us.

use std::process::Command;

use bbtoken::environment::Environment;
use bbtoken::git::{self, Target, TokenNote, Way, WayKind};
use bbtoken::permission::ScopeKind;
use bbtoken::secret::Secret;
use proptest::prelude::*;
use tempfile::TempDir;

use crate::cases;

/// What may stand in somebody's configuration already.
const BEFORE: &[&[u8]] = &[
    b"",
    b"[user]\n\tname = J\xfcrgen",
    b"# \r\n",
    b"[a]\nb = c\\\n",
];

/// The way that keeps the token in a file, which is all of git's configuration.
fn header() -> Way {
    Way {
        kind: WayKind::Header,
        name: "header",
        title: String::new(),
        writes: Vec::new(),
        safety: String::new(),
        is_plain_text: true,
        forgets: None,
    }
}

struct Computer {
    home: TempDir,
    environment: Environment,
}

impl Computer {
    fn new() -> Self {
        let home = TempDir::new().unwrap();
        let environment = Environment::of_process()
            .with("HOME", home.path())
            .with("XDG_CONFIG_HOME", "")
            .with("GIT_CONFIG_GLOBAL", "")
            .with("GIT_CONFIG_NOSYSTEM", "1")
            .in_directory(home.path());
        Self { home, environment }
    }

    fn configuration(&self) -> Vec<u8> {
        std::fs::read(self.home.path().join(".gitconfig")).unwrap_or_default()
    }

    /// The headers that git sends to this address.
    fn headers(&self, address: &str) -> Vec<String> {
        let mut git = self.environment.prepare(Command::new("git").into());
        git.args([
            "config",
            "--null",
            "--get-urlmatch",
            "http.extraHeader",
            address,
        ]);
        let output = git.as_std_mut().output().unwrap();
        let printed = String::from_utf8(output.stdout).unwrap();
        printed.split_terminator('\0').map(str::to_owned).collect()
    }
}

fn address() -> impl Strategy<Value = String> {
    let name = "[A-Za-z0-9~_.+-]([A-Za-z0-9 ~_.+'!$&();=@,%\"\\\\-]{0,8}[A-Za-z0-9])?";
    (
        prop::sample::select(&["https", "http"][..]),
        "[a-z]{1,6}(\\.[a-z]{2,3})?(:8443)?",
        name,
    )
        .prop_filter_map("no address", |(scheme, host, name)| {
            let address = format!("{scheme}://{host}/scm/plat/{}", name.replace('%', "%25"));
            Some(
                Target::new(&address, ScopeKind::Repository, None)
                    .ok()?
                    .address,
            )
        })
}

proptest! {
    #![proptest_config(cases(24))]

    #[test]
    fn git_reads_back_what_was_written_and_the_rest_stays(
        address in address(),
        token in "[!-~]([ -~]{0,40}[!-~])?",
        user in prop::option::of("[^\\p{C}]{1,12}"),
        before in prop::sample::select(BEFORE),
    ) {
        let computer = Computer::new();
        if !before.is_empty() {
            std::fs::write(computer.home.path().join(".gitconfig"), before).unwrap();
        }
        let mut target = Target::new(&address, ScopeKind::Repository, None).unwrap();
        target.user = user.clone();
        let note = TokenNote::default();
        let (way, secret) = (header(), Secret::new(token.clone()));
        let run = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let applied = git::apply(&computer.environment, &target, &way, &secret, &note);
        let applied = run.block_on(applied).unwrap();
        prop_assert!(run.block_on(applied.confirm()).is_empty());
        prop_assert_eq!(computer.headers(&address), [format!("Authorization: Bearer {token}")]);
        prop_assert!(computer.headers("https://elsewhere.example/scm/plat/x.git").is_empty());
        let set_ups = git::set_ups(&computer.environment);
        let [set_up] = set_ups.as_slice() else { panic!("{set_ups:?}") };
        prop_assert_eq!((&set_up.address, &set_up.user), (&address, &user));
        prop_assert!(computer.configuration().starts_with(before));
        run.block_on(git::undo(&computer.environment, &address)).unwrap();
        prop_assert_eq!(computer.configuration(), before);
        prop_assert!(git::set_ups(&computer.environment).is_empty());
    }
}

proptest! {
    #![proptest_config(cases(100))]

    #[test]
    fn a_word_of_the_shell_is_one_word(text in "[^\\x00]{0,20}") {
        let script = format!("printf %s {}", git::shell_word(&text));
        let output = Command::new("sh").args(["-c", &script]).output().unwrap();
        prop_assert_eq!(output.stdout, text.as_bytes());
    }
}
