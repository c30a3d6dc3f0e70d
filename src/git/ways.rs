//! Which ways to set git up work here, the best first.

use super::look::Situation;
use super::program::Version;
use super::store::Store;
use super::way::{CACHE, HEADER, Way, WayKind, cache, forgets};
use super::{Error, Target, files};
use crate::environment::Environment;
use crate::permission::ScopeKind;

impl Situation {
    /// The ways that work here, the best first. `takes_password`: the server was seen to take this
    /// token as a password.
    ///
    /// # Errors
    ///
    /// [`Error::NoHome`], [`Error::NoConfiguration`].
    pub fn ways(
        &self,
        environment: &Environment,
        target: &Target,
        takes_password: bool,
    ) -> Result<Vec<Way>, Error> {
        let mut ways = Vec::new();
        let is_password = target.kind == ScopeKind::Personal && takes_password;
        if is_password && !self.use_http_path {
            for (helper, is_new) in self.helpers() {
                ways.push(self.approve(environment, target, &helper, is_new)?);
            }
        } else if self.version >= Version::BEARER {
            for store in self.stores() {
                ways.push(helper(environment, target, store)?);
            }
        }
        let for_lack_of_better = !is_password && self.version < Version::BEARER;
        let too_old = for_lack_of_better.then_some(self.version);
        ways.push(header(environment, target, too_old)?);
        ways.sort_by_key(Way::rank);
        Ok(ways)
    }

    fn approve(
        &self,
        environment: &Environment,
        target: &Target,
        helper: &str,
        is_new: bool,
    ) -> Result<Way, Error> {
        let user = target.user.as_deref().unwrap_or_default();
        let (_, host) = target.protocol_and_host();
        let store = Store::GitHelper(helper.to_owned());
        let mut writes = vec![format!("{}: the token, for {user} at {host}", store.name())];
        if self.keeps_password {
            writes.push(format!(
                "{}: in place of the password that it keeps for {user} now, which undo brings back",
                store.name()
            ));
        }
        let what = if is_new {
            format!("helper = {helper}, for {host} alone")
        } else {
            "a note, so that --undo finds it".to_owned()
        };
        writes.extend(own_files(environment, target, &what)?);
        Ok(Way {
            name: "helper",
            title: if is_new {
                format!("git's helper \"{}\"", store.name())
            } else {
                format!("your git's own helper ({})", store.name())
            },
            writes,
            safety: format!("{} {NOT_ASKED}", safety(&store)),
            is_plain_text: store.is_plain_text(),
            forgets: forgets(&store),
            kind: WayKind::Approve {
                helper: helper.to_owned(),
                is_new,
            },
        })
    }

    /// git's own helpers: the one it uses, or those that it could use.
    fn helpers(&self) -> Vec<(String, bool)> {
        if let Some(helper) = &self.configured {
            return vec![(helper.clone(), false)];
        }
        let built_in = if cfg!(unix) {
            [CACHE, "store"].as_slice()
        } else {
            ["store"].as_slice()
        };
        let built_in = built_in.iter().map(|helper| (*helper).to_owned());
        let helpers = self.installed.iter().cloned().chain(built_in);
        helpers.map(|helper| (helper, true)).collect()
    }

    /// What the user trusts already comes first.
    fn stores(&self) -> Vec<Store> {
        let mut stores = Vec::new();
        stores.extend(self.configured.clone().map(|helper| {
            let store = Store::GitHelper(helper);
            let is_plain_cache = store == Store::GitHelper("cache".to_owned());
            if is_plain_cache { cache() } else { store }
        }));
        if self.secret_tool {
            stores.push(Store::SecretTool);
        }
        if self.configured.is_none() {
            stores.extend(self.installed.iter().cloned().map(Store::GitHelper));
            if stores.is_empty() && cfg!(unix) {
                stores.push(cache());
            }
        }
        stores
    }
}

/// Where bbtoken is not git's helper, it does not hear of git's work.
const NOT_ASKED: &str = "git does not ask bbtoken then, so a push does not tell you that the token is \
                         about to expire: use bbtoken expiring.";

/// How safe a store is.
fn safety(store: &Store) -> String {
    if store.is_plain_text() {
        return "! git's helper \"store\" keeps it as plain text in ~/.git-credentials: every program that you run, and every backup, can read it.".to_owned();
    }
    if *store == cache() {
        return "! It is kept in memory only: gone when the computer restarts. Bitbucket never shows it \
                again, so you then need a new one.".to_owned();
    }
    if store.is_memory() {
        return "! It is kept in memory only: gone after your helper's time-out (15 minutes unless you set \
                another). Bitbucket never shows it again, so you then need a new one.".to_owned();
    }
    match store {
        Store::SecretTool => "Kept encrypted in your desktop's key ring.".to_owned(),
        Store::GitHelper(helper) => match helper.as_str() {
            "libsecret" => "Kept encrypted in your desktop's key ring.".to_owned(),
            "osxkeychain" => "Kept encrypted in the keychain of macOS.".to_owned(),
            "manager" | "wincred" => "Kept by the system's own store of passwords.".to_owned(),
            helper => format!("Kept where your helper ({helper}) keeps your other passwords."),
        },
    }
}

/// What every way with files of ours has in common.
fn own_files(environment: &Environment, target: &Target, what: &str) -> Result<Vec<String>, Error> {
    let trusted = target.authority.as_ref().map(|file| {
        format!(
            "; and {} as what git trusts there, as bbtoken does",
            file.display()
        )
    });
    let shown = target.client_certificate.as_ref().map(|own| {
        format!(
            "; and {} as what git shows there of itself, as bbtoken does",
            own.file.display()
        )
    });
    let more: String = trusted.into_iter().chain(shown).collect();
    let what = format!("{what}{more}");
    Ok(vec![
        format!(
            "{}: {what}",
            files::shown_file(environment, &target.address)?
        ),
        format!(
            "{}: the list of such files",
            files::shown_list(environment)?
        ),
        format!(
            "{}: one include of that list, at its end",
            files::shown_configuration(environment)?
        ),
    ])
}

fn helper(environment: &Environment, target: &Target, store: Store) -> Result<Way, Error> {
    let (name, title) = match &store {
        Store::SecretTool => ("secret-tool", "the desktop's key ring".to_owned()),
        Store::GitHelper(_) => (
            "bearer",
            format!(
                "git's helper \"{}\", which git asks through bbtoken",
                store.name()
            ),
        ),
    };
    let mut writes = vec![format!(
        "{}: the token, for {}",
        store.name(),
        target.address
    )];
    let what = "bbtoken as git's credential helper, for exactly this address";
    writes.extend(own_files(environment, target, what)?);
    Ok(Way {
        name,
        title,
        writes,
        safety: format!(
            "{} Only git {} and newer can use it, not other programs that ask git's helpers.",
            safety(&store),
            Version::BEARER
        ),
        is_plain_text: store.is_plain_text(),
        forgets: forgets(&store),
        kind: WayKind::Helper { store },
    })
}

fn header(
    environment: &Environment,
    target: &Target,
    too_old: Option<Version>,
) -> Result<Way, Error> {
    let mut safety = "! The file holds the token as plain text. No other user of this computer can read it; your own programs and your backups can.".to_owned();
    if let Some(version) = too_old {
        safety.push_str(&format!(
            " git {version} has no better way to use this token; {} and newer can take it from a key ring.",
            Version::BEARER
        ));
    }
    safety.push_str(&format!(" {NOT_ASKED}"));
    Ok(Way {
        name: HEADER,
        title: "a file that only you can read".to_owned(),
        writes: own_files(
            environment,
            target,
            "the token, as a header for exactly this address",
        )?,
        safety,
        is_plain_text: true,
        forgets: None,
        kind: WayKind::Header,
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use super::*;

    fn situation() -> Situation {
        Situation {
            version: Version(2, 47),
            configured: None,
            gone: None,
            installed: Vec::new(),
            secret_tool: false,
            keeps_password: false,
            use_http_path: false,
        }
    }

    fn titles(situation: &Situation, kind: ScopeKind, takes_password: bool) -> Vec<String> {
        let user = (kind == ScopeKind::Personal).then(|| "alice".to_owned());
        let target = Target::new("https://h/scm/plat/x.git", kind, user).unwrap();
        let ways = situation
            .ways(&Environment::of_process(), &target, takes_password)
            .unwrap();
        assert!(ways.iter().all(|way| !way.writes.is_empty()));
        ways.into_iter()
            .map(|way| match way.kind {
                WayKind::Approve { helper, is_new } => format!("approve {helper} {is_new}"),
                WayKind::Helper { store } => store.to_string(),
                WayKind::Header => "header".to_owned(),
            })
            .collect()
    }

    #[test]
    fn a_personal_token_goes_to_gits_own_helper() {
        let mut here = situation();
        here.configured = Some("libsecret".to_owned());
        let ways = titles(&here, ScopeKind::Personal, true);
        assert_eq!(ways, ["approve libsecret false", "header"]);
        // Plain text is offered last, also where the user has chosen it for other passwords.
        here.configured = None;
        here.installed = vec!["manager".to_owned()];
        let ways = titles(&here, ScopeKind::Personal, true);
        let memory = format!("approve {CACHE} true");
        let wanted = ["approve manager true", "header", "approve store true"];
        assert_eq!(ways, [wanted.as_slice(), &[&memory]].concat());
        // What forgets comes last of all, also where the user has chosen it for other passwords.
        here.configured = Some("cache".to_owned());
        let ways = titles(&here, ScopeKind::Personal, true);
        assert_eq!(ways, ["header", "approve cache false"]);
    }

    #[test]
    fn where_the_server_takes_no_passwords_it_goes_as_bearer() {
        let mut here = situation();
        here.secret_tool = true;
        let ways = titles(&here, ScopeKind::Personal, false);
        assert_eq!(ways, ["secret-tool", "header"]);
    }

    #[test]
    fn other_tokens_need_a_new_git_or_a_file() {
        for kind in [ScopeKind::Project, ScopeKind::Repository] {
            let mut here = situation();
            here.configured = Some("store".to_owned());
            here.secret_tool = true;
            assert_eq!(
                titles(&here, kind, true),
                ["secret-tool", "git:store", "header"]
            );
            here.configured = None;
            here.secret_tool = false;
            let memory = format!("git:{CACHE}");
            assert_eq!(titles(&here, kind, true), ["header", memory.as_str()]);
            // The usual 15 minutes are not enough for what nobody can type again.
            here.configured = Some("cache".to_owned());
            assert_eq!(titles(&here, kind, true), ["header", memory.as_str()]);
            here.version = Version(2, 45);
            assert_eq!(titles(&here, kind, true), ["header"]);
        }
    }
}
