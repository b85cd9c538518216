//! The labels of tasks: the names of the enclosing tasks and arms and the own one, as in the output of a run, but
//! without the items of loops.

use std::collections::BTreeMap;

use kfp_model::{Pipeline, Region, TaskId, TaskKind};

/// Returns the label of each task of a pipeline, such as `for-each/train`.
pub(super) fn labels(pipeline: &Pipeline) -> BTreeMap<&TaskId, String> {
    let mut labels = BTreeMap::new();
    add(&pipeline.root, "", &mut labels);
    labels
}

fn add<'p>(region: &'p Region, prefix: &str, labels: &mut BTreeMap<&'p TaskId, String>) {
    for task in &region.tasks {
        let label = format!("{prefix}{}", task.name);
        match &task.kind {
            TaskKind::Branch(branch) => {
                for arm in &branch.arms {
                    add(&arm.region, &format!("{label}/{}/", arm.name), labels);
                }
                if let Some(otherwise) = &branch.otherwise {
                    add(otherwise, &format!("{label}/otherwise/"), labels);
                }
            }
            TaskKind::ExitHandler(handler) => {
                add(&handler.body, &format!("{label}/"), labels);
                add(&handler.exit, &format!("{label}/exit."), labels);
            }
            TaskKind::Loop(repeat) => add(&repeat.body, &format!("{label}/"), labels),
            TaskKind::Call(_) | TaskKind::Approval(_) | TaskKind::Import(_) => {}
        }
        labels.insert(&task.id, label);
    }
}
