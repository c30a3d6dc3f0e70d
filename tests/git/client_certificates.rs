//! A server that lets in only who shows a certificate (mTLS): git gets what bbtoken shows there, by its
//! configuration or its variables, and undo takes it away.

use bbtoken::address::ClientCertificate;
use bbtoken::simulator::{Options, Profile, TlsVersion};

use crate::authority::Authority;
use crate::computer::{Computer, repository, text};

const BILLING: &str = "/scm/plat/billing-api.git";

#[tokio::test]
async fn git_shows_what_bbtoken_shows_and_undo_takes_that_away() {
    for (version, profile, by_variable) in [
        (TlsVersion::V1_2, Profile::Bitbucket9_4, true),
        (TlsVersion::V1_3, Profile::Bitbucket10_5, false),
    ] {
        let authority = Authority::new();
        let mut computer = Computer::with(Options {
            tls: Some(authority.demanding(&["localhost", "127.0.0.1"], version)),
            ..Options::of(profile)
        })
        .await;
        let home = computer.home();
        let ca = authority.file(&home).display().to_string();
        let (file, key) = authority.client(&home, "alice");
        let address = computer.address(BILLING);
        let own = ClientCertificate::new(file.clone(), Some(key.clone()));
        let token = computer
            .token_showing(Some(own), &ca, &repository("billing-api"))
            .await;
        computer
            .extra
            .push(("SSL_CERT_FILE".to_owned(), ca.clone()));
        // Without one: said, and nothing is set up.
        let arguments = ["git-setup", "--yes", "--way", "header", &address];
        let output = computer.bbtoken(&arguments, token.expose()).await;
        let said = text(&output);
        assert!(!output.status.success(), "{said}");
        assert!(said.contains("client certificate"), "{said}");
        let doctor = ["doctor", &computer.address("")];
        let said = text(&computer.bbtoken(&doctor, "").await);
        assert!(said.contains("client certificate (mTLS)"), "{said}");
        let mut arguments = vec!["--way", "header"];
        if by_variable {
            for (name, path) in [
                ("BBTOKEN_CLIENT_CERTIFICATE", &file),
                ("BBTOKEN_CLIENT_KEY", &key),
            ] {
                let variable = (name.to_owned(), path.display().to_string());
                computer.extra.push(variable);
            }
        } else {
            let base = computer.address("");
            let text = format!(
                "[[server]]\naddress = {base:?}\nclient_certificate = \"alice.pem\"\nclient_key = \"alice.key\"\n"
            );
            std::fs::write(home.join("config.toml"), text).unwrap();
            let config = home.join("config.toml");
            let variable = ("BBTOKEN_CONFIG".to_owned(), config.display().to_string());
            computer.extra.push(variable);
        }
        let said = text(&computer.bbtoken(&doctor, "").await);
        assert!(
            said.contains("your client certificate: alice, issued by"),
            "{said}"
        );
        arguments.push(&address);
        let printed = computer.sets_up(&arguments, &token).await;
        assert!(
            printed.contains("as what git shows there of itself"),
            "{printed}"
        );
        assert!(printed.contains("✓ git can push"), "{printed}");
        computer.extra.clear();
        computer.clones(&address, "clone", true).await;
        computer.undoes(&[&address]).await;
        computer
            .extra
            .push(("GIT_SSL_CAINFO".to_owned(), ca.clone()));
        computer.fails(&["clone", &address, "after"]).await;
    }
}

#[tokio::test]
async fn what_git_shows_by_itself_stays_and_the_doctor_names_it() {
    let authority = Authority::new();
    let mut computer = Computer::with(Options {
        tls: Some(authority.demanding(&["localhost", "127.0.0.1"], TlsVersion::V1_3)),
        ..Options::default()
    })
    .await;
    let home = computer.home();
    let ca = authority.file(&home).display().to_string();
    let (file, _) = authority.client(&home, "alice");
    computer.extra.push(("SSL_CERT_FILE".to_owned(), ca));
    let doctor = ["doctor", &computer.address("")];
    let file = file.display().to_string();
    computer
        .works(&["config", "--global", "http.sslCert", &file])
        .await;
    let said = text(&computer.bbtoken(&doctor, "").await);
    let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        said.contains("git shows ~/alice.pem there (~/.gitconfig): name it as client_certificate"),
        "{said}"
    );
}
