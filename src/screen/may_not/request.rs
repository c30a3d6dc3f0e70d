//! The request, as it is copied.

use super::MayNot;
use super::rows::Row;
use crate::bitbucket::BaseUrl;
use crate::operation::draft::{self, UsedBy};
use crate::operation::request::{PermissionRequest, Request};
use crate::ui::context::Context;
use crate::ui::place::Place;
use crate::ui::session::Session;

/// Stands in the request until somebody has said what the tool is called.
const NO_NAME: &str = "<name of the tool>";

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

    /// Whether this row's request is on the clipboard as it is now.
    pub(super) fn has_copied(&self, row: Row) -> bool {
        self.copied == Some(row) && self.copying.has_arrived()
    }

    /// What this row asks for, in full.
    pub(super) fn request(&self, row: Row, session: &Session) -> Option<String> {
        match (row, &self.place) {
            (Row::AskForPermission, Place::Repository(repository)) => {
                let request = PermissionRequest {
                    repository,
                    base: session.server.as_ref()?.client.base(),
                    level: self.missing(session)?,
                    may_read: !session.rights.is_hidden(repository),
                    user: session.user.as_ref()?,
                };
                Some(request.text())
            }
            _ => self.token_request(session),
        }
    }

    fn token_request(&self, session: &Session) -> Option<String> {
        let user = session.user.as_ref()?;
        let base: &BaseUrl = session.server.as_ref()?.client.base();
        let maker = draft::Maker {
            user: &user.name,
            computer: &self.computer,
            place: self.place.token_suffix(),
        };
        let used_by = self.used_by();
        let name = draft::name(&self.config, self.preset(), &used_by, maker, &[]);
        let lifetime = draft::lifetime(&self.config, self.preset());
        let request = Request {
            place: &self.place,
            base,
            preset: self.preset(),
            permissions: &self.permissions(),
            days: lifetime.valid_days().ok()?,
            name: &name,
            used_by: &used_by,
            user,
        };
        Some(request.text())
    }

    pub(super) fn copy_request(&mut self, cx: &mut Context<'_>) {
        if self.is_unnamed() {
            self.ask_for_name(cx);
            return;
        }
        if let Some(text) = self.request(self.focus, cx.session) {
            let next = match self.people(cx.session) {
                Some([]) | None if self.focus == Row::AskForPermission => {
                    "Send it to somebody who may give you this permission.".to_owned()
                }
                Some([]) | None => "Send it to somebody who may create the token.".to_owned(),
                Some(people) => {
                    let names: Vec<_> = people.iter().map(|it| it.display_name.as_str()).collect();
                    format!("Send it to {}.", names.join(" or "))
                }
            };
            self.copying.copy(text, "The request", &next, cx);
            self.copied = Some(self.focus);
        }
    }
}
