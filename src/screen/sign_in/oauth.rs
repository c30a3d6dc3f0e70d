//! Sign in through the browser with OAuth 2: a page is opened, somebody agrees there, and the browser
//! comes back to this computer by itself. What is here only waits, and says for what.

use ratatui::Frame;
use ratatui::layout::Rect;

use crate::bitbucket::{Authorization, Error, REDIRECT_PORT, SignedIn};
use crate::ui::context::Context;
use crate::ui::keymap::{self, Action, Mode};
use crate::ui::layer::{Layer, View};
use crate::ui::load::{Load, Wait};
use crate::ui::notice::Notice;
use crate::ui::place::Crumb;
use crate::ui::problem::{Attempt, Problem};
use crate::ui::reply::Reply;
use crate::ui::step::Step;
use crate::ui::web_page::WebPage;
use crate::widget::form::Form;
use crate::widget::lines;

/// A sign-in that happens in the browser.
#[derive(Debug, Default)]
pub(in crate::screen) struct WithOAuth {
    page: WebPage,
    /// The port of this computer is being opened.
    beginning: Load<Authorization>,
    /// Somebody is to agree in the browser, which comes to that port then.
    agreeing: Load<SignedIn>,
}

impl WithOAuth {
    fn start(&mut self, cx: &mut Context<'_>) {
        let Some(server) = &cx.session.server else {
            return;
        };
        let configured = cx.session.config.server(server.client.base());
        let Some(client_id) = configured.and_then(|it| it.oauth_client_id.clone()) else {
            return;
        };
        let client = server.client.clone();
        let port = configured.and_then(|it| it.oauth_redirect_port);
        let port = port.unwrap_or(REDIRECT_PORT);
        let ask = async move |_| client.authorize(&client_id, port).await;
        self.page = WebPage::default();
        self.agreeing.forgive();
        self.beginning.ask_once(ask, cx);
    }
}

impl WithOAuth {
    fn is_waiting(&self) -> bool {
        self.beginning.is_pending() || self.agreeing.is_pending()
    }

    fn failure(&self) -> Option<&Error> {
        self.beginning.failure().or_else(|| self.agreeing.failure())
    }
}

impl Layer for WithOAuth {
    fn mode(&self) -> Mode {
        Mode::OAuth
    }

    fn purpose(&self) -> String {
        "Your browser opens a page of Bitbucket, where you sign in as usual and allow bbtoken to create \
         tokens for you. Then the browser returns to this computer by itself. bbtoken keeps this \
         access only in memory and forgets it when it ends.".to_owned()
    }

    fn crumbs(&self) -> Vec<Crumb> {
        vec![Crumb::keep("Sign in"), Crumb::keep("OAuth")]
    }

    fn step(&self, _view: View<'_>) -> Step {
        if self.is_waiting() {
            Step::say(
                "Step 2 of 6: allow bbtoken in the browser. bbtoken then continues by itself.",
            )
        } else {
            Step::press(
                "Press {} to start again, or {} to go back.",
                &[Action::Accept, Action::Back],
            )
        }
    }

    fn update(&mut self, action: Action, cx: &mut Context<'_>) {
        match action {
            // Nobody comes to the port of this computer any more once the screen is closed.
            Action::Back => {
                if self.is_waiting() {
                    cx.notify(Notice::hint("Stopped waiting for the browser."));
                }
                cx.close();
            }
            Action::Accept if !self.is_waiting() => self.start(cx),
            Action::OpenPage | Action::CopyAddress if self.is_waiting() => {
                if let Some(address) = self.page.address().map(str::to_owned) {
                    if action == Action::OpenPage {
                        self.page.open(address, cx);
                    } else {
                        self.page.copy(address, cx);
                    }
                }
            }
            _ => {}
        }
    }

    fn open(&mut self, cx: &mut Context<'_>) {
        self.start(cx);
    }

    fn waits(&self) -> Vec<&Wait> {
        let mut waits = self.page.waits();
        waits.extend([self.beginning.wait(), self.agreeing.wait()]);
        waits
    }

    fn waits_mut(&mut self) -> Vec<&mut Wait> {
        vec![self.beginning.wait_mut(), self.agreeing.wait_mut()]
    }

    fn reply(&mut self, reply: &mut Reply, cx: &mut Context<'_>) {
        self.page.reply(reply, cx);
        match self.beginning.take(reply) {
            Some(Ok(authorization)) => {
                self.page.open(authorization.address().to_owned(), cx);
                // Dropping it closes the port.
                let ask = async move |_| authorization.finish().await;
                self.agreeing.ask_once(ask, cx);
            }
            Some(Err(error)) => self.beginning.fail(error),
            None => {}
        }
        match self.agreeing.take(reply) {
            Some(Ok(signed_in)) => cx.go_in(signed_in),
            Some(Err(error)) => self.agreeing.fail(error),
            None => {}
        }
    }

    fn view(&self, frame: &mut Frame<'_>, area: Rect, view: View<'_>) {
        Form::show(frame, area, view.theme, |form| self.draw(form, view));
    }
}

impl WithOAuth {
    fn draw(&self, form: &mut Form<'_, '_>, view: View<'_>) {
        form.expect_problem();
        form.heading("Sign in with the browser");
        form.text("Sign in there as usual, and allow bbtoken to create tokens for you.");
        if let (Some(error), Some(server)) = (self.failure(), &view.session.server) {
            let problem = Problem::explain(error, Attempt::OAuth(server.client.base()));
            form.rest(|frame, area| problem.draw(frame, area, view));
            return;
        }
        if let Some(address) = self.page.address() {
            form.labelled("Page", address);
            form.indented(|width| self.page.status(width, view));
            if self.page.is_elsewhere() {
                form.indented(|width| {
                    let warning = view.theme.warning;
                    let back = keymap::key(Mode::OAuth, Action::Back);
                    let text = format!(
                        "That browser cannot return to this computer. Press {back}, then choose In the browser."
                    );
                    lines::signed(("!", warning), &text, view.theme.text, width).collect()
                });
            }
            form.gap();
        }
        if let Some(waited) = self
            .agreeing
            .waiting(view.now)
            .or_else(|| self.beginning.waiting(view.now))
        {
            form.waiting(waited, "Waiting for you to allow it in the browser");
        }
    }
}
