//! Proxies: the way through one, and each way in which one fails.

use std::net::{SocketAddr, TcpListener};

use bbtoken::bitbucket::BaseUrl;
use bbtoken::config::{Config, Server};
use bbtoken::simulator::{Options, Simulator};
use tempfile::TempDir;

use crate::authority::Authority;
use crate::harness::{Harness, Setup};
use crate::proxy::{Manners, Proxy};

/// A name that only the proxy can find.
const NAME: &str = "bitbucket.test";

fn address_of(simulator: &Simulator) -> SocketAddr {
    let base = simulator.base_url();
    let (_, address) = base.split_once("://").unwrap();
    address.parse().unwrap()
}

/// Connects to `address` with this proxy in the variables.
async fn through(proxy: &str, address: &str, config: Config) -> Harness {
    let mut program = Harness::start(Setup {
        size: (140, 40),
        address: Some(address.to_owned()),
        config,
        ..Setup::default()
    })
    .await;
    program.set_variable(
        if address.starts_with("https") {
            "HTTPS_PROXY"
        } else {
            "HTTP_PROXY"
        },
        proxy,
    );
    program.keys("<enter>").await;
    program
}

/// The same with the harness's own simulator behind the proxy.
async fn behind(manners: Manners, address: &str) -> (Harness, Proxy) {
    behind_as(manners, address, "").await
}

/// The same with this user and password in front of the proxy's name.
async fn behind_as(manners: Manners, address: &str, user: &str) -> (Harness, Proxy) {
    let server = Simulator::start(Options::default()).await.unwrap();
    let proxy = Proxy::to(address_of(&server), manners).await;
    let url = format!("http://{user}{}", proxy.address);
    let program = through(&url, address, Config::default()).await;
    (program, proxy)
}

#[tokio::test]
async fn https_goes_through_a_tunnel_and_http_with_its_whole_address() {
    let authority = Authority::new();
    let directory = TempDir::new().unwrap();
    let ca_file = authority.file(directory.path());
    for is_encrypted in [true, false] {
        let server = Simulator::start(Options {
            tls: is_encrypted.then(|| authority.issue(&[NAME])),
            ..Options::default()
        });
        let server = server.await.unwrap();
        let proxy = Proxy::to(address_of(&server), Manners::Password("YWxpY2U6cHc=")).await;
        let url = format!("http://alice:pw@{}", proxy.address);
        let scheme = if is_encrypted { "https" } else { "http" };
        let base = format!("{scheme}://{NAME}");
        let mut saved = Server::at(BaseUrl::parse(&base).unwrap());
        saved.ca_file = Some(ca_file.clone());
        let config = Config {
            servers: vec![saved],
            ..Config::default()
        };
        let mut program = through(&url, &base, config).await;
        if !is_encrypted {
            program.shows("This connection is not encrypted");
            program.keys("yes<enter>").await;
        }
        program.shows("Who are you?");
        program.shows(&format!("through {}", proxy.url()));
        program.hides("alice:pw");
        let asked = proxy.asked();
        let wanted = if is_encrypted {
            format!("CONNECT {NAME}:443 ")
        } else {
            format!("GET http://{NAME}/rest/")
        };
        assert!(
            asked.iter().all(|line| line.starts_with(&wanted)),
            "{asked:?}"
        );
        assert!(server.requests().len() >= 3);
    }
}

#[tokio::test]
async fn a_proxy_that_wants_a_password_says_where_to_put_it() {
    for base in ["https://bitbucket.test", "http://bitbucket.test"] {
        let (mut program, proxy) = behind(Manners::Password("x"), base).await;
        program.shows(&format!(
            "through the proxy {}, which wants a user name and a password.",
            proxy.url()
        ));
        program.shows("HTTPS_PROXY=http://user:password@proxy.example.com:3128");
        program.shows("NO_PROXY");
    }
}

#[tokio::test]
async fn a_proxy_that_opens_no_way() {
    for status in [403, 502] {
        let (mut program, _) = behind(Manners::Closed(status), "https://bitbucket.test").await;
        program.shows("which refuses to connect to the server.");
        program.shows("It may not know this server, or not be allowed to reach it");
    }
    // Over http nobody can tell whose answer that is.
    let (mut program, proxy) = behind(Manners::Closed(502), "http://bitbucket.test").await;
    program.shows(&format!(
        "The way to it goes through the proxy {}.",
        proxy.url()
    ));
}

#[tokio::test]
async fn a_proxy_that_is_not_there() {
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", nobody.local_addr().unwrap());
    drop(nobody);
    for base in ["https://bitbucket.test", "http://bitbucket.test"] {
        let mut program = through(&url, base, Config::default()).await;
        program.shows(&format!(
            "through the proxy {url}, which cannot be reached."
        ));
        program.shows("Check HTTPS_PROXY and HTTP_PROXY");
        let mut program = through("http://proxy.invalid:3128", base, Config::default()).await;
        program.shows("through the proxy http://proxy.invalid:3128, which cannot be found.");
    }
    let mut program = through(
        "socks5://127.0.0.1:1080",
        "https://bitbucket.test",
        Config::default(),
    )
    .await;
    program.shows("which is of a kind that bbtoken cannot use.");
}

#[tokio::test]
async fn this_computer_is_never_reached_through_a_proxy() {
    let mut program = Harness::new().await;
    program.set_variable("HTTP_PROXY", "http://proxy.invalid:3128");
    program.keys("<enter>").await;
    program.shows("Who are you?");
}

#[tokio::test]
async fn a_difficult_password_works_encoded_and_is_shown_in_no_part_as_it_is() {
    let encoded = "http://alice:%2F%3F%23%40%25@";
    let sent = "YWxpY2U6Lz8jQCU=";
    for base in ["https://bitbucket.test", "http://bitbucket.test"] {
        let server = Simulator::start(Options::default()).await.unwrap();
        let proxy = Proxy::to(address_of(&server), Manners::Password(sent)).await;
        let url = format!("{encoded}{}", proxy.address);
        let mut program = through(&url, base, Config::default()).await;
        program.hides("wants a user name");
        assert!(!proxy.asked().is_empty());

        let proxy = Proxy::to(address_of(&server), Manners::Open).await;
        for difficult in ["geh/eim", "geh?eim", "geh#eim", "geh@eim", "geh%eim"] {
            let url = format!("http://alice:{difficult}@{}", proxy.address);
            let mut program = through(&url, base, Config::default()).await;
            let variable = if base.starts_with("https") {
                "HTTPS_PROXY"
            } else {
                "HTTP_PROXY"
            };
            program.shows(&format!("{variable} names the proxy in a way"));
            program.shows("/ as %2F, ? as %3F, # as %23, @ as %40, % as %25");
            for key in ["", "<f12>", "<f2>"] {
                program.keys(key).await;
                program.hides("geh");
                program.hides("eim");
            }
        }
        assert_eq!(proxy.asked(), Vec::<String>::new());
    }
}

#[tokio::test]
async fn a_proxy_that_takes_no_basic_is_told_apart_from_one_that_refuses_a_password() {
    for base in ["https://bitbucket.test", "http://bitbucket.test"] {
        for offered in [
            &["NTLM", "Negotiate"][..],
            &["Negotiate, NTLM"],
            &["Digest realm=\"Basic\""],
        ] {
            for user in ["", "me:pw@"] {
                let (mut program, proxy) = behind_as(Manners::Wants(offered), base, user).await;
                program.shows("does not accept Basic authentication");
                program.shows("NTLM, Negotiate (Kerberos) or the like: run a helper");
                program.shows(&proxy.url());
            }
        }
        for offered in [
            &["Negotiate", "Basic realm=\"x\""][..],
            &["NTLM, basic realm=\"x\""],
        ] {
            let (mut program, _) = behind_as(Manners::Wants(offered), base, "me:geheim@").await;
            program.shows("refuses this user name with this password.");
            program.hides("geheim");
            let (mut program, _) = behind_as(Manners::Wants(offered), base, "").await;
            program.shows("wants a user name and a password.");
        }
    }
}
