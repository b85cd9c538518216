//! Snapshot tests of reports on manifests: one file for each situation, named after the first code that it shows.
//!
//! Each file is a separate test.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use kfp_diag::source::manifests;
use kfp_diag::{Code, Diagnostic, Format, NoSources, Surroundings, render};
use kfp_lint::lint;
use kfp_model::Locations;
use libtest_mimic::{Arguments, Trial};

fn main() -> ExitCode {
    let report = |path: PathBuf| {
        Trial::test(format!("reports_are_as_reviewed::{}", name(&path)), move || {
            reports_are_as_reviewed(&path);
            Ok(())
        })
    };
    let others: [(&str, fn()); 2] = [
        ("every_code_of_manifests_has_a_file", every_code_of_manifests_has_a_file),
        (
            "deeply_nested_expressions_do_not_overflow_the_stack",
            deeply_nested_expressions_do_not_overflow_the_stack,
        ),
    ];
    let other = |(name, test): (&str, fn())| {
        Trial::test(name, move || {
            test();
            Ok(())
        })
    };
    let trials = files().into_iter().map(report).chain(others.map(other)).collect();
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}

fn files() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/manifests");
    let mut files: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "yaml"));
    files.sort();
    files
}

fn name(path: &Path) -> &str {
    path.file_stem().unwrap().to_str().unwrap()
}

/// Returns the code that the name of the file starts with; `None` for valid manifests.
fn expected(path: &Path) -> Option<Code> {
    let code = name(path).split('-').next().unwrap();
    (code != "fine").then(|| Code::parse(code).unwrap())
}

fn found(path: &Path) -> (String, Vec<Diagnostic>) {
    let text = fs::read(path).unwrap();
    let file = manifests(path.file_name().unwrap().to_str().unwrap(), &text).unwrap();
    let found = lint(std::slice::from_ref(&file)).remove(0);
    let surroundings =
        Surroundings { written: Some(file.written()), locations: &Locations::default(), world: &NoSources };
    (render(&found, surroundings, Format::Text, false), found)
}

fn reports_are_as_reviewed(path: &Path) {
    let (text, found) = found(path);
    let Some(code) = expected(path) else { return assert!(found.is_empty(), "{text}") };
    assert!(found.iter().any(|diagnostic| diagnostic.code == code), "{code} is not reported:\n{text}");
    insta::with_settings!({
        snapshot_path => "manifests",
        prepend_module_to_snapshot => false,
        omit_expression => true,
    }, {
        insta::assert_snapshot!(name(path), text);
    });
}

fn every_code_of_manifests_has_a_file() {
    let shown: BTreeSet<Code> = files().iter().filter_map(|path| expected(path)).collect();
    let missing: Vec<Code> =
        Code::all().filter(|code| code.as_str().starts_with("KFP09") && !shown.contains(code)).collect();
    assert!(missing.is_empty(), "{missing:?} have no file in tests/manifests");
}

/// Returns a manifest with a task whose `depends` or `when` is the expression.
fn with_expression(field: &str, expression: &str) -> Vec<u8> {
    let head = "apiVersion: argoproj.io/v1alpha1\nkind: Workflow\nmetadata: {generateName: deep-}\n";
    let spec =
        "spec:\n  entrypoint: main\n  templates:\n  - {name: wait, suspend: {}}\n  - name: main\n    dag:\n";
    let tasks = format!(
        "      tasks:\n      - {{name: a, template: wait}}\n      - {{name: b, template: wait, {field}: \"{expression}\"}}\n"
    );
    format!("{head}{spec}{tasks}").into_bytes()
}

fn deeply_nested_expressions_do_not_overflow_the_stack() {
    for (field, open, middle, close) in [
        ("depends", "(", "a", ")"),
        ("depends", "!", "a.Succeeded", ""),
        ("depends", "a && (", "a", ")"),
        ("when", "(", "true", ")"),
        ("when", "{{=(", "true", ")}}"),
        ("when", "!", "true", ""),
    ] {
        let expression = format!("{}{middle}{}", open.repeat(20_000), close.repeat(20_000));
        let files = [manifests("deep.yaml", &with_expression(field, &expression)).unwrap()];
        assert_eq!(lint(&files).len(), 1, "{field} {open}");
    }
}
