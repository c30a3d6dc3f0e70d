//! The request, as it is copied.

use super::MayNot;
use crate::bitbucket::BaseUrl;
use crate::operation::draft::{self, UsedBy};
use crate::operation::request::Request;
use crate::ui::context::Context;
use crate::ui::session::Session;

/// Stands in the request until somebody has said what the tool is called.
const NO_NAME: &str = "NAME OF THE TOOL";

impl MayNot {
    /// A tool whose name nobody has typed yet.
    pub(super) fn is_unnamed(&self) -> bool {
        self.for_tool && self.tool.value().trim().is_empty()
    }

    pub(super) fn used_by(&self) -> UsedBy {
        match (self.for_tool, self.tool.value().trim()) {
            (false, _) => UsedBy::Git,
            (true, "") => UsedBy::Tool(NO_NAME.to_owned()),
            (true, name) => UsedBy::Tool(name.to_owned()),
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
        let used_by = self.used_by();
        let name = draft::name(&self.config, Some(preset), &used_by, maker, &[]);
        let lifetime = draft::lifetime(&self.config, Some(preset));
        Some(make(Request {
            place: &self.place,
            base,
            preset,
            days: lifetime.valid_days().ok()?,
            name: &name,
            used_by: &used_by,
            user,
        }))
    }

    pub(super) fn copy_request(&mut self, cx: &mut Context<'_>) {
        if self.is_unnamed() {
            self.ask_for_name(cx);
            return;
        }
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
