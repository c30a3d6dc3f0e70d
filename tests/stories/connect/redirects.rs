//! Servers that send everybody elsewhere: within the same server nobody is asked, to another port or computer
//! a person is, and circles are called circles.

use std::sync::Arc;

use axum::http::{StatusCode, header};
use axum::response::IntoResponse as _;
use bbtoken::simulator::{Fault, FaultEffect, Options, Simulator};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tempfile::TempDir;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use crate::authority::Authority;
use crate::front::{Front, Turn};
use crate::harness::{Harness, Setup};

const PROBE: &str = "/application-properties";

async fn at(address: &str, ca_file: Option<std::path::PathBuf>) -> Harness {
    let mut program = Harness::start(Setup {
        size: (140, 40),
        config: trusting(address, ca_file),
        ..Setup::default()
    })
    .await;
    program.keys("<c-u>").await;
    program.paste(address).await;
    program
}

/// The authority is trusted for every address of this computer that a test has.
fn trusting(address: &str, ca_file: Option<std::path::PathBuf>) -> bbtoken::config::Config {
    let servers = ca_file.into_iter().map(|file| {
        let base = bbtoken::bitbucket::BaseUrl::parse(address).unwrap();
        let mut server = bbtoken::config::Server::at(base);
        server.ca_file = Some(file);
        server
    });
    bbtoken::config::Config {
        servers: servers.collect(),
        ..Default::default()
    }
}

/// A server on https, whose authority is told, and one on http.
async fn encrypted_and_plain() -> (Authority, Simulator, Simulator) {
    let authority = Authority::new();
    let encrypted = Simulator::start(Options {
        tls: Some(authority.issue(&["127.0.0.1"])),
        ..Options::default()
    });
    let (encrypted, plain) = tokio::join!(encrypted, Simulator::start(Options::default()));
    (authority, encrypted.unwrap(), plain.unwrap())
}

/// A server that answers every probe with this redirect.
fn redirect(server: &Simulator, to: &str) {
    server.inject(Fault {
        method: None,
        path_contains: PROBE.to_owned(),
        times: None,
        effect: FaultEffect::Redirect(format!("{to}/rest/api/latest{PROBE}")),
    });
}

#[tokio::test]
async fn a_move_to_another_port_is_asked_about_and_nothing_is_sent_there_before() {
    let (from, to) = tokio::join!(
        Simulator::start(Options::default()),
        Simulator::start(Options::default())
    );
    let (from, to) = (from.unwrap(), to.unwrap());
    redirect(&from, &to.base_url());
    let mut program = at(&from.base_url(), None).await;
    program.keys("<enter>").await;
    program.shows(&format!("Bitbucket has moved to {}.", to.base_url()));
    program.shows("Nothing was sent there.");
    program.shows("press enter: it is filled in.");
    assert!(to.requests().is_empty());
    // Whoever was led to http says so once more, also on this computer.
    program.keys("<enter>").await;
    program.shows("This connection is not encrypted");
    program.keys("yes<enter>").await;
    program.shows("Who are you?");
}

#[tokio::test]
async fn from_https_nobody_comes_to_http_without_a_typed_yes() {
    let directory = TempDir::new().unwrap();
    let (authority, encrypted, plain) = encrypted_and_plain().await;
    redirect(&encrypted, &plain.base_url());
    let file = authority.file(directory.path());
    let mut program = at(&encrypted.base_url(), Some(file)).await;
    program.keys("<enter>").await;
    program.shows("That address is not encrypted.");
    assert!(plain.requests().is_empty());
    program.keys("<enter><enter>").await;
    program.shows("Type the word yes to continue anyway");
    program.hides("Who are you?");
}

#[tokio::test]
async fn a_circle_of_addresses_that_somebody_agreed_to_is_called_a_circle() {
    let directory = TempDir::new().unwrap();
    let (authority, encrypted, plain) = encrypted_and_plain().await;
    redirect(&plain, &encrypted.base_url());
    redirect(&encrypted, &plain.base_url());
    let file = authority.file(directory.path());
    let mut program = at(&encrypted.base_url(), Some(file)).await;
    program.keys("<enter>").await;
    program.shows(&format!("Bitbucket has moved to {}.", plain.base_url()));
    program.keys("<enter>").await;
    let (from, to) = (encrypted.base_url(), plain.base_url());
    program.shows("The server's redirects lead in a circle:");
    program.shows(&format!("{from} → {to} → {from}."));
    // Another address begins anew.
    program.keys("x<backspace><enter>").await;
    program.shows("Bitbucket has moved to");
}

/// Listens with and without encryption at one port, and sends everybody from one to the other.
async fn flipping(authority: &Authority) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (certificate, key) = authority.issue_pem(&["127.0.0.1"]);
    let chain = CertificateDer::pem_slice_iter(certificate.as_bytes());
    let chain = chain.collect::<Result<Vec<_>, _>>().unwrap();
    let key = PrivateKeyDer::from_pem_slice(key.as_bytes()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                let mut first = [0];
                stream.peek(&mut first).await.unwrap();
                // The first byte of a TLS handshake.
                if first == [0x16] {
                    let stream = acceptor.accept(stream).await.unwrap();
                    send_to(stream, &format!("http://{address}")).await;
                } else {
                    send_to(stream, &format!("https://{address}")).await;
                }
            });
        }
    });
    address.to_string()
}

async fn send_to(mut stream: impl AsyncRead + AsyncWrite + Unpin, to: &str) {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.unwrap());
    }
    let head = String::from_utf8(head).unwrap();
    let path = head.split(' ').nth(1).unwrap();
    let answer = format!(
        "HTTP/1.1 301 Moved Permanently\r\nLocation: {to}{path}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    );
    stream.write_all(answer.as_bytes()).await.unwrap();
    let _ = stream.shutdown().await;
}

#[tokio::test]
async fn https_and_http_of_one_server_that_lead_to_each_other_are_a_circle() {
    let authority = Authority::new();
    let directory = TempDir::new().unwrap();
    let file = authority.file(directory.path());
    let server = flipping(&authority).await;
    let (http, https) = (format!("http://{server}"), format!("https://{server}"));
    let mut program = at(&http, Some(file)).await;
    program.keys("<enter>").await;
    program.shows(&format!("{http} → {https} → {http}."));
    program.hides("has moved");
}

/// A server whose pages lead like this, and everything else to the first of them.
async fn leading(simulator: &Simulator, pages: &'static [(&'static str, &'static str)]) -> Front {
    Front::of(&simulator.base_url(), move |_, path, _| {
        let here = path.split('?').next().unwrap_or_default();
        let page = pages.iter().find(|(from, _)| *from == here);
        let (_, to) = page.unwrap_or(&pages[0]);
        Turn::Instead((StatusCode::FOUND, [(header::LOCATION, *to)]).into_response())
    })
    .await
}

#[tokio::test]
async fn pages_that_only_lead_to_each_other_are_a_circle() {
    let simulator = Simulator::start(Options::default()).await.unwrap();
    for pages in [
        &[("", "/login"), ("/login", "/"), ("/", "/login")][..],
        &[
            ("", "/"),
            ("/", "/bitbucket"),
            ("/bitbucket", "/login"),
            ("/login", "/"),
        ],
        &[("", "/login"), ("/login", "/login")],
        &[
            ("", "/rest/api/latest/application-properties"),
            (
                "/rest/api/latest/application-properties",
                "/rest/api/latest/application-properties",
            ),
        ],
        &[
            (
                "/rest/api/latest/application-properties",
                "/a/rest/api/latest/application-properties",
            ),
            (
                "/a/rest/api/latest/application-properties",
                "/b/rest/api/latest/application-properties",
            ),
            (
                "/b/rest/api/latest/application-properties",
                "/rest/api/latest/application-properties",
            ),
        ],
    ] {
        let front = leading(&simulator, pages).await;
        let mut program = at(&front.address, None).await;
        program.keys("<enter>").await;
        program.shows("The server's redirects lead in a circle:");
        program.hides("Single sign-on");
    }
}

#[tokio::test]
async fn pages_that_end_somewhere_are_no_circle() {
    let simulator = Simulator::start(Options::default()).await.unwrap();
    let front = Front::of(&simulator.base_url(), |_, path, _| {
        if path.starts_with("/login") {
            return Turn::Instead((StatusCode::OK, "Who are you?").into_response());
        }
        Turn::Instead((StatusCode::FOUND, [(header::LOCATION, "/login?next=/")]).into_response())
    })
    .await;
    let mut program = at(&front.address, None).await;
    program.keys("<enter>").await;
    program.shows("This server is behind single sign-on");
    program.hides("circle");
}
