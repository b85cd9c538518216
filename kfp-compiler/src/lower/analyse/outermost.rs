//! The exit handler around a whole pipeline.

use kfp_model::{ExitHandler, Pipeline, Region, Task, TaskKind};

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
