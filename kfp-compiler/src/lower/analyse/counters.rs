//! Bounded recursive calls, whose depth is counted at run time.

use std::collections::HashMap;

use kfp_model::{Call, TaskId, TaskKind};

use crate::check::{Checked, Program};

/// A bounded call: the pipeline that contains it, and the task.
pub(in crate::lower) type Counter<'a> = (&'a str, &'a TaskId);

/// The bounded calls of each cycle of pipelines.
pub(in crate::lower) struct Counters<'a> {
    by_cycle: HashMap<usize, Vec<Counter<'a>>>,
}

impl<'a> Counters<'a> {
    pub(in crate::lower) fn of(program: &Program<'a>) -> Self {
        let mut by_cycle: HashMap<usize, Vec<Counter<'a>>> = HashMap::new();
        for checked in program.pipelines() {
            if let Some(cycle) = program.cycle(&checked.pipeline().name) {
                by_cycle.entry(cycle).or_default().extend(bounded(checked));
            }
        }
        Self { by_cycle }
    }

    /// Returns the bounded calls in the cycle of pipelines that contains the pipeline.
    pub(in crate::lower) fn around(&self, program: &Program<'_>, pipeline: &str) -> &[Counter<'a>] {
        let cycle = program.cycle(pipeline).and_then(|cycle| self.by_cycle.get(&cycle));
        cycle.map_or(&[], Vec::as_slice)
    }
}

/// Returns the bounded calls of a pipeline.
fn bounded<'c, 'a>(checked: &'c Checked<'a>) -> impl Iterator<Item = Counter<'a>> + use<'c, 'a> {
    let name = checked.pipeline().name.as_str();
    let is_bounded = |kind: &TaskKind| matches!(kind, TaskKind::Call(Call { max_depth: Some(_), .. }));
    checked.nodes().filter(move |node| is_bounded(&node.task.kind)).map(move |node| (name, &node.task.id))
}
