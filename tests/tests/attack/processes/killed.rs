//! Runs that are killed with `kill -9` at random moments.

use std::collections::BTreeMap;
use std::thread;
use std::time::{Duration, Instant};

use fastrand::Rng;
use tests::attack::{rounds, seed};

use super::fixture::{Fixture, assert_success, lines};

/// The number of parallel steps; each is followed by another step.
const STEPS: u32 = 30;

#[test]
fn a_killed_run_leaves_no_process_and_repeats_no_finished_step() {
    let (rounds, seed) = (rounds(2), seed());
    let mut random = Rng::with_seed(seed);
    let (mut kills, mut recorded, mut longest) = (0, 0, Duration::ZERO);
    for _ in 0..rounds {
        let fixture = Fixture::new("leave_processes", STEPS, &[]);
        let (mut command, mut has_succeeded) = (fixture.run(), false);
        // Some runs are killed again while they are being resumed.
        for _ in 0..=random.u64(..2) {
            let goal = starts(&fixture) + random.u64(..=u64::from(STEPS));
            let mut run = fixture.start(command);
            // A resumed run may finish earlier.
            while starts(&fixture) < goal && run.try_wait().unwrap().is_none() {
                thread::sleep(Duration::from_millis(5));
            }
            thread::sleep(Duration::from_millis(random.u64(..400)));
            run.kill().unwrap();
            // If the resumed run finished before the signal, nothing is left to resume.
            has_succeeded = run.wait().unwrap().success();
            kills += u32::from(!has_succeeded);
            let start = Instant::now();
            fixture.wait_until_nothing_is_left(seed);
            longest = longest.max(start.elapsed());
            command = fixture.run();
            if !fixture.tasks().is_empty() {
                command.arg("--resume");
            }
            if has_succeeded {
                break;
            }
        }
        let finished = finished(&fixture);
        recorded += finished.len();
        if !has_succeeded {
            assert_success(&command.output().unwrap());
        }
        assert_eq!(fixture.left(), [""; 0], "after the run has ended (seed {seed})");
        for (name, count) in finished {
            assert_eq!(lines(&fixture.path(&name)), count, "{name} ran again (seed {seed})");
        }
        let count = fixture.tasks().iter().filter(|task| task["state"] == "Succeeded").count();
        assert_eq!(count, 2 * STEPS as usize, "seed {seed}");
    }
    println!(
        "{kills} kills, {recorded} recorded steps, none ran again; no process was left after {longest:?} at most"
    );
}

/// Returns how many steps have been started so far.
fn starts(fixture: &Fixture) -> u64 {
    (0..STEPS).map(|idx| lines(&fixture.path(&format!("step-{idx}"))) as u64).sum()
}

/// Returns how many times each step that is recorded as finished ran.
fn finished(fixture: &Fixture) -> BTreeMap<String, usize> {
    let mut finished = BTreeMap::new();
    for task in fixture.tasks() {
        let name = task["name"].as_str().unwrap();
        if task["state"] == "Succeeded" && name.starts_with("step-") {
            finished.insert(name.to_owned(), lines(&fixture.path(name)));
        }
    }
    finished
}
