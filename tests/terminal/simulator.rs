//! `bbtoken simulator`: what it prints, that it answers, that it ends and cleans up.

use std::process::Stdio;
use std::time::Duration;

use bbtoken::bitbucket::{BaseUrl, Client, Settings};
use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;
use tokio::process::Command;
use tokio::time::timeout;

use crate::authority::Authority;

const PATIENCE: Duration = Duration::from_secs(60);

/// The answer to a GET, head and body.
async fn get(host: &str, path: &str) -> String {
    let mut stream = TcpStream::connect(host).await.unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}

#[tokio::test]
async fn it_says_where_it_is_and_who_may_sign_in_and_ends_when_told() {
    for signal in [Signal::INT, Signal::TERM] {
        let temporary = TempDir::new().unwrap();
        let mut child = Command::new(env!("CARGO_BIN_EXE_bbtoken"))
            .args(["simulator", "--listen", "127.0.0.1:0"])
            .args(["--context-path", "/bitbucket"])
            .env("TMPDIR", temporary.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut line = async || {
            let line = timeout(PATIENCE, lines.next_line()).await;
            line.expect("it prints nothing").unwrap()
        };

        let base = line().await.unwrap();
        let host = base.strip_prefix("http://").unwrap();
        let host = host.strip_suffix("/bitbucket").expect("the context path");
        assert!(host.starts_with("127.0.0.1:"), "{base}");
        let account = line().await.unwrap();
        assert!(account.starts_with("alice password alice: "), "{account}");

        let path = "/bitbucket/rest/api/latest/application-properties";
        let answer = timeout(PATIENCE, get(host, path)).await.unwrap();
        assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
        assert!(answer.contains(r#""displayName":"Bitbucket""#), "{answer}");
        assert!(answer.contains(r#""version":"#), "{answer}");

        let id = i32::try_from(child.id().unwrap()).unwrap();
        kill_process(Pid::from_raw(id).unwrap(), signal).unwrap();
        let status = timeout(PATIENCE, child.wait()).await;
        let status = status.expect("it goes on").unwrap();
        assert_eq!(status.code(), Some(0), "after {signal:?}");
        let left: Vec<_> = temporary.path().read_dir().unwrap().collect();
        assert!(left.is_empty(), "left behind: {left:?}");
    }
}

#[tokio::test]
async fn it_is_served_over_https_under_a_certificate_of_ones_own() {
    let directory = TempDir::new().unwrap();
    let authority = Authority::new();
    let (certificate, key) = authority.issue_pem(&["127.0.0.1"]);
    let files = [("server.pem", certificate), ("server.key", key)].map(|(name, text)| {
        let path = directory.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    });
    let mut child = Command::new(env!("CARGO_BIN_EXE_bbtoken"))
        .args(["simulator", "--listen", "127.0.0.1:0", "--tls-certificate"])
        .arg(&files[0])
        .arg("--tls-key")
        .arg(&files[1])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let base = timeout(PATIENCE, lines.next_line())
        .await
        .unwrap()
        .unwrap()
        .unwrap();
    assert!(base.starts_with("https://127.0.0.1:"), "{base}");
    let settings = Settings {
        ca_file: Some(authority.file(directory.path())),
        ..Settings::default()
    };
    let client = Client::open(BaseUrl::parse(&base).unwrap(), &settings).unwrap();
    let (_, info) = client.probe().await.unwrap();
    assert_eq!(info.version, "9.4.0");
    assert_eq!(info.certificates[0].issuer, crate::authority::NAME);
    // One without the other is refused before anything is served.
    let half = Command::new(env!("CARGO_BIN_EXE_bbtoken"))
        .args(["simulator", "--tls-key"])
        .arg(&files[1])
        .output()
        .await
        .unwrap();
    assert_eq!(half.status.code(), Some(2));
}
