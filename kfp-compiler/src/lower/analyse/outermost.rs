//! The exit handler around a whole pipeline.

use indexmap::IndexMap;
use kfp_model::{
    ConcatPart, ExitHandler, Expression, FieldAccess, Pipeline, Reference, Region, Task, TaskKind,
};

use crate::check::Program;

/// Returns the region that runs, and the exit handler around the whole pipeline, which becomes an exit hook.
pub(in crate::lower) fn parts<'a>(
    program: &Program<'a>,
    pipeline: &'a Pipeline,
) -> (&'a Region, Option<(&'a Task, &'a ExitHandler)>) {
    match pipeline.root.tasks.as_slice() {
        // In a recursive pipeline, the exit handler applies to each recursion level.
        _ if program.is_recursive(&pipeline.name) => (&pipeline.root, None),
        [task] => match &task.kind {
            TaskKind::ExitHandler(handler) => (&handler.body, Some((task, handler))),
            _ => (&pipeline.root, None),
        },
        _ => (&pipeline.root, None),
    }
}

/// Returns the outputs of the pipeline as values of the body of its exit handler.
pub(in crate::lower) fn outputs(pipeline: &Pipeline, handler: &ExitHandler) -> IndexMap<String, Expression> {
    let inside = |(name, value): (&String, &Expression)| (name.clone(), inside(value, &handler.body.yields));
    pipeline.root.yields.iter().map(inside).collect()
}

/// Replaces references to outputs of the only task, an exit handler, by what its body yields.
fn inside(value: &Expression, yields: &IndexMap<String, Expression>) -> Expression {
    let each = |value: &Expression| inside(value, yields);
    match value {
        Expression::Reference(Reference::Output(output)) => {
            yields.get(&output.output).unwrap_or(value).clone()
        }
        Expression::Constant(_) | Expression::Reference(_) => value.clone(),
        Expression::Field(field) => {
            Expression::Field(Box::new(FieldAccess { of: each(&field.of), name: field.name.clone() }))
        }
        Expression::List(items) => Expression::List(items.iter().map(each).collect()),
        Expression::Struct(fields) => {
            Expression::Struct(fields.iter().map(|(name, value)| (name.clone(), each(value))).collect())
        }
        Expression::Concat(parts) => {
            let part = |part: &ConcatPart| match part {
                ConcatPart::Literal(literal) => ConcatPart::Literal(literal.clone()),
                ConcatPart::Value(value) => ConcatPart::Value(each(value)),
            };
            Expression::Concat(parts.iter().map(part).collect())
        }
        Expression::FirstPresent(options) => Expression::FirstPresent(options.iter().map(each).collect()),
    }
}
