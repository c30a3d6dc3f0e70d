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
use tokio::task::JoinSet;

use crate::bitbucket::error::OAuthProblem;
use crate::text::clean;

/// The longest request that is read, in bytes: a code has some hundred.
const LONGEST: usize = 8 * 1024;
/// Whoever connects and says nothing is let go after this time.
const PATIENCE: Duration = Duration::from_secs(5);
/// Where nobody can be let in (no more files may be open), this is how long it takes to try again.
const PAUSE: Duration = Duration::from_millis(200);
/// So many may be connected at a time; browsers also connect beforehand and say nothing yet.
const VISITORS: usize = 16;

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

    /// Waits for the browser: the code that it brings, with this state and no other. Whoever comes with
    /// another one, such as a page that tries to sign the user in as somebody else, is sent away.
    pub(super) async fn wait(self, state: &str) -> Result<String, OAuthProblem> {
        let mut visitors = JoinSet::new();
        loop {
            let visit = tokio::select! {
                accepted = self.0.accept(), if visitors.len() < VISITORS => {
                    match accepted {
                        Ok((stream, _)) => {
                            visitors.spawn(tokio::time::timeout(PATIENCE, request(stream)));
                        }
                        Err(_) => tokio::time::sleep(PAUSE).await,
                    }
                    continue;
                }
                Some(visit) = visitors.join_next() => visit,
            };
            let Ok(Ok(Some((mut stream, target)))) = visit else {
                continue;
            };
            match self.read(&target, state) {
                // Browsers also ask for icons.
                Visit::Nothing => {
                    respond(&mut stream, "404 Not Found", "There is nothing here.").await;
                }
                Visit::Stranger => {
                    let words = "This is not the answer to bbtoken's request, so it was refused. bbtoken \
                                 is still waiting for that answer.";
                    respond(&mut stream, "403 Forbidden", words).await;
                }
                Visit::Answer(answer) => {
                    let words = match &answer {
                        Ok(_) => "You are signed in. Close this page and go back to bbtoken.",
                        Err(_) => "Nothing was granted. Go back to bbtoken.",
                    };
                    respond(&mut stream, "200 OK", words).await;
                    return answer;
                }
            }
        }
    }

    /// What a request brings.
    fn read(&self, target: &str, state: &str) -> Visit {
        let url = Url::parse(&self.address()).and_then(|it| it.join(target));
        let Some(url) = url.ok().filter(|url| url.path() == "/") else {
            return Visit::Nothing;
        };
        let value = |wanted: &str| {
            let mut pairs = url.query_pairs();
            let found = pairs.find(|(name, _)| name == wanted);
            found.map(|(_, value)| value.into_owned())
        };
        let answer = match (value("code"), value("error")) {
            (_, Some(error)) if error == "access_denied" => Err(OAuthProblem::Denied),
            (_, Some(error)) => Err(OAuthProblem::Refused(clean(&error))),
            (Some(code), None) => Ok(code),
            (None, None) => return Visit::Nothing,
        };
        if value("state").as_deref() == Some(state) {
            Visit::Answer(answer)
        } else {
            Visit::Stranger
        }
    }
}

/// What somebody comes with.
enum Visit {
    /// Nothing that was waited for.
    Nothing,
    /// An answer to a question that was not asked.
    Stranger,
    /// The answer.
    Answer(Result<String, OAuthProblem>),
}

/// Whoever has connected, and the target of their request.
async fn request(mut stream: TcpStream) -> Option<(TcpStream, String)> {
    let target = target(&mut stream).await?;
    Some((stream, target))
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
