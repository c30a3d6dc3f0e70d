//! `bbtoken config`: what is in force, and where each value comes from.

use std::error::Error;
use std::process::ExitCode;

use clap::Args;
use serde_json::{Value, json};

use super::output;
use crate::bitbucket::BaseUrl;
use crate::config::{ConfigError, KEYS, Loaded, SAMPLE};
use crate::environment::Environment;
use crate::operation::whereabouts;
use crate::text::clean;

/// How the configuration is printed.
#[derive(Debug, Args)]
pub(super) struct Print {
    /// For programs
    #[arg(long)]
    json: bool,
    /// A file that explains every key, to begin with
    #[arg(long, conflicts_with = "json")]
    sample: bool,
}

/// Prints the configuration, or a sample of one.
///
/// # Errors
/// If something is wrong with the configuration, or standard output is closed.
pub(super) fn print(
    arguments: &Print,
    load: impl FnOnce() -> Result<Loaded, ConfigError>,
) -> Result<ExitCode, Box<dyn Error>> {
    if arguments.sample {
        // Also where the configuration is broken: here is how to mend it.
        output::print(SAMPLE)?;
        return Ok(ExitCode::SUCCESS);
    }
    let loaded = load()?;
    // As an address of a server: without a user name or a password that somebody wrote into it.
    let address = whereabouts::usual(&Environment::of_process());
    let address = address.map(|address| match BaseUrl::parse(&address) {
        Ok(base) => base.to_string(),
        Err(error) => error.to_string(),
    });
    if arguments.json {
        let json = as_json(&loaded, address.as_deref())?;
        output::print(&format!("{json:#}\n"))?;
    } else {
        output::show(&as_text(&loaded, address)?)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Three columns: what, its value, where it comes from.
fn as_text(loaded: &Loaded, address: Option<String>) -> Result<String, Box<dyn Error>> {
    let mut rows = Vec::new();
    for key in KEYS {
        let value = key.value(&loaded.config);
        let value = value.map_or_else(|| "not set".to_owned(), |value| value.to_string());
        rows.push((key.name, value, loaded.source(key.name).to_string()));
    }
    if let Some(address) = address {
        rows.push(("address", address, whereabouts::SERVER.to_owned()));
    }
    for (server, source) in loaded.config.servers.iter().zip(&loaded.servers) {
        let name = server.name.iter().map(|name| format!(" ({name})"));
        let value = format!("{}{}", server.address, name.collect::<String>());
        rows.push(("server", value, source.to_string()));
    }
    for preset in loaded.config.presets()? {
        let star = if preset.recommended { "★ " } else { "" };
        let name = Some(&preset.name).filter(|name| **name != preset.id);
        let name = name.map_or_else(String::new, |name| format!(" ({name})"));
        let value = format!("{star}{}{name}", preset.id);
        rows.push(("preset", value, loaded.presets_source().to_string()));
    }
    let wide = |text: &String| text.chars().count();
    let names = rows.iter().map(|row| row.0.len()).max().unwrap_or(0);
    let values = rows.iter().map(|row| wide(&row.1)).max().unwrap_or(0);
    let mut text = String::from("Files, of which the later one wins:\n");
    for (file, is_there) in &loaded.files {
        let file = clean(&file.display().to_string());
        let sign = if *is_there { "✓" } else { "–" };
        let absent = if *is_there { "" } else { " (not there)" };
        text.push_str(&format!("  {sign} {file}{absent}\n"));
    }
    text.push('\n');
    for (name, value, source) in rows {
        text.push_str(&format!(
            "{name:<names$}  {value:<values$}  {}\n",
            clean(&source)
        ));
    }
    Ok(text)
}

fn as_json(loaded: &Loaded, address: Option<&str>) -> Result<Value, Box<dyn Error>> {
    let files = loaded.files.iter();
    let files = files.map(|(file, is_there)| json!({"file": file, "is_there": is_there}));
    let values = KEYS.iter().map(|key| {
        let source = loaded.source(key.name).to_string();
        json!({"key": key.name, "value": key.value(&loaded.config), "from": source})
    });
    let servers = loaded.config.servers.iter().zip(&loaded.servers);
    let servers = servers.map(|(server, source)| {
        json!({
            "address": server.address.to_string(),
            "name": server.name,
            "ca_file": server.ca_file,
            "client_certificate": server.client_certificate,
            "client_key": server.client_key,
            "oauth_client_id": server.oauth_client_id,
            "oauth_redirect_port": server.oauth_redirect_port,
            "portal": server.portal,
            "from": source.to_string(),
        })
    });
    let presets = loaded.config.presets()?;
    let presets = presets.iter().map(|preset| {
        let source = loaded.presets_source().to_string();
        json!({
            "id": preset.id,
            "name": preset.name,
            "recommended": preset.recommended,
            "from": source,
        })
    });
    Ok(json!({
        "files": files.collect::<Vec<_>>(),
        "values": values.collect::<Vec<_>>(),
        "address": address,
        "servers": servers.collect::<Vec<_>>(),
        "presets": presets.collect::<Vec<_>>(),
    }))
}
