//! Large pipelines: many tasks in one scope, many calls of few components, many components, long chains.

use kfp_sdk::prelude::*;
use serde_json::{Value, json};
use tests::conformance::Run;

use crate::case::Case;
use crate::components::{Add, EchoText, FailIf, Sum, Tell, add_parts, add_python_parts};

#[pipeline(name = "three-hundred-tasks")]
fn three_hundred_tasks(p: &Pipeline) -> Out<i64> {
    let all: Vec<_> =
        (0..300_i64).map(|idx| p.add(Add::new().a(idx).b(1)).name(&format!("task-{idx}")).output).collect();
    p.add(Sum::new().numbers(all)).output
}

#[pipeline(name = "one-of-many-fails")]
fn one_of_many_fails(p: &Pipeline) {
    let all: Vec<_> = (0..300_i64)
        .map(|idx| p.add(FailIf::new().value(idx).bad(150)).name(&format!("task-{idx}")).output)
        .collect();
    p.add(Sum::new().numbers(all)).name("needs-all");
}

#[pipeline(name = "many-calls-of-two")]
fn many_calls_of_two(p: &Pipeline) {
    for idx in 0..125_i64 {
        let number = p.add(Add::new().a(idx)).name(&format!("add-{idx}")).memory("64Mi");
        p.add(EchoText::new().value(text!("{number.output}"))).name(&format!("text-{idx}")).memory("64Mi");
    }
}

#[pipeline(name = "long-chain")]
fn long_chain(p: &Pipeline) -> Out<i64> {
    (0..150).fold(p.constant::<i64>(0), |before, idx| {
        p.add(Add::new().a(before)).name(&format!("link-{idx}")).output
    })
}

#[pipeline(name = "components-that-share")]
fn components_that_share(p: &Pipeline, bad: In<i64>) {
    p.exit_handler(|p| {
        let mut all = add_parts(p, bad);
        all.extend(add_python_parts(p));
        p.add(Sum::new().numbers(all)).output
    })
    .finally(|p, status, sum| {
        p.add(Tell::new().state(status.state()).failures(status.failures()).value(sum)).name("told")
    });
}

/// Expects the parts, except for the bad one, which fails, and the report of the exit handler.
fn shared(run: Run, bad: i64, failures: &[Value], sum: Value) -> Run {
    let state = if failures.is_empty() { "Succeeded" } else { "Failed" };
    let parts = (0..245).filter(|idx| *idx != bad);
    parts
        .fold(run.argument("bad", bad), |run, idx| run.returned(&format!("part-{idx:03}"), idx))
        .returned_all("told", json!({"state": state, "failures": failures, "value": sum}))
}

fn cases_of_many_components() -> Vec<Case> {
    let python = ["a", "b", "c", "d", "e"].into_iter().zip((1000_i64..).step_by(1000));
    let failure =
        json!({"task": "part-100", "message": "the number is bad", "exit_code": 10, "class": "data"});
    let fails =
        shared(Run::fails(), 100, &[failure], Value::Null).failed_with("part-100", 10).omitted(&["sum"]);
    let first =
        python.clone().fold(fails, |run, (name, value)| run.returned(&format!("python-part-{name}"), value));
    // 0 + 1 + … + 244, and 1000 + … + 5000
    let second = shared(Run::succeeds(), -1, &[], json!(44_890)).returned("sum", 44_890);
    let second = python.fold(second, |run, (name, value)| run.cached(&format!("python-part-{name}"), value));
    let case = Case::new("components-that-share", ComponentsThatShare::definition).run(first).run(second);
    vec![case.in_yaml("{{inputs.parameters.kfp-component}}").in_yaml("{{inputs.parameters.kfp-step}}")]
}

pub(super) fn cases() -> Vec<Case> {
    let tasks = (0..300).fold(Run::succeeds(), |run, idx| run.returned(&format!("task-{idx}"), idx + 1));
    let checked = (0..300).filter(|idx| *idx != 150);
    let checked = checked.fold(Run::fails(), |run, idx| run.returned(&format!("task-{idx}"), idx));
    let calls = (0..125).fold(Run::succeeds(), |run, idx| {
        run.returned(&format!("add-{idx}"), idx + 1).returned(&format!("text-{idx}"), (idx + 1).to_string())
    });
    let links = (0..150).fold(Run::succeeds(), |run, idx| run.returned(&format!("link-{idx}"), idx + 1));
    let mut cases = vec![
        // 1 + 2 + … + 300
        Case::new("three-hundred-tasks", ThreeHundredTasks::definition)
            .run(tasks.returned("sum", 45_150).output(45_150)),
        Case::new("one-of-many-fails", OneOfManyFails::definition)
            .run(checked.failed_with("task-150", 10).omitted(&["needs-all"])),
        Case::new("many-calls-of-two", ManyCallsOfTwo::definition).run(calls),
        Case::new("long-chain", LongChain::definition).run(links.output(150)),
    ];
    cases.extend(cases_of_many_components());
    cases
}
