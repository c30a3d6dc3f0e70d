//! The screens, each known to nobody but [`open()`]. They do not know each other: they ask for a [`Route`].

mod activity;
mod browse;
mod check;
mod connect;
mod edit_token;
mod git_setup;
mod help;
mod in_browser;
mod may_not;
mod new_token;
mod question;
mod ready;
mod save;
mod sign_in;
mod tokens;
mod where_it_goes;
mod which_kind;
mod why;

use crate::ui::layer::Layer;
use crate::ui::route::Route;
use crate::ui::session::Session;

/// The screen that a route leads to.
#[must_use]
pub fn open(route: Route, session: &Session) -> Box<dyn Layer> {
    match route {
        Route::Connect(address) => Box::new(connect::Connect::to(&address, session)),
        Route::SignIn => Box::new(sign_in::SignIn::new(session)),
        Route::SignInWithToken => Box::new(sign_in::token::WithToken::default()),
        Route::SignInWithOAuth => Box::new(sign_in::oauth::WithOAuth::default()),
        Route::SignInAgain => Box::new(sign_in::again::SignInAgain::new(session)),
        Route::InBrowser { user, place } => {
            Box::new(in_browser::InBrowser::new(user, place.as_deref(), session))
        }
        Route::Browse => Box::new(browse::Browse::new()),
        Route::Tokens { place, listing } => Box::new(tokens::Tokens::of(place, listing, session)),
        Route::WhichKind(here) => Box::new(which_kind::WhichKind::asked(here)),
        Route::Why => Box::new(why::Why::default()),
        Route::MayNot {
            place,
            work,
            lacks_permission,
        } => Box::new(may_not::MayNot::at(place, work, lacks_permission, session)),
        Route::Check { place } => Box::new(check::Check::at(place.map(|place| *place))),
        Route::NewToken {
            place,
            from_list,
            work,
        } => Box::new(new_token::NewToken::at(place, from_list, work, session)),
        Route::ProposedToken {
            place,
            from_list,
            proposal,
        } => Box::new(new_token::NewToken::proposed(
            place, from_list, proposal, session,
        )),
        Route::Rotate { place, replacement } => {
            Box::new(new_token::NewToken::replacing(place, *replacement, session))
        }
        Route::TokenReady {
            place,
            used_by,
            origin,
            key,
            from_list,
        } => Box::new(ready::Ready::new(place, used_by, origin, key, from_list)),
        Route::EditToken { place, token } => Box::new(edit_token::EditToken::of(place, *token)),
        Route::WhereItGoes { place, used_by } => {
            Box::new(where_it_goes::WhereItGoes::of(*place, &used_by, session))
        }
        Route::GitSetup(with) => Box::new(git_setup::GitSetup::new(*with)),
        Route::Save { key, token, place } => Box::new(save::Save::new(key, token, &place)),
        Route::Activity => Box::new(activity::Activity::of(session)),
        Route::Help {
            purpose,
            mode,
            is_typing,
        } => Box::new(help::Help::of(purpose, mode, is_typing)),
        Route::TypedQuestion(question, number) => {
            Box::new(question::Asked::typed(question, number))
        }
        Route::Question(question) => Box::new(question::Asked::new(question)),
    }
}
