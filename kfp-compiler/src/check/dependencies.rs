//! Dependencies between tasks: through values and through `after`.

use std::collections::BTreeSet;

use indexmap::IndexMap;
use kfp_model::{Place, TaskId};

use super::scope::{RegionId, Scopes};
use super::sites::{Sites, dependency};

/// For each task, the tasks of its region that it depends on.
pub(crate) type Dependencies<'a> = IndexMap<&'a TaskId, BTreeSet<&'a TaskId>>;

/// Calls `visit` with every dependency between two tasks of one region: the dependent task, the task it depends on,
/// and the place of the reference or `after` entry. A task that depends on itself, or on a task that contains it, is
/// included.
pub(crate) fn for_each_edge<'a>(
    scopes: &Scopes<'a>,
    sites: &Sites<'a>,
    visit: &mut impl FnMut(&'a TaskId, &'a TaskId, &Place),
) {
    let mut edge = |from: &TaskId, target: &TaskId, place: &Place| {
        if let Some(entry) = scopes.entries.get(target)
            && let Some(dependent) = ancestor_in(scopes, from, entry.region)
        {
            visit(dependent, &entry.task.id, place);
        }
    };
    for site in &sites.expressions {
        let Some(task) = site.task else { continue };
        site.expression.for_each_reference(&mut |reference| {
            if let Some(target) = dependency(reference) {
                edge(&task.id, target, &site.place);
            }
        });
    }
    for entry in scopes.entries.values().filter(|entry| !entry.task.after.is_empty()) {
        let after = entry.place.key("after");
        for (idx, target) in entry.task.after.iter().enumerate() {
            edge(&entry.task.id, target, &after.index(idx));
        }
    }
}

/// Returns the dependencies of each task within its region, in the order of the entries.
pub(crate) fn dependencies<'a>(scopes: &Scopes<'a>, sites: &Sites<'a>) -> Dependencies<'a> {
    let mut dependencies: Dependencies<'a> = scopes.entries.keys().map(|id| (*id, BTreeSet::new())).collect();
    for_each_edge(scopes, sites, &mut |dependent, before, _| {
        if dependent != before
            && let Some(earlier) = dependencies.get_mut(dependent)
        {
            earlier.insert(before);
        }
    });
    dependencies
}

/// Returns the task in `region` that is `task` or contains it.
fn ancestor_in<'a>(scopes: &Scopes<'a>, task: &TaskId, region: RegionId) -> Option<&'a TaskId> {
    let mut current = scopes.entries.get(task)?;
    while current.region != region {
        let (holder, _) = scopes.region(current.region).holder?;
        current = scopes.entries.get(&holder.id)?;
    }
    Some(&current.task.id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{document, nested_loop};

    #[test]
    fn dependencies_stay_within_a_region() {
        let document = document(&nested_loop());
        let pipeline = &document.pipelines[0];
        let scopes = Scopes::of(pipeline, &Place::root().key("pipelines").index(0));
        let sites = Sites::of(&scopes);
        let dependencies = dependencies(&scopes, &sites);
        let of =
            |id: &str| dependencies[&TaskId(id.to_owned())].iter().map(|id| id.0.clone()).collect::<Vec<_>>();
        assert_eq!(of("each"), ["load"]);
        assert_eq!(of("each.train"), Vec::<String>::new());
        assert_eq!(of("each.report"), ["each.train"]);
    }
}
