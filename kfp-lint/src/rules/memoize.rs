//! A cache has a key that Argo takes, a place and an age, and is not on what retries.

use kfp_argo::tag::has_tag;
use kfp_diag::{Diagnostic, codes};

use super::words::without_tags;
use crate::ctx::Ctx;
use crate::view::{Spot, Template};

pub(super) fn check(ctx: &Ctx<'_, '_>, found: &mut Vec<Diagnostic>) {
    let retries = ctx.manifest.spec.get("retryStrategy");
    let default_retries = ctx.manifest.spec.at(&["templateDefaults", "retryStrategy"]);
    for template in ctx.templates() {
        let Some(memoize) = template.spot.get("memoize") else { continue };
        found.extend(key(&memoize));
        found.extend(no_cache(&memoize));
        found.extend(no_age(&memoize));
        let retry = template.spot.get("retryStrategy").or(default_retries.clone()).or(retries.clone());
        found.extend(retry.map(|retry| with_retry(template, &memoize, &retry)));
    }
}

fn key(memoize: &Spot<'_>) -> Option<Diagnostic> {
    let place = memoize.place_of("key");
    let Some(key) = memoize.text_at("key") else {
        return Some(
            Diagnostic::error(codes::ARGO_MEMOIZE, &place, "the cache has no key")
                .help("write a `key` that names everything that the outcome depends on"),
        );
    };
    let plain = without_tags(key, "x");
    let is_letter = |c: char| c.is_ascii_alphanumeric() || c == '-';
    if plain.chars().all(is_letter) && plain.starts_with(|c: char| c.is_ascii_alphanumeric()) {
        return None;
    }
    let message = format!("`{key}` is no key of a cache");
    Some(
        Diagnostic::error(codes::ARGO_MEMOIZE, &place, message)
            .note("a key is of letters, digits and `-`, and starts with a letter or a digit")
            .help(if has_tag(key) {
                "take a digest of it all: `{{=sprig.sha256sum(…)}}`"
            } else {
                "write `-` for every other letter"
            }),
    )
}

fn no_cache(memoize: &Spot<'_>) -> Option<Diagnostic> {
    let name = memoize.at(&["cache", "configMap"]).and_then(|map| map.text_at("name"));
    name.is_none().then(|| {
        Diagnostic::error(codes::ARGO_MEMOIZE, &memoize.place_of("cache"), "the cache has no config map")
            .note("without one the workflow ends as an error")
            .help("write `cache: {configMap: {name: …}}`")
    })
}

fn no_age(memoize: &Spot<'_>) -> Option<Diagnostic> {
    (!memoize.has("maxAge")).then(|| {
        Diagnostic::error(codes::ARGO_MEMOIZE, &memoize.place_of("maxAge"), "the cache has no `maxAge`")
            .note("the API server refuses the workflow")
            .help("write `maxAge: 24h`, or `maxAge: \"\"` for results that never grow old")
    })
}

fn with_retry(template: &Template<'_>, memoize: &Spot<'_>, retry: &Spot<'_>) -> Diagnostic {
    let message = format!("{} both retries and takes results from a cache", template.named());
    Diagnostic::error(codes::ARGO_MEMOIZE, &memoize.place, message)
        .label("a hit makes the run stay running for ever")
        .also(&retry.place, "the retry is here")
        .help("put `memoize` on a DAG with one task that runs this template")
}
