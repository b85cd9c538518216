//! The environment variables that a step receives.

/// The environment variable in which a step that has retries finds how often it was tried before: `0` at its first
/// try.
pub const RETRIES_VARIABLE: &str = "KFP_RETRIES";

/// How the names of environment variables begin in which a step finds the secrets of its inputs.
pub const SECRET_PREFIX: &str = "KFP_SECRET_";

/// The environment variable that names further variables with secrets, separated by commas. The runtime of a step masks
/// their values in its messages, as it does the secrets of its inputs.
pub const MASKED_VARIABLES: &str = "KFP_MASKED_VARIABLES";

/// The environment variable in which a step finds the secret of an input: `KFP_SECRET_SLACK_WEBHOOK` for
/// `slack_webhook`.
pub fn secret_variable(input: &str) -> String {
    let name: String =
        input.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' }).collect();
    format!("{SECRET_PREFIX}{name}")
}
