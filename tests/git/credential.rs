//! bbtoken as git's credential helper.

use bbtoken::permission::Level;

use crate::computer::{Computer, personal, repository, text};
use crate::git::takes_bearer;

#[tokio::test]
async fn a_refused_token_is_kept_and_gits_user_is_told() {
    let computer = Computer::new().await;
    let address = computer.address("/scm/plat/billing-api.git");
    let scope = repository("billing-api");
    let (token, id) = computer
        .token_with(&scope, bbtoken::permission::Level::Write)
        .await;
    if !takes_bearer() {
        return computer.refuses_bearer(&address, &token).await;
    }
    computer
        .sets_up(&["--way", "bearer", &address], &token)
        .await;
    computer.clones(&address, "clone", true).await;
    computer
        .alice()
        .await
        .revoke_token(&scope, &id)
        .await
        .unwrap();
    for _ in 0..2 {
        // Twice: had it been erased, the second refusal would be another one.
        let said = computer.fails(&["-C", "clone", "fetch"]).await;
        assert!(said.contains("The server refused the token for"), "{said}");
        assert!(said.contains("bbtoken git-setup"), "{said}");
        assert!(!said.contains(token.expose()));
    }
}

#[tokio::test]
async fn it_answers_for_its_own_address_and_to_a_new_git_only() {
    let computer = Computer::new().await;
    let address = computer.address("/scm/plat/billing-api.git");
    let scope = repository("billing-api");
    let (token, id) = computer
        .token_with(&scope, bbtoken::permission::Level::Write)
        .await;
    if !takes_bearer() {
        return computer.refuses_bearer(&address, &token).await;
    }
    computer
        .sets_up(&["--way", "bearer", &address], &token)
        .await;
    let entry = format!("{address}#{id}");
    let host = address.split('/').nth(2).unwrap().to_owned();
    let ask = async |path: &str, capability: &str, action: &str| {
        let arguments = [
            "credential",
            "--for",
            &address,
            "--store",
            "git:cache --timeout=31536000",
            "--entry",
            &entry,
            action,
        ];
        let input = format!("{capability}protocol=http\nhost={host}\npath={path}\n\n");
        let output = computer.bbtoken(&arguments, &input).await;
        assert!(output.status.success(), "{}", text(&output));
        let printed = String::from_utf8(output.stdout).unwrap();
        (printed, String::from_utf8(output.stderr).unwrap())
    };
    let new = "capability[]=authtype\n";
    let path = "scm/plat/billing-api.git";
    let (printed, _) = ask(path, new, "get").await;
    let token = token.expose();
    assert_eq!(
        printed,
        format!("capability[]=authtype\nauthtype=Bearer\ncredential={token}\nephemeral=1\n")
    );
    let (printed, _) = ask("scm/plat/api-gateway.git", new, "get").await;
    assert_eq!(printed, "");
    let (printed, said) = ask(path, "", "get").await;
    assert_eq!(printed, "");
    assert!(said.contains("it needs 2.46 or newer"), "{said}");
    let (printed, said) = ask(path, new, "store").await;
    assert_eq!((printed.as_str(), said.as_str()), ("", ""));
}

#[tokio::test]
async fn the_doctor_finds_an_expired_token_and_a_helper_that_is_gone() {
    let computer = Computer::new().await;
    let base = computer.address("");
    let directory = computer.file(".config/bbtoken/git");
    std::fs::create_dir_all(&directory).unwrap();
    let record = |more: &str| {
        let text = format!("[bbtoken]\n\taddress = \"{base}/scm/plat/x.git\"\n{more}");
        std::fs::write(directory.join("x.inc"), text).unwrap();
    };
    let doctor = ["doctor", &base];
    for (more, wanted) in [
        (
            "\tway = \"header\"\n\texpires = \"2026-01-01T00:00:00Z\"\n",
            "it uses an expired token",
        ),
        (
            "\tway = \"bearer\"\n\tstore = \"secret-tool\"\n\tprogram = \"/gone/bbtoken\"\n",
            "is gone: /gone/bbtoken",
        ),
        (
            "\tway = \"bearer\"\n[credential \"x\"]\n\thelper = \"!/older/bbtoken credential --for x --store secret-tool\"\n",
            "is gone: /older/bbtoken",
        ),
    ] {
        record(more);
        let said = text(&computer.bbtoken(&doctor, "").await);
        let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(said.contains(wanted), "{said}");
    }
}

#[tokio::test]
async fn an_update_that_replaces_what_the_path_leads_to_breaks_nothing() {
    let mut computer = Computer::new().await;
    let address = computer.address("/scm/plat/billing-api.git");
    let token = computer.token(&repository("billing-api")).await;
    if !takes_bearer() {
        return;
    }
    // As package managers have it: a link in the path, and behind it a directory for each version.
    let bin = computer.file("bin");
    std::fs::create_dir(&bin).unwrap();
    let versions = ["1", "2"].map(|version| {
        let directory = computer.file(version);
        std::fs::create_dir(&directory).unwrap();
        let program = directory.join("bbtoken");
        std::fs::copy(env!("CARGO_BIN_EXE_bbtoken"), &program).unwrap();
        program
    });
    let link = bin.join("bbtoken");
    std::os::unix::fs::symlink(&versions[0], &link).unwrap();
    computer.start_from(&link);
    computer
        .sets_up(&["--way", "bearer", &address], &token)
        .await;
    std::fs::remove_file(&link).unwrap();
    std::os::unix::fs::symlink(&versions[1], &link).unwrap();
    std::fs::remove_file(&versions[0]).unwrap();
    computer.clones(&address, "clone", true).await;
}

/// What the doctor says of this server, its lines joined.
async fn doctor(computer: &Computer) -> String {
    let base = computer.address("");
    let said = text(&computer.bbtoken(&["doctor", &base], "").await);
    said.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[tokio::test]
async fn the_doctor_asks_the_server_about_the_tokens_that_git_uses() {
    let mut ways = vec![("header", repository("billing-api"))];
    if takes_bearer() {
        ways.push(("bearer", repository("billing-api")));
    }
    ways.extend([("helper", personal()), ("by hand", personal())]);
    for (way, scope) in ways {
        let computer = Computer::new().await;
        computer.has_git_store().await;
        assert!(
            doctor(&computer)
                .await
                .contains("git here uses no token at this server")
        );
        let address = computer.address("/scm/plat/billing-api.git");
        let (token, id) = computer.token_with(&scope, Level::Write).await;
        match way {
            "by hand" => {
                let host = address.split('/').nth(2).unwrap();
                let token = token.expose();
                let kept =
                    format!("protocol=http\nhost={host}\nusername=alice\npassword={token}\n\n");
                computer.git_with(&["credential", "approve"], &kept).await;
            }
            "helper" => {
                let arguments = ["--user", "alice", "--way", way, &address];
                computer.sets_up(&arguments, &token).await;
            }
            way => {
                computer.sets_up(&["--way", way, &address], &token).await;
            }
        }
        let said = doctor(&computer).await;
        assert!(
            said.contains("the server accepts what git uses"),
            "{way}: {said}"
        );
        let alice = computer.alice().await;
        alice.revoke_token(&scope, &id).await.unwrap();
        let said = doctor(&computer).await;
        assert!(
            said.contains("it has expired or was revoked"),
            "{way}: {said}"
        );
        assert!(!said.contains(token.expose()), "{way}");
    }
}

#[tokio::test]
async fn the_doctor_sends_nobodys_password_that_git_keeps() {
    let computer = Computer::new().await;
    computer.has_git_store().await;
    let base = computer.address("");
    computer.keeps_wrong_password(&base).await;
    assert!(
        doctor(&computer)
            .await
            .contains("git here uses no token at this server")
    );
    let store = std::fs::read_to_string(computer.file(".git-credentials")).unwrap();
    assert!(store.contains("alice:wrong@"), "{store}");
}

#[tokio::test]
async fn a_refused_password_is_told_from_a_refused_token() {
    let computer = Computer::new().await;
    let address = computer.address("/scm/plat/billing-api.git");
    let host = address.split('/').nth(2).unwrap();
    let place = format!("protocol=http\nhost={host}\npath=scm/plat/billing-api.git\n");
    for (refused, wanted) in [
        (
            "username=alice\npassword=old\n",
            "refused a password, not the token for",
        ),
        ("authtype=Bearer\ncredential=x\n", "refused the token for"),
    ] {
        let arguments = [
            "credential",
            "--for",
            &address,
            "--store",
            "git:store",
            "erase",
        ];
        let input = format!("{place}{refused}\n");
        let said = text(&computer.bbtoken(&arguments, &input).await);
        assert!(said.contains(wanted), "{said}");
        assert!(!said.contains("old"), "{said}");
    }
}

#[tokio::test]
async fn before_the_token_expires_gits_user_is_told_once_a_day() {
    if !takes_bearer() {
        return;
    }
    let computer = Computer::new().await;
    computer.has_git_store().await;
    let address = computer.address("/scm/plat/billing-api.git");
    let token = computer.token(&repository("billing-api")).await;
    let arguments = ["--way", "bearer", &address];
    computer.sets_up(&arguments, &token).await;
    computer.clones(&address, "clone", true).await;
    let rotate = [
        "rotate",
        "--git",
        "--yes",
        "--user",
        "alice",
        "--password-stdin",
    ];
    for (days, is_told) in [("90", false), ("9", true)] {
        let arguments = [&rotate[..], &["--days", days]].concat();
        let output = computer.bbtoken_in("clone", &arguments, "alice\n").await;
        assert!(output.status.success(), "{}", text(&output));
        for is_first in [true, false] {
            let output = computer.git(&["-C", "clone", "fetch"]).await;
            let said = text(&output);
            assert!(output.status.success(), "{said}");
            let wanted = format!(
                "the token for {address} expires in 9 days. A new one in its place: bbtoken rotate --git"
            );
            assert_eq!(
                said.contains(&wanted),
                is_told && is_first,
                "{days}: {said}"
            );
        }
    }
    // What git reads is the answer alone.
    computer.commits("clone").await;
    computer
        .works(&["-C", "clone", "push", "--quiet", "origin", "HEAD"])
        .await;
}
