//! A page for the browser: opened there, or its address on the clipboard, and what became of that.

use ratatui::text::Line;

use super::context::Context;
use super::effect::Text;
use super::layer::View;
use super::load::{Wait, Work};
use super::notice::Notice;
use super::reply::Reply;
use crate::browser::OpenError;
use crate::clipboard::{Copied, CopyError};
use crate::widget::{lines, spinner};

/// The page that was asked for last.
#[derive(Debug, Default)]
pub(crate) struct WebPage {
    address: Option<String>,
    opening: Work<Result<(), OpenError>>,
    opened: Option<Result<(), OpenError>>,
    copying: Work<Result<Copied, CopyError>>,
    copied: Option<Result<Copied, CopyError>>,
}

impl WebPage {
    /// Opens it; where there is no browser its address goes to the clipboard.
    pub(crate) fn open(&mut self, address: String, cx: &mut Context<'_>) {
        self.opened = None;
        self.copied = None;
        self.address = Some(address.clone());
        self.opening.open(address, cx);
    }

    /// Puts its address on the clipboard, unless a token is there that nobody has elsewhere.
    pub(crate) fn copy(&mut self, address: String, cx: &mut Context<'_>) {
        if cx.session.custody.needs_clipboard() {
            cx.notify(Notice::hint("The address is not copied: the new token is on your clipboard and nowhere else. Paste or save it first."));
            return;
        }
        self.address = Some(address.clone());
        self.copying.copy(Text::Plain(address), cx);
    }

    /// Its address, once somebody has asked for it.
    pub(crate) fn address(&self) -> Option<&str> {
        self.address.as_deref()
    }

    pub(crate) fn waits(&self) -> Vec<&Wait> {
        vec![self.opening.wait(), self.copying.wait()]
    }

    pub(crate) fn reply(&mut self, reply: &mut Reply, cx: &mut Context<'_>) {
        if let Some(opened) = self.opening.take(reply) {
            self.opened = Some(opened);
            if let (Err(_), Some(address)) = (opened, self.address.clone()) {
                self.copy(address, cx);
            }
        } else if let Some(copied) = self.copying.take(reply) {
            if copied.is_ok() {
                // Whatever token was there is there no more.
                cx.something_else_copied();
            }
            self.copied = Some(copied);
        }
    }

    /// Whether the browser is on another computer than this one.
    pub(crate) fn is_elsewhere(&self) -> bool {
        self.opened == Some(Err(OpenError::Remote))
    }

    /// What became of it, in one line, for low windows.
    pub(crate) fn brief_status(&self, width: usize, view: View<'_>) -> Vec<Line<'static>> {
        let theme = view.theme;
        let (sign, text) = match (self.opened, &self.copied) {
            (Some(Ok(())), _) => (("✓", theme.good), "opened in your browser"),
            (Some(Err(_)), Some(Ok(_))) => {
                (("!", theme.warning), "not opened, but copied: paste it")
            }
            (Some(Err(_)), _) => (("!", theme.warning), "not opened, not copied"),
            (None, _) => return Vec::new(),
        };
        let line = lines::signed(sign, text, theme.text, width);
        line.take(1).collect()
    }

    /// What became of it, in a line or a few.
    pub(crate) fn status(&self, width: usize, view: View<'_>) -> Vec<Line<'static>> {
        let theme = view.theme;
        let line = |sign, text: &str| lines::signed(sign, text, theme.text, width);
        let mut all = Vec::new();
        if let Some(waited) = self.opening.waiting(view.now) {
            let sign = (spinner::sign(waited).unwrap_or(" "), theme.accent);
            all.extend(line(sign, "opening your browser …"));
        }
        match self.opened {
            Some(Ok(())) => all.extend(line(("✓", theme.good), "opened in your browser")),
            Some(Err(error)) => {
                let text = format!("Not opened: {error}.");
                all.extend(line(("!", theme.warning), &text));
            }
            None => {}
        }
        let here = if self.opened.is_some_and(|opened| opened.is_err()) {
            ": paste it into the browser where you are signed in."
        } else {
            "."
        };
        match &self.copied {
            Some(Ok(copied)) => {
                let text = format!("The address is {}{here}", copied.describe());
                let sign = if copied.is_certain() {
                    ("✓", theme.good)
                } else {
                    ("→", theme.accent)
                };
                all.extend(line(sign, &text));
            }
            Some(Err(_)) => {
                let text = "There is no clipboard either: select the address with the mouse.";
                all.extend(line(("!", theme.warning), text));
            }
            None => {}
        }
        all
    }
}
