//! Taking away what stands in front of the token, after a question or with `--mend`.

use std::error::Error;

use super::super::output;
use super::super::prompt::{self, Enter};
use crate::environment::Environment;
use crate::git::Mended;
use crate::operation::look_at_git::Look;
use crate::operation::mend_git;
use crate::ui::in_the_way;

/// What was taken away. It comes back when this is dropped, unless git was set up.
#[derive(Default)]
pub(super) struct Mends(Vec<Mended>);

impl Mends {
    /// Says what is in the way, and takes away what is agreed to. Whether anything was.
    pub(super) async fn clear_the_way(
        &mut self,
        environment: &Environment,
        look: &Look,
        (mend, yes): (bool, bool),
    ) -> Result<bool, Box<dyn Error>> {
        for obstacle in &look.obstacles {
            let by_hand = in_the_way::by_hand(obstacle);
            let offer = in_the_way::mend(obstacle);
            let what = in_the_way::what(obstacle);
            let is_wanted = match &offer {
                Some(offer) if !mend && !yes && prompt::can_ask() => {
                    output::hint(&format!("! {what}"));
                    prompt::agrees(&format!("Shall bbtoken {offer}?"), Enter::Yes).await?
                }
                Some(_) if mend => {
                    output::hint(&format!("! {what}"));
                    true
                }
                offer => {
                    let option = if offer.is_some() {
                        " --mend does that; or yourself:"
                    } else {
                        ""
                    };
                    let by_hand = by_hand.as_deref().unwrap_or_default();
                    output::hint(&format!("! {what}{option} {by_hand}"));
                    false
                }
            };
            if !is_wanted {
                continue;
            }
            match mend_git::mend(environment, &look.target.address, obstacle).await {
                Ok(mended) => {
                    let done = in_the_way::mended(obstacle, &mended);
                    output::hint(&format!("✓ {done}. It comes back if git is not set up."));
                    self.0.push(mended);
                }
                Err(error) => {
                    let by_hand = by_hand.unwrap_or_default();
                    output::hint(&format!("✗ That did not work: {error} {by_hand}"));
                }
            }
        }
        Ok(!self.0.is_empty())
    }

    /// Git is set up: they stay.
    pub(super) fn keep(mut self) {
        self.0.clear();
    }
}

impl Drop for Mends {
    fn drop(&mut self) {
        for mended in self.0.drain(..).rev() {
            let file = mended.file.clone();
            output::hint(&match mended.put_back() {
                Ok(()) => format!("· {file} was put back as it was."),
                Err(error) => format!("! {error}"),
            });
        }
    }
}
