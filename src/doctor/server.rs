//! The way to the server.

use std::net::IpAddr;
use std::time::{Duration, Instant};

use super::certificate::{CERTIFICATE, certificate, described, with_own};
use super::told::{CLOCK, PRODUCT, SIGN_IN, clocks, product, sign_in};
use super::{Attempt, Explain, Finding, Login, Named, clone, git_tokens, rights};
use crate::bitbucket::{
    AddressError, BaseUrl, Client, Error, ErrorKind, ProxyUse, ServerInfo, Settings, Timeouts,
};
use crate::clock::Clock;
use crate::config::Config;
use crate::environment::Environment;
use crate::git;
use crate::operation::connect;
use crate::operation::git_authority::{self, GitTrusts};

/// A name service that needs longer is broken.
const NAME_PATIENCE: Duration = Duration::from_secs(5);
/// All requests of the look together.
const LOOK_PATIENCE: Duration = Duration::from_secs(45);
/// One request.
const TIMEOUTS: Timeouts = Timeouts {
    connect: Duration::from_secs(10),
    read: Duration::from_secs(15),
    total: Duration::from_secs(15),
};

const ADDRESS: &str = "address";
const NAME: &str = "name";
const PROXY: &str = "proxy";
const CONNECTION: &str = "connection";
/// Everything that needs an answer of the server, in this order.
const ANSWERED: [&str; 7] = [
    CONNECTION,
    CERTIFICATE,
    PRODUCT,
    CLOCK,
    SIGN_IN,
    rights::CHECK,
    git_tokens::CHECK,
];

/// Whether the address can be one, and where it is from.
pub(super) fn address(target: &Named, read: Result<Option<BaseUrl>, AddressError>) -> Finding {
    let again = "Copy the address from the browser while you look at Bitbucket.";
    match read {
        Ok(Some(base)) if !base.is_encrypted() && !base.is_loopback() => Finding::attention(
            ADDRESS,
            format!(
                "{base}, {}; not encrypted: anyone on the network can read passwords and tokens",
                target.from
            ),
            "Ask the administrators of this server for an address with https.",
        ),
        Ok(Some(base)) => Finding::good(ADDRESS, format!("{base}, {}", target.from)),
        Ok(None) => Finding::bad(ADDRESS, "it names no server, and none is configured", again),
        Err(error) => Finding::bad(ADDRESS, error.to_string(), again),
    }
}

/// There is no address to look at.
pub(super) fn no_address() -> Finding {
    Finding::unchecked(
        ADDRESS,
        "none is given, there is no clone here, and no server is configured",
    )
    .next("Name one: bbtoken doctor git.example.com")
}

/// Name, way, server and rights; nothing without an address.
pub(super) async fn look(
    environment: &Environment,
    clock: &Clock,
    config: &Config,
    base: Option<&BaseUrl>,
    login: Login,
    explain: Explain,
) -> Vec<Finding> {
    let Some(base) = base else {
        return Vec::new();
    };
    let configured = config.server(base);
    let settings = Settings {
        timeouts: TIMEOUTS,
        ..connect::settings(config, environment, base)
    };
    let proxy = settings.proxies.use_for(base);
    let started = Instant::now();
    let (name, probe) = tokio::join!(name(base, &proxy, explain), probe(base.clone(), settings));
    let took = started.elapsed();
    let mut findings = vec![name, self::proxy(&proxy)];
    match probe {
        Ok((client, info)) => {
            let milliseconds = took.as_millis();
            findings.push(Finding::good(
                CONNECTION,
                format!("answers came within {milliseconds} ms"),
            ));
            let now = clock.now().time;
            let finding = certificate(client.base(), &info.certificates, now);
            findings.push(match client.client_certificate() {
                Some(own) => with_own(finding, &own, now),
                None => finding,
            });
            findings.push(product(base, client.base(), &info));
            findings.push(clocks(info.date, clock.now().time));
            let client_id = configured.is_some_and(|server| server.oauth_client_id.is_some());
            findings.push(sign_in(client.base(), &info, client_id));
            findings.push(rights::look(&client, login, explain).await);
            findings.push(git_tokens::look(environment, &client).await);
            findings.extend(clone::look(environment, &client, now).await);
        }
        Err(error) => {
            let trusts = if git_authority::lacks_authority(&error) {
                let settings = connect::settings(config, environment, base);
                git_authority::git_trusts(environment, base, settings).await
            } else {
                None
            };
            blame(&mut findings, base, (&error, trusts.as_ref()), explain);
            if let ErrorKind::ClientCertificate(_) = error.kind {
                let own = git::own_certificate(environment, &base.to_string()).await;
                let found = findings.iter_mut().find(|it| it.check == CERTIFICATE);
                if let (Some(own), Some(found)) = (own, found) {
                    let files = own.files();
                    found.details.push(format!(
                        "git shows {} there ({}): name it as client_certificate, and {} as client_key",
                        files.file.display(),
                        own.certificate.from,
                        files.key.display()
                    ));
                }
            }
        }
    }
    findings
}

async fn probe(base: BaseUrl, settings: Settings) -> Result<(Client, ServerInfo), Error> {
    let look = connect::connect(base, settings);
    let looked = tokio::time::timeout(LOOK_PATIENCE, look).await;
    looked.unwrap_or_else(|_| Err(ErrorKind::TimedOut.into()))
}

/// Whether this computer finds the server's name.
async fn name(base: &BaseUrl, proxy: &ProxyUse, explain: Explain) -> Finding {
    let name = base.host_name();
    if name.trim_matches(['[', ']']).parse::<IpAddr>().is_ok() {
        return Finding::good(
            NAME,
            "the address is a number, so there is no name to look up",
        );
    }
    let looked = tokio::time::timeout(NAME_PATIENCE, tokio::net::lookup_host((name, 0))).await;
    let addresses: Vec<_> = match looked {
        Ok(Ok(addresses)) => addresses.map(|it| it.ip().to_string()).collect(),
        Ok(Err(_)) | Err(_) => Vec::new(),
    };
    if !addresses.is_empty() {
        return Finding::good(NAME, format!("{name} is {}", addresses.join(", ")));
    }
    if matches!(proxy, ProxyUse::Through { .. } | ProxyUse::Unreadable(_)) {
        // Proxies find names by themselves.
        return Finding::good(NAME, "not known here; the proxy looks it up");
    }
    let problem = explain(&ErrorKind::NameNotFound.into(), Attempt::Reach(name));
    Finding::bad(NAME, format!("{name}: {}", problem.why), problem.next)
}

/// Which proxy is on the way, and who says so.
fn proxy(proxy: &ProxyUse) -> Finding {
    let text = match proxy {
        ProxyUse::Through {
            address,
            variable: Some(variable),
        } => format!("{address}, by {variable}"),
        ProxyUse::Through { address, .. } => format!("{address}, by the settings of the system"),
        ProxyUse::ThisComputer(variable) => {
            format!("none: this computer is reached without ({variable} is set)")
        }
        ProxyUse::Excepted(variable, exception) => {
            format!("none: {exception} names this server ({variable} is set)")
        }
        ProxyUse::Direct => "none".to_owned(),
        ProxyUse::Unreadable(variable) => format!("{variable} cannot be read"),
    };
    Finding::good(PROXY, text)
}

/// Puts an error where it belongs; what comes behind it could not be looked at.
fn blame(
    findings: &mut Vec<Finding>,
    base: &BaseUrl,
    (error, trusts): (&Error, Option<&GitTrusts>),
    explain: Explain,
) {
    let check = match &error.kind {
        ErrorKind::NameNotFound => NAME,
        ErrorKind::Proxy { .. } | ErrorKind::ProxyVariable { .. } => PROXY,
        ErrorKind::Certificate(_)
        | ErrorKind::AuthorityFile { .. }
        | ErrorKind::ClientCertificate(_)
        | ErrorKind::ClientCertificateFile { .. } => CERTIFICATE,
        ErrorKind::NotBitbucket
        | ErrorKind::OtherProduct { .. }
        | ErrorKind::Moved { .. }
        | ErrorKind::SingleSignOn { .. }
        | ErrorKind::NotJson => PRODUCT,
        _ if error.status().is_some() => PRODUCT,
        _ => CONNECTION,
    };
    let address = base.to_string();
    let problem = explain(error, Attempt::Reach(&address));
    let mut bad = Finding::bad(check, problem.why, problem.next);
    if let ErrorKind::Certificate(distrust) = &error.kind {
        bad = distrust
            .chain
            .iter()
            .fold(bad, |bad, it| bad.detail(described(it)));
    }
    if let Some(trusts) = trusts {
        bad = bad.detail(trusts.sentence());
    }
    if let Some(GitTrusts::Enough(authority)) = trusts {
        bad = bad.next(format!(
            "Name that file as ca_file of this server in the configuration, or in SSL_CERT_FILE: {}",
            authority.file.display()
        ));
    }
    bad = bad.detail(format!("technical: {}", problem.technical));
    for name in ANSWERED {
        let is_reached = check == CERTIFICATE || check == PRODUCT;
        findings.push(match name {
            CONNECTION if is_reached => Finding::good(CONNECTION, "something answers there"),
            CERTIFICATE if check == PRODUCT && base.is_encrypted() => {
                Finding::good(CERTIFICATE, "trusted")
            }
            name => Finding::unchecked(name, "not reached"),
        });
    }
    match findings.iter_mut().find(|finding| finding.check == check) {
        // The name service has said it already, and in more detail.
        Some(finding) if finding.check == NAME && finding.next.is_some() => {}
        Some(finding) => *finding = bad,
        None => findings.push(bad),
    }
}
