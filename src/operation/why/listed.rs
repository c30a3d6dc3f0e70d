//! In which list a token stands, for whoever is signed in: by the id that it carries in it.

use super::Question;
use crate::bitbucket::{Destination, Scope, Token};
use crate::git::TokenNote;
use crate::git::sent::{Sent, SignIn};

/// Where a token stands.
pub(super) enum Listed {
    /// In a list that could be read.
    As(Box<Token>),
    /// In none, and all of them could be read to which it can belong.
    Nowhere,
    /// Not every list could be read.
    NotKnown,
}

impl Listed {
    /// Looks for what git would send.
    pub(super) async fn of(question: &Question, sent: &Sent) -> Self {
        let id = sent.secret().and_then(|secret| TokenNote::of(secret).id);
        let place = Destination::of_clone_address(&sent.address);
        let (Some(reader), Some(id), Some(Destination::Repository { project, slug })) =
            (&question.reader, id, place)
        else {
            return Self::NotKnown;
        };
        let mut scopes = vec![
            Scope::Project {
                key: project.clone(),
            },
            Scope::Repository { project, slug },
        ];
        let user = question.user.clone();
        scopes.extend(user.map(|user| Scope::Personal { user }));
        let mut all_seen = true;
        for scope in &scopes {
            match reader.tokens(scope).all().await {
                Ok(tokens) => {
                    if let Some(token) = tokens.into_iter().find(|token| token.id == id) {
                        return Self::As(Box::new(token));
                    }
                }
                Err(_) => all_seen = false,
            }
        }
        // What goes as a password may be a personal token of somebody else.
        if all_seen && !matches!(sent.sign_in, SignIn::Password(..)) {
            Self::Nowhere
        } else {
            Self::NotKnown
        }
    }
}
