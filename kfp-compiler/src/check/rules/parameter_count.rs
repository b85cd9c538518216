//! The number of parameters of a pipeline is within the limit of a workflow.

use kfp_diag::{Diagnostic, codes};

use crate::check::ctx::Ctx;
use crate::check::limits::{Limit, PARAMETERS};

pub(super) fn check(ctx: &Ctx<'_>, found: &mut Vec<Diagnostic>) {
    let Limit { most, reason } = PARAMETERS;
    let count = ctx.pipeline.inputs.len();
    if count > most {
        let message = format!("pipeline `{}` has {count} parameters", ctx.pipeline.name);
        let diagnostic = Diagnostic::error(codes::TOO_MANY_PARAMETERS, &ctx.place.key("inputs"), message);
        let diagnostic = diagnostic.label(format!("at most {most} are allowed")).note(reason);
        found.push(diagnostic.help("group related parameters into a struct"));
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::check::testing::{check_with, load};

    #[test]
    fn at_most_500_parameters_are_allowed() {
        let inputs = |count: usize| -> Value {
            let extra = (1..count).map(|idx| (format!("p{idx}"), json!({"type": "string"})));
            extra.chain([("path".to_owned(), json!({"type": "string"}))]).collect()
        };
        check_with(&[("tasks", json!([load()])), ("/pipelines/0/inputs", inputs(500))], &[]);
        check_with(
            &[("tasks", json!([load()])), ("/pipelines/0/inputs", inputs(501))],
            &["KFP0507 /pipelines/0/inputs: pipeline `demo` has 501 parameters"],
        );
    }
}
