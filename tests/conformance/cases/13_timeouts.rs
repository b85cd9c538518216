//! Timeouts: of a single attempt, and of a whole pipeline.

use kfp_sdk::prelude::*;
use tests::conformance::Run;

use crate::case::Case;
use crate::components::{EchoText, Hang, HangOnce, TellState};

#[pipeline(name = "timeout-of-a-step")]
fn timeout_of_a_step(p: &Pipeline) {
    let slow = p.add(Hang::new()).name("slow").timeout("1s");
    p.add(EchoText::new().value("behind")).name("behind").after(&slow);
    p.add(EchoText::new().value("beside")).name("beside").timeout("10m");
}

#[pipeline(name = "timeout-of-each-try")]
fn timeout_of_each_try(p: &Pipeline) {
    // Long enough for a pod to start, which counts towards the timeout.
    p.add(HangOnce::new()).timeout("20s").retry(Retry::times(2));
}

#[pipeline(name = "inner-that-hangs")]
fn inner_that_hangs(p: &Pipeline) {
    p.add(Hang::new()).name("slow");
    p.add(EchoText::new().value("quick")).name("quick").timeout("10m");
}

#[pipeline(name = "timeout-of-a-called-pipeline")]
fn timeout_of_a_called_pipeline(p: &Pipeline) {
    p.add(InnerThatHangs::new()).name("inner").timeout("1s");
}

#[pipeline(name = "timeout-of-the-run", timeout = "2s")]
fn timeout_of_the_run(p: &Pipeline) {
    let slow = p.add(Hang::new()).name("slow");
    p.add(EchoText::new().value("behind")).name("behind").after(&slow);
}

#[pipeline(name = "timeout-before-exit", timeout = "2s")]
fn timeout_before_exit(p: &Pipeline) {
    p.exit_handler(|p| {
        p.add(Hang::new()).name("slow");
    })
    .finally(|p, status, ()| p.add(TellState::new().state(status.state())).name("told"));
}

pub(super) fn cases() -> Vec<Case> {
    let report = serde_json::json!({"state": "Failed", "value": null});
    vec![
        Case::new("timeout-of-a-step", TimeoutOfAStep::definition)
            .run(Run::fails().failed("slow").omitted(&["behind"]).returned("beside", "beside")),
        Case::new("timeout-of-each-try", TimeoutOfEachTry::definition)
            .run(Run::succeeds().returned("hang-once", 2).attempts("hang-once", 2)),
        // Running time: a step that sets a timeout keeps it.
        Case::new("timeout-of-a-called-pipeline", TimeoutOfACalledPipeline::definition)
            .run(Run::fails().failed("inner/slow").returned("inner/quick", "quick")),
        Case::new("timeout-of-the-run", TimeoutOfTheRun::definition)
            .run(Run::fails().cancelled(&["slow", "behind"])),
        Case::new("timeout-before-exit", TimeoutBeforeExit::definition)
            .run(Run::fails().cancelled(&["slow"]).returned_all("told", report)),
    ]
}
