//! A failing iteration: the other iterations finish, the loop fails, nothing after it runs, and the run fails.

use kfp_sdk::prelude::*;
use tests::conformance::Run;

use crate::case::Case;
use crate::components::{Add, EchoInteger, EchoText, FailIf, Sum};

#[pipeline(name = "one-iteration-fails")]
fn one_iteration_fails(p: &Pipeline) {
    let all = p.parallel_for([1_i64, 2, 3, 4]).each(|p, item| {
        let checked = p.add(FailIf::new().value(item).bad(2)).output;
        p.add(Add::new().a(checked)).name("inside").output
    });
    p.add(Sum::new().numbers(all)).name("after-the-loop");
    p.add(EchoText::new().value("beside")).name("beside");
}

#[pipeline(name = "one-at-a-time-fails")]
fn one_at_a_time_fails(p: &Pipeline) {
    p.parallel_for([1_i64, 2, 3]).parallelism(1).each(|p, item| {
        p.add(FailIf::new().value(item).bad(1));
    });
}

#[pipeline(name = "inner-iteration-fails")]
fn inner_iteration_fails(p: &Pipeline) {
    p.parallel_for([1_i64, 2]).each(|p, outer| {
        let inner = p.parallel_for([1_i64, 2]).each(|p, inner| {
            let sum = p.add(Add::new().a(outer).b(inner)).output;
            p.add(FailIf::new().value(sum).bad(4)).output
        });
        p.add(Sum::new().numbers(inner)).name("row");
    });
}

#[pipeline(name = "all-iterations-fail")]
fn all_iterations_fail(p: &Pipeline) {
    p.parallel_for([1_i64, 1]).each(|p, item| {
        p.add(FailIf::new().value(item).bad(1));
        p.add(EchoInteger::new().value(item)).name("independent");
    });
}

#[pipeline(name = "inner-that-fails")]
fn inner_that_fails(p: &Pipeline, value: In<i64>) -> Out<i64> {
    let checked = p.add(FailIf::new().value(value).bad(2)).output;
    p.add(Add::new().a(checked)).output
}

#[pipeline(name = "pipeline-in-iteration-fails")]
fn pipeline_in_iteration_fails(p: &Pipeline) {
    let all = p
        .parallel_for([1_i64, 2])
        .each(|p, item| p.add(InnerThatFails::new().value(item)).name("call").output);
    p.add(Sum::new().numbers(all));
}

pub(super) fn cases() -> Vec<Case> {
    vec![
        Case::new("one-iteration-fails", OneIterationFails::definition).run(
            Run::fails()
                .returned("0/fail-if", 1)
                .failed_with("1/fail-if", 10)
                .returned("2/fail-if", 3)
                .returned("3/fail-if", 4)
                .returned("0/inside", 2)
                .omitted(&["1/inside", "after-the-loop"])
                .returned("2/inside", 4)
                .returned("3/inside", 5)
                .returned("beside", "beside"),
        ),
        Case::new("one-at-a-time-fails", OneAtATimeFails::definition)
            .run(Run::fails().failed_with("0/fail-if", 10).returned("1/fail-if", 2).returned("2/fail-if", 3)),
        Case::new("inner-iteration-fails", InnerIterationFails::definition).run(
            Run::fails()
                .returned("0/0/add", 2)
                .returned("0/1/add", 3)
                .returned("1/0/add", 3)
                .returned("1/1/add", 4)
                .returned("0/0/fail-if", 2)
                .returned("0/1/fail-if", 3)
                .returned("1/0/fail-if", 3)
                .failed_with("1/1/fail-if", 10)
                .returned("0/row", 5)
                .omitted(&["1/row"]),
        ),
        Case::new("all-iterations-fail", AllIterationsFail::definition).run(
            Run::fails()
                .failed_with("0/fail-if", 10)
                .failed_with("1/fail-if", 10)
                .returned("0/independent", 1)
                .returned("1/independent", 1),
        ),
        Case::new("pipeline-in-iteration-fails", PipelineInIterationFails::definition).run(
            Run::fails()
                .returned("0/call/fail-if", 1)
                .returned("0/call/add", 2)
                .failed_with("1/call/fail-if", 10)
                .omitted(&["1/call/add", "sum"]),
        ),
    ]
}
