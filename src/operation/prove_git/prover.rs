//! Has git show what it does at one place: what it would send, what the server says to that, and then git
//! itself.

use super::Observed;
use crate::bitbucket::{BaseUrl, Client, Error as CallError, ErrorKind, GitSignIn, Verdict};
use crate::environment::Environment;
use crate::git::ask::{Said, Service, Workplace};
use crate::git::sent::{self, Goes, Sent, SignIn, Source};
use crate::git::{self, Location};
use crate::secret::Secret;

/// Has git try one thing after the other.
#[derive(Debug)]
pub(in crate::operation) struct Prover<'a> {
    pub(in crate::operation) environment: &'a Environment,
    pub(in crate::operation) client: &'a Client,
    pub(in crate::operation) place: &'a Workplace,
    /// The token with which git is to get in, where that is not any.
    pub(in crate::operation) token: Option<&'a Secret>,
    /// What may be sent something without encryption.
    pub(in crate::operation) agreed: Vec<Location>,
    /// A person's password may be sent: somebody has said so.
    pub(in crate::operation) sends_password: bool,
    /// git itself runs, where our own request got in.
    pub(in crate::operation) runs_git: bool,
}

impl Prover<'_> {
    /// What git showed, and at which address.
    pub(in crate::operation) async fn observe(
        &self,
        service: Service,
    ) -> Result<(Observed, Option<String>), git::Error> {
        let goes = sent::goes(self.environment, self.place, service).await?;
        let observed = self.observe_where(&goes, service).await?;
        Ok((observed, goes.sent().map(|sent| sent.address.clone())))
    }

    /// What git showed, which was asked already where it goes and what it would send there.
    pub(in crate::operation) async fn observe_where(
        &self,
        goes: &Goes,
        service: Service,
    ) -> Result<Observed, git::Error> {
        match goes {
            Goes::Http(sent) => self.try_it(sent, service).await,
            Goes::Elsewhere(address) => Ok(Observed::Elsewhere(address.clone())),
            Goes::Nowhere => Ok(Observed::NoRepository),
        }
    }

    async fn try_it(&self, mut sent: &Sent, service: Service) -> Result<Observed, git::Error> {
        let after_redirect;
        if let Some(observed) = self.unsaid(sent) {
            return Ok(observed);
        }
        let mut answer = self.get_in(sent, service).await;
        if let Err(error) = &answer
            && let ErrorKind::Moved { to } = &error.kind
        {
            // git follows, and asks its helpers anew.
            let moved = moved(&sent.address, to).unwrap_or_else(|| sent.address.clone());
            after_redirect = sent::after_redirect(self.environment, self.place, &moved).await?;
            sent = &after_redirect;
            if let Some(observed) = self.unsaid(sent) {
                return Ok(observed);
            }
            answer = self.get_in(sent, service).await;
        }
        let Err(error) = answer else {
            return self.ask_git(sent, service).await;
        };
        Ok(match Verdict::of(&error) {
            Verdict::No(said) => Observed::Refused {
                said,
                from: sent.from.clone(),
                error: Some(error),
            },
            _ => Observed::NoAnswer(error),
        })
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
        let said = if self.runs_git {
            self.place.ask(self.environment, service).await?
        } else {
            Said::In
        };
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
                error: None,
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
        if let Some(user) = sent.person().filter(|_| !self.sends_password) {
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

    async fn get_in(&self, sent: &Sent, service: Service) -> Result<(), CallError> {
        let with = match &sent.sign_in {
            SignIn::Password(user, password) => GitSignIn::Password(user, password),
            SignIn::Bearer(token) => GitSignIn::Bearer(token),
            _ => GitSignIn::Nothing,
        };
        let name = service.name();
        self.client.git_answers(with, &sent.address, name).await
    }
}

/// The address after a redirect to another base.
fn moved(address: &str, to: &BaseUrl) -> Option<String> {
    let path = BaseUrl::parse(address).ok()?.segments_below(address)?;
    let path: Vec<_> = path.iter().map(String::as_str).collect();
    Some(to.page(&path))
}
