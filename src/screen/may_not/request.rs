//! The request, as it is copied.

use super::MayNot;
use crate::bitbucket::BaseUrl;
use crate::operation::draft;
use crate::operation::request::Request;
use crate::ui::context::Context;
use crate::ui::session::Session;

/// What the request says of a tool that nobody has named.
const SOME_TOOL: &str = "a tool";

impl MayNot {
    pub(super) fn used_by(&self) -> String {
        match (self.for_tool, self.tool.value().trim()) {
            (false, _) => "git on my computer".to_owned(),
            (true, "") => SOME_TOOL.to_owned(),
            (true, name) => name.to_owned(),
        }
    }

    /// Has something made of the request, as soon as it is known what is asked for.
    pub(super) fn with_request<T>(
        &self,
        session: &Session,
        make: impl FnOnce(Request<'_>) -> T,
    ) -> Option<T> {
        let (preset, user) = (self.preset()?, session.user.as_ref()?);
        let base: &BaseUrl = session.server.as_ref()?.client.base();
        let maker = draft::Maker {
            user: &user.name,
            computer: &self.computer,
            place: self.place.token_suffix(),
        };
        let name = draft::name(&self.config, Some(preset), maker, &[]);
        let lifetime = draft::lifetime(&self.config, Some(preset));
        Some(make(Request {
            place: &self.place,
            base,
            preset,
            days: lifetime.valid_days().ok()?,
            name: &name,
            used_by: &self.used_by(),
            user,
        }))
    }

    pub(super) fn copy_request(&mut self, cx: &mut Context<'_>) {
        if let Some(text) = self.with_request(cx.session, |request| request.text()) {
            let next = match self.people(cx.session) {
                Some([]) | None => "Send it to somebody who may make the token.".to_owned(),
                Some(people) => {
                    let names: Vec<_> = people.iter().map(|it| it.display_name.as_str()).collect();
                    format!("Send it to {}.", names.join(" or "))
                }
            };
            self.copying.copy(text, "The request", &next, cx);
        }
    }
}
