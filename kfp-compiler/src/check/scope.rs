//! The index of a pipeline's tasks: where each one is, and how the regions nest.

use indexmap::IndexMap;
use kfp_model::{Pipeline, Place, Region, Task, TaskId, TaskKind};

/// A region of the pipeline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct RegionId(usize);

/// A task and its surroundings.
#[derive(Debug)]
pub(crate) struct Entry<'a> {
    pub(crate) task: &'a Task,
    pub(crate) place: Place,
    pub(crate) region: RegionId,
}

/// A region and its surroundings.
#[derive(Debug)]
pub(crate) struct RegionEntry<'a> {
    pub(crate) region: &'a Region,
    pub(crate) place: Place,
    /// The task that holds the region and what the region is to it; none for the root.
    pub(crate) holder: Option<(&'a Task, Slot)>,
    /// The region that the holder stands in.
    parent: Option<RegionId>,
}

/// What a region is to the task that holds it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Slot {
    Arm(usize),
    Otherwise,
    LoopBody,
    GuardBody,
    Exit,
}

/// Every task of a pipeline by its id, and how the regions nest.
#[derive(Debug)]
pub(crate) struct Scopes<'a> {
    /// Sorted by id. Each is asked for many times, which a hash answers in the same time however many there are.
    pub(crate) entries: IndexMap<&'a TaskId, Entry<'a>>,
    /// Tasks whose id another task has already, with their places.
    pub(crate) duplicates: Vec<(&'a Task, Place)>,
    regions: Vec<RegionEntry<'a>>,
}

/// A region that a task holds.
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

    /// The regions, each after the one around it; the root is the first.
    pub(crate) fn regions(&self) -> impl Iterator<Item = (RegionId, &RegionEntry<'a>)> {
        self.regions.iter().enumerate().map(|(idx, entry)| (RegionId(idx), entry))
    }

    /// The region of that id.
    pub(crate) fn region(&self, id: RegionId) -> &RegionEntry<'a> {
        &self.regions[id.0]
    }

    /// The region and those around it, from the inside to the root.
    pub(crate) fn outwards(&self, region: RegionId) -> impl Iterator<Item = (RegionId, &RegionEntry<'a>)> {
        std::iter::successors(Some(region), |id| self.region(*id).parent).map(|id| (id, self.region(id)))
    }

    /// Whether what stands in `outer` can be seen from `inner`.
    pub(crate) fn sees(&self, inner: RegionId, outer: RegionId) -> bool {
        self.outwards(inner).any(|(id, _)| id == outer)
    }

    /// Whether `region` is that region of the task, or stands in it.
    pub(crate) fn is_within(&self, region: RegionId, task: &TaskId, slot: Slot) -> bool {
        self.outwards(region)
            .any(|(_, entry)| entry.holder.is_some_and(|(holder, held)| holder.id == *task && held == slot))
    }
}

/// The regions that a task holds, in the order in which they are written.
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
        TaskKind::ExitHandler(guard) => {
            let place = kind.key("exit_handler");
            vec![
                Nested { region: &guard.body, place: place.key("body"), slot: Slot::GuardBody },
                Nested { region: &guard.exit, place: place.key("exit"), slot: Slot::Exit },
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
