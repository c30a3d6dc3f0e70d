//! What is done on this computer, each job on a thread of its own.

use crate::browser::Browser;
use crate::environment::Environment;
use crate::operation::custody::Note;
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
        } => {
            let situation = git::look(environment, &target).await;
            Done::GitWays(situation.and_then(|it| it.ways(environment, &target, takes_password)))
        }
        Job::SetGitUp { target, way, token } => {
            match git::apply(environment, &target, &way, &token).await {
                Ok(()) => Done::GitSetUp(Ok(git::knows_author(environment).await)),
                Err(error) => Done::GitSetUp(Err(error)),
            }
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
