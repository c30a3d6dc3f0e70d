//! The newest requests to Bitbucket, as the runtime tells of them.

use std::collections::VecDeque;

use jiff::Timestamp;

use crate::bitbucket::{Progress, Record};

/// More than anybody reads, in about 200 kB.
const KEPT: usize = 500;

/// The newest requests, in the order of sending.
#[derive(Debug, Default)]
pub struct Activity(VecDeque<Record>);

impl Activity {
    /// Takes in a request that has left, or one that has come to its end.
    pub fn take(&mut self, record: Record) {
        let place = self.0.partition_point(|known| known.number < record.number);
        let known = self.0.get(place).map(|known| known.number);
        if known == Some(record.number) {
            self.0[place] = record;
            return;
        }
        if self.0.len() == KEPT {
            if place == 0 {
                // Older than everything that is kept: it has been dropped before.
                return;
            }
            self.0.pop_front();
            self.0.insert(place - 1, record);
        } else {
            self.0.insert(place, record);
        }
    }

    /// Until when the server wants a pause, where a question waits for its end.
    #[must_use]
    pub fn pauses_until(&self) -> Option<Timestamp> {
        let pauses = self.0.iter().filter_map(|record| match record.state {
            Progress::Pauses { until } => Some(until),
            _ => None,
        });
        pauses.max()
    }

    /// The newest first.
    pub fn newest_first(&self) -> impl Iterator<Item = &Record> {
        self.0.iter().rev()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::clock::Moment;

    fn record(number: u64, state: Progress) -> Record {
        Record {
            number,
            purpose: "",
            method: String::new(),
            base: String::new(),
            path: String::new(),
            body: None,
            is_signed: false,
            started: Moment {
                time: Timestamp::UNIX_EPOCH,
                uptime: Duration::ZERO,
            },
            took: Duration::ZERO,
            state,
            status: None,
            size: None,
            request_id: None,
            named: crate::bitbucket::Named::default(),
        }
    }

    #[test]
    fn the_newest_are_kept_in_the_order_of_sending_whatever_ends_first() {
        let mut activity = Activity::default();
        for number in [1, 0, 2] {
            activity.take(record(number, Progress::UnderWay));
        }
        activity.take(record(0, Progress::Succeeded));
        let numbers = |activity: &Activity| -> Vec<_> {
            activity
                .newest_first()
                .map(|record| record.number)
                .collect()
        };
        assert_eq!(numbers(&activity), [2, 1, 0]);
        for number in 3..=KEPT as u64 {
            activity.take(record(number, Progress::UnderWay));
        }
        // The end of a request that is no longer kept brings it not back.
        activity.take(record(0, Progress::Succeeded));
        let numbers = numbers(&activity);
        assert_eq!(numbers.len(), KEPT);
        assert_eq!((numbers[0], numbers[KEPT - 1]), (KEPT as u64, 1));
    }
}
