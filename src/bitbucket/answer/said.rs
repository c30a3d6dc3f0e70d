//! What the body of a refusal says.

use serde_json::Value;

use crate::bitbucket::fields::text;
use crate::text::clean;

/// The forms in which Bitbucket refuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// `{"errors":[{"context":…,"message":…,"exceptionName":…}]}`, or one such error without a list:
    /// from the resource that was asked for.
    Errors,
    /// `{"message":…}`, from what stands in front of the resources.
    Message,
}

/// What the body of a refusal says, cleaned.
#[derive(Debug, Default)]
pub(super) struct Said {
    /// It is an object of JSON, and not one of Jira's, which has the same paths.
    pub(super) may_be_bitbuckets: bool,
    pub(super) form: Option<Form>,
    pub(super) message: Option<String>,
    pub(super) field: Option<String>,
    pub(super) exception: Option<String>,
}

impl Said {
    pub(super) fn read(body: &[u8]) -> Self {
        let Ok(value) = serde_json::from_slice::<Value>(body) else {
            return Self::default();
        };
        let says = |error: &Value, field| text(error, field).is_some();
        let errors = match &value["errors"] {
            Value::Array(errors) => errors.as_slice(),
            Value::Null
                if value
                    .get("exceptionName")
                    .or(value.get("context"))
                    .is_some() =>
            {
                std::slice::from_ref(&value)
            }
            one => std::slice::from_ref(one),
        };
        let errors = errors
            .iter()
            .filter(|error| says(error, "message") || says(error, "exceptionName"));
        let first = |field| errors.clone().find_map(|error| text(error, field));
        let form = if errors.clone().next().is_some() {
            Some(Form::Errors)
        } else {
            says(&value, "message").then_some(Form::Message)
        };
        let mut messages: Vec<_> = errors
            .clone()
            .filter_map(|error| text(error, "message"))
            .collect();
        messages.extend(text(&value, "message"));
        messages.dedup();
        let message = reason(&messages.join(" "));
        Self {
            may_be_bitbuckets: value.is_object() && value.get("errorMessages").is_none(),
            form,
            message,
            field: first("context"),
            exception: first("exceptionName"),
        }
    }
}

/// What a server says by way of a reason, cleaned: without the names of Java classes with which a fault of its
/// own begins. Nobody can do anything with those; what goes to administrators names the exception by itself.
pub(in crate::bitbucket) fn reason(said: &str) -> Option<String> {
    let said = clean(said);
    let mut rest = said.as_str();
    loop {
        let (first, after) = rest.split_once([':', ' ']).unwrap_or((rest, ""));
        if !is_class(first) {
            break;
        }
        rest = after.trim_start_matches([':', ' ']);
    }
    (!rest.is_empty()).then(|| rest.to_owned())
}

/// "java.lang.NullPointerException", and not "git.example.com".
fn is_class(word: &str) -> bool {
    let mut parts = word.split('.').rev();
    let class = parts.next().unwrap_or_default();
    let is_name = |part: &str| {
        part.starts_with(|it: char| it.is_ascii_lowercase())
            && part
                .chars()
                .all(|it| it.is_ascii_alphanumeric() || it == '_')
    };
    let is_thrown = ["Exception", "Error", "Throwable"]
        .iter()
        .any(|end| class.ends_with(end));
    is_thrown
        && class.starts_with(|it: char| it.is_ascii_uppercase())
        && class
            .chars()
            .all(|it| it.is_ascii_alphanumeric() || it == '$' || it == '_')
        && parts.clone().next().is_some()
        && parts.all(is_name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_are_no_reasons() {
        for (said, wanted) in [
            ("java.lang.NullPointerException", None),
            (
                "com.atlassian.bitbucket.AuthorisationException: You may not do this.",
                Some("You may not do this."),
            ),
            (
                "java.lang.RuntimeException: com.x.Outer$InnerException: the disk is full",
                Some("the disk is full"),
            ),
            ("  ", None),
            (
                "git.example.com: no route",
                Some("git.example.com: no route"),
            ),
            ("An Exception was thrown", Some("An Exception was thrown")),
            ("The name is missing.", Some("The name is missing.")),
        ] {
            assert_eq!(reason(said).as_deref(), wanted, "{said}");
        }
    }
}
