//! The committed workflow and graph of each example are up to date.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::fs;
use std::path::Path;

use tests::{Programs, workspace};

/// The committed files of a pipeline.
struct Committed {
    /// The folder of the example and the name of its binary.
    example: &'static str,
    /// The name of the pipeline.
    pipeline: &'static str,
    /// The file with its graph.
    picture: &'static str,
    /// The file with its workflow, and the compile arguments.
    workflow: Option<Workflow>,
}

const COMMITTED: [Committed; 4] = [
    Committed {
        example: "llm-finetuning",
        pipeline: "llm-finetuning-pipeline",
        picture: "pipeline.mmd",
        workflow: Some((
            "workflow.yaml",
            &["--image", "llm-finetuning:1", "--python-image", "python:3.11-slim"],
        )),
    },
    hpo("hpo-pipeline", "hpo-pipeline.mmd", Some(("hpo-pipeline.yaml", HPO_IMAGE))),
    hpo("random-search", "random-search.mmd", Some(("random-search.yaml", HPO_IMAGE))),
    hpo("successive-halving", "successive-halving.mmd", None),
];

/// The file of a workflow, and the compile arguments.
type Workflow = (&'static str, &'static [&'static str]);

const HPO_IMAGE: &[&str] = &["--image", "hpo-pipeline:1"];

const fn hpo(pipeline: &'static str, picture: &'static str, workflow: Option<Workflow>) -> Committed {
    Committed { example: "hpo-pipeline", pipeline, picture, workflow }
}

/// Returns the output of `kfpc` for the pipeline.
fn output(of: &Committed, command: &str, arguments: &[&str]) -> String {
    let programs = Programs::get();
    let program: &Path = match of.example {
        "hpo-pipeline" => &programs.hpo_pipeline,
        _ => &programs.llm_finetuning,
    };
    let output = programs
        .kfpc(workspace())
        .arg(command)
        .args(["--pipeline", of.pipeline])
        .args(arguments)
        .arg(program)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// Compares the file, or writes it if `KFPC_UPDATE_EXAMPLES` is set.
fn compare(of: &Committed, name: &str, expected: &str) {
    let path = workspace().join("examples").join(of.example).join(name);
    if std::env::var_os("KFPC_UPDATE_EXAMPLES").is_some() {
        fs::write(&path, expected).unwrap();
    }
    let found = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        found == expected,
        "{name} of {} is out of date: run the tests with KFPC_UPDATE_EXAMPLES=1 and review the diff",
        of.example
    );
}

#[test]
fn the_committed_workflows_are_up_to_date() {
    for committed in &COMMITTED {
        if let Some((name, arguments)) = committed.workflow {
            compare(committed, name, &output(committed, "compile", arguments));
        }
    }
}

#[test]
fn the_committed_graphs_are_up_to_date() {
    for committed in &COMMITTED {
        compare(committed, committed.picture, &output(committed, "graph", &[]));
    }
}

#[test]
fn every_committed_graph_belongs_to_a_pipeline() {
    for committed in &COMMITTED {
        for entry in fs::read_dir(workspace().join("examples").join(committed.example)).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            let known = COMMITTED.iter().any(|of| of.example == committed.example && of.picture == name);
            assert!(known || !name.ends_with(".mmd"), "{name} does not belong to a pipeline");
        }
    }
}

/// Returns the code blocks of the README that start with `fence`.
fn blocks(fence: &str) -> Vec<String> {
    let readme = fs::read_to_string(workspace().join("README.md")).unwrap();
    let begin = format!("```{fence}\n");
    readme.split(&begin).skip(1).map(|rest| rest.split("```").next().unwrap().to_owned()).collect()
}

/// Removes the indentation of the first line from every line.
fn unindented(text: &str) -> String {
    let indent = text.len() - text.trim_start_matches(' ').len();
    text.lines().map(|line| line.get(indent..).unwrap_or_default().to_owned() + "\n").collect()
}

#[test]
fn the_readme_is_up_to_date() {
    assert_eq!(
        blocks("mermaid"),
        [output(&COMMITTED[0], "graph", &[])],
        "the graph in README.md is out of date"
    );
    let workflow = fs::read_to_string(workspace().join("examples/llm-finetuning/workflow.yaml")).unwrap();
    let begin = workflow.find("      - name: check-quality-gate").unwrap();
    let gate = &blocks("yaml")[0];
    assert!(
        unindented(&workflow[begin..]).starts_with(gate),
        "the gate in README.md is out of date:\n{gate}"
    );
}
