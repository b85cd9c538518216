//! Mocks, sample outputs, and the functions of components.

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;

use kfp_runner::{Harness, State, TestTask};
use kfp_sdk::Error;
use serde_json::json;

use crate::steps::{Deploy, Diamond, Fetch, Fit, Notify, OneByOne, Release, Train, call};

/// Creates a harness whose `fetch` step writes a table with this content.
fn with_table(text: &'static str) -> Harness {
    Harness::new().mock::<Fetch>(move |inputs| {
        assert_eq!(inputs.address, "example.org");
        Ok(std::fs::write(inputs.table.path(), text)?)
    })
}

#[test]
fn rust_components_run_with_the_outputs_of_mocks() {
    let run = with_table("1\n2\n").secret("registry/token", "hunter2").run(call());
    assert!(run.succeeded());
    assert_eq!(run.task("train").output("rows"), 2);
    assert_eq!(run.task("train").output("model")["metadata"], json!({"framework": "none"}));
    let model = std::fs::read_to_string(run.task("train").artifact("model")).unwrap();
    assert_eq!(model, "2 rows at 0.5");
    assert_eq!(run.task("deploy").output("output"), "2 rows at 0.5 with 7 characters");
    assert_eq!(run.task("deploy").input("token"), "registry/token");
    assert_eq!(run.task("notify").output("output"), "Succeeded 0 Some(0.75)");
    assert_eq!(
        run.order(),
        [
            "exit-handler/fetch",
            "exit-handler/train",
            "exit-handler/good-enough/good-enough/deploy",
            "exit-handler/exit.notify"
        ]
    );
    assert!(run.is_before("train", "deploy") && !run.is_before("deploy", "train"));
}

#[test]
fn a_rust_component_fails_like_in_a_process() {
    let run = with_table("").run(call());
    assert!(run.failed());
    let train = run.task("train");
    assert_eq!((train.message(), train.exit_code()), (Some("there are no rows"), Some(10)));
    assert_eq!(train.attempts().len(), 1, "data failures are not retried");
    assert!(run.task("deploy").is_omitted());
    assert_eq!(run.task("notify").output("output"), "Failed 1 None");
    assert_eq!(run.task("notify").input("failures")[0]["class"], "data");
}

#[test]
fn a_panic_of_a_component_is_a_failure() {
    let run = Harness::new().run(crate::steps::Doomed::new());
    assert_eq!(run.task("explode").message(), Some("panicked: on purpose"));
    assert_eq!(run.task("explode").exit_code(), Some(1));
}

#[test]
fn outputs_of_mocks_decide_which_tasks_run() {
    for (accuracy, state) in [(0.9, State::Succeeded), (0.5, State::Skipped)] {
        let run = Harness::new()
            .mock::<Train>(move |_| Ok(Fit { accuracy, rows: 0 }))
            .mock_all_others()
            .run(call());
        assert!(run.succeeded());
        assert_eq!(run.task("deploy").state(), state, "{accuracy}");
        assert_eq!(run.task("notify").input("accuracy"), accuracy);
    }
}

#[test]
fn sample_outputs_have_the_declared_types() {
    let run = Harness::new().mock_all_others().run(call());
    assert!(run.succeeded());
    let train = run.task("train");
    assert_eq!((train.output("accuracy").as_f64(), train.output("rows")), (Some(0.0), &json!(0)));
    assert!(train.artifact("model").exists());
    assert_eq!(run.task("notify").output("output"), "");
    let run = Harness::new().mock_all_others().real::<Notify>().run(call());
    assert_eq!(run.task("notify").output("output"), "Succeeded 0 Some(0.0)");
}

#[test]
fn mocks_may_keep_state_and_fail() {
    let seen = Rc::new(RefCell::new(Vec::new()));
    let addresses = Rc::clone(&seen);
    let run = Harness::new()
        .mock::<Fetch>(move |inputs| {
            addresses.borrow_mut().push(inputs.address.clone());
            if inputs.address == "b" { Err(Error::transient("busy")) } else { Ok(()) }
        })
        .run(OneByOne::new().addresses(["a", "b", "c"].map(str::to_owned).to_vec()));
    assert_eq!(*seen.borrow(), ["a", "b", "b", "c"]);
    let states: Vec<State> = run.tasks("fetch").iter().map(TestTask::state).collect();
    assert_eq!(states, [State::Succeeded, State::Failed, State::Succeeded]);
}

#[test]
fn dependants_of_a_skipped_component_are_skipped() {
    let run = Harness::new().skip::<Fetch>().mock_all_others().run(Diamond::new());
    assert!(run.task("first").is_skipped() && run.task("train").is_skipped());
    assert!(run.succeeded() && run.order().is_empty());
}

/// Returns the message with which the harness panics.
fn refused<T>(run: impl FnOnce() -> T) -> String {
    let Err(payload) = catch_unwind(AssertUnwindSafe(run)) else { panic!("the harness did not panic") };
    *payload.downcast::<String>().unwrap()
}

#[test]
fn missing_mocks_and_unknown_names_are_reported() {
    let message = refused(|| Harness::new().run(call()));
    assert!(message.contains("the component `fetch` has no Rust function: add a `mock` of it"), "{message}");
    let message = refused(|| {
        Harness::new().mock::<Deploy>(|_| Ok(String::new())).mock_all_others().run(Diamond::new())
    });
    assert!(message.contains("the pipeline has no step of the component `deploy`"), "{message}");
    let message =
        refused(|| Harness::new().mock_all_others().run(call()).task("no-such-task").path().to_owned());
    assert!(
        message.contains("unknown task `no-such-task`; the tasks of the run are exit-handler/fetch"),
        "{message}"
    );
}

#[test]
fn a_panic_in_a_mock_fails_the_test() {
    let message =
        refused(|| Harness::new().mock::<Fetch>(|inputs| panic!("at {}", inputs.address)).run(call()));
    assert_eq!(message, "at example.org");
}

#[test]
fn approvals_are_answered_in_advance() {
    let run = Harness::new().approve("gate").approve_with("choose", [("output", 3)]).run(Release::new());
    assert!(run.succeeded());
    assert_eq!(run.task("choose").output("output"), 3);
    let run = Harness::new().approve("gate").refuse("choose").run(Release::new());
    assert_eq!(run.task("choose").message(), Some("the approval was refused"));
    assert!(run.task("gate").succeeded() && run.failed());
    let message = refused(|| Harness::new().approve_with("choose", [("output", "x")]).run(Release::new()));
    assert!(
        message.contains("invalid value `output`: expected a 64-bit integer, found `\"x\"`"),
        "{message}"
    );
    assert!(message.contains("the task `gate` requires an approval"), "{message}");
}
