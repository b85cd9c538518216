//! Measures what the tool adds to the processes that it starts, as whole processes.
//!
//! - `compile`: `kfpc compile` of the prebuilt example, and of fans of 1,000 and of 100 tasks in one pipeline binary.
//! - `rust step`: a step that does nothing, compared with the start of the same program (`list`).
//! - `python step`: a step that does nothing, compared with `python3 -c pass`.

use std::process::{Command, Stdio};

use criterion::{Criterion, criterion_group, criterion_main};
use kfp_compiler::shim;
use tests::{Programs, workspace};

/// Runs the command until it exits and discards its output.
fn complete(mut command: Command) {
    let status = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status();
    assert!(status.is_ok_and(|status| status.success()), "{command:?} fails");
}

fn compile(criterion: &mut Criterion) {
    let programs = Programs::build("release");
    criterion.bench_function("compile: the example", |bencher| {
        bencher.iter(|| {
            let mut command = programs.kfpc(workspace());
            command.arg("compile").arg(&programs.llm_finetuning);
            command.args(["--image", "pipelines:1", "--python-image", "python:3.11-slim"]);
            complete(command);
        });
    });
    for pipeline in ["fan-of-1000", "fan-of-100"] {
        criterion.bench_function(&format!("compile: {pipeline}"), |bencher| {
            bencher.iter(|| {
                let mut command = programs.kfpc(workspace());
                command.arg("compile").arg(&programs.fan).args(["--pipeline", pipeline, "--image", "p:1"]);
                complete(command);
            });
        });
    }
}

fn rust_step(criterion: &mut Criterion) {
    let programs = Programs::build("release");
    let folder = tempfile::tempdir().expect("cannot create a temporary folder");
    let input = format!(
        r#"{{"inputs":{{}},"outputs":{{"outputFile":"{}"}}}}"#,
        folder.path().join("executor_output.json").display()
    );
    let mut group = criterion.benchmark_group("rust step");
    group.bench_function("start of the program", |bencher| {
        bencher.iter(|| {
            let mut command = Command::new(&programs.llm_finetuning);
            command.arg("list");
            complete(command);
        });
    });
    group.bench_function("step that does nothing", |bencher| {
        bencher.iter(|| {
            let mut command = Command::new(&programs.no_op);
            command.args(["component", "no-op", "--executor_input", &input]);
            complete(command);
        });
    });
    group.finish();
}

fn python_step(criterion: &mut Criterion) {
    let folder = tempfile::tempdir().expect("cannot create a temporary folder");
    let input = format!(
        r#"{{"inputs":{{}},"outputs":{{"outputFile":"{}"}}}}"#,
        folder.path().join("executor_output.json").display()
    );
    let step = r#"{"file":"no_op.py","function":"no_op","inputs":{},"outputs":{},"packages":[],"pip_index":null,"returns":[],"source":"def no_op(): pass"}"#;
    let mut group = criterion.benchmark_group("python step");
    group.bench_function("python3 -c pass", |bencher| {
        bencher.iter(|| {
            let mut command = Command::new("python3");
            command.args(["-c", "pass"]);
            complete(command);
        });
    });
    group.bench_function("step that does nothing", |bencher| {
        bencher.iter(|| {
            let mut command = Command::new("python3");
            command.args(["-c", shim::SOURCE, step, "--executor_input", &input]);
            complete(command);
        });
    });
    group.finish();
}

criterion_group!(benches, compile, rust_step, python_step);
criterion_main!(benches);
