//! Servers that let in only who shows a client certificate (mTLS).

use std::path::{Path, PathBuf};

use axum::http::{Method, StatusCode};
use axum::response::{Html, IntoResponse as _};
use bbtoken::config::Config;
use bbtoken::simulator::{Options, Profile, TlsVersion};
use tempfile::TempDir;

use crate::authority::Authority;
use crate::front::{Front, Turn};
use crate::harness::{Harness, Setup, personal};

const HERE: &[&str] = &["127.0.0.1", "localhost"];
const VERSIONS: [TlsVersion; 2] = [TlsVersion::V1_2, TlsVersion::V1_3];
const PROFILES: [Profile; 2] = [Profile::Bitbucket9_4, Profile::Bitbucket10_5];

/// The program at its first screen, in front of a server that wants certificates of this authority.
async fn before(
    authority: &Authority,
    directory: &Path,
    version: TlsVersion,
    profile: Profile,
    shown: Option<(PathBuf, Option<PathBuf>)>,
) -> Harness {
    let (client_certificate, client_key) =
        shown.map_or((None, None), |(file, key)| (Some(file), key));
    Harness::start(Setup {
        size: (120, 40),
        options: Options {
            tls: Some(authority.demanding(HERE, version)),
            ..Options::of(profile)
        },
        config: Config {
            client_certificate,
            client_key,
            ..Config::default()
        },
        ca_file: Some(authority.file(directory)),
        ..Setup::default()
    })
    .await
}

#[tokio::test]
async fn a_certificate_that_is_wanted_is_said_and_one_that_is_shown_gets_in() {
    let (authority, directory) = (Authority::new(), TempDir::new().unwrap());
    let (file, key) = authority.client(directory.path(), "alice");
    let both = directory.path().join("both.pem");
    let text = [&file, &key].map(|it| std::fs::read_to_string(it).unwrap());
    std::fs::write(&both, text.concat()).unwrap();
    for version in VERSIONS {
        for profile in PROFILES {
            let mut program = before(&authority, directory.path(), version, profile, None).await;
            program.keys("<enter>").await;
            program.shows("The server requires a client certificate (mTLS)");
            program.shows("BBTOKEN_CLIENT_CERTIFICATE");
            assert!(program.server().requests().is_empty());
            for shown in [(file.clone(), Some(key.clone())), (both.clone(), None)] {
                let shown = Some(shown);
                let mut program =
                    before(&authority, directory.path(), version, profile, shown).await;
                program.sign_in("alice").await;
                program.keys("mn<enter><enter>").await;
                program.shows("Created:");
            }
        }
    }
}

#[tokio::test]
async fn a_certificate_that_is_not_accepted_is_said() {
    let (authority, directory) = (Authority::new(), TempDir::new().unwrap());
    let other = Authority::new().client(directory.path(), "alice");
    for version in VERSIONS {
        let shown = Some((other.0.clone(), Some(other.1.clone())));
        let profile = Profile::Bitbucket9_4;
        let mut program = before(&authority, directory.path(), version, profile, shown).await;
        program.keys("<enter>").await;
        program.shows("The server does not accept the client certificate in");
    }
}

#[tokio::test]
async fn files_that_cannot_be_used_are_named_with_the_reason() {
    let (authority, directory) = (Authority::new(), TempDir::new().unwrap());
    let at = |name: &str, text: &[u8]| {
        let path = directory.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    };
    let (file, key) = authority.client(directory.path(), "alice");
    let (_, other) = authority.client(directory.path(), "bob");
    let text = std::fs::read_to_string(&key).unwrap();
    let encrypted = text.replace("PRIVATE KEY", "ENCRYPTED PRIVATE KEY");
    let older = "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\nAAAA\n-----END RSA PRIVATE KEY-----\n";
    let missing = directory.path().join("none.pem");
    let cases = [
        (missing.clone(), key.clone(), "none.pem", "No such file"),
        (file.clone(), missing, "none.pem", "No such file"),
        (
            at("p12", b"\x30\x82\xff\xfe"),
            key.clone(),
            "p12",
            "not in PEM form",
        ),
        (
            at("text", b"hello"),
            key.clone(),
            "text",
            "BEGIN CERTIFICATE",
        ),
        (
            file.clone(),
            at("nokey", b"hello"),
            "nokey",
            "no private key",
        ),
        (
            file.clone(),
            at("secret1", encrypted.as_bytes()),
            "secret1",
            "is encrypted, and bbtoken does not ask for its passphrase",
        ),
        (
            file.clone(),
            at("secret2", older.as_bytes()),
            "secret2",
            "is encrypted, and bbtoken does not ask for its passphrase",
        ),
        (
            file.clone(),
            other,
            "bob.key",
            "is not that of the certificate",
        ),
    ];
    for (file, key, named, reason) in cases {
        let shown = Some((file, Some(key)));
        let (version, profile) = (TlsVersion::V1_3, Profile::Bitbucket9_4);
        let mut program = before(&authority, directory.path(), version, profile, shown).await;
        program.keys("<enter>").await;
        // A path has no blanks at which it is broken.
        let screen: String = program.text().split_whitespace().collect();
        let path = directory.path().join(named).display().to_string();
        let wanted = format!("Theclientcertificate{path}cannotbeused:");
        assert!(screen.contains(&wanted), "{named}: {}", program.text());
        program.shows(reason);
        program.shows("name a certificate and its private key in PEM form. Correct the path or the file, then start bbtoken again.");
    }
}

#[tokio::test]
async fn the_page_of_a_proxy_that_wants_a_certificate_is_known() {
    for words in [
        "400 Bad Request</h1>No required SSL certificate was sent",
        "400 The SSL certificate error",
    ] {
        let mut program = Harness::start(Setup {
            size: (120, 40),
            ..Setup::default()
        })
        .await;
        let front = Front::of(&program.base_url, move |_, _, _| {
            let page = Html(format!("<html><body><h1>{words}</body></html>"));
            Turn::Instead((StatusCode::BAD_REQUEST, page).into_response())
        })
        .await;
        program.keys("<c-u>").await;
        program.paste(&front.address).await;
        program.keys("<enter>").await;
        program.shows("The server requires a client certificate (mTLS)");
        assert_eq!(program.count_requests(&Method::PUT, ""), 0);
        assert!(program.new_tokens(&personal("alice")).await.is_empty());
    }
}

/// In front of a server that wants certificates, where git is told to show this one.
async fn where_git_shows(authority: &Authority, file: &Path, key: &Path) -> Harness {
    let home = TempDir::new().unwrap();
    let config = format!(
        "[http]\n\tsslCert = {}\n\tsslKey = {}\n",
        file.display(),
        key.display()
    );
    std::fs::write(home.path().join(".gitconfig"), config).unwrap();
    let ca_file = Some(authority.file(home.path()));
    let mut program = Harness::start(Setup {
        size: (160, 40),
        options: Options {
            tls: Some(authority.demanding(HERE, TlsVersion::V1_3)),
            ..Options::default()
        },
        ca_file,
        home: Some(home),
        ..Setup::default()
    })
    .await;
    program.keys("<enter>").await;
    program.shows("The server requires a client certificate (mTLS)");
    program
}

#[tokio::test]
async fn what_git_shows_is_offered_and_shown_with_enter() {
    let (authority, directory) = (Authority::new(), TempDir::new().unwrap());
    let (file, key) = authority.client(directory.path(), "alice");
    let mut program = where_git_shows(&authority, &file, &key).await;
    let files = format!(
        "git shows {} with the key {} there",
        file.display(),
        key.display()
    );
    program.shows(&files);
    program.shows("with that the server lets bbtoken in. Press enter to show it here too");
    program.keys("<enter>").await;
    program.shows("Who are you?");
    program.keys("alice<enter>alice<enter>").await;
    program.shows("Signed in as alice");
}

#[tokio::test]
async fn what_git_shows_is_named_where_it_is_missing_or_not_accepted() {
    let (authority, directory) = (Authority::new(), TempDir::new().unwrap());
    let none = Path::new("/no/such/file.pem");
    let mut program = where_git_shows(&authority, none, none).await;
    program.shows(
        "to show /no/such/file.pem with the key /no/such/file.pem there, and that is not there.",
    );
    program.hides("Press enter to show it");
    let (file, key) = Authority::new().client(directory.path(), "alice");
    let mut program = where_git_shows(&authority, &file, &key).await;
    program.shows("but with that the server does not let bbtoken in.");
    program.keys("<enter>").await;
    program.hides("Who are you?");
}
