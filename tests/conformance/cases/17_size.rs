//! Large pipelines: many tasks in one scope, many calls of few components, long chains.

use kfp_sdk::prelude::*;
use tests::conformance::Run;

use crate::case::Case;
use crate::components::{Add, EchoText, FailIf, Sum};

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

pub(super) fn cases() -> Vec<Case> {
    let tasks = (0..300).fold(Run::succeeds(), |run, idx| run.gave(&format!("task-{idx}"), idx + 1));
    let checked = (0..300).filter(|idx| *idx != 150);
    let checked = checked.fold(Run::fails(), |run, idx| run.gave(&format!("task-{idx}"), idx));
    let calls = (0..125).fold(Run::succeeds(), |run, idx| {
        run.gave(&format!("add-{idx}"), idx + 1).gave(&format!("text-{idx}"), (idx + 1).to_string())
    });
    let links = (0..150).fold(Run::succeeds(), |run, idx| run.gave(&format!("link-{idx}"), idx + 1));
    vec![
        // 1 + 2 + … + 300
        Case::new("three-hundred-tasks", ThreeHundredTasks::definition)
            .run(tasks.gave("sum", 45_150).output(45_150)),
        Case::new("one-of-many-fails", OneOfManyFails::definition)
            .run(checked.failed_with("task-150", 10).omitted(&["needs-all"])),
        Case::new("many-calls-of-two", ManyCallsOfTwo::definition).run(calls),
        Case::new("long-chain", LongChain::definition).run(links.output(150)),
    ]
}
