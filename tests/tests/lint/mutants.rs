//! Manifests with a mistake in them, made from Argo's examples: what others refuse is refused here.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use kfp_compiler::diag::Severity;
use kfp_compiler::read::{Manifests, Node, Tree, manifests};
use serde_json::{Map, Value};

use crate::judges::{self, ApiServer};
use crate::mutate::{MISTAKES, Random};

/// Mutants of each kind that are made from one example.
const EACH: usize = 3;
/// Of the mutants that only the API server refuses, so many of a hundred are refused here.
const SHARE: usize = 95;

/// A manifest with a mistake.
struct Mutant {
    name: String,
    kind: &'static str,
    documents: Vec<Value>,
    /// What the linter refuses in it.
    refused: Vec<String>,
}

/// Mutants of one kind, counted: those that a judge refuses, and those of them that are refused here.
#[derive(Default)]
struct Row {
    mutants: usize,
    argo: (usize, usize),
    api_server: (usize, usize),
}

#[test]
fn what_others_refuse_is_refused_here() {
    let Some(examples) = crate::argo_examples() else {
        println!("skipped: KFP_TEST_ARGO_EXAMPLES names no folder with the examples of Argo");
        return;
    };
    if !judges::has_argo() {
        println!("skipped: there is no `argo` on the path");
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
            (Some(said), _) => (&mut row.argo, format!("argo: {said}")),
            (None, Some(said)) => (&mut row.api_server, format!("API server: {said}")),
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
    let sum = |part: fn(&Row) -> (usize, usize)| {
        rows.values().map(part).fold((0, 0), |acc, row| (acc.0 + row.0, acc.1 + row.1))
    };
    let (argo, api_server) = (sum(|row| row.argo), sum(|row| row.api_server));
    assert!(argo.0 > 500 && api_server.0 > 100, "there are hardly any mutants: {argo:?} {api_server:?}");
    assert!(
        api_server.1 * 100 >= api_server.0 * SHARE,
        "too little of what the API server refuses:\n{missed}"
    );
}

/// Mutants of those examples that stand alone.
fn mutants(examples: &[(String, Result<Manifests, String>)]) -> Vec<Mutant> {
    let mut mutants = Vec::new();
    let mut seen = BTreeSet::new();
    for (file, example) in examples {
        let Ok(example) = example else { continue };
        let alone = !example.text.contains("emplateRef");
        let found = kfp_lint::lint(std::slice::from_ref(example)).remove(0);
        if !alone || found.iter().any(|diagnostic| diagnostic.severity == Severity::Error) {
            continue;
        }
        let documents: Vec<Value> = example.tree.items().iter().map(json).collect();
        if documents.iter().any(|document| document["apiVersion"] != "argoproj.io/v1alpha1") {
            continue;
        }
        for (kind, mistake) in MISTAKES {
            let mut random = Random::new(&format!("{file} {kind}"));
            for _ in 0..EACH {
                let mut changed = documents.clone();
                let idx = mutants.len() % changed.len();
                if !mistake(&mut changed[idx], &mut random)
                    || !seen.insert(Value::Array(changed.clone()).to_string())
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

/// What the linter refuses in the documents.
fn refused(name: &str, documents: &[Value]) -> Vec<String> {
    let text: Vec<String> = documents.iter().map(Value::to_string).collect();
    let text = if text.len() == 1 { text[0].clone() } else { format!("---\n{}", text.join("\n---\n")) };
    match manifests(name, text.as_bytes()) {
        Ok(file) => crate::refusals(&kfp_lint::lint(&[file]).remove(0)),
        Err(rejected) => rejected.diagnostics.iter().map(crate::line).collect(),
    }
}

/// What the API server says first to each mutant that it refuses.
fn refused_by(api_server: &ApiServer, mutants: &[Mutant]) -> BTreeMap<String, String> {
    let documents: Vec<Value> = mutants.iter().flat_map(|mutant| mutant.documents.clone()).collect();
    let mut answers = api_server.ask(&documents).into_iter();
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

fn table(rows: &BTreeMap<&str, Row>) -> String {
    let mut text = "| mistake | mutants | `argo lint` refuses | of these, refused here | only the API server refuses | of these, refused here |\n|---|---|---|---|---|---|\n".to_owned();
    let mut total = Row::default();
    for (kind, row) in rows {
        let _ = writeln!(
            text,
            "| {kind} | {} | {} | {} | {} | {} |",
            row.mutants, row.argo.0, row.argo.1, row.api_server.0, row.api_server.1
        );
        total.mutants += row.mutants;
        total.argo = (total.argo.0 + row.argo.0, total.argo.1 + row.argo.1);
        total.api_server = (total.api_server.0 + row.api_server.0, total.api_server.1 + row.api_server.1);
    }
    let _ = writeln!(
        text,
        "| all | {} | {} | {} | {} | {} |",
        total.mutants, total.argo.0, total.argo.1, total.api_server.0, total.api_server.1
    );
    text
}

fn json(tree: &Tree) -> Value {
    match &tree.node {
        Node::Null => Value::Null,
        Node::Bool(truth) => Value::Bool(*truth),
        Node::Number(number) => Value::Number(number.clone()),
        Node::Text(text) => Value::String(text.clone()),
        Node::List(items) => items.iter().map(json).collect(),
        Node::Map(entries) => {
            entries.iter().map(|entry| (entry.key.clone(), json(&entry.value))).collect::<Map<_, _>>().into()
        }
    }
}
