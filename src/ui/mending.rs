//! What stands in front of a token is taken away, and put back as long as the screen is there.

use super::context::Context;
use super::in_the_way;
use super::keymap::{self, Action, Mode};
use super::load::{Wait, Work};
use super::notice::Notice;
use super::reply::Reply;
use crate::environment::Environment;
use crate::git::{self, Mended};
use crate::operation::look_at_git::Obstacle;
use crate::operation::mend_git;

/// What was taken away, and what is being changed.
#[derive(Debug, Default)]
pub struct Mending {
    working: Work<Result<(Obstacle, Mended), git::Error>>,
    putting_back: Work<Result<String, git::Error>>,
    mended: Vec<Mended>,
}

impl Mending {
    /// Whether git's configuration is being changed.
    #[must_use]
    pub fn is_pending(&self) -> bool {
        self.working.is_pending() || self.putting_back.is_pending()
    }

    /// What it waits for.
    #[must_use]
    pub fn waits(&self) -> [&Wait; 2] {
        [self.working.wait(), self.putting_back.wait()]
    }

    /// Why nothing can be put back.
    #[must_use]
    pub fn refuses_put_back(&self) -> Option<String> {
        let reason = "Nothing was removed on this screen.";
        self.mended.is_empty().then(|| reason.to_owned())
    }

    /// Takes away what keeps git from using a token at this address.
    pub fn mend(&mut self, address: String, obstacle: Obstacle, cx: &mut Context<'_>) {
        let mend = async move |environment: Environment| {
            let mended = mend_git::mend(&environment, &address, &obstacle).await?;
            Ok((obstacle, mended))
        };
        self.working.start_writing(mend, cx);
    }

    /// Puts back what was taken away last.
    pub fn put_back(&mut self, cx: &mut Context<'_>) {
        let Some(mended) = self.mended.pop() else {
            return;
        };
        let put_back = async move |_| {
            let file = mended.file.clone();
            mended.put_back().map(|()| file)
        };
        self.putting_back.start_writing(put_back, cx);
    }

    /// Takes in what became of it; true: git's configuration has changed. A key of this `mode` puts back.
    pub fn reply(&mut self, reply: &mut Reply, mode: Mode, cx: &mut Context<'_>) -> bool {
        let changed = if let Some(result) = self.working.take(reply) {
            result.map(|(obstacle, mended)| {
                let done = in_the_way::mended(&obstacle, &mended);
                self.mended.push(mended);
                let key = keymap::key(mode, Action::PutBack);
                format!("{done}. Until you leave this screen, {key} puts it back.")
            })
        } else if let Some(result) = self.putting_back.take(reply) {
            result.map(|file| format!("{file} was put back as it was."))
        } else {
            return false;
        };
        let has_changed = changed.is_ok();
        cx.notify(match changed {
            Ok(text) => Notice::good(text),
            Err(error) => Notice::bad(error.to_string()),
        });
        has_changed
    }
}
