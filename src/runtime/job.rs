//! What is done on this computer, each job on a thread of its own.

use crate::environment::Environment;
use crate::ui::effect::Job;
use crate::ui::reply::Value;

/// Does it, and comes back when it is done.
pub(super) fn perform(environment: Environment, job: Job) -> Value {
    let work = job.done(environment);
    // A small runtime of its own: git is watched to its end also while the program's is ending.
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    match runtime {
        Ok(runtime) => runtime.block_on(work),
        Err(_) => tokio::runtime::Handle::current().block_on(work),
    }
}
