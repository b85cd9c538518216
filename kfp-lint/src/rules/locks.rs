//! A lock is not taken again by something that runs while its holder waits for it.

use std::collections::BTreeSet;

use kfp_argo::tag::has_tag;
use kfp_diag::{Diagnostic, codes};
use kfp_model::Place;

use crate::ctx::Ctx;
use crate::view::YamlNode;

/// A lock of a workflow or template.
struct Lock<'a> {
    /// The fields that identify it.
    key: (&'static str, Vec<&'a str>),
    name: &'a str,
    place: Place,
}

pub(super) fn check(ctx: &Ctx<'_, '_>, found: &mut Vec<Diagnostic>) {
    let mut reported = BTreeSet::new();
    let mut held = |holder: &str, locks: &[Lock<'_>], inner: &[Lock<'_>]| {
        for lock in locks {
            for again in inner.iter().filter(|again| again.key == lock.key) {
                if again.place != lock.place && reported.insert(again.place.as_str().to_owned()) {
                    found.push(twice(holder, lock, again));
                }
            }
        }
    };
    let of_workflow = locks(&ctx.manifest.spec);
    if !of_workflow.is_empty() {
        for (template, manifest) in ctx.reached(ctx.roots()) {
            if std::ptr::eq(manifest, ctx.manifest) {
                held("the workflow", &of_workflow, &locks(&template.node));
            }
        }
    }
    for template in ctx.templates().filter(|template| !template.tasks.is_empty()) {
        let own = locks(&template.node);
        if own.is_empty() {
            continue;
        }
        let inner = ctx.reached([(template, ctx.manifest)]);
        for (other, manifest) in inner.into_iter().filter(|(other, _)| !std::ptr::eq(*other, template)) {
            if std::ptr::eq(manifest, ctx.manifest) {
                held(&template.describe(), &own, &locks(&other.node));
            }
        }
    }
}

/// Returns the locks whose names are known before the run.
fn locks<'a>(node: &YamlNode<'a>) -> Vec<Lock<'a>> {
    let Some(synchronization) = node.get("synchronization") else { return Vec::new() };
    let text =
        |node: &YamlNode<'a>, path: &[&str]| node.at(path).and_then(|value| value.text()).unwrap_or_default();
    let mutexes = synchronization.list("mutexes").map(|mutex| {
        let name = text(&mutex, &["name"]);
        let database = if mutex.is_true("database") { "database" } else { "" };
        Lock { key: ("mutex", vec![name, text(&mutex, &["namespace"]), database]), name, place: mutex.place }
    });
    let semaphores = synchronization.list("semaphores").map(|semaphore| {
        let name = text(&semaphore, &["configMapKeyRef", "name"]);
        let paths: [&[&str]; 4] =
            [&["configMapKeyRef", "name"], &["configMapKeyRef", "key"], &["database", "key"], &["namespace"]];
        let parts = paths.map(|path| text(&semaphore, path)).to_vec();
        let name = if name.is_empty() { parts[2] } else { parts[1] };
        Lock { key: ("semaphore", parts), name, place: semaphore.place }
    });
    let is_known = |lock: &Lock<'_>| !lock.name.is_empty() && !lock.key.1.iter().any(|part| has_tag(part));
    mutexes.chain(semaphores).filter(is_known).collect()
}

fn twice(holder: &str, lock: &Lock<'_>, again: &Lock<'_>) -> Diagnostic {
    let (what, name) = (lock.key.0, lock.name);
    let message = format!("the {what} `{name}` is already held by {holder}");
    let diagnostic = if what == "mutex" {
        Diagnostic::error(codes::ARGO_LOCK, &again.place, message).label("waits forever")
    } else {
        Diagnostic::warning(codes::ARGO_LOCK, &again.place, message)
            .label("waits forever if the size of the semaphore is 1")
    };
    diagnostic.also(&lock.place, "held from here on").help("remove one of them, or use another lock")
}
