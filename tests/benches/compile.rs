//! Measures how compile time grows with the number of tasks, for a chain, a fan and nested loops.
//!
//! - Through the library, without the size limit: reading the document, checking, lowering and writing YAML.
//! - As a whole process: `kfpc compile` of a document with 1,000 tasks, and its peak memory.
//!
//! Prints the time per task at 10,000 tasks divided by that at 1,000.
#![expect(clippy::print_stdout, reason = "a benchmark prints its results")]

use std::fs;
use std::hint::black_box;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use criterion::{Criterion, criterion_group, criterion_main};
use kfp_argo::yaml::yaml;
use kfp_compiler::check::check;
use kfp_compiler::lower::{Options, lower};
use kfp_compiler::read::read;
use mimalloc::MiMalloc;
use tests::Programs;
use tests::large::Shape;

/// The allocator that `kfpc` uses.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

const SIZES: [u32; 3] = [100, 1_000, 10_000];

/// Compiles a document and returns the size of the workflow YAML.
fn compile(text: &[u8]) -> usize {
    let options = Options { image: Some("pipelines:1".to_owned()), any_size: true, ..Options::default() };
    let Ok(read) = read("large.json", text) else { panic!("the document can be read") };
    let document = &read.document;
    let outcome = check(document, &document.pipelines[0]);
    let program = outcome.program.unwrap_or_else(|| panic!("{:#?}", outcome.diagnostics));
    let lowering = lower(&program, &options).unwrap_or_else(|found| panic!("{found:#?}"));
    yaml(&lowering.workflow).len()
}

fn library(criterion: &mut Criterion) {
    let mut ratios = Vec::new();
    for shape in Shape::ALL {
        let mut group = criterion.benchmark_group(format!("library: {}", shape.name()));
        group.sample_size(10);
        let mut per_task = Vec::new();
        for tasks in SIZES {
            let text = shape.document(tasks).to_string().into_bytes();
            let mut fastest = Duration::MAX;
            group.bench_function(format!("{tasks} tasks"), |bencher| {
                bencher.iter_custom(|times| {
                    let mut whole = Duration::ZERO;
                    for _ in 0..times {
                        let start = Instant::now();
                        black_box(compile(&text));
                        let took = start.elapsed();
                        fastest = fastest.min(took);
                        whole += took;
                    }
                    whole
                });
            });
            per_task.push(fastest.as_secs_f64() / f64::from(tasks));
        }
        group.finish();
        ratios.push(format!("{}: {:.2}", shape.name(), per_task[2] / per_task[1]));
    }
    println!("time per task at 10,000 tasks divided by that at 1,000: {}", ratios.join(", "));
}

fn process(criterion: &mut Criterion) {
    let programs = Programs::build("release");
    let folder = tempfile::tempdir().expect("cannot create a temporary folder");
    let mut memory = Vec::new();
    let mut group = criterion.benchmark_group("kfpc compile, 1000 tasks");
    for shape in Shape::ALL {
        let path = folder.path().join(format!("{}.json", shape.name().replace(' ', "-")));
        fs::write(&path, shape.document(1_000).to_string()).expect("cannot write a file");
        let arguments = |path: &Path| {
            ["compile".into(), path.as_os_str().to_owned(), "--image".into(), "pipelines:1".into()]
        };
        group.bench_function(shape.name(), |bencher| {
            bencher.iter(|| {
                let mut command = programs.kfpc(folder.path());
                command.args(arguments(&path)).stdout(Stdio::null()).stderr(Stdio::null());
                assert!(command.status().is_ok_and(|status| status.success()), "{command:?} fails");
            });
        });
        let kibibytes = peak_memory(
            Command::new("python3").arg("-c").arg(MEASURE).arg(&programs.kfpc).args(arguments(&path)),
        );
        memory.push(format!("{}: {:.1} MiB", shape.name(), kibibytes / 1024.0));
    }
    group.finish();
    println!("peak memory of kfpc compile with 1,000 tasks: {}", memory.join(", "));
}

/// Runs its arguments and prints their peak memory in KiB.
const MEASURE: &str = "import resource, subprocess, sys
subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)";

fn peak_memory(command: &mut Command) -> f64 {
    let output = command.output().expect("Python can be started");
    String::from_utf8_lossy(&output.stdout)
        .trim()
        .parse()
        .unwrap_or_else(|_| panic!("{command:?} prints no number"))
}

criterion_group!(benches, library, process);
criterion_main!(benches);
