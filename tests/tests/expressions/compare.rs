//! What the two sides make of a case, held against each other.

use std::collections::BTreeMap;

use kfp_model::value::{decode, encode};
use kfp_runner::read_arguments;
use serde_json::Value;

use super::argo::Outcome;
use super::case::{self, Case, Lowered};

/// Adds what differs between the two sides.
pub(crate) fn compare(case: &Case, lowered: &Lowered, outcome: &Outcome, differences: &mut Vec<String>) {
    inputs(case, lowered, outcome, differences);
    // Without parameters nothing starts.
    if lowered.inputs.is_ok() {
        arguments(case, lowered, outcome, differences);
        branches(case, lowered, outcome, differences);
        lists(case, lowered, outcome, differences);
    }
}

fn inputs(case: &Case, lowered: &Lowered, outcome: &Outcome, differences: &mut Vec<String>) {
    // Of texts that people type only these are of interest: where one is wrong, the runner reads none.
    let asked = |name: &&String| case.typed.is_empty() || case.typed.contains_key(*name);
    for name in outcome.inputs.keys().filter(asked) {
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
            let truth = |idx| Ok((idx == taken.unwrap_or(arms.len())).to_string());
            (0..=arms.len()).map(truth).collect::<Vec<Result<String, String>>>()
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
        let what = || format!("a loop over {}, of which Argo is told {:?}", json(list), outcome.lists[idx]);
        differences.extend(difference(&result, lowered.lists[idx].clone(), what));
    }
}

/// What people type in a list or struct stays as it is, so it is compared as a step reads it.
fn as_read(lowered: &Lowered, name: &str, text: &str) -> Result<String, String> {
    let value: Value = decode(text).map_err(|error| format!("{error} in {text}"))?;
    let mut values = lowered.inputs.clone()?;
    values.insert(name.to_owned(), value);
    let read = read_arguments(&lowered.pipeline, &BTreeMap::new(), values);
    Ok(encode(&read.map_err(|problems| format!("{problems:?}"))?[name]))
}

/// The list of what is in a list of texts, as each iteration gets one; written anew where people typed it.
fn joined(items: &str, as_it_is: bool) -> Result<String, String> {
    let texts: Vec<String> = serde_json::from_str(items).map_err(|error| format!("{error} in {items}"))?;
    let list = format!("[{}]", texts.join(","));
    let anew = || decode(&list).map(|value| encode(&value)).map_err(|error| format!("{error} in {list}"));
    if as_it_is { Ok(list) } else { anew() }
}

/// The value of an input in the text that a step is started with.
fn in_step(step: &str, name: &str) -> Result<String, String> {
    let input: Value = decode(step).map_err(|error| format!("{error} in {step}"))?;
    Ok(encode(&input["inputs"]["parameterValues"][name]))
}

/// How a text of Argo differs from a value of the runner, if it does.
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
        _ => Some("only one fails".to_owned()),
    };
    problem.map(|problem| {
        let runner = runner.map(|value| encode(&value));
        format!("{problem}: {}\n argo: {argo:?}\n runner: {runner:?}", what())
    })
}

fn json(node: &(impl serde::Serialize + ?Sized)) -> String {
    serde_json::to_string(node).expect("nodes of the model are JSON")
}
