#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use std::collections::BTreeSet;
use std::time::Duration;

use tempfile::TempDir;

use super::super::{SAMPLE, SERVER_KEYS, Value};
use super::*;
use crate::clipboard::Choice;
use crate::preset::{self, Preset};

/// A home directory and an organisation's file of its own.
struct Home(TempDir);

impl Home {
    fn new() -> Self {
        Self(TempDir::new().unwrap())
    }

    fn organisation(&self) -> PathBuf {
        self.0.path().join("organisation.toml")
    }

    fn user(&self) -> PathBuf {
        self.0.path().join("config/bbtoken/config.toml")
    }

    fn with(self, organisation: &str, user: &str) -> Self {
        fs::write(self.organisation(), organisation).unwrap();
        fs::create_dir_all(self.user().parent().unwrap()).unwrap();
        fs::write(self.user(), user).unwrap();
        self
    }

    fn environment(&self) -> Environment {
        let clean = KEYS.iter().fold(Environment::of_process(), |here, key| {
            here.with(key.variable(), "")
        });
        clean
            .with("HOME", self.0.path())
            .with("XDG_CONFIG_HOME", self.0.path().join("config"))
            .with("BBTOKEN_CONFIG", "")
            .with("BBTOKEN_ORGANISATION_CONFIG", self.organisation())
    }

    fn load(&self) -> Result<Loaded, ConfigError> {
        load(&self.environment(), &Options::default())
    }
}

fn why(user: &str) -> String {
    let home = Home::new().with("", user);
    let error = home.load().unwrap_err().to_string();
    let file = home.user().display().to_string();
    let place = error.strip_prefix(&file);
    place
        .unwrap_or_else(|| panic!("no file in {error}"))
        .to_owned()
}

#[test]
fn an_empty_home_has_the_defaults() {
    let home = Home::new();
    let environment = home.environment().with("BBTOKEN_ORGANISATION_CONFIG", "");
    let options = Options {
        file: None,
        values: Vec::new(),
    };
    // Whatever this computer's organisation says: only the user's file is looked at here.
    if places::organisation(&environment).is_some_and(|file| file.exists()) {
        return;
    }
    let loaded = load(&environment, &options).unwrap();
    assert_eq!(loaded.config, Config::default());
    assert!(loaded.files.iter().all(|(_, is_there)| !is_there));
}

#[test]
fn the_later_one_wins_and_says_where_it_was() {
    let home = Home::new().with(
        "help = 'Ask Dora'\nclipboard = 'native'\nexpiry_days = 30\nshare = true\n",
        "\nclipboard = \"tmux\"\nexpiry_days = 60\nclear_clipboard = 0\n",
    );
    let environment = home
        .environment()
        .with("BBTOKEN_EXPIRY_DAYS", "90")
        .with("BBTOKEN_SHARE", "off");
    let options = Options {
        file: None,
        values: vec![("clipboard", "--clipboard", "osc52".to_owned())],
    };
    let loaded = load(&environment, &options).unwrap();
    let config = &loaded.config;
    assert_eq!(config.help.as_deref(), Some("Ask Dora"));
    assert_eq!(config.clipboard, Choice::Osc52);
    assert_eq!(config.expiry_days, Some(90));
    assert_eq!(config.clear_clipboard, None);
    assert!(!config.share);
    let source = |key| loaded.source(key).clone();
    assert_eq!(source("help"), Source::File(home.organisation(), 1));
    assert_eq!(source("clear_clipboard"), Source::File(home.user(), 4));
    assert_eq!(source("clipboard").to_string(), "--clipboard");
    assert_eq!(source("expiry_days").to_string(), "BBTOKEN_EXPIRY_DAYS");
    assert_eq!(source("guidance"), Source::Default);
}

#[test]
fn what_is_wrong_is_said_with_its_line_and_a_suggestion() {
    for (text, problem) in [
        (
            "\n\nexpirydays = 3",
            ", line 3, column 1: unknown key `expirydays`: did you mean `expiry_days`?",
        ),
        (
            "zzz = 3",
            ", line 1, column 1: unknown key `zzz`: it is one of help, ",
        ),
        (
            "share = 'yes'",
            ", line 1, column 9: `share`: it has to be true or false, without quotes",
        ),
        (
            "expiry_days = 0",
            ", line 1, column 15: `expiry_days`: it has to be a whole number from 1 to 9999, without quotes",
        ),
        (
            "expiry_days = '9'",
            "`expiry_days`: it has to be a whole number",
        ),
        (
            "clipboard = 'x11'",
            ", line 1, column 13: `clipboard`: it has to be one of auto, native, tmux, osc52, off",
        ),
        ("help = ' '", "`help`: it is empty"),
        (
            "token_name = '{usr}'",
            "unknown placeholder `usr`: did you mean `user`?",
        ),
        ("help = \"x\nshare = true", ", line 1, column "),
        (
            "help = 'a'\nhelp = 'b'",
            ", line 2, column 1: duplicate key",
        ),
        (
            "server = 'git.example.com'",
            ", line 1, column 10: `server` is written as [[server]]",
        ),
        (
            "[[server]]\naddres = 'x'",
            ", line 2, column 1: unknown key `addres`: did you mean `address`?",
        ),
        (
            "user = 'alice'\nca_file = 'x.pem'",
            ", line 2, column 1: `ca_file` belongs under [[server]]",
        ),
        ("warning = 'x'", "`warning` belongs under [[preset]]"),
        (
            "name = 'x'",
            "`name` belongs under [[server]] or under [[preset]]",
        ),
        (
            "[[server]]\naddress = 'x'\nclipboard = 'off'",
            ", line 3, column 1: `clipboard` belongs at the top of the file, above every [[server]] and [[preset]]",
        ),
        (
            "[[server]]\naddress = 'x'\nexpiry_days = 9",
            "`expiry_days` belongs under [[preset]] or at the top of the file, above every",
        ),
        (
            "[[preset]]\nportal = 'x'",
            ", line 2, column 1: `portal` belongs under [[server]]",
        ),
        ("[[server]]\nname = 'x'", "missing field `address`"),
        (
            "[[server]]\naddress = 'ftp://x'",
            ", line 2, column 11: `address`: ",
        ),
        (
            "[[server]]\naddress = 'x'\nportal = 'x'",
            ", line 3, column 10: `portal`: it ",
        ),
        ("[[server]]\naddress = 3", ", line 2, column 11: "),
        (
            "recommended_preset = 'gti'",
            ":1: there is no preset \"gti\": use one of git, git-read",
        ),
    ] {
        let said = why(text);
        assert!(said.contains(problem), "{said}");
    }
    let preset = "[[preset]]\nname='a'\nsummary='s'\nproject='read'\nrepository='read'\ntoken_name='t'\nexpiry_days=1\n";
    let said = why(&preset.replace("'read'", "'boss'"));
    assert!(
        said.contains("line 4") && said.contains("use read, write or admin"),
        "{said}"
    );
    let said = why(&preset.replace("project='read'", "project='admin'"));
    assert!(
        said.contains(", line 1, column 1: preset \"a\": "),
        "{said}"
    );
    let said = why(&(preset.to_owned() + "warnin='x'"));
    assert!(
        said.contains("line 8, column 1: unknown key `warnin`: did you mean `warning`?"),
        "{said}"
    );
    let marked = format!("{preset}recommended=true\n");
    let said = why(&(marked.clone() + &marked.replace("'a'", "'b'")));
    assert!(
        said.contains(", line 9, column 1: \"a\" and \"b\" are both recommended"),
        "{said}"
    );
}

#[test]
fn nothing_secret_is_taken_and_none_is_repeated() {
    for name in ["password", "token", "Access-Token"] {
        let said = why(&format!("{name} = 'hunter2'"));
        assert!(
            said.contains("secrets do not belong in a configuration"),
            "{said}"
        );
        assert!(!said.contains("hunter2"), "{said}");
    }
    let said = why("[[server]]\naddress='x'\npassword='hunter2'");
    assert!(
        said.contains("line 3") && said.contains("secrets do not belong"),
        "{said}"
    );
    // Neither does the parser repeat the line that it does not understand.
    let said = why("password = hunter2");
    assert!(!said.contains("hunter2"), "{said}");
}

#[test]
fn a_variable_or_an_option_that_is_wrong_is_named() {
    let environment = Home::new().with("", "");
    let given = environment.environment().with("BBTOKEN_SHARE", "maybe");
    let error = load(&given, &Options::default()).unwrap_err().to_string();
    assert_eq!(error, "BBTOKEN_SHARE: it has to be true or false");
}

#[test]
fn a_file_that_is_named_has_to_be_there() {
    let home = Home::new().with("", "");
    let missing = home.0.path().join("missing.toml");
    let options = Options {
        file: Some(missing.clone()),
        values: Vec::new(),
    };
    let error = load(&home.environment(), &options).unwrap_err().to_string();
    assert!(error.contains("missing.toml cannot be read"), "{error}");
    let named = home.environment().with("BBTOKEN_CONFIG", missing);
    assert!(load(&named, &Options::default()).is_err());
}

#[test]
fn the_user_s_servers_come_first_and_an_address_is_one_server() {
    let home = Home::new().with(
        "[[server]]\naddress='git.example.com'\nname='Company'\nca_file='ca.pem'\n[[server]]\naddress='b.example.com'\n",
        "[[server]]\naddress='c.example.com'\nca_file='~/c.pem'\n[[server]]\naddress='https://git.example.com/'\nname='Mine'\nportal='https://p.example.com/'\noauth_client_id='id'\n",
    );
    let loaded = home.load().unwrap();
    let servers = &loaded.config.servers;
    let hosts: Vec<_> = servers.iter().map(|server| server.address.host()).collect();
    assert_eq!(hosts, ["c.example.com", "git.example.com", "b.example.com"]);
    let mine = &servers[1];
    assert_eq!(mine.name.as_deref(), Some("Mine"));
    assert_eq!(mine.ca_file, Some(home.0.path().join("ca.pem")));
    assert_eq!(servers[0].ca_file, Some(home.0.path().join("c.pem")));
    assert_eq!(mine.oauth_client_id.as_deref(), Some("id"));
    assert_eq!(loaded.config.server(&mine.address), Some(mine));
    assert_eq!(loaded.servers[2], Source::File(home.organisation(), 5));
}

#[test]
fn presets_replace_those_before_and_another_can_be_recommended() {
    let preset = |name: &str| {
        format!(
            "[[preset]]\nname='{name}'\nsummary=''\nproject='read'\nrepository='read'\ntoken_name='t'\nexpiry_days=1\n"
        )
    };
    let organisation = format!("recommended_preset='b'\n{}{}", preset("a"), preset("b"));
    let names = |loaded: &Loaded| {
        let presets = loaded.config.presets().unwrap();
        presets
            .iter()
            .map(|preset| preset.name.clone())
            .collect::<Vec<_>>()
    };
    let loaded = Home::new().with(&organisation, "").load().unwrap();
    assert_eq!(names(&loaded), ["b", "a"]);
    assert!(loaded.config.presets().unwrap()[0].recommended);
    let loaded = Home::new()
        .with(&organisation, &preset("c"))
        .load()
        .unwrap();
    assert_eq!(names(&loaded), ["c"]);
    assert_eq!(loaded.source("recommended_preset"), &Source::Default);
    let loaded = Home::new()
        .with("", "recommended_preset='read only'")
        .load()
        .unwrap();
    assert_eq!(
        names(&loaded)[..2],
        ["git, read only", "git, read and write"]
    );
}

/// The sample with its settings in force: "#key = value" becomes "key = value".
fn uncommented() -> String {
    let lines = SAMPLE.lines().map(|line| match line.strip_prefix('#') {
        Some(setting)
            if setting.starts_with(|first: char| first.is_ascii_lowercase() || first == '[') =>
        {
            setting
        }
        _ => line,
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn the_sample_changes_nothing_and_explains_every_key() {
    let loaded = Home::new().with("", SAMPLE).load().unwrap();
    assert_eq!(loaded.config, Config::default());

    let text = uncommented();
    let loaded = Home::new().with("", &text).load().unwrap();
    for key in KEYS {
        assert_ne!(
            loaded.source(key.name),
            &Source::Default,
            "{} is not in the sample",
            key.name
        );
        let by_default = key.value(&Config::default());
        if by_default.is_some() {
            assert_eq!(
                key.value(&loaded.config),
                by_default,
                "the default of {}",
                key.name
            );
        }
    }
    let table: toml::Table = text.parse().unwrap();
    let keys = |name: &str| {
        let entries = table[name].as_array().unwrap().iter();
        let keys = entries.flat_map(|entry| entry.as_table().unwrap().keys().cloned());
        keys.collect::<BTreeSet<_>>()
    };
    assert_eq!(keys("server"), SERVER_KEYS.map(str::to_owned).into());
    assert_eq!(keys("preset"), Preset::KEYS.map(str::to_owned).into());
    // Its presets are the program's own.
    let built_in = preset::built_in().unwrap();
    assert!(
        loaded
            .config
            .presets
            .iter()
            .all(|preset| built_in.contains(preset))
    );
}

#[test]
fn a_value_is_shown_as_it_is_written() {
    assert_eq!(Value::Text("a \"b\"".to_owned()).to_string(), "'a \"b\"'");
    assert_eq!(Value::Number(3).to_string(), "3");
    assert_eq!(Value::Switch(true).to_string(), "true");
    assert_eq!(
        Config::default().clear_clipboard,
        Some(Duration::from_secs(60))
    );
}

#[test]
fn a_key_without_its_certificate_is_named_with_its_place() {
    let alone = "`client_key` is set without its certificate: set `client_certificate` too";
    let server = "[[server]]\naddress = \"git.example.com\"\nclient_key = \"/k.pem\"\n";
    for text in [server, "client_key = \"/k.pem\"\n"] {
        let said = why(text);
        assert!(said.starts_with(&format!(":1: {alone}")), "{said}");
    }
    let home = Home::new().with("", "");
    let here = home.environment().with("BBTOKEN_CLIENT_KEY", "/k.pem");
    let error = load(&here, &Options::default()).unwrap_err().to_string();
    assert!(
        error.starts_with(&format!("BBTOKEN_CLIENT_KEY: {alone}")),
        "{error}"
    );
    let whole = format!("{server}client_certificate = \"/c.pem\"\n");
    Home::new().with("", &whole).load().unwrap();
    // The two may stand in two files.
    let organisation =
        "[[server]]\naddress = \"git.example.com\"\nclient_certificate = \"/c.pem\"\n";
    Home::new().with(organisation, server).load().unwrap();
}
