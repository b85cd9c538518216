//! What this version does not lower, told before anything is made.

use kfp_model::{Callee, Expression, Guard, Implementation, Place, Reference, TaskKind, Trigger};

use super::workflow::parts;
use crate::check::{Checked, Node};
use crate::diag::{Diagnostic, codes};

/// One diagnostic for each construct that has no lowering yet.
pub(super) fn check(checked: &Checked<'_>) -> Vec<Diagnostic> {
    let (_, exit) = parts(checked.pipeline());
    let mut diagnostics: Vec<Diagnostic> =
        checked.nodes().filter_map(|node| node_check(checked, node, exit)).collect();
    diagnostics.extend(artifact_inputs(checked));
    diagnostics.extend(exit.and_then(guarded_values).map(|message| refuse(&root(checked), &message)));
    diagnostics
}

fn refuse(place: &Place, what: &str) -> Diagnostic {
    Diagnostic::error(codes::NOT_LOWERED, place, format!("{what} cannot be lowered to Argo yet"))
}

fn node_check(checked: &Checked<'_>, node: &Node<'_>, exit: Option<&Guard>) -> Option<Diagnostic> {
    let what = match &node.task.kind {
        TaskKind::Call(call) => match &call.callee {
            Callee::Component(id) => match checked.component(id).implementation {
                Implementation::Container(_) => format!("the plain container of task `{}`", node.task.name),
                Implementation::Rust(_) | Implementation::Python(_) => return trigger_check(node),
            },
            Callee::Pipeline(name) => format!("the call of pipeline `{name}`"),
        },
        TaskKind::Branch(branch) if branch.arms.iter().all(|arm| arm.region.yields.is_empty()) => {
            return trigger_check(node);
        }
        TaskKind::Branch(_) => format!("branch `{}`, which yields values,", node.task.name),
        TaskKind::Guard(guard) if exit.is_some_and(|exit| std::ptr::eq(exit, guard)) => return None,
        TaskKind::Guard(_) => "an exit handler around a part of a pipeline".to_owned(),
        TaskKind::Loop(_) => format!("loop `{}`", node.task.name),
        TaskKind::Approval(_) => format!("approval `{}`", node.task.name),
        TaskKind::Import(_) => format!("import `{}`", node.task.name),
    };
    Some(refuse(&node.place, &what))
}

fn trigger_check(node: &Node<'_>) -> Option<Diagnostic> {
    let what = format!("task `{}`, which runs after failures,", node.task.name);
    (node.task.trigger != Trigger::AllSucceeded).then(|| refuse(&node.place, &what))
}

fn root(checked: &Checked<'_>) -> Place {
    checked.nodes().next().map(|node| node.place.clone()).unwrap_or_default()
}

fn artifact_inputs<'c>(checked: &'c Checked<'_>) -> impl Iterator<Item = Diagnostic> + 'c {
    let artifacts = checked.pipeline().inputs.iter().filter(|(_, input)| input.r#type.artifact().is_some());
    artifacts.map(|(name, _)| refuse(&checked.place(), &format!("the artifact input `{name}` of a pipeline")))
}

/// An exit hook sees parameters, constants and outputs of tasks, nothing computed of them.
fn guarded_values(guard: &Guard) -> Option<String> {
    let computed = |value: &Expression| {
        !matches!(
            value,
            Expression::Constant(_) | Expression::Reference(Reference::Output(_) | Reference::Input(_))
        )
    };
    let (name, _) = guard.body.yields.iter().find(|(_, value)| computed(value))?;
    Some(format!("the computed value `{name}`, handed to an exit handler,"))
}
