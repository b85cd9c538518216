//! Strings that govaluate parses as dates.

/// Returns whether the text is a date, or a time of day such as `3:04PM`.
pub(super) fn is_date(text: &str) -> bool {
    let Some((date, time)) = text.split_at_checked(10) else { return is_kitchen(text) };
    is_day(date) && (time.is_empty() || is_time(time)) || is_kitchen(text)
}

fn is_day(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let [year, month, day] = parts.as_slice() else { return false };
    let within = |text: &str, low, high| number(text, 2).is_some_and(|number| (low..=high).contains(&number));
    number(year, 4).is_some() && within(month, 1, 12) && within(day, 1, 31)
}

/// Returns whether the text after the day is a time with an optional zone.
fn is_time(text: &str) -> bool {
    let Some(time) = text.strip_prefix([' ', 'T']) else { return false };
    let (clock, zone) = match time.find(['Z', '+', '-']) {
        Some(at) => time.split_at(at),
        None => (time, ""),
    };
    let seconds: Vec<&str> = clock.split(':').collect();
    let is_number =
        |part: &str| number(part.split('.').next().unwrap_or_default(), 2).is_some_and(|number| number < 60);
    let zoned = zone.is_empty() || zone == "Z" || zone[1..].replace(':', "").len() == 4;
    // After a `T`, the zone is required; after a space, the minutes are.
    let complete = if text.starts_with('T') { !zone.is_empty() } else { seconds.len() > 1 };
    complete && zoned && seconds.len() <= 3 && seconds.into_iter().all(is_number)
}

fn is_kitchen(text: &str) -> bool {
    let time = text.strip_suffix("AM").or_else(|| text.strip_suffix("PM"));
    let Some((hours, minutes)) = time.and_then(|time| time.split_once(':')) else { return false };
    let hours = number(hours, hours.len().clamp(1, 2));
    hours.is_some_and(|hours| hours <= 12) && number(minutes, 2).is_some_and(|minutes| minutes < 60)
}

fn number(text: &str, digits: usize) -> Option<u32> {
    let plain = text.len() == digits && text.bytes().all(|digit| digit.is_ascii_digit());
    plain.then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_recognized() {
        for (text, expected) in [
            ("2024-01-31", true),
            ("2024-01-31 10:20", true),
            ("2024-01-31 10:20:30", true),
            ("2024-01-31 10:20:30+01:00", true),
            ("2024-01-31T10:20:30Z", true),
            ("2024-01-31T10Z", true),
            ("2024-01-31T10:20:30.5+0100", true),
            ("3:04PM", true),
            ("2024-13-31", false),
            ("2024-01-31x", false),
            ("2024-1-31", false),
            ("2024-01", false),
            ("2024-01-31T10:20:30", false),
            ("v1.2.3", false),
            ("ääääääää", false),
            ("", false),
        ] {
            assert_eq!(is_date(text), expected, "{text}");
        }
    }
}
