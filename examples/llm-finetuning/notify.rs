//! Notification: whoever looks after the pipeline is told how a run ended.

use std::fs;
use std::time::Duration;

use kfp_sdk::prelude::*;
use serde_json::{Value, json};

/// How long the receiver of a notification may take.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Post how the run ended, as JSON, to a webhook. An address that starts with `file:` is a file to write.
#[component(cpu = "100m", memory = "64Mi")]
pub(crate) fn notify_slack(
    /// The address.
    slack_webhook: Secret,
    /// How the run ended.
    state: State,
    /// What failed.
    failures: Vec<Failure>,
    /// The accuracy, if training got that far.
    accuracy: Option<f64>,
) -> Result<()> {
    let body = message(state, &failures, accuracy);
    let address = slack_webhook.expose()?;
    match address.strip_prefix("file:") {
        Some(path) => Ok(fs::write(path, format!("{body:#}\n"))?),
        None => post(address, &body),
    }
}

/// What is told: `text` is what Slack shows, the rest is for programs.
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
        // The address is a secret, so it is not part of the message; nor are errors that may quote it.
        Err(ureq::Error::StatusCode(code)) if code < 500 => {
            Err(Error::permanent(format!("the webhook answered with status {code}")))
        }
        Err(ureq::Error::StatusCode(code)) => {
            Err(Error::transient(format!("the webhook answered with status {code}")))
        }
        Err(_) => Err(Error::transient("the webhook cannot be reached")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_accuracy_is_absent_where_there_is_none() {
        let body = message(State::Failed, &[], None);
        assert_eq!(body, json!({"text": "Fine-tuning Failed", "state": "Failed", "failures": []}));
    }
}
