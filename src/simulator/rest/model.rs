//! Bitbucket's JSON for users, projects, repositories and tokens.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use crate::simulator::auth::Caller;
use crate::simulator::profile::Feature;
use crate::simulator::service_account::ServiceAccount;
use crate::simulator::shared::Shared;
use crate::simulator::token::{Token, TokenHome};
use crate::simulator::world::{Project, ProjectId, RepositoryId, RepositoryState, SignIn, UserId};

impl Shared {
    /// `RestApplicationUser`
    pub(super) fn user_json(&self, id: UserId) -> Value {
        let user = self.world.user(id);
        json!({
            "name": user.name,
            "emailAddress": user.email,
            "active": user.sign_in != SignIn::Inactive,
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
        let is_personal = project.owner.is_some();
        let key = if is_personal && self.options.has(Feature::CapitalPersonalKeys) {
            project.key.to_uppercase()
        } else {
            project.key.clone()
        };
        let mut body = json!({
            "key": key,
            "id": project.id,
            "name": project.name,
            "type": "NORMAL",
            "links": {"self": [{"href": self.project_page(project)}]},
        });
        if let Some(description) = &project.description {
            body["description"] = description.as_str().into();
        }
        // Servers leave it out of personal projects.
        if !is_personal {
            body["public"] = project.public.into();
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
        let page = format!(
            "{}/repos/{}/browse",
            self.project_page(project),
            repository.slug
        );
        let (state, message) = match repository.state {
            RepositoryState::Available => ("AVAILABLE", "Available"),
            RepositoryState::Initialising => ("INITIALISING", "Initialising"),
            RepositoryState::InitialisationFailed => {
                ("INITIALISATION_FAILED", "Initialisation failed")
            }
            RepositoryState::Offline => ("OFFLINE", "Offline"),
        };
        let mut body = json!({
            "slug": repository.slug,
            "id": repository.id,
            "name": repository.name,
            "hierarchyId": repository.hierarchy,
            "scmId": "git",
            "state": state,
            "statusMessage": message,
            "forkable": true,
            "project": self.project_json(repository.project),
            "public": repository.public,
            "links": {"self": [{"href": page}]},
        });
        if self.options.has(Feature::Archiving) {
            body["archived"] = repository.archived.into();
        }
        let clone = self.clone_links(&name, &path);
        if !clone.is_empty() {
            body["links"]["clone"] = clone.into();
        }
        if let Some(description) = &repository.description {
            body["description"] = description.as_str().into();
        }
        body
    }

    /// What is switched on, with the name of a person in the one over HTTP.
    fn clone_links(&self, name: &str, path: &str) -> Vec<Value> {
        let (scheme, rest) = self.base_url.split_once("://").unwrap_or_default();
        let host = rest.split(['/', ':']).next().unwrap_or_default();
        let over_http =
            json!({"href": format!("{scheme}://{name}{rest}/scm/{path}"), "name": "http"});
        let over_ssh = json!({"href": format!("ssh://git@{host}:7999/{path}"), "name": "ssh"});
        let mut links = Vec::new();
        links.extend(Some(over_http).filter(|_| self.options.http_clone));
        links.extend(Some(over_ssh).filter(|_| self.options.ssh_clone));
        if self.options.has(Feature::SshFirst) {
            links.reverse();
        }
        links
    }

    /// The technical account of a project's or repository's tokens.
    pub(super) fn service_account_json(&self, account: ServiceAccount) -> Value {
        json!({
            "name": account.name(),
            "active": true,
            "displayName": account.display_name(&self.world),
            "id": account.id(),
            "slug": account.slug(),
            "type": "SERVICE",
        })
    }

    /// `RestAccessToken`, as real servers send it: dates in milliseconds, and more fields than
    /// the description names.
    pub(super) fn token_json(&self, token: &Token) -> Value {
        let mut body = json!({
            "id": token.id.to_string(),
            "name": token.name,
            "permissions": token.permissions.names(),
            "createdDate": token.created.as_millisecond(),
        });
        let tells = self.options.has(Feature::TokenExpiry);
        if let Some(used) = token.last_authenticated.filter(|_| tells) {
            body["lastAuthenticated"] = used.as_millisecond().into();
        }
        if let Some(expiry) = token.expiry.filter(|_| tells) {
            body["expiryDate"] = expiry.as_millisecond().into();
        }
        if let TokenHome::User(owner) = token.scope {
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
