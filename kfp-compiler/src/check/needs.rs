//! Whether a task needs a value of a task that was skipped.
//!
//! A task with regions is asked as a whole before it starts: what its inner tasks need, and what its regions yield, it
//! needs as well.

use kfp_model::{
    Call, Callee, ConcatPart, Condition, Document, Expression, Input, Reference, Region, Task, TaskKind,
    Trigger,
};

/// The first reference, of the task or in its regions, that has to have a value and is absent.
///
/// An option that is absent is `null`; `is_absent` is false of it.
pub fn missing<'t>(
    task: &'t Task,
    document: &Document,
    is_absent: &dyn Fn(&Reference) -> bool,
) -> Option<&'t Reference> {
    Search { document, is_absent }.task(task)
}

/// The first reference of the expression that has to have a value and is absent.
pub(crate) fn missing_of<'t>(
    expression: &'t Expression,
    is_absent: &dyn Fn(&Reference) -> bool,
) -> Option<&'t Reference> {
    match expression {
        // One of the alternatives is there: a rule checks that the last one is.
        Expression::Constant(_) | Expression::FirstPresent(_) => None,
        Expression::Reference(reference) => is_absent(reference).then_some(reference),
        Expression::Field(access) => missing_of(&access.of, is_absent),
        Expression::List(items) => items.iter().find_map(|item| missing_of(item, is_absent)),
        Expression::Struct(fields) => fields.values().find_map(|field| missing_of(field, is_absent)),
        Expression::Concat(parts) => parts.iter().find_map(|part| match part {
            ConcatPart::Literal(_) => None,
            ConcatPart::Value(value) => missing_of(value, is_absent),
        }),
    }
}

/// Whether the expression is a value as it is, or a field of one. What is put together of values needs all of them.
fn is_path(expression: &Expression) -> bool {
    match expression {
        Expression::Reference(_) => true,
        Expression::Field(access) => is_path(&access.of),
        _ => false,
    }
}

struct Search<'s> {
    document: &'s Document,
    is_absent: &'s dyn Fn(&Reference) -> bool,
}

impl Search<'_> {
    fn region<'t>(&self, region: &'t Region) -> Option<&'t Reference> {
        let inside = region.tasks.iter().find_map(|inner| self.task(inner));
        inside.or_else(|| region.yields.values().find_map(|value| self.expression(value)))
    }

    fn task<'t>(&self, task: &'t Task) -> Option<&'t Reference> {
        if task.trigger == Trigger::AllDone {
            return None;
        }
        let own = match &task.kind {
            TaskKind::Call(call) => self.call(call),
            TaskKind::Branch(branch) => branch.arms.iter().find_map(|arm| self.condition(&arm.condition)),
            TaskKind::Loop(repeat) => self.expression(&repeat.items),
            TaskKind::Import(import) => {
                let metadata = import.metadata.values();
                [&import.uri].into_iter().chain(metadata).find_map(|value| self.expression(value))
            }
            TaskKind::ExitHandler(_) | TaskKind::Approval(_) => None,
        };
        own.or_else(|| task.regions().into_iter().find_map(|region| self.region(region)))
    }

    fn call<'t>(&self, call: &'t Call) -> Option<&'t Reference> {
        let takes_null = |name: &str, given: &Expression| {
            is_path(given) && self.input(call, name).is_some_and(|input| input.r#type.is_option())
        };
        let strict = call.arguments.iter().filter(|(name, given)| !takes_null(name, given));
        strict.map(|(_, argument)| argument).find_map(|argument| self.expression(argument))
    }

    fn input(&self, call: &Call, name: &str) -> Option<&Input> {
        match &call.callee {
            Callee::Component(id) => self.document.components.get(id)?.inputs.get(name),
            Callee::Pipeline(pipeline) => self.document.pipeline(pipeline)?.inputs.get(name),
        }
    }

    fn condition<'t>(&self, condition: &'t Condition) -> Option<&'t Reference> {
        match condition {
            Condition::Compare(comparison) => {
                self.expression(&comparison.left).or_else(|| self.expression(&comparison.right))
            }
            Condition::Holds(truth) => self.expression(truth),
            Condition::Present(_) => None,
            Condition::And(inner) | Condition::Or(inner) => {
                inner.iter().find_map(|condition| self.condition(condition))
            }
            Condition::Not(inner) => self.condition(inner),
        }
    }

    fn expression<'t>(&self, expression: &'t Expression) -> Option<&'t Reference> {
        missing_of(expression, self.is_absent)
    }
}
