//! What a proxy wants of who asks it for a tunnel: the HTTP library tells that it refuses, not why.

use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::Proxy;
use crate::address::BaseUrl;

/// Longer is no head of an answer, in bytes.
const LONGEST: u64 = 16 * 1024;

/// A refusal of loopback takes no time, one of a company's proxy little.
const PATIENCE: Duration = Duration::from_secs(5);

impl Proxy {
    /// The kinds of sign-in that it offers: the values of `Proxy-Authenticate`. Asks it for the same
    /// tunnel once more, with what it was given before. None where it is spoken to over TLS.
    pub(in crate::bitbucket) async fn challenges(&self, server: &BaseUrl) -> Vec<String> {
        let asked = tokio::time::timeout(PATIENCE, self.ask(server)).await;
        let head = asked.ok().flatten().unwrap_or_default();
        let lines = head.lines().filter_map(|line| line.split_once(':'));
        lines
            .filter(|(name, _)| name.eq_ignore_ascii_case("Proxy-Authenticate"))
            .map(|(_, value)| value.trim().to_owned())
            .collect()
    }

    async fn ask(&self, server: &BaseUrl) -> Option<String> {
        let proxy = with_port(self.address.strip_prefix("http://")?, 80);
        let mut stream = TcpStream::connect(proxy).await.ok()?;
        let target = with_port(server.host(), 443);
        let head = format!("CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n");
        stream.write_all(head.as_bytes()).await.ok()?;
        if let Some(authorization) = &self.authorization {
            stream.write_all(b"Proxy-Authorization: ").await.ok()?;
            stream.write_all(authorization.as_bytes()).await.ok()?;
            stream.write_all(b"\r\n").await.ok()?;
        }
        stream.write_all(b"\r\n").await.ok()?;
        let mut answer = Vec::new();
        let mut limited = (&mut stream).take(LONGEST);
        while !answer.ends_with(b"\r\n\r\n") {
            answer.push(limited.read_u8().await.ok()?);
        }
        String::from_utf8(answer).ok()
    }
}

fn with_port(host: &str, default: u16) -> String {
    let port = host.rsplit_once(':').map(|(_, port)| port);
    // Colons stand inside of `[::1]` too.
    if port.is_some_and(|port| !port.ends_with(']')) {
        host.to_owned()
    } else {
        format!("{host}:{default}")
    }
}
