//! Quantities: a number with an optional Kubernetes unit.

use kfp_argo::kubernetes::{multiple, nearest_memory};
use kfp_argo::tag::has_tag;
use kfp_diag::{Diagnostic, codes};

use crate::cursor::Cursor;
use crate::scalar::Scalar;

/// The units for fractions of 1.
const PARTS: [(&str, f64); 3] = [("n", 1e-9), ("u", 1e-6), ("m", 1e-3)];

/// Checks a quantity. The API server validates it before tags are replaced, so tags are not allowed.
pub(crate) fn check(value: &Scalar<'_>, cursor: &Cursor<'_>, found: &mut Vec<Diagnostic>) {
    let Scalar::String(text) = value else { return };
    if amount(text).is_some() {
        return;
    }
    let diagnostic =
        Diagnostic::error(codes::ARGO_QUANTITY, &cursor.place(), format!("invalid quantity `{text}`"));
    found.push(if has_tag(text) {
        diagnostic
            .note("the API server validates quantities before tags are replaced")
            .help("set it with `podSpecPatch`, which can contain tags")
    } else if let Some(right) = nearest_memory(text) {
        diagnostic.help(format!("use `{right}`"))
    } else {
        diagnostic.help("use a number and an optional unit, such as `500m`, `2` or `16Gi`")
    });
}

/// Returns the numeric value of a quantity.
pub(crate) fn amount(text: &str) -> Option<f64> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let end = digits.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(digits.len());
    let (number, unit) = digits.split_at(end);
    if number.matches('.').count() > 1 || !number.bytes().any(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let number: f64 = number.parse().ok()?;
    let sign = if text.starts_with('-') { -1.0 } else { 1.0 };
    let part = PARTS.iter().find(|(name, _)| *name == unit).map(|(_, factor)| *factor);
    if let Some(factor) = part.or_else(|| multiple(unit)) {
        return Some(sign * number * factor);
    }
    let exponent = unit.strip_prefix(['e', 'E'])?.parse::<i32>().ok()?;
    Some(sign * number * 10f64.powi(exponent))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_have_a_number_and_a_unit() {
        for (text, expected) in [
            ("1", Some(1.0)),
            ("500m", Some(0.5)),
            ("1.5Gi", Some(1.5 * 1_073_741_824.0)),
            (".5", Some(0.5)),
            ("5.", Some(5.0)),
            ("1e3", Some(1000.0)),
            ("-1", Some(-1.0)),
            ("1E", Some(1e18)),
            ("1GB", None),
            ("1 Gi", None),
            ("1gi", None),
            ("", None),
            (".", None),
            ("1.2.3", None),
            ("lots", None),
        ] {
            assert_eq!(amount(text), expected, "{text}");
        }
    }
}
