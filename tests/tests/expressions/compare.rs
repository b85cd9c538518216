//! Compares the results of the two sides for a case.

use std::collections::BTreeMap;

use kfp_model::value::{decode, encode};
use kfp_runner::read_arguments;
use serde_json::Value;

use super::argo::Outcome;
use super::case::{self, Case, Lowered};

/// Adds the differences between the two sides.
pub(crate) fn compare(case: &Case, lowered: &Lowered, outcome: &Outcome, differences: &mut Vec<String>) {
    inputs(case, lowered, outcome, differences);
    // Without parameters, nothing else can run.
    if lowered.inputs.is_ok() {
        arguments(case, lowered, outcome, differences);
        branches(case, lowered, outcome, differences);
        lists(case, lowered, outcome, differences);
    }
}

fn inputs(case: &Case, lowered: &Lowered, outcome: &Outcome, differences: &mut Vec<String>) {
    // In a case with typed strings, only these matter: if one is invalid, the runner reads no parameter.
    let is_relevant = |name: &&String| case.typed.is_empty() || case.typed.contains_key(*name);
    for name in outcome.inputs.keys().filter(is_relevant) {
        let parameters = &lowered.workflow.spec.arguments.parameters;
        let typed = parameters.iter().find(|parameter| parameter.name == *name);
        let expect = lowered.inputs.as_ref().map(|inputs| inputs[name].clone()).map_err(Clone::clone);
        let what = || {
            format!(
                "input `{name}` typed as {:?}",
                typed.and_then(|typed| typed.value.as_ref()).map(ToString::to_string)
            )
        };
        let result = outcome.inputs[name].clone();
        let result = if case.typed.is_empty() {
            result
        } else {
            result.and_then(|text| as_read(lowered, name, &text))
        };
        differences.extend(difference(&result, expect, what));
    }
}

fn arguments(case: &Case, lowered: &Lowered, outcome: &Outcome, differences: &mut Vec<String>) {
    for (idx, (name, argument)) in case.arguments.iter().enumerate() {
        let expect = lowered.arguments[idx].clone();
        let what = || {
            let parameters = &case::task(&lowered.workflow, &case::show(idx)).arguments.parameters;
            let printed = parameters.iter().find(|parameter| parameter.name == *name);
            let printed = printed.and_then(|printed| printed.value.as_ref()).map(ToString::to_string);
            format!("{name}: {}\n printed: {printed:?}", json(argument))
        };
        let result = &outcome.arguments[idx];
        let found = difference(result, expect.clone(), what);
        if found.is_none() && result.is_ok() {
            let step = outcome.steps[idx].clone().and_then(|step| in_step(&step, name));
            differences.extend(difference(&step, expect, || format!("in the step: {}", what())));
        }
        differences.extend(found);
    }
}

fn branches(case: &Case, lowered: &Lowered, outcome: &Outcome, differences: &mut Vec<String>) {
    for (branch, (arms, results)) in case.branches.iter().zip(&outcome.branches).enumerate() {
        let expect = lowered.taken[branch].clone().map(|taken| {
            let is_taken = |idx| Ok((idx == taken.unwrap_or(arms.len())).to_string());
            (0..=arms.len()).map(is_taken).collect::<Vec<Result<String, String>>>()
        });
        let same = match &expect {
            Ok(expect) => expect == results,
            Err(_) => results.iter().any(Result::is_err),
        };
        if !same {
            let when = |idx| {
                let when = case::task(&lowered.workflow, &case::arm(branch, idx)).when.as_ref();
                when.map(ToString::to_string)
            };
            let whens: Vec<_> = (0..arms.len()).map(when).collect();
            let arms = json(arms);
            differences.push(format!("{arms}\n printed: {whens:?}\n argo: {results:?}\n runner: {expect:?}"));
        }
    }
}

fn lists(case: &Case, lowered: &Lowered, outcome: &Outcome, differences: &mut Vec<String>) {
    for (idx, list) in case.lists.iter().enumerate() {
        let result = outcome.lists[idx].clone().and_then(|items| joined(&items, case.typed.is_empty()));
        let what = || format!("a loop over {}, which Argo reads as {:?}", json(list), outcome.lists[idx]);
        differences.extend(difference(&result, lowered.lists[idx].clone(), what));
    }
}

/// Encodes a value as a step reads it: lists and structs typed by users are passed on unchanged.
fn as_read(lowered: &Lowered, name: &str, text: &str) -> Result<String, String> {
    let value: Value = decode(text).map_err(|error| format!("{error} in {text}"))?;
    let mut values = lowered.inputs.clone()?;
    values.insert(name.to_owned(), value);
    let read = read_arguments(&lowered.pipeline, &BTreeMap::new(), values);
    Ok(encode(&read.map_err(|problems| format!("{problems:?}"))?[name]))
}

/// Joins a list of strings with one item each into a list; re-encodes the items that users typed.
fn joined(items: &str, is_unchanged: bool) -> Result<String, String> {
    let texts: Vec<String> = serde_json::from_str(items).map_err(|error| format!("{error} in {items}"))?;
    let list = format!("[{}]", texts.join(","));
    let reencoded =
        || decode(&list).map(|value| encode(&value)).map_err(|error| format!("{error} in {list}"));
    if is_unchanged { Ok(list) } else { reencoded() }
}

/// Returns the value of an input in the command line of a step.
fn in_step(step: &str, name: &str) -> Result<String, String> {
    let input: Value = decode(step).map_err(|error| format!("{error} in {step}"))?;
    Ok(encode(&input["inputs"]["parameterValues"][name]))
}

/// Returns the difference between a string of Argo and a value of the runner, if any.
fn difference(
    argo: &Result<String, String>,
    runner: Result<Value, String>,
    what: impl Fn() -> String,
) -> Option<String> {
    let problem = match (argo, &runner) {
        (Ok(text), Ok(value)) => match decode(text) {
            Err(error) => Some(format!("no JSON ({error})")),
            Ok(decoded) if Ok(&decoded) != decode(&encode(value)).as_ref().map_err(|_| ()) => {
                Some("another value".to_owned())
            }
            Ok(_) if !text.bytes().all(|byte| (b' '..=b'~').contains(&byte)) => {
                Some("not printable ASCII".to_owned())
            }
            Ok(_) if text.contains("{{") || text.contains('$') => Some("not inert".to_owned()),
            Ok(_) => None,
        },
        (Err(_), Err(_)) => None,
        _ => Some("only one side fails".to_owned()),
    };
    problem.map(|problem| {
        let runner = runner.map(|value| encode(&value));
        format!("{problem}: {}\n argo: {argo:?}\n runner: {runner:?}", what())
    })
}

fn json(node: &(impl serde::Serialize + ?Sized)) -> String {
    serde_json::to_string(node).expect("cannot encode a node")
}
