//! What has to be said, or agreed to, between an address and its sign-in.

use tui_input::Input;

use crate::theme::Theme;
use crate::ui::context::Context;
use crate::ui::keymap::{self, Action, Mode};
use crate::ui::notice::Notice;
use crate::ui::session::Server;
use crate::widget::form::Form;

/// What has to be typed before a password goes over a connection that anybody can read.
const AGREEMENT: &str = "yes";

/// How far an address has come.
#[derive(Debug, Default)]
pub(super) enum Stage {
    /// It is asked for.
    #[default]
    Address,
    /// The connection is not encrypted: a typed yes goes on.
    Unencrypted(Box<Server>, Input),
    /// A sign-in page stands in front of everything.
    Behind(Box<Server>),
    /// Nothing more to say.
    Found(Box<Server>),
}

impl Stage {
    /// `is_led_to`: a redirect has led there. On this computer nobody reads along, but whoever came by
    /// https did not ask for less.
    pub(super) fn after_finding(server: Server, is_led_to: bool) -> Self {
        let base = server.client.base();
        if base.is_encrypted() || (base.is_loopback() && !is_led_to) {
            Self::after_agreeing(Box::new(server))
        } else {
            Self::Unencrypted(Box::new(server), Input::default())
        }
    }

    fn after_agreeing(server: Box<Server>) -> Self {
        if server.info.behind.is_some() {
            Self::Behind(server)
        } else {
            Self::Found(server)
        }
    }

    /// What enter makes of it.
    pub(super) fn accepted(self, cx: &mut Context<'_>) -> Self {
        match self {
            Self::Unencrypted(server, typed) => {
                if typed.value().trim().eq_ignore_ascii_case(AGREEMENT) {
                    Self::after_agreeing(server)
                } else {
                    cx.notify(Notice::hint(format!(
                        "Type the word yes to continue anyway, or press {}.",
                        keymap::key(Mode::Form, Action::Back)
                    )));
                    Self::Unencrypted(server, typed)
                }
            }
            Self::Behind(server) => Self::Found(server),
            stage => stage,
        }
    }

    /// Draws what has to be said; false: nothing has.
    pub(super) fn draw(&self, form: &mut Form<'_, '_>, theme: &Theme) -> bool {
        match self {
            Self::Unencrypted(server, typed) => {
                let host = server.client.base().host();
                form.heading("This connection is not encrypted");
                form.sign(
                    "!",
                    theme.warning,
                    &format!(
                        "Anyone on the network between here and {host} can read what is sent over \
                              http: your password and your tokens too."
                    ),
                );
                form.gap();
                form.text(&format!(
                    "Ask your administrators for an address that begins with https; press {} to change \
                     the address. To continue anyway, type yes.",
                    keymap::key(Mode::Form, Action::Back)
                ));
                form.field("Continue?", typed, true);
                true
            }
            Self::Behind(server) => {
                let page = server.info.behind.as_ref();
                let location = page.and_then(|page| page.location.as_deref());
                let location = location.map(|to| format!(" ({to})")).unwrap_or_default();
                form.heading("This server is behind single sign-on");
                form.text(&format!(
                    "A sign-in page for the browser answered instead of Bitbucket{location}. A password \
                     does not get past it, so bbtoken does not know yet what is behind it."
                ));
                form.text("The browser does: you create the token there, bbtoken shows you what to choose, \
                           and you paste the token here.");
                let press = keymap::press(Mode::Form, Action::Accept);
                form.button("Continue", &press, true);
                true
            }
            Self::Address | Self::Found(_) => false,
        }
    }
}
