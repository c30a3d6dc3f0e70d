//! What stands in front of the token is taken away, and put back.

use super::GitSetup;
use crate::environment::Environment;
use crate::git::{self, Mended};
use crate::operation::look_at_git::Obstacle;
use crate::operation::mend_git;
use crate::ui::context::Context;
use crate::ui::in_the_way;
use crate::ui::load::Work;
use crate::ui::notice::Notice;
use crate::ui::reply::Reply;

/// What was taken away as long as this screen is there.
#[derive(Debug, Default)]
pub(super) struct Mending {
    working: Work<Result<Mended, git::Error>>,
    /// What is being mended.
    obstacle: Option<Obstacle>,
    putting_back: Work<Result<String, git::Error>>,
    mended: Vec<Mended>,
}

impl Mending {
    pub(super) fn is_pending(&self) -> bool {
        self.working.is_pending() || self.putting_back.is_pending()
    }

    pub(super) fn waits(&self) -> [&crate::ui::load::Wait; 2] {
        [self.working.wait(), self.putting_back.wait()]
    }
}

impl GitSetup {
    fn mendable(&self) -> Option<&Obstacle> {
        self.obstacles.iter().find(|it| it.can_be_mended())
    }

    /// Why nothing can be mended.
    pub(super) fn refuses_mend(&self) -> Option<String> {
        let reason = "Nothing is in the way of the token that bbtoken could remove.";
        self.mendable().is_none().then(|| reason.to_owned())
    }

    /// Why nothing can be put back.
    pub(super) fn refuses_put_back(&self) -> Option<String> {
        let reason = "Nothing was removed on this screen.";
        let is_nothing = self.mending.mended.is_empty();
        is_nothing.then(|| reason.to_owned())
    }

    pub(super) fn mend(&mut self, cx: &mut Context<'_>) {
        let Some(obstacle) = self.mendable().cloned() else {
            return;
        };
        self.failure = None;
        self.mending.obstacle = Some(obstacle.clone());
        let address = self.target.address.clone();
        let mend = async move |environment: Environment| {
            mend_git::mend(&environment, &address, &obstacle).await
        };
        self.mending.working.start_writing(mend, cx);
    }

    pub(super) fn put_back(&mut self, cx: &mut Context<'_>) {
        let Some(mended) = self.mending.mended.pop() else {
            return;
        };
        let put_back = async move |_| {
            let file = mended.file.clone();
            mended.put_back().map(|()| file)
        };
        self.mending.putting_back.start_writing(put_back, cx);
    }

    pub(super) fn mend_reply(&mut self, reply: &mut Reply, cx: &mut Context<'_>) {
        match self.mending.working.take(reply) {
            Some(Ok(mended)) => {
                if let Some(obstacle) = self.mending.obstacle.take() {
                    let done = in_the_way::mended(&obstacle, &mended);
                    cx.notify(Notice::good(format!(
                        "{done}. Until you leave this screen, u puts it back."
                    )));
                }
                self.mending.mended.push(mended);
                self.look(cx);
            }
            Some(Err(error)) => cx.notify(Notice::bad(error.to_string())),
            None => {}
        }
        match self.mending.putting_back.take(reply) {
            Some(Ok(file)) => {
                cx.notify(Notice::good(format!("{file} was put back as it was.")));
                self.look(cx);
            }
            Some(Err(error)) => cx.notify(Notice::bad(error.to_string())),
            None => {}
        }
    }

    /// What is in the way, and what to do about it.
    pub(super) fn obstacle_lines(&self) -> impl Iterator<Item = String> {
        let mendable = self.mendable();
        self.obstacles.iter().map(move |obstacle| {
            let what = in_the_way::what(obstacle);
            match in_the_way::mend(obstacle) {
                Some(mend) if Some(obstacle) == mendable => {
                    format!("{what} Press m to {mend}; u puts it back.")
                }
                Some(mend) => format!("{what} Then m can {mend}."),
                None => match in_the_way::by_hand(obstacle) {
                    Some(by_hand) => format!("{what} {by_hand}"),
                    None => what,
                },
            }
        })
    }
}
