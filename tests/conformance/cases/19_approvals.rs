//! Approvals: the run waits, and continues with the values of the approval.

use kfp_model::{Approval, Callee, Document, Expression, Output, Reference, TaskKind, Type};
use kfp_sdk::prelude::*;
use tests::conformance::Run;

use crate::case::Case;
use crate::components::{Add, EchoInteger, EchoText};
use crate::edit::{edited, named};

#[pipeline(name = "approval", type = "ApprovalCase")]
fn approval(p: &Pipeline) {
    let before = p.add(EchoText::new().value("before")).name("before");
    let approved = p.add(EchoText::new().value("asked")).name("ask").after(&before);
    p.add(EchoText::new().value("behind")).name("behind").after(&approved);
    p.add(EchoText::new().value("beside")).name("beside");
}

#[pipeline(name = "approval-with-value")]
fn approval_with_value(p: &Pipeline) {
    let approved = p.add(EchoInteger::new().value(0)).name("ask").output;
    p.add(Add::new().a(approved).b(1)).name("behind");
}

/// Replaces the step `ask` with an approval, which the builder cannot express.
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
                .returned("before", "before")
                .succeeded("ask")
                .returned("behind", "behind")
                .returned("beside", "beside"),
        ),
        Case::new("approval-with-value", with_value).run(
            Run::succeeds()
                .approval("ask", &[("number", "41")])
                .returned_all("ask", serde_json::json!({"number": 41}))
                .returned("behind", 42),
        ),
    ]
}
