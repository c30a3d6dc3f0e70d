//! What decides how git can be set up here, before anything is written: what is installed, how the clone
//! in the current directory spells the address, and what would be in the way.

use std::path::PathBuf;

use super::git_tokens::{self, ServerSays};
use super::prove_git::closer;
use crate::address::{BaseUrl, ClientCertificate};
use crate::bitbucket::Client;
use crate::config::Config;
use crate::environment::Environment;
use crate::git::{self, Location, Remote, SetUp, Target, Way};
use crate::permission::ScopeKind;

/// What was seen.
#[derive(Debug, Clone)]
pub struct Look {
    /// For what git is set up: the spellings of the clone are in it.
    pub target: Target,
    /// The ways that work here, the best first.
    pub ways: Vec<Way>,
    /// The same place under other names of the server, which nobody has agreed to yet.
    pub other_names: Vec<String>,
    /// What git uses there now, and what a new setup takes the place of.
    pub replaces: Option<Replaces>,
    /// What would be in the way of the token.
    pub obstacles: Vec<Obstacle>,
}

/// A setup that is there already.
#[derive(Debug, Clone)]
pub struct Replaces {
    /// Which.
    pub set_up: SetUp,
    /// Why its token cannot be had any more.
    pub lost: Option<String>,
    /// What the server says of its token, just now; nothing where it was not asked.
    pub answer: Option<ServerSays>,
}

impl Replaces {
    /// Whether it would work again.
    #[must_use]
    pub fn can_come_back(&self) -> bool {
        self.lost.is_none() && !matches!(self.answer, Some(ServerSays::Refused))
    }
}

/// Something that would come before the token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Obstacle {
    /// The address of this remote holds a password, which git sends instead.
    PasswordInRemote {
        /// What the remote is called.
        remote: String,
        /// Its address without it.
        address: String,
    },
    /// The address of this remote names another user than the one whose token it is.
    OtherUser {
        /// What the remote is called.
        remote: String,
        /// The user in it.
        user: String,
        /// Its address without the user.
        address: String,
    },
    /// This remote is on http, where the server is on https: git would first go there.
    Http {
        /// What the remote is called.
        remote: String,
        /// Its address on https.
        address: String,
    },
    /// From the clone git goes to this address instead, by ssh.
    BySsh(String),
    /// git sends an `Authorization` there already, from this file.
    Header(String),
    /// The helper that git's configuration names cannot be started: it is not installed, or has blanks
    /// in its path.
    HelperGone(String),
}

/// What bbtoken is told about the encryption on the way to the server, so that git may be told too.
#[derive(Debug, Clone, Default)]
pub struct OnTheWay {
    /// The certificates that are trusted beside those of the system.
    pub trusted: Option<PathBuf>,
    /// The certificate that is shown to servers that want one.
    pub shown: Option<ClientCertificate>,
}

impl OnTheWay {
    /// What the configuration says of this server.
    #[must_use]
    pub fn to(base: &BaseUrl, config: &Config) -> Self {
        Self {
            trusted: config.ca_file(base),
            shown: config.client_certificate(base),
        }
    }
}

/// Looks at git, at what is installed and at the clone in the current directory. Where that has a setup of its
/// own within the target whose token no longer works, the new token takes that one's place. `takes_password`: the
/// server was seen to take the token as a password. `asks`: who asks the server whether it still takes the
/// token that git uses now, which counts as a use of that.
///
/// # Errors
///
/// [`git::Error::NoGit`], [`git::Error::TooOld`], and where git refuses to read its configuration.
pub async fn look(
    environment: &Environment,
    target: &Target,
    takes_password: bool,
    on_the_way: OnTheWay,
    asks: Option<&Client>,
) -> Result<Look, git::Error> {
    let remotes = git::remotes_of_clone(environment).await;
    let dead = dead_in_clone(environment, target, &remotes, asks).await;
    let mut target = match &dead {
        Some(dead) => Target {
            address: dead.replaces.set_up.address.clone(),
            also: Vec::new(),
            kind: dead.kind,
            ..target.clone()
        },
        None => target.clone(),
    };
    let mut obstacles = in_remotes(&target, &remotes);
    let other_names = spelled(&mut target, &remotes);
    let headers = git::sent::headers_at(environment, &target.address).await?;
    obstacles.extend(headers.into_iter().map(Obstacle::Header));
    target.client_certificate = match on_the_way.shown {
        Some(own)
            if git::own_certificate(environment, &target.address)
                .await
                .is_none() =>
        {
            Some(own.absolute())
        }
        _ => None,
    };
    let shown = target.client_certificate.as_ref();
    target.authority = match git::extra_authority(environment, on_the_way.trusted) {
        Some(file)
            if target.address.starts_with("https:")
                && git::distrusts(environment, &target.address, shown).await? =>
        {
            Some(file)
        }
        _ => None,
    };
    let situation = git::look(environment, &target).await?;
    obstacles.extend(situation.gone.clone().map(Obstacle::HelperGone));
    let replaces = match (dead, git::set_up_for(environment, &target.address)) {
        (Some(dead), _) => Some(dead.replaces),
        (None, Some(set_up)) => Some(replaces(environment, set_up, asks).await),
        (None, None) => None,
    };
    Ok(Look {
        replaces,
        obstacles,
        ways: situation.ways(environment, &target, takes_password)?,
        target,
        other_names,
    })
}

/// What the clone in the current directory has within the target for itself, where its token is refused or
/// gone: git would go on using that one there.
async fn dead_in_clone(
    environment: &Environment,
    target: &Target,
    remotes: &[Remote],
    asks: Option<&Client>,
) -> Option<Dead> {
    let closer = closer(environment, target);
    for remote in remotes {
        let Some(set_up) = git::set_up_reaching(environment, &remote.address) else {
            continue;
        };
        if !closer.contains(&set_up) {
            continue;
        }
        let location = remote.location();
        let is_repository = location.is_some_and(|location| set_up.is_for(&location));
        let replaces = replaces(environment, set_up, asks).await;
        if !replaces.can_come_back() {
            let kind = if is_repository {
                ScopeKind::Repository
            } else {
                ScopeKind::Project
            };
            return Some(Dead { replaces, kind });
        }
    }
    None
}

/// A setup that is closer to the clone than the target, and no longer works.
struct Dead {
    replaces: Replaces,
    kind: ScopeKind,
}

/// Nothing is sent over http to another computer: nobody has agreed to that for this token.
async fn replaces(environment: &Environment, set_up: SetUp, asks: Option<&Client>) -> Replaces {
    let is_private = |client: &&Client| {
        let base = client.base();
        base.is_encrypted() || base.is_loopback()
    };
    let (lost, answer) = match git::kept_token(environment, &set_up).await {
        Err(error) => (Some(error.to_string()), None),
        Ok(token) => match asks.filter(is_private) {
            Some(client) => (None, Some(git_tokens::ask(client, &token).await)),
            None => (None, None),
        },
    };
    Replaces {
        set_up,
        lost,
        answer,
    }
}

/// What in the addresses of the clone would come before the token.
fn in_remotes(target: &Target, remotes: &[Remote]) -> Vec<Obstacle> {
    let own: Vec<_> = target.locations().collect();
    let mut obstacles = Vec::new();
    for remote in remotes {
        let (name, address) = (remote.name.clone(), remote.address.clone());
        let Some(location) = remote.location() else {
            let by_ssh = own.iter().any(|own| remote.is_by_ssh_to(own));
            obstacles.extend(by_ssh.then_some(Obstacle::BySsh(address)));
            continue;
        };
        if let Some(own) = own.iter().find(|own| location.is_within_over_http(own)) {
            let address = own.with_path_of(&address);
            obstacles.push(Obstacle::Http {
                remote: name,
                address,
            });
        } else if !own.iter().any(|own| location.is_within(own)) {
            continue;
        } else if remote.has_password {
            obstacles.push(Obstacle::PasswordInRemote {
                remote: name,
                address,
            });
        } else if let (Some(owner), Some(user)) = (&target.user, &remote.user)
            && owner != user
        {
            obstacles.push(Obstacle::OtherUser {
                remote: name,
                user: user.clone(),
                address,
            });
        }
    }
    obstacles
}

/// Adds the spellings of the clone to the target, and answers with those that name the server otherwise.
fn spelled(target: &mut Target, remotes: &[Remote]) -> Vec<String> {
    let own: Vec<_> = target.locations().collect();
    let mut other_names = Vec::new();
    for remote in remotes {
        let Some(location) = remote.location() else {
            continue;
        };
        let Some(address) = target.as_spelled_in(&remote.address) else {
            continue;
        };
        if own.iter().any(|own| location.is_within(own)) {
            target.name_also(address);
        } else if !own.iter().any(|own| location.is_within_over_http(own))
            && own.iter().any(|own| is_there(&location, own))
            && !other_names.contains(&address)
        {
            other_names.push(address);
        }
    }
    other_names
}

/// Whether both are the same place if both servers are one. Every server has something below its root,
/// so that says nothing.
fn is_there(location: &Location, own: &Location) -> bool {
    !own.is_root() && location.is_within_under_another_name(own)
}
