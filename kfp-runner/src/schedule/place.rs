//! Where a task is: its path, which is unique in the run, and the path that users see.

use kfp_model::{Region, Task, TaskKind};

use crate::naming::segment;

/// What precedes the names of exit tasks in their paths.
pub(super) const EXIT: &str = "exit.";

/// The path of a task, or of a region: then it ends with `/` or another prefix of the tasks in it.
#[derive(Clone)]
pub(super) struct Place {
    /// The path with names that are encoded as file names.
    pub(super) path: String,
    /// The path as shown to users.
    pub(super) label: String,
}

impl Place {
    /// Returns the place of a task in this region.
    pub(super) fn task(&self, name: &str) -> Self {
        let Self { path, label } = self;
        Self { path: format!("{path}{}", segment(name)), label: format!("{label}{name}") }
    }

    /// Returns the place of the region of this task.
    pub(super) fn region(&self) -> Self {
        let Self { path, label } = self;
        Self { path: format!("{path}/"), label: format!("{label}/") }
    }

    /// Returns the place of an arm of this task.
    pub(super) fn arm(&self, name: &str) -> Self {
        self.region().task(name).region()
    }

    /// Returns the place of a region of this task.
    pub(super) fn region_of(&self, task: &Task, region: &Region) -> Self {
        match &task.kind {
            TaskKind::Branch(branch) => {
                let arm = branch.arms.iter().find(|arm| std::ptr::eq(&raw const arm.region, region));
                self.arm(arm.map_or("otherwise", |arm| &arm.name))
            }
            TaskKind::ExitHandler(handler) if std::ptr::eq(&raw const handler.exit, region) => self.exit(),
            _ => self.region(),
        }
    }

    /// Returns the place of the exit region of this task.
    pub(super) fn exit(&self) -> Self {
        let Self { path, label } = self.region();
        Self { path: format!("{path}{EXIT}"), label: format!("{label}{EXIT}") }
    }
}
