//! What is wrong with a wanted token: 400, with the field's name as `context`.

use jiff::SignedDuration;
use serde_json::{Map, Value};

use super::ApiError;
use crate::simulator::Options;
use crate::simulator::permissions::Permissions;
use crate::simulator::token::TokenHome;

/// The longest name, in characters.
const LONGEST_NAME: usize = 255;

/// Levels that Bitbucket knows, but gives to no token.
const NOT_FOR_TOKENS: &[&str] = &[
    "ADMIN",
    "LICENSED_USER",
    "PROJECT_CREATE",
    "PROJECT_VIEW",
    "REPO_CREATE",
    "SYS_ADMIN",
    "USER_ADMIN",
];

/// A token to create, in order.
pub(super) struct NewFields {
    pub(super) name: String,
    pub(super) permissions: Permissions,
    pub(super) lifetime: Option<SignedDuration>,
}

/// Changes to a token, in order; what is left out stays.
pub(super) struct Changes {
    pub(super) name: Option<String>,
    pub(super) permissions: Option<Permissions>,
}

impl NewFields {
    pub(super) fn read(
        fields: &Map<String, Value>,
        scope: TokenHome,
        options: &Options,
    ) -> Result<Self, ApiError> {
        let changes = Changes::read(fields, scope)?;
        let missing = |field: &'static str, what| {
            move || ApiError::invalid(field, format!("{what} is required."))
        };
        Ok(Self {
            name: changes.name.ok_or_else(missing("name", "The name"))?,
            permissions: changes
                .permissions
                .ok_or_else(missing("permissions", "At least one permission"))?,
            lifetime: lifetime(fields, options)?,
        })
    }
}

impl Changes {
    pub(super) fn read(fields: &Map<String, Value>, scope: TokenHome) -> Result<Self, ApiError> {
        let given = |field| fields.get(field).filter(|value| !value.is_null());
        Ok(Self {
            name: given("name").map(name).transpose()?,
            permissions: given("permissions")
                .map(|value| permissions(value, scope))
                .transpose()?,
        })
    }
}

fn name(value: &Value) -> Result<String, ApiError> {
    let invalid = |message: &str| ApiError::invalid("name", message);
    let name = value
        .as_str()
        .ok_or_else(|| invalid("The name must be text."))?
        .trim();
    if name.is_empty() {
        return Err(invalid("The name is required."));
    }
    if name.chars().count() > LONGEST_NAME {
        return Err(ApiError::invalid(
            "name",
            format!("The name must be between 1 and {LONGEST_NAME} characters long."),
        ));
    }
    Ok(name.to_owned())
}

fn permissions(value: &Value, scope: TokenHome) -> Result<Permissions, ApiError> {
    let invalid = |message: String| ApiError::invalid("permissions", message);
    let list = value
        .as_array()
        .ok_or_else(|| invalid("The permissions must be a list.".to_owned()))?;
    if list.is_empty() {
        return Err(invalid("At least one permission is required.".to_owned()));
    }
    let names: Option<Vec<_>> = list.iter().map(Value::as_str).collect();
    let names = names.ok_or_else(|| invalid("A permission must be text.".to_owned()))?;
    if let Some(name) = names.iter().find(|name| NOT_FOR_TOKENS.contains(name)) {
        return Err(invalid(format!(
            "Tokens may not have the following permission: {name}"
        )));
    }
    let permissions = Permissions::read(names);
    if let Some(name) = permissions.unknown() {
        return Err(invalid(format!("{name} is not a known permission.")));
    }
    if matches!(scope, TokenHome::Repository(_)) && permissions.project.is_some() {
        return Err(invalid(
            "A token of a repository takes no project permission.".to_owned(),
        ));
    }
    if !permissions.go_together() {
        let names = permissions.names().join(" and ");
        return Err(invalid(format!("{names} cannot be combined.")));
    }
    Ok(permissions)
}

fn lifetime(
    fields: &Map<String, Value>,
    options: &Options,
) -> Result<Option<SignedDuration>, ApiError> {
    let invalid = |message: String| Err(ApiError::invalid("expiryDays", message));
    let most = options.max_expiry_days;
    let Some(value) = fields.get("expiryDays").filter(|value| !value.is_null()) else {
        return match most {
            _ if !options.expiry_required => Ok(None),
            Some(most) => invalid(format!("An expiry is required, of at most {most} days.")),
            None => invalid("An expiry is required.".to_owned()),
        };
    };
    let days = value.as_i64().and_then(|days| i32::try_from(days).ok());
    let Some(days) = days.filter(|days| *days > 0) else {
        return invalid("The expiry must be a whole number of days, at least 1.".to_owned());
    };
    if let Some(most) = most.filter(|most| i64::from(days) > i64::from(*most)) {
        return invalid(format!("The expiry must be at most {most} days."));
    }
    if days > LONGEST_LIFE {
        return invalid(format!("The expiry must be at most {LONGEST_LIFE} days."));
    }
    Ok(Some(SignedDuration::from_hours(24 * i64::from(days))))
}

/// A thousand years: what fits every calendar, ours and Java's.
const LONGEST_LIFE: i32 = 365_000;
