//! Which secrets came with a request: kept as hashes, so that a test which knows one can ask where it
//! went, and nobody else learns it.

use std::collections::HashMap;

use axum::body::{Body, to_bytes};
use axum::http::header::{AUTHORIZATION, COOKIE};
use axum::http::{HeaderMap, Request};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use hyper::body::Incoming;
use percent_encoding::percent_decode_str;
use ring::digest::{SHA256, SHA256_OUTPUT_LEN, digest};
use serde_json::Value;

/// More than any request to the REST API or to a form has.
const LARGEST_BODY: usize = 4 * 1024 * 1024;

type Hash = [u8; SHA256_OUTPUT_LEN];

/// Everything that may be a secret in a request: credentials, cookies, and what a sign-in's body says.
#[derive(Debug, Default)]
pub(in crate::simulator) struct Secrets(Vec<Hash>);

impl Secrets {
    pub(super) fn contain(&self, secret: &str) -> bool {
        self.0.contains(&hash(secret.as_bytes()))
    }

    fn add(&mut self, secret: &[u8]) {
        if !secret.is_empty() {
            self.0.push(hash(secret));
        }
    }

    fn add_headers(&mut self, headers: &HeaderMap) {
        for value in headers.get_all(AUTHORIZATION) {
            let text = value.to_str().unwrap_or_default();
            let Some((_, credentials)) = text.split_once(' ') else {
                continue;
            };
            self.add(credentials.trim().as_bytes());
            let plain = BASE64_STANDARD.decode(credentials.trim());
            let plain = plain.unwrap_or_default();
            if let Some(colon) = plain.iter().position(|byte| *byte == b':') {
                self.add(&plain[colon + 1..]);
            }
        }
        for value in headers.get_all(COOKIE) {
            let pairs = value.to_str().unwrap_or_default().split(';');
            for (_, value) in pairs.filter_map(|pair| pair.trim().split_once('=')) {
                self.add(value.as_bytes());
            }
        }
    }

    /// The values of a JSON object or of a form.
    fn add_body(&mut self, body: &[u8]) {
        if let Ok(fields) = serde_json::from_slice::<HashMap<String, Value>>(body) {
            for value in fields.values().filter_map(Value::as_str) {
                self.add(value.as_bytes());
            }
            return;
        }
        let body = String::from_utf8_lossy(body).replace('+', " ");
        for (_, value) in body.split('&').filter_map(|pair| pair.split_once('=')) {
            let value: Vec<_> = percent_decode_str(value).collect();
            self.add(&value);
        }
    }
}

/// The request, with the secrets that came with it. What is not for git has arrived as a whole then, so
/// that the server notices when whoever asked goes away.
///
/// # Errors
/// If the body does not arrive, or is larger than any.
pub(super) async fn read(
    request: Request<Incoming>,
) -> Result<(Request<Body>, Secrets), axum::Error> {
    let mut secrets = Secrets::default();
    secrets.add_headers(request.headers());
    if request.uri().path().contains("/scm/") {
        return Ok((request.map(Body::new), secrets));
    }
    let (head, body) = request.into_parts();
    let body = to_bytes(Body::new(body), LARGEST_BODY).await?;
    if signs_in(head.uri.path()) {
        secrets.add_body(&body);
    }
    Ok((Request::from_parts(head, Body::from(body)), secrets))
}

/// Whether people, or programs for them, sign in there.
fn signs_in(path: &str) -> bool {
    [
        "/rest/tsv/",
        "/rest/oauth2/",
        "/j_atl_security_check",
        "/external-login",
    ]
    .iter()
    .any(|place| path.contains(place))
}

fn hash(secret: &[u8]) -> Hash {
    let mut hash = Hash::default();
    hash.copy_from_slice(digest(&SHA256, secret).as_ref());
    hash
}
