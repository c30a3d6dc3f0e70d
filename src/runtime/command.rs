//! Changes on the server, each sent once.

use crate::app::effect::Command;
use crate::app::event::Answer;
use crate::bitbucket::{Client, Error};

pub(super) async fn send(client: Client, command: Command) -> Result<Answer, Error> {
    match command {
        Command::CreateToken { scope, spec } => {
            Ok(Answer::Created(client.create_token(&scope, &spec).await?))
        }
        Command::RevokeToken { scope, id } => {
            client.revoke_token(&scope, &id).await?;
            Ok(Answer::Revoked)
        }
    }
}
