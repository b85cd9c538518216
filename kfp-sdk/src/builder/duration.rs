//! Parsing of durations.

use kfp_model::{Duration, DurationError};

pub(super) fn duration(text: &str) -> Result<Duration, String> {
    text.parse().map_err(|error: DurationError| error.to_string())
}
