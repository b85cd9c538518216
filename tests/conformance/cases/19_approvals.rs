//! Approvals: the run waits, and goes on with what whoever approves has given.

use kfp_model::{Approval, Callee, Document, Expression, Output, Reference, TaskKind, Type};
use kfp_sdk::prelude::*;
use tests::conformance::Run;

use crate::case::Case;
use crate::components::{Add, EchoInteger, EchoText};
use crate::edit::{edited, named};

#[pipeline(name = "approval", type = "ApprovalCase")]
fn approval(p: &Pipeline) {
    let before = p.add(EchoText::new().value("before")).name("before");
    let asked = p.add(EchoText::new().value("asked")).name("ask").after(&before);
    p.add(EchoText::new().value("behind")).name("behind").after(&asked);
    p.add(EchoText::new().value("beside")).name("beside");
}

#[pipeline(name = "approval-with-value")]
fn approval_with_value(p: &Pipeline) {
    let asked = p.add(EchoInteger::new().value(0)).name("ask").output;
    p.add(Add::new().a(asked).b(1)).name("behind");
}

/// The builder has no approval: the step that stands in its place is exchanged.
fn with_approval(document: Document, name: &str, outputs: &[(&str, Type)]) -> Document {
    edited(document, name, |root| {
        let output = |r#type: &Type| Output { r#type: r#type.clone(), description: String::new() };
        let outputs = outputs.iter().map(|(name, r#type)| ((*name).to_owned(), output(r#type))).collect();
        let message = "shall it go on?".to_owned();
        named(root, "ask").kind = TaskKind::Approval(Approval { message, outputs });
        for task in &mut root.tasks {
            if let TaskKind::Call(call) = &mut task.kind
                && matches!(call.callee, Callee::Component(_))
                && let Some(Expression::Reference(Reference::Output(output))) = call.arguments.get_mut("a")
            {
                "number".clone_into(&mut output.output);
            }
        }
    })
}

fn bare() -> Document {
    with_approval(ApprovalCase::definition(), "approval", &[])
}

fn with_value() -> Document {
    with_approval(ApprovalWithValue::definition(), "approval-with-value", &[("number", Type::Integer)])
}

pub(super) fn cases() -> Vec<Case> {
    vec![
        Case::new("approval", bare).run(
            Run::succeeds()
                .approval("ask", &[])
                .gave("before", "before")
                .did("ask")
                .gave("behind", "behind")
                .gave("beside", "beside"),
        ),
        Case::new("approval-with-value", with_value).run(
            Run::succeeds()
                .approval("ask", &[("number", "41")])
                .gave_all("ask", serde_json::json!({"number": 41}))
                .gave("behind", 42),
        ),
    ]
}
