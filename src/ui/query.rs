//! A question to Bitbucket that changes nothing there, so it may be dropped; and, if it is one that
//! anybody may ask again, be asked by whoever signs in next.

use std::fmt;
use std::sync::Arc;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;

use super::reply::Value;
use crate::bitbucket::{Client, Error, Settings};
use crate::environment::Environment;

type Answering = BoxFuture<'static, Result<Value, Error>>;

/// What a question is asked with that the model does not know.
#[derive(Clone)]
pub struct Surroundings {
    /// What the surroundings tell.
    pub environment: Environment,
    /// Who watches the requests.
    pub settings: Settings,
}

/// One question.
pub struct Query {
    ask: Ask,
    is_awaited_by_the_end: bool,
}

enum Ask {
    /// By this client now, and by another one after the next sign-in.
    Again(
        Client,
        Arc<dyn Fn(Client, Environment) -> Answering + Send + Sync>,
    ),
    /// A wrong password brings the captcha nearer, a code counts once.
    Once(Box<dyn FnOnce(Surroundings) -> Answering + Send>),
}

impl Query {
    /// One that whoever signs in next may ask again.
    pub fn again<T, F>(client: Client, ask: impl Fn(Client) -> F + Send + Sync + 'static) -> Self
    where
        T: Send + 'static,
        F: Future<Output = Result<T, Error>> + Send + 'static,
    {
        Self::again_here(client, move |client, _| ask(client))
    }

    /// The same about something that this computer has a part in.
    pub fn again_here<T, F>(
        client: Client,
        ask: impl Fn(Client, Environment) -> F + Send + Sync + 'static,
    ) -> Self
    where
        T: Send + 'static,
        F: Future<Output = Result<T, Error>> + Send + 'static,
    {
        let ask = move |client, environment| erased(ask(client, environment));
        Self {
            ask: Ask::Again(client, Arc::new(ask)),
            is_awaited_by_the_end: false,
        }
    }

    /// One that is asked once.
    pub fn once<T, F>(ask: impl FnOnce(Surroundings) -> F + Send + 'static) -> Self
    where
        T: Send + 'static,
        F: Future<Output = Result<T, Error>> + Send + 'static,
    {
        let ask = move |surroundings| erased(ask(surroundings));
        Self {
            ask: Ask::Once(Box::new(ask)),
            is_awaited_by_the_end: false,
        }
    }

    /// A process that has to end waits for the answer.
    #[must_use]
    pub fn before_the_end(self) -> Self {
        Self {
            is_awaited_by_the_end: true,
            ..self
        }
    }

    /// Whether a process that has to end waits for the answer.
    #[must_use]
    pub fn is_awaited_by_the_end(&self) -> bool {
        self.is_awaited_by_the_end
    }

    /// The same question once more, where it may be asked again by whoever signs in next.
    #[must_use]
    pub fn copy(&self) -> Option<Self> {
        match &self.ask {
            Ask::Again(client, ask) => Some(Self {
                ask: Ask::Again(client.clone(), Arc::clone(ask)),
                ..*self
            }),
            Ask::Once(_) => None,
        }
    }

    /// The same question, asked by this client.
    #[must_use]
    pub fn by(mut self, asking: &Client) -> Self {
        if let Ask::Again(client, _) = &mut self.ask {
            *client = asking.clone();
        }
        self
    }

    /// Asks it.
    ///
    /// # Errors
    /// Those of what is asked.
    pub async fn answer(self, surroundings: Surroundings) -> Result<Value, Error> {
        match self.ask {
            Ask::Again(client, ask) => ask(client, surroundings.environment).await,
            Ask::Once(ask) => ask(surroundings).await,
        }
    }
}

/// It may hold a password.
impl fmt::Debug for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Query(..)")
    }
}

fn erased<T: Send + 'static>(
    answer: impl Future<Output = Result<T, Error>> + Send + 'static,
) -> Answering {
    async { answer.await.map(Value::of) }.boxed()
}
