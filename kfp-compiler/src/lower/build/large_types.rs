//! Reports values from outside the run whose types are too large for an expression that checks them.

use kfp_argo::expression::Expression;
use kfp_argo::limits;
use kfp_diag::{Diagnostic, codes};
use kfp_model::{Call, Callee, Implementation, Output, Place, TaskKind, Type};

use crate::check::{Checked, Node, Program};
use crate::lower::build::entry::ExternalText;

const HELP: &str = "group fields of one type into a map, or pass the value as an artifact";

/// Reports inputs of the pipeline, values of approvals and outputs of plain containers that cannot be checked.
pub(in crate::lower) fn check(program: &Program<'_>) -> Vec<Diagnostic> {
    let outputs =
        program.pipelines().flat_map(|checked| checked.nodes().flat_map(|node| outputs(checked, node)));
    inputs(program.root()).chain(outputs).collect()
}

/// Reports inputs of the root pipeline.
fn inputs<'c>(checked: &'c Checked<'_>) -> impl Iterator<Item = Diagnostic> + 'c {
    let inputs = checked.pipeline().inputs.iter();
    inputs.filter_map(|(name, input)| refused("argument", name, &input.r#type, &checked.place()))
}

/// Reports the values of an approval and the outputs of a plain container.
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
    // A margin for a default and a longer path to the text.
    (parts + 100 > limits::EXPRESSION).then(|| {
        let message = format!(
            "the type `{type}` of the {noun} `{name}` is too large: the expression that checks it has {parts} nodes, \
             more than the limit of {}",
            limits::EXPRESSION
        );
        Diagnostic::error(codes::NOT_LOWERED, place, message).help(HELP)
    })
}
