//! What is the matter, from what was seen and what the server says to the token itself.

use jiff::Timestamp;

use super::Question;
use super::listed::Listed;
use crate::bitbucket::{
    Client, Destination, Error, ErrorKind, GitSignIn, SignInWay, TokenOwner, Verdict,
};
use crate::environment::Environment;
use crate::git::ask::Service;
use crate::git::sent::{Sent, SignIn, Source};
use crate::git::{self, Authority, SetUp, Target, TokenNote};
use crate::operation::prove_git::Observed;
use crate::permission::{Level, ScopeKind};
use crate::secret::Secret;

/// The one thing that is the matter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cause {
    /// Nothing: git may fetch and push.
    Works,
    /// The token has expired.
    Expired(Timestamp),
    /// The token was revoked: it had not expired.
    Revoked,
    /// The token has expired or was revoked, and nobody wrote down which.
    Dead,
    /// The server takes what git sends, and lets it fetch but not push.
    ReadOnly {
        /// That lies in the token, and not in what its owner may; nothing where nobody could tell.
        by_token: Option<bool>,
    },
    /// The server takes the token, which reaches nothing here.
    NoRight {
        /// Whose token it is; none for that of a project or repository.
        user: Option<String>,
    },
    /// The token is somebody else's than the one who works here, and reaches nothing here.
    OtherAccount {
        /// Whose.
        user: String,
        /// Who works here.
        expected: String,
    },
    /// The repository is archived: nobody may push to it.
    Archived,
    /// The server takes no passwords, and git sends one. `is_token`: it is a token, which gets in as Bearer.
    BasicOff {
        /// What is sent as a password is a token.
        is_token: bool,
    },
    /// A password in the address of the remote is sent.
    PasswordInAddress {
        /// Whose.
        user: String,
        /// The server was asked, and refuses it.
        is_refused: bool,
    },
    /// git sends the password of a person, which nobody tried.
    Password {
        /// Whose.
        user: String,
        /// From where.
        from: Source,
    },
    /// The server refuses the password of a person.
    PasswordRefused {
        /// Whose.
        user: String,
        /// From where.
        from: Source,
    },
    /// The helper that git's configuration names cannot be started.
    HelperGone(String),
    /// The program that git starts for the token is gone: this one, where it was.
    ProgramGone(String),
    /// What kept the token has forgotten it.
    Forgotten(String),
    /// git has nothing to send, and asks.
    NothingToSend,
    /// So many `Authorization` headers go out at once, from this file among others.
    SeveralHeaders(usize, String),
    /// git does not trust the server's certificate.
    Certificate {
        /// In its words.
        said: String,
        /// What it trusts in place of the system's.
        authority: Option<Authority>,
    },
    /// From here git goes by ssh, or elsewhere, where tokens count for nothing.
    Elsewhere(String),
    /// There is no remote of that name.
    NoRemote,
    /// It would go over http to another computer.
    PlainHttp,
    /// The server wants a captcha solved first.
    Captcha,
    /// The server refuses the account itself, in its words.
    AccountRefused(String),
    /// The server refuses what git sends, in these words, and nobody knows more.
    Refused(String),
    /// The server could not be asked.
    NoAnswer(Box<Error>),
    /// git itself fails, in its words.
    GitFails(String),
}

/// What the cause is read from.
pub(super) struct Facts<'a> {
    pub(super) environment: &'a Environment,
    pub(super) client: &'a Client,
    pub(super) question: &'a Question,
    pub(super) sent: Option<&'a Sent>,
    pub(super) token: Option<&'a TokenNote>,
    pub(super) set_up: Option<&'a SetUp>,
    /// Where the token stands.
    pub(super) listed: &'a Listed,
}

impl Facts<'_> {
    pub(super) async fn cause(
        &self,
        fetch: &Observed,
        push: &Observed,
    ) -> Result<Cause, git::Error> {
        let first = self.of(fetch, true).await?;
        match first {
            Some(cause) => Ok(cause),
            None => Ok(self.of(push, false).await?.unwrap_or(Cause::Works)),
        }
    }

    /// What keeps git from this; nothing where it gets in.
    async fn of(&self, observed: &Observed, is_fetch: bool) -> Result<Option<Cause>, git::Error> {
        Ok(Some(match observed {
            Observed::In | Observed::OtherToken(_) | Observed::Everybody => return Ok(None),
            Observed::NoRepository | Observed::Covered => Cause::NoRemote,
            Observed::Elsewhere(address) => Cause::Elsewhere(address.clone()),
            Observed::PlainHttp => Cause::PlainHttp,
            Observed::SeveralHeaders(number, from) => {
                let file = match from {
                    Source::Header(file) => file.clone(),
                    _ => String::new(),
                };
                Cause::SeveralHeaders(*number, file)
            }
            Observed::Person { user, from } if *from == Source::Address => {
                Cause::PasswordInAddress {
                    user: user.clone(),
                    is_refused: false,
                }
            }
            Observed::Person { user, from } => Cause::Password {
                user: user.clone(),
                from: from.clone(),
            },
            Observed::Distrusts { said, authority } => Cause::Certificate {
                said: said.clone(),
                authority: authority.clone(),
            },
            Observed::NoAnswer(error) => self.unanswered(error).await,
            Observed::Failed(said) => Cause::GitFails(said.clone()),
            Observed::NotInTime => Cause::GitFails("git did not answer in time".to_owned()),
            Observed::Refused { said, from, error } => {
                let kind = error.as_ref().map(|error| &error.kind);
                self.refused(said, from, kind, is_fetch).await?
            }
        }))
    }

    async fn unanswered(&self, error: &Error) -> Cause {
        match &error.kind {
            ErrorKind::Captcha { .. } => Cause::Captcha,
            ErrorKind::Certificate(distrust) => {
                let address = self.sent.map(|sent| sent.address.as_str());
                Cause::Certificate {
                    said: distrust.reason.to_string(),
                    authority: match address {
                        Some(address) => git::authority(self.environment, address).await,
                        None => None,
                    },
                }
            }
            _ => Cause::NoAnswer(Box::new(error.clone())),
        }
    }

    async fn refused(
        &self,
        said: &str,
        from: &Source,
        kind: Option<&ErrorKind>,
        is_fetch: bool,
    ) -> Result<Cause, git::Error> {
        let Some(sent) = self.sent else {
            return Ok(Cause::Refused(said.to_owned()));
        };
        let user = || sent.person().unwrap_or_default().to_owned();
        Ok(match (&sent.sign_in, sent.secret()) {
            (SignIn::Nothing, _) => self.nothing_sent().await?,
            (_, None) => Cause::Refused(said.to_owned()),
            (_, Some(secret)) if sent.person().is_none() => {
                self.token_refused(said, secret, is_fetch).await
            }
            _ => match kind {
                Some(ErrorKind::BasicDisabled) => Cause::BasicOff { is_token: false },
                Some(ErrorKind::AccountRefused(_)) => Cause::AccountRefused(said.to_owned()),
                Some(ErrorKind::NotPermitted | ErrorKind::NotFound) if is_fetch => {
                    Cause::NoRight { user: Some(user()) }
                }
                Some(ErrorKind::NotPermitted | ErrorKind::Denied) if !is_fetch => Cause::ReadOnly {
                    by_token: Some(false),
                },
                _ if *from == Source::Address => Cause::PasswordInAddress {
                    user: user(),
                    is_refused: true,
                },
                _ => Cause::PasswordRefused {
                    user: user(),
                    from: from.clone(),
                },
            },
        })
    }

    /// Why git has nothing to send.
    async fn nothing_sent(&self) -> Result<Cause, git::Error> {
        if let Some(set_up) = self.set_up {
            if let Some(program) = set_up.program_gone() {
                return Ok(Cause::ProgramGone(program.to_owned()));
            }
            if git::kept_token(self.environment, set_up).await.is_err() {
                return Ok(Cause::Forgotten(set_up.keeper()));
            }
        }
        let address = self.sent.map_or("", |sent| sent.address.as_str());
        let target = Target::new(address, ScopeKind::Personal, None)?;
        let gone = git::look(self.environment, &target).await?.gone;
        Ok(gone.map_or(Cause::NothingToSend, Cause::HelperGone))
    }

    /// Why the server refuses a token: asked with the token itself.
    async fn token_refused(&self, said: &str, secret: &Secret, is_fetch: bool) -> Cause {
        let asked = async { self.client.apart().await?.sign_in_with_token(secret).await };
        let signed_in = match asked.await {
            Ok(signed_in) => signed_in,
            Err(error) => {
                return match &error.kind {
                    ErrorKind::WrongPassword | ErrorKind::NotSignedIn => self.dead(),
                    ErrorKind::AccountRefused(_) => {
                        Cause::AccountRefused(error.server_message().unwrap_or(said).to_owned())
                    }
                    _ => self.unanswered(&error).await,
                };
            }
        };
        let is_person = signed_in.way == SignInWay::Token(TokenOwner::Person);
        let user = is_person.then(|| signed_in.user.name.clone());
        let cause = self
            .right_missing(said, secret, &signed_in.client, user, is_fetch)
            .await;
        signed_in.client.sign_out().await;
        cause
    }

    /// The token lives: what it lacks.
    async fn right_missing(
        &self,
        said: &str,
        secret: &Secret,
        client: &Client,
        user: Option<String>,
        is_fetch: bool,
    ) -> Cause {
        let as_password = matches!(self.sent.map(|it| &it.sign_in), Some(SignIn::Password(..)));
        let address = self.sent.map_or("", |sent| sent.address.as_str());
        if as_password && is_fetch {
            let bearer = GitSignIn::Bearer(secret);
            let service = Service::Fetch.name();
            let verdict = self.client.git_gets_in(bearer, address, service).await;
            if verdict == Verdict::Yes {
                return Cause::BasicOff { is_token: true };
            }
        }
        let repository = match Destination::of_clone_address(address) {
            Some(Destination::Repository { project, slug }) => {
                client.repository(&project, &slug).await
            }
            _ => return Cause::Refused(said.to_owned()),
        };
        match repository {
            Ok(repository) if repository.archived && !is_fetch => Cause::Archived,
            Ok(_) if !is_fetch => {
                let may_write = match self.listed {
                    Listed::As(token) => {
                        let permissions = token.permissions.as_ref();
                        permissions.map(|it| it.repository > Some(Level::Read))
                    }
                    _ => None,
                };
                Cause::ReadOnly {
                    by_token: may_write.map(|may| !may),
                }
            }
            Ok(_) => Cause::Refused(said.to_owned()),
            Err(error) => match &error.kind {
                ErrorKind::NotFound | ErrorKind::NotPermitted => self.no_right(user),
                _ => self.unanswered(&error).await,
            },
        }
    }

    fn no_right(&self, user: Option<String>) -> Cause {
        match (user, self.question.user.clone()) {
            (Some(user), Some(expected)) if !user.eq_ignore_ascii_case(&expected) => {
                Cause::OtherAccount { user, expected }
            }
            (user, _) => Cause::NoRight { user },
        }
    }

    /// The server knows the token no more.
    fn dead(&self) -> Cause {
        let Some(note) = self.token else {
            return Cause::Dead;
        };
        let now = self.question.now;
        let is_recorded = self.set_up.is_some_and(|set_up| set_up.token == *note);
        match note.expires {
            Some(expires) if expires <= now => return Cause::Expired(expires),
            // What never expires, or not yet, was revoked: the record of a token is made when it is.
            _ if is_recorded && note.name.is_some() => return Cause::Revoked,
            _ => {}
        }
        match self.listed {
            Listed::Nowhere => Cause::Revoked,
            Listed::As(_) | Listed::NotKnown => Cause::Dead,
        }
    }
}

impl Cause {
    /// Its name for programs, which stays.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Works => "works",
            Self::Expired(_) => "expired",
            Self::Revoked => "revoked",
            Self::Dead => "expired_or_revoked",
            Self::ReadOnly { .. } => "read_only",
            Self::NoRight { .. } => "no_right",
            Self::OtherAccount { .. } => "other_account",
            Self::Archived => "archived",
            Self::BasicOff { .. } => "basic_off",
            Self::PasswordInAddress { .. } => "password_in_address",
            Self::Password { .. } => "password",
            Self::PasswordRefused { .. } => "password_refused",
            Self::HelperGone(_) => "helper_gone",
            Self::ProgramGone(_) => "program_gone",
            Self::Forgotten(_) => "forgotten",
            Self::NothingToSend => "nothing_to_send",
            Self::SeveralHeaders(..) => "several_headers",
            Self::Certificate { .. } => "certificate",
            Self::Elsewhere(_) => "elsewhere",
            Self::NoRemote => "no_remote",
            Self::PlainHttp => "plain_http",
            Self::Captcha => "captcha",
            Self::AccountRefused(_) => "account_refused",
            Self::Refused(_) => "refused",
            Self::NoAnswer(_) => "no_answer",
            Self::GitFails(_) => "git_fails",
        }
    }
}
