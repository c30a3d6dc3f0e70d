//! The tokens that git on this computer uses at a server, and what the server says of each just now.

use crate::bitbucket::{Client, Error, ErrorKind};
use crate::environment::Environment;
use crate::git::ask::{Service, Workplace};
use crate::git::sent::{self, Goes, SignIn, Source};
use crate::git::{self, Location};
use crate::secret::Secret;

/// A token that git uses.
#[derive(Debug)]
pub struct Used {
    /// Where git sends it.
    pub address: String,
    /// Where git has it from.
    pub from: Source,
    /// What the server says of it.
    pub answer: ServerSays,
}

/// What the server says of a token.
#[derive(Debug, Clone)]
pub enum ServerSays {
    /// It takes it.
    Taken,
    /// It refuses it: expired, revoked, or never one of its own.
    Refused,
    /// It could not be asked.
    NotKnown(Error),
}

/// Asks about each token that git would send: for what bbtoken has set up there, for the clone in the
/// current directory, and for the rest of the server. A person's password is not asked about.
///
/// # Errors
///
/// [`git::Error`], where git cannot be run.
pub async fn git_tokens(
    environment: &Environment,
    client: &Client,
) -> Result<Vec<Used>, git::Error> {
    let mut seen: Vec<Secret> = Vec::new();
    let mut used = Vec::new();
    for place in places(environment, client).await? {
        let Goes::Http(sent) = sent::goes(environment, &place, Service::Fetch).await? else {
            continue;
        };
        let token = match sent.sign_in {
            SignIn::Password(_, secret) if secret.is_token() => secret,
            SignIn::Bearer(secret) => secret,
            _ => continue,
        };
        if seen.contains(&token) {
            continue;
        }
        used.push(Used {
            address: sent.address,
            from: sent.from,
            answer: ask(client, &token).await,
        });
        seen.push(token);
    }
    Ok(used)
}

/// From where git is asked what it would send to this server.
async fn places(environment: &Environment, client: &Client) -> Result<Vec<Workplace>, git::Error> {
    let server = client.base().to_string();
    let mut places = Vec::new();
    for set_up in git::set_ups_at(environment, &server) {
        places.push(Workplace::empty(environment, &set_up.address).await?);
    }
    let base = Location::of(&server);
    for remote in git::remotes_of_clone(environment).await {
        let location = remote.location();
        if location.is_some_and(|it| base.as_ref().is_some_and(|base| it.is_within(base))) {
            places.push(Workplace::clone_here(&remote.name));
        }
    }
    places.push(Workplace::empty(environment, &server).await?);
    Ok(places)
}

/// What the server says of this one.
pub(super) async fn ask(client: &Client, token: &Secret) -> ServerSays {
    let asked = async { client.apart().await?.sign_in_with_token(token).await };
    match asked.await {
        Ok(signed_in) => {
            signed_in.client.sign_out().await;
            ServerSays::Taken
        }
        Err(error) => match error.kind {
            ErrorKind::WrongPassword | ErrorKind::NotSignedIn => ServerSays::Refused,
            _ => ServerSays::NotKnown(error),
        },
    }
}
