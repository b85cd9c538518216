//! Retries are limited, and set on the templates that should be retried.

use kfp_diag::{Diagnostic, codes};

use crate::ctx::Ctx;
use crate::view::{TemplateKind, YamlNode};

pub(super) fn check(ctx: &Ctx<'_, '_>, found: &mut Vec<Diagnostic>) {
    let graph = ctx.templates().find(|template| template.kind().is_some_and(TemplateKind::is_graph));
    for path in [&["retryStrategy"][..], &["templateDefaults", "retryStrategy"]] {
        let Some(retry) = ctx.manifest.spec.at(path).filter(retries) else { continue };
        if let Some(graph) = graph {
            let message = format!(
                "the retry strategy also applies to {}, which is then retried as a whole",
                graph.describe()
            );
            found.push(
                Diagnostic::warning(codes::ARGO_RETRY, &retry.place, message)
                    .also(&graph.name_place(), "runs other templates, which are also retried")
                    .help("set `retryStrategy` on the templates that should be retried"),
            );
        }
        one(&retry, found);
    }
    for template in ctx.templates() {
        if let Some(retry) = template.node.get("retryStrategy").filter(retries) {
            one(&retry, found);
        }
    }
}

/// Returns whether there are any retries. The expression `false` is a common way to disable them.
fn retries(retry: &YamlNode<'_>) -> bool {
    retry.text_at("expression").is_none_or(|expression| expression.trim() != "false")
}

fn one(retry: &YamlNode<'_>, found: &mut Vec<Diagnostic>) {
    if !retry.has("limit") {
        let diagnostic =
            Diagnostic::warning(codes::ARGO_RETRY, &retry.place, "missing `limit` in `retryStrategy`")
                .help("add `limit: \"2\"` for at most three attempts");
        found.push(match retry.get("backoff") {
            Some(backoff) => diagnostic.also(&backoff.place, "the backoff is ignored without a limit"),
            None => diagnostic.note("a step that always fails is retried forever"),
        });
    }
}
