//! Questions to Bitbucket, each asked by one method of the client.

use crate::bitbucket::{Client, Error, Page, Pages, REDIRECT_PORT, Settings, SignIn};
use crate::environment::Environment;
use crate::operation::left_open::{left_open, look_again};
use crate::operation::settle::{Settled, settle};
use crate::operation::{connect, place};
use crate::ui::effect::{Query, Read};
use crate::ui::event::Answer;

/// How many entries a page of a list has, if the server agrees.
const PAGE_SIZE: u32 = 100;

pub(super) async fn ask(
    query: Query,
    environment: Environment,
    watched: Settings,
) -> Result<Answer, Error> {
    match query {
        Query::Connect(base, config) => {
            let settings = Settings {
                observer: watched.observer,
                unfinished: watched.unfinished,
                ..connect::settings(&config, &environment, &base)
            };
            let (client, info) = connect::connect(base, settings).await?;
            Ok(Answer::Connected(client, Box::new(info)))
        }
        Query::SignIn {
            client,
            user,
            password,
        } => Ok(match client.sign_in(&user, &password).await? {
            SignIn::Done(signed_in) => Answer::SignedIn(signed_in),
            SignIn::SecondStep(step) => Answer::SecondStep(step),
        }),
        Query::Verify { step, code } => Ok(Answer::SignedIn(step.verify(&code).await?)),
        Query::Authorize {
            client,
            client_id,
            port,
        } => {
            let port = port.unwrap_or(REDIRECT_PORT);
            let authorization = client.authorize(&client_id, port).await?;
            Ok(Answer::Authorizing(Box::new(authorization)))
        }
        Query::Authorized(authorization) => Ok(Answer::SignedIn(authorization.finish().await?)),
        Query::Recognise {
            client,
            token,
            wanted,
        } => {
            let recognised = client.recognise(&token, wanted.as_ref()).await?;
            Ok(Answer::Recognised(Box::new(recognised)))
        }
        Query::SignInWithToken { client, token } => {
            Ok(Answer::SignedIn(client.sign_in_with_token(&token).await?))
        }
        Query::Read(client, read) => self::read(client, read).await,
        Query::Settle(desk, sought) => match settle(&desk, &sought).await {
            // Whoever asks again after the next sign-in may learn it.
            Settled::NotKnown(error) => Err(error),
            settled => Ok(Answer::Settled(settled)),
        },
        Query::LeftOpen(desk, user) => Ok(Answer::LeftOpen(left_open(&desk, &user).await?)),
        Query::LookAgain {
            desk,
            entries,
            others,
        } => Ok(Answer::LeftOpen(look_again(&desk, entries, others).await)),
        Query::TryToken {
            client,
            scope,
            user,
            token,
        } => {
            let Some(repository) = client.repository_to_try(&scope).await? else {
                return Ok(Answer::Tried(None));
            };
            let trial = client.try_token(&token, user.as_deref(), &repository);
            Ok(Answer::Tried(Some(Box::new(trial.await?))))
        }
    }
}

async fn read(client: Client, read: Read) -> Result<Answer, Error> {
    Ok(match read {
        Read::Projects { from } => Answer::Projects(page(client.projects(), from).await?),
        Read::AdministeredProjects { from } => {
            Answer::Projects(page(client.administered_projects(), from).await?)
        }
        Read::Place { to, user } => {
            let place = place::find(&client, &user, &to).await?;
            Answer::Place(Box::new(place))
        }
        Read::Repositories { project, from } => {
            Answer::Repositories(page(client.repositories(&project), from).await?)
        }
        Read::AdministeredRepositories { project, from } => {
            let pages = client.administered_repositories(&project);
            Answer::Repositories(page(pages, from).await?)
        }
        Read::Search { name } => {
            Answer::Repositories(page(client.search_repositories(&name), 0).await?)
        }
        Read::Tokens { scope, from } => Answer::Tokens(page(client.tokens(&scope), from).await?),
        Read::Token { scope, id } => Answer::Token(Box::new(client.token(&scope, &id).await?)),
    })
}

async fn page<T>(pages: Pages<T>, from: u64) -> Result<Page<T>, Error> {
    let page = pages.from(from).limit(PAGE_SIZE).next().await?;
    Ok(page.unwrap_or(Page {
        values: Vec::new(),
        next: None,
    }))
}
