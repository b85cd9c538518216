//! The environment variables that a step receives.

/// The environment variable with the number of retries before this attempt of a step: `0` at the first attempt. Only
/// steps with retries have it.
pub const RETRIES_VARIABLE: &str = "KFP_RETRIES";

/// The prefix of the environment variables with the secrets of a step's inputs.
pub const SECRET_PREFIX: &str = "KFP_SECRET_";

/// The environment variable that names further variables with secrets, separated by commas. The runtime of a step masks
/// their values in its messages, like the secrets of its inputs.
pub const MASKED_VARIABLES: &str = "KFP_MASKED_VARIABLES";

/// The environment variable with the maximum size in bytes of an artifact that gets a digest. With `0`, artifacts get no
/// digests. It is only set if the limit differs from the default.
pub const DIGEST_LIMIT_VARIABLE: &str = "KFP_DIGEST_LIMIT";

/// Returns the environment variable with the secret of an input: `KFP_SECRET_SLACK_WEBHOOK` for `slack_webhook`.
pub fn secret_variable(input: &str) -> String {
    let name: String =
        input.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' }).collect();
    format!("{SECRET_PREFIX}{name}")
}
