//! The one thing that moves: a sign that something is awaited, and only after a moment.

use std::time::Duration;

/// Waits shorter than this show nothing, so that fast answers do not flicker.
const PATIENCE: Duration = Duration::from_millis(150);
const FRAME: Duration = Duration::from_millis(120);
const FRAMES: [&str; 8] = ["⠋", "⠙", "⠸", "⠴", "⠦", "⠇", "⠏", "⠹"];

/// What to draw after this long a wait; `None` while it is too short to mention.
#[must_use]
pub fn sign(waited: Duration) -> Option<&'static str> {
    let shown = waited.checked_sub(PATIENCE)?;
    let frame = shown.as_millis() / FRAME.as_millis();
    FRAMES
        .get(usize::try_from(frame).ok()? % FRAMES.len())
        .copied()
}

/// How long until [`sign`] changes.
#[must_use]
pub fn next_change(waited: Duration) -> Duration {
    match waited.checked_sub(PATIENCE) {
        None => PATIENCE - waited,
        Some(shown) => {
            let into_frame = Duration::from_nanos(
                u64::try_from(shown.as_nanos() % FRAME.as_nanos()).unwrap_or(0),
            );
            FRAME - into_frame
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_shows_nothing_at_first_and_then_turns() {
        assert_eq!(sign(Duration::from_millis(149)), None);
        assert_eq!(sign(PATIENCE), Some("⠋"));
        assert_eq!(sign(PATIENCE + FRAME), Some("⠙"));
        assert_eq!(next_change(Duration::ZERO), PATIENCE);
        assert_eq!(next_change(PATIENCE), FRAME);
    }
}
