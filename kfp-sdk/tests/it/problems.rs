//! Problems that only the builder can see. The document contains them with their locations.

use std::cell::Cell;

use kfp_sdk::prelude::*;

use crate::outline::outline;
use crate::steps::{Check, CheckOutputs, Count, Everything, Print};

/// Handles that are used outside the pipeline that they belong to.
struct Leak {
    rows: Cell<Option<Out<i64>>>,
    task: Cell<Option<Task<CheckOutputs>>>,
    condition: Cell<Option<Cond>>,
}

thread_local! {
    static LEAK: Leak =
        const { Leak { rows: Cell::new(None), task: Cell::new(None), condition: Cell::new(None) } };
}

fn leaked() -> (Out<i64>, Task<CheckOutputs>, Cond) {
    LEAK.with(|leak| {
        let (rows, task, condition) = (leak.rows.get(), leak.task.get(), leak.condition.get());
        (rows.unwrap(), task.unwrap(), condition.unwrap())
    })
}

#[pipeline]
fn leaking(p: &Pipeline) {
    let rows = p.add(Count::new().table("a")).rows;
    let task = p.add(Check::new());
    LEAK.with(|leak| {
        leak.rows.set(Some(rows));
        leak.task.set(Some(task));
        leak.condition.set(Some(rows.gt(1)));
    });
}

/// Uses a value, a task and a condition of another pipeline.
fn use_leaked(p: &Pipeline) {
    let (rows, task, condition) = leaked();
    p.add(Print::new().message(text!("{rows}")));
    p.add(Everything::new().table([vec![p.constant(1), rows]]));
    p.add(Check::new()).after(&task);
    p.when("leaked", condition, |p| p.add(Print::new().message("leaked")));
    p.when("inside", !(condition & task.ok), |p| p.add(Print::new().message("inside")));
    p.parallel_for(p.constant::<Vec<i64>>([rows]))
        .each(|p, _: Out<i64>| p.add(Print::new().message("leaked")));
}

#[pipeline]
fn of_another_pipeline(p: &Pipeline) -> Out<i64> {
    p.add(Leaking::new());
    use_leaked(p);
    leaked().0
}

/// The other pipeline belongs to another document.
#[pipeline]
fn of_another_document(p: &Pipeline) {
    use_leaked(p);
}

/// A value that was created while no pipeline was being built.
#[pipeline]
fn of_no_pipeline(p: &Pipeline) {
    p.add(Print::new().message(created_outside()));
}

fn created_outside() -> Out<String> {
    std::thread_local! {
        static TEXT: Cell<Option<Out<String>>> = const { Cell::new(None) };
    }
    if TEXT.get().is_none() {
        TEXT.set(Some(text!("created outside")));
    }
    TEXT.get().unwrap()
}

/// Constants that a document cannot represent.
#[pipeline]
fn unwritable(p: &Pipeline, #[default(f64::NAN)] rate: In<f64>, #[default(text!("x"))] name: In<String>) {
    p.add(Check::new().rate(f64::INFINITY));
    p.add(Everything::new().list([0.5, f64::NAN]).table(vec![vec![1]]).single(f32::NEG_INFINITY));
    p.when("nan", rate.lt(f64::NAN), |p| p.add(Print::new().message(name)));
    p.parallel_for([0.5, f64::NAN]).each(|p, rate| p.add(Check::new().rate(rate)));
    p.add(Everything::new().number(p.constant::<Option<f64>>(f64::NAN)));
}

const SOON: &str = "soon";

/// Invalid durations in the policies of a component, a task and a pipeline.
#[component(timeout = SOON, cache = SOON, retry = Retry::times(1).cap("1h"))]
fn hasty() {}

#[component]
fn with_default(#[default(f32::NAN)] rate: f32) {
    let _ = rate;
}

#[pipeline(timeout = SOON, cache = SOON)]
fn durations(p: &Pipeline) {
    p.add(Hasty::new()).timeout("5").cache("5").retry(Retry::times(1).backoff("5", f64::NAN).cap("x"));
    p.add(WithDefault::new());
    let shared = Policy::new().timeout("1");
    p.add(Check::new()).with(&shared);
    p.add(Check::new()).retry(Retry::times(1).on(Oom, Grow::memory(f64::NAN)).on(Oom, OnDemand));
}

/// A duplicate argument, and a maximum depth for a component.
#[pipeline]
fn calls(p: &Pipeline) {
    p.add(Check::new().rate(0.1).rate(0.2)).max_depth(3);
}

mod other {
    //! A component with the same name as a shared one.

    use kfp_sdk::prelude::*;

    #[component(name = "check")]
    pub(super) fn check_again() {}
}

/// Problems that the compiler reports: duplicate names, and values outside the body that they belong to.
#[pipeline]
fn left_to_the_checker(p: &Pipeline) {
    p.add(Check::new()).name("same");
    p.add(other::CheckAgain::new()).name("same");
    let item = Cell::new(None);
    p.parallel_for([1, 2]).each(|_, number: Out<i64>| item.set(Some(number)));
    p.add(Print::new().message(text!("{item.get().unwrap()}")));
}

#[test]
fn problems_are_recorded_with_their_locations() {
    for (name, document) in [
        ("of_another_pipeline", OfAnotherPipeline::definition()),
        ("of_another_document", OfAnotherDocument::definition()),
        ("of_no_pipeline", {
            created_outside();
            OfNoPipeline::definition()
        }),
        ("unwritable", Unwritable::definition()),
        ("durations", Durations::definition()),
        ("twice", Calls::definition()),
        ("left_to_the_checker", LeftToTheChecker::definition()),
    ] {
        insta::assert_snapshot!(name, outline(&document));
    }
}

fn fail() {
    panic!("in a body");
}

/// A pipeline whose function panics in a body.
#[pipeline]
fn panicking(p: &Pipeline) {
    p.parallel_for([1, 2]).each(|p, _: Out<i64>| {
        p.add(Print::new().message("before the panic"));
        fail();
    });
}

#[test]
fn a_panic_closes_the_build() {
    let before = outline(&Calls::definition());
    assert!(std::panic::catch_unwind(Panicking::definition).is_err());
    assert_eq!(outline(&Calls::definition()), before);
}

/// Builds another document while it is being built.
#[pipeline]
fn building(p: &Pipeline) {
    let rows = p.add(Count::new().table("a")).rows;
    assert_eq!(Calls::definition().pipelines.len(), 1);
    p.add(Print::new().message(text!("{rows}")));
}

#[test]
fn nested_builds_are_independent() {
    let document = Building::definition();
    assert_eq!(document.problems, []);
    assert_eq!(document.pipelines.len(), 1);
    assert_eq!(document.pipelines[0].root.tasks.len(), 2);
}
