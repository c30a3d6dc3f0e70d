//! The end that comes in any case. Whoever is told to end does so in order; where that does not come
//! about, because something blocks that nobody thought of, the process ends all the same.

use std::process;
use std::sync::Once;
use std::thread;
use std::time::Duration;

use super::modes;

/// A little more than the orderly end may take. With the terminal that is given back after it that stays
/// below the five seconds that are promised.
const LIMIT: Duration = Duration::from_millis(4600);
/// As after any other failure.
const FAILURE: i32 = 1;

/// The process was told to end: from now on its time is running. Telling it again changes nothing.
pub fn start() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // Without a thread the orderly end has to do.
        let _ = thread::Builder::new()
            .name("watchdog".to_owned())
            .spawn(|| {
                thread::sleep(LIMIT);
                // In the background the terminal is the shell's, and touching it would stop the process.
                if modes::in_foreground() {
                    modes::leave();
                }
                process::exit(FAILURE);
            });
    });
}
