//! What can be seen on this computer alone.

use std::io::{self, IsTerminal};
use std::time::Duration;

use super::Finding;
use jiff::Timestamp;

use crate::bitbucket::BaseUrl;
use crate::clipboard;
use crate::config::{Config, ConfigError, Loaded};
use crate::environment::Environment;
use crate::git::{self, Store, Target, Version};
use crate::permission::ScopeKind;

/// git answers within this time, or something is wrong.
const PATIENCE: Duration = Duration::from_secs(10);
/// The smallest window that the interface draws in.
const SMALLEST: (u16, u16) = (40, 10);

/// Whether the configuration can be read.
pub(super) fn configuration(configuration: &Result<Loaded, ConfigError>) -> Finding {
    const CHECK: &str = "configuration";
    match configuration {
        Err(error) => Finding::bad(
            CHECK,
            error.to_string(),
            "Correct it there; bbtoken config --sample explains every setting. The other checks went on with the defaults.",
        ),
        Ok(loaded) => {
            let files = loaded.files.iter().filter(|(_, is_there)| *is_there);
            let files: Vec<_> = files.map(|(file, _)| file.display().to_string()).collect();
            if files.is_empty() {
                Finding::good(CHECK, "no file: the defaults are in force")
            } else {
                Finding::good(CHECK, format!("read from {}", files.join(" and ")))
            }
        }
    }
}

/// Which clipboard a token would go to. Nothing is put there.
pub(super) fn clipboard(config: &Config) -> Finding {
    const CHECK: &str = "clipboard";
    if config.clipboard == clipboard::Choice::Off {
        return Finding::good(CHECK, "switched off, as configured");
    }
    let plan = clipboard::plan(config.clipboard);
    let mut ways = plan.ways.into_iter();
    let finding = match ways.next() {
        None if !has_terminal() => {
            return Finding::unchecked(CHECK, "there is no terminal here, and no desktop");
        }
        None => {
            return Finding::attention(
                CHECK,
                "none can be reached from here",
                "Have a new token printed instead: bbtoken create --print.",
            );
        }
        Some(first) => Finding::good(CHECK, first),
    };
    let finding = ways.fold(finding, |finding, way| {
        finding.detail(format!("if that fails: {way}"))
    });
    plan.because.into_iter().fold(finding, Finding::detail)
}

fn has_terminal() -> bool {
    io::stdin().is_terminal() || io::stdout().is_terminal() || io::stderr().is_terminal()
}

/// What the terminal can do.
pub(super) fn terminal(environment: &Environment, config: &Config) -> Finding {
    const CHECK: &str = "terminal";
    if !has_terminal() {
        return Finding::unchecked(CHECK, "there is none: input and output are files or pipes");
    }
    let text = |name: &str| {
        let value = environment.get(name)?;
        Some(crate::text::clean(&value.to_string_lossy()))
    };
    let is_set = |name| environment.get(name).is_some();
    let kind = text("TERM");
    let size = crossterm::terminal::size().ok();
    let has_colours = config.colour && !is_set("NO_COLOR");
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(text);
    let is_utf8 = cfg!(windows)
        || locale.as_deref().is_some_and(|locale| {
            let locale = locale.to_lowercase();
            locale.contains("utf-8") || locale.contains("utf8")
        });
    let mut words = vec![kind.clone().unwrap_or_else(|| "no TERM".to_owned())];
    words.extend(size.map(|(columns, rows)| format!("{columns}×{rows}")));
    words.push(if has_colours { "colours" } else { "no colours" }.to_owned());
    words.push(if is_utf8 { "UTF-8" } else { "not UTF-8" }.to_owned());
    words.extend(is_set("TMUX").then(|| "inside tmux".to_owned()));
    let is_remote = is_set("SSH_CONNECTION") || is_set("SSH_TTY");
    words.extend(is_remote.then(|| "over SSH".to_owned()));
    let text = words.join(", ");
    let (columns, rows) = size.unwrap_or(SMALLEST);
    if columns < SMALLEST.0 || rows < SMALLEST.1 {
        let next = format!("Make the window at least {}×{}.", SMALLEST.0, SMALLEST.1);
        Finding::bad(CHECK, text, next)
    } else if cfg!(unix) && kind.is_none_or(|kind| kind == "dumb") {
        let next = "Use a terminal that can place its cursor, and set TERM to its kind, such as xterm-256color.";
        Finding::attention(CHECK, text, next)
    } else if !is_utf8 {
        let next = "Set a locale with UTF-8, as in LANG=C.UTF-8; otherwise signs and lines may look wrong.";
        Finding::attention(CHECK, text, next)
    } else {
        Finding::good(CHECK, text)
    }
}

/// git, its helper for the server, and what bbtoken has set up there.
pub(super) async fn git(
    environment: &Environment,
    base: Option<&BaseUrl>,
    now: Timestamp,
) -> Finding {
    const CHECK: &str = "git";
    let look = look_at_git(environment, base, now);
    match tokio::time::timeout(PATIENCE, look).await {
        Ok(Ok(finding)) => finding,
        Ok(Err(git::Error::NoGit)) => Finding::attention(
            CHECK,
            "not installed here, or not on the path",
            "Install it, if you want to use a token with it on this computer.",
        ),
        Ok(Err(error)) => Finding::attention(
            CHECK,
            error.to_string(),
            "Fix that, or update git, before bbtoken sets it up.",
        ),
        Err(_) => Finding::attention(
            CHECK,
            "no answer within ten seconds",
            "Try git --version in this terminal.",
        ),
    }
}

async fn look_at_git(
    environment: &Environment,
    base: Option<&BaseUrl>,
    now: Timestamp,
) -> Result<Finding, git::Error> {
    const CHECK: &str = "git";
    let Some(base) = base else {
        let version = git::version(environment).await?;
        return Ok(of_version(version, version.to_string()));
    };
    let target = Target::new(&base.to_string(), ScopeKind::Personal, None)?;
    let situation = git::look(environment, &target).await?;
    let version = situation.version;
    if let Some(address) = git::half_done(environment).first() {
        let text = format!(
            "{version}; the last setup for {address} was interrupted before git had shown that it works"
        );
        let next = "Run bbtoken git-setup, or start bbtoken: what was there before is put back.";
        return Ok(Finding::bad(CHECK, text, next));
    }
    let ours = git::set_ups_at(environment, &target.address);
    if let Some((set_up, program)) = ours
        .iter()
        .find_map(|set_up| Some((set_up, set_up.program_gone()?)))
    {
        let text = format!(
            "{version}; the program it starts for the token of {} is gone: {program}",
            set_up.address
        );
        let next = format!(
            "Set it up again, from where bbtoken is now: bbtoken git-setup {}",
            set_up.address
        );
        return Ok(Finding::bad(CHECK, text, next));
    }
    if let Some(set_up) = ours.iter().find(|set_up| set_up.has_expired(now)) {
        let text = format!("{version}; it uses an expired token for {}", set_up.address);
        let next = format!(
            "Create a new one and set git up with it, or remove this one: {}",
            git::undo_command(&set_up.address)
        );
        return Ok(Finding::bad(CHECK, text, next));
    }
    if let Some(finding) = untrusted(environment, version, &target.address).await? {
        return Ok(finding);
    }
    if let Some(helper) = &situation.gone {
        let text = format!("{version}; its helper for this server cannot be started: {helper}");
        let next = "Install it, or name another in credential.helper. A path with blanks has to stand in quotes.";
        return Ok(Finding::attention(CHECK, text, next));
    }
    let finding = match situation.configured.map(Store::GitHelper) {
        Some(store) if store.is_plain_text() => Finding::attention(
            CHECK,
            format!(
                "{version}; its helper for this server keeps passwords as plain text ({store})"
            ),
            "Let git use a store of the system's: git config --global credential.helper, with libsecret, manager or osxkeychain.",
        ),
        Some(store) => of_version(
            version,
            format!("{version}; its helper for this server: {store}"),
        ),
        None => {
            let without = if ours.iter().any(|set_up| set_up.address == target.address) {
                "no helper for this server, and none is needed: bbtoken has set it up"
            } else if ours.is_empty() {
                "no helper for this server, so it asks for the password every time"
            } else {
                "no helper for this server, so it asks for the password, except where bbtoken has set it up"
            };
            let finding = of_version(version, format!("{version}; {without}"));
            if ours.is_empty() {
                finding.look_at(format!(
                    "Set git up with a token: bbtoken git-setup {}",
                    target.address
                ))
            } else {
                finding
            }
        }
    };
    if ours.is_empty() {
        return Ok(finding.detail("bbtoken has not set git up there"));
    }
    // Reports are passed on: whose token it is stays out.
    Ok(ours.iter().fold(finding, |finding, set_up| {
        let token = if set_up.user.is_some() {
            "a personal token"
        } else {
            "a token"
        };
        finding.detail(format!(
            "set up by bbtoken for {}: {token}, {}",
            set_up.address,
            set_up.kept()
        ))
    }))
}

/// That git does not trust the server, or is told to trust a file that is not there.
async fn untrusted(
    environment: &Environment,
    version: Version,
    address: &str,
) -> Result<Option<Finding>, git::Error> {
    if !address.starts_with("https:") {
        return Ok(None);
    }
    let authority = git::authority(environment, address).await;
    let is_missing = authority.as_ref().is_some_and(git::Authority::is_missing);
    if !is_missing && !git::distrusts(environment, address, None).await? {
        return Ok(None);
    }
    Ok(Some(match authority {
        Some(authority) => {
            let file = if is_missing {
                "and there is no such file"
            } else {
                "which is of another authority"
            };
            let text = format!(
                "{version}; it does not trust the certificate of this server: {} names {}, {file}",
                authority.from,
                authority.file.display(),
            );
            let next = "Name the file of your company's authority there (http.sslCAInfo), or take the line out, if the system trusts it.";
            Finding::bad("git", text, next)
        }
        None => Finding::attention(
            "git",
            format!("{version}; it does not trust the certificate of this server"),
            "Name the file of your company's authority in git's http.sslCAInfo. When bbtoken sets git up, it gives git the ca_file or SSL_CERT_FILE that it trusts itself.",
        ),
    }))
}

fn of_version(version: Version, text: String) -> Finding {
    const CHECK: &str = "git";
    if version < Version::BEARER {
        let next = format!(
            "Update git to {} or later: only then can a helper keep the token of a project or repository. Until then such a token lies in a file that only you can read.",
            Version::BEARER
        );
        Finding::attention(CHECK, text, next)
    } else {
        Finding::good(CHECK, text)
    }
}
