//! Somebody has signed in, in whatever way.

use super::context::Context;
use super::notice::Notice;
use super::route::{Move, Route};
use crate::bitbucket::{LoginForm, SignInWay, SignedIn, TokenOwner, User};
use crate::operation::rights::Rights;

impl Context<'_> {
    /// From now on the user is signed in: the projects come next.
    pub fn go_in(&mut self, signed_in: SignedIn) {
        let SignedIn {
            client,
            user,
            way,
            info,
        } = signed_in;
        if let Some(server) = &mut self.session.server {
            server.client = client;
            if let Some(told) = info {
                server.info.learn(*told);
            }
        }
        self.notify(Notice::good(greeting(&user, way)));
        self.session.user = Some(user);
        self.session.rights = Rights::default();
        self.session.way = Some(way);
        self.moves.push(Move::Home(Route::Browse));
    }
}

/// Who is signed in now, and how that came about.
fn greeting(user: &User, way: SignInWay) -> String {
    let name = &user.name;
    match way {
        SignInWay::Password => format!("Signed in as {name} with the password."),
        SignInWay::Session(form) => {
            let through = match form {
                LoginForm::Json => "as the login page does",
                LoginForm::Old => "the login form",
            };
            format!(
                "Signed in as {name} with a session ({through}), because this Bitbucket does not accept passwords from programs. bbtoken closes it when you leave."
            )
        }
        SignInWay::Token(TokenOwner::Person) => format!(
            "Signed in as {name} with a token, to look around. Tokens cannot create, change or revoke tokens."
        ),
        SignInWay::Token(TokenOwner::Technical) => "Signed in with the token of a project or repository, to look around. Tokens cannot create, change or revoke tokens.".to_owned(),
        SignInWay::OAuth => format!("Signed in as {name} through the browser (OAuth)."),
    }
}
