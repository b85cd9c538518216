//! Parameters that receive an input artifact are not annotated as outputs, and the other way around.

use kfp_diag::{Diagnostic, codes};
use kfp_model::{Component, Type};

use super::facts::{Facts, Name};
use super::sources::{Code, Source};

pub(super) fn check(source: &Source<'_>, facts: &Facts, found: &mut Vec<Diagnostic>) {
    let (Code::Function { name: function, .. }, Some(step)) = (&source.code, &facts.step) else { return };
    for parameter in &step.parameters {
        let Some(Name { position, name: annotated }) = &parameter.role else { continue };
        let Some(is_output) = is_output(source.component, &parameter.name) else { continue };
        if is_output == annotated.starts_with("Output") {
            continue;
        }
        let (expected, kind) = if is_output {
            (annotated.replace("Input", "Output"), "output")
        } else {
            (annotated.replace("Output", "Input"), "input")
        };
        let message = format!(
            "parameter `{}` of `{function}` in `{}` is annotated `{annotated}`, but is an {kind} of `{}`",
            parameter.name, source.file, source.component.name
        );
        found.push(
            source
                .error(codes::PYTHON_PARAMETERS, position, message)
                .label(format!("expected `{expected}`"))
                .replace(format!("use `{expected}`, or correct the component"), annotated, &expected),
        );
    }
}

/// Returns whether the artifact is an output; `None` if it is not an artifact of the component.
fn is_output(component: &Component, name: &str) -> Option<bool> {
    if let Some(output) = component.outputs.get(name) {
        return output.r#type.artifact().is_some().then_some(true);
    }
    has_artifact(&component.inputs.get(name)?.r#type).then_some(false)
}

fn has_artifact(r#type: &Type) -> bool {
    match r#type.present() {
        Type::List(item) => has_artifact(item),
        other => other.artifact().is_some(),
    }
}
