//! The index of a pipeline's tasks and regions.

use indexmap::IndexMap;
use kfp_model::{Pipeline, Place, Region, Task, TaskId, TaskKind};

/// The number of a region of the pipeline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct RegionId(usize);

/// A task with its place and region.
#[derive(Debug)]
pub(crate) struct Entry<'a> {
    pub(crate) task: &'a Task,
    pub(crate) place: Place,
    pub(crate) region: RegionId,
}

/// A region with its place and the task that contains it.
#[derive(Debug)]
pub(crate) struct RegionEntry<'a> {
    pub(crate) region: &'a Region,
    pub(crate) place: Place,
    /// The task that contains the region, and the role of the region in it; `None` for the root.
    pub(crate) holder: Option<(&'a Task, Slot)>,
    /// The region that contains the holder.
    parent: Option<RegionId>,
}

/// The role of a region in the task that contains it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Slot {
    Arm(usize),
    Otherwise,
    LoopBody,
    GroupBody,
    Exit,
}

/// The tasks of a pipeline by id, and its nested regions.
#[derive(Debug)]
pub(crate) struct Scopes<'a> {
    /// Sorted by id. A hash map, because lookups are frequent.
    pub(crate) entries: IndexMap<&'a TaskId, Entry<'a>>,
    /// Tasks with a duplicate id, with their places.
    pub(crate) duplicates: Vec<(&'a Task, Place)>,
    regions: Vec<RegionEntry<'a>>,
}

/// A region of a task.
pub(crate) struct Nested<'a> {
    pub(crate) region: &'a Region,
    pub(crate) place: Place,
    pub(crate) slot: Slot,
}

impl<'a> Scopes<'a> {
    pub(crate) fn of(pipeline: &'a Pipeline, place: &Place) -> Self {
        let mut scopes = Self { entries: IndexMap::new(), duplicates: Vec::new(), regions: Vec::new() };
        scopes.enter(&pipeline.root, place.key("root"), None, None);
        scopes.entries.sort_unstable_keys();
        scopes
    }

    fn enter(
        &mut self,
        region: &'a Region,
        place: Place,
        holder: Option<(&'a Task, Slot)>,
        parent: Option<RegionId>,
    ) {
        let id = RegionId(self.regions.len());
        let tasks = place.key("tasks");
        self.regions.push(RegionEntry { region, place, holder, parent });
        for (idx, task) in region.tasks.iter().enumerate() {
            let place = tasks.index(idx);
            if self.entries.contains_key(&task.id) {
                self.duplicates.push((task, place));
                continue;
            }
            let nested = nested_regions(task, &place);
            self.entries.insert(&task.id, Entry { task, place, region: id });
            for Nested { region, place, slot } in nested {
                self.enter(region, place, Some((task, slot)), Some(id));
            }
        }
    }

    /// Returns the regions, each after the region that contains it; the root is the first.
    pub(crate) fn regions(&self) -> impl Iterator<Item = (RegionId, &RegionEntry<'a>)> {
        self.regions.iter().enumerate().map(|(idx, entry)| (RegionId(idx), entry))
    }

    /// Returns the region with that id.
    pub(crate) fn region(&self, id: RegionId) -> &RegionEntry<'a> {
        &self.regions[id.0]
    }

    /// Returns the region and the regions that contain it, from the innermost to the root.
    pub(crate) fn outwards(&self, region: RegionId) -> impl Iterator<Item = (RegionId, &RegionEntry<'a>)> {
        std::iter::successors(Some(region), |id| self.region(*id).parent).map(|id| (id, self.region(id)))
    }

    /// Whether the tasks of `outer` are visible from `inner`.
    pub(crate) fn sees(&self, inner: RegionId, outer: RegionId) -> bool {
        self.outwards(inner).any(|(id, _)| id == outer)
    }

    /// Whether `region` is that region of the task, or is nested in it.
    pub(crate) fn is_within(&self, region: RegionId, task: &TaskId, slot: Slot) -> bool {
        self.outwards(region)
            .any(|(_, entry)| entry.holder.is_some_and(|(holder, of)| holder.id == *task && of == slot))
    }
}

/// Returns the regions of a task, in the order of the document.
pub(crate) fn nested_regions<'a>(task: &'a Task, place: &Place) -> Vec<Nested<'a>> {
    let kind = place.key("kind");
    match &task.kind {
        TaskKind::Call(_) | TaskKind::Approval(_) | TaskKind::Import(_) => Vec::new(),
        TaskKind::Branch(branch) => {
            let place = kind.key("branch");
            let arms = branch.arms.iter().enumerate().map(|(idx, arm)| Nested {
                region: &arm.region,
                place: place.key("arms").index(idx).key("region"),
                slot: Slot::Arm(idx),
            });
            let otherwise = branch.otherwise.iter().map(|region| Nested {
                region,
                place: place.key("otherwise"),
                slot: Slot::Otherwise,
            });
            arms.chain(otherwise).collect()
        }
        TaskKind::Loop(repeat) => {
            let place = kind.key("loop").key("body");
            vec![Nested { region: &repeat.body, place, slot: Slot::LoopBody }]
        }
        TaskKind::ExitHandler(handler) => {
            let place = kind.key("exit_handler");
            vec![
                Nested { region: &handler.body, place: place.key("body"), slot: Slot::GroupBody },
                Nested { region: &handler.exit, place: place.key("exit"), slot: Slot::Exit },
            ]
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{document, nested_loop};

    #[test]
    fn regions_see_outwards_only() {
        let document = document(&nested_loop());
        let scopes = Scopes::of(&document.pipelines[0], &Place::root());
        let root = scopes.entries[&TaskId("load".to_owned())].region;
        let body = scopes.entries[&TaskId("each.train".to_owned())].region;
        assert!(scopes.sees(body, root) && !scopes.sees(root, body));
        assert!(scopes.is_within(body, &TaskId("each".to_owned()), Slot::LoopBody));
    }
}
