//! `kfpc compile --out`, `--output` and `--check`: which files are written, and when committed ones are stale.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::fs;
use std::path::Path;

use tests::{Programs, workspace};

const IMAGE: [&str; 2] = ["--image", "example:1"];

struct Outcome {
    code: i32,
    data: String,
    messages: String,
}

fn compile(folder: &Path, arguments: &[&str]) -> Outcome {
    let programs = Programs::get();
    let mut command = programs.kfpc(folder);
    command.arg("compile").arg(&programs.hpo_pipeline).args(IMAGE).args(arguments);
    let output = command.output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Outcome {
        code: output.status.code().unwrap(),
        data: text(&output.stdout),
        messages: text(&output.stderr),
    }
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn all_pipelines_are_written_and_stale_files_are_found() {
    let folder = tempfile::tempdir().unwrap();
    let out = ["--out", "deploy/workflows"];
    let check = [&out[..], &["--check"]].concat();

    let missing = compile(folder.path(), &check);
    assert_eq!(missing.code, 1, "{}", missing.messages);
    assert_eq!(names(folder.path()).len(), 0, "a check writes nothing");
    assert!(missing.data.contains("stale: deploy/workflows/random-search.yaml\n  the file does not exist\n"));

    let written = compile(folder.path(), &out);
    assert_eq!((written.code, written.data.as_str()), (0, ""), "{}", written.messages);
    let workflows = folder.path().join("deploy/workflows");
    // Pipelines that others call are parts of those.
    let all = names(&workflows);
    assert!(
        all.contains(&"hpo-pipeline.yaml".to_owned()) && all.contains(&"random-search.yaml".to_owned()),
        "{all:?}"
    );
    let alone = compile(folder.path(), &["--pipeline", "random-search"]);
    assert_eq!(fs::read_to_string(workflows.join("random-search.yaml")).unwrap(), alone.data);
    let fresh = compile(folder.path(), &check);
    assert_eq!((fresh.code, fresh.data.as_str()), (0, ""), "{}", fresh.messages);

    let edited = alone.data.replace("example:1", "example:2");
    fs::write(workflows.join("random-search.yaml"), edited).unwrap();
    let stale = compile(folder.path(), &check);
    assert_eq!(stale.code, 1);
    assert!(stale.data.starts_with("stale: deploy/workflows/random-search.yaml\n"), "{}", stale.data);
    assert!(stale.data.contains("example:2 → example:1"), "{}", stale.data);
    let summary = format!(
        "error: 1 of {} committed workflows is stale\nhelp: run `kfpc compile --out deploy/workflows` with the same",
        all.len()
    );
    assert!(stale.messages.contains(&summary), "{}", stale.messages);
}

/// A file that kfpc wrote remains after its pipeline was removed or renamed. Other files are ignored.
#[test]
fn workflows_of_missing_pipelines_are_reported() {
    let folder = tempfile::tempdir().unwrap();
    let out = ["--out", "workflows"];
    let check = [&out[..], &["--check"]].concat();
    assert_eq!(compile(folder.path(), &out).code, 0);
    let workflows = folder.path().join("workflows");
    let text = fs::read_to_string(workflows.join("random-search.yaml")).unwrap();
    assert!(text.contains("kfpc/pipeline: random-search\n"), "{text}");
    fs::write(workflows.join("old.yaml"), text.replace("kfpc/pipeline: random-search", "kfpc/pipeline: old"))
        .unwrap();
    fs::write(workflows.join("by-hand.yaml"), text.replace("    kfpc/pipeline: random-search\n", ""))
        .unwrap();

    let stale = compile(folder.path(), &check);
    let expected = "stale: workflows/old.yaml\n  the pipeline `old` no longer exists\n";
    assert_eq!((stale.code, stale.data.as_str()), (1, expected), "{}", stale.messages);
    let help = "committed workflows is stale\nhelp: remove the workflows of pipelines that no longer exist\n";
    assert!(stale.messages.contains(help), "{}", stale.messages);

    let written = compile(folder.path(), &out);
    assert_eq!(written.code, 0);
    let note = "note: `workflows/old.yaml` is the workflow of the pipeline `old`, which no longer exists\n\
                help: remove the file\n";
    assert!(written.messages.contains(note), "{}", written.messages);

    // If one pipeline is selected, the others are not known.
    let one = [&check[..], &["--pipeline", "random-search"]].concat();
    assert_eq!(compile(folder.path(), &one).code, 0);
    fs::remove_file(workflows.join("old.yaml")).unwrap();
    assert_eq!(compile(folder.path(), &check).code, 0);
}

/// A written file whose annotation was edited is stale, but not obsolete.
#[test]
fn a_file_is_reported_once() {
    let folder = tempfile::tempdir().unwrap();
    let out = ["--out", "workflows"];
    let check = [&out[..], &["--check"]].concat();
    assert_eq!(compile(folder.path(), &out).code, 0);
    let workflows = folder.path().join("workflows");
    let all = names(&workflows).len();
    let path = workflows.join("random-search.yaml");
    let text = fs::read_to_string(&path).unwrap();
    let edited = text.replace("kfpc/pipeline: random-search", "kfpc/pipeline: old");
    fs::write(&path, &edited).unwrap();
    fs::write(workflows.join("old\n::error::.yaml"), &edited).unwrap();

    let stale = compile(folder.path(), &check);
    assert_eq!(stale.data.matches("stale: ").count(), 2, "{}", stale.data);
    assert!(stale.data.contains("\nstale: workflows/old\\n\\u{3a}:error::.yaml\n"), "{}", stale.data);
    let summary = format!("error: 2 of {} committed workflows are stale", all + 1);
    assert!(stale.messages.contains(&summary), "{}", stale.messages);
    let written = compile(folder.path(), &out);
    assert_eq!(written.messages.matches("no longer exists").count(), 1, "{}", written.messages);
    assert_eq!(fs::read_to_string(&path).unwrap(), text);
}

/// Committed links and pipes neither lead out of the folder nor block.
#[test]
fn only_regular_files_are_written_and_checked() {
    let folder = tempfile::tempdir().unwrap();
    let workflows = folder.path().join("workflows");
    fs::create_dir(&workflows).unwrap();
    let path = workflows.join("random-search.yaml");
    std::os::unix::fs::symlink("../outside.yaml", &path).unwrap();
    let out = ["--pipeline", "random-search", "--out", "workflows"];
    let written = compile(folder.path(), &out);
    assert_eq!(written.code, 0, "{}", written.messages);
    assert!(fs::symlink_metadata(&path).unwrap().is_file());
    assert_eq!(names(folder.path()), ["workflows"]);
    assert_eq!(names(&workflows), ["random-search.yaml"]);

    fs::remove_file(&path).unwrap();
    assert!(std::process::Command::new("mkfifo").arg(&path).status().unwrap().success());
    let refused = compile(folder.path(), &out);
    assert_eq!(refused.code, 2, "{}", refused.messages);
    let error = "cannot write `workflows/random-search.yaml`: it is a pipe, not a regular file";
    assert!(refused.messages.contains(error), "{}", refused.messages);
    let stale = compile(folder.path(), &[&out[..], &["--check"]].concat());
    assert_eq!(stale.code, 1, "{}", stale.messages);
    assert!(stale.data.contains("random-search.yaml`: it is a pipe, not a regular file"), "{}", stale.data);
}

#[test]
fn one_file_is_written_and_checked() {
    let folder = tempfile::tempdir().unwrap();
    let one = ["--pipeline", "random-search", "-o", "a.yaml"];
    let check = [&one[..], &["--check"]].concat();
    assert_eq!(compile(folder.path(), &check).code, 1);
    assert_eq!(compile(folder.path(), &one).code, 0);
    assert_eq!(compile(folder.path(), &check).code, 0);
    let path = folder.path().join("a.yaml");
    // Line endings may be those of another system.
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replace('\n', "\r\n")).unwrap();
    assert_eq!(compile(folder.path(), &check).code, 0);
    fs::write(&path, "a: [").unwrap();
    let broken = compile(folder.path(), &check);
    assert_eq!(
        (broken.code, broken.data.as_str()),
        (1, "stale: a.yaml\n  the file is not a valid manifest\n")
    );
}

#[test]
fn invalid_arguments_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("there")).unwrap();
    let one = ["--pipeline", "random-search"];
    for (arguments, error, help) in [
        (&["--check"][..], "`--check` requires the committed workflows", "pass `--out FOLDER`"),
        (
            &["--out", "a", "-p", "seed=1"],
            "cannot set parameters of several pipelines at once",
            "`--pipeline NAME`",
        ),
        (&["--out", "a", "-o", "b"], "cannot be used with", ""),
        (
            &[one[0], one[1], "-o", "gone/a.yaml"],
            "cannot write `gone/a.yaml`: the folder `gone` does not exist",
            "mkdir -p gone",
        ),
        (
            &[one[0], one[1], "-o", "there"],
            "cannot write `there`: it is a folder",
            "pass the path of a file in it",
        ),
        (&[one[0], one[1], "--param", "seed=1"], "unknown option `--param`", "use `-p seed=1`"),
        (&[], "there are several pipelines in", "select one with `--pipeline NAME`"),
    ] {
        let outcome = compile(folder.path(), arguments);
        assert_eq!(outcome.code, 2, "{arguments:?}: {}", outcome.messages);
        assert!(
            outcome.messages.contains(error) && outcome.messages.contains(help),
            "{arguments:?}: {}",
            outcome.messages
        );
    }
    assert_eq!(names(folder.path()), ["there"]);
}

/// An unknown parameter is the only mistake that is reported: others may be missing.
#[test]
fn an_unknown_parameter_does_not_list_missing_ones() {
    let folder = tempfile::tempdir().unwrap();
    let programs = Programs::get();
    let mut command = programs.kfpc(folder.path());
    command.arg("compile").arg(&programs.llm_finetuning).args(["--python-image", "python:3.12"]).args(IMAGE);
    let output = command.args(["-p", "deployment_treshold=0.5"]).output().unwrap();
    let messages = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{messages}");
    assert!(
        messages.contains("did you mean `deployment_threshold`?") && !messages.contains("missing"),
        "{messages}"
    );
}

#[test]
fn several_pipelines_are_described_by_a_table() {
    let programs = Programs::get();
    let describe = |arguments: &[&str]| {
        let mut command = programs.kfpc(workspace());
        let output = command.arg("describe").arg(&programs.hpo_pipeline).args(arguments).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    let table = describe(&[]);
    assert!(table.starts_with("PIPELINE "), "{table}");
    for pipeline in ["hpo-pipeline", "random-search", "successive-halving"] {
        assert!(table.lines().any(|line| line.starts_with(pipeline)), "{table}");
        assert!(describe(&["--format", "json"]).contains(&format!("\"{pipeline}\": {{")));
    }
}
