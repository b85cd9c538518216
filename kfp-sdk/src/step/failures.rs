//! The failures of a workflow as Argo tells them.

use serde::Deserialize;
use serde_json::Value as Json;

use kfp_model::status::TOLD_FAILURES;

use super::{Error, Result};
use crate::value::{Failure, FailureClass, Mismatch, Param as _};

/// One entry of Argo's `workflow.failures`.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Entry {
    display_name: String,
    message: String,
    template_name: String,
}

/// Puts lists of failures in the place of what Argo tells of them, wherever it stands in the value.
pub(super) fn make_lists(json: &mut Json) -> Result<()> {
    match json {
        Json::Object(fields) => {
            if let (2, Some(Json::String(told)), Some(Json::Array(templates))) =
                (fields.len(), fields.get(TOLD_FAILURES), fields.get("templates"))
            {
                let templates: Vec<&str> = templates.iter().filter_map(Json::as_str).collect();
                *json = list(told, &templates).map_err(|mismatch| Error::permanent(mismatch.to_string()))?;
                return Ok(());
            }
            fields.values_mut().try_for_each(make_lists)
        }
        Json::Array(items) => items.iter_mut().try_for_each(make_lists),
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => Ok(()),
    }
}

/// `told` is the JSON text of Argo's list of failures; the names are those of the templates whose pods are steps.
fn list(told: &str, templates: &[&str]) -> Result<Json, Mismatch> {
    let entries = entries(told)?;
    let steps: Vec<&Entry> =
        entries.iter().filter(|entry| templates.contains(&entry.template_name.as_str())).collect();
    let chosen =
        if steps.is_empty() { entries.iter().filter(|e| !e.message.is_empty()).collect() } else { steps };
    one_per_task(&chosen).iter().map(Failure::encode).collect()
}

/// The entries; a workflow without failures has `null`, also as a text in the text.
fn entries(text: &str) -> Result<Vec<Entry>, Mismatch> {
    let unreadable = |error| Mismatch::new(format!("the failures of the workflow cannot be read: {error}"));
    if text.is_empty() {
        return Ok(Vec::new());
    }
    let json: Json = serde_json::from_str(text).map_err(unreadable)?;
    match json {
        Json::String(inner) if inner != text => entries(&inner),
        json => serde_json::from_value::<Option<Vec<Entry>>>(json)
            .map(Option::unwrap_or_default)
            .map_err(unreadable),
    }
}

/// Attempts of a retried task stand beside the task itself; the last attempt is what went wrong.
fn one_per_task(entries: &[&Entry]) -> Vec<Failure> {
    let mut latest: Vec<(&str, Option<u32>, &Entry)> = Vec::new();
    for entry in entries {
        let (task, attempt) = base_name(&entry.display_name);
        match latest.iter_mut().find(|(other, ..)| *other == task) {
            None => latest.push((task, attempt, entry)),
            Some(known) if attempt > known.1 => *known = (task, attempt, entry),
            Some(_) => {}
        }
    }
    latest.into_iter().map(|(task, _, entry)| failure(task, &entry.message)).collect()
}

/// The name of the task and the number of the attempt: `train(1)` is the second attempt of `train`.
fn base_name(name: &str) -> (&str, Option<u32>) {
    let attempt = || {
        let (task, rest) = name.rsplit_once('(')?;
        let number = rest.strip_suffix(')')?.parse().ok()?;
        Some((task, Some(number)))
    };
    attempt().unwrap_or((name, None))
}

fn failure(task: &str, message: &str) -> Failure {
    let (class, text) = match told(message) {
        Some((class, text)) => (Some(class), text),
        None => (None, message.to_owned()),
    };
    Failure { task: task.to_owned(), message: text, exit_code: exit_code(message), class }
}

/// What the step itself told through its termination log, which Argo appends to its own message.
fn told(message: &str) -> Option<(FailureClass, String)> {
    let start = message.find(r#"{"class":"#)?;
    let json = serde_json::Deserializer::from_str(&message[start..]).into_iter::<Json>().next()?.ok()?;
    let class = FailureClass::named(json.get("class")?.as_str()?)?;
    Some((class, json.get("message")?.as_str()?.to_owned()))
}

fn exit_code(message: &str) -> Option<i64> {
    let (_, rest) = message.split_once("(exit code ")?;
    rest.split_once(')')?.0.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(argo: &Json, templates: &[&str], expect: &Json) {
        let mut given = json!([{"status": {"kfp-failures": argo.to_string(), "templates": templates}}]);
        make_lists(&mut given).unwrap();
        assert_eq!(given, json!([{"status": expect}]), "for {argo}");
    }

    fn entry(name: &str, template: &str, message: &str) -> Json {
        json!({"displayName": name, "templateName": template, "message": message, "phase": "Failed",
               "podName": "p", "finishedAt": "2024-05-06T07:08:09Z"})
    }

    #[test]
    fn no_failures() {
        for argo in [json!(null), json!("null"), json!([]), json!("[]")] {
            check(&argo, &["train"], &json!([]));
        }
    }

    #[test]
    fn steps_only_with_their_class() {
        let told = r#"main: Error (exit code 10): {"class":"data","message":"no \u0024rows"} and more"#;
        check(
            &json!([entry("root", "pipeline", "child 'x' failed"), entry("load", "load", told)]),
            &["load"],
            &json!([{"task": "load", "message": "no $rows", "exit_code": 10, "class": "data"}]),
        );
    }

    #[test]
    fn the_last_attempt_counts() {
        check(
            &json!([
                entry("train(1)", "train", "main: Error (exit code 75)"),
                entry("train", "train", "No more retries left"),
                entry("train(0)", "train", "main: Error (exit code 1)"),
                entry("train(10)", "train", "OOMKilled (exit code 137)"),
            ]),
            &["train"],
            &json!([{"task": "train", "message": "OOMKilled (exit code 137)", "exit_code": 137, "class": null}]),
        );
    }

    #[test]
    fn without_steps_what_has_a_message_is_told() {
        check(
            &json!([entry("root", "pipeline", ""), entry("gate", "gate", "cannot evaluate")]),
            &["train"],
            &json!([{"task": "gate", "message": "cannot evaluate", "exit_code": null, "class": null}]),
        );
    }

    #[test]
    fn other_forms_are_refused() {
        for told in ["{", "7"] {
            let mut given = json!({"kfp-failures": told, "templates": []});
            assert!(make_lists(&mut given).is_err(), "{told}");
        }
    }

    #[test]
    fn what_only_looks_alike_stays_what_it_is() {
        for given in [
            json!({"kfp-failures": 1, "templates": []}),
            json!({"kfp-failures": "[]", "templates": "train"}),
            json!({"kfp-failures": "[]"}),
            json!({"kfp-failures": "[]", "templates": [], "more": 1}),
        ] {
            let mut made = given.clone();
            make_lists(&mut made).unwrap();
            assert_eq!(made, given);
        }
    }
}
