//! Notifies the team about the result of a run.

use std::fs;
use std::time::Duration;

use kfp_sdk::prelude::*;
use serde_json::{Value, json};

/// The timeout of the HTTP request.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Posts the result of the run as JSON to a webhook. With a `file:` URL, it is written to a file.
#[component(cpu = "100m", memory = "64Mi")]
pub(crate) fn notify_slack(
    /// The URL of the webhook.
    slack_webhook: Secret,
    /// The final state of the run.
    state: State,
    /// The failed tasks.
    failures: Vec<Failure>,
    /// The accuracy, if training succeeded.
    accuracy: Option<f64>,
) -> Result<()> {
    let body = message(state, &failures, accuracy);
    let address = slack_webhook.expose()?;
    match address.strip_prefix("file:") {
        Some(path) => Ok(fs::write(path, format!("{body:#}\n"))?),
        None => post(address, &body),
    }
}

/// Builds the message. Slack shows `text`; the other fields are for programs.
fn message(state: State, failures: &[Failure], accuracy: Option<f64>) -> Value {
    let mut text = match accuracy {
        Some(accuracy) => format!("Fine-tuning {state}: accuracy {accuracy:.3}"),
        None => format!("Fine-tuning {state}"),
    };
    for failure in failures {
        text.push_str(&format!("\n{}: {}", failure.task, failure.message));
    }
    let mut body = json!({"text": text, "state": state.to_string(), "failures": failures});
    if let Some(accuracy) = accuracy {
        body["accuracy"] = json!(accuracy);
    }
    body
}

fn post(address: &str, body: &Value) -> Result<()> {
    let agent: ureq::Agent = ureq::Agent::config_builder().timeout_global(Some(TIMEOUT)).build().into();
    match agent.post(address).content_type("application/json").send(body.to_string()) {
        Ok(_) => Ok(()),
        // The URL is a secret, so neither it nor errors that may quote it are part of the message.
        Err(ureq::Error::StatusCode(code)) if code < 500 => {
            Err(Error::permanent(format!("the webhook responded with status {code}")))
        }
        Err(ureq::Error::StatusCode(code)) => {
            Err(Error::transient(format!("the webhook responded with status {code}")))
        }
        Err(_) => Err(Error::transient("the webhook cannot be reached")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_accuracy_is_omitted_if_unknown() {
        let body = message(State::Failed, &[], None);
        assert_eq!(body, json!({"text": "Fine-tuning Failed", "state": "Failed", "failures": []}));
    }
}
