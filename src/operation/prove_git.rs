//! Whether git on this computer gets in, without harm: first what it would send is tried with a request
//! of our own, and only where that gets in git runs itself. A person's password is never sent for it.

use crate::bitbucket::{BaseUrl, Client, Error as CallError, ErrorKind, GitSignIn, Scope, Verdict};
use crate::environment::Environment;
use crate::git::ask::{Said, Service, Workplace};
use crate::git::sent::{self, Goes, Sent, SignIn, Source};
use crate::git::{self, Authority, Location, Remote, SetUp, Target, remotes_of_clone};
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
    /// Each repository that was looked at has a set-up of its own, which comes first there.
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
            Ok(addresses) => match addresses.iter().find(|it| !is_covered(it, closer)) {
                Some(address) => (Workplace::empty(environment, address).await?, None),
                None => return Ok(Proof::nowhere(Observed::Covered)),
            },
            Err(error) => return Ok(Proof::nowhere(refused_or_not(error))),
        },
    };
    let prover = Prover {
        environment,
        client,
        place: &place,
        token: Some(token),
        agreed: target.plain_http().collect(),
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

/// What git shows from the clone in the current directory by this remote, with whatever it sends.
///
/// # Errors
///
/// As [`prove`].
pub async fn look(
    environment: &Environment,
    client: &Client,
    remote: &str,
) -> Result<Proof, git::Error> {
    let place = Workplace::clone_here(remote);
    let client = match client.apart().await {
        Ok(client) => client,
        Err(error) => return Ok(Proof::nowhere(Observed::NoAnswer(error))),
    };
    let prover = Prover {
        environment,
        client: &client,
        place: &place,
        token: None,
        agreed: Vec::new(),
    };
    let (fetch, address) = prover.observe(Service::Fetch).await?;
    let (push, _) = prover.observe(Service::Push).await?;
    Ok(Proof {
        address,
        remote: Some(remote.to_owned()),
        fetch,
        push,
        has_push_hook: place.has_push_hook(environment).await,
        by_ssh: None,
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

/// The address by ssh, where the clone in the current directory goes to the target by that alone.
fn by_ssh(remotes: &[Remote], target: &Target) -> Option<String> {
    let place = target.location()?;
    let remote = remotes.iter().find(|it| it.is_by_ssh_to(&place))?;
    Some(remote.address.clone())
}

/// What was set up for something below the target: there git uses another token, as it should.
fn closer(environment: &Environment, target: &Target) -> Vec<SetUp> {
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
            }
        }
        _ => Observed::NoAnswer(error),
    }
}

/// Has git try one thing after the other.
struct Prover<'a> {
    environment: &'a Environment,
    client: &'a Client,
    place: &'a Workplace,
    token: Option<&'a Secret>,
    /// What may be sent something without encryption.
    agreed: Vec<Location>,
}

impl Prover<'_> {
    /// What git showed, and at which address.
    async fn observe(&self, service: Service) -> Result<(Observed, Option<String>), git::Error> {
        let sent = match sent::goes(self.environment, self.place, service).await? {
            Goes::Http(sent) => sent,
            Goes::Elsewhere(address) => return Ok((Observed::Elsewhere(address), None)),
            Goes::Nowhere => return Ok((Observed::NoRepository, None)),
        };
        let address = sent.address.clone();
        Ok((self.try_it(sent, service).await?, Some(address)))
    }

    async fn try_it(&self, mut sent: Sent, service: Service) -> Result<Observed, git::Error> {
        if let Some(observed) = self.unsaid(&sent) {
            return Ok(observed);
        }
        let mut verdict = self.get_in(&sent, service).await;
        if let Verdict::Unknown(error) = &verdict
            && let ErrorKind::Moved { to } = &error.kind
        {
            // git follows, and asks its helpers anew.
            let moved = moved(&sent.address, to).unwrap_or_else(|| sent.address.clone());
            sent = sent::after_redirect(self.environment, self.place, &moved).await?;
            if let Some(observed) = self.unsaid(&sent) {
                return Ok(observed);
            }
            verdict = self.get_in(&sent, service).await;
        }
        match verdict {
            Verdict::No(said) => Ok(Observed::Refused {
                said,
                from: sent.from,
            }),
            Verdict::Unknown(error) => Ok(Observed::NoAnswer(error)),
            Verdict::Yes => self.ask_git(&sent, service).await,
        }
    }

    async fn ask_git(&self, sent: &Sent, service: Service) -> Result<Observed, git::Error> {
        // git sends nothing of a helper's before it is asked for it.
        let is_silent = service == Service::Fetch && !matches!(sent.from, Source::Header(_));
        let everybody = is_silent && {
            let nobody = GitSignIn::Nothing;
            let verdict = self
                .client
                .git_gets_in(nobody, &sent.address, service.name())
                .await;
            verdict == Verdict::Yes
        };
        let said = self.place.ask(self.environment, service).await?;
        if said != Said::In {
            sent::restore(self.environment, self.place, sent).await?;
        }
        Ok(match said {
            Said::In if everybody => Observed::Everybody,
            Said::In => match self.token {
                Some(token) if !sent.is(token) => Observed::OtherToken(sent.from.clone()),
                _ => Observed::In,
            },
            Said::Refused(said) => Observed::Refused {
                said,
                from: sent.from.clone(),
            },
            Said::Distrusts(said) => Observed::Distrusts {
                said,
                authority: git::authority(self.environment, &sent.address).await,
            },
            Said::Failed(said) => Observed::Failed(said),
            Said::NotInTime => Observed::NotInTime,
        })
    }

    /// What can be said without asking the server.
    fn unsaid(&self, sent: &Sent) -> Option<Observed> {
        let from = sent.from.clone();
        if let Some(user) = sent.person() {
            let user = user.to_owned();
            return Some(Observed::Person { user, from });
        }
        match sent.sign_in {
            SignIn::Several(number) => return Some(Observed::SeveralHeaders(number, from)),
            SignIn::Nothing => return None,
            _ => {}
        }
        let there = Location::of(&sent.address).filter(Location::is_plain_http)?;
        let is_agreed = self.agreed.iter().any(|agreed| there.is_within(agreed));
        (!is_agreed).then_some(Observed::PlainHttp)
    }

    async fn get_in(&self, sent: &Sent, service: Service) -> Verdict {
        let with = match &sent.sign_in {
            SignIn::Password(user, password) => GitSignIn::Password(user, password),
            SignIn::Bearer(token) => GitSignIn::Bearer(token),
            _ => GitSignIn::Nothing,
        };
        let name = service.name();
        self.client.git_gets_in(with, &sent.address, name).await
    }
}

/// The address after a redirect to another base.
fn moved(address: &str, to: &BaseUrl) -> Option<String> {
    let path = BaseUrl::parse(address).ok()?.segments_below(address)?;
    let path: Vec<_> = path.iter().map(String::as_str).collect();
    Some(to.page(&path))
}
