//! The virtual clock: delays, timeouts and overlapping steps take no real time.

use std::time::{Duration, Instant};

use kfp_runner::{Fault, Harness, State, always, times};

use crate::steps::{Diamond, Fetch, OneByOne, Train, call};

const MINUTE: Duration = Duration::from_secs(60);

/// Runs something that takes hours of virtual time, and checks that it takes less real time than the shortest delay.
fn at_once<T>(run: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let result = run();
    assert!(start.elapsed() < Duration::from_secs(9), "{:?}", start.elapsed());
    result
}

#[test]
fn delays_between_attempts_pass_on_the_virtual_clock() {
    let run = at_once(|| Harness::new().fail::<Fetch>(Fault::Oom, times(2)).mock_all_others().run(call()));
    let fetch = run.task("fetch");
    let seconds = |seconds: &[u64]| seconds.iter().copied().map(Duration::from_secs).collect::<Vec<_>>();
    assert_eq!(fetch.pauses(), seconds(&[10, 30]));
    let starts: Vec<Duration> = fetch.attempts().iter().map(|attempt| attempt.started_at).collect();
    assert_eq!(starts, seconds(&[0, 10, 40]));
    assert_eq!(run.task("train").started_at(), Some(Duration::from_secs(40)));
    assert_eq!((fetch.duration(), run.duration()), (Duration::from_secs(40), Duration::from_secs(40)));
}

#[test]
fn a_step_that_hangs_is_ended_by_its_timeout() {
    let run = at_once(|| Harness::new().fail::<Fetch>(Fault::Hang, times(1)).mock_all_others().run(call()));
    let fetch = run.task("fetch");
    assert!(run.succeeded());
    let failure = fetch.attempts()[0].failure.as_ref().unwrap();
    assert_eq!(failure.message, "the step ran longer than its timeout of 5m");
    assert_eq!(fetch.attempts()[1].started_at, 5 * MINUTE + Duration::from_secs(10));
}

#[test]
fn a_step_that_takes_too_long_is_ended_by_its_timeout() {
    for (minutes, state) in [(4, State::Succeeded), (6, State::Failed)] {
        let run = at_once(|| Harness::new().takes::<Fetch>(minutes * MINUTE).mock_all_others().run(call()));
        assert_eq!(run.task("fetch").state(), state, "{minutes}");
    }
}

#[test]
fn a_pipeline_that_takes_too_long_is_ended_and_reports_it() {
    let run = at_once(|| Harness::new().takes::<Train>(180 * MINUTE).mock_all_others().run(call()));
    assert!(run.failed());
    assert_eq!(run.message(), Some("the pipeline ran longer than its timeout of 2h"));
    assert_eq!(run.task("train").state(), State::Cancelled);
    assert!(run.task("notify").succeeded(), "the exit handler still runs");
    assert_eq!(run.duration(), 120 * MINUTE);
}

#[test]
fn a_step_that_would_hang_forever_is_an_error() {
    let run =
        at_once(|| Harness::new().fail::<Fetch>(Fault::Hang, always()).mock_all_others().run(Diamond::new()));
    let message = "the step hangs forever: neither the step nor its pipeline has a timeout";
    assert_eq!(run.task("first").message(), Some(message));
    assert_eq!(run.task("first").state(), State::Error);
}

#[test]
fn steps_overlap_on_the_virtual_clock_if_allowed() {
    let harness = || Harness::new().takes::<Fetch>(10 * MINUTE).mock_all_others();
    let run = at_once(|| harness().run(Diamond::new()));
    assert_eq!(run.duration(), 10 * MINUTE);
    assert_eq!(run.order(), ["first", "second", "train"]);
    let addresses = ["a", "b", "c"].map(str::to_owned).to_vec();
    let run = at_once(|| harness().run(OneByOne::new().addresses(addresses)));
    assert_eq!(run.duration(), 30 * MINUTE);
}
