//! The number of steps and approvals that a run is known to have, for progress displays.
//!
//! At the start, the body of a loop counts once, and each call of a pipeline counts as the steps of that pipeline. A loop
//! that starts adds its other iterations, and a recursive call adds the steps of its pipeline. Tasks that do not run end
//! as skipped or omitted, and so keep their place in the count.

use std::collections::BTreeMap;

use kfp_compiler::check::Program;
use kfp_model::{Call, Callee, Region, Task, TaskKind};

/// The number of expected steps.
pub(super) struct Expected<'r> {
    program: &'r Program<'r>,
    /// The counts of pipelines that are already known.
    of_pipelines: BTreeMap<&'r str, usize>,
    pub(super) total: usize,
}

impl<'r> Expected<'r> {
    pub(super) fn new(program: &'r Program<'r>) -> Self {
        Self { program, of_pipelines: BTreeMap::new(), total: 0 }
    }

    /// Returns the count of a region before it starts.
    pub(super) fn region(&mut self, region: &'r Region) -> usize {
        region.tasks.iter().map(|task| self.task(task)).fold(0, usize::saturating_add)
    }

    fn task(&mut self, task: &'r Task) -> usize {
        match &task.kind {
            TaskKind::Call(Call { callee: Callee::Component(_), .. }) | TaskKind::Approval(_) => 1,
            TaskKind::Call(Call { callee: Callee::Pipeline(name), .. }) => self.call(name),
            TaskKind::Import(_) => 0,
            TaskKind::Branch(_) | TaskKind::Loop(_) | TaskKind::ExitHandler(_) => {
                task.regions().into_iter().map(|region| self.region(region)).fold(0, usize::saturating_add)
            }
        }
    }

    /// Returns the count of a call before it starts. The depth of a recursion is unknown, so it counts when it starts.
    pub(super) fn call(&mut self, pipeline: &'r str) -> usize {
        if self.program.is_recursive(pipeline) {
            return 0;
        }
        if let Some(known) = self.of_pipelines.get(pipeline) {
            return *known;
        }
        let program = self.program;
        let count = self.region(&program.pipeline(pipeline).pipeline().root);
        self.of_pipelines.insert(pipeline, count);
        count
    }
}
