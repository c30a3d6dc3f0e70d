//! Sign in with a password, and with the code of two-step verification where one is wanted.

use std::io;

use futures_util::future::BoxFuture;

use crate::bitbucket::{Client, Code, Error, ErrorKind, SecondStep, SignIn, SignedIn};
use crate::secret::Secret;

/// So many wrong codes are sent, and no more.
const MOST_CODES: usize = 3;

/// Asks somebody for a code; `None`: nobody can be asked.
pub type Codes = Box<dyn FnMut() -> BoxFuture<'static, io::Result<Option<Code>>> + Send>;

/// Signs in. `None`: the password is right, and there was no code to send.
///
/// # Errors
/// Those of [`Client::sign_in`] and of [`SecondStep::verify`].
pub async fn sign_in(
    client: &Client,
    user: &str,
    password: &Secret,
    codes: Codes,
) -> Result<Option<SignedIn>, Error> {
    match client.sign_in(user, password).await? {
        SignIn::Done(signed_in) => Ok(Some(signed_in)),
        SignIn::SecondStep(step) => second_step(&step, codes).await,
    }
}

/// Sends codes until one is right.
async fn second_step(step: &SecondStep, mut codes: Codes) -> Result<Option<SignedIn>, Error> {
    let mut wrong = None;
    for _ in 0..MOST_CODES {
        let Ok(Some(code)) = codes().await else {
            break;
        };
        match step.verify(&code).await {
            Err(error) if error.kind == ErrorKind::WrongCode => wrong = Some(error),
            verified => return verified.map(Some),
        }
    }
    wrong.map_or(Ok(None), Err)
}
