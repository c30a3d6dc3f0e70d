//! Reading JSON as real servers send it.
//!
//! Versions differ in what they leave out, send as null, or type in another way. So nothing is
//! required here: each field is asked for by name, and what cannot be used counts as missing. Text is
//! cleaned on the way, and this is the only way in.

use jiff::Timestamp;
use serde_json::Value;

use crate::text;

/// Text to show, cleaned; `None` where nothing is left of it.
pub(super) fn text(value: &Value, field: &str) -> Option<String> {
    let cleaned = match &value[field] {
        Value::String(text) => text::clean(text),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    (!cleaned.is_empty()).then_some(cleaned)
}

/// A key, slug or id: goes into paths exactly as it is, and is safe to show.
///
/// `None` where it cannot be both: with control or invisible characters, or where a path would change
/// its meaning (`.` and `..`). Bitbucket makes none of these; whoever sends them wants harm.
pub(super) fn exact(value: &Value, field: &str) -> Option<String> {
    let exact = match &value[field] {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    is_exact(&exact).then_some(exact)
}

/// Whether a text can stand in a path and on the screen unchanged.
pub(super) fn is_exact(text: &str) -> bool {
    !matches!(text, "" | "." | "..") && text::clean(text) == text
}

/// Whether the field says yes.
pub(super) fn flag(value: &Value, field: &str) -> bool {
    match &value[field] {
        Value::Bool(flag) => *flag,
        Value::String(text) => text.eq_ignore_ascii_case("true"),
        _ => false,
    }
}

/// A whole number that is not negative.
pub(super) fn number(value: &Value, field: &str) -> Option<u64> {
    match &value[field] {
        Value::Number(number) => number.as_u64(),
        Value::String(text) => text.parse().ok(),
        _ => None,
    }
}

/// A moment: milliseconds since 1970, as number or text, or ISO 8601. Nothing that we read is as old as
/// 1970: zero stands for a moment that is not set.
pub(super) fn date(value: &Value, field: &str) -> Option<Timestamp> {
    let milliseconds = |number| Timestamp::from_millisecond(number).ok();
    let date = match &value[field] {
        Value::Number(number) => milliseconds(number.as_i64().or_else(|| {
            // Saturates, and jiff refuses what is out of its range.
            number.as_f64().map(|number| number as i64)
        })?),
        Value::String(text) => match text.parse() {
            Ok(number) => milliseconds(number),
            Err(_) => text.parse().ok(),
        },
        _ => None,
    };
    date.filter(|date| *date > Timestamp::UNIX_EPOCH)
}

/// Whether the field is there with something in it, whatever that is.
pub(super) fn is_told(value: &Value, field: &str) -> bool {
    !value[field].is_null()
}

/// The entries of a list; none where it is missing.
pub(super) fn list<'a>(value: &'a Value, field: &str) -> &'a [Value] {
    value[field].as_array().map_or(&[], Vec::as_slice)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use serde_json::json;

    use super::*;

    #[test]
    fn dates_come_in_many_forms() {
        let expected: Timestamp = "2024-05-06T07:08:09Z".parse().unwrap();
        for form in [
            json!(1_714_979_289_000_i64),
            json!(1_714_979_289_000.0),
            json!("1714979289000"),
            json!("2024-05-06T07:08:09Z"),
            json!("2024-05-06T09:08:09+02:00"),
            json!("2024-05-06T09:08:09+0200"),
            json!("2024-05-06T07:08:09.000Z"),
        ] {
            let value = json!({ "at": form });
            assert_eq!(date(&value, "at"), Some(expected), "{form}");
        }
        for form in [
            json!(null),
            json!("soon"),
            json!(1e300),
            json!(i64::MAX),
            json!([]),
            json!(true),
            json!(0),
            json!("0"),
            json!(-1),
            json!("1970-01-01T00:00:00Z"),
        ] {
            assert_eq!(date(&json!({ "at": form }), "at"), None, "{form}");
        }
    }

    #[test]
    fn exact_means_safe_to_send_and_to_show() {
        for safe in ["PLAT", "~alice", "billing-api", "a.b", "日本", "1"] {
            assert_eq!(exact(&json!({ "key": safe }), "key").unwrap(), safe);
        }
        assert_eq!(exact(&json!({ "key": 42 }), "key").unwrap(), "42");
        for harmful in ["", ".", "..", "a\u{202e}b", "a\u{1b}[2Jb", "a\nb", " a"] {
            assert_eq!(exact(&json!({ "key": harmful }), "key"), None);
        }
    }

    #[test]
    fn nothing_is_required() {
        for value in [json!(null), json!([]), json!({}), json!("x"), json!(1)] {
            assert_eq!(text(&value, "name"), None);
            assert_eq!(exact(&value, "key"), None);
            assert!(!flag(&value, "public"));
            assert_eq!(number(&value, "size"), None);
            assert_eq!(date(&value, "createdDate"), None);
            assert!(list(&value, "values").is_empty());
        }
        assert_eq!(text(&json!({ "name": "\u{200b}" }), "name"), None);
        assert!(flag(&json!({ "public": "TRUE" }), "public"));
    }
}
