//! One file: its text, read key by key, so that every fault has its place.

use std::ops::Range;
use std::path::Path;

use serde::Deserialize;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::error::{Fault, unknown};
use super::key::{KEYS, Key, line};
use super::{Config, Server};
use crate::bitbucket::BaseUrl;
use crate::preset::{self, Preset, PresetError};

/// What a file can say of a server.
pub const SERVER_KEYS: [&str; 8] = [
    "address",
    "name",
    "ca_file",
    "client_certificate",
    "client_key",
    "oauth_client_id",
    "oauth_redirect_port",
    "portal",
];

/// The tables that a file can have several of, and what each can say.
const TABLES: [(&str, &[&str]); 2] = [("server", &SERVER_KEYS), ("preset", &Preset::KEYS)];

/// Nothing secret may stand in a configuration: who tries learns that, and not how to spell it.
const SECRETS: [&str; 8] = [
    "token",
    "access_token",
    "password",
    "passwd",
    "secret",
    "client_secret",
    "api_key",
    "credentials",
];

/// What a file has said, beside the configuration that it has changed.
#[derive(Debug, Default)]
pub(super) struct Said {
    /// The simple keys and where they stand.
    pub(super) keys: Vec<(&'static Key, Range<usize>)>,
    pub(super) servers: Vec<(Server, Range<usize>)>,
    /// Where the first preset stands, if there is one.
    pub(super) presets: Option<Range<usize>>,
}

/// Reads the text of a file into the configuration. A relative file is one beside it, and
/// `~/` is the home directory.
pub(super) fn read(
    text: &str,
    directory: &Path,
    home: Option<&Path>,
    config: &mut Config,
) -> Result<Said, Fault> {
    let table = DeTable::parse(text)?;
    let mut said = Said::default();
    for (name, value) in table.get_ref() {
        if let Some(key) = KEYS.iter().find(|key| key.name == name.get_ref().as_ref()) {
            let set = key.set(config, value.get_ref());
            set.map_err(|problem| Fault::at(value.span(), format!("`{}`: {problem}", key.name)))?;
            said.keys.push((key, name.span()));
            continue;
        }
        let is_it = |(table, _): &&(&str, _)| *table == name.get_ref().as_ref();
        match TABLES.iter().find(is_it) {
            Some((table, known)) => check_tables(table, known, value)?,
            None => {
                let known = KEYS.iter().map(|key| key.name);
                let known = known.chain(TABLES.map(|(table, _)| table));
                return Err(Fault::at(name.span(), unknown_key(name.get_ref(), known)));
            }
        }
    }
    // The keys are known by now, so serde has only to look at their values.
    let tables: Tables = toml::from_str(text)?;
    for entry in tables.server {
        let place = entry.span();
        let server = entry.into_inner().server(directory, home)?;
        said.servers.push((server, place));
    }
    said.presets = tables.preset.first().map(Spanned::span);
    if said.presets.is_some() {
        config.presets = presets(tables.preset)?;
    }
    Ok(said)
}

/// Fails on a key that no table of this kind has.
fn check_tables(
    what: &str,
    known: &[&'static str],
    value: &Spanned<DeValue<'_>>,
) -> Result<(), Fault> {
    let wanted = || {
        let problem =
            format!("`{what}` is written as [[{what}]], with its keys in the lines below");
        Fault::at(value.span(), problem)
    };
    for entry in value.get_ref().as_array().ok_or_else(wanted)?.iter() {
        for (name, _) in entry.get_ref().as_table().ok_or_else(wanted)? {
            if !known.contains(&name.get_ref().as_ref()) {
                let problem = unknown_key(name.get_ref(), known.iter().copied());
                return Err(Fault::at(name.span(), problem));
            }
        }
    }
    Ok(())
}

fn unknown_key<'a>(found: &str, known: impl Iterator<Item = &'a str>) -> String {
    if SECRETS.contains(&found.to_lowercase().replace('-', "_").as_str()) {
        return "secrets do not belong in a configuration: remove this line. bbtoken asks for passwords, \
                and git stores tokens".to_owned();
    }
    belongs_elsewhere(found).unwrap_or_else(|| unknown("key", found, known))
}

/// Where a key belongs that stands in the wrong part of a file.
fn belongs_elsewhere(found: &str) -> Option<String> {
    let tables = TABLES.iter().filter(|(_, keys)| keys.contains(&found));
    let mut places: Vec<_> = tables
        .map(|(table, _)| format!("under [[{table}]]"))
        .collect();
    if KEYS.iter().any(|key| key.name == found) {
        places.push("at the top of the file, above every [[server]] and [[preset]]".to_owned());
    }
    (!places.is_empty()).then(|| format!("`{found}` belongs {}", places.join(" or ")))
}

#[derive(Deserialize)]
struct Tables {
    #[serde(default)]
    server: Vec<Spanned<ServerEntry>>,
    #[serde(default)]
    preset: Vec<Spanned<Preset>>,
}

#[derive(Deserialize)]
struct ServerEntry {
    address: Spanned<String>,
    name: Option<Spanned<String>>,
    ca_file: Option<Spanned<String>>,
    client_certificate: Option<Spanned<String>>,
    client_key: Option<Spanned<String>>,
    oauth_client_id: Option<Spanned<String>>,
    oauth_redirect_port: Option<u16>,
    portal: Option<Spanned<String>>,
}

impl ServerEntry {
    fn server(self, directory: &Path, home: Option<&Path>) -> Result<Server, Fault> {
        let address = BaseUrl::parse(self.address.get_ref())
            .map_err(|error| Fault::at(self.address.span(), format!("`address`: {error}")))?;
        let portal = text("portal", self.portal, |text| {
            let is_page = text.starts_with("https://") || text.starts_with("http://");
            is_page
                .then_some(text)
                .ok_or("it has to be the address of a page, starting with https://")
        })?;
        let file = |key, given| {
            text(key, given, |text| {
                Ok(match (text.strip_prefix("~/"), home) {
                    (Some(below), Some(home)) => home.join(below),
                    _ => directory.join(text),
                })
            })
        };
        let ca_file = file("ca_file", self.ca_file)?;
        let client_certificate = file("client_certificate", self.client_certificate)?;
        let client_key = file("client_key", self.client_key)?;
        Ok(Server {
            address,
            name: text("name", self.name, Ok)?,
            ca_file,
            client_certificate,
            client_key,
            oauth_client_id: text("oauth_client_id", self.oauth_client_id, Ok)?,
            oauth_redirect_port: self.oauth_redirect_port,
            portal,
        })
    }
}

/// The text of a key, if it is there, in a form of its own.
fn text<T>(
    key: &str,
    given: Option<Spanned<String>>,
    read: impl FnOnce(String) -> Result<T, &'static str>,
) -> Result<Option<T>, Fault> {
    let Some(given) = given else {
        return Ok(None);
    };
    let place = given.span();
    let value = line(given.get_ref()).and_then(|text| Ok(read(text)?));
    let fault = |problem| Fault::at(place, format!("`{key}`: {problem}"));
    value.map(Some).map_err(fault)
}

fn presets(entries: Vec<Spanned<Preset>>) -> Result<Vec<Preset>, Fault> {
    let places: Vec<_> = entries
        .iter()
        .map(|entry| (entry.get_ref().name.clone(), entry.span()))
        .collect();
    let presets = entries.into_iter().map(Spanned::into_inner).collect();
    preset::check(presets).map_err(|error| {
        let guilty = match &error {
            PresetError::Refused { name, .. }
            | PresetError::TwoRecommended(_, name)
            | PresetError::SameId(_, name, _) => Some(name),
            PresetError::Syntax(_) | PresetError::Empty | PresetError::Unknown { .. } => None,
        };
        let place = places.into_iter().find(|(name, _)| Some(name) == guilty);
        Fault {
            place: place.map(|(_, place)| place),
            problem: error.to_string(),
        }
    })
}
