//! THE table of the simple keys: their name in files, their variable, how they are set and shown.
//!
//! Reading files and the environment, `bbtoken config` and the test of the sample all come from it.

use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use toml::de::{DeInteger, DeValue};

use super::{Config, token_name};
use crate::text;

/// The longest expiry that the form of a token takes: four digits.
const MOST_DAYS: u32 = 9999;
/// A day: nobody wants a token on the clipboard for longer.
const MOST_SECONDS: u32 = 86_400;

/// A new token is tried as soon as it is made, or not at all.
const ALWAYS: &str = "always";
const NEVER: &str = "never";

/// What a key takes, and the part of the configuration that it stands for.
#[derive(Debug, Clone, Copy)]
enum Kind {
    Text {
        get: fn(&Config) -> Option<String>,
        set: fn(&mut Config, String) -> Result<(), String>,
    },
    Number {
        least: u32,
        most: u32,
        get: fn(&Config) -> Option<u32>,
        set: fn(&mut Config, u32),
    },
    Switch {
        get: fn(&Config) -> bool,
        set: fn(&mut Config, bool),
    },
}

/// The value of a key.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(untagged)]
pub enum Value {
    /// A text, one line.
    Text(String),
    /// A whole number.
    Number(u32),
    /// Yes or no.
    Switch(bool),
}

/// As TOML writes it.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => write!(f, "{}", toml::Value::String(text.clone())),
            Self::Number(number) => write!(f, "{number}"),
            Self::Switch(switch) => write!(f, "{switch}"),
        }
    }
}

/// One key.
#[derive(Debug)]
pub struct Key {
    /// As files write it.
    pub name: &'static str,
    kind: Kind,
}

impl Key {
    /// The environment variable: `BBTOKEN_` and the name in capitals.
    #[must_use]
    pub fn variable(&self) -> String {
        format!("BBTOKEN_{}", self.name.to_uppercase())
    }

    /// What is in force; `None`: nothing is set.
    #[must_use]
    pub fn value(&self, config: &Config) -> Option<Value> {
        match self.kind {
            Kind::Text { get, .. } => get(config).map(Value::Text),
            Kind::Number { get, .. } => get(config).map(Value::Number),
            Kind::Switch { get, .. } => Some(Value::Switch(get(config))),
        }
    }

    /// Puts in force what a file says; the error says what is wanted.
    pub(super) fn set(&self, config: &mut Config, value: &DeValue<'_>) -> Result<(), String> {
        match self.kind {
            Kind::Text { set, .. } => {
                let text = value.as_str().ok_or("it has to be text in quotes")?;
                set(config, line(text)?)
            }
            Kind::Number {
                least, most, set, ..
            } => {
                // As `read` takes no other radix, hexadecimal numbers of TOML are no numbers here.
                let digits = value.as_integer().map(DeInteger::as_str);
                let number = digits.and_then(|digits| number(digits, least, most));
                let wanted = || {
                    format!("it has to be a whole number from {least} to {most}, without quotes")
                };
                set(config, number.ok_or_else(wanted)?);
                Ok(())
            }
            Kind::Switch { set, .. } => {
                set(
                    config,
                    value
                        .as_bool()
                        .ok_or("it has to be true or false, without quotes")?,
                );
                Ok(())
            }
        }
    }

    /// Puts in force what a variable or an option says; the error says what is wanted.
    pub(super) fn read(&self, config: &mut Config, given: &str) -> Result<(), String> {
        match self.kind {
            Kind::Text { set, .. } => set(config, line(given)?),
            Kind::Number {
                least, most, set, ..
            } => {
                let wanted = || format!("it has to be a whole number from {least} to {most}");
                set(
                    config,
                    number(given.trim(), least, most).ok_or_else(wanted)?,
                );
                Ok(())
            }
            Kind::Switch { set, .. } => {
                let switch = match given.trim() {
                    "true" | "1" | "yes" | "on" => true,
                    "false" | "0" | "no" | "off" => false,
                    _ => return Err("it has to be true or false".to_owned()),
                };
                set(config, switch);
                Ok(())
            }
        }
    }
}

/// A text that can be drawn.
pub(super) fn line(text: &str) -> Result<String, String> {
    let text = text::clean(text.trim());
    if text.is_empty() {
        return Err("it is empty: remove the whole line instead".to_owned());
    }
    Ok(text)
}

fn number(digits: &str, least: u32, most: u32) -> Option<u32> {
    let number = digits.parse().ok()?;
    (least..=most).contains(&number).then_some(number)
}

/// A file for every directory that the program is started in.
fn full_path(text: &str) -> Result<PathBuf, String> {
    let path = PathBuf::from(text);
    if path.is_absolute() {
        Ok(path)
    } else {
        Err("that is a different file in each directory: give the full path".to_owned())
    }
}

fn shown(path: Option<&Path>) -> Option<String> {
    Some(text::clean(&path?.display().to_string()))
}

/// All simple keys, in the order of the sample.
pub const KEYS: &[Key] = &[
    Key {
        name: "help",
        kind: Kind::Text {
            get: |config| config.help.clone(),
            set: |config, text| {
                config.help = Some(text);
                Ok(())
            },
        },
    },
    Key {
        name: "recommended_preset",
        kind: Kind::Text {
            get: |config| config.recommended_preset.clone(),
            set: |config, text| {
                config.recommended_preset = Some(text);
                Ok(())
            },
        },
    },
    Key {
        name: "expiry_days",
        kind: Kind::Number {
            least: 1,
            most: MOST_DAYS,
            get: |config| config.expiry_days,
            set: |config, days| config.expiry_days = Some(days),
        },
    },
    Key {
        name: "longest_expiry_days",
        kind: Kind::Number {
            least: 1,
            most: MOST_DAYS,
            get: |config| config.longest_expiry_days,
            set: |config, days| config.longest_expiry_days = Some(days),
        },
    },
    Key {
        name: "token_name",
        kind: Kind::Text {
            get: |config| Some(config.token_name.clone()),
            set: |config, pattern| {
                token_name::check(&pattern, token_name::OF_A_PERSON)?;
                config.token_name = pattern;
                Ok(())
            },
        },
    },
    Key {
        name: "tool_token_name",
        kind: Kind::Text {
            get: |config| Some(config.tool_token_name.clone()),
            set: |config, pattern| {
                token_name::check(&pattern, token_name::OF_A_TOOL)?;
                config.tool_token_name = pattern;
                Ok(())
            },
        },
    },
    Key {
        name: "trial",
        kind: Kind::Text {
            get: |config| Some(if config.trial { ALWAYS } else { NEVER }.to_owned()),
            set: |config, text| {
                config.trial = match text.as_str() {
                    ALWAYS => true,
                    NEVER => false,
                    _ => return Err(format!("it is \"{ALWAYS}\" or \"{NEVER}\"")),
                };
                Ok(())
            },
        },
    },
    Key {
        name: "user",
        kind: Kind::Text {
            get: |config| config.user.clone(),
            set: |config, text| {
                config.user = Some(text);
                Ok(())
            },
        },
    },
    Key {
        name: "clipboard",
        kind: Kind::Text {
            get: |config| Some(config.clipboard.to_string()),
            set: |config, text| {
                config.clipboard = text.parse()?;
                Ok(())
            },
        },
    },
    Key {
        name: "clear_clipboard",
        kind: Kind::Number {
            least: 0,
            most: MOST_SECONDS,
            get: |config| {
                let seconds = config.clear_clipboard.map_or(0, |time| time.as_secs());
                u32::try_from(seconds).ok()
            },
            set: |config, seconds| {
                let time = Duration::from_secs(seconds.into());
                config.clear_clipboard = (!time.is_zero()).then_some(time);
            },
        },
    },
    Key {
        name: "share",
        kind: Kind::Switch {
            get: |config| config.share,
            set: |config, share| config.share = share,
        },
    },
    Key {
        name: "share_hides_token_names",
        kind: Kind::Switch {
            get: |config| config.share_hides_token_names,
            set: |config, hides| config.share_hides_token_names = hides,
        },
    },
    Key {
        name: "guidance",
        kind: Kind::Switch {
            get: |config| config.guidance,
            set: |config, guidance| config.guidance = guidance,
        },
    },
    Key {
        name: "colour",
        kind: Kind::Switch {
            get: |config| config.colour,
            set: |config, colour| config.colour = colour,
        },
    },
    Key {
        name: "client_certificate",
        kind: Kind::Text {
            get: |config| shown(config.client_certificate.as_deref()),
            set: |config, text| {
                config.client_certificate = Some(full_path(&text)?);
                Ok(())
            },
        },
    },
    Key {
        name: "client_key",
        kind: Kind::Text {
            get: |config| shown(config.client_key.as_deref()),
            set: |config, text| {
                config.client_key = Some(full_path(&text)?);
                Ok(())
            },
        },
    },
];
