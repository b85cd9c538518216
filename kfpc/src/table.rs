//! Tables, and the short forms of values in them.

use std::collections::BTreeMap;
use std::time::Duration;

use comfy_table::{ContentArrangement, Table, presets};
use kfp_diag::printable::printable;
use serde_json::Value;

/// The maximum number of characters of a value in a table.
const LONGEST: usize = 60;

/// Returns a table without borders, with one line of printable text for each row.
pub(crate) fn table<const N: usize>(
    header: [&str; N],
    rows: impl IntoIterator<Item = [String; N]>,
) -> String {
    let mut table = Table::new();
    table
        .load_preset(presets::NOTHING)
        .set_content_arrangement(ContentArrangement::Disabled)
        .set_header(header);
    for row in rows {
        table.add_row(row.map(|cell| printable(&cell).into_owned()));
    }
    for column in table.column_iter_mut() {
        column.set_padding((0, 2));
    }
    table.lines().map(|line| line.trim_end().to_owned() + "\n").collect()
}

/// Formats a duration.
pub(crate) fn time(duration: Duration) -> String {
    let seconds = duration.as_secs();
    match seconds {
        0..60 => format!("{:.1}s", duration.as_secs_f64()),
        60..3600 => format!("{}m{:02}s", seconds / 60, seconds % 60),
        _ => format!("{}h{:02}m", seconds / 3600, seconds / 60 % 60),
    }
}

/// Formats a number of things.
pub(crate) fn plural(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

/// Formats a size.
pub(crate) fn bytes(size: u64) -> String {
    const UNITS: [&str; 4] = ["KiB", "MiB", "GiB", "TiB"];
    if size < 1024 {
        return format!("{size} B");
    }
    let mut tenths = size.saturating_mul(10) / 1024;
    let mut units = UNITS.iter();
    let mut unit = units.next();
    while tenths >= 10_240
        && let Some(next) = units.next()
    {
        tenths /= 1024;
        unit = Some(next);
    }
    format!("{}.{} {}", tenths / 10, tenths % 10, unit.unwrap_or(&"B"))
}

/// Formats values by name in one line. Artifacts are shown by their kind.
pub(crate) fn values(values: &BTreeMap<String, Value>) -> String {
    let value = |(name, value): (&String, &Value)| format!("{name}={}", shortened(value));
    values.iter().map(value).collect::<Vec<_>>().join(" ")
}

/// Formats a value in a few characters. Artifacts are shown by their kind.
pub(crate) fn shortened(value: &Value) -> String {
    if let Some(kind) = value.pointer("/type/schemaTitle").and_then(Value::as_str) {
        return format!("<{}>", kind.strip_prefix("system.").unwrap_or(kind));
    }
    let text = value.to_string();
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn times_have_two_units_at_most() {
        for (milliseconds, text) in [(40, "0.0s"), (1_540, "1.5s"), (62_000, "1m02s"), (3_725_000, "1h02m")] {
            assert_eq!(time(Duration::from_millis(milliseconds)), text);
        }
    }

    #[test]
    fn sizes_have_binary_units() {
        for (size, text) in
            [(0, "0 B"), (1023, "1023 B"), (1536, "1.5 KiB"), (5 << 20, "5.0 MiB"), (3 << 40, "3.0 TiB")]
        {
            assert_eq!(bytes(size), text);
        }
    }

    #[test]
    fn artifacts_are_shown_by_their_kind() {
        let model = json!({"type": {"schemaTitle": "system.Model"}, "uri": "x"});
        let outputs = BTreeMap::from([("accuracy".to_owned(), json!(0.5)), ("model".to_owned(), model)]);
        assert_eq!(values(&outputs), "accuracy=0.5 model=<Model>");
    }
}
