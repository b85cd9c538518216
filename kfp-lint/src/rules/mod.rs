//! The semantic rules: one rule, or a few related ones, in each file.

mod absent;
mod arguments;

mod calls;
mod conditions;
mod containers;
mod dag;
mod entrypoint;
mod exit;
mod expressions;
mod fan_in;

mod hook_limits;
mod hooks;
mod identity;
mod ignored_failures;
mod kinds;
mod locks;
mod loops;
mod memoize;
mod names;
mod never;
mod outputs;
mod pods;
mod recursion;
mod resources;
mod retry;
mod strip_tags;
mod tags;
mod targets;
mod values;
mod volumes;
mod workflow_parameters;

use kfp_diag::Diagnostic;

use crate::ctx::Ctx;
use crate::view::{Callers, Project};

type Rule = fn(&Ctx<'_, '_>, &mut Vec<Diagnostic>);

const RULES: [Rule; 29] = [
    absent::check,
    arguments::check,
    calls::check,
    containers::check,
    dag::check,
    entrypoint::check,
    exit::check,
    expressions::check,
    fan_in::check,
    hook_limits::check,
    hooks::check,
    identity::check,
    ignored_failures::check,
    kinds::check,
    locks::check,
    loops::check,
    memoize::check,
    names::check,
    never::check,
    outputs::check,
    pods::check,
    recursion::check,
    resources::check,
    retry::check,
    tags::check,
    targets::check,
    values::check,
    volumes::check,
    workflow_parameters::check,
];

/// Returns the problems of all manifests, each with the index of its file.
pub(crate) fn check(project: &Project<'_>) -> Vec<(usize, Diagnostic)> {
    let mut all = Vec::new();
    let callers = Callers::in_project(project);
    for manifest in &project.manifests {
        let ctx = Ctx::of(project, &callers, manifest);
        let mut found = Vec::new();
        for rule in RULES {
            rule(&ctx, &mut found);
        }
        all.extend(found.into_iter().map(|diagnostic| (manifest.file, diagnostic)));
    }
    all
}
