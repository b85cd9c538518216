//! Mutants of Argo's examples: every mistake that the judges reject must be rejected by our linter.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use kfp_diag::Severity;
use kfp_diag::source::{Manifests, Tree, manifests};
use serde_json::Value;

use crate::judges::{self, ApiServer};
use crate::mutate::{FATAL, MISTAKES, Random};

/// The number of mutants of each kind per example.
const EACH: usize = 3;
/// The percentage of mutants that our linter must reject among those that only the API server or the run rejects.
const SHARE: usize = 95;

/// A manifest with a mistake.
struct Mutant {
    name: String,
    kind: &'static str,
    documents: Vec<Value>,
    /// The errors that our linter reports.
    refused: Vec<String>,
}

/// For one kind of mutant, the number that each judge rejects, and how many of these our linter rejects. A mutant
/// is counted for the first judge that rejects it.
#[derive(Debug, Default)]
struct Row {
    mutants: usize,
    argo: (usize, usize),
    api_server: (usize, usize),
    run: (usize, usize),
}

#[test]
fn the_linter_rejects_what_the_judges_reject() {
    let Some(examples) = crate::argo_examples() else {
        println!("skipped: KFP_TEST_ARGO_EXAMPLES is not set to a folder with Argo's examples");
        return;
    };
    if !judges::has_argo() {
        println!("skipped: `argo` is not on the PATH");
        return;
    }
    let api_server = match ApiServer::get() {
        Ok(api_server) => api_server,
        Err(reason) => {
            println!("skipped: {reason}");
            return;
        }
    };
    let folder = tempfile::tempdir().unwrap();
    let mutants = mutants(&examples);
    for mutant in &mutants {
        judges::write(folder.path(), &mutant.name, &mutant.documents);
    }
    let names: Vec<String> = mutants.iter().map(|mutant| mutant.name.clone()).collect();
    let by_argo = judges::argo(folder.path(), &names);
    let by_api_server = refused_by(&api_server, &mutants);

    let mut rows: BTreeMap<&str, Row> = BTreeMap::new();
    let mut missed = String::new();
    for mutant in &mutants {
        let row = rows.entry(mutant.kind).or_default();
        row.mutants += 1;
        let is_refused = !mutant.refused.is_empty();
        let (counted, judge) = match (by_argo.get(&mutant.name), by_api_server.get(&mutant.name)) {
            (Some(message), _) => (&mut row.argo, format!("argo: {message}")),
            (None, Some(message)) => (&mut row.api_server, format!("API server: {message}")),
            (None, None) if FATAL.contains(&mutant.kind) => (&mut row.run, "the run".to_owned()),
            (None, None) => continue,
        };
        counted.0 += 1;
        counted.1 += usize::from(is_refused);
        if !is_refused {
            let _ = writeln!(missed, "{} ({}) {judge}", mutant.name, mutant.kind);
        }
    }
    println!("{}", table(&rows));
    println!("{missed}");
    let total = total(&rows);
    let (argo, api_server, run) = (total.argo, total.api_server, total.run);
    assert!(argo.0 > 500 && api_server.0 > 100 && run.0 > 50, "too few mutants: {total:?}");
    assert_eq!(argo.0, argo.1, "mutants that only Argo's linter rejects:\n{missed}");
    assert!(
        (api_server.1 + run.1) * 100 >= (api_server.0 + run.0) * SHARE,
        "too many mutants that only the API server or the run rejects:\n{missed}"
    );
}

/// Returns mutants of the self-contained examples.
fn mutants(examples: &[(String, Result<Manifests, String>)]) -> Vec<Mutant> {
    let mut mutants = Vec::new();
    let mut distinct = BTreeSet::new();
    for (file, example) in examples {
        let Ok(example) = example else { continue };
        let alone = !example.text.contains("emplateRef");
        let found = kfp_lint::lint(std::slice::from_ref(example)).remove(0);
        if !alone || found.iter().any(|diagnostic| diagnostic.severity == Severity::Error) {
            continue;
        }
        let documents: Vec<Value> = example.tree.items().iter().map(Tree::to_json).collect();
        if documents.iter().any(|document| document["apiVersion"] != "argoproj.io/v1alpha1") {
            continue;
        }
        for (kind, mistake) in MISTAKES {
            let mut random = Random::new(&format!("{file} {kind}"));
            for _ in 0..EACH {
                let mut changed = documents.clone();
                let idx = mutants.len() % changed.len();
                if !mistake(&mut changed[idx], &mut random)
                    || !distinct.insert(Value::Array(changed.clone()).to_string())
                {
                    continue;
                }
                let name = format!("{:05}-{}.yaml", mutants.len(), file.replace(['/', '.'], "-"));
                let refused = refused(&name, &changed);
                mutants.push(Mutant { name, kind, documents: changed, refused });
            }
        }
    }
    mutants
}

/// Returns the errors that our linter reports for the documents.
fn refused(name: &str, documents: &[Value]) -> Vec<String> {
    let text: Vec<String> = documents.iter().map(Value::to_string).collect();
    let text = if text.len() == 1 { text[0].clone() } else { format!("---\n{}", text.join("\n---\n")) };
    match manifests(name, text.as_bytes()) {
        Ok(file) => crate::refusals(&kfp_lint::lint(&[file]).remove(0)),
        Err(rejected) => rejected.diagnostics.iter().map(crate::line).collect(),
    }
}

/// Returns the first message of the API server for each mutant that it rejects.
fn refused_by(api_server: &ApiServer, mutants: &[Mutant]) -> BTreeMap<String, String> {
    let documents: Vec<Value> = mutants.iter().flat_map(|mutant| mutant.documents.clone()).collect();
    let mut answers = api_server.validate(&documents).into_iter();
    let mut refused = BTreeMap::new();
    for mutant in mutants {
        for answer in answers.by_ref().take(mutant.documents.len()) {
            if let Some(first) = answer.into_iter().next() {
                refused.entry(mutant.name.clone()).or_insert(first);
            }
        }
    }
    refused
}

fn total(rows: &BTreeMap<&str, Row>) -> Row {
    let mut total = Row::default();
    for row in rows.values() {
        total.mutants += row.mutants;
        for (sum, part) in
            [(&mut total.argo, row.argo), (&mut total.api_server, row.api_server), (&mut total.run, row.run)]
        {
            *sum = (sum.0 + part.0, sum.1 + part.1);
        }
    }
    total
}

/// Returns the table of `RESULTS.md`.
fn table(rows: &BTreeMap<&str, Row>) -> String {
    let mut text =
        "| mistake | mutants | `argo lint` | only the API server | only the run |\n|---|---|---|---|---|\n"
            .to_owned();
    let all = total(rows);
    for (kind, row) in rows.iter().map(|(kind, row)| (*kind, row)).chain([("all", &all)]) {
        let _ = write!(text, "| {kind} | {} |", row.mutants);
        for (judged, here) in [row.argo, row.api_server, row.run] {
            let _ = if judged == 0 { write!(text, " |") } else { write!(text, " {here} of {judged} |") };
        }
        text.push('\n');
    }
    text
}
