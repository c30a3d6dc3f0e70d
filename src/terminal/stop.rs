//! Stopping the process until `fg`.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use rustix::process::{
    Signal, getpgrp, getpid, getsid, kill_current_process_group, kill_process, test_kill_process,
};

/// The next TSTP that arrives is the one that we have sent ourselves.
static IS_OURS: AtomicBool = AtomicBool::new(false);

/// Whether a TSTP that has arrived is somebody else's, who wants us to stop.
pub(super) fn is_wanted() -> bool {
    !IS_OURS.swap(false, Ordering::SeqCst) && can_go_on()
}

/// Stops the process and the scripts around it, as the terminal itself would; comes back after `fg`, or
/// at once where nobody could ever continue us.
pub(super) fn stop() -> io::Result<()> {
    if !can_go_on() {
        return Ok(());
    }
    IS_OURS.store(true, Ordering::SeqCst);
    // The others; we catch it, and stop by the signal that nobody catches.
    kill_current_process_group(Signal::TSTP)?;
    kill_process(getpid(), Signal::STOP)?;
    // It reaches a process of several threads in microseconds, but this thread may run on for some of
    // them: without a pause it might draw on the shell's screen.
    thread::sleep(Duration::from_millis(20));
    Ok(())
}

/// Whether a shell stands above us that put us into a group of our own, and can continue us. For the
/// signal that stops by default the system sees to that; for one that is caught it does not.
fn can_go_on() -> bool {
    getsid(None).is_ok_and(|leader| leader != getpgrp() && test_kill_process(leader).is_ok())
}
