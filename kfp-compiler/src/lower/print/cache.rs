//! Prints caches as memoization.

use kfp_argo::expression::Expression;
use kfp_argo::text::Text;
use kfp_argo::{Memoize, MemoizeCache, NameReference};
use kfp_model::{Cache, Type};

use crate::dag_names;
use crate::digest::step_digest;
use crate::lower::analyse::steps::Step;
use crate::lower::analyse::steps::{CACHE, DIGEST};
use crate::lower::plan::terms;
use crate::lower::print::parameters::CACHE_EPOCH;

/// Returns the memoization of a step, if it is cached.
pub(in crate::lower) fn memoize(step: &Step<'_>, image: &str) -> Option<Memoize> {
    let Some(Cache::For { max_age, key, .. }) = &step.policy.cache else { return None };
    let (digest, name) = if step.is_shared {
        (terms::input(DIGEST), terms::input_tag(CACHE))
    } else {
        let digest = step_digest(step.component, Some(image), &step.policy.environment);
        (digest.into(), dag_names::kebab(&step.component.name).into())
    };
    let parts = terms::to_json(Expression::list(parts(step, digest, key.as_deref())));
    let hash = Expression::library_call("sprig", "sha256sum", [parts]);
    let start = hash.clone().slice(None, Some(2.into()));
    Some(Memoize {
        key: hash.into(),
        max_age: max_age.to_string(),
        cache: MemoizeCache {
            config_map: NameReference { name: Text::literal("kfp-cache-").and(name).and("-").and(start) },
        },
    })
}

/// Returns the parts of the cache key.
fn parts(step: &Step<'_>, digest: Expression, key: Option<&str>) -> Vec<Expression> {
    let mut parts = vec![
        digest,
        Expression::path("workflow", ["namespace"]),
        Expression::path("workflow", ["parameters"]).index(CACHE_EPOCH.into()),
        key.map_or_else(Expression::nil, Expression::text),
    ];
    let mut inputs: Vec<(&String, &Type)> =
        step.component.inputs.iter().map(|(name, input)| (name, &input.r#type)).collect();
    inputs.sort_unstable_by_key(|(name, _)| *name);
    parts.extend(inputs.into_iter().map(|(name, r#type)| {
        let text = terms::input(name);
        match r#type.artifact() {
            Some(_) => identity(r#type, &terms::from_json(text)),
            None => text,
        }
    }));
    parts
}

/// Returns the expression that identifies an artifact, or a list of artifacts: the digest, or else the key.
fn identity(r#type: &Type, artifact: &Expression) -> Expression {
    match r#type {
        Type::Option(inner) if matches!(**inner, Type::List(_)) => {
            let is_absent = artifact.clone().equal(Expression::nil());
            is_absent.then_else(Expression::nil(), identity(inner, artifact))
        }
        Type::Option(inner) => identity(inner, artifact),
        Type::List(item) => Expression::call("map", [artifact.clone(), identity(item, &Expression::item())]),
        _ => artifact.clone().optional_field("digest").or_if_nil(artifact.clone().optional_field("key")),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn artifacts_are_identified_by_their_digests() {
        let model = json!({"artifact": {"name": "system.Model", "version": "0.0.1"}});
        for (r#type, expect) in [
            (model.clone(), "x?.digest ?? x?.key"),
            (json!({"option": model}), "x?.digest ?? x?.key"),
            (json!({"list": {"option": model}}), "map(x, #?.digest ?? #?.key)"),
            (json!({"list": {"list": model}}), "map(x, map(#, #?.digest ?? #?.key))"),
            (json!({"option": {"list": model}}), "x == nil ? nil : map(x, #?.digest ?? #?.key)"),
        ] {
            let r#type: Type = serde_json::from_value(r#type).unwrap();
            assert_eq!(identity(&r#type, &Expression::name("x")).to_string(), expect);
        }
    }
}
