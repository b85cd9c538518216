//! Schedules in the cron dialect of Argo: five fields, or a macro that starts with `@`.

use super::duration::seconds;

/// A parsed schedule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Schedule {
    /// A fixed interval.
    Every,
    /// Times of the clock.
    Clock(Clock),
}

/// The matching values of each field, as bits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Clock {
    pub(crate) minutes: u64,
    pub(crate) hours: u64,
    pub(crate) days: u64,
    pub(crate) months: u64,
    pub(crate) weekdays: u64,
    /// Whether the hour is `*`.
    pub(crate) is_hourly: bool,
    has_any_day: bool,
    has_any_weekday: bool,
}

/// A field with its range and the names of its values.
struct Field {
    noun: &'static str,
    least: u32,
    most: u32,
    names: &'static [&'static str],
}

const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const WEEKDAYS: [&str; 7] = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

const FIELDS: [Field; 5] = [
    Field { noun: "minute", least: 0, most: 59, names: &[] },
    Field { noun: "hour", least: 0, most: 23, names: &[] },
    Field { noun: "day of month", least: 1, most: 31, names: &[] },
    Field { noun: "month", least: 1, most: 12, names: &MONTHS },
    Field { noun: "day of week", least: 0, most: 6, names: &WEEKDAYS },
];

/// Macros for common schedules.
const MACROS: [(&str, &str); 7] = [
    ("@yearly", "0 0 1 1 *"),
    ("@annually", "0 0 1 1 *"),
    ("@monthly", "0 0 1 * *"),
    ("@weekly", "0 0 * * 0"),
    ("@daily", "0 0 * * *"),
    ("@midnight", "0 0 * * *"),
    ("@hourly", "0 * * * *"),
];

/// Parses a schedule.
///
/// # Errors
/// A message about the first error.
pub(crate) fn parse(text: &str) -> Result<Schedule, String> {
    if let Some((_, fields)) = MACROS.iter().find(|(name, _)| *name == text) {
        return parse(fields);
    }
    if let Some(duration) = text.strip_prefix("@every ") {
        return match seconds(duration) {
            Some(_) => Ok(Schedule::Every),
            None => Err(format!("invalid duration `{duration}`")),
        };
    }
    if text.starts_with('@') {
        return Err(format!("unknown macro `{text}`"));
    }
    let written: Vec<&str> = text.split_whitespace().collect();
    if written.len() != FIELDS.len() {
        return Err(format!("expected 5 fields, found {}", written.len()));
    }
    let mut bits = [0; 5];
    let mut has_star = [false; 5];
    for (idx, (field, written)) in FIELDS.iter().zip(&written).enumerate() {
        for range in written.split(',').filter(|range| !range.is_empty()) {
            let (range_bits, is_star) =
                range_of(range, field).map_err(|problem| format!("{}: {problem}", field.noun))?;
            bits[idx] |= range_bits;
            has_star[idx] |= is_star;
        }
    }
    let [minutes, hours, days, months, weekdays] = bits;
    let [_, is_hourly, has_any_day, _, has_any_weekday] = has_star;
    Ok(Schedule::Clock(Clock {
        minutes,
        hours,
        days,
        months,
        weekdays,
        is_hourly,
        has_any_day,
        has_any_weekday,
    }))
}

/// Returns the values of one range, and whether it is `*` without a step.
fn range_of(range: &str, field: &Field) -> Result<(u64, bool), String> {
    let (range, step) = match range.split_once('/') {
        Some((range, step)) => (range, Some(number(step, &[])?)),
        None => (range, None),
    };
    let (start, end, is_star) = match range.split_once('-') {
        _ if matches!(range, "*" | "?") => (field.least, field.most, true),
        Some((start, end)) => (number(start, field.names)?, number(end, field.names)?, false),
        None => {
            let start = number(range, field.names)?;
            (start, if step.is_some() { field.most } else { start }, false)
        }
    };
    if step == Some(0) {
        return Err("the step must not be 0".to_owned());
    }
    let Field { least, most, .. } = field;
    if start < *least || end > *most {
        return Err(format!("`{range}` is not between {least} and {most}"));
    }
    if start > end {
        return Err(format!("invalid range `{range}`: the end is before the start"));
    }
    let steps = (start..=end).step_by(step.unwrap_or(1) as usize);
    Ok((steps.fold(0, |bits, number| bits | 1 << number), is_star && step.unwrap_or(1) == 1))
}

fn number(text: &str, names: &[&str]) -> Result<u32, String> {
    if let Some(idx) = names.iter().position(|name| name.eq_ignore_ascii_case(text)) {
        // Months count from 1, days of the week from 0.
        let first = u32::from(names.len() == MONTHS.len());
        return Ok(u32::try_from(idx).unwrap_or_default() + first);
    }
    text.parse().map_err(|_| format!("invalid number `{text}`"))
}

/// Returns whether the schedule matches the pattern of the API server.
pub(crate) fn matches_pattern(text: &str) -> bool {
    if MACROS.iter().any(|(name, _)| *name == text) {
        return true;
    }
    if let Some(rest) = text.strip_prefix("@every") {
        let duration = rest.trim_start_matches([' ', '\t', '\n', '\r', '\u{c}']);
        return duration.len() < rest.len()
            && !duration.contains(['.', '+', '-'])
            && duration != "0"
            && seconds(duration).is_some();
    }
    let fields: Vec<&str> = text.split_ascii_whitespace().collect();
    let is_trimmed = !text.starts_with(char::is_whitespace) && !text.ends_with(char::is_whitespace);
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '*' | ',' | '/' | '?' | '-');
    is_trimmed && fields.len() == 5 && fields.iter().all(|field| field.chars().all(allowed))
}

impl Clock {
    /// Returns whether the schedule ever matches.
    pub(crate) fn ever(&self) -> bool {
        const LENGTHS: [u32; 12] = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
        let by_weekday = !self.has_any_weekday && !self.has_any_day && self.weekdays != 0;
        let has_day = |(month, length): (u32, u32)| {
            self.months & 1 << (month + 1) != 0 && (1..=length).any(|day| self.days & 1 << day != 0)
        };
        let months = (0u32..).zip(LENGTHS);
        self.minutes != 0 && self.hours != 0 && (by_weekday || months.into_iter().any(has_day))
    }
}

#[cfg(feature = "time-zones")]
impl Clock {
    /// Returns whether the day matches. `weekday` is 0 for Sunday.
    pub(crate) fn is_day(&self, month: u32, day: u32, weekday: u32) -> bool {
        let (by_day, by_weekday) = (self.days & 1 << day != 0, self.weekdays & 1 << weekday != 0);
        let is_day = if self.has_any_day || self.has_any_weekday {
            by_day && by_weekday
        } else {
            by_day || by_weekday
        };
        self.months & 1 << month != 0 && is_day
    }

    /// Returns whether the time of day matches.
    pub(crate) fn is_time(&self, hour: u32, minute: u32) -> bool {
        self.hours & 1 << hour != 0 && self.minutes & 1 << minute != 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schedules_are_read_as_argo_does() {
        for (text, problem) in [
            ("* * * * *", None),
            ("*/5 0-6 1,15 jan-MAR mon", None),
            ("5/15 * ? * 0", None),
            ("@daily", None),
            ("@every 1h30m", None),
            ("@every soon", Some("invalid duration `soon`")),
            ("@reboot", Some("unknown macro `@reboot`")),
            ("* * * *", Some("expected 5 fields, found 4")),
            ("0 * * * * *", Some("expected 5 fields, found 6")),
            ("60 * * * *", Some("minute: `60` is not between 0 and 59")),
            ("* 24 * * *", Some("hour: `24` is not between 0 and 23")),
            ("* * 0 * *", Some("day of month: `0` is not between 1 and 31")),
            ("* * * * 7", Some("day of week: `7` is not between 0 and 6")),
            ("*/0 * * * *", Some("minute: the step must not be 0")),
            ("5-1 * * * *", Some("minute: invalid range `5-1`: the end is before the start")),
            ("L * * * *", Some("minute: invalid number `L`")),
        ] {
            assert_eq!(parse(text).err().as_deref(), problem, "{text}");
        }
    }

    #[test]
    fn the_pattern_of_the_api_server_is_stricter() {
        for (text, is_accepted) in [
            ("* * * * *", true),
            ("@daily", true),
            ("@every 1h30m", true),
            ("@every 1.5h", false),
            ("TZ=UTC * * * * *", false),
            ("* * * * * *", false),
            (" * * * * *", false),
            ("0 0 * * 1#2", false),
        ] {
            assert_eq!(matches_pattern(text), is_accepted, "{text}");
        }
    }

    #[test]
    fn schedules_that_never_match_are_found() {
        for (text, comes) in
            [("0 0 31 2 *", false), ("0 0 29 2 *", true), ("0 0 31 4,6 *", false), ("0 0 31 2 mon", true)]
        {
            let Ok(Schedule::Clock(clock)) = parse(text) else { panic!("{text}") };
            assert_eq!(clock.ever(), comes, "{text}");
        }
    }
}
