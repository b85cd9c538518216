//! The order in which the tasks of a region are written: dependencies first, then by name.
//!
//! Position has no meaning in the model, so documents that differ in it only give the same bytes.

use std::collections::{BTreeMap, BTreeSet};

use kfp_model::{Region, Task, TaskId};

use crate::check::Checked;

/// The tasks of the region, each after those it waits for, and otherwise by name.
pub(crate) fn tasks<'a>(checked: &Checked<'a>, region: &'a Region) -> Vec<&'a Task> {
    let by_id: BTreeMap<&TaskId, &Task> = region.tasks.iter().map(|task| (&task.id, task)).collect();
    let mut waiting: BTreeMap<&TaskId, usize> =
        by_id.keys().map(|id| (*id, checked.node(id).dependencies.len())).collect();
    let mut dependants: BTreeMap<&TaskId, Vec<&TaskId>> = BTreeMap::new();
    for id in by_id.keys() {
        for before in &checked.node(id).dependencies {
            dependants.entry(before).or_default().push(id);
        }
    }
    let mut ready: BTreeSet<(&str, &TaskId)> = waiting
        .iter()
        .filter(|(_, count)| **count == 0)
        .map(|(id, _)| (by_id[*id].name.as_str(), *id))
        .collect();
    let mut ordered = Vec::with_capacity(by_id.len());
    while let Some((_, id)) = ready.pop_first() {
        ordered.push(by_id[id]);
        for dependant in dependants.remove(id).unwrap_or_default() {
            let Some(count) = waiting.get_mut(dependant) else { continue };
            *count -= 1;
            if *count == 0 {
                ready.insert((by_id[dependant].name.as_str(), dependant));
            }
        }
    }
    ordered
}
