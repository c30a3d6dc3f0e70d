//! Whoever may make no token in a place gets on: with a request to somebody who may, or with a personal
//! token whose reach is said.

use bbtoken::config::Config;
use bbtoken::simulator::{FaultEffect, Options, Profile};
use reqwest::Method;

use crate::harness::{Harness, Setup, personal, project, repository};

async fn start(setup: Setup) -> Harness {
    let mut program = Harness::start(setup).await;
    program.sign_in("bob").await;
    program
}

async fn bob(size: (u16, u16)) -> Harness {
    let size = Setup {
        size,
        ..Setup::default()
    };
    start(size).await
}

/// A repository that bob may only read.
const DAGS: &str = "/research<enter>/airflow<enter>";

#[tokio::test]
async fn bob_gets_on_where_he_may_only_read_without_a_wrong_turn() {
    let mut program = bob((80, 24)).await;
    program.keys("/research<enter>").await;
    program.is_on("airflow-dags");
    program.keys("n").await;
    program.shows("You cannot create tokens here");
    program.shows("! Bitbucket lets only administrators of airflow-dags or of Research Data (DATA) create tokens here.");
    program.is_on("★ A personal token");
    program.shows(
        "A personal token acts as you: it reaches every repository that you reach, in all \
                   projects, and stops working when your account is closed.",
    );
    program.shows("! You may only read airflow-dags, so the token can clone and pull there, and not push. Ask for write permission.");
    program.keys("<enter>").await;
    program.shows("Manage account › HTTP access tokens › New token");
    program.is_on("Create token ]");
    program.keys("<enter>").await;
    program.shows("Token ready");
    // The trial is about the place that he comes from, and says so.
    program.shows("✓ can clone");
    program.shows("✗ cannot push");
    program.shows("tried on DATA/airflow-dags");
    program.shows("✗ airflow-dags: you may only read it. Ask for write permission.");
    program.keys("y").await;
    let address = format!("{}/scm/data/airflow-dags.git", program.base_url);
    assert_eq!(program.clipboard().unwrap(), format!("git clone {address}"));
    let token = program.new_token(&personal("bob")).await;
    let rights = token.permissions.unwrap().to_api();
    assert_eq!(rights, ["PROJECT_READ", "REPO_WRITE"]);
}

#[tokio::test]
async fn where_he_may_push_the_trial_is_about_that_repository_too() {
    for profile in Profile::ALL {
        let mut program = start(Setup {
            options: Options::of(profile),
            ..Setup::default()
        })
        .await;
        program.keys("/warehouse<enter>/stock-ui<enter>").await;
        // The list is refused, so enter leads on as n does.
        program.keys("<enter>").await;
        program.shows("✓ You may clone, pull and push to stock-ui, and so may the token.");
        program.keys("<enter><enter>").await;
        program.shows("tried on WARE/stock-ui");
        program.shows("✓ can push");
    }
}

#[tokio::test]
async fn a_read_only_build_server_gets_a_request_that_somebody_can_fulfil() {
    let mut program = bob((80, 24)).await;
    program.keys("/research<enter>n").await;
    program.keys("<up><up><up><right>").await;
    program.shows("‹ a tool ›");
    program.keys("<enter>").await;
    program.shows("→ Type the name of the tool, then press enter.");
    program.keys("Jenkins o'clock<enter>").await;
    // A tool gets as little as possible, and enter leads through all fields.
    program.shows("‹ git, read only ›");
    program.shows("→ Change it with the left and right arrows, then press enter.");
    program.shows("←→ change");
    program.keys("<enter>").await;
    program.is_on("★ Ask an administrator");
    program.shows("Administrators: Alice Ahlgren (alice), Ruth Root (root)");
    program.hides("Inês");
    program.hides("←→ change");
    program.shows("→ Press enter to copy the request. Then send it to somebody who can.");
    program.keys("<enter>").await;
    program.shows("→ Send the request from your clipboard, then press esc.");
    program.shows("The request is on your clipboard. Send it to Alice Ahlgren or Ruth Root.");
    let request = program.clipboard().unwrap();
    let base = &program.base_url;
    for line in [
        "Hello, please create this repository token in Bitbucket. I am not allowed to create it myself.",
        "Place:   Research Data (DATA) / airflow-dags",
        &format!(
            "Page:    {base}/plugins/servlet/access-tokens/projects/DATA/repos/airflow-dags/manage"
        ),
        "Rights:  Repository read (\"git, read only\")",
        "Expires: after 90 days",
        "For:     Jenkins o'clock (clone, pull)",
        "Bob Okonkwo",
    ] {
        assert!(request.lines().any(|it| it == line), "{line}\n{request}");
    }
    let command = request.lines().find(|it| it.starts_with("bbtoken new "));
    let command = command.unwrap();
    let wanted = format!(
        "bbtoken new {base}/projects/DATA/repos/airflow-dags --preset git-read --tool 'Jenkins o'\\''clock' --days 90 --name '"
    );
    assert!(command.starts_with(&wanted), "{command}");
    assert_eq!(program.count_requests(&Method::PUT, ""), 0);
    // With a personal token in a tool he is warned.
    program.keys("<down>").await;
    program.shows("! Avoid giving it to a tool");
    // What was copied is not lost, so nothing is asked on the way back.
    program.keys("<esc>").await;
    program.hides("Throw away");
    program.hides("Which tool?");
    program.shows("airflow-dags");
}

#[tokio::test]
async fn the_questions_about_the_kind_lead_to_the_same_choice() {
    let mut program = bob((120, 40)).await;
    program.keys("/platform<enter>jw").await;
    program.keys("j<enter><enter><enter>").await;
    program.shows("A repository token for");
    program.hides("does the same");
    program.keys("<enter>").await;
    program.is_on("★ Ask an administrator");
    program.shows("‹ a tool ›");
    program.shows("‹ git, read only ›");
}

#[tokio::test]
async fn a_project_is_asked_for_at_its_administrators() {
    let mut program = bob((120, 40)).await;
    program.keys("/platform<enter><home>n").await;
    program.shows("! Bitbucket lets only administrators of Platform (PLAT) create project tokens.");
    program.keys("<up>").await;
    program.shows("Administrators: Alice Ahlgren (alice), Ruth Root (root)");
    program.shows("Hello, please create this project token in Bitbucket.");
    program.shows("Project read and Repository write");
    assert!(program.new_tokens(&project("PLAT")).await.is_empty());
}

#[tokio::test]
async fn those_whom_the_organisation_names_come_first() {
    let mut program = start(Setup {
        size: (120, 40),
        config: Config {
            help: Some("Ruth Root, extension 4711".to_owned()),
            ..Config::default()
        },
        ..Setup::default()
    })
    .await;
    program.keys("/research<enter>n<up>").await;
    program.shows("Whom to ask: Ruth Root, extension 4711");
    program.shows("Administrators: Ruth Root (root), Alice Ahlgren (alice)");
}

#[tokio::test]
async fn where_bitbucket_names_nobody_that_is_said() {
    for (effect, wanted) in [
        (
            FaultEffect::Status(401, "You are not permitted to access this resource".into()),
            "Bitbucket does not tell you who administers it. Ask an administrator of Research Data (DATA).",
        ),
        (
            FaultEffect::Status(500, "out of order".into()),
            "Who administers it is not known:",
        ),
    ] {
        let mut program = bob((120, 40)).await;
        program.fault(None, "/api/latest/users?", 1, effect);
        program.keys("/research<enter>n<up>").await;
        program.shows(wanted);
        program.keys("<enter>").await;
        program.shows(
            "The request is on your clipboard. Send it to somebody who may create the token.",
        );
    }
}

#[tokio::test]
async fn share_mode_masks_whom_to_ask() {
    let mut program = start(Setup {
        size: (120, 40),
        share: true,
        ..Setup::default()
    })
    .await;
    program.keys("/research<enter>n<up><enter>").await;
    program.shows("Administrators:");
    let screen = program.text().to_lowercase();
    for name in ["alice", "ahlgren", "ruth", "root", "bob", "okonkwo"] {
        assert!(!screen.contains(name), "{name}:\n{screen}");
    }
}

#[tokio::test]
async fn administration_is_offered_only_to_who_administers() {
    let mut program = bob((120, 40)).await;
    program.keys("mn").await;
    program.hides("administration");
    program.keys("<esc><esc>").await;
    program.keys(DAGS).await;
    program
        .keys("<enter><up><up><right><right><right><right>")
        .await;
    program.hides("administration");
    let mut program = Harness::new().await;
    program.sign_in("alice").await;
    program.keys("<enter>n").await;
    program.shows("administration");
}

#[tokio::test]
async fn a_refused_page_says_what_can_be_done_and_keeps_the_rest_one_key_away() {
    let mut program = bob((120, 40)).await;
    program.keys(DAGS).await;
    program.hides("✗");
    program.shows("✓ read: you may clone and pull, not push.");
    program.shows("– Bitbucket lets only administrators of airflow-dags or of Research Data (DATA) create tokens here.");
    program.shows(
        "→ Press enter to see what you can do: ask somebody who can, or create a personal token.",
    );
    program.hides("AuthorisationException");
    program.shows("F12 shows the request and the answer.");
    program.keys("<f12>").await;
    program.shows("401");
    program.keys("<f12>").await;
    program.fault(
        None,
        "/projects/PLAT/repos?",
        1,
        FaultEffect::Status(401, "You are not permitted to access this resource".into()),
    );
    program.keys("<esc><esc><esc>/<c-u>platform<enter>").await;
    program.shows("You are signed in, but you may not see the repositories.");
    program.shows("Ask an administrator for read permission.");
}

#[tokio::test]
async fn who_loses_the_right_at_the_last_moment_is_told_at_the_form_and_then_has_the_choice() {
    let refused =
        || FaultEffect::Status(401, "You are not permitted to access this resource".into());
    let mut program = Harness::new().await;
    program.sign_in("alice").await;
    program.keys("<enter>n<enter>").await;
    program.fault(Some(Method::PUT), "", 1, refused());
    program.keys("<enter>").await;
    program.shows("The token was not created.");
    program.shows("[ Create token ]");
    program.keys("<esc>n").await;
    program.shows("You cannot create tokens here");
    // Whoever administers the repository is told of those of its project.
    program.keys("<up>").await;
    program.shows("Administrators: Ruth Root (root)");
    assert!(
        program
            .new_tokens(&repository("PLAT", "api-gateway"))
            .await
            .is_empty()
    );
}

#[tokio::test]
async fn everything_can_be_read_in_the_smallest_window() {
    let mut program = bob((40, 10)).await;
    program.keys("/research<enter>n").await;
    program.is_on("★ A personal token");
    // What explains a row is there whole or not at all.
    program.shows("Used by   ‹ git on this computer ›");
    program.hides("you c…");
    program.keys("<up>").await;
    program.shows("›   Ask an administrator");
    let mut seen = program.text();
    for _ in 0..12 {
        program.keys("<pagedown>").await;
        seen.push_str(&program.text());
    }
    for words in ["Administrators:", "bbtoken new", "Bob Okonkwo"] {
        assert!(seen.contains(words), "{words}:\n{seen}");
    }
}

#[tokio::test]
async fn a_tool_without_a_name_is_asked_for_it_before_anything_is_copied() {
    let mut program = bob((80, 24)).await;
    program
        .keys("/research<enter>n<up><up><up><right><down><down><down>")
        .await;
    program.is_on("★ Ask an administrator");
    program.shows("→ Press enter to type the name of the tool first.");
    program.shows("<name of the tool>");
    program.hides("NAME OF");
    program.keys("<enter>").await;
    program.is_on("");
    program.shows("! Which tool? Type its name: the token is named after it.");
    assert_eq!(program.clipboard(), None);
}

#[tokio::test]
async fn other_levels_than_those_of_a_preset_can_be_asked_for() {
    let mut program = bob((80, 24)).await;
    program
        .keys("/research<enter>n<up><up><right><right><right>")
        .await;
    program.shows("‹ custom ›");
    program.keys("<down>").await;
    program.keys("<right>").await;
    program.shows("‹ admin ›");
    program.keys("<down><enter>").await;
    let request = program.clipboard().unwrap();
    assert!(
        request.contains("\nRights:  Repository admin\n"),
        "{request}"
    );
    assert!(
        request.contains("Choose custom there, and these rights:\nbbtoken new "),
        "{request}"
    );
    assert!(!request.contains("--preset"), "{request}");
}

/// Somebody who works with git there needs the permission, more than a token.
#[tokio::test]
async fn whoever_may_only_read_can_ask_for_write_permission() {
    let mut program = bob((80, 24)).await;
    program.keys("/research<enter>n<down>").await;
    program.is_on("Ask for write permission");
    program.keys("<enter>").await;
    let request = program.clipboard().unwrap();
    let base = &program.base_url;
    for line in [
        "Hello, please give me write permission for this repository in Bitbucket. So far I may only read it.",
        "Repository:  Research Data (DATA) / airflow-dags",
        &format!("Page:        {base}/projects/DATA/repos/airflow-dags"),
        "User name:   bob",
        "Permission:  write",
    ] {
        assert!(request.lines().any(|it| it == line), "{line}\n{request}");
    }
    // For what he may do already there is nothing to ask for.
    program.keys("<up><up><up><right>").await;
    program.shows("‹ git, read only ›");
    program.hides("Ask for write permission");
}

#[tokio::test]
async fn no_address_is_broken_in_the_request() {
    let mut program = bob((80, 40)).await;
    program.keys("/research<enter>n<up>").await;
    program.is_on("Ask an administrator");
    let base = program.base_url.clone();
    program.shows(&format!(
        "bbtoken new {base}/projects/DATA/repos/airflow-dags"
    ));
    let lines = program.text();
    let page = lines
        .lines()
        .find(|line| line.contains("servlet") || line.contains('…'));
    assert!(
        page.is_some_and(|line| line.trim_end().ends_with("manage")),
        "{lines}"
    );
}

#[tokio::test]
async fn presets_with_the_same_rights_say_so() {
    let mut program = bob((80, 24)).await;
    program
        .keys("/research<enter>n<up><up><right><right>")
        .await;
    program.shows("‹ git and pull requests ›  same as \"git, read and write\"");
}
