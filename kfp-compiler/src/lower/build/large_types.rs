//! Values from outside of the run whose types have too many fields for an expression that checks them.

use kfp_argo::expression::Expression;
use kfp_argo::limits;
use kfp_diag::{Diagnostic, codes};
use kfp_model::{Call, Callee, Implementation, Output, Place, TaskKind, Type};

use crate::check::{Checked, Node, Program};
use crate::lower::build::entry::ExternalText;

const HELP: &str = "group fields of one type into a map, or pass the value as an artifact";

/// The inputs of the pipeline, the values of approvals and the outputs of plain containers that no expression can check.
pub(in crate::lower) fn check(program: &Program<'_>) -> Vec<Diagnostic> {
    let outputs =
        program.pipelines().flat_map(|checked| checked.nodes().flat_map(|node| outputs(checked, node)));
    inputs(program.root()).chain(outputs).collect()
}

/// The inputs of the pipeline that a run is started with.
fn inputs<'c>(checked: &'c Checked<'_>) -> impl Iterator<Item = Diagnostic> + 'c {
    let inputs = checked.pipeline().inputs.iter();
    inputs.filter_map(|(name, input)| refused("argument", name, &input.r#type, &checked.place()))
}

/// The outputs of an approval, which users type, and those of a plain container.
fn outputs<'c>(checked: &'c Checked<'_>, node: &'c Node<'_>) -> impl Iterator<Item = Diagnostic> + 'c {
    let (noun, outputs) = match &node.task.kind {
        TaskKind::Approval(approval) => ("value", Some(&approval.outputs)),
        TaskKind::Call(Call { callee: Callee::Component(id), .. }) => {
            let component = checked.component(id);
            let is_container = matches!(component.implementation, Implementation::Container(_));
            ("output", is_container.then_some(&component.outputs))
        }
        _ => ("", None),
    };
    let refused = move |(name, output): (&String, &Output)| refused(noun, name, &output.r#type, &node.place);
    outputs.into_iter().flatten().filter_map(refused)
}

fn refused(noun: &'static str, name: &str, r#type: &Type, place: &Place) -> Option<Diagnostic> {
    let text = Expression::path("workflow", ["parameters", name]);
    let parts = ExternalText::of(noun, name, r#type).checked(&text).nodes().len();
    // A default and a longer path to the text add a few.
    (parts + 100 > limits::EXPRESSION).then(|| {
        let message = format!(
            "the {noun} `{name}` cannot be checked by Argo: an expression that checks the type `{type}` has {parts} parts, \
             the limit is {}",
            limits::EXPRESSION
        );
        Diagnostic::error(codes::NOT_LOWERED, place, message).help(HELP)
    })
}
