//! Certificates: each reason not to trust one, and the ways to trust the company's own authority.

use bbtoken::bitbucket::BaseUrl;
use bbtoken::config::{Config, Server};
use bbtoken::simulator::{Identity, Options};
use tempfile::TempDir;

use crate::authority::{self, Authority};
use crate::harness::{Harness, Setup};

const HERE: &[&str] = &["127.0.0.1", "localhost"];

/// In front of a server with this certificate, at an address that ends like this.
async fn served(identity: Identity) -> Harness {
    let options = Options {
        tls: Some(identity),
        ..Options::default()
    };
    let mut program = Harness::start(Setup {
        size: (120, 40),
        options,
        ..Setup::default()
    })
    .await;
    program.keys("<enter>").await;
    program
}

/// What the screen says of it; nothing but the handshake came to the server.
async fn refused(identity: Identity, wanted: &[&str]) {
    let mut program = served(identity).await;
    program.shows("The server's certificate is not trusted:");
    for wanted in wanted {
        program.shows(wanted);
    }
    program.hides("Who are you?");
    assert!(program.server().requests().is_empty());
}

#[tokio::test]
async fn an_unknown_authority_is_named_with_the_ways_to_trust_it() {
    let wanted = [
        "this computer does not know who issued it.",
        "It was issued by \"Nordwind Test Authority\".",
        "name its file in SSL_CERT_FILE",
        "ca_file",
    ];
    refused(Authority::new().issue(HERE), &wanted).await;
}

#[tokio::test]
async fn a_server_that_is_its_own_authority() {
    let wanted = [
        "the server issued it to itself.",
        "It calls itself \"127.0.0.1\".",
        "Get its file from the administrators of the server",
    ];
    refused(authority::self_signed(HERE), &wanted).await;
}

#[tokio::test]
async fn an_authoritys_own_certificate_is_no_servers() {
    let wanted = [
        "it is the certificate of an authority, not that of a server.",
        "Naming its file somewhere does not help.",
        "CA:FALSE",
    ];
    refused(authority::authority_as_server(HERE), &wanted).await;
}

/// In front of a server with this certificate, whose authority is trusted.
async fn trusting(authority: &Authority, identity: Identity) -> Harness {
    let directory = TempDir::new().unwrap();
    let options = Options {
        tls: Some(identity),
        ..Options::default()
    };
    let mut program = Harness::start(Setup {
        size: (120, 40),
        options,
        ca_file: Some(authority.file(directory.path())),
        ..Setup::default()
    })
    .await;
    program.keys("<enter>").await;
    program
}

#[tokio::test]
async fn the_companys_authority_is_trusted_by_its_file() {
    let authority = Authority::new();
    let mut program = trusting(&authority, authority.issue(HERE)).await;
    program.shows("Who are you?");
    program
        .shows("Bitbucket 9.4.0 · certificate trusted · password, single sign-on (Nordwind SSO)");
    program.keys("alice<enter>alice<enter>").await;
    program.shows("Platform");
}

#[tokio::test]
async fn an_expired_one_says_since_when() {
    let authority = Authority::new();
    let identity = authority.issue_for_years(HERE, 2019, 2020);
    let mut program = trusting(&authority, identity).await;
    program.shows("it has expired. It was valid until 1 January 2020.");
    program.shows("Is the clock of this computer right?");
}

#[tokio::test]
async fn one_that_is_not_valid_yet_says_from_when_on() {
    let authority = Authority::new();
    let identity = authority.issue_for_years(HERE, 2088, 2090);
    let mut program = trusting(&authority, identity).await;
    program.shows("it is not valid yet. It is valid from 1 January 2088 on.");
}

#[tokio::test]
async fn one_for_another_server_names_the_servers_that_it_is_for() {
    let authority = Authority::new();
    let identity = authority.issue(&["git.nordwind.example", "git", "10.1.2.3"]);
    let mut program = trusting(&authority, identity).await;
    program
        .shows("it was issued for another server. It is for git.nordwind.example, git, 10.1.2.3.");
    program.shows("use that in the address");
}

#[tokio::test]
async fn a_file_that_holds_no_authority_is_said_before_anything_is_sent() {
    let directory = TempDir::new().unwrap();
    let path = directory.path().join("authority.pem");
    for (content, wanted) in [
        (None, "cannot be used: No such file"),
        (
            Some("hello"),
            "there is no \"-----BEGIN CERTIFICATE-----\" in it",
        ),
        (
            Some("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"),
            "cannot be used:",
        ),
    ] {
        if let Some(content) = content {
            std::fs::write(&path, content).unwrap();
        }
        let base = "https://127.0.0.1:1";
        let mut server = Server::at(BaseUrl::parse(base).unwrap());
        server.ca_file = Some(path.clone());
        let mut program = Harness::start(Setup {
            size: (160, 40),
            address: Some(base.to_owned()),
            config: Config {
                servers: vec![server],
                ..Config::default()
            },
            ..Setup::default()
        })
        .await;
        program.keys("<enter>").await;
        program.shows("which the configuration names as ca_file");
        program.shows(wanted);
        program.shows("in PEM form");
    }
}

/// In front of a server of this authority, where git is told to trust this file.
async fn where_git_trusts(authority: &Authority, file: &str) -> Harness {
    let home = TempDir::new().unwrap();
    let config = format!("[http]\n\tsslCAInfo = {file}\n");
    std::fs::write(home.path().join(".gitconfig"), config).unwrap();
    let options = Options {
        tls: Some(authority.issue(HERE)),
        ..Options::default()
    };
    let mut program = Harness::start(Setup {
        size: (120, 40),
        options,
        home: Some(home),
        ..Setup::default()
    })
    .await;
    program.keys("<enter>").await;
    program.shows("this computer does not know who issued it.");
    program
}

#[tokio::test]
async fn what_git_trusts_is_offered_and_trusted_with_enter() {
    let authority = Authority::new();
    let directory = TempDir::new().unwrap();
    let file = authority.file(directory.path()).display().to_string();
    let mut program = where_git_trusts(&authority, &file).await;
    program.shows(&format!("git trusts {file} there, as"));
    program.shows(".gitconfig says, and with that this server is trusted. Press enter to trust it");
    program.keys("<enter>").await;
    program.shows("Who are you?");
    program.keys("alice<enter>alice<enter>").await;
    program.shows("Signed in as alice");
}

#[tokio::test]
async fn what_git_trusts_is_named_where_it_is_missing_or_of_another_authority() {
    let authority = Authority::new();
    let mut program = where_git_trusts(&authority, "/no/such/file.pem").await;
    program.shows("to trust /no/such/file.pem there, and there is no such file.");
    program.hides("Press enter to trust it");
    let directory = TempDir::new().unwrap();
    let file = Authority::new()
        .file(directory.path())
        .display()
        .to_string();
    let mut program = where_git_trusts(&authority, &file).await;
    program.shows("but that is of another authority.");
    program.keys("<enter>").await;
    program.hides("Who are you?");
    // Another address is another question.
    program.keys("x").await;
    program.hides("of another authority");
}
