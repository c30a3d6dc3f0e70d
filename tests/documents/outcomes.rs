//! What becomes of a change: each fault against each operation, asked of the simulator and written down.

use std::collections::HashSet;

use bbtoken::bitbucket::{BaseUrl, Client, Scope, TokenChange, TokenSpec};
use bbtoken::clock::Clock;
use bbtoken::operation::Desk;
use bbtoken::operation::change::{Changed, change};
use bbtoken::operation::create::{Created, create};
use bbtoken::operation::journal::{Asked, Journal};
use bbtoken::operation::revoke::{Revoked, revoke};
use bbtoken::operation::settle::{Settled, Sought, settle};
use bbtoken::permission::{Level, Permissions};
use bbtoken::secret::Secret;
use bbtoken::simulator::{Delivery, Fault, FaultEffect, Options, Reply, Simulator};
use jiff::Timestamp;
use reqwest::Method;

use crate::readme::with_part;
use crate::{check, read};

const PAGE: &str = "CONTRIBUTING.md";
const ERRORS: &str = r#"{"errors":[{"context":null,"message":"no","exceptionName":null}]}"#;

/// What comes back, and the answer; `None`: the connection is cut.
fn faults() -> Vec<(&'static str, Option<Reply>)> {
    vec![
        ("the connection is cut", None),
        (
            "400 with Bitbucket's errors",
            Some(Reply::json(400, ERRORS)),
        ),
        (
            "409 with Bitbucket's errors",
            Some(Reply::json(409, ERRORS)),
        ),
        (
            "403 with a filter's message",
            Some(Reply::json(403, r#"{"message":"no"}"#)),
        ),
        ("429", Some(Reply::empty(429))),
        (
            "403 as a web page",
            Some(Reply::html(403, "<html>blocked</html>")),
        ),
        (
            "404 as a web page",
            Some(Reply::html(404, "<html>gone</html>")),
        ),
        (
            "500 with Bitbucket's errors",
            Some(Reply::json(500, ERRORS)),
        ),
        (
            "502 as a web page",
            Some(Reply::html(502, "<html>proxy</html>")),
        ),
        (
            "503 with Bitbucket's errors",
            Some(Reply::json(503, ERRORS)),
        ),
        ("504 without a body", Some(Reply::empty(504))),
        (
            "302 to a sign-in page",
            Some(Reply::redirect(302, "https://sso.example.com/")),
        ),
        (
            "200 as a web page",
            Some(Reply::html(200, "<html>hello</html>")),
        ),
        (
            "200 with half a body",
            Some(Reply::json(200, r#"{"id":"1","#).delivered(Delivery::Cut)),
        ),
    ]
}

struct Server {
    simulator: Simulator,
    desk: Desk,
    scope: Scope,
}

impl Server {
    async fn start() -> Self {
        let simulator = Simulator::start(Options::default()).await.unwrap();
        let base = BaseUrl::parse(&simulator.base_url()).unwrap();
        let password = Secret::new("alice".to_owned());
        let client = Client::anonymous(base).unwrap();
        let signed_in = client.sign_in("alice", &password).await.unwrap();
        let client = signed_in.done().unwrap().client;
        let journal = Journal::none();
        Self {
            simulator,
            desk: Desk {
                client,
                journal,
                clock: Clock::system(),
            },
            scope: Scope::Personal {
                user: "alice".to_owned(),
            },
        }
    }

    fn fault(&self, method: Method, reply: Option<Reply>, is_done: bool) {
        let effect = match (reply, is_done) {
            (Some(reply), true) => FaultEffect::Answer(reply),
            (Some(reply), false) => FaultEffect::Refuse(reply),
            (None, true) => FaultEffect::LoseAnswer,
            (None, false) => FaultEffect::Cut,
        };
        self.simulator.inject(Fault {
            method: Some(method),
            path_contains: String::new(),
            times: Some(1),
            effect,
        });
    }

    async fn create(&self) -> Created {
        let spec = TokenSpec {
            name: "table".to_owned(),
            permissions: Permissions::new(Level::Read, Level::Write),
            expiry_days: Some(30),
        };
        let asked = Asked {
            server: self.desk.client.base().to_string(),
            user: "alice".to_owned(),
            scope: self.scope.clone(),
            name: spec.name.clone(),
            time: Timestamp::now(),
            replaces: None,
        };
        create(&self.desk, asked, &spec).await
    }

    async fn creation(&self, reply: Option<Reply>, is_done: bool) -> &'static str {
        self.fault(Method::PUT, reply, is_done);
        match self.create().await {
            Created::Made(..) => "made",
            Created::Refused(_) => "refused",
            Created::NothingSent(_) | Created::NotNoted(_) => "nothing sent",
            Created::Lost { id, entry, .. } => {
                let sought = Sought {
                    scope: self.scope.clone(),
                    name: entry.asked.name.clone(),
                    asked: entry.asked.time,
                    id,
                    others: HashSet::new(),
                };
                match settle(&self.desk, &sought).await {
                    Settled::NotShown { .. } => "lost; the list: not there now",
                    Settled::Nothing { .. } => "lost; the list: nothing",
                    Settled::Orphan(_) => "lost; the list: an orphan",
                    Settled::Several => "lost; the list: several",
                    Settled::NotKnown(_) => "lost; not known",
                }
            }
        }
    }

    async fn change(&self, reply: Option<Reply>, is_done: bool) -> &'static str {
        let Created::Made(made, _) = self.create().await else {
            panic!("not made");
        };
        self.fault(Method::POST, reply, is_done);
        let wanted = TokenChange {
            name: Some("chair".to_owned()),
            permissions: Some(Permissions::new(Level::Read, Level::Read)),
        };
        match change(&self.desk, &self.scope, &made.token.id, &wanted).await {
            Changed::Changed(_) => "changed",
            Changed::NotAsAsked(_) => "not as asked",
            Changed::Gone => "gone",
            Changed::Refused(_) => "refused",
            Changed::NotChanged(_) => "lost; the token: as it was",
            Changed::NotKnown(_) => "lost; not known",
        }
    }

    async fn revocation(&self, reply: Option<Reply>, is_done: bool) -> &'static str {
        let Created::Made(made, _) = self.create().await else {
            panic!("not made");
        };
        self.fault(Method::DELETE, reply, is_done);
        match revoke(&self.desk, &self.scope, &made.token.id, None).await {
            Revoked::Revoked => "revoked",
            Revoked::AlreadyGone => "already gone",
            Revoked::Refused(_) => "refused",
            Revoked::StillThere(_) => "lost; the list: still there",
            Revoked::NotKnown(_) => "lost; not known",
        }
    }
}

#[tokio::test]
async fn the_table_of_outcomes_is_what_the_operations_end_in() {
    let mut table = String::from(
        "| what comes back | create, done | create, not done | change, done | change, not done | revoke, done | revoke, not done |\n|---|---|---|---|---|---|---|\n",
    );
    for (name, reply) in faults() {
        let mut row = format!("| {name} |");
        for is_done in [true, false] {
            let cell = Server::start().await.creation(reply.clone(), is_done).await;
            row.push_str(&format!(" {cell} |"));
        }
        for is_done in [true, false] {
            let cell = Server::start().await.change(reply.clone(), is_done).await;
            row.push_str(&format!(" {cell} |"));
        }
        for is_done in [true, false] {
            let cell = Server::start()
                .await
                .revocation(reply.clone(), is_done)
                .await;
            row.push_str(&format!(" {cell} |"));
        }
        table.push_str(&row);
        table.push('\n');
    }
    check(PAGE, &with_part(&read(PAGE), "outcomes", &table));
}
