//! What is done on this computer, each job on a thread of its own.

use crate::browser::Browser;
use crate::environment::Environment;
use crate::operation::custody::Note;
use crate::operation::{look_at_git, set_up_git};
use crate::ui::effect::Job;
use crate::ui::event::Done;
use crate::{git, secret_file};

/// Does it, and comes back when it is done.
pub(super) fn perform(environment: &Environment, browser: &Browser, job: Job) -> Done {
    let work = carry_out(environment, browser, job);
    // A small runtime of its own: git is watched to its end also while the program's is ending.
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    match runtime {
        Ok(runtime) => runtime.block_on(work),
        Err(_) => tokio::runtime::Handle::current().block_on(work),
    }
}

async fn carry_out(environment: &Environment, browser: &Browser, job: Job) -> Done {
    match job {
        Job::LookAtGit {
            target,
            takes_password,
            trusted,
        } => {
            let look = look_at_git::look(environment, &target, takes_password, trusted).await;
            Done::GitLooked(look.map(Box::new))
        }
        Job::SetGitUp { client, wanted } => {
            let done = set_up_git::set_up(environment, &client, &wanted).await;
            Done::GitSetUp(done.map(Box::new).map_err(Box::new))
        }
        Job::GitSetUps => Done::GitSetUps(git::set_ups(environment)),
        Job::UndoGit { address } => Done::GitUndone(git::undo(environment, &address).await),
        Job::AskGit { address, user } => {
            Done::GitPassword(git::kept_password(environment, &address, user.as_deref()).await)
        }
        Job::LookForClone => Done::CloneFound(git::remotes(environment).await),
        Job::Open { address } => Done::Opened(browser.open(environment, &address).await),
        Job::Remember(state) => Done::Remembered(state.save(environment)),
        Job::Note(notes) => {
            for note in notes {
                match note {
                    Note::Step(entry, step) => entry.note(step).await,
                    Note::Close(entry) => entry.close().await,
                }
            }
            Done::Noted
        }
        Job::Save { path, token } => Done::Saved(secret_file::save(environment, &token, &path)),
    }
}
