//! The root region yields the outputs that the pipeline declares.

use kfp_diag::{Diagnostic, codes};
use kfp_model::{Type, ValueMismatch};

use crate::check::ctx::Ctx;
use crate::check::mismatch::{Actual, mismatches};

use super::phrases::{article, option_help, part, shown};

pub(super) fn check(ctx: &Ctx<'_>, found: &mut Vec<Diagnostic>) {
    let pipeline = ctx.pipeline;
    let (declared, yielded) = (ctx.place.key("outputs"), ctx.place.key("root").key("yields"));
    for (name, output) in &pipeline.outputs {
        let place = declared.key(name);
        let Some(value) = pipeline.root.yields.get(name) else {
            let message =
                format!("pipeline `{}` declares the output `{name}`, but does not yield it", pipeline.name);
            found.push(Diagnostic::error(codes::PIPELINE_OUTPUTS, &place, message).label("declared here"));
            continue;
        };
        for mismatch in mismatches(ctx.inference(), &output.r#type, value, &yielded.key(name)) {
            let (mut help, mut note) = (None, None);
            let actual = match &mismatch.actual {
                Actual::Type(actual) if *actual.present() == Type::Secret => continue,
                Actual::Type(actual) => {
                    help = (actual.is_option() && output.r#type.accepts(actual.present()))
                        .then(|| option_help(actual));
                    format!("{} `{actual}`", article(actual))
                }
                Actual::Constant(value) => {
                    note = mismatch.expected.mismatch(value).and_then(|mismatch| item(name, &mismatch));
                    shown(value)
                }
                Actual::MissingField(field) => format!("a struct without `{field}`"),
                Actual::UnknownField(field) => format!("a struct with `{field}`"),
            };
            let expected = &mismatch.expected;
            let message = format!(
                "output `{name}` of pipeline `{}` expects {} `{expected}`, found {actual}",
                pipeline.name,
                article(expected)
            );
            let mut diagnostic = Diagnostic::error(codes::YIELD_TYPE, &mismatch.place, message)
                .also(&place, format!("declared `{}` here", output.r#type));
            diagnostic.notes.extend(note);
            diagnostic.help.extend(help);
            found.push(diagnostic);
        }
    }
    for name in pipeline.root.yields.keys().filter(|name| !pipeline.outputs.contains_key(*name)) {
        let message = format!("pipeline `{}` yields `{name}`, but does not declare it", pipeline.name);
        found.push(
            Diagnostic::error(codes::PIPELINE_OUTPUTS, &yielded.key(name), message).label("yielded here"),
        );
    }
}

/// Describes the part of a constant that does not have its type.
fn item(name: &str, ValueMismatch { path, expected, found }: &ValueMismatch<'_>) -> Option<String> {
    let part = part(name, path);
    (!path.is_empty())
        .then(|| format!("expected {} `{expected}`{part}, found {}", article(expected), shown(found)))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::check::testing::{check_with, load, output};

    #[test]
    fn outputs_are_yielded() {
        let yields = json!({"rows": output("load", "note"), "extra": output("load", "rows")});
        check_with(
            &[
                ("tasks", json!([load()])),
                ("/pipelines/0/outputs", json!({"rows": {"type": "integer"}, "table": {"type": "string"}})),
                ("/pipelines/0/root/yields", yields),
            ],
            &[
                "KFP0411 /pipelines/0/outputs/table: pipeline `demo` declares the output `table`, but does not \
                 yield it",
                "KFP0411 /pipelines/0/root/yields/extra: pipeline `demo` yields `extra`, but does not declare it",
                "KFP0412 /pipelines/0/root/yields/rows: output `rows` of pipeline `demo` expects an `i64`, found an \
                 `Option<String>`",
            ],
        );
    }
}
