//! What the clone in the current directory tells before somebody signs in: who works there, and whether git
//! gets in. That spends no login.

use super::{Focus, SignIn};
use crate::bitbucket::{Destination, Scope};
use crate::environment::Environment;
use crate::git::{self, Remote};
use crate::operation::whereabouts;
use crate::operation::why::{From, Question, Remedy, Why, why};
use crate::theme::Theme;
use crate::ui::context::Context;
use crate::ui::load::{Wait, Work};
use crate::ui::reply::Reply;
use crate::widget::form::Form;

/// What is known of the clone by now.
#[derive(Debug, Default)]
pub(super) struct InClone {
    finding: Work<Option<Remote>>,
    looking: Work<Result<Why, git::Error>>,
    /// What is the matter; nothing where git gets in.
    trouble: Option<Why>,
    /// Whom the remote names.
    user: Option<String>,
    /// After the sign-in its replacement comes.
    leads_on: bool,
}

impl InClone {
    pub(super) fn waits(&self) -> [&Wait; 2] {
        [self.finding.wait(), self.looking.wait()]
    }

    pub(super) fn begin(&mut self, cx: &mut Context<'_>) {
        let Some(server) = cx.session.server.as_ref().filter(|_| !cx.session.demo) else {
            return;
        };
        let base = server.client.base().clone();
        let find = async move |environment: Environment| {
            whereabouts::remote_to(&git::remotes_of_clone(&environment).await, &base)
        };
        self.finding.start(find, cx);
    }

    fn look(&mut self, remote: &Remote, cx: &mut Context<'_>) {
        let Some(server) = &cx.session.server else {
            return;
        };
        let client = server.client.clone();
        let question = Question {
            from: From::Remote(remote.name.clone()),
            sends_password: false,
            // Our own request tells enough, and costs nobody twenty seconds.
            runs_git: false,
            reader: None,
            user: remote.user.clone(),
            now: cx.now.time,
        };
        let look =
            async move |environment: Environment| why(&environment, &client, &question).await;
        self.looking.start(look, cx);
    }

    /// What is the matter with git in this clone.
    pub(super) fn draw(&self, form: &mut Form<'_, '_>, theme: &Theme, share: bool) {
        let Some(trouble) = &self.trouble else {
            return;
        };
        let mut text = trouble.sentence();
        if share {
            let names = trouble.names().into_iter().chain(self.user.clone());
            for name in names {
                text = text.replace(&name, "•••");
            }
        }
        if self.leads_on {
            text.push_str(" Sign in: that leads to where you make a new one.");
        }
        form.sign("✗", theme.bad, &text);
        form.gap();
    }
}

impl SignIn {
    pub(super) fn hear_of_clone(&mut self, reply: &mut Reply, cx: &mut Context<'_>) {
        if let Some(Some(remote)) = self.clone.finding.take(reply) {
            self.take_user_of(&remote);
            if remote.location().is_some() {
                self.clone.look(&remote, cx);
            }
            self.clone.user = remote.user;
        }
        if let Some(Ok(why)) = self.clone.looking.take(reply)
            && !why.is_good()
        {
            self.clone.leads_on = leads_on(&why, cx);
            self.clone.trouble = Some(why);
        }
    }

    /// Whoever the clone was made as is most likely who signs in; what somebody has typed stays.
    fn take_user_of(&mut self, remote: &Remote) {
        let is_free = self.is_proposed || self.user.value().is_empty();
        if let Some(user) = remote.user.as_deref().filter(|_| is_free) {
            self.user = user.into();
            self.is_proposed = true;
            if self.focus == Focus::User {
                self.focus = Focus::Password;
            }
        }
    }
}

/// Has the sign-in lead to the tokens among which a new one is made, unless somebody wants to go elsewhere.
fn leads_on(why: &Why, cx: &mut Context<'_>) -> bool {
    let goes_to_clone = cx.session.destination == cx.session.clone;
    if why.remedy() != Remedy::NewToken || !goes_to_clone {
        return false;
    }
    let Some(set_up) = &why.set_up else {
        return false;
    };
    let scope = match &set_up.user {
        Some(user) => Some(Scope::Personal { user: user.clone() }),
        None => Destination::of_clone_address(&set_up.address).and_then(|place| place.scope()),
    };
    cx.session.destination = scope.map(Destination::Tokens);
    cx.session.destination.is_some()
}
