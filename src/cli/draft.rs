//! What a new token is to be, as options say it: checked before anything else is done.

use super::exit::{Exit, Failure};
use crate::config::Config;
use crate::operation::draft::{self, Lifetime, UsedBy};
use crate::preset::{self, Preset};

fn wrong(what: String) -> Failure {
    Failure::new(Exit::Usage, what)
}

/// The preset that is called this.
pub(super) fn preset<'a>(presets: &'a [Preset], called: &str) -> Result<&'a Preset, Failure> {
    let preset = preset::find(presets, called);
    preset.map_err(|error| wrong(format!("--preset: {error}.")))
}

/// Who will use it: a tool, or git on this computer where none is named.
pub(super) fn used_by(tool: Option<&str>) -> Result<UsedBy, Failure> {
    match tool.map(str::trim) {
        Some("") => Err(wrong("--tool is empty.".to_owned())),
        Some(tool) if tool.contains(char::is_control) => {
            let what = "--tool contains a line break or another control character.";
            Err(wrong(what.to_owned()))
        }
        Some(tool) => Ok(UsedBy::Tool(tool.to_owned())),
        None => Ok(UsedBy::Git),
    }
}

/// So many days, or as many as are usual; no more than the organisation allows.
pub(super) fn lifetime(
    days: Option<u32>,
    config: &Config,
    preset: Option<&Preset>,
) -> Result<Lifetime, Failure> {
    let lifetime = match days {
        Some(days) => Lifetime::exactly(days, config.longest_expiry_days),
        None => draft::lifetime(config, preset),
    };
    match lifetime.valid_days() {
        Ok(_) => Ok(lifetime),
        Err(error) => Err(wrong(format!("--days: {error}"))),
    }
}
