//! Where time comes from: the clock of a run, and the time of day as the store writes it.

use std::cell::Cell;
use std::rc::Rc;
use std::sync::mpsc::Receiver;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// The clock of a run. All copies of it tell the same time.
#[derive(Debug, Clone)]
pub(crate) enum Clock {
    /// The clock of the machine.
    Machine,
    /// A clock that stands still while something is done, and jumps to what is due while nothing is.
    Virtual {
        /// When the run began.
        begun: Instant,
        /// How much time has passed since.
        passed: Rc<Cell<Duration>>,
    },
}

impl Clock {
    /// A virtual clock that has not moved yet.
    pub(crate) fn standing_still() -> Self {
        Self::Virtual { begun: Instant::now(), passed: Rc::default() }
    }

    /// The time by this clock.
    pub(crate) fn now(&self) -> Instant {
        match self {
            Self::Machine => Instant::now(),
            Self::Virtual { begun, passed } => *begun + passed.get(),
        }
    }

    /// Waits for a message, but not beyond the time at which something is due.
    ///
    /// A virtual clock waits for nobody: what there is to be told has been sent before.
    pub(crate) fn receive<T>(&self, receiver: &Receiver<T>, due: Option<Instant>) -> Option<T> {
        match (self, due) {
            (Self::Machine, Some(due)) => {
                receiver.recv_timeout(due.saturating_duration_since(Instant::now())).ok()
            }
            (Self::Machine, None) => receiver.recv().ok(),
            (Self::Virtual { begun, passed }, due) => receiver.try_recv().ok().or_else(|| {
                let due = due?.saturating_duration_since(*begun);
                passed.set(passed.get().max(due));
                None
            }),
        }
    }
}

/// Milliseconds since 1970 (UTC).
pub(crate) fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

/// A time in digits that sort as the times do: `20261124-020834-123`.
pub(crate) fn stamp(millis: i64) -> String {
    let (days, of_day) = (millis.div_euclid(86_400_000), millis.rem_euclid(86_400_000));
    let (year, month, day) = date(days);
    let (hour, minute, second) = (of_day / 3_600_000, of_day / 60_000 % 60, of_day / 1000 % 60);
    format!("{year:04}{month:02}{day:02}-{hour:02}{minute:02}{second:02}-{:03}", of_day % 1000)
}

/// The date of a day that is counted from 1970, in the Gregorian calendar.
///
/// Years are counted from March, so that the leap day is the last one.
fn date(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    (era * 400 + year_of_era + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_in_utc() {
        for (millis, expect) in [
            (0, "19700101-000000-000"),
            (951_782_400_001, "20000229-000000-001"),
            (1_795_485_600_123, "20261124-020000-123"),
            (4_107_542_399_999, "21000228-235959-999"),
        ] {
            assert_eq!(stamp(millis), expect);
        }
    }
}
