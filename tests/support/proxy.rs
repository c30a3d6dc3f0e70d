//! A small forward proxy: tunnels (CONNECT) for https, whole addresses for http. It alone knows where
//! the servers are: every name leads to one address.

#![allow(dead_code, reason = "each test binary uses its own part of the proxy")]
#![allow(
    clippy::unwrap_used,
    reason = "a failed unwrap in a support module is a failed test"
)]

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};

/// How the proxy treats who comes.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Manners {
    /// Everybody may go on.
    Open,
    /// Only with this in `Proxy-Authorization`; everybody else gets 407.
    Password(&'static str),
    /// Nobody gets further: 407, with these kinds of sign-in to choose from.
    Wants(&'static [&'static str]),
    /// Nobody gets further: this status for everything.
    Closed(u16),
}

pub(crate) struct Proxy {
    pub(crate) address: SocketAddr,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Proxy {
    /// Leads to this server, whatever name is asked for.
    pub(crate) async fn to(server: SocketAddr, manners: Manners) -> Self {
        Self::among(&[("", server)], manners).await
    }

    /// Leads to the first of these servers whose name is in what is asked for.
    pub(crate) async fn among(servers: &[(&'static str, SocketAddr)], manners: Manners) -> Self {
        let servers: Arc<[_]> = servers.into();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let record = Arc::clone(&asked);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let servers = Arc::clone(&servers);
                tokio::spawn(serve(stream, servers, manners, Arc::clone(&record)));
            }
        });
        Self { address, asked }
    }

    /// For the variable that names it.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The first line of each request: `CONNECT bitbucket.test:443 HTTP/1.1`.
    pub(crate) fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

async fn serve(
    mut client: TcpStream,
    servers: Arc<[(&str, SocketAddr)]>,
    manners: Manners,
    record: Arc<Mutex<Vec<String>>>,
) {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        match client.read_u8().await {
            Ok(byte) => head.push(byte),
            Err(_) => return,
        }
    }
    let head = String::from_utf8(head).unwrap();
    let first = head.lines().next().unwrap().to_owned();
    record.lock().unwrap().push(first.clone());
    let refusal = match manners {
        Manners::Password(credentials) if !head.contains(credentials) => Some(
            "407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"x\"".to_owned(),
        ),
        Manners::Wants(offered) => {
            let offered = offered
                .iter()
                .map(|it| format!("\r\nProxy-Authenticate: {it}"));
            let offered: String = offered.collect();
            Some(format!("407 Proxy Authentication Required{offered}"))
        }
        Manners::Closed(status) => Some(format!("{status} Closed")),
        _ => None,
    };
    if let Some(refusal) = refusal {
        let answer = format!("HTTP/1.1 {refusal}\r\nContent-Length: 0\r\n\r\n");
        let _ = client.write_all(answer.as_bytes()).await;
        return;
    }
    let server = servers.iter().find(|(name, _)| first.contains(name));
    let (_, server) = server.unwrap_or_else(|| panic!("nobody is at {first}"));
    let mut server = TcpStream::connect(server).await.unwrap();
    if first.starts_with("CONNECT ") {
        let opened = b"HTTP/1.1 200 Connection established\r\n\r\n";
        client.write_all(opened).await.unwrap();
    } else {
        server.write_all(head.as_bytes()).await.unwrap();
    }
    let _ = copy_bidirectional(&mut client, &mut server).await;
}
