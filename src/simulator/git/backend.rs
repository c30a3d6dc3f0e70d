//! Runs `git http-backend`, the CGI program that git brings along, and streams both ways.

use std::pin::Pin;
use std::process::Stdio;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::Response;
use futures_util::{Stream, StreamExt as _};
use tokio::io::{
    AsyncBufReadExt as _, AsyncRead, AsyncReadExt as _, AsyncWriteExt as _, BufReader, ReadBuf,
};
use tokio::process::{Child, ChildStderr, ChildStdin, ChildStdout, Command};
use tokio::task::JoinSet;

use super::repositories::{Bare, GitError, git};

/// More than git's own headers ever take.
const LONGEST_HEADERS: u64 = 16 * 1024;

/// Answers one step of the smart protocol.
///
/// Request and answer flow at the same time, so that neither side ever waits for the other's
/// buffer. When the client goes away, git is killed.
pub(super) async fn run(
    repository: &Bare,
    path: &str,
    user: Option<&str>,
    request: Request,
) -> Result<Response, GitError> {
    let mut child = command(repository, path, user, &request)
        .spawn()
        .map_err(GitError::Run)?;
    let (Some(stdin), Some(stdout), Some(stderr)) =
        (child.stdin.take(), child.stdout.take(), child.stderr.take())
    else {
        return Err(GitError::Answer);
    };
    let mut helpers = JoinSet::new();
    helpers.spawn(feed(stdin, request.into_body()));
    helpers.spawn(log(stderr));
    let mut output = BufReader::new(stdout);
    let (status, headers) = read_headers(&mut output).await?;
    let body = Output {
        output,
        child: Some((child, helpers)),
    };
    let mut response = Response::new(Body::from_stream(body));
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    Ok(response)
}

fn command(repository: &Bare, path: &str, user: Option<&str>, request: &Request) -> Command {
    let name = repository.path.file_name().unwrap_or_default();
    let headers = request.headers();
    let mut command = git(&repository.home);
    command
        // Who may push has been decided before.
        .args(["-c", "http.receivepack=true", "http-backend"])
        .env("GIT_PROJECT_ROOT", &repository.home)
        .env("GIT_HTTP_EXPORT_ALL", "1")
        .env("REQUEST_METHOD", request.method().as_str())
        .env("PATH_INFO", format!("/{}/{path}", name.to_string_lossy()))
        .env("QUERY_STRING", request.uri().query().unwrap_or_default())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    if let Some(user) = user {
        command.env("REMOTE_USER", user);
    }
    for (variable, header) in [
        ("CONTENT_TYPE", CONTENT_TYPE),
        ("CONTENT_LENGTH", CONTENT_LENGTH),
        ("HTTP_CONTENT_ENCODING", CONTENT_ENCODING),
        ("GIT_PROTOCOL", HeaderName::from_static("git-protocol")),
    ] {
        if let Some(value) = headers.get(header).and_then(|value| value.to_str().ok()) {
            command.env(variable, value);
        }
    }
    command
}

/// The request's body into git.
async fn feed(mut stdin: ChildStdin, body: Body) {
    let mut frames = body.into_data_stream();
    while let Some(frame) = frames.next().await {
        let written = match &frame {
            Ok(bytes) => stdin.write_all(bytes).await,
            Err(error) => {
                tracing::debug!(%error, "a body for git ended early");
                return;
            }
        };
        if let Err(error) = written {
            // It has read what it wanted, or says why on its error stream.
            tracing::debug!(%error, "git stopped reading");
            return;
        }
    }
}

/// What git complains about, into our log.
async fn log(stderr: ChildStderr) {
    let mut lines = BufReader::new(stderr).lines();
    while let Ok(Some(line)) = lines.next_line().await {
        tracing::warn!(line, "git http-backend");
    }
}

/// The CGI headers up to the empty line; `Status` is among them where it is not 200.
async fn read_headers(
    output: &mut BufReader<ChildStdout>,
) -> Result<(StatusCode, HeaderMap), GitError> {
    let mut status = StatusCode::OK;
    let mut headers = HeaderMap::new();
    let mut limited = output.take(LONGEST_HEADERS);
    loop {
        let mut line = String::new();
        let read = limited.read_line(&mut line).await;
        if read.map_err(GitError::Run)? == 0 {
            return Err(GitError::Answer);
        }
        let line = line.trim_end();
        if line.is_empty() {
            return Ok((status, headers));
        }
        let (name, value) = line.split_once(':').ok_or(GitError::Answer)?;
        let value = value.trim();
        if name.eq_ignore_ascii_case("status") {
            let code = value.split(' ').next().unwrap_or_default();
            status = code.parse().map_err(|_| GitError::Answer)?;
            continue;
        }
        let name = HeaderName::try_from(name).map_err(|_| GitError::Answer)?;
        let value = HeaderValue::try_from(value).map_err(|_| GitError::Answer)?;
        headers.append(name, value);
    }
}

/// git's output as a body, which keeps git alive exactly as long as somebody reads.
struct Output {
    output: BufReader<ChildStdout>,
    child: Option<(Child, JoinSet<()>)>,
}

impl Stream for Output {
    type Item = std::io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let mut chunk = vec![0; 16 * 1024];
        let mut buffer = ReadBuf::new(&mut chunk);
        let polled = Pin::new(&mut self.output).poll_read(cx, &mut buffer);
        let filled = buffer.filled().len();
        match polled {
            Poll::Pending => Poll::Pending,
            Poll::Ready(Err(error)) => Poll::Ready(Some(Err(error))),
            Poll::Ready(Ok(())) if filled == 0 => {
                self.leave_alone();
                Poll::Ready(None)
            }
            Poll::Ready(Ok(())) => {
                chunk.truncate(filled);
                Poll::Ready(Some(Ok(chunk.into())))
            }
        }
    }
}

impl Output {
    /// git has said everything: it may end by itself, and what it complains about is still logged.
    fn leave_alone(&mut self) {
        if let Some((mut child, mut helpers)) = self.child.take() {
            tokio::spawn(async move {
                match child.wait().await {
                    Ok(status) if status.success() => {}
                    ended => tracing::warn!(?ended, "git http-backend did not end well"),
                }
                while helpers.join_next().await.is_some() {}
            });
        }
    }
}
