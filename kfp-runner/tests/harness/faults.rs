//! Injected faults.

use kfp_runner::{FailureClass, Fault, Harness, State, always, nth, times};

use crate::steps::{Fetch, Stumble, Stumbling, Train, call};

fn with_faults(fault: Fault) -> kfp_runner::TestRun {
    Harness::new().fail::<Fetch>(fault, times(1)).mock_all_others().run(call())
}

#[test]
fn faults_are_retried_by_their_class() {
    for (fault, attempts, state, exit_code) in [
        (Fault::Oom, 2, State::Succeeded, 137),
        (Fault::SpotReclaimed, 2, State::Succeeded, 143),
        (Fault::Exit(3), 2, State::Succeeded, 3),
        (Fault::FailureClass(FailureClass::Transient), 2, State::Succeeded, 75),
        (Fault::FailureClass(FailureClass::Data), 1, State::Failed, 10),
        (Fault::FailureClass(FailureClass::Permanent), 1, State::Failed, 11),
    ] {
        let run = with_faults(fault);
        let fetch = run.task("fetch");
        assert_eq!((fetch.attempts().len(), fetch.state()), (attempts, state), "{fault:?}");
        let failure = fetch.attempts()[0].failure.as_ref().unwrap();
        assert_eq!(failure.exit_code, Some(exit_code), "{fault:?}");
        assert_eq!(run.succeeded(), state == State::Succeeded, "{fault:?}");
        assert_eq!(run.message(), None, "{fault:?}: the message is that of the task");
    }
}

#[test]
fn a_fault_affects_the_selected_attempts() {
    let run = Harness::new()
        .fail::<Fetch>(Fault::Exit(1), times(1))
        .fail::<Fetch>(Fault::Oom, nth(2))
        .mock_all_others()
        .run(call());
    let codes: Vec<Option<i32>> = run
        .task("fetch")
        .attempts()
        .iter()
        .map(|attempt| attempt.failure.as_ref().and_then(|failure| failure.exit_code))
        .collect();
    assert_eq!(codes, [Some(1), Some(137), None]);
}

#[test]
fn a_step_that_always_fails_exhausts_its_retries() {
    let run = Harness::new().fail::<Train>(Fault::Oom, always()).mock_all_others().run(call());
    assert!(run.failed() && run.task("train").failed());
    assert_eq!(run.task("train").attempts().len(), 2);
    assert_eq!(run.task("notify").input("state"), "Failed");
    assert_eq!(run.task("notify").input("failures")[0]["exit_code"], 137);
    assert!(run.task("deploy").is_omitted());
}

#[test]
fn steps_receive_the_number_of_retries() {
    let run = Harness::new().fail::<Stumble>(Fault::Oom, nth(2)).run(Stumbling::new());
    for name in ["first", "second"] {
        let step = run.task(name);
        let messages: Vec<&str> = step
            .attempts()
            .iter()
            .filter_map(|attempt| attempt.failure.as_ref().map(|failure| failure.message.as_str()))
            .filter(|message| message.contains("retries"))
            .collect();
        assert_eq!(messages, ["0 retries are not enough"], "{name}");
        assert_eq!(step.output("output"), 2, "{name}");
    }
}
