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
        Self {
            may_be_bitbuckets: value.is_object() && value.get("errorMessages").is_none(),
            form,
            message: (!messages.is_empty()).then(|| clean(&messages.join(" "))),
            field: first("context"),
            exception: first("exceptionName"),
        }
    }
}
