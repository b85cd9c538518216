//! Refusing values that contain secrets.

use kfp_model::Mask;
use serde_json::Value;

/// Returns the value unless it contains a secret.
///
/// `text` is what the value was parsed from: the reason why it is invalid is returned only if it cannot reveal a
/// secret. `what` names the value in messages.
pub(crate) fn without_secrets(
    mask: &Mask,
    what: &str,
    text: &str,
    value: Result<Value, String>,
) -> Result<Value, String> {
    let secret = match &value {
        Ok(value) => mask.find_in(value),
        Err(_) => mask.find(text),
    };
    secret.map_or(value, |secret| Err(refused(what, secret)))
}

/// Returns the message that refuses the value if it contains a secret.
pub(crate) fn refusal(mask: &Mask, what: &str, value: &Value) -> Option<String> {
    mask.find_in(value).map(|secret| refused(what, secret))
}

fn refused(what: &str, secret: &str) -> String {
    format!(
        "{what} contains the value of the secret `{secret}`: values are stored and shown, so pass the secret itself \
         to the steps that need it"
    )
}
