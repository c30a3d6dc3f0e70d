//! The way to the server, and what answers there.

use std::net::IpAddr;
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};

use super::certificate::{CERTIFICATE, certificate, described, with_own};
use super::{Attempt, Explain, Finding, Login, Named, clone, git_tokens, rights};
use crate::bitbucket::{
    AddressError, BaseUrl, BasicAuthentication, Client, Error, ErrorKind, LoginOption, ProxyUse,
    ServerInfo, Settings, Timeouts,
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
/// Answers take their time, and their dates count in seconds.
const CLOCK_TOLERANCE: SignedDuration = SignedDuration::from_secs(60);
/// From here on there are HTTP access tokens of people, and of projects and repositories.
const PERSONAL_TOKENS: (u32, u32) = (5, 5);
const PLACE_TOKENS: (u32, u32) = (7, 18);

const ADDRESS: &str = "address";
const NAME: &str = "name";
const PROXY: &str = "proxy";
const CONNECTION: &str = "connection";
const PRODUCT: &str = "product";
const CLOCK: &str = "clock";
const SIGN_IN: &str = "sign-in";
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

/// What answers, and whether it is new enough.
fn product(asked: &BaseUrl, found: &BaseUrl, info: &ServerInfo) -> Finding {
    let text = info.title();
    let finding = if info.behind.is_some() {
        Finding::attention(
            PRODUCT,
            "a sign-in page of the company is in front of everything",
            "Create the token in the browser; bbtoken cannot see what is behind that page.",
        )
    } else if info.version.is_empty() {
        Finding::attention(
            PRODUCT,
            format!("{text}: it shows its version only after the sign-in"),
            "Sign in: the lists of tokens show whether it has any.",
        )
    } else if is_older(&info.version, PERSONAL_TOKENS) {
        Finding::bad(
            PRODUCT,
            format!("{text} is too old: there are no HTTP access tokens before 5.5"),
            "Ask the administrators of this server when it will be updated.",
        )
    } else if is_older(&info.version, PLACE_TOKENS) {
        Finding::attention(
            PRODUCT,
            format!("{text}: tokens of projects and repositories come with 7.18"),
            "Use a personal token.",
        )
    } else {
        Finding::good(PRODUCT, text)
    };
    if asked == found {
        finding
    } else {
        finding.detail(format!("its full address is {found}"))
    }
}

fn is_older(version: &str, than: (u32, u32)) -> bool {
    let mut numbers = version.split('.').map_while(|number| number.parse().ok());
    match (numbers.next(), numbers.next()) {
        (Some(major), Some(minor)) => (major, minor) < than,
        _ => false,
    }
}

/// Whether both computers think that it is the same time: certificates and expiries depend on it.
fn clocks(server: Option<Timestamp>, here: Timestamp) -> Finding {
    let Some(server) = server else {
        return Finding::unchecked(CLOCK, "the server does not send the time");
    };
    let ahead = here.duration_since(server);
    if ahead.abs() <= CLOCK_TOLERANCE {
        return Finding::good(CLOCK, "the same as the server's, give or take a minute");
    }
    let minutes = (ahead.abs().as_secs() + 30) / 60;
    let span = match minutes {
        1 => "a minute".to_owned(),
        2..120 => format!("{minutes} minutes"),
        _ => format!("{} hours", (minutes + 30) / 60),
    };
    let side = if ahead.is_positive() {
        "ahead of"
    } else {
        "behind"
    };
    Finding::attention(
        CLOCK,
        format!("this computer is {span} {side} the server"),
        "Set the clock of the one that is wrong: whether certificates and tokens have expired depends on it.",
    )
}

/// How the server lets people in.
fn sign_in(base: &BaseUrl, info: &ServerInfo, has_client_id: bool) -> Finding {
    let Some(options) = &info.login_options else {
        return Finding::unchecked(
            SIGN_IN,
            "the server does not say which ways to sign in it offers",
        );
    };
    let mut ways: Vec<_> = options
        .iter()
        .map(|option| match option {
            LoginOption::Form => "user name and password".to_owned(),
            LoginOption::OldForm => {
                "user name and password (the form of older versions)".to_owned()
            }
            LoginOption::IdentityProvider {
                label: Some(label), ..
            } => {
                format!("single sign-on ({label})")
            }
            LoginOption::IdentityProvider { label: None, .. } => "single sign-on".to_owned(),
        })
        .collect();
    if info.oauth && has_client_id {
        ways.push("OAuth 2".to_owned());
    }
    let text = ways.join(", ");
    let finding = if options.iter().any(LoginOption::takes_password) {
        Finding::good(SIGN_IN, text)
    } else if info.oauth && has_client_id {
        Finding::good(SIGN_IN, format!("{text}; passwords are not accepted"))
    } else {
        let page = base.page(&["plugins", "servlet", "access-tokens", "manage"]);
        Finding::attention(
            SIGN_IN,
            format!("{text}; passwords are not accepted"),
            format!("Create the token in the browser at {page}"),
        )
    };
    let finding = match &info.basic {
        Some(BasicAuthentication::On) => finding.detail("programs may send passwords (Basic is on)"),
        Some(BasicAuthentication::Off { .. }) => finding.detail(
            "Basic is switched off: programs sign in as the login page does, and git takes tokens as Bearer only",
        ),
        None => finding,
    };
    if info.oauth && !has_client_id {
        finding.detail("OAuth 2 is there too, but no client id is configured for it")
    } else {
        finding
    }
}

#[cfg(test)]
mod tests {
    use super::super::Mark;
    use super::*;

    #[test]
    fn clocks_are_compared_in_both_directions() {
        let here = Timestamp::UNIX_EPOCH;
        for (seconds, state, text) in [
            (0, Mark::Good, "the same"),
            (60, Mark::Good, "the same"),
            (61, Mark::Attention, "a minute behind"),
            (-240, Mark::Attention, "4 minutes ahead of"),
            (-7200, Mark::Attention, "2 hours ahead of"),
        ] {
            let server = here + SignedDuration::from_secs(seconds);
            let finding = clocks(Some(server), here);
            assert_eq!(finding.mark, state, "{finding:?}");
            assert!(finding.text.contains(text), "{finding:?}");
        }
        assert_eq!(clocks(None, here).mark, Mark::Unchecked);
    }

    #[test]
    fn versions_are_compared_by_their_numbers() {
        for (version, older) in [
            ("7.17.9", true),
            ("7.18.0", false),
            ("10.0.0", false),
            ("9.4-m1", false),
            ("", false),
        ] {
            assert_eq!(is_older(version, PLACE_TOKENS), older, "{version}");
        }
    }
}
