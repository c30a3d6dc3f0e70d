//! Certificates: those of the server, and the one that is shown to it.

use jiff::{SignedDuration, Timestamp};

use super::Finding;
use crate::bitbucket::{BaseUrl, Certificate};
use crate::when;

/// One that expires sooner deserves a look.
const SOON: SignedDuration = SignedDuration::from_hours(30 * 24);

/// The name of the check.
pub(super) const CERTIFICATE: &str = "certificate";

pub(super) fn described(certificate: &Certificate) -> String {
    format!(
        "{}, issued by {}, valid until {}",
        certificate.subject,
        certificate.issuer,
        certificate.not_after.strftime("%-d %B %Y")
    )
}

/// The certificates of a server that is trusted.
pub(super) fn certificate(base: &BaseUrl, chain: &[Certificate], now: Timestamp) -> Finding {
    if !base.is_encrypted() {
        return Finding::unchecked(CERTIFICATE, "none: http is not encrypted");
    }
    let first = chain.iter().min_by_key(|certificate| certificate.not_after);
    let finding = match first {
        Some(first) if first.not_after.duration_since(now) < SOON => Finding::attention(
            CERTIFICATE,
            format!(
                "trusted, but it expires {}",
                when::relative(first.not_after, now)
            ),
            "Tell the administrators of this server.",
        ),
        _ => Finding::good(CERTIFICATE, "trusted by this computer"),
    };
    chain.iter().fold(finding, |finding, certificate| {
        finding.detail(described(certificate))
    })
}

/// The certificate that is shown to the server, where it wants one.
pub(super) fn with_own(finding: Finding, own: &Certificate, now: Timestamp) -> Finding {
    let finding = finding.detail(format!("your client certificate: {}", described(own)));
    if own.not_after.duration_since(now) >= SOON {
        return finding;
    }
    let expiry = when::relative(own.not_after, now);
    let word = if own.not_after <= now {
        "expired"
    } else {
        "expires"
    };
    let attention = Finding::attention(
        CERTIFICATE,
        format!("{}; your client certificate {word} {expiry}", finding.text),
        "Get a new client certificate from your administrators.",
    );
    finding.details.into_iter().fold(attention, Finding::detail)
}

#[cfg(test)]
mod tests {
    use super::super::Mark;
    use super::*;

    #[test]
    fn a_certificate_that_ends_soon_deserves_a_look() {
        let base = BaseUrl::parse("https://h").unwrap_or_else(|error| panic!("{error}"));
        let now = Timestamp::UNIX_EPOCH;
        let until = |days: i64| Certificate {
            subject: "h".to_owned(),
            issuer: "CA".to_owned(),
            names: Vec::new(),
            not_before: now,
            not_after: now + SignedDuration::from_hours(24 * days),
        };
        let soon = certificate(&base, &[until(400), until(12)], now);
        assert_eq!(soon.mark, Mark::Attention);
        assert_eq!(soon.text, "trusted, but it expires in 12 days");
        assert_eq!(certificate(&base, &[until(400)], now).mark, Mark::Good);
    }
}
