//! Broken networks: nobody there, nobody answers, answers that break off, certificates.

use std::net::TcpListener as BlockingListener;
use std::sync::Arc;
use std::time::Duration;

use bbtoken::bitbucket::{
    BaseUrl, Client, DistrustReason, Error, ErrorKind, Scope, Settings, Timeouts, TokenSpec,
};
use bbtoken::permission::{Level, Permissions};
use tokio::net::TcpListener;

use crate::server::{base_of, hangs_up_after, silent_after};

/// Time-outs short enough to wait for. The servers they are used on never answer, so nothing races.
const SHORT: Timeouts = Timeouts {
    connect: Duration::from_secs(5),
    read: Duration::from_secs(5),
    total: Duration::from_millis(50),
};

async fn create(client: &Client) -> Error {
    let scope = Scope::Personal {
        user: "alice".to_owned(),
    };
    let spec = TokenSpec {
        name: "x".to_owned(),
        permissions: Permissions::new(Level::Read, Level::Read),
        expiry_days: None,
    };
    client.create_token(&scope, &spec).await.unwrap_err()
}

/// What reading and writing come to, and that only writes leave a doubt, if at all.
async fn expect(base: BaseUrl, timeouts: Timeouts, kind: ErrorKind, in_doubt: bool) {
    let settings = Settings {
        timeouts,
        ..Settings::default()
    };
    let client = Client::open(base, &settings).unwrap();
    let read = client.server_info().await.unwrap_err();
    assert_eq!(read.kind, kind, "{}", read.technical());
    assert!(!read.outcome_is_unknown());
    let write = create(&client).await;
    assert_eq!(write.kind, kind, "{}", write.technical());
    assert_eq!(
        write.outcome_is_unknown(),
        in_doubt,
        "{}",
        write.technical()
    );
}

#[tokio::test]
async fn nobody_listens() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = base_of(&listener);
    drop(listener);
    expect(base, Timeouts::default(), ErrorKind::Refused, false).await;
}

#[tokio::test]
async fn nobody_has_the_name() {
    // Reserved for names that do not exist (RFC 6761), also without a network.
    let base = BaseUrl::parse("http://bitbucket.invalid").unwrap();
    let client = Client::anonymous(base).unwrap();
    let error = client.server_info().await.unwrap_err();
    // Behind a proxy the proxy answers in its own way.
    if std::env::vars().all(|(name, _)| !name.eq_ignore_ascii_case("http_proxy")) {
        assert_eq!(error.kind, ErrorKind::NameNotFound, "{}", error.technical());
    }
}

#[tokio::test]
async fn nobody_answers() {
    let base = silent_after(b"").await;
    expect(base, SHORT, ErrorKind::TimedOut, true).await;
}

#[tokio::test]
async fn an_answer_that_stops_in_the_middle() {
    let start =
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{\"id\":";
    let base = silent_after(start).await;
    expect(base, SHORT, ErrorKind::TimedOut, true).await;
    let base = hangs_up_after(start).await;
    expect(base, Timeouts::default(), ErrorKind::ConnectionLost, true).await;
}

#[tokio::test]
async fn a_refusal_whose_explanation_breaks_off_says_nothing_for_certain() {
    let base = hangs_up_after(b"HTTP/1.1 409 Conflict\r\nContent-Length: 100\r\n\r\n{").await;
    expect(base, Timeouts::default(), ErrorKind::Conflict, true).await;
    let captcha = b"HTTP/1.1 403 Forbidden\r\nContent-Length: 100\r\nX-Authentication-Denied-Reason: CAPTCHA_CHALLENGE\r\n\r\n{";
    let base = hangs_up_after(captcha).await;
    let kind = ErrorKind::Captcha { login_url: None };
    expect(base, Timeouts::default(), kind, false).await;
}

#[tokio::test]
async fn the_connection_is_cut() {
    let base = hangs_up_after(b"").await;
    expect(base, Timeouts::default(), ErrorKind::ConnectionLost, true).await;
    let base = hangs_up_after(b"HTTP/1.1 200 O").await;
    expect(base, Timeouts::default(), ErrorKind::ConnectionLost, true).await;
}

#[tokio::test]
async fn the_port_of_git_over_ssh() {
    let base = hangs_up_after(b"SSH-2.0-APACHE-SSHD\r\n").await;
    expect(base, Timeouts::default(), ErrorKind::NotBitbucket, true).await;
}

#[tokio::test]
async fn a_server_without_encryption() {
    let base = hangs_up_after(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
    let base = BaseUrl::parse(&format!("https://{}", base.host())).unwrap();
    let client = Client::anonymous(base).unwrap();
    let error = create(&client).await;
    assert_eq!(error.kind, ErrorKind::NoEncryption, "{}", error.technical());
    assert!(!error.outcome_is_unknown(), "nothing was sent");
}

#[tokio::test]
async fn a_certificate_that_nobody_vouches_for() {
    // Made by `openssl req -x509`, for this test only; the key opens nothing.
    let certificate = include_bytes!("self-signed.der").to_vec().into();
    let key = include_bytes!("self-signed.key.der").to_vec();
    let key = rustls::pki_types::PrivatePkcs8KeyDer::from(key).into();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .unwrap();
    let config = Arc::new(config);
    let listener = BlockingListener::bind("127.0.0.1:0").unwrap();
    let base = format!("https://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        while let Ok((mut stream, _)) = listener.accept() {
            let mut connection = rustls::ServerConnection::new(Arc::clone(&config)).unwrap();
            // Fails, as it should: the client hangs up.
            let _ = connection.complete_io(&mut stream);
        }
    });
    let client = Client::anonymous(BaseUrl::parse(&base).unwrap()).unwrap();
    let error = create(&client).await;
    let ErrorKind::Certificate(distrust) = &error.kind else {
        panic!("{}", error.technical());
    };
    assert_eq!(distrust.reason, DistrustReason::AuthorityAsServer);
    assert_eq!(distrust.chain.len(), 1);
    assert!(!error.outcome_is_unknown(), "nothing was sent");
}
