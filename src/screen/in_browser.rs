//! In the browser: where Bitbucket accepts no password, the user creates the token on Bitbucket's own page.
//! bbtoken opens it and shows what to choose there, and the new token comes back by paste.
//!
//! ```text
//!  For        PLAT/billing-api
//!             a repository token: that repository alone
//!  Page       https://git.example.com/plugins/servlet/access-tokens/…
//!             ✓ opened in your browser
//!                                    ╭ Choose there ──────────────────╮
//!  Token      ••••••••••••••         │ Name                           │
//!                                    │   git for olga on laptop       │
//!             [ Continue ] press enter │ Repository permissions         │
//!                                    │   Write                        │
//! ```

mod view;

use std::sync::Arc;

use crossterm::event::KeyEvent;
use ratatui::Frame;
use ratatui::layout::Rect;
use tui_input::Input;

use crate::bitbucket::{Address, Belongs, Destination, ErrorKind, Recognised, Scope};
use crate::operation::draft::UsedBy;
use crate::operation::origin::Origin;
use crate::permission::{Permissions, ScopeKind};
use crate::preset::Preset;
use crate::secret::Secret;
use crate::ui::context::Context;
use crate::ui::keymap::{self, Action, Mode};
use crate::ui::layer::{Layer, View};
use crate::ui::load::{Load, Wait};
use crate::ui::notice::Notice;
use crate::ui::place::{Crumb, Place};
use crate::ui::reply::Reply;
use crate::ui::route::{Outcome, Route};
use crate::ui::session::Session;
use crate::ui::step::Step;
use crate::ui::web_page::WebPage;
use crate::widget::field::{self, TooLong};
use crate::widget::secret_field::SecretField;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Focus {
    Place,
    Token,
}

/// A token that is made in the browser.
#[derive(Debug)]
pub(super) struct InBrowser {
    /// What the token is for, as typed; empty: a personal one.
    place: Input,
    token: SecretField,
    focus: Focus,
    /// The user's name, as far as it is known.
    user: Option<String>,
    page: WebPage,
    checking: Load<Recognised>,
    /// The token that is being looked at.
    pasted: Option<Arc<Secret>>,
    /// What is wrong with what stands in the fields.
    invalid: Option<String>,
}

impl InBrowser {
    /// Nothing is opened before somebody asks for it. `user` is the name that somebody has typed, or
    /// that of whoever is signed in and could not create a token of this place.
    pub(super) fn new(user: Option<String>, place: Option<&Place>, session: &Session) -> Self {
        let place = match (place.map(Place::scope), &session.destination) {
            (Some(Scope::Personal { .. }), _) => String::new(),
            (Some(Scope::Project { key }), _) => key,
            (Some(Scope::Repository { project, slug }), _) => format!("{project}/{slug}"),
            // Whoever came with the address of a page of tokens wants one there.
            (None, Some(tokens @ Destination::Tokens(_))) => typed(tokens),
            (None, _) => String::new(),
        };
        Self {
            place: Input::from(place),
            token: SecretField::default(),
            focus: Focus::Place,
            user: user.filter(|user| !user.is_empty()),
            page: WebPage::default(),
            checking: Load::default(),
            pasted: None,
            invalid: None,
        }
    }

    /// What the token is to be for: a project or repository; nothing for a personal one.
    fn wanted(&self, session: &Session) -> Result<Option<Scope>, String> {
        let text = self.place.value().trim();
        let Some(server) = session.server.as_ref().filter(|_| !text.is_empty()) else {
            return Ok(None);
        };
        let base = server.client.base();
        let known = std::slice::from_ref(base);
        let address = Address::parse(text, known).map_err(|error| error.to_string())?;
        if address.server.is_some_and(|(named, _)| named != *base) {
            return Err(format!("That is on another server than {}.", base.host()));
        }
        Ok(match address.destination {
            None | Some(Destination::Account | Destination::Tokens(Scope::Personal { .. })) => None,
            Some(Destination::Project { key }) => Some(Scope::Project { key }),
            Some(Destination::Repository { project, slug }) => {
                Some(Scope::Repository { project, slug })
            }
            Some(Destination::Tokens(scope)) => Some(scope),
        })
    }

    fn kind(&self, session: &Session) -> ScopeKind {
        let wanted = self.wanted(session).ok().flatten();
        wanted.map_or(ScopeKind::Personal, |scope| scope.kind())
    }

    /// The company's own page where there is one, and Bitbucket's once that has been seen.
    fn next_page(&self, after_portal: bool, session: &Session) -> Option<String> {
        let portal = portal(session).filter(|_| !after_portal);
        portal.or_else(|| self.bitbuckets_page(session))
    }

    fn open_page(&mut self, after_portal: bool, cx: &mut Context<'_>) {
        match self.wanted(cx.session) {
            Ok(_) => {
                if let Some(address) = self.next_page(after_portal, cx.session) {
                    self.page.open(address, cx);
                }
                self.focus = Focus::Token;
            }
            Err(reason) => {
                self.focus = Focus::Place;
                self.invalid = Some(reason);
            }
        }
    }

    /// The page of Bitbucket on which the token is made.
    fn bitbuckets_page(&self, session: &Session) -> Option<String> {
        let base = session.server.as_ref()?.client.base();
        let scope = match (self.wanted(session).ok()?, &session.user) {
            (None, Some(user)) => Some(Scope::Personal {
                user: user.slug.clone(),
            }),
            (wanted, _) => wanted,
        };
        Some(base.tokens_page(scope.as_ref()))
    }

    /// Goes to what comes next: the page, the token, the server.
    fn accept(&mut self, cx: &mut Context<'_>) {
        let token = self.token.secret();
        let token = token.expose().trim();
        if self.focus == Focus::Place {
            self.open_page(false, cx);
        } else if token.is_empty() {
            let open = keymap::key(Mode::Browser, Action::OpenPage);
            cx.notify(Notice::hint(format!(
                "Paste the token first. {open} opens the page again."
            )));
        } else if token.starts_with("http://") || token.starts_with("https://") {
            self.refuse_token("That is an address. Copy the token itself: the page shows it once, after it has been created.");
        } else if let (Some(server), Ok(wanted)) = (&cx.session.server, self.wanted(cx.session)) {
            let token = Arc::new(Secret::new(token.to_owned()));
            self.pasted = Some(Arc::clone(&token));
            let client = server.client.signed_out();
            let ask = async move |_| client.recognise(&token, wanted.as_ref()).await;
            self.checking.ask_once(ask, cx);
        }
    }

    fn refuse_token(&mut self, reason: &str) {
        self.token.clear();
        self.invalid = Some(reason.to_owned());
    }

    /// What was wrong before is no longer said once something has changed.
    fn forgive(&mut self) {
        self.invalid = None;
        self.checking.forgive();
    }

    fn recognised(&mut self, recognised: Recognised, cx: &mut Context<'_>) {
        let Recognised { signed_in, belongs } = recognised;
        let is_other = !matches!(self.wanted(cx.session), Ok(None));
        let place = match belongs {
            Belongs::Person => Place::Account(signed_in.user.clone()),
            Belongs::Project(project) => Place::Project(project),
            Belongs::Repository(repository) => Place::Repository(repository),
            Belongs::Unnamed => {
                self.focus = Focus::Place;
                self.invalid = Some("This is the token of a project or repository, but it does not say \
                                     which. Type which one above, such as PLAT/billing-api, then continue.".to_owned());
                return;
            }
        };
        let Some(token) = self.pasted.take() else {
            return;
        };
        let permissions = self.permissions(place.kind(), cx.session);
        let permissions = permissions.unwrap_or_default();
        let name = place.token_name();
        let key = cx.session.custody.pasted(place.scope(), name, token);
        if cx.session.user.is_some() {
            // Signed in already: whoever could not create it goes on with it.
            cx.close_with(Outcome::MadeInBrowser {
                place: place.clone(),
                permissions,
                key,
            });
        } else {
            cx.go_in(signed_in);
            cx.open(Route::TokenReady {
                place: place.clone(),
                used_by: UsedBy::Git,
                origin: Origin::Browser(permissions),
                key,
                from_list: true,
            });
        }
        if is_other && place.kind() == ScopeKind::Personal {
            cx.notify(Notice::hint("This is a personal token, not one of the place that you named: it reaches whatever you reach."));
        } else {
            cx.notify(Notice::good("Bitbucket knows the token."));
        }
    }

    fn permissions(&self, kind: ScopeKind, session: &Session) -> Option<Permissions> {
        Some(recommended(session)?.permissions(kind))
    }
}

/// A place as somebody would type it: "PLAT/billing-api".
fn typed(place: &Destination) -> String {
    place.name().replace(' ', "")
}

/// The preset that is recommended.
fn recommended(session: &Session) -> Option<&Preset> {
    session.presets.first()
}

/// The company's own page about tokens.
fn portal(session: &Session) -> Option<String> {
    let base = session.server.as_ref()?.client.base();
    session.config.server(base)?.portal.clone()
}

impl Layer for InBrowser {
    fn mode(&self) -> Mode {
        Mode::Browser
    }

    fn purpose(&self) -> String {
        let accept = keymap::key(Mode::Browser, Action::Accept);
        format!(
            "If Bitbucket does not accept your password here, create the token on Bitbucket's own page, in \
             the browser where you are signed in. Press {accept} to open that page; this screen shows what \
             to choose there. Then copy the new token, paste it here and press {accept}. bbtoken tests it \
             and continues as if it had created it."
        )
    }

    fn crumbs(&self) -> Vec<Crumb> {
        vec![Crumb::keep("Sign in"), Crumb::keep("In the browser")]
    }

    fn step(&self, _view: View<'_>) -> Step {
        match self.focus {
            Focus::Place => Step::press(
                "Step 2 of 6: press {} to open the page in the browser.",
                &[Action::Accept],
            ),
            Focus::Token => Step::press(
                "Step 5 of 6: create the token there, paste it, then press {}.",
                &[Action::Accept],
            ),
        }
    }

    fn is_typing(&self) -> bool {
        true
    }

    fn type_key(&mut self, key: KeyEvent, _cx: &mut Context<'_>) -> bool {
        if self.checking.is_pending() {
            return false;
        }
        let taken = match self.focus {
            Focus::Place => field::edit(&mut self.place, key),
            Focus::Token => self.token.handle(key),
        };
        if taken {
            self.forgive();
        }
        taken
    }

    fn hides_text(&self) -> bool {
        self.focus == Focus::Token
    }

    fn line(&self) -> Option<&str> {
        (self.focus == Focus::Place).then(|| self.place.value())
    }

    fn take_token(&mut self, token: &Secret, _cx: &mut Context<'_>) -> bool {
        self.focus = Focus::Token;
        self.token.replace(token.expose()).is_ok()
    }

    fn paste(&mut self, text: &str, _cx: &mut Context<'_>) -> Result<(), TooLong> {
        if self.checking.is_pending() {
            return Ok(());
        }
        match self.focus {
            Focus::Place => field::insert(&mut self.place, text)?,
            Focus::Token => self.token.paste(text)?,
        }
        self.forgive();
        Ok(())
    }

    fn update(&mut self, action: Action, cx: &mut Context<'_>) {
        match action {
            Action::Back if self.checking.is_pending() => {
                self.checking.cancel(cx);
                cx.notify(Notice::hint("Stopped. The token is still in its field."));
            }
            _ if self.checking.is_pending() => {}
            Action::Back => cx.close(),
            Action::Accept => self.accept(cx),
            Action::OpenPage => self.open_page(self.page.address().is_some(), cx),
            Action::CopyAddress => {
                if let Some(address) = self.next_page(self.page.address().is_some(), cx.session) {
                    self.page.copy(address, cx);
                }
            }
            Action::NextField | Action::PreviousField => {
                self.focus = match self.focus {
                    Focus::Place => Focus::Token,
                    Focus::Token => Focus::Place,
                };
            }
            _ => {}
        }
    }

    fn waits(&self) -> Vec<&Wait> {
        let mut waits = self.page.waits();
        waits.push(self.checking.wait());
        waits
    }

    fn waits_mut(&mut self) -> Vec<&mut Wait> {
        vec![self.checking.wait_mut()]
    }

    fn holds_input(&self) -> bool {
        !self.token.is_empty()
    }

    fn asks_before_back(&self) -> bool {
        // Bitbucket's page may be closed by now.
        self.holds_input() && !self.checking.is_pending()
    }

    fn reply(&mut self, reply: &mut Reply, cx: &mut Context<'_>) {
        self.page.reply(reply, cx);
        match self.checking.take(reply) {
            Some(Ok(recognised)) => self.recognised(recognised, cx),
            Some(Err(error)) => {
                if matches!(error.kind, ErrorKind::WrongPassword | ErrorKind::Invalid) {
                    self.token.clear();
                }
                self.checking.fail(error);
            }
            None => {}
        }
    }

    fn view(&self, frame: &mut Frame<'_>, area: Rect, view: View<'_>) {
        self.draw(frame, area, view);
    }
}
