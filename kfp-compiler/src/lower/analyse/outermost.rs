//! What is around everything else in a pipeline.

use kfp_model::{ExitHandler, Pipeline, Region, Task, TaskKind};

use crate::check::Program;

/// What runs first, and what runs at the end: a guard around everything becomes an exit hook.
pub(in crate::lower) fn parts<'a>(
    program: &Program<'a>,
    pipeline: &'a Pipeline,
) -> (&'a Region, Option<(&'a Task, &'a ExitHandler)>) {
    match pipeline.root.tasks.as_slice() {
        // In a pipeline that calls itself, each guard stands around the turn that it is part of.
        _ if program.is_recursive(&pipeline.name) => (&pipeline.root, None),
        [task] => match &task.kind {
            TaskKind::ExitHandler(guard) => (&guard.body, Some((task, guard))),
            _ => (&pipeline.root, None),
        },
        _ => (&pipeline.root, None),
    }
}
