//! Enter does what the last line says: it leads to a new token, or to whoever can give a permission.

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;

use super::Why;
use crate::bitbucket::{Client, Destination, Error, ErrorKind, Repository, Scope, User};
use crate::operation::place;
use crate::operation::why::{Remedy, Sends, Why as Answer};
use crate::permission::Level;
use crate::ui::context::Context;
use crate::ui::notice::Notice;
use crate::ui::place::Place;
use crate::ui::problem::{Attempt, Problem};
use crate::ui::question::{Question, Subject};
use crate::ui::route::Route;
use crate::ui::session::Session;

/// Where the way out leads.
#[derive(Debug)]
pub(super) enum Way {
    /// To the tokens of this place, where a new one is made.
    Tokens(Box<Place>),
    /// To what somebody can do who lacks a permission on this repository.
    Permission {
        /// Which.
        repository: Box<Repository>,
        /// What the user may do there, as far as the server tells.
        may: Option<Level>,
        /// The server does not show it to the user.
        is_hidden: bool,
    },
}

impl Why {
    /// Does what the last line says.
    pub(super) fn accept(&mut self, cx: &mut Context<'_>) {
        let Some(answer) = &self.answer else {
            return self.look(cx);
        };
        match answer.remedy() {
            Remedy::NewToken => {
                let to = tokens_of(answer, cx.session);
                self.set_out(to, find_tokens, cx);
            }
            Remedy::AskForPermission => self.set_out(answer.place(), find_permission, cx),
            Remedy::Mend(obstacle) => {
                let address = answer.address.clone().unwrap_or_default();
                self.mending.mend(address, obstacle, cx);
            }
            Remedy::TryPassword => cx.ask(about_password(answer, cx.session)),
            Remedy::None if answer.is_good() => cx.close(),
            Remedy::None => self.copy(cx),
        }
    }

    fn set_out(
        &mut self,
        to: Option<Destination>,
        find: fn(Client, User, Destination) -> BoxFuture<'static, Result<Way, Error>>,
        cx: &mut Context<'_>,
    ) {
        let (Some(to), Some(user)) = (to, cx.session.user.clone()) else {
            return;
        };
        let ask = move |client| find(client, user.clone(), to.clone());
        self.leading_on.ask(ask, cx);
    }

    /// Opens what was found.
    pub(super) fn lead_on(&mut self, found: Result<Way, Error>, cx: &mut Context<'_>) {
        let way = match found {
            Ok(way) => way,
            Err(error) => {
                let problem = Problem::explain(&error, Attempt::List("that place"));
                return cx.notify(Notice::bad(format!("{} {}", problem.what, problem.why)));
            }
        };
        self.has_led_on = true;
        cx.session.leave(None, false);
        let route = match way {
            Way::Tokens(place) => Route::Tokens {
                place: *place,
                listing: None,
            },
            Way::Permission {
                repository,
                may,
                is_hidden,
            } => {
                let rights = &mut cx.session.rights;
                if is_hidden {
                    rights.told_that_hidden(&repository);
                } else if let Some(level) = may {
                    rights.told_of_repository(&repository, level);
                }
                Route::MayNot {
                    place: Place::Repository(*repository),
                    work: None,
                    lacks_permission: true,
                }
            }
        };
        cx.open(route);
    }
}

fn find_tokens(
    client: Client,
    user: User,
    to: Destination,
) -> BoxFuture<'static, Result<Way, Error>> {
    async move {
        Ok(Way::Tokens(Box::new(
            place::find(&client, &user, &to).await?,
        )))
    }
    .boxed()
}

/// What the user may do on this repository. One that the server does not show is still one to ask for.
fn find_permission(
    client: Client,
    user: User,
    to: Destination,
) -> BoxFuture<'static, Result<Way, Error>> {
    async move {
        match place::find(&client, &user, &to).await {
            Ok(Place::Repository(repository)) => {
                let may_push = client.may_push(&repository).await?;
                Ok(Way::Permission {
                    repository: Box::new(repository),
                    may: may_push.map(|may| if may { Level::Write } else { Level::Read }),
                    is_hidden: false,
                })
            }
            Ok(place) => Ok(Way::Tokens(Box::new(place))),
            Err(error) => {
                let is_hidden = matches!(error.kind, ErrorKind::NotFound | ErrorKind::NotPermitted);
                let named = match to {
                    Destination::Repository { project, slug } if is_hidden => {
                        Repository::named(&project, &slug)
                    }
                    _ => None,
                };
                let repository = Box::new(named.ok_or(error)?);
                Ok(Way::Permission {
                    repository,
                    may: None,
                    is_hidden,
                })
            }
        }
    }
    .boxed()
}

/// The tokens among which a new one is made: those of the place or the person whose token it was.
fn tokens_of(answer: &Answer, session: &Session) -> Option<Destination> {
    let of_set_up = answer
        .set_up
        .as_ref()
        .and_then(|set_up| match &set_up.user {
            Some(user) => Some(Destination::Tokens(Scope::Personal { user: user.clone() })),
            None => {
                let place = Destination::of_clone_address(&set_up.address)?;
                place.scope().map(Destination::Tokens)
            }
        });
    let is_persons = matches!(
        &answer.sends,
        Sends::Token { user: Some(_) } | Sends::Password { .. }
    );
    let otherwise = if is_persons {
        Some(Destination::Account)
    } else {
        session.clone.clone()
    };
    of_set_up.or(otherwise)
}

fn about_password(answer: &Answer, session: &Session) -> Question {
    let server = session.server.as_ref();
    let host = server.map_or("the server", |server| server.client.base().host());
    Question {
        subject: Subject::SendPassword,
        title: "the password that git keeps",
        text: vec![
            answer.sentence(),
            format!(
                "Send it to {host} to see whether it is accepted? A wrong one counts as a failed login, and after several of them Bitbucket asks for a captcha."
            ),
        ],
        yes: "send it",
        revoke: None,
        no: "do not send it",
    }
}
