//! Whether git on this computer gets in, without harm: first what it would send is tried with a request
//! of our own, and only where that gets in git runs itself. A person's password is never sent for it.

mod prover;

pub(super) use self::prover::Prover;
use crate::bitbucket::{BaseUrl, Client, Error as CallError, ErrorKind, Scope};
use crate::environment::Environment;
use crate::git::ask::{Service, Workplace};
use crate::git::sent::Source;
use crate::git::{self, Authority, Location, Remote, SetUp, Target, remotes_of_clone};
use crate::permission::ScopeKind;
use crate::secret::Secret;

/// What git showed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// At which address, as git goes there; none where there was none to try.
    pub address: Option<String>,
    /// Whether it was asked in the clone in the current directory, with this remote of its own.
    pub remote: Option<String>,
    /// `git fetch`.
    pub fetch: Observed,
    /// `git push`.
    pub push: Observed,
    /// A hook of this clone decides about pushes too, which no question runs.
    pub has_push_hook: bool,
    /// The clone in the current directory goes to this address instead, by ssh.
    pub by_ssh: Option<String>,
}

/// What was seen of git, just now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Observed {
    /// It got in.
    In,
    /// The server refused what git sends, in its words, or git's.
    Refused {
        /// What was said.
        said: String,
        /// Where git has from what it sends.
        from: Source,
        /// The server's answer, where it was our own request.
        error: Option<CallError>,
    },
    /// git would send the password of this person, which was not tried.
    Person {
        /// The user name.
        user: String,
        /// Where git has it from.
        from: Source,
    },
    /// git would send something to another computer over http, where everybody on the way can read it. That
    /// was not tried.
    PlainHttp,
    /// git would send so many `Authorization` headers at once, from this file among others.
    SeveralHeaders(usize, Source),
    /// git would send another token than the one that is set up, and that gets in.
    OtherToken(Source),
    /// git does not trust the server's certificate.
    Distrusts {
        /// In its words.
        said: String,
        /// What it trusts in place of the system's.
        authority: Option<Authority>,
    },
    /// git could not ask, in its words.
    Failed(String),
    /// git did not end in time.
    NotInTime,
    /// The server could not be asked.
    NoAnswer(CallError),
    /// Everybody may read this repository, so git shows nothing by reading it.
    Everybody,
    /// git goes elsewhere from here, such as by ssh.
    Elsewhere(String),
    /// The token reaches no repository to try it on.
    NoRepository,
    /// Each repository that was looked at has a setup of its own, which comes first there.
    Covered,
}

impl Observed {
    /// Whether git got in.
    #[must_use]
    pub fn is_in(&self) -> bool {
        *self == Self::In
    }

    /// Whether nothing that git could do would show it.
    #[must_use]
    pub fn cannot_be_proven(&self) -> bool {
        matches!(
            self,
            Self::Everybody | Self::Elsewhere(_) | Self::NoRepository | Self::Covered
        )
    }
}

/// Has git show whether it gets in with this token: in the clone in the current directory where that is
/// of the target, with its own remote, else from an empty repository.
///
/// # Errors
///
/// [`git::Error`], where git cannot be run at all.
pub async fn prove(
    environment: &Environment,
    client: &Client,
    target: &Target,
    scope: &Scope,
    token: &Secret,
) -> Result<Proof, git::Error> {
    let client = match client.apart().await {
        Ok(client) => client,
        Err(error) => return Ok(Proof::nowhere(Observed::NoAnswer(error))),
    };
    loop {
        let closer = closer(environment, target);
        let proof = prove_except(environment, &client, (target, scope), token, &closer).await?;
        let address = proof.address.as_deref().unwrap_or_default();
        // Somebody may have set up something closer meanwhile.
        let is_other = matches!(proof.fetch, Observed::OtherToken(_));
        if !is_other || !is_covered(address, &self::closer(environment, target)) {
            return Ok(proof);
        }
    }
}

/// The same, at none of these places.
async fn prove_except(
    environment: &Environment,
    client: &Client,
    (target, scope): (&Target, &Scope),
    token: &Secret,
    closer: &[SetUp],
) -> Result<Proof, git::Error> {
    let remotes = remotes_of_clone(environment).await;
    let by_ssh = by_ssh(&remotes, target);
    let (place, remote) = match remote_of(&remotes, target, closer) {
        Some(remote) => (Workplace::clone_here(&remote), Some(remote)),
        None => match client.addresses_to_try(token, scope).await {
            Ok(addresses) if addresses.is_empty() => {
                return Ok(Proof::nowhere(Observed::NoRepository));
            }
            Ok(addresses) => {
                let mut addresses = addresses.iter().map(|it| within(target, client.base(), it));
                match addresses.find(|it| !is_covered(it, closer)) {
                    Some(address) => (Workplace::empty(environment, &address).await?, None),
                    None => return Ok(Proof::nowhere(Observed::Covered)),
                }
            }
            Err(error) => return Ok(Proof::nowhere(refused_or_not(error))),
        },
    };
    let prover = Prover {
        environment,
        client,
        place: &place,
        token: Some(token),
        agreed: target.plain_http().collect(),
        sends_password: false,
        runs_git: true,
    };
    let (fetch, address) = prover.observe(Service::Fetch).await?;
    let (push, _) = prover.observe(Service::Push).await?;
    Ok(Proof {
        address,
        remote,
        fetch,
        push,
        has_push_hook: place.has_push_hook(environment).await,
        by_ssh,
    })
}

/// The remote of the clone in the current directory that lies within the target.
fn remote_of(remotes: &[Remote], target: &Target, closer: &[SetUp]) -> Option<String> {
    let own: Vec<_> = target.locations().collect();
    let is_of = |location: Location| own.iter().any(|own| location.is_within(own));
    let mut remotes = remotes.iter().filter(|remote| {
        remote.location().is_some_and(is_of) && !is_covered(&remote.address, closer)
    });
    remotes.next().map(|remote| remote.name.clone())
}

/// The address of a repository as the target spells it, where clone links call the server by another name
/// than this client does: git uses the token there alone.
fn within(target: &Target, base: &BaseUrl, address: &str) -> String {
    let location = Location::of(address);
    let is_within = |own: Location| location.as_ref().is_some_and(|it| it.is_within(&own));
    if target.locations().any(is_within) {
        return address.to_owned();
    }
    let path = base.segments_below(address).unwrap_or_default();
    let path: Vec<_> = path.iter().map(String::as_str).collect();
    match (target.kind, path.last()) {
        (ScopeKind::Project, Some(slug)) => format!("{}/{slug}", target.address),
        (ScopeKind::Personal, Some(_)) => match BaseUrl::parse(&target.address) {
            Ok(there) => there.page(&path),
            Err(_) => target.address.clone(),
        },
        _ => target.address.clone(),
    }
}

/// The address by ssh, where the clone in the current directory goes to the target by that alone.
fn by_ssh(remotes: &[Remote], target: &Target) -> Option<String> {
    let place = target.location()?;
    let remote = remotes.iter().find(|it| it.is_by_ssh_to(&place))?;
    Some(remote.address.clone())
}

/// What was set up for something below the target: there git uses another token, as it should.
pub(super) fn closer(environment: &Environment, target: &Target) -> Vec<SetUp> {
    let own: Vec<_> = target.locations().collect();
    let mut set_ups = git::set_ups(environment);
    set_ups.retain(|set_up| {
        let location = Location::of(&set_up.address);
        let is_below = |own: &Location| {
            location
                .as_ref()
                .is_some_and(|location| location != own && location.is_within(own))
        };
        own.iter().any(is_below)
    });
    set_ups
}

fn is_covered(address: &str, closer: &[SetUp]) -> bool {
    let location = Location::of(address);
    location.is_some_and(|location| closer.iter().any(|set_up| set_up.reaches(&location)))
}

impl Proof {
    fn nowhere(observed: Observed) -> Self {
        Self {
            address: None,
            remote: None,
            fetch: observed.clone(),
            push: observed,
            has_push_hook: false,
            by_ssh: None,
        }
    }
}

fn refused_or_not(error: CallError) -> Observed {
    match error.kind {
        ErrorKind::NotSignedIn | ErrorKind::WrongPassword | ErrorKind::AccountRefused(_) => {
            Observed::Refused {
                said: error.to_string(),
                from: Source::Nowhere,
                error: Some(error),
            }
        }
        _ => Observed::NoAnswer(error),
    }
}
