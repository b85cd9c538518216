//! Memory requests that grow with each retry.

use kfp_argo::kubernetes::bytes;
use kfp_model::Growth;

/// Returns the memory of each attempt, up to the last one with more than the one before, or up to `retries` retries.
pub(crate) fn sizes(first: &str, growth: &Growth, retries: u32) -> Vec<String> {
    let mut sizes = vec![first.to_owned()];
    let Some(mut size) = bytes(first) else { return sizes };
    let cap = growth.cap.as_deref().and_then(|cap| Some((cap, bytes(cap)?)));
    for _ in 0..retries {
        size *= growth.factor;
        if let Some((cap, bytes)) = cap
            && size >= bytes
        {
            sizes.push(cap.to_owned());
            break;
        }
        sizes.push(quantity(size, first.ends_with('i')));
    }
    sizes
}

/// Returns a quantity of at least that many bytes, in the largest unit without a fraction, at least mega.
fn quantity(bytes: f64, is_binary: bool) -> String {
    let (step, units): (f64, &[&str]) =
        if is_binary { (1024.0, &["Mi", "Gi", "Ti", "Pi"]) } else { (1000.0, &["M", "G", "T", "P"]) };
    let million = step * step;
    // A product of decimal fractions may be slightly above the exact integer.
    let whole = |number: f64| (number - 1e-6).ceil();
    if bytes < million {
        return format!("{:.0}", whole(bytes));
    }
    let mut number = whole(bytes / million);
    let mut unit = 0;
    while number % step < 0.5 && unit + 1 < units.len() {
        number /= step;
        unit += 1;
    }
    format!("{number:.0}{}", units[unit])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_grows_up_to_its_cap() {
        for (first, factor, cap, retries, expect) in [
            ("512Mi", 2.0, None, 3, vec!["512Mi", "1Gi", "2Gi", "4Gi"]),
            ("16Gi", 2.0, Some("40Gi"), 9, vec!["16Gi", "32Gi", "40Gi"]),
            ("1G", 1.5, None, 2, vec!["1G", "1500M", "2250M"]),
            ("1000Mi", 1.1, None, 1, vec!["1000Mi", "1100Mi"]),
            ("1Gi", 1.3, None, 1, vec!["1Gi", "1332Mi"]),
            ("1000", 1.5, None, 1, vec!["1000", "1500"]),
            ("2Gi", 2.0, Some("2Gi"), 3, vec!["2Gi", "2Gi"]),
        ] {
            let growth = Growth { factor, cap: cap.map(str::to_owned) };
            assert_eq!(sizes(first, &growth, retries), expect, "{first} by {factor}");
        }
    }
}
