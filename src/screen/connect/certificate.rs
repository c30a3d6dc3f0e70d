//! A certificate is in the way, the server's or one's own: git here may be told of what is missing.

use std::sync::Arc;

use super::Connect;
use crate::bitbucket::{Error, ErrorKind};
use crate::environment::Environment;
use crate::operation::connect;
use crate::operation::git_authority::{self, GitShows, GitTrusts};
use crate::ui::context::Context;
use crate::ui::keymap::{self, Action, Mode};
use crate::ui::layer::View;
use crate::ui::load::{Wait, Work};
use crate::ui::reply::Reply;
use crate::widget::form::Form;

/// What git does at the server that was asked.
#[derive(Debug, Default)]
pub(super) struct Certificate {
    asking: Work<Option<GitDoes>>,
    git_does: Option<GitDoes>,
}

#[derive(Debug)]
enum GitDoes {
    Trusts(GitTrusts),
    Shows(GitShows),
}

impl GitDoes {
    fn sentence(&self) -> String {
        match self {
            Self::Trusts(trusts) => trusts.sentence(),
            Self::Shows(shows) => shows.sentence(),
        }
    }

    /// What to do about it, where the same helps here.
    fn advice(&self) -> Option<String> {
        let key = keymap::key(Mode::Form, Action::Accept);
        match self {
            Self::Trusts(GitTrusts::Enough(_)) => Some(format!(
                "Press {key} to trust it here too until bbtoken ends; to keep that, name the file as ca_file of this server in the configuration."
            )),
            Self::Shows(GitShows::Enough(_)) => Some(format!(
                "Press {key} to show it here too until bbtoken ends; to keep that, name the files as client_certificate and client_key of this server in the configuration."
            )),
            _ => None,
        }
    }
}

impl Certificate {
    pub(super) fn wait(&self) -> &Wait {
        self.asking.wait()
    }

    pub(super) fn hear(&mut self, reply: &mut Reply) {
        if let Some(does) = self.asking.take(reply) {
            self.git_does = does;
        }
    }

    pub(super) fn draw(&self, form: &mut Form<'_, '_>, view: View<'_>) {
        let Some(does) = &self.git_does else {
            return;
        };
        let text = does.sentence();
        match does.advice() {
            Some(advice) => form.sign("·", view.theme.text, &format!("{text} {advice}")),
            None => form.sign("!", view.theme.warning, &text),
        }
        form.gap();
    }
}

impl Connect {
    pub(super) fn ask_what_git_does(&mut self, error: &Error, cx: &mut Context<'_>) {
        let wants_own = matches!(error.kind, ErrorKind::ClientCertificate(_));
        if let Some(base) = self.asked.clone()
            && (wants_own || git_authority::lacks_authority(error))
        {
            let config = Arc::clone(&cx.session.config);
            let ask = async move |environment: Environment| {
                let settings = connect::settings(&config, &environment, &base);
                if wants_own {
                    let shows = git_authority::git_shows(&environment, &base, settings).await;
                    shows.map(GitDoes::Shows)
                } else {
                    let trusts = git_authority::git_trusts(&environment, &base, settings).await;
                    trusts.map(GitDoes::Trusts)
                }
            };
            self.certificate.asking.start(ask, cx);
        }
    }

    /// Enter once more means that what git does is to be done here too.
    pub(super) fn do_as_git_does(&mut self, cx: &mut Context<'_>) {
        let Some(base) = &self.asked else {
            return;
        };
        match self.certificate.git_does.take() {
            Some(GitDoes::Trusts(GitTrusts::Enough(authority))) => {
                Arc::make_mut(&mut cx.session.config).trust(base, authority.file);
            }
            Some(GitDoes::Shows(GitShows::Enough(own))) => {
                Arc::make_mut(&mut cx.session.config).show(base, own.files());
            }
            _ => {}
        }
    }
}
