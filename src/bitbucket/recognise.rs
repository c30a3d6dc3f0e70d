//! Whose token is this? For one that somebody made elsewhere and hands to us.

use super::client::Client;
use super::error::Error;
use super::model::{Project, Repository};
use super::signed_in::{SignInWay, SignedIn, TokenOwner};
use crate::address::Scope;
use crate::secret::Secret;

/// What a token belongs to.
#[derive(Debug)]
pub enum Belongs {
    /// The user whom it signs in as.
    Person,
    /// A project.
    Project(Project),
    /// A repository.
    Repository(Repository),
    /// A project or repository that nobody has named: the token itself does not tell.
    Unnamed,
}

/// A token that the server knows.
#[derive(Debug)]
pub struct Recognised {
    /// Whom it acts as, and a client that carries it.
    pub signed_in: SignedIn,
    /// What it belongs to.
    pub belongs: Belongs,
}

impl Client {
    /// Finds out whom a token acts as. A personal one names its owner; that of a project or
    /// repository only says that it is nobody's, so `wanted`, the place that it was to be made for, is
    /// read with it.
    ///
    /// # Errors
    ///
    /// Those of [`Client::sign_in_with_token`]; those of reading the place, where the token does not
    /// reach it.
    pub async fn recognise(
        &self,
        token: &Secret,
        wanted: Option<&Scope>,
    ) -> Result<Recognised, Error> {
        let signed_in = self.sign_in_with_token(token).await?;
        let client = &signed_in.client;
        let belongs = match (signed_in.way, wanted) {
            (SignInWay::Token(TokenOwner::Technical), Some(Scope::Project { key })) => {
                Belongs::Project(client.project(key).await?)
            }
            (
                SignInWay::Token(TokenOwner::Technical),
                Some(Scope::Repository { project, slug }),
            ) => Belongs::Repository(client.repository(project, slug).await?),
            (SignInWay::Token(TokenOwner::Technical), _) => Belongs::Unnamed,
            _ => Belongs::Person,
        };
        Ok(Recognised { signed_in, belongs })
    }
}
