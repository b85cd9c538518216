//! Memoization has a valid key, a config map and a maximum age, and is not combined with retries.

use kfp_argo::tag::has_tag;
use kfp_diag::{Diagnostic, codes};

use super::strip_tags::without_tags;
use crate::ctx::Ctx;
use crate::view::{Template, YamlNode};

pub(super) fn check(ctx: &Ctx<'_, '_>, found: &mut Vec<Diagnostic>) {
    let retries = ctx.manifest.spec.get("retryStrategy");
    let default_retries = ctx.manifest.spec.at(&["templateDefaults", "retryStrategy"]);
    for template in ctx.templates() {
        let Some(memoize) = template.node.get("memoize") else { continue };
        found.extend(key(&memoize));
        found.extend(no_cache(&memoize));
        found.extend(no_age(&memoize));
        let retry = template.node.get("retryStrategy").or(default_retries.clone()).or(retries.clone());
        found.extend(retry.map(|retry| with_retry(template, &memoize, &retry)));
    }
}

fn key(memoize: &YamlNode<'_>) -> Option<Diagnostic> {
    let place = memoize.place_of("key");
    let Some(key) = memoize.text_at("key") else {
        return Some(
            Diagnostic::error(codes::ARGO_MEMOIZE, &place, "missing `key` in `memoize`")
                .help("add a `key` that contains everything that the result depends on"),
        );
    };
    let plain = without_tags(key, "x");
    let is_letter = |c: char| c.is_ascii_alphanumeric() || c == '-';
    if plain.chars().all(is_letter) && plain.starts_with(|c: char| c.is_ascii_alphanumeric()) {
        return None;
    }
    let message = format!("invalid cache key `{key}`");
    Some(
        Diagnostic::error(codes::ARGO_MEMOIZE, &place, message)
            .note("a key consists of letters, digits and `-`, and starts with a letter or digit")
            .help(if has_tag(key) {
                "use a digest of the inputs: `{{=sprig.sha256sum(…)}}`"
            } else {
                "replace every other character with `-`"
            }),
    )
}

fn no_cache(memoize: &YamlNode<'_>) -> Option<Diagnostic> {
    let name = memoize.at(&["cache", "configMap"]).and_then(|map| map.text_at("name"));
    name.is_none().then(|| {
        Diagnostic::error(
            codes::ARGO_MEMOIZE,
            &memoize.place_of("cache"),
            "missing `cache.configMap` in `memoize`",
        )
        .note("without a config map, the run ends with an error")
        .help("add `cache: {configMap: {name: …}}`")
    })
}

fn no_age(memoize: &YamlNode<'_>) -> Option<Diagnostic> {
    (!memoize.has("maxAge")).then(|| {
        Diagnostic::error(codes::ARGO_MEMOIZE, &memoize.place_of("maxAge"), "missing `maxAge` in `memoize`")
            .note("the API server rejects the workflow")
            .help("add `maxAge: 24h`, or `maxAge: \"\"` for results that never expire")
    })
}

fn with_retry(template: &Template<'_>, memoize: &YamlNode<'_>, retry: &YamlNode<'_>) -> Diagnostic {
    let message = format!("{} combines `memoize` with a retry strategy", template.describe());
    Diagnostic::error(codes::ARGO_MEMOIZE, &memoize.place, message)
        .label("a cache hit makes the run hang")
        .also(&retry.place, "the retry strategy is here")
        .help("move `memoize` to a DAG with one task that runs this template")
}
