//! Odd names, odd configurations, and several setups beside each other.

use bbtoken::bitbucket::{Scope, TokenSpec};
use bbtoken::permission::{Level, Permissions};
use bbtoken::simulator::Options;

use crate::computer::{Computer, personal, repository};
use crate::git::takes_bearer;

#[tokio::test]
async fn a_repository_of_a_person_below_a_context_path() {
    let computer = Computer::with(Options {
        context_path: "/bit-bucket_x".to_owned(),
        ..Options::default()
    })
    .await;
    let scope = Scope::Repository {
        project: "~alice".to_owned(),
        slug: "dotfiles".to_owned(),
    };
    let address = computer.address("/scm/~alice/dotfiles.git");
    let token = computer.token(&scope).await;
    let ways: &[&str] = if takes_bearer() {
        &["bearer", "header"]
    } else {
        &["header"]
    };
    for way in ways {
        computer.sets_up(&["--way", way, &address], &token).await;
        computer.clones(&address, way, true).await;
        let other = computer.address("/scm/~alice/scratch.git");
        computer.fails(&["clone", &other, "other"]).await;
        computer.undoes(&[&address]).await;
        computer.fails(&["clone", &address, "after"]).await;
    }
}

#[tokio::test]
async fn a_personal_token_and_that_of_one_repository_live_side_by_side() {
    let computer = Computer::new().await;
    let one = computer.address("/scm/plat/billing-api.git");
    let two = computer.address("/scm/data/forecasting.git");
    let theirs = computer.token(&personal()).await;
    // This one may only read: whoever pushes there has used the other.
    let (reading, _) = computer
        .token_with(&repository("billing-api"), Level::Read)
        .await;
    computer.sets_up(&["--user", "alice", &one], &theirs).await;
    computer.sets_up(&[&one], &reading).await;
    computer.clones(&one, "one", false).await;
    computer.commits("one").await;
    let said = computer
        .fails(&["-C", "one", "push", "origin", "HEAD"])
        .await;
    assert!(said.contains("not permitted to push"), "{said}");
    computer.clones(&two, "two", true).await;
    computer.undoes(&[&one]).await;
    computer
        .works(&["-C", "one", "push", "origin", "HEAD"])
        .await;
    computer.undoes(&["--user", "alice", &one]).await;
    computer.fails(&["clone", &one, "after"]).await;
    assert!(!computer.file(".gitconfig").exists());
}

#[tokio::test]
async fn a_server_without_basic_gets_a_personal_token_as_bearer() {
    let computer = Computer::new().await;
    let address = computer.address("/scm/~sam/snippets.git");
    let spec = TokenSpec {
        name: "git".to_owned(),
        permissions: Permissions::new(Some(Level::Read), Level::Write),
        expiry_days: None,
    };
    let scope = Scope::Personal {
        user: "sam".to_owned(),
    };
    let sam = computer.signed_in("sam").await;
    let created = sam.create_token(&scope, &spec).await.unwrap();
    let printed = computer
        .sets_up(&["--user", "sam", &address], &created.secret)
        .await;
    assert!(
        printed.contains("through bbtoken") || !takes_bearer(),
        "{printed}"
    );
    computer.clones(&address, "clone", true).await;
}

#[tokio::test]
async fn a_configuration_that_is_no_utf_8_keeps_its_bytes_and_its_mode() {
    use std::os::unix::fs::PermissionsExt as _;

    let computer = Computer::new().await;
    let file = computer.file(".gitconfig");
    let before = b"[user]\r\n\tname = J\xfcrgen\r\n# caf\xe9";
    std::fs::write(&file, before).unwrap();
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o640)).unwrap();
    let address = computer.address("/scm/plat/billing-api.git");
    let token = computer.token(&repository("billing-api")).await;
    computer
        .sets_up(&["--way", "header", &address], &token)
        .await;
    assert!(std::fs::read(&file).unwrap().starts_with(before));
    computer.clones(&address, "clone", true).await;
    computer.undoes(&[&address]).await;
    assert_eq!(std::fs::read(&file).unwrap(), before);
    let mode = std::fs::metadata(&file).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o640);
}

/// What bbtoken says to these arguments, and whether it succeeds.
async fn says(computer: &Computer, arguments: &[&str]) -> (String, bool) {
    let output = computer.bbtoken(arguments, "").await;
    (crate::computer::text(&output), output.status.success())
}

/// What stands after this in a line, up to the end of the command.
fn command<'a>(text: &'a str, before: &str, after: char) -> Vec<&'a str> {
    let (_, rest) = text.split_once(before).unwrap();
    let (command, _) = rest.split_once(after).unwrap();
    let mut words = command.split(' ');
    assert_eq!(words.next(), Some("bbtoken"), "{text}");
    words.collect()
}

#[tokio::test]
async fn the_commands_that_are_named_undo_a_personal_token() {
    let computer = Computer::with(Options {
        context_path: "/bitbucket".to_owned(),
        ..Options::default()
    })
    .await;
    let base = computer.address("");
    let clone = computer.address("/scm/plat/billing-api.git");
    let token = computer.token(&personal()).await;
    for way in ["header", "helper"] {
        let arguments = ["--user", "alice", "--way", way, &base];
        let printed = computer.sets_up(&arguments, &token).await;
        computer
            .clones(&clone, &format!("printed-{way}"), true)
            .await;
        let (said, is_done) = says(&computer, &command(&printed, "To undo it: ", '\n')).await;
        assert!(is_done, "{said}");
        let what = format!("This is removed: a personal token of alice for {base}, ");
        assert!(said.contains(&what), "{said}");
        computer.fails(&["clone", &clone, "after"]).await;

        computer.sets_up(&arguments, &token).await;
        let directory = computer.home().join(".config/bbtoken/git");
        let mut files = std::fs::read_dir(directory).unwrap();
        let file = files.find_map(|file| {
            let file = file.unwrap().path();
            let is_one = file.extension().is_some_and(|extension| extension == "inc");
            is_one.then_some(file)
        });
        let written = std::fs::read_to_string(file.unwrap()).unwrap();
        let (said, is_done) =
            says(&computer, &command(&written, "Written by bbtoken. `", '`')).await;
        assert!(is_done, "{said}");
        computer.fails(&["clone", &clone, "after"]).await;
    }
}

#[tokio::test]
async fn whoever_undoes_without_an_address_hears_what_there_is() {
    let computer = Computer::new().await;
    let address = computer.address("/scm/plat/billing-api.git");
    let base = computer.address("");
    let undo = ["git-setup", "--undo"];
    let (said, is_done) = says(&computer, &undo).await;
    assert!(
        !is_done && said.contains("There is nothing to undo"),
        "{said}"
    );
    let token = computer.token(&repository("billing-api")).await;
    let theirs = computer.token(&personal()).await;
    computer
        .sets_up(&["--way", "header", &address], &token)
        .await;
    let other = [&undo[..], &["https://elsewhere.example/scm/a/b.git"]].concat();
    let (said, is_done) = says(&computer, &other).await;
    assert!(
        !is_done && said.contains(&format!("It has for: {address}.")),
        "{said}"
    );

    // Of several nothing is taken away, but each is named with its command.
    computer
        .sets_up(&["--user", "alice", "--way", "header", &base], &theirs)
        .await;
    let (said, is_done) = says(&computer, &undo).await;
    assert!(!is_done, "{said}");
    for line in [
        format!("\n  bbtoken git-setup --undo {address}\n"),
        format!("\n  bbtoken git-setup --undo {base}\n"),
        format!("a personal token of alice for {base}, as a header in a file"),
    ] {
        assert!(said.contains(&line), "{line:?} is not in {said}");
    }
    computer.undoes(&[&format!("{base}/")]).await;

    // The only one is meant.
    let (said, is_done) = says(&computer, &undo).await;
    assert!(is_done, "{said}");
    assert!(
        said.contains(&format!("a token for {address}, as a header")),
        "{said}"
    );
    computer.fails(&["clone", &address, "after"]).await;
    let (said, _) = says(&computer, &undo).await;
    assert!(said.contains("There is nothing to undo"), "{said}");
}
