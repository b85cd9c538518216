//! Measures `kfpc check` as a whole process, and how its time grows with the input, through the library.
//!
//! - `50 templates`: a workflow with a graph of 49 steps.
//! - `5 MB, a document`: a pipeline with very many tasks, in JSON.
//! - `5 MB, manifests`: many large workflows in one YAML file, half a million keys and values.
//! - `hostile`: an alias bomb, 10,000 levels, a string of 50 MB, two million numbers; each is rejected.
//! - growth: manifests of three sizes, each twice the previous, read, linted and reported in every format; prints
//!   the time per item, and that of the largest size divided by that of the smallest.
#![expect(clippy::print_stdout, reason = "a benchmark prints its results")]

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use criterion::{Criterion, criterion_group, criterion_main};
use kfp_diag::source::manifests;
use kfp_diag::{Format, NoSources, Surroundings, render};
use kfp_model::Locations;
use tests::Programs;
use tests::large::Shape;

fn workflow(steps: usize) -> String {
    let mut text = "apiVersion: argoproj.io/v1alpha1\nkind: Workflow\nmetadata:\n  generateName: large-\nspec:\n  entrypoint: main\n  templates:\n  - name: main\n    dag:\n      tasks:\n".to_owned();
    for idx in 0..steps {
        let depends =
            if idx == 0 { String::new() } else { format!("\n        depends: t{}.Succeeded", idx - 1) };
        let _ = write!(
            text,
            "      - name: t{idx}\n        template: step-{idx}{depends}\n        arguments:\n          parameters:\n          - name: x\n            value: \"{idx}\"\n"
        );
    }
    for idx in 0..steps {
        let _ = write!(
            text,
            "  - name: step-{idx}\n    inputs:\n      parameters:\n      - name: x\n    retryStrategy: {{limit: \"2\", backoff: {{duration: 5s, factor: \"2\"}}}}\n    container:\n      image: busybox:1.36\n      command: [echo, \"{{{{inputs.parameters.x}}}}\"]\n      env:\n      - name: A\n        value: \"1\"\n      resources:\n        requests: {{cpu: 100m, memory: 64Mi}}\n"
        );
    }
    text
}

fn several(bytes: usize) -> String {
    let one = workflow(150);
    let count = bytes.div_ceil(one.len());
    vec![one; count].join("---\n")
}

fn document(bytes: usize) -> String {
    let of = |tasks: usize| Shape::Chain.document(u32::try_from(tasks).unwrap_or(u32::MAX)).to_string();
    of(bytes / (of(10_000).len() / 10_000))
}

fn bomb() -> String {
    let mut text = "apiVersion: argoproj.io/v1alpha1\na0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for idx in 1..12 {
        let _ = writeln!(text, "a{idx}: &a{idx} [{}]", vec![format!("*a{}", idx - 1); 10].join(", "));
    }
    text
}

fn check(kfpc: &Path, file: &Path) -> Option<i32> {
    let mut command = Command::new(kfpc);
    command.arg("check").arg(file).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().ok()?.code()
}

fn lint(criterion: &mut Criterion) {
    let programs = Programs::build("release");
    let folder = tempfile::tempdir().expect("cannot create a temporary folder");
    let deep = format!("apiVersion: argoproj.io/v1alpha1\na: {}{}", "[".repeat(10_000), "]".repeat(10_000));
    let many = format!("apiVersion: argoproj.io/v1alpha1\na: [{}1]\n", "1, ".repeat(2_000_000));
    let long = format!("apiVersion: argoproj.io/v1alpha1\na: \"{}\"\n", "x".repeat(50_000_000));
    for (name, text, expected) in [
        ("50 templates", workflow(49), 0),
        ("5 MB, a document", document(5_000_000), 0),
        ("5 MB, manifests", several(5_000_000), 0),
        ("hostile: aliases", bomb(), 1),
        ("hostile: levels", deep, 1),
        ("hostile: a long string", long, 1),
        ("hostile: many values", many, 1),
    ] {
        let file = folder.path().join(format!("{}.yaml", name.replace([' ', ':', ','], "-")));
        fs::write(&file, text).expect("cannot write a file");
        assert_eq!(check(&programs.kfpc, &file), Some(expected), "{name}");
        criterion.bench_function(&format!("check: {name}"), |bencher| {
            bencher.iter(|| check(&programs.kfpc, &file));
        });
    }
}

/// A manifest whose size depends on a count.
struct Growing {
    name: &'static str,
    smallest: u32,
    manifest: fn(u32) -> String,
}

const GROWING: [Growing; 6] = [
    Growing { name: "tasks in a chain", smallest: 5_000, manifest: |count| graph(count, 1) },
    Growing { name: "tasks that depend on 60 others", smallest: 750, manifest: |count| graph(count, 60) },
    Growing { name: "tags in one string", smallest: 12_500, manifest: tags },
    Growing { name: "parameters of a template", smallest: 5_000, manifest: parameters },
    Growing { name: "templates", smallest: 5_000, manifest: templates },
    Growing { name: "errors on one line", smallest: 12_500, manifest: errors },
];

const HEAD: &str = "apiVersion: argoproj.io/v1alpha1\nkind: Workflow\nmetadata: {generateName: large-}\nspec:\n  entrypoint: main\n";

/// Returns a graph in which each task depends on the `before` tasks ahead of it and reads the output of the first.
fn graph(tasks: u32, before: u32) -> String {
    let mut text = format!("{HEAD}  templates:\n  - name: main\n    dag:\n      tasks:\n");
    for idx in 0..tasks {
        let earlier: Vec<String> = (idx.saturating_sub(before)..idx).map(|idx| format!("t{idx}")).collect();
        let read =
            earlier.first().map_or("0".to_owned(), |task| format!("{{{{tasks.{task}.outputs.result}}}}"));
        let _ = writeln!(
            text,
            "      - {{name: t{idx}, template: step, dependencies: [{}], arguments: {{parameters: [{{name: x, value: '{read}'}}]}}}}",
            earlier.join(", ")
        );
    }
    text + "  - name: step\n    inputs: {parameters: [{name: x}]}\n    script: {image: busybox, command: [sh], source: 'echo {{inputs.parameters.x}}'}\n"
}

fn tags(count: u32) -> String {
    let tags: String = (0..count / 2).map(|_| "{{inputs.parameters.x}} {{inputs.parameters.y}} ").collect();
    format!(
        "{HEAD}  arguments: {{parameters: [{{name: x, value: 1}}]}}\n  templates:\n  - name: main\n    inputs: {{parameters: [{{name: x}}]}}\n    container: {{image: busybox, command: [echo, '{tags}']}}\n"
    )
}

fn parameters(count: u32) -> String {
    let declared: Vec<String> = (0..count).map(|idx| format!("{{name: x{idx}, value: '1'}}")).collect();
    let read: Vec<String> = (0..count).map(|idx| format!("'{{{{inputs.parameters.x{idx}}}}}'")).collect();
    format!(
        "{HEAD}  templates:\n  - name: main\n    inputs: {{parameters: [{}]}}\n    container: {{image: busybox, command: [echo], args: [{}]}}\n",
        declared.join(", "),
        read.join(", ")
    )
}

fn templates(count: u32) -> String {
    let tasks: Vec<String> =
        (0..count).map(|idx| format!("{{name: t{idx}, template: step-{idx}}}")).collect();
    let mut text =
        format!("{HEAD}  templates:\n  - {{name: main, dag: {{tasks: [{}]}}}}\n", tasks.join(", "));
    for idx in 0..count {
        let _ = writeln!(text, "  - {{name: step-{idx}, container: {{image: busybox, command: [echo]}}}}");
    }
    text
}

/// JSON on one line, as machine-generated manifests often are.
fn errors(count: u32) -> String {
    let tasks: Vec<String> =
        (0..count).map(|idx| format!(r#"{{"name": "t{idx}", "template": "ghost-{idx}"}}"#)).collect();
    format!(
        r#"{{"apiVersion": "argoproj.io/v1alpha1", "kind": "Workflow", "metadata": {{"name": "large"}}, "spec": {{"entrypoint": "main", "templates": [{{"name": "main", "dag": {{"tasks": [{}]}}}}]}}}}"#,
        tasks.join(", ")
    )
}

/// Reads, lints and reports the manifest in every format.
fn checked(text: &str) -> usize {
    let Ok(file) = manifests("large.yaml", text.as_bytes()) else { panic!("the manifest can be read") };
    let found = kfp_lint::lint(&[&file]).remove(0);
    let surroundings =
        Surroundings { written: Some(file.written()), locations: &Locations::default(), world: &NoSources };
    let formats = [Format::Text, Format::Short, Format::Json, Format::Sarif, Format::Github];
    formats.into_iter().map(|format| render(&found, surroundings, format, false).len()).sum()
}

fn growth(_: &mut Criterion) {
    for Growing { name, smallest, manifest } in GROWING {
        let per_item = [1, 2, 4].map(|factor| {
            let (count, text) = (factor * smallest, manifest(factor * smallest));
            let time = |_| {
                let start = Instant::now();
                assert!(checked(&text) > 0);
                start.elapsed()
            };
            (0..3).map(time).min().unwrap_or(Duration::MAX).as_secs_f64() * 1e6 / f64::from(count)
        });
        let shown = per_item.map(|microseconds| format!("{microseconds:.2}")).join(", ");
        println!("{smallest} and more {name}: {shown} µs each, {:.2} times", per_item[2] / per_item[0]);
    }
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(20);
    targets = lint, growth
}
criterion_main!(benches);
