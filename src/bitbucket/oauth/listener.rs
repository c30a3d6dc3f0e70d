//! The other end of the redirect: a port of this computer that the browser is sent back to, once.
//!
//! It reads one short request line and writes one of three fixed pages, which carry nothing of what
//! was sent.

use std::io;
use std::net::Ipv4Addr;
use std::time::Duration;

use reqwest::Url;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use super::OAuthProblem;
use crate::text::clean;

/// The longest request that is read, in bytes: a code has some hundred.
const LONGEST: usize = 8 * 1024;
/// Whoever connects and says nothing is let go after this time.
const PATIENCE: Duration = Duration::from_secs(5);

/// A port on loopback.
pub(super) struct Listener(TcpListener, u16);

impl Listener {
    pub(super) async fn bind(port: u16) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
        let port = listener.local_addr()?.port();
        Ok(Self(listener, port))
    }

    /// The redirect address.
    pub(super) fn address(&self) -> String {
        format!("http://localhost:{}/", self.1)
    }

    /// Waits for the browser: the code that it brings, with this state and no other.
    pub(super) async fn wait(self, state: &str) -> Result<String, OAuthProblem> {
        loop {
            let Ok((mut stream, _)) = self.0.accept().await else {
                tokio::task::yield_now().await;
                continue;
            };
            let request = tokio::time::timeout(PATIENCE, target(&mut stream)).await;
            let Some(answer) = request.ok().flatten().and_then(|it| self.read(&it, state)) else {
                // Browsers also ask for icons.
                respond(&mut stream, "404 Not Found", "There is nothing here.").await;
                continue;
            };
            let words = match &answer {
                Ok(_) => "You are signed in. Close this page and go back to bbtoken.",
                Err(OAuthProblem::Denied) => "Nothing was granted. Go back to bbtoken.",
                Err(_) => {
                    "This does not belong to the question that bbtoken has asked, so it was refused. Go back to bbtoken."
                }
            };
            respond(&mut stream, "200 OK", words).await;
            return answer;
        }
    }

    /// What a request brings; `None` for one that is none of ours.
    fn read(&self, target: &str, state: &str) -> Option<Result<String, OAuthProblem>> {
        let url = Url::parse(&self.address()).ok()?.join(target).ok()?;
        let value = |wanted: &str| {
            let mut pairs = url.query_pairs();
            let found = pairs.find(|(name, _)| name == wanted);
            found.map(|(_, value)| value.into_owned())
        };
        let (code, error) = (value("code"), value("error"));
        if url.path() != "/" || (code.is_none() && error.is_none()) {
            return None;
        }
        Some(match (code, error) {
            _ if value("state").as_deref() != Some(state) => Err(OAuthProblem::WrongState),
            (_, Some(error)) if error == "access_denied" => Err(OAuthProblem::Denied),
            (_, Some(error)) => Err(OAuthProblem::Refused(clean(&error))),
            (code, None) => Ok(code?),
        })
    }
}

/// The target of a request: `/?code=…&state=…`.
async fn target(stream: &mut TcpStream) -> Option<String> {
    let mut head = Vec::new();
    let mut piece = [0; 1024];
    while !head.windows(4).any(|end| end == b"\r\n\r\n") {
        let read = stream.read(&mut piece).await.ok()?;
        head.extend_from_slice(&piece[..read]);
        if read == 0 || head.len() > LONGEST {
            return None;
        }
    }
    let head = String::from_utf8(head).ok()?;
    let mut words = head.split(' ');
    let is_get = words.next() == Some("GET");
    words.next().filter(|_| is_get).map(str::to_owned)
}

async fn respond(stream: &mut TcpStream, status: &str, words: &str) {
    let page = format!(
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>bbtoken</title></head>\n<body><h1>bbtoken</h1><p>{words}</p></body></html>\n"
    );
    let response = format!(
        "HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {}\r\nCache-Control: no-store\r\nReferrer-Policy: no-referrer\r\nContent-Security-Policy: default-src 'none'\r\nConnection: close\r\n\r\n{page}",
        page.len()
    );
    // Whoever does not listen to the end has seen enough.
    let _ = stream.write_all(response.as_bytes()).await;
    let _ = stream.shutdown().await;
}
