//! The company's certificate: what bbtoken trusts git gets too, and what git is told to trust is looked
//! at.

use bbtoken::secret::Secret;

use crate::authority::Authority;
use crate::computer::{Computer, repository, text};

const BILLING: &str = "/scm/plat/billing-api.git";

/// A token that alice has made; the test's own client trusts the authority.
async fn token(computer: &Computer, authority: &str) -> Secret {
    computer
        .token_trusting(authority, &repository("billing-api"))
        .await
}

#[tokio::test]
async fn git_gets_what_bbtoken_trusts_by_its_configuration_or_the_variable() {
    for by_variable in [false, true] {
        let (mut computer, authority) = Computer::of_company().await;
        let address = computer.address(BILLING);
        let token = token(&computer, &authority).await;
        let mut arguments = vec!["--way", "header"];
        let config = computer.file("config.toml");
        let config = config.to_str().unwrap();
        if by_variable {
            let variable = ("SSL_CERT_FILE".to_owned(), authority.clone());
            computer.extra.push(variable);
        } else {
            let base = computer.address("");
            let text = format!("[[server]]\naddress = {base:?}\nca_file = {authority:?}\n");
            std::fs::write(config, text).unwrap();
            arguments.extend(["--config", config]);
        }
        arguments.push(&address);
        let printed = computer.sets_up(&arguments, &token).await;
        assert!(printed.contains("as what git trusts there"), "{printed}");
        assert!(printed.contains("✓ git can push"), "{printed}");
        computer.extra.clear();
        computer.clones(&address, "clone", true).await;
        computer.undoes(&[&address]).await;
        let said = computer.fails(&["clone", &address, "after"]).await;
        assert!(said.contains("certificate"), "{said}");
    }
}

#[tokio::test]
async fn where_git_trusts_another_file_in_this_clone_it_is_named_and_nothing_is_set_up() {
    let (mut computer, authority) = Computer::of_company().await;
    let address = computer.address(BILLING);
    let token = token(&computer, &authority).await;
    computer
        .extra
        .push(("SSL_CERT_FILE".to_owned(), authority.clone()));
    let other = tempfile::tempdir().unwrap();
    let other = Authority::new().file(other.path()).display().to_string();
    for (file, wanted) in [
        (other.as_str(), "it trusts only "),
        ("/no/such/file.pem", "there is no such file"),
    ] {
        computer.works(&["init", "--quiet"]).await;
        computer.git(&["remote", "add", "origin", &address]).await;
        computer.works(&["config", "http.sslCAInfo", file]).await;
        let key = format!("http.{address}.sslCAInfo");
        computer.works(&["config", &key, file]).await;
        let arguments = ["git-setup", "--yes", "--way", "header", &address];
        let output = computer.bbtoken(&arguments, token.expose()).await;
        let said = text(&output);
        assert!(!output.status.success(), "{said}");
        assert!(said.contains(file) && said.contains(wanted), "{said}");
        assert!(said.contains("Everything has been put back."), "{said}");
    }
}

#[tokio::test]
async fn the_doctor_names_the_file_that_git_is_told_to_trust() {
    let (mut computer, authority) = Computer::of_company().await;
    let base = computer.address("");
    computer
        .extra
        .push(("SSL_CERT_FILE".to_owned(), authority.clone()));
    let doctor = ["doctor", &base];
    let said = text(&computer.bbtoken(&doctor, "").await);
    assert!(said.contains("does not trust the certificate"), "{said}");
    computer
        .works(&["config", "--global", "http.sslCAInfo", "/no/such/file.pem"])
        .await;
    let said = text(&computer.bbtoken(&doctor, "").await);
    let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        said.contains("~/.gitconfig names /no/such/file.pem, and there is no such file"),
        "{said}"
    );
    computer
        .works(&["config", "--global", "http.sslCAInfo", &authority])
        .await;
    let said = text(&computer.bbtoken(&doctor, "").await);
    assert!(!said.contains("does not trust"), "{said}");
}

#[tokio::test]
async fn the_doctor_offers_what_git_trusts_to_bbtoken() {
    let (computer, authority) = Computer::of_company().await;
    let base = computer.address("");
    let doctor = ["doctor", &base];
    let other = tempfile::tempdir().unwrap();
    let other = Authority::new().file(other.path()).display().to_string();
    for (file, wanted) in [
        (authority.as_str(), "and with that this server is trusted."),
        (&other, "but that is of another authority."),
        ("/no/such/file.pem", "and there is no such file."),
    ] {
        computer
            .works(&["config", "--global", "http.sslCAInfo", file])
            .await;
        let said = text(&computer.bbtoken(&doctor, "").await);
        let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
        let file = file.replace(computer.home().to_str().unwrap(), "~");
        assert!(said.contains(&file), "{said}");
        assert!(said.contains(wanted), "{said}");
        let is_offered = said.contains("Name that file as ca_file");
        assert_eq!(is_offered, wanted.contains("is trusted"), "{said}");
    }
}
