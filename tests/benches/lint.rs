//! What checking takes, as whole processes of `kfpc check`.
//!
//! - `50 templates`: a workflow with a graph of 49 steps.
//! - `5 MB, a document`: a pipeline with very many tasks, in JSON.
//! - `5 MB, manifests`: many large workflows in one file of YAML, half a million keys and values.
//! - `hostile`: an alias bomb, 10,000 levels, a text of 50 MB, two million numbers; each is refused.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use criterion::{Criterion, criterion_group, criterion_main};
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
    let folder = tempfile::tempdir().expect("there is room for a folder");
    let deep = format!("apiVersion: argoproj.io/v1alpha1\na: {}{}", "[".repeat(10_000), "]".repeat(10_000));
    let many = format!("apiVersion: argoproj.io/v1alpha1\na: [{}1]\n", "1, ".repeat(2_000_000));
    let long = format!("apiVersion: argoproj.io/v1alpha1\na: \"{}\"\n", "x".repeat(50_000_000));
    for (name, text, expected) in [
        ("50 templates", workflow(49), 0),
        ("5 MB, a document", document(5_000_000), 0),
        ("5 MB, manifests", several(5_000_000), 0),
        ("hostile: aliases", bomb(), 1),
        ("hostile: levels", deep, 1),
        ("hostile: a long text", long, 1),
        ("hostile: many values", many, 1),
    ] {
        let file = folder.path().join(format!("{}.yaml", name.replace([' ', ':', ','], "-")));
        fs::write(&file, text).expect("there is room for a file");
        assert_eq!(check(&programs.kfpc, &file), Some(expected), "{name}");
        criterion.bench_function(&format!("check: {name}"), |bencher| {
            bencher.iter(|| check(&programs.kfpc, &file));
        });
    }
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(20);
    targets = lint
}
criterion_main!(benches);
