//! What a new token is to be, as options say it: checked before anything else is done.

use super::exit::{Exit, Failure};
use crate::config::Config;
use crate::operation::draft::{self, Lifetime};
use crate::preset::{self, Preset};

fn wrong(what: String) -> Failure {
    Failure::new(Exit::Usage, what)
}

/// The preset that is called this.
pub(super) fn preset<'a>(presets: &'a [Preset], called: &str) -> Result<&'a Preset, Failure> {
    let preset = preset::find(presets, called);
    preset.map_err(|error| wrong(format!("--preset: {error}.")))
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
