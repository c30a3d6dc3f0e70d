//! Bitbucket's JSON for users, projects, repositories and tokens.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use crate::simulator::auth::Caller;
use crate::simulator::server::Shared;
use crate::simulator::token::{Scope, Token};
use crate::simulator::world::{Project, ProjectId, RepositoryId, UserId};

impl Shared {
    /// `RestApplicationUser`
    pub(super) fn user_json(&self, id: UserId) -> Value {
        let user = self.world.user(id);
        json!({
            "name": user.name,
            "emailAddress": user.email,
            "active": true,
            "displayName": user.display_name,
            "id": user.id,
            "slug": user.slug,
            "type": "NORMAL",
            "links": {"self": [{"href": format!("{}/users/{}", self.base_url, user.slug)}]},
        })
    }

    /// `RestProject`; a personal one carries its `owner`.
    pub(super) fn project_json(&self, id: ProjectId) -> Value {
        let project = self.world.project(id);
        let mut body = json!({
            "key": project.key,
            "id": project.id,
            "name": project.name,
            "public": project.public,
            "type": "NORMAL",
            "links": {"self": [{"href": self.project_page(project)}]},
        });
        if let Some(description) = &project.description {
            body["description"] = description.as_str().into();
        }
        if let Some(owner) = project.owner {
            body["type"] = "PERSONAL".into();
            body["owner"] = self.user_json(owner);
        }
        body
    }

    /// The page of a project in the browser.
    fn project_page(&self, project: &Project) -> String {
        match project.owner {
            Some(owner) => format!("{}/users/{}", self.base_url, self.world.user(owner).slug),
            None => format!("{}/projects/{}", self.base_url, project.key),
        }
    }

    /// `RestRepository`; the clone link over HTTP carries the name of a signed-in person.
    pub(super) fn repository_json(&self, caller: &Caller, id: RepositoryId) -> Value {
        let repository = self.world.repository(id);
        let project = self.world.project(repository.project);
        let path = format!("{}/{}.git", project.key.to_lowercase(), repository.slug);
        let name = match caller {
            Caller::User { user, .. } => {
                let name = &self.world.user(*user).name;
                format!("{}@", utf8_percent_encode(name, USER_INFO))
            }
            Caller::Anonymous | Caller::Token(_) | Caller::Application(_) => String::new(),
        };
        let (authority, context) = (&self.authority, &self.context_path);
        let host = authority.rsplit_once(':').map_or("", |(host, _)| host);
        let scheme = self.options.scheme();
        let page = format!(
            "{}/repos/{}/browse",
            self.project_page(project),
            repository.slug
        );
        let mut body = json!({
            "slug": repository.slug,
            "id": repository.id,
            "name": repository.name,
            "hierarchyId": repository.hierarchy,
            "scmId": "git",
            "state": "AVAILABLE",
            "statusMessage": "Available",
            "forkable": true,
            "project": self.project_json(repository.project),
            "public": repository.public,
            "archived": repository.archived,
            "links": {
                "clone": [
                    {"href": format!("{scheme}://{name}{authority}{context}/scm/{path}"), "name": "http"},
                    {"href": format!("ssh://git@{host}:7999/{path}"), "name": "ssh"},
                ],
                "self": [{"href": page}],
            },
        });
        if let Some(description) = &repository.description {
            body["description"] = description.as_str().into();
        }
        body
    }

    /// `RestAccessToken`, as real servers send it: dates in milliseconds, and more fields than
    /// the description names.
    pub(super) fn token_json(&self, token: &Token) -> Value {
        let mut body = json!({
            "id": token.id.to_string(),
            "name": token.name,
            "permissions": token.permissions.to_api(),
            "createdDate": token.created.as_millisecond(),
        });
        if let Some(used) = token.last_authenticated {
            body["lastAuthenticated"] = used.as_millisecond().into();
        }
        if let Some(expiry) = token.expiry {
            body["expiryDate"] = expiry.as_millisecond().into();
        }
        if let Scope::User(owner) = token.scope {
            body["user"] = self.user_json(owner);
        }
        body
    }
}

/// What may stand in the user name of an address as it is.
const USER_INFO: &percent_encoding::AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');
