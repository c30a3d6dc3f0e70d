//! What stands between here and a Bitbucket: names, ports, proxies, certificates, other products.

use jiff::Timestamp;

use super::Attempt;
use crate::bitbucket::{CertificateProblem, Distrust, DistrustReason, ErrorKind, ProxyProblem};

/// Why, and what to do next, where the way to the server is the trouble.
pub(super) fn words(kind: &ErrorKind, attempt: Attempt<'_>) -> Option<(String, String)> {
    let is_first = matches!(attempt, Attempt::Connect(_) | Attempt::Examine(_));
    let (why, next) = match kind {
        ErrorKind::NameNotFound => (
            "No computer with that name was found.",
            "Check the spelling. Is a VPN needed for this server?",
        ),
        ErrorKind::Refused if is_first => (
            "The computer is there, but nothing is listening on that port.",
            "Check the port in the address, and whether Bitbucket is running.",
        ),
        ErrorKind::Unreachable => (
            "That computer cannot be reached from here.",
            "Check your network. Is a VPN needed for this server?",
        ),
        ErrorKind::NoEncryption => (
            "Something answers there, but it does not speak https.",
            "Check the port in the address. Or begin it with http://, if your Bitbucket really has no \
             encryption: bbtoken then explains the risk.",
        ),
        ErrorKind::NotBitbucket => (
            "Something else answers there.",
            "Copy the address from the browser while you look at Bitbucket. A path such as /bitbucket belongs to it.",
        ),
        ErrorKind::OtherProduct { name } => {
            return Some((
                format!("That is {name}. bbtoken is for Bitbucket Data Center."),
                "Copy the address from the browser while you look at Bitbucket.".to_owned(),
            ));
        }
        ErrorKind::Moved { to } => {
            let unencrypted = if to.is_encrypted() {
                ""
            } else {
                " That address is not encrypted."
            };
            let next = match attempt {
                Attempt::Connect(_) => {
                    "If that is your company's address, press {enter}: it is filled in."
                }
                Attempt::Examine(_) => "If that is your company's address, use it from now on.",
                _ => {
                    "If that is your company's address, go back to the first screen and type it there."
                }
            };
            let why = format!(
                "The server redirects to another address: Bitbucket has moved to {to}.{unencrypted} \
                 Nothing was sent there."
            );
            return Some((why, next.to_owned()));
        }
        ErrorKind::RedirectCircle { through } => {
            return Some((
                format!("The server's redirects lead in a circle: {}.", through.join(" → ")),
                "A browser does not get any further there either. Tell the administrators of the server: \
                 what is in front of Bitbucket often mistakes https for http. Or try another address.".to_owned(),
            ));
        }
        ErrorKind::Certificate(distrust) => return Some(not_trusted(distrust)),
        ErrorKind::AuthorityFile { path, reason } => {
            return Some((
                format!("The file {path}, which the configuration names as ca_file, cannot be used: {reason}."),
                "It has to hold the certificates of your company's authority in PEM form. Correct the path or the file, then try again.".to_owned(),
            ));
        }
        ErrorKind::ClientCertificate(problem) => return Some(wants_certificate(problem)),
        ErrorKind::ClientCertificateFile { path, reason } => {
            return Some((
                format!("The client certificate {path} cannot be used: {reason}."),
                "client_certificate and client_key in the configuration, or BBTOKEN_CLIENT_CERTIFICATE and BBTOKEN_CLIENT_KEY, name a certificate and its private key in PEM form. Correct the path or the file, then start bbtoken again.".to_owned(),
            ));
        }
        ErrorKind::Proxy { address, problem } => return Some(proxy_fails(address, *problem)),
        ErrorKind::ProxyVariable { variable } => return Some(proxy_variable_fails(variable)),
        _ => return None,
    };
    Some((why.to_owned(), next.to_owned()))
}

/// What is wrong with the certificate, and what to do about exactly that.
fn not_trusted(distrust: &Distrust) -> (String, String) {
    let own = distrust.chain.first();
    let (detail, next) = match &distrust.reason {
        DistrustReason::Expired => (
            own.map(|own| format!("It was valid until {}.", day(own.not_after))),
            "Is the clock of this computer right? Then the server needs a new certificate: tell its administrators.",
        ),
        DistrustReason::NotYetValid => (
            own.map(|own| format!("It is valid from {} on.", day(own.not_before))),
            "Is the clock of this computer right? Then ask the administrators of the server.",
        ),
        DistrustReason::OtherName => (
            own.filter(|own| !own.names.is_empty())
                .map(|own| format!("It is for {}.", own.names.join(", "))),
            "If one of these names is the same server, use that in the address. If none is, ask the \
             administrators, and do not type a password.",
        ),
        DistrustReason::UnknownIssuer => (
            distrust
                .authority()
                .map(|authority| format!("It was issued by \"{authority}\".")),
            "Is that your company's own authority? Get its certificate from your administrators. Then add it to this computer's store, or name its file in SSL_CERT_FILE, or as ca_file of this server in the configuration.",
        ),
        DistrustReason::SelfSigned => (
            own.map(|own| format!("It calls itself \"{}\".", own.subject)),
            "Get its file from the administrators of the server, and name it in SSL_CERT_FILE, or as ca_file of this server in the configuration. The server itself cannot prove that it is the right one.",
        ),
        DistrustReason::AuthorityAsServer => (
            own.map(|own| format!("It calls itself \"{}\".", own.subject)),
            "Naming its file somewhere does not help. Ask the administrators of the server for a certificate that was issued for it (with CA:FALSE).",
        ),
        DistrustReason::NoStore(_) => (
            None,
            "Install the system's certificates (on Debian: ca-certificates), or name a file with them in SSL_CERT_FILE.",
        ),
        _ => (
            None,
            "Show this to the administrators of the server: it needs another certificate.",
        ),
    };
    let reason = &distrust.reason;
    let detail = detail.map_or_else(String::new, |detail| format!(" {detail}"));
    let why = format!("The server's certificate is not trusted: {reason}.{detail}");
    (why, next.to_owned())
}

/// A server that lets in only who shows a certificate.
fn wants_certificate(problem: &CertificateProblem) -> (String, String) {
    match problem {
        CertificateProblem::Wanted => (
            "The server requires a client certificate (mTLS), even before the sign-in. None is configured \
             here.".to_owned(),
            "Get yours from your administrators as PEM files, and name them in the configuration of this server as client_certificate and client_key, or in BBTOKEN_CLIENT_CERTIFICATE and BBTOKEN_CLIENT_KEY. Then start bbtoken again.".to_owned(),
        ),
        CertificateProblem::Refused(file) => (
            format!("The server does not accept the client certificate in {file}."),
            "It may have expired, or come from another authority than the server wants: bbtoken doctor shows until when it is valid. Get a new one from your administrators.".to_owned(),
        ),
    }
}

/// "24 November 2026".
fn day(time: Timestamp) -> String {
    time.strftime("%-d %B %Y").to_string()
}

fn proxy_fails(address: &str, problem: ProxyProblem) -> (String, String) {
    let next = match problem {
        ProxyProblem::WantsPassword => {
            format!("Put them into the variable that names it: HTTPS_PROXY=http://user:password@proxy.example.com:3128. {ENCODED}")
        }
        ProxyProblem::RefusesPassword => {
            format!("Correct them in the variable that names it. {ENCODED}")
        }
        ProxyProblem::WantsOther => {
            "It wants NTLM, Negotiate (Kerberos) or the like: run a helper for that on this computer, such as px or cntlm, and name the helper in HTTPS_PROXY and HTTP_PROXY.".to_owned()
        }
        ProxyProblem::NoTunnel => {
            "It may not know this server, or not be allowed to reach it: ask your administrators.".to_owned()
        }
        ProxyProblem::Unsupported => {
            "It can use proxies whose address begins with http:// or https://.".to_owned()
        }
        _ => "Check HTTPS_PROXY and HTTP_PROXY, which name it.".to_owned(),
    };
    let why = format!("The way to the server goes through the proxy {address}, which {problem}.");
    (why, format!("{next} {WITHOUT}"))
}

/// Nothing of the value is shown: nobody can tell what in it is a password.
fn proxy_variable_fails(variable: &str) -> (String, String) {
    let why = format!(
        "{variable} names the proxy in a way that bbtoken cannot read reliably, so it does not use it."
    );
    let next = format!(
        "It should look like http://user:password@proxy.example.com:3128. {ENCODED} {WITHOUT}"
    );
    (why, next)
}

const ENCODED: &str = "In user name and password some signs have to be encoded: / as %2F, ? as %3F, # as %23, @ as %40, % as %25, : as %3A.";
const WITHOUT: &str = "Or name this server in NO_PROXY, if it can be reached without the proxy.";
