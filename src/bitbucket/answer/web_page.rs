//! What a web page says that came in place of Bitbucket's answer: a sign-in, or a refusal of somebody who
//! stands in front.

/// So much of a page is looked at.
const START: usize = 64 * 1024;
/// A number is looked for so many words behind the word that announces it: "Your support ID is: 42".
const WORDS_BEFORE: usize = 4;
/// Longer ones nobody reads to anybody.
const LONGEST_NUMBER: usize = 64;

/// What announces the number under which somebody in front has noted a refusal, in small letters. Of the
/// same place in a page the first counts.
const ANNOUNCED: [&str; 24] = [
    "support id",
    "incident",
    "reference",
    "ray id",
    "attack id",
    "event id",
    "error id",
    "case id",
    "case number",
    "ticket id",
    "ticket number",
    "block id",
    "request id",
    "transaction id",
    "tracking id",
    "correlation id",
    "session id",
    "message id",
    "unique id",
    "log id",
    "vorfall",
    "vorgang",
    "referenz",
    "fallnummer",
];

/// Whether a page asks for a sign-in.
pub(super) fn is_sign_in(page: &[u8]) -> bool {
    has(
        page,
        &[
            "type=\"password\"",
            "type='password'",
            "type=password",
            "j_username",
            "samlrequest",
            "single sign-on",
            "/adfs/",
            "openid-connect",
        ],
    )
}

/// Whether a page says that a client certificate is missing, or not accepted: nginx's, IIS's and others'.
pub(super) fn wants_certificate(page: &[u8]) -> bool {
    has(
        page,
        &[
            "no required ssl certificate was sent",
            "the ssl certificate error",
            "client certificate required",
            "client certificate is required",
            "requires a client certificate",
            "403.7 ",
            "403.13 ",
            "403.16 ",
        ],
    )
}

/// Whether it is of the server in which Bitbucket itself runs.
pub(super) fn is_tomcats(page: &[u8]) -> bool {
    has(page, &["apache tomcat", "<title>http status"])
}

/// Whether the beginning of a page has one of these in it, in small letters.
pub(super) fn has(page: &[u8], signs: &[&str]) -> bool {
    let start = start(page).to_lowercase();
    signs.iter().any(|sign| start.contains(sign))
}

/// The number under which whoever refused has noted it, where the page shows one: letters, digits and
/// `.`, `-`, `_`, `:`, at least one digit.
pub(super) fn incident(page: &[u8]) -> Option<String> {
    let text = visible(&start(page));
    let small = text.to_ascii_lowercase();
    let mut found: Vec<_> = ANNOUNCED
        .iter()
        .flat_map(|words| small.match_indices(words))
        .map(|(at, words)| (at, at + words.len()))
        .collect();
    found.sort_unstable();
    found
        .into_iter()
        .find_map(|(_, end)| number_in(text.get(end..)?))
}

fn number_in(text: &str) -> Option<String> {
    let is_inside = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | ':');
    let words = text.split(|c: char| !is_inside(c));
    let words = words.map(|word| word.trim_matches(['.', '-', '_', ':']));
    let words = words.filter(|word| !word.is_empty());
    words
        .take(WORDS_BEFORE)
        .find(|word| {
            let digits = word.bytes().filter(u8::is_ascii_digit).count();
            digits > 0 && (3..=LONGEST_NUMBER).contains(&word.len())
        })
        .map(str::to_owned)
}

fn start(page: &[u8]) -> String {
    String::from_utf8_lossy(&page[..page.len().min(START)]).into_owned()
}

/// The text of a page without its tags, in one line. Characters that are written by their number are
/// read, as some firewalls write all signs so.
fn visible(page: &str) -> String {
    let mut text = String::with_capacity(page.len());
    let mut rest = page;
    while let Some(at) = rest.find(['<', '&']) {
        text.push_str(&rest[..at]);
        rest = &rest[at..];
        if let Some((c, length)) = entity(rest) {
            text.push(c);
            rest = &rest[length..];
        } else if rest.starts_with('<') {
            text.push(' ');
            let small = |name: &str| {
                let start = rest.get(1..=name.len());
                start.is_some_and(|start| start.eq_ignore_ascii_case(name))
            };
            let end = ["script", "style"]
                .into_iter()
                .find(|name| small(name))
                .and_then(|name| {
                    let end = rest.to_ascii_lowercase().find(&format!("</{name}"))?;
                    Some(end + rest[end..].find('>')? + 1)
                })
                .or_else(|| rest.find('>').map(|end| end + 1));
            rest = &rest[end.unwrap_or(rest.len())..];
        } else {
            text.push('&');
            rest = &rest[1..];
        }
    }
    text.push_str(rest);
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The character that stands here by its number or as a blank, and the length of how it is written.
fn entity(text: &str) -> Option<(char, usize)> {
    let (name, _) = text.strip_prefix('&')?.split_once(';')?;
    let length = name.len() + 2;
    if name == "nbsp" {
        return Some((' ', length));
    }
    let number = name.strip_prefix('#')?;
    let number = match number.strip_prefix(['x', 'X']) {
        Some(hexadecimal) => u32::from_str_radix(hexadecimal, 16).ok()?,
        None => number.parse().ok()?,
    };
    Some((char::from_u32(number)?, length))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_of_a_refusal_is_found_as_firewalls_show_it() {
        for (page, number) in [
            (
                "<html><head><title>Request Rejected</title></head><body>The requested URL was rejected. Please consult with your administrator.<br><br>Your support ID is: 12345678901234567890<br><br><a href='javascript:history.back();'>[Go Back]</a></body></html>",
                Some("12345678901234567890"),
            ),
            (
                "<HTML><BODY><H1>Access Denied</H1>You don't have permission to access \"http&#58;&#47;&#47;h&#47;rest\" on this server.<P>Reference&#32;&#35;18&#46;2d351ab8&#46;1557333295&#46;a4e16ab</BODY></HTML>",
                Some("18.2d351ab8.1557333295.a4e16ab"),
            ),
            (
                "<p>Incident ID: <b>1047000440224567-3265</b></p>",
                Some("1047000440224567-3265"),
            ),
            (
                "<span>Cloudflare Ray ID: <strong>7d4f1a2b3c4d5e6f</strong></span>",
                Some("7d4f1a2b3c4d5e6f"),
            ),
            (
                "Web Page Blocked! Attack&nbsp;ID: 20000021 Message ID: 000012",
                Some("20000021"),
            ),
            (
                "Ihre Vorgangsnummer lautet <i>AB-4711</i>.",
                Some("AB-4711"),
            ),
            (
                "<script>var incident='9999';</script><p>Reference: X7Q-31</p>",
                Some("X7Q-31"),
            ),
            ("<h1>403 Forbidden</h1><hr>nginx/1.24.0", None),
            ("Reference to nothing that has a number in it 12345", None),
            ("incident \u{1b}]0;x\u{7}", None),
            ("incident", None),
            ("incident ü<", None),
        ] {
            assert_eq!(incident(page.as_bytes()).as_deref(), number, "{page}");
        }
        let long = format!("Incident {}", "1".repeat(LONGEST_NUMBER + 1));
        assert_eq!(incident(long.as_bytes()), None);
    }
}
