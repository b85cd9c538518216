//! A retry has an end, and is on what is to be retried.

use kfp_diag::{Diagnostic, codes};

use crate::ctx::Ctx;
use crate::view::{Spot, TemplateKind};

pub(super) fn check(ctx: &Ctx<'_, '_>, found: &mut Vec<Diagnostic>) {
    let graph = ctx.templates().find(|template| template.kind().is_some_and(TemplateKind::is_graph));
    for path in [&["retryStrategy"][..], &["templateDefaults", "retryStrategy"]] {
        let Some(retry) = ctx.manifest.spec.at(path) else { continue };
        if let Some(graph) = graph {
            let message =
                format!("the retry holds for {} too, which then runs again as a whole", graph.named());
            found.push(
                Diagnostic::warning(codes::ARGO_RETRY, &retry.place, message)
                    .also(&graph.names(), "it runs other templates, which are retried themselves")
                    .help("set `retryStrategy` on the templates that are to be retried"),
            );
        }
        one(&retry, found);
    }
    for template in ctx.templates() {
        if let Some(retry) = template.spot.get("retryStrategy") {
            one(&retry, found);
        }
    }
}

fn one(retry: &Spot<'_>, found: &mut Vec<Diagnostic>) {
    if !retry.has("limit") {
        let diagnostic = Diagnostic::warning(codes::ARGO_RETRY, &retry.place, "the retry has no limit")
            .help("write `limit: \"2\"` for three attempts at most");
        found.push(match retry.get("backoff") {
            Some(backoff) => diagnostic.also(&backoff.place, "without a limit there are no pauses"),
            None => diagnostic.note("a step that always fails is tried for ever"),
        });
    }
}
