//! What runs out of what git on this computer was set up with, in one line for the first screens: it was
//! written down, so no server has to be asked.

use super::keymap::{self, Action, Mode};
use super::layer::View;
use crate::bitbucket::{BaseUrl, Destination};
use crate::operation::expiring::RunsOut;
use crate::when;
use crate::widget::form::Form;

/// How many days ahead are looked at.
pub const DAYS: u32 = 14;

/// Draws the line, where there is something to say; with a server, what is on that one.
pub fn draw(form: &mut Form<'_, '_>, server: Option<&BaseUrl>, view: View<'_>) {
    let is_there = |it: &&RunsOut| {
        server.is_none_or(|base| it.place.starts_with(base.to_string().trim_end_matches('/')))
    };
    let all: Vec<_> = view.session.runs_out.iter().filter(is_there).collect();
    let Some((first, others)) = all.split_first() else {
        return;
    };
    let now = view.now.time;
    let place = Destination::of_clone_address(&first.place).map(|place| place.name());
    let place = place.unwrap_or_else(|| first.place.trim_end_matches('/').to_owned());
    let end = when::relative(first.expires, now);
    let (sign, style, ends) = if first.expires <= now {
        ("✗", view.theme.bad, "expired")
    } else {
        ("!", view.theme.warning, "expires")
    };
    let more = match others.len() {
        0 => String::new(),
        1 => ", and another one soon".to_owned(),
        more => format!(", and {more} others soon"),
    };
    let key = keymap::key(Mode::Tokens, Action::Rotate);
    let text =
        format!("git's token for {place} {ends} {end}{more}. {key} in its list replaces it.");
    form.sign(sign, style, &text);
}
