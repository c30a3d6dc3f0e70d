//! Changes on the server, each sent once.

use crate::bitbucket::{Client, Error};
use crate::ui::effect::Command;
use crate::ui::event::Answer;

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
