//! Quantities of memory and CPU.

/// The units of memory and their factors.
const UNITS: [(&str, f64); 13] = [
    ("", 1.0),
    ("k", 1e3),
    ("M", 1e6),
    ("G", 1e9),
    ("T", 1e12),
    ("P", 1e15),
    ("E", 1e18),
    ("Ki", 1024.0),
    ("Mi", 1_048_576.0),
    ("Gi", 1_073_741_824.0),
    ("Ti", 1_099_511_627_776.0),
    ("Pi", 1_125_899_906_842_624.0),
    ("Ei", 1_152_921_504_606_846_976.0),
];

/// Returns the factor of a unit of memory; `None` for an unknown unit. The empty unit has the factor 1.
pub fn multiple(unit: &str) -> Option<f64> {
    UNITS.iter().find(|(name, _)| *name == unit).map(|(_, factor)| *factor)
}

/// Returns the number of bytes of a memory quantity; `None` if it is invalid.
pub fn bytes(quantity: &str) -> Option<f64> {
    let end = quantity.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(quantity.len());
    let (number, unit) = quantity.split_at(end);
    let factor = multiple(unit)?;
    Some(number.parse::<f64>().ok()? * factor)
}

/// Returns whether the text is a CPU quantity: cores, or millicores with the unit `m`.
pub fn is_cpu(text: &str) -> bool {
    is_quantity(text, |unit| matches!(unit, "" | "m"))
}

/// Returns whether the text is a memory quantity greater than zero.
pub fn is_memory(text: &str) -> bool {
    is_quantity(text, |unit| multiple(unit).is_some())
}

/// Returns whether the text is a decimal number greater than zero with a valid unit.
fn is_quantity(text: &str, is_unit: impl Fn(&str) -> bool) -> bool {
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    let digits = number.bytes().any(|byte| byte.is_ascii_digit());
    digits
        && number.matches('.').count() <= 1
        && number.bytes().any(|byte| (b'1'..=b'9').contains(&byte))
        && is_unit(unit)
}

/// Returns the corrected CPU quantity if only spaces, a decimal comma or a word for cores are wrong.
pub fn nearest_cpu(text: &str) -> Option<String> {
    let compact: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let compact = compact.to_ascii_lowercase().replace(',', ".");
    let words = ["vcpus", "vcpu", "cpus", "cpu", "cores", "core"];
    let right = words.iter().find_map(|word| compact.strip_suffix(word)).unwrap_or(&compact).to_owned();
    is_cpu(&right).then_some(right)
}

/// Returns the corrected memory quantity if only spaces, a `B` or the case of the unit are wrong.
pub fn nearest_memory(text: &str) -> Option<String> {
    let compact: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let compact = compact.trim_end_matches(['B', 'b']);
    let end = compact.find(|c: char| !c.is_ascii_digit() && c != '.')?;
    let (number, unit) = compact.split_at(end);
    let unit = UNITS.iter().map(|(known, _)| *known).find(|known| known.eq_ignore_ascii_case(unit))?;
    let right = format!("{number}{unit}");
    is_memory(&right).then_some(right)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_have_bytes() {
        for (text, expect) in
            [("1", Some(1.0)), ("1.5Ki", Some(1536.0)), ("2k", Some(2000.0)), ("2GB", None), ("", None)]
        {
            assert_eq!(bytes(text), expect, "{text}");
        }
    }

    #[test]
    fn quantities_are_validated_as_in_kubernetes() {
        for (text, cpu, memory) in [
            ("2", true, true),
            ("0.5", true, true),
            ("500m", true, false),
            ("16Gi", false, true),
            ("16GB", false, false),
            ("16 Gi", false, false),
            ("0", false, false),
            ("0.0Gi", false, false),
            ("-1", false, false),
            ("lots", false, false),
            ("", false, false),
            ("1.2.3", false, false),
            (".", false, false),
        ] {
            assert_eq!((is_cpu(text), is_memory(text)), (cpu, memory), "{text:?}");
        }
    }

    #[test]
    fn suggestions_are_valid_quantities() {
        for (text, right) in
            [("16GB ", Some("16G")), ("2gib", Some("2Gi")), ("1 Mi", Some("1Mi")), ("lots", None)]
        {
            assert_eq!(nearest_memory(text).as_deref(), right, "{text}");
        }
        for (text, right) in
            [("2 cores", Some("2")), ("0,5", Some("0.5")), ("500 m", Some("500m")), ("lots", None)]
        {
            assert_eq!(nearest_cpu(text).as_deref(), right, "{text}");
        }
    }
}
