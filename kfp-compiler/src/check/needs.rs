//! Determines whether a task requires a value that is absent.
//!
//! This is decided for a task with regions as a whole, before it starts: it requires what its inner tasks and the
//! yields of its regions require.

use kfp_model::{
    Call, Callee, ConcatPart, Condition, Document, Expression, Input, Reference, Region, Task, TaskKind,
    Trigger,
};

/// Returns the first reference of the task or its regions that is absent but required.
///
/// An absent option is `null`, so `is_absent` must return false for it.
pub fn missing<'t>(
    task: &'t Task,
    document: &Document,
    is_absent: &dyn Fn(&Reference) -> bool,
) -> Option<&'t Reference> {
    Search { document, is_absent }.task(task)
}

/// Returns the first reference of the expression that is absent but required.
pub(crate) fn missing_of<'t>(
    expression: &'t Expression,
    is_absent: &dyn Fn(&Reference) -> bool,
) -> Option<&'t Reference> {
    match expression {
        // A rule checks that the last alternative is always present.
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

/// Whether the expression is a reference or a field of one. Other expressions require all values that they contain.
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
        let takes_null = |name: &str, argument: &Expression| {
            is_path(argument) && self.input(call, name).is_some_and(|input| input.r#type.is_option())
        };
        let required = call.arguments.iter().filter(|(name, argument)| !takes_null(name, argument));
        required.map(|(_, argument)| argument).find_map(|argument| self.expression(argument))
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
            Condition::Holds(boolean) => self.expression(boolean),
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
