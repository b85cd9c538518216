//! `kill -9` at random moments.

use std::collections::BTreeMap;
use std::thread;
use std::time::{Duration, Instant};

use fastrand::Rng;
use tests::attack::{rounds, seed};

use super::scene::{Scene, assert_success, lines};

/// The number of steps that run at once; as many follow them.
const STEPS: u32 = 30;

#[test]
fn a_killed_run_leaves_no_process_and_repeats_no_finished_step() {
    let (rounds, seed) = (rounds(2), seed());
    let mut random = Rng::with_seed(seed);
    let (mut kills, mut recorded, mut longest) = (0, 0, Duration::ZERO);
    for _ in 0..rounds {
        let scene = Scene::new("leave_processes", STEPS, &[]);
        let (mut command, mut has_succeeded) = (scene.run(), false);
        // Some runs are killed again while they are resumed.
        for _ in 0..=random.u64(..2) {
            let goal = starts(&scene) + random.u64(..=u64::from(STEPS));
            let mut run = scene.start(command);
            // A resumed run can end before.
            while starts(&scene) < goal && run.try_wait().unwrap().is_none() {
                thread::sleep(Duration::from_millis(5));
            }
            thread::sleep(Duration::from_millis(random.u64(..400)));
            run.kill().unwrap();
            // A resumed run that was faster than the signal has nothing left to resume.
            has_succeeded = run.wait().unwrap().success();
            kills += u32::from(!has_succeeded);
            let begun = Instant::now();
            scene.until_nothing_is_left(seed);
            longest = longest.max(begun.elapsed());
            command = scene.run();
            if !scene.tasks().is_empty() {
                command.arg("--resume");
            }
            if has_succeeded {
                break;
            }
        }
        let finished = finished(&scene);
        recorded += finished.len();
        if !has_succeeded {
            assert_success(&command.output().unwrap());
        }
        assert_eq!(scene.left(), [""; 0], "after the end of the run (seed {seed})");
        for (name, count) in finished {
            assert_eq!(lines(&scene.path(&name)), count, "{name} ran again (seed {seed})");
        }
        let count = scene.tasks().iter().filter(|task| task["state"] == "Succeeded").count();
        assert_eq!(count, 2 * STEPS as usize, "seed {seed}");
    }
    println!(
        "{kills} kills, {recorded} finished steps on record, none ran again; nothing was left after {longest:?} at most"
    );
}

/// How often steps have started so far.
fn starts(scene: &Scene) -> u64 {
    (0..STEPS).map(|idx| lines(&scene.path(&format!("step-{idx}"))) as u64).sum()
}

/// How often each step ran that is on record as finished.
fn finished(scene: &Scene) -> BTreeMap<String, usize> {
    let mut finished = BTreeMap::new();
    for task in scene.tasks() {
        let name = task["name"].as_str().unwrap();
        if task["state"] == "Succeeded" && name.starts_with("step-") {
            finished.insert(name.to_owned(), lines(&scene.path(name)));
        }
    }
    finished
}
