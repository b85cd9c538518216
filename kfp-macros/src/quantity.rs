//! Validation of quantities and durations, by the rules of Kubernetes and `kfp-model`.

/// Units of CPU and memory.
const CPU_UNITS: &[&str] = &["", "m"];
const MEMORY_UNITS: &[&str] = &["", "k", "M", "G", "T", "P", "E", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];

/// Returns an error message if the CPU quantity is invalid.
pub(crate) fn cpu(text: &str) -> Option<String> {
    (!is_quantity(text, CPU_UNITS)).then(|| {
        format!(
            "invalid CPU quantity `{text}`: expected cores such as `2` or `0.5`, or millicores such as `500m`"
        )
    })
}

/// Returns an error message if the memory quantity is invalid.
pub(crate) fn memory(text: &str) -> Option<String> {
    (!is_quantity(text, MEMORY_UNITS)).then(|| {
        format!("invalid memory quantity `{text}`: expected a number and a unit, such as `512Mi` or `16Gi`")
    })
}

/// Returns an error message if the duration is invalid.
pub(crate) fn duration(text: &str) -> Option<String> {
    (!is_duration(text)).then(|| {
        format!(
            "invalid duration `{text}`: expected a number and a unit, such as `30s`, `90m`, `24h` or `7d`"
        )
    })
}

fn is_quantity(text: &str, units: &[&str]) -> bool {
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    number.matches('.').count() <= 1
        && number.bytes().any(|byte| (b'1'..=b'9').contains(&byte))
        && units.contains(&unit)
}

/// Whether the string consists of pairs of a number and a unit, and is at most `u64::MAX` seconds.
fn is_duration(text: &str) -> bool {
    let mut rest = text;
    let mut seconds: u64 = 0;
    while !rest.is_empty() {
        let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let unit = match rest[digits..].chars().next() {
            Some('s') => 1,
            Some('m') => 60,
            Some('h') => 60 * 60,
            Some('d') => 24 * 60 * 60,
            _ => return false,
        };
        let part = rest[..digits].parse::<u64>().ok().and_then(|count| count.checked_mul(unit));
        match part.and_then(|part| seconds.checked_add(part)) {
            Some(sum) => seconds = sum,
            None => return false,
        }
        rest = &rest[digits + 1..];
    }
    !text.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities() {
        for (text, is_cpu, is_memory) in [
            ("2", true, true),
            ("0.5", true, true),
            ("500m", true, false),
            ("16Gi", false, true),
            ("16GB ", false, false),
            ("lots", false, false),
            ("0", false, false),
            ("", false, false),
            ("1.2.3", false, false),
        ] {
            assert_eq!((cpu(text).is_none(), memory(text).is_none()), (is_cpu, is_memory), "{text}");
        }
    }

    #[test]
    fn durations() {
        for (text, valid) in [
            ("30s", true),
            ("1h30m", true),
            ("5", false),
            ("soon", false),
            ("", false),
            ("99999999999999999999d", false),
            ("5é", false),
        ] {
            assert_eq!(duration(text).is_none(), valid, "{text}");
        }
    }
}
