//! Whether a task can do without a value of a task that was skipped.
//!
//! A task with regions is asked as a whole before it starts: what its inner tasks cannot do without, it
//! cannot do without either. Its own expressions and those of steps show it when they are evaluated.

use kfp_model::{Call, Callee, Condition, Expression, Input, Reference, Task, TaskKind, TextPart, Trigger};

use super::Checked;

/// The first reference, in the regions of the task, that has to have a value and is absent.
pub fn missing_inside<'t>(
    task: &'t Task,
    checked: &Checked<'_>,
    is_absent: &dyn Fn(&Reference) -> bool,
) -> Option<&'t Reference> {
    Search { checked, is_absent }.regions(task)
}

/// The first reference, of the task or in its regions, that has to have a value and is absent.
pub(crate) fn missing<'t>(
    task: &'t Task,
    checked: &Checked<'_>,
    is_absent: &dyn Fn(&Reference) -> bool,
) -> Option<&'t Reference> {
    Search { checked, is_absent }.task(task)
}

/// The first reference of the expression that has to have a value and is absent.
pub(crate) fn missing_of<'t>(
    expression: &'t Expression,
    checked: &Checked<'_>,
    is_absent: &dyn Fn(&Reference) -> bool,
) -> Option<&'t Reference> {
    Search { checked, is_absent }.expression(expression)
}

struct Search<'s> {
    checked: &'s Checked<'s>,
    is_absent: &'s dyn Fn(&Reference) -> bool,
}

impl Search<'_> {
    fn regions<'t>(&self, task: &'t Task) -> Option<&'t Reference> {
        task.regions().into_iter().flat_map(|region| &region.tasks).find_map(|inner| self.task(inner))
    }

    fn task<'t>(&self, task: &'t Task) -> Option<&'t Reference> {
        if task.trigger == Trigger::AllDone {
            return None;
        }
        let own = match &task.kind {
            TaskKind::Call(call) => self.call(call),
            TaskKind::Branch(branch) => branch.arms.iter().find_map(|arm| self.condition(&arm.condition)),
            TaskKind::Loop(repeat) => self.expression(&repeat.items),
            TaskKind::Import(import) => self.expression(&import.uri),
            TaskKind::Guard(_) | TaskKind::Approval(_) => None,
        };
        own.or_else(|| self.regions(task))
    }

    fn call<'t>(&self, call: &'t Call) -> Option<&'t Reference> {
        let takes_none = |name: &str| self.input(call, name).is_some_and(|input| input.r#type.is_option());
        let strict = call.arguments.iter().filter(|(name, _)| !takes_none(name));
        strict.map(|(_, argument)| argument).find_map(|argument| self.expression(argument))
    }

    fn input(&self, call: &Call, name: &str) -> Option<&Input> {
        match &call.callee {
            Callee::Component(id) => self.checked.component(id).inputs.get(name),
            Callee::Pipeline(pipeline) => self.checked.document().pipeline(pipeline)?.inputs.get(name),
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
        match expression {
            Expression::Constant(_) | Expression::FirstPresent(_) => None,
            Expression::Reference(reference) => (self.is_absent)(reference).then_some(reference),
            Expression::Field(access) => self.expression(&access.of),
            Expression::List(items) => items.iter().find_map(|item| self.expression(item)),
            Expression::Struct(fields) => fields.values().find_map(|field| self.expression(field)),
            Expression::Text(parts) => parts.iter().find_map(|part| match part {
                TextPart::Literal(_) => None,
                TextPart::Value(value) => self.expression(value),
            }),
        }
    }
}
