//! Reuse of results becomes memoization.

use kfp_model::Cache;

use super::expression::quote;
use super::leaves::Leaf;
use super::shared_leaves::{CACHE, DIGEST};
use super::workflow::CACHE_EPOCH;
use crate::argo::{
    Arguments, DagTask, Inputs, Memoize, MemoizeCache, NameReference, Parameter, Template, ValueFrom,
};
use crate::digest::component_digest;

/// How the results of a leaf are reused, where they are.
pub(super) fn memoize(leaf: &Leaf<'_>, image: &str) -> Option<Memoize> {
    let Some(Cache::For { max_age, key, .. }) = &leaf.policy.cache else { return None };
    let (digest, name) = if leaf.is_shared {
        (format!("inputs.parameters['{DIGEST}']"), format!("{{{{inputs.parameters.{CACHE}}}}}"))
    } else {
        let digest = component_digest(leaf.component, Some(image));
        (quote(&digest), super::names::kebab(&leaf.component.name))
    };
    let hash = format!("sprig.sha256sum(toJson([{}]))", parts(leaf, digest, key.as_deref()).join(", "));
    Some(Memoize {
        key: format!("{{{{={hash}}}}}"),
        max_age: max_age.to_string(),
        cache: MemoizeCache {
            config_map: NameReference { name: format!("kfp-cache-{name}-{{{{={hash}[:2]}}}}") },
        },
    })
}

/// Whether its results are reused.
pub(super) fn is_reused(leaf: &Leaf<'_>) -> bool {
    matches!(leaf.policy.cache, Some(Cache::For { .. }))
}

/// Everything that must be the same for a result to be reused.
fn parts(leaf: &Leaf<'_>, digest: String, key: Option<&str>) -> Vec<String> {
    let mut parts = vec![
        digest,
        "workflow.namespace".to_owned(),
        format!("workflow.parameters['{CACHE_EPOCH}']"),
        key.map_or_else(|| "nil".to_owned(), quote),
    ];
    let mut names: Vec<&String> = leaf.component.inputs.keys().collect();
    names.sort_unstable();
    parts.extend(names.into_iter().map(|name| format!("inputs.parameters['{name}']")));
    parts
}

/// The DAG of one task that is memoized in place of a leaf that retries.
///
/// Global names move to it, as on a hit the leaf does not run.
pub(super) fn wrapper(leaf: &Leaf<'_>, template: &mut Template, memoize: Memoize) -> Template {
    let names = || leaf.parameters().into_iter();
    let argument = |name: &str| Parameter::with_value(name, format!("{{{{inputs.parameters.{name}}}}}"));
    let task = DagTask {
        name: leaf.name.clone(),
        template: leaf.name.clone(),
        arguments: Arguments { parameters: names().map(argument).collect() },
        ..DagTask::default()
    };
    let inputs = Inputs { parameters: names().map(Parameter::declared).collect(), artifacts: Vec::new() };
    let mut wrapper = super::region::dag(leaf.entry.clone(), inputs, vec![task]);
    wrapper.memoize = Some(memoize);
    for output in &mut template.outputs.parameters {
        let tag = format!("{{{{tasks.{}.outputs.parameters.{}}}}}", leaf.name, output.name);
        wrapper.outputs.parameters.push(Parameter {
            global_name: output.global_name.take(),
            ..Parameter::from_source(&output.name, ValueFrom::parameter(tag))
        });
    }
    wrapper
}
