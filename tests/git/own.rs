//! What is the user's own stays theirs: files beside ours, what other programs write meanwhile, and the
//! working directory.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use futures_util::future::join_all;

use crate::computer::{Computer, personal, project, repository, text};

const BILLING: &str = "/scm/plat/billing-api.git";

/// A setup that has to fail, and what was said.
async fn refused(computer: &Computer) -> String {
    let address = computer.address(BILLING);
    let arguments = ["git-setup", "--yes", "--way", "header", &address];
    let token = computer.token(&repository("billing-api")).await;
    let output = computer.bbtoken(&arguments, token.expose()).await;
    assert!(!output.status.success(), "{}", text(&output));
    text(&output)
}

/// Everything below a directory that is not git's own.
fn files_below(directory: &Path) -> Vec<String> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() && path.file_name().unwrap() != ".git" {
            files.extend(files_below(&path));
        } else {
            files.push(path.display().to_string());
        }
    }
    files
}

#[tokio::test]
async fn files_beside_the_configuration_stay_and_none_is_left_behind() {
    let computer = Computer::new().await;
    let beside = [".gitconfig.new", ".gitconfig.bak", ".gitconfig~"];
    for name in [&[".gitconfig"], beside.as_slice()].concat() {
        std::fs::write(computer.file(name), "# mine\n").unwrap();
    }
    let before = files_below(&computer.home());
    let address = computer.address(BILLING);
    let token = computer.token(&repository("billing-api")).await;
    computer
        .sets_up(&["--way", "header", &address], &token)
        .await;
    computer.undoes(&[&address]).await;
    for name in [&[".gitconfig"], beside.as_slice()].concat() {
        let text = std::fs::read_to_string(computer.file(name)).unwrap();
        assert_eq!(text, "# mine\n", "{name}");
    }
    // Ours are locks, which have to stay, and that the token was tried, which lists of tokens are read with.
    let mut left = files_below(&computer.home());
    left.retain(|file| !before.contains(file));
    left.sort();
    let ours = [
        ".config/bbtoken/git.lock",
        ".local/state/bbtoken/state.lock",
        ".local/state/bbtoken/state.toml",
    ];
    let ours = ours.map(|name| computer.file(name).display().to_string());
    assert_eq!(left, ours);
}

#[tokio::test]
async fn several_that_set_up_at_once_lose_nothing_of_each_other_nor_of_git() {
    let computer = Computer::new().await;
    std::fs::write(computer.file(".gitconfig"), "# mine").unwrap();
    let slugs = ["billing-api", "api-gateway", "checkout-web"];
    let mut set_ups = Vec::new();
    for slug in slugs {
        let address = computer.address(&format!("/scm/plat/{slug}.git"));
        set_ups.push((address, computer.token(&repository(slug)).await));
    }
    set_ups.push((
        computer.address("/scm/plat"),
        computer.token(&project()).await,
    ));
    let bbtokens = set_ups.iter().map(|(address, token)| {
        let computer = &computer;
        async move {
            computer.sets_up(&["--way", "header", address], token).await;
        }
    });
    // git gives up where somebody else is writing.
    let gits = (0..4).map(|number| {
        let computer = &computer;
        async move {
            let key = format!("mine.key{number}");
            let arguments = ["config", "--global", &key, "value"];
            while !computer.git(&arguments).await.status.success() {}
        }
    });
    tokio::join!(join_all(bbtokens), join_all(gits));

    let configuration = std::fs::read_to_string(computer.file(".gitconfig")).unwrap();
    assert!(configuration.starts_with("# mine\n"), "{configuration}");
    assert_eq!(configuration.matches("[include]").count(), 1);
    for number in 0..4 {
        let key = format!("mine.key{number}");
        computer.works(&["config", "--get", &key]).await;
    }
    for slug in slugs {
        let address = computer.address(&format!("/scm/plat/{slug}.git"));
        computer.clones(&address, slug, false).await;
    }
    let undone = set_ups.iter().map(|(address, _)| {
        let computer = &computer;
        async move { computer.undoes(&[address]).await }
    });
    join_all(undone).await;
    let configuration = std::fs::read_to_string(computer.file(".gitconfig")).unwrap();
    assert!(!configuration.contains("bbtoken"), "{configuration}");
    assert_eq!(configuration.matches("key").count(), 4);
}

#[tokio::test]
async fn a_configuration_that_git_has_locked_is_waited_for_and_then_left_alone() {
    let computer = Computer::new().await;
    let lock = computer.file(".gitconfig.lock");
    std::fs::write(&lock, "somebody's").unwrap();
    let said = refused(&computer).await;
    assert!(said.contains(".gitconfig.lock"), "{said}");
    assert_eq!(std::fs::read_to_string(&lock).unwrap(), "somebody's");
    assert!(!computer.file(".gitconfig").exists());
    let left = files_below(&computer.file(".config/bbtoken"));
    assert!(!left.iter().any(|file| file.ends_with(".inc")), "{left:?}");
}

#[tokio::test]
async fn a_link_stays_a_link_also_where_nothing_is_behind_it_yet() {
    let computer = Computer::new().await;
    let address = computer.address(BILLING);
    let token = computer.token(&repository("billing-api")).await;
    std::fs::create_dir(computer.file("dotfiles")).unwrap();
    std::os::unix::fs::symlink("dotfiles/git", computer.file(".gitconfig")).unwrap();
    computer
        .sets_up(&["--way", "header", &address], &token)
        .await;
    assert!(computer.file(".gitconfig").is_symlink());
    assert!(computer.file("dotfiles/git").is_file());
    computer.clones(&address, "clone", true).await;
    computer.undoes(&[&address]).await;
    assert!(computer.file(".gitconfig").is_symlink());
}

#[tokio::test]
async fn a_configuration_for_others_too_stays_one() {
    for mode in [0o600, 0o640, 0o444] {
        let computer = Computer::new().await;
        let address = computer.address(BILLING);
        let token = computer.token(&repository("billing-api")).await;
        let file = computer.file(".gitconfig");
        std::fs::write(&file, "# mine\n").unwrap();
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(mode)).unwrap();
        computer
            .sets_up(&["--way", "header", &address], &token)
            .await;
        let now = std::fs::metadata(&file).unwrap().permissions().mode();
        assert_eq!(now & 0o777, mode);
    }
}

#[tokio::test]
async fn a_relative_directory_counts_as_not_set_and_nothing_lands_in_the_working_tree() {
    for way in ["header", "helper"] {
        let mut computer = Computer::new().await;
        let address = computer.address(BILLING);
        let token = computer.token(&personal()).await;
        for name in [
            "XDG_CONFIG_HOME",
            "XDG_CACHE_HOME",
            "XDG_STATE_HOME",
            "XDG_DATA_HOME",
            "XDG_RUNTIME_DIR",
        ] {
            computer.extra.push((name.to_owned(), "tree".to_owned()));
        }
        // What a repository may bring: a place where git's helper "store" would keep the token.
        std::fs::create_dir_all(computer.file("tree/git")).unwrap();
        std::fs::write(computer.file("tree/git/credentials"), "").unwrap();
        computer.has_git_store().await;
        let arguments = ["--user", "alice", "--way", way, &address];
        computer.sets_up(&arguments, &token).await;
        computer.clones(&address, "clone", true).await;
        assert!(computer.file(".config/bbtoken/git").is_dir());
        let tree = files_below(&computer.file("tree"));
        let [credentials] = tree.as_slice() else {
            panic!("{tree:?}");
        };
        assert_eq!(std::fs::read_to_string(credentials).unwrap(), "");
        computer.undoes(&["--user", "alice", &address]).await;
        computer.fails(&["clone", &address, "after"]).await;
    }
}

#[tokio::test]
async fn a_repository_brings_no_configuration() {
    let mut computer = Computer::new().await;
    let brought = computer.file("bbtoken");
    std::fs::create_dir(&brought).unwrap();
    std::fs::write(brought.join("config.toml"), "expiry_days = 9999\n").unwrap();
    for value in ["", ".", "./"] {
        computer.extra = vec![("XDG_CONFIG_HOME".to_owned(), value.to_owned())];
        let output = computer.bbtoken(&["config"], "").await;
        assert!(output.status.success(), "{}", text(&output));
        assert!(!text(&output).contains("9999"), "{}", text(&output));
    }
    for name in ["BBTOKEN_CONFIG", "BBTOKEN_ORGANISATION_CONFIG"] {
        computer.extra = vec![(name.to_owned(), "bbtoken/config.toml".to_owned())];
        let output = computer.bbtoken(&["config"], "").await;
        let wanted =
            format!("{name}: \"bbtoken/config.toml\" is a different file in each directory");
        assert!(!output.status.success() && text(&output).contains(&wanted));
    }
}

#[tokio::test]
async fn where_git_reads_no_file_of_the_users_nothing_is_written_and_the_variable_is_named() {
    for (name, value, wanted) in [
        (
            "HOME",
            "",
            "HOME is not set, so git cannot find your own configuration. Set HOME",
        ),
        ("HOME", "tree", "HOME is \"tree\", which is not a full path"),
        ("GIT_CONFIG_GLOBAL", "", "GIT_CONFIG_GLOBAL is empty"),
        (
            "GIT_CONFIG_GLOBAL",
            "/dev/null",
            "GIT_CONFIG_GLOBAL is /dev/null, which is not a file",
        ),
        (
            "GIT_CONFIG_GLOBAL",
            "tree",
            "GIT_CONFIG_GLOBAL is \"tree\", which is a different file in each directory",
        ),
    ] {
        let mut computer = Computer::new().await;
        computer.extra = vec![(name.to_owned(), value.to_owned())];
        let said = refused(&computer).await;
        assert!(said.contains(wanted), "{said}");
        assert!(
            said.contains("et it to the full path") || said.contains("Set HOME"),
            "{said}"
        );
        assert_eq!(files_below(&computer.home()), Vec::<String>::new());
    }
}
