//! Whom and which tokens an answer names, whatever else it is about: share mode hides them.

use serde_json::Value;

use crate::text::clean;

/// The fields that name a user.
const NAMES: [&str; 4] = ["name", "slug", "displayName", "emailAddress"];
/// The user name of a token that is nobody's begins like this.
const TECHNICAL: &str = "access-token-user";
/// Nothing of Bitbucket's lies deeper.
const DEEPEST: usize = 12;

/// Everything by which an answer calls people, and the names of tokens in it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Named {
    /// User names, slugs, names and mail addresses.
    pub people: Vec<String>,
    /// Names of tokens.
    pub tokens: Vec<String>,
}

impl Named {
    /// Looks through an answer.
    pub(super) fn of(body: &[u8]) -> Self {
        let mut named = Self::default();
        if let Ok(value) = serde_json::from_slice::<Value>(body) {
            named.look(&value, DEEPEST);
        }
        named
    }

    /// Somebody whom a header names.
    pub(super) fn add_person(&mut self, name: &str) {
        let name = clean(name);
        // A project or repository token is nobody.
        if !name.is_empty() && !name.starts_with(TECHNICAL) {
            self.people.push(name);
        }
    }

    fn look(&mut self, value: &Value, depth: usize) {
        if depth == 0 {
            return;
        }
        match value {
            Value::Array(values) => values.iter().for_each(|value| self.look(value, depth - 1)),
            Value::Object(fields) => {
                let has = |name: &str| fields.get(name).is_some_and(Value::is_string);
                let text = |name: &str| fields.get(name).and_then(Value::as_str);
                // The server itself has a name to show too, and no other.
                let is_somebody = has("name") && (has("displayName") || has("emailAddress"));
                if is_somebody && text("type") != Some("SERVICE") {
                    for name in NAMES {
                        if let Some(name) = text(name) {
                            self.add_person(name);
                        }
                    }
                } else if fields.get("permissions").is_some_and(Value::is_array) {
                    self.tokens.extend(text("name").map(clean));
                }
                // Some servers leave the owner of a personal project out.
                if let Some(owner) = text("key").and_then(|key| key.strip_prefix('~')) {
                    self.add_person(owner);
                }
                for value in fields.values() {
                    self.look(value, depth - 1);
                }
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_and_tokens_are_found_wherever_they_stand() {
        let body = br#"{"values":[
            {"key":"~BOB","name":"Bob's","owner":{"name":"bob","slug":"bob","displayName":"Bob Okonkwo","emailAddress":"b@x.example"}},
            {"id":"1","name":"ci","permissions":["REPO_READ"],"user":{"name":"eve","displayName":"Eve"}},
            {"key":"PLAT","name":"Platform"},{"version":"9.4.0","displayName":"Bitbucket"}]}"#;
        let named = Named::of(body);
        for person in ["BOB", "bob", "Bob Okonkwo", "b@x.example", "eve", "Eve"] {
            assert!(named.people.iter().any(|known| known == person), "{person}");
        }
        assert_eq!(named.tokens, ["ci"]);
        for other in ["Platform", "Bitbucket"] {
            assert!(!named.people.iter().any(|known| known == other), "{other}");
        }
        assert_eq!(Named::of(b"<html>"), Named::default());
    }
}
