//! A request as a line for the shell, without credentials.

use crate::bitbucket::Record;
use crate::git::shell_word;

/// A curl line that asks the same. Reading takes a token from a variable. What changes something takes
/// a user name from a variable, and curl asks for the password: Bitbucket lets no token create or
/// revoke tokens.
pub(super) fn line(record: &Record) -> String {
    let is_reading = record.method == "GET";
    let mut words = vec!["curl".to_owned()];
    if !is_reading {
        words.push(format!("-X {}", record.method));
    }
    if record.is_signed && is_reading {
        words.push(r#"-H "Authorization: Bearer $BITBUCKET_TOKEN""#.to_owned());
    } else if record.is_signed {
        words.push(r#"-u "$BITBUCKET_USER""#.to_owned());
    }
    if !is_reading {
        words.push("-H 'X-Atlassian-Token: no-check'".to_owned());
    }
    if let Some(body) = &record.body {
        if body.starts_with('{') {
            words.push("-H 'Content-Type: application/json'".to_owned());
        }
        words.push(format!("-d {}", shell_word(body)));
    }
    words.push(shell_word(&format!("{}{}", record.base, record.path)));
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use jiff::Timestamp;

    use super::*;
    use crate::bitbucket::Progress;
    use crate::clock::Moment;

    fn record(method: &str, path: &str, body: Option<&str>, is_signed: bool) -> Record {
        Record {
            number: 0,
            purpose: "",
            method: method.to_owned(),
            base: "https://h/bitbucket".to_owned(),
            path: path.to_owned(),
            body: body.map(str::to_owned),
            is_signed,
            started: Moment {
                time: Timestamp::UNIX_EPOCH,
                uptime: Duration::ZERO,
            },
            took: Duration::ZERO,
            state: Progress::UnderWay,
            status: None,
            size: None,
            request_id: None,
            named: crate::bitbucket::Named::default(),
        }
    }

    #[test]
    fn lines_are_quoted_and_hold_no_credentials() {
        for (record, wanted) in [
            (
                record("GET", "/rest/x?start=0&limit=1", None, false),
                "curl 'https://h/bitbucket/rest/x?start=0&limit=1'",
            ),
            (
                record("GET", "/rest/x", None, true),
                r#"curl -H "Authorization: Bearer $BITBUCKET_TOKEN" https://h/bitbucket/rest/x"#,
            ),
            (
                record("PUT", "/rest/x", Some(r#"{"name":"it's"}"#), true),
                r#"curl -X PUT -u "$BITBUCKET_USER" -H 'X-Atlassian-Token: no-check' -H 'Content-Type: application/json' -d '{"name":"it'\''s"}' https://h/bitbucket/rest/x"#,
            ),
        ] {
            assert_eq!(line(&record), wanted);
        }
    }
}
