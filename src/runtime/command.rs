//! Changes on the server, each an operation that sends once.

use crate::operation::Desk;
use crate::operation::create::create;
use crate::operation::revoke::revoke;
use crate::ui::effect::Command;
use crate::ui::event::Outcome;

pub(super) async fn send(desk: Desk, command: Command) -> Outcome {
    match command {
        Command::CreateToken { asked, spec, .. } => {
            Outcome::Created(create(&desk, *asked, &spec).await)
        }
        Command::RevokeToken { scope, id, closing } => {
            Outcome::Revoked(revoke(&desk, &scope, &id, closing).await)
        }
    }
}
