//! Over http everybody on the way can read a token: it goes there only where somebody has said so, for each
//! server by itself. `--yes` does not say so.

use std::net::SocketAddr;

use bbtoken::secret::Secret;
use bbtoken::simulator::{Options, Simulator};

use crate::authority::Authority;
use crate::computer::{Computer, repository, text};
use crate::proxy::{Manners, Proxy};

const BILLING: &str = "/scm/plat/billing-api.git";
const ONE: &str = "http://one.test/scm/plat/billing-api.git";
const TWO: &str = "http://two.test/scm/plat/billing-api.git";

/// A computer behind a proxy, which alone knows where `one.test` and `two.test` are.
struct Behind {
    computer: Computer,
    /// What is at `two.test`.
    two: Simulator,
    proxy: Proxy,
}

fn place(base: &str) -> SocketAddr {
    base.split("://").nth(1).unwrap().parse().unwrap()
}

impl Behind {
    async fn with(options: Options) -> Self {
        let mut computer = Computer::with(options).await;
        let two = Simulator::start(Options::default()).await.unwrap();
        let servers = [
            ("one.test", place(&computer.simulator.base_url())),
            ("two.test", place(&two.base_url())),
        ];
        let proxy = Proxy::among(&servers, Manners::Open).await;
        computer.extra.push(("http_proxy".to_owned(), proxy.url()));
        let here = ("no_proxy".to_owned(), "127.0.0.1".to_owned());
        computer.extra.push(here);
        Self {
            computer,
            two,
            proxy,
        }
    }

    async fn new() -> Self {
        Self::with(Options::default()).await
    }

    /// What is said, and whether it was done.
    async fn says(&self, arguments: &[&str], token: &Secret) -> (String, bool) {
        let arguments = [&["git-setup", "--yes", "--way", "header"], arguments].concat();
        let output = self.computer.bbtoken(&arguments, token.expose()).await;
        let said = text(&output);
        assert!(!said.contains(token.expose()), "{said}");
        (said, output.status.success())
    }

    /// Neither server has seen the token.
    fn nobody_saw(&self, token: &Secret) {
        for server in [&self.computer.simulator, &self.two] {
            let seen = server.requests_with(token.expose());
            assert!(seen.is_empty(), "{seen:?}");
        }
    }
}

#[tokio::test]
async fn yes_does_not_agree_to_http_and_plain_http_does() {
    let behind = Behind::new().await;
    let token = behind.computer.token(&repository("billing-api")).await;
    let (said, done) = behind.says(&[ONE], &token).await;
    assert!(!done, "{said}");
    assert!(
        said.contains("http://one.test is not encrypted: anyone on the network can read the token"),
        "{said}"
    );
    assert!(
        said.contains("Nothing was sent. Use https, or add --plain-http if you have to."),
        "{said}"
    );
    behind.nobody_saw(&token);
    assert!(
        behind.proxy.asked().is_empty(),
        "{:?}",
        behind.proxy.asked()
    );
    let (said, done) = behind.says(&["--plain-http", ONE], &token).await;
    assert!(done && said.contains("✓ git can push"), "{said}");
    behind.computer.clones(ONE, "clone", true).await;
    assert!(behind.two.requests().is_empty());
}

#[tokio::test]
async fn another_name_on_http_is_agreed_to_like_the_first() {
    let behind = Behind::new().await;
    let address = behind.computer.address(BILLING);
    let token = behind.computer.token(&repository("billing-api")).await;
    let (said, done) = behind.says(&["--also", TWO, &address], &token).await;
    assert!(!done, "{said}");
    assert!(said.contains("http://two.test is not encrypted"), "{said}");
    assert!(said.contains("Nothing was sent."), "{said}");
    behind.nobody_saw(&token);
    assert!(!behind.computer.file(".gitconfig").exists());
    let (said, done) = behind
        .says(&["--plain-http", "--also", TWO, &address], &token)
        .await;
    assert!(done, "{said}");
    let output = behind
        .computer
        .git(&["config", "--get-urlmatch", "http.extraHeader", TWO]);
    assert!(text(&output.await).contains(token.expose()));
}

#[tokio::test]
async fn an_agreement_to_one_server_is_none_to_another_that_the_clone_names() {
    let behind = Behind::new().await;
    let token = behind.computer.token(&repository("billing-api")).await;
    behind.computer.works(&["init", "--quiet"]).await;
    behind
        .computer
        .works(&["remote", "add", "origin", TWO])
        .await;
    let (said, done) = behind.says(&["--plain-http", ONE], &token).await;
    assert!(done, "{said}");
    assert!(
        said.contains(&format!(
            "! This clone calls its server by another name: {TWO}. The token is not sent there. If it is the \
             same Bitbucket, add --also {TWO}."
        )),
        "{said}"
    );
    let seen = behind.two.requests_with(token.expose());
    assert!(seen.is_empty(), "{seen:?}");
    let sends = behind
        .computer
        .git(&["config", "--get-urlmatch", "http.extraHeader", TWO]);
    assert_eq!(text(&sends.await), "");
}

#[tokio::test]
async fn a_clone_link_that_falls_from_https_to_http_gets_no_token() {
    let authority = Authority::new();
    let mut behind = Behind::with(Options {
        tls: Some(authority.issue(&["localhost", "127.0.0.1"])),
        base_url: Some("http://two.test".to_owned()),
        ..Options::default()
    })
    .await;
    let file = authority
        .file(&behind.computer.home())
        .display()
        .to_string();
    let token = behind
        .computer
        .token_trusting(&file, &repository("billing-api"))
        .await;
    behind
        .computer
        .extra
        .push(("SSL_CERT_FILE".to_owned(), file));
    behind.computer.works(&["init", "--quiet"]).await;
    behind
        .computer
        .works(&["remote", "add", "origin", TWO])
        .await;
    let address = behind.computer.address(BILLING);
    let (said, done) = behind.says(&[&address], &token).await;
    assert!(done, "{said}");
    assert!(said.contains("The token is not sent there."), "{said}");
    let (said, done) = behind.says(&["--also", TWO, &address], &token).await;
    assert!(
        !done && said.contains("http://two.test is not encrypted"),
        "{said}"
    );
    let seen = behind.two.requests_with(token.expose());
    assert!(seen.is_empty(), "{seen:?}");
}

#[tokio::test]
async fn looks_and_proofs_send_nothing_to_a_server_that_nobody_agreed_to() {
    let behind = Behind::new().await;
    let computer = &behind.computer;
    let address = computer.address(BILLING);
    let token = computer.token(&repository("billing-api")).await;
    // For whatever server git has it.
    let header = format!("Authorization: Bearer {}", token.expose());
    let set = ["config", "--global", "http.extraHeader", &header];
    computer.works(&set).await;
    computer.works(&["init", "--quiet"]).await;
    computer.works(&["remote", "add", "origin", TWO]).await;
    let other = computer.token(&repository("billing-api")).await;
    for arguments in [
        &["why"][..],
        &["why", "--send-password"],
        &["why", TWO],
        &["doctor"],
        &["doctor", TWO],
        &["git-setup", "--yes"],
        &["git-setup", "--yes", TWO],
        &["git-setup", "--yes", "--plain-http", ONE],
        &["git-setup", "--yes", &address],
    ] {
        let output = computer.bbtoken(arguments, other.expose()).await;
        for secret in [&token, &other] {
            let seen = behind.two.requests_with(secret.expose());
            assert!(
                seen.is_empty(),
                "{arguments:?}: {seen:?}\n{}",
                text(&output)
            );
        }
    }
    // They have looked.
    let asked = behind.proxy.asked();
    assert!(asked.iter().any(|it| it.contains("two.test")), "{asked:?}");
}
