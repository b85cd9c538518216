//! The order of the tasks of a region in the output: dependencies first, then by name.
//!
//! The position of a task has no meaning in the model, so documents that differ only in it produce the same output.

use std::collections::{BTreeSet, HashMap};

use kfp_model::{Region, Task, TaskId};

use crate::check::Checked;

/// Returns the tasks of the region, each after its dependencies, and otherwise sorted by name.
pub(crate) fn tasks<'a>(checked: &Checked<'a>, region: &'a Region) -> Vec<&'a Task> {
    let mut by_id: Vec<&Task> = region.tasks.iter().collect();
    by_id.sort_unstable_by_key(|task| &task.id);
    let index: HashMap<&TaskId, usize> =
        by_id.iter().enumerate().map(|(idx, task)| (&task.id, idx)).collect();
    let mut waiting = vec![0_usize; by_id.len()];
    let mut dependants: Vec<Vec<usize>> = vec![Vec::new(); by_id.len()];
    for (idx, task) in by_id.iter().enumerate() {
        let dependencies = &checked.node(&task.id).dependencies;
        waiting[idx] = dependencies.len();
        for before in dependencies {
            dependants[index[before]].push(idx);
        }
    }
    // Tasks with equal names are sorted by id.
    let ready = (0..by_id.len()).filter(|idx| waiting[*idx] == 0);
    let mut ready: BTreeSet<(&str, usize)> = ready.map(|idx| (by_id[idx].name.as_str(), idx)).collect();
    let mut ordered = Vec::with_capacity(by_id.len());
    while let Some((_, idx)) = ready.pop_first() {
        ordered.push(by_id[idx]);
        for &dependant in &dependants[idx] {
            waiting[dependant] -= 1;
            if waiting[dependant] == 0 {
                ready.insert((by_id[dependant].name.as_str(), dependant));
            }
        }
    }
    ordered
}
