//! How the time of compiling grows with the number of tasks: as a chain, as a fan, as nested loops.
//!
//! - through the library, without the limit of size: reading the document, checking, lowering and writing YAML.
//! - as a whole process: `kfpc compile` of a document with 1,000 tasks, and the memory that it takes at most.
//!
//! Prints the time of a task at 10,000 tasks over that at 1,000.
#![expect(clippy::print_stdout, reason = "that is what a benchmark is for")]

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

/// That of `kfpc`.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

const SIZES: [u32; 3] = [100, 1_000, 10_000];

/// From the text of a document to the text of a workflow.
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
                        let begun = Instant::now();
                        black_box(compile(&text));
                        let took = begun.elapsed();
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
    println!("time of a task at 10,000 tasks over that at 1,000: {}", ratios.join(", "));
}

fn process(criterion: &mut Criterion) {
    let programs = Programs::build("release");
    let folder = tempfile::tempdir().expect("there is room for a folder");
    let mut memory = Vec::new();
    let mut group = criterion.benchmark_group("kfpc compile, 1000 tasks");
    for shape in Shape::ALL {
        let path = folder.path().join(format!("{}.json", shape.name().replace(' ', "-")));
        fs::write(&path, shape.document(1_000).to_string()).expect("there is room for a file");
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
        let kibibytes = most_memory(
            Command::new("python3").arg("-c").arg(MEASURE).arg(&programs.kfpc).args(arguments(&path)),
        );
        memory.push(format!("{}: {:.1} MiB", shape.name(), kibibytes / 1024.0));
    }
    group.finish();
    println!("most memory of kfpc compile with 1,000 tasks: {}", memory.join(", "));
}

/// Runs its arguments and prints the most memory that they took, in KiB.
const MEASURE: &str = "import resource, subprocess, sys
subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)";

fn most_memory(command: &mut Command) -> f64 {
    let output = command.output().expect("Python can be started");
    String::from_utf8_lossy(&output.stdout)
        .trim()
        .parse()
        .unwrap_or_else(|_| panic!("{command:?} tells no number"))
}

criterion_group!(benches, library, process);
criterion_main!(benches);
