//! Where failures may go: the exit hook is told Argo's own list of them, of which a step makes ours when it takes
//! it. Nothing but a step can do so, so what would see Argo's list is refused; texts take no lists anyway.

use kfp_model::status::failure_type;
use kfp_model::{Callee, Expression, Guard, Implementation, TaskKind, Type};

use super::atom::tasks_in;
use super::pipelines::Pipelines;
use super::supported::refuse;
use crate::check::{Checked, Node};
use crate::diag::Diagnostic;

/// Uses of failures that no step stands behind: in the exit handler, and in pipelines that it calls.
pub(super) fn check(pipelines: &Pipelines<'_, '_>, checked: &Checked<'_>, exit: &Guard) -> Vec<Diagnostic> {
    let own: Vec<&Node<'_>> = tasks_in(&exit.exit).into_iter().map(|task| checked.node(task)).collect();
    let called = own.iter().filter_map(|node| match &node.task.kind {
        TaskKind::Call(call) => match &call.callee {
            Callee::Pipeline(name) => Some(pipelines.with_called(name)),
            Callee::Component(_) => None,
        },
        _ => None,
    });
    let called = called.flatten().flat_map(|checked| checked.nodes().map(move |node| (checked, node)));
    let nodes = own.iter().map(|node| (checked, *node)).chain(called);
    let mut found: Vec<Diagnostic> = Vec::new();
    for (checked, node) in nodes {
        let diagnostic = misuse(pipelines, checked, node).map(|what| {
            let what = format!("the list of failures that `{}` {what}, in an exit handler,", node.task.name);
            refuse(&node.place, &what)
                .help("give the failures to a step in Rust or Python, and let it make of them what is needed")
        });
        // Two calls may lead to one pipeline.
        found.extend(diagnostic.filter(|diagnostic| !found.contains(diagnostic)));
    }
    found
}

fn misuse(pipelines: &Pipelines<'_, '_>, checked: &Checked<'_>, node: &Node<'_>) -> Option<&'static str> {
    let holds = |expression: &Expression| holds_failures(&checked.type_of(expression));
    match &node.task.kind {
        TaskKind::Loop(repeat) if holds(&repeat.items) => Some("loops over"),
        TaskKind::Call(call) => match &call.callee {
            Callee::Component(id) => {
                let is_container =
                    matches!(checked.component(id).implementation, Implementation::Container(_));
                (is_container && call.arguments.values().any(holds)).then_some("takes as a plain container")
            }
            Callee::Pipeline(name) => {
                let inputs = &pipelines.get(name).pipeline().inputs;
                let hides = |(name, given): (&String, &Expression)| {
                    holds(given) && !inputs.get(name).is_some_and(|input| holds_failures(&input.r#type))
                };
                call.arguments.iter().any(hides).then_some("gives to a pipeline as any value")
            }
        },
        _ => None,
    }
}

fn holds_failures(r#type: &Type) -> bool {
    match r#type {
        Type::List(inner) | Type::Map(inner) | Type::Option(inner) => holds_failures(inner),
        Type::Struct(of) => {
            *r#type == failure_type() || of.fields.values().any(|field| holds_failures(&field.r#type))
        }
        _ => false,
    }
}
