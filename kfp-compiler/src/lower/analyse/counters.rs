//! Bounded recursive calls, whose depth is counted at run time.

use kfp_model::{Call, TaskId, TaskKind};

use crate::check::{Checked, Program};

/// A bounded call: the pipeline that contains it, and the task.
pub(in crate::lower) type Counter<'a> = (&'a str, &'a TaskId);

/// Returns the bounded calls in the cycle of pipelines that contains the pipeline.
pub(in crate::lower) fn counters<'a>(program: &Program<'a>, name: &str) -> Vec<Counter<'a>> {
    let members = program.pipelines().filter(|other| program.are_in_cycle(name, &other.pipeline().name));
    members.flat_map(bounded).collect()
}

/// Returns the bounded calls of a pipeline.
fn bounded<'c, 'a>(checked: &'c Checked<'a>) -> impl Iterator<Item = Counter<'a>> + use<'c, 'a> {
    let name = checked.pipeline().name.as_str();
    let is_bounded = |kind: &TaskKind| matches!(kind, TaskKind::Call(Call { max_depth: Some(_), .. }));
    checked.nodes().filter(move |node| is_bounded(&node.task.kind)).map(move |node| (name, &node.task.id))
}
