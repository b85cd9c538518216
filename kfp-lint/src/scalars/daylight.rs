//! Schedules at times that are skipped or repeated when daylight saving time starts or ends.

use jiff::tz::{Offset, TimeZone};
use jiff::{Timestamp, civil};
use kfp_diag::{Diagnostic, codes};
use kfp_model::Place;

use super::cron::Clock;

/// A representative year, because the linter does not read the clock.
const YEAR: i16 = 2030;
/// The longest clock change to check, in minutes.
const LONGEST: i64 = 180;

/// Reports a schedule that is affected by clock changes, unless it runs every hour.
pub(super) fn check(clock: &Clock, name: &str, zone: &TimeZone, place: &Place) -> Option<Diagnostic> {
    if clock.is_hourly {
        return None;
    }
    let start = TimeZone::UTC.to_timestamp(civil::date(YEAR, 1, 1).at(0, 0, 0, 0)).ok()?;
    let end = TimeZone::UTC.to_timestamp(civil::date(YEAR + 1, 1, 1).at(0, 0, 0, 0)).ok()?;
    let changes = zone.following(start).take_while(|change| change.timestamp() < end);
    for change in changes {
        let at = change.timestamp();
        let before = zone.to_offset(at.checked_sub(jiff::SignedDuration::from_secs(1)).ok()?);
        if let Some((time, is_skipped)) = hit(clock, at, before, change.offset()) {
            return Some(diagnostic(time, is_skipped, name, place));
        }
    }
    None
}

/// Returns the first scheduled time that is skipped or repeated, and whether it is skipped.
fn hit(clock: &Clock, at: Timestamp, before: Offset, after: Offset) -> Option<(civil::DateTime, bool)> {
    let minutes = i64::from((after.seconds() - before.seconds()).abs() / 60).min(LONGEST);
    let is_skipped = after > before;
    // The first skipped or repeated time.
    let first = if is_skipped { before.to_datetime(at) } else { after.to_datetime(at) };
    let times =
        (0..minutes).filter_map(|minute| first.checked_add(jiff::SignedDuration::from_mins(minute)).ok());
    let matches = |time: &civil::DateTime| {
        let number = |number: i8| u32::try_from(number).unwrap_or_default();
        let weekday = number(time.weekday().to_sunday_zero_offset());
        clock.is_day(number(time.month()), number(time.day()), weekday)
            && clock.is_time(number(time.hour()), number(time.minute()))
    };
    times.into_iter().find(matches).map(|time| (time, is_skipped))
}

fn diagnostic(time: civil::DateTime, is_skipped: bool, zone: &str, place: &Place) -> Diagnostic {
    let shown = time.strftime("%H:%M");
    let message = if is_skipped {
        format!("{shown} does not exist in `{zone}` on the day when clocks go forward, so the run is skipped")
    } else {
        format!("{shown} occurs twice in `{zone}` on the day when clocks go back, so there may be two runs")
    };
    let day = time.strftime("%-d %B %Y");
    Diagnostic::warning(codes::ARGO_DAYLIGHT, place, message)
        .note(format!("for example, on {day}"))
        .help("use a different time of day, or `timezone: UTC`")
}
