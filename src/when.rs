//! Times as a person says them: "in 12 days", "3 hours ago", "Monday, 22 February 2027".

use std::time::Duration;

use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;
/// Below this many days a token counts as expiring soon.
pub const SOON_DAYS: i64 = 14;

/// "3 hours ago", "in 12 days", "just now".
#[must_use]
pub fn relative(time: Timestamp, now: Timestamp) -> String {
    let seconds = time.as_second() - now.as_second();
    let size = seconds.abs();
    if size < MINUTE {
        return "just now".to_owned();
    }
    // What lies ahead is rounded, so that 90 days are 90 days a second later too; what lies behind
    // counts when it is complete.
    let count = |unit: i64| {
        if seconds > 0 {
            (size + unit / 2) / unit
        } else {
            size / unit
        }
    };
    let (count, unit) = match size {
        ..HOUR => (count(MINUTE), "min"),
        HOUR..DAY => (count(HOUR), "hour"),
        _ if size < 100 * DAY => (count(DAY), "day"),
        _ if size < 360 * DAY => (count(30 * DAY), "month"),
        _ => (count(365 * DAY).max(1), "year"),
    };
    let plural = if count == 1 || unit == "min" { "" } else { "s" };
    if seconds > 0 {
        format!("in {count} {unit}{plural}")
    } else {
        format!("{count} {unit}{plural} ago")
    }
}

/// "22 February 2027".
#[must_use]
pub fn date(time: Timestamp, zone: &TimeZone) -> String {
    time.to_zoned_datetime(zone.clone())
        .strftime("%-d %B %Y")
        .to_string()
}

/// "Monday, 22 February 2027".
#[must_use]
pub fn weekday_date(time: Timestamp, zone: &TimeZone) -> String {
    time.to_zoned_datetime(zone.clone())
        .strftime("%A, %-d %B %Y")
        .to_string()
}

/// "22 February 2027, 14:05 UTC", for details.
#[must_use]
pub fn exact(time: Timestamp, zone: &TimeZone) -> String {
    time.to_zoned_datetime(zone.clone())
        .strftime("%-d %B %Y, %H:%M %Z")
        .to_string()
}

/// "14:05:09".
#[must_use]
pub fn time_of_day(time: Timestamp, zone: &TimeZone) -> String {
    time.to_zoned_datetime(zone.clone())
        .strftime("%H:%M:%S")
        .to_string()
}

/// "The pause ends at 14:05:09."
#[must_use]
pub fn pause_ends(time: Timestamp, zone: &TimeZone) -> String {
    format!("The pause ends at {}.", time_of_day(time, zone))
}

/// How long somebody is to wait, in words; a minute where nobody has said how long.
#[must_use]
pub fn pause(time: Option<Duration>) -> String {
    match time.map(|time| time.as_secs()) {
        None => "a minute".to_owned(),
        Some(0 | 1) => "a second".to_owned(),
        Some(seconds @ ..120) => format!("{seconds} seconds"),
        Some(seconds @ ..7200) => format!("{} minutes", seconds.div_ceil(60)),
        Some(seconds) => format!("{} hours", seconds.div_ceil(3600)),
    }
}

/// The moment `days` calendar days after `now`; `None` beyond the calendar's end.
#[must_use]
pub fn after_days(now: Timestamp, days: u32, zone: &TimeZone) -> Option<Timestamp> {
    let days = i64::from(days);
    now.to_zoned_datetime(zone.clone())
        .checked_add(Span::new().try_days(days).ok()?)
        .ok()
        .map(|zoned| zoned.timestamp())
}

/// How near the end of a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expiry {
    /// It lies in the past: Bitbucket refuses the token.
    Expired,
    /// Fewer than [`SOON_DAYS`] days are left.
    Soon,
    /// It lies further away.
    Later,
}

/// How near `expires` is at `now`.
#[must_use]
pub fn expiry(expires: Timestamp, now: Timestamp) -> Expiry {
    if expires <= now {
        Expiry::Expired
    } else if expires.as_second() - now.as_second() < SOON_DAYS * DAY {
        Expiry::Soon
    } else {
        Expiry::Later
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Timestamp {
        "2026-11-24T09:00:00Z".parse().unwrap_or_default()
    }

    #[test]
    fn relative_times_read_as_people_say_them() {
        for (seconds, words) in [
            (0, "just now"),
            (-30, "just now"),
            (-60, "1 min ago"),
            (3 * HOUR, "in 3 hours"),
            (-26 * HOUR, "1 day ago"),
            (12 * DAY, "in 12 days"),
            (90 * DAY - 5, "in 90 days"),
            (-99 * DAY, "99 days ago"),
            (-100 * DAY, "3 months ago"),
            (364 * DAY, "in 1 year"),
            (-359 * DAY, "11 months ago"),
            (-360 * DAY, "1 year ago"),
            (-800 * DAY, "2 years ago"),
        ] {
            let time = Timestamp::from_second(now().as_second() + seconds).unwrap_or_default();
            assert_eq!(relative(time, now()), words);
        }
    }

    #[test]
    fn ninety_days_after_the_day_of_the_sketch() {
        let end = after_days(now(), 90, &TimeZone::UTC).unwrap_or_default();
        assert_eq!(
            weekday_date(end, &TimeZone::UTC),
            "Monday, 22 February 2027"
        );
        assert_eq!(after_days(now(), u32::MAX, &TimeZone::UTC), None);
    }

    #[test]
    fn expiry_knows_its_edges() {
        let after = |seconds: i64| {
            let time = Timestamp::from_second(now().as_second() + seconds).unwrap_or_default();
            expiry(time, now())
        };
        assert_eq!(after(0), Expiry::Expired);
        assert_eq!(after(1), Expiry::Soon);
        assert_eq!(after(SOON_DAYS * DAY), Expiry::Later);
    }
}
