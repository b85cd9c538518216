//! Differences between Argo manifests.

use std::collections::BTreeSet;

use indexmap::IndexMap;
use kfp_diag::source::{Manifests, Tree};
use serde_json::{Map, Value, json};

use super::fact::{Facts, Subjects};
use super::flatten::flatten;
use super::{Difference, Effect, Subject, Verdict, compare};

/// Compares two files of manifests: settings, parameters, templates and tasks of workflows, regardless of their order.
///
/// The effects on cached results only take the manifests into account: a memoized template runs again if the expression
/// of its key has changed. The first documents are compared with each other regardless of their names.
///
/// ```
/// use kfp_compiler::diff::diff_manifests;
/// use kfp_diag::source::manifests;
/// let text = "kind: Workflow\nmetadata: {generateName: a-}\nspec: {entrypoint: main}\n";
/// let before = manifests("a.yaml", text.as_bytes()).unwrap();
/// let after = manifests("b.yaml", text.replace("main", "other").as_bytes()).unwrap();
/// let change = &diff_manifests(&before, &after).changes[0];
/// assert_eq!(change.facts[0].fact, "spec.entrypoint");
/// ```
pub fn diff_manifests(before: &Manifests, after: &Manifests) -> Difference {
    let (before, after) = (documents(before), documents(after));
    let effects = effects(&before, &after);
    let subjects = |documents: &[(String, Value)]| {
        documents.iter().map(|(name, value)| (name.clone(), subjects(value))).collect()
    };
    Difference { changes: compare::compare(subjects(&before), subjects(&after)), effects }
}

/// Returns the documents, each with its kind and name.
fn documents(file: &Manifests) -> Vec<(String, Value)> {
    let text = |tree: &Tree, key: &str| tree.get(key).and_then(|entry| entry.value.text()).map(str::to_owned);
    let name = |tree: &Tree| {
        let metadata = tree.get("metadata").map(|entry| &entry.value);
        metadata.and_then(|metadata| text(metadata, "name").or_else(|| text(metadata, "generateName")))
    };
    let named = |tree: &Tree| {
        let kind = text(tree, "kind").unwrap_or_else(|| "document".to_owned());
        format!("{kind} {}", name(tree).unwrap_or_default()).trim_end().to_owned()
    };
    file.tree.items().iter().map(|tree| (named(tree), tree.to_json())).collect()
}

/// Returns the specification of a workflow or of the workflow in a cron workflow.
fn specification(document: &Value) -> &Value {
    let spec = &document["spec"];
    spec.get("workflowSpec").unwrap_or(spec)
}

fn subjects(document: &Value) -> Subjects {
    let spec = specification(document);
    let mut subjects = Subjects::from([(Subject::Whole, whole(document))]);
    for parameter in list(&spec["arguments"]["parameters"]) {
        subjects.insert(Subject::Parameter(name(parameter)), without(parameter, &["name"]));
    }
    for template in list(&spec["templates"]) {
        let name = name(template);
        subjects.insert(Subject::Template(name.clone()), without(template, &["name", "steps", "dag"]));
        let dag = without(&json!({"dag": template["dag"]}), &[]);
        let dag: Facts =
            dag.into_iter().filter(|(path, _)| !path.starts_with("dag.tasks") && path != "dag").collect();
        if let Some(facts) = subjects.get_mut(&Subject::Template(name.clone())) {
            facts.extend(dag);
        }
        for task in list(&template["dag"]["tasks"]) {
            subjects.insert(Subject::Task(format!("{name}/{}", self::name(task))), without(task, &["name"]));
        }
        for (idx, group) in list(&template["steps"]).iter().enumerate() {
            for step in list(group) {
                let mut facts = without(step, &["name"]);
                facts.extend(flatten(&json!({"group": idx})));
                subjects.insert(Subject::Task(format!("{name}/{}", self::name(step))), facts);
            }
        }
    }
    subjects
}

/// Returns the facts of everything but parameters, templates and tasks.
fn whole(document: &Value) -> Facts {
    let mut document = document.clone();
    for pointer in ["/spec", "/spec/workflowSpec"] {
        if let Some(Value::Object(spec)) = document.pointer_mut(pointer) {
            spec.remove("templates");
            if let Some(Value::Object(arguments)) = spec.get_mut("arguments") {
                arguments.remove("parameters");
            }
        }
    }
    without(&document, &["status"])
}

fn without(value: &Value, keys: &[&str]) -> Facts {
    let members: Map<String, Value> = value.as_object().cloned().unwrap_or_default();
    let kept = members.into_iter().filter(|(key, _)| !keys.contains(&key.as_str()));
    flatten(&Value::Object(kept.collect()))
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn name(value: &Value) -> String {
    value["name"].as_str().unwrap_or_default().to_owned()
}

fn effects(before: &[(String, Value)], after: &[(String, Value)]) -> Vec<Effect> {
    let old: IndexMap<String, &Value> = memoized(before);
    let is_step =
        |template: &Value| !["dag", "steps", "suspend"].iter().any(|kind| template.get(kind).is_some());
    let mut reached = BTreeSet::new();
    let mut effects = Vec::new();
    for template in after.iter().flat_map(|(_, document)| list(&specification(document)["templates"])) {
        let name = name(template);
        let (verdict, because) = match (template.get("memoize"), old.get(&name)) {
            (None, _) if is_step(template) => (Verdict::AlwaysRuns, "its results are not cached"),
            (None, _) => continue,
            (Some(_), None) => (Verdict::RunsAgain, "its results were not cached before"),
            (Some(memoize), Some(old))
                if memoize["key"] != old["key"] || memoize["cache"] != old["cache"] =>
            {
                (Verdict::RunsAgain, "its cache key has changed")
            }
            (Some(_), Some(_)) => (Verdict::MayRunAgain, "its cache key depends on its inputs"),
        };
        if template.get("memoize").is_some() {
            reached
                .extend(list(&template["dag"]["tasks"]).iter().filter_map(|task| task["template"].as_str()));
        }
        effects.push(Effect { step: name, verdict, because: because.to_owned() });
    }
    // The effect on a memoized template includes the templates that it calls.
    effects.retain(|effect| effect.verdict != Verdict::AlwaysRuns || !reached.contains(effect.step.as_str()));
    effects
}

fn memoized(documents: &[(String, Value)]) -> IndexMap<String, &Value> {
    let templates = documents.iter().flat_map(|(_, document)| list(&specification(document)["templates"]));
    templates.filter_map(|template| Some((name(template), template.get("memoize")?))).collect()
}
