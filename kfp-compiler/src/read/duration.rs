//! Suggestions for durations with other units.

use kfp_diag::Diagnostic;
use kfp_model::Duration;

/// Suggests a valid duration if only the spelling of the unit is invalid.
pub(super) fn with_unit(diagnostic: Diagnostic) -> Diagnostic {
    let message = diagnostic.message.clone();
    let text = message.strip_prefix("invalid duration `").and_then(|rest| rest.split_once('`'));
    let Some(error) = text.and_then(|(text, _)| text.parse::<Duration>().err()) else { return diagnostic };
    match error.suggestion() {
        Some(valid) => diagnostic.replace(format!("use `{valid}`"), error.text(), &valid),
        None => diagnostic,
    }
}
