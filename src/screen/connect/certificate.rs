//! A certificate that bbtoken does not trust: git here may be told of its authority.

use std::sync::Arc;

use super::Connect;
use crate::bitbucket::Error;
use crate::environment::Environment;
use crate::operation::connect;
use crate::operation::git_authority::{self, GitTrusts};
use crate::ui::context::Context;
use crate::ui::layer::View;
use crate::ui::load::{Wait, Work};
use crate::ui::reply::Reply;
use crate::widget::form::Form;

/// What git trusts at the server that was asked.
#[derive(Debug, Default)]
pub(super) struct Certificate {
    asking: Work<Option<GitTrusts>>,
    git_trusts: Option<GitTrusts>,
}

impl Certificate {
    pub(super) fn wait(&self) -> &Wait {
        self.asking.wait()
    }

    pub(super) fn hear(&mut self, reply: &mut Reply) {
        if let Some(trusts) = self.asking.take(reply) {
            self.git_trusts = trusts;
        }
    }

    pub(super) fn draw(&self, form: &mut Form<'_, '_>, view: View<'_>) {
        let Some(trusts) = &self.git_trusts else {
            return;
        };
        let mut text = trusts.sentence();
        let (sign, style) = if let GitTrusts::Enough(_) = trusts {
            text.push_str(" Press enter to trust it here too until bbtoken ends; to keep that, name the file as ca_file of this server in the configuration.");
            ("·", view.theme.text)
        } else {
            ("!", view.theme.warning)
        };
        form.sign(sign, style, &text);
        form.gap();
    }
}

impl Connect {
    pub(super) fn ask_what_git_trusts(&mut self, error: &Error, cx: &mut Context<'_>) {
        if let Some(base) = self.asked.clone()
            && git_authority::lacks_authority(error)
        {
            let config = Arc::clone(&cx.session.config);
            let ask = async move |environment: Environment| {
                let settings = connect::settings(&config, &environment, &base);
                git_authority::git_trusts(&environment, &base, settings).await
            };
            self.certificate.asking.start(ask, cx);
        }
    }

    /// Enter once more means that what git trusts is to be trusted here too.
    pub(super) fn trust_as_git_does(&mut self, cx: &mut Context<'_>) {
        if let (Some(GitTrusts::Enough(authority)), Some(base)) =
            (self.certificate.git_trusts.take(), &self.asked)
        {
            Arc::make_mut(&mut cx.session.config).trust(base, authority.file);
        }
    }
}
