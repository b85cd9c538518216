//! Measures what the runner adds to each step: 1,000 steps that do nothing, one after the other, compared with
//! starting the same program for the same step directly. `kfpc run` also starts a supervisor for each step.
//!
//! Prints the overhead per step, and how the runner's memory grows with the number of steps.
#![expect(clippy::print_stdout, reason = "a benchmark prints its results")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use kfp_compiler::check::check;
use kfp_runner::{Cancel, Options, State};
use tests::Programs;
use tests::large::calls_of;

const STEPS: u32 = 1_000;
const ROUNDS: usize = 3;

fn main() {
    // `cargo test --benches` only checks that the benchmark builds.
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    let programs = Programs::build("release");
    let program = &programs.no_op;
    for parallelism in [1_u32, 2] {
        let bare = fastest(|| bare(program, parallelism));
        let each = |time: Duration| time.as_secs_f64() * 1_000.0 / f64::from(STEPS);
        for (name, supervisor) in [("no supervisor", None), ("supervisors", Some(&*programs.kfpc))] {
            let run = fastest(|| run(program, supervisor, STEPS, parallelism));
            println!(
                "{STEPS} steps, {parallelism} at a time, {name}: {:.2} ms per step, {:.2} ms without the runner, \
                 overhead {:.2} ms",
                each(run),
                each(bare),
                each(run) - each(bare)
            );
        }
    }
    let before = memory();
    run(program, None, 4 * STEPS, 2);
    println!(
        "peak memory of the runner: {before} KiB after {STEPS} steps, {} KiB after {}",
        memory(),
        4 * STEPS
    );
}

fn fastest(run: impl Fn() -> Duration) -> Duration {
    (0..ROUNDS).map(|_| run()).min().unwrap_or_default()
}

/// Returns the time of a run with `steps` steps.
fn run(binary: &Path, supervisor: Option<&Path>, steps: u32, parallelism: u32) -> Duration {
    let folder = tempfile::tempdir().expect("cannot create a temporary folder");
    let document = calls_of("no-op", steps);
    let outcome = check(&document, &document.pipelines[0]);
    let program = outcome.program.unwrap_or_else(|| panic!("{:#?}", outcome.diagnostics));
    let options = Options {
        binary: Some(PathBuf::from(binary)),
        supervisor: supervisor.map(PathBuf::from),
        parallelism: usize::try_from(parallelism).ok(),
        ..Options::new(folder.path())
    };
    let start = Instant::now();
    let report = kfp_runner::run(&program, [].into(), &options, &Cancel::new(), |_| ());
    let took = start.elapsed();
    let report = report.expect("the run starts");
    assert_eq!(report.state, State::Succeeded);
    took
}

/// Returns the time of the same processes, started by `parallelism` threads without the runner.
fn bare(program: &Path, parallelism: u32) -> Duration {
    let folder = tempfile::tempdir().expect("cannot create a temporary folder");
    let input = |thread: u32| {
        let path = folder.path().join(format!("output-{thread}.json"));
        format!(r#"{{"inputs":{{}},"outputs":{{"outputFile":"{}"}}}}"#, path.display())
    };
    let start = Instant::now();
    std::thread::scope(|scope| {
        for thread in 0..parallelism {
            let input = input(thread);
            scope.spawn(move || {
                for _ in 0..STEPS / parallelism {
                    let mut command = Command::new(program);
                    command.args(["component", "no-op", "--executor_input", &input]);
                    let command = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
                    assert!(command.status().is_ok_and(|status| status.success()), "{command:?} fails");
                }
            });
        }
    });
    start.elapsed()
}

/// Returns the peak memory of this process so far, in KiB.
fn memory() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok()).unwrap_or(0)
}
