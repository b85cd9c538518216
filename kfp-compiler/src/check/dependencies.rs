//! What waits for what: by the values that tasks take from each other, and by `after`.

use std::collections::BTreeSet;

use indexmap::IndexMap;
use kfp_model::{Place, TaskId};

use super::scope::{RegionId, Scopes};
use super::sites::{Sites, waits_for};

/// The tasks before each task in its region.
pub(crate) type Dependencies<'a> = IndexMap<&'a TaskId, BTreeSet<&'a TaskId>>;

/// Calls `visit` with every pair of tasks of one region of which the first waits for the second, and with the place of
/// what makes it wait. A task that waits for itself, or for what holds it, is a pair too.
pub(crate) fn for_each_edge<'a>(
    scopes: &Scopes<'a>,
    sites: &Sites<'a>,
    visit: &mut impl FnMut(&'a TaskId, &'a TaskId, &Place),
) {
    let mut edge = |from: &TaskId, target: &TaskId, place: &Place| {
        if let Some(entry) = scopes.entries.get(target)
            && let Some(waiting) = ancestor_in(scopes, from, entry.region)
        {
            visit(waiting, &entry.task.id, place);
        }
    };
    for site in &sites.expressions {
        let Some(task) = site.task else { continue };
        site.expression.for_each_reference(&mut |reference| {
            if let Some(target) = waits_for(reference) {
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

/// The tasks of its own region that each task waits for, in the order of the entries.
pub(crate) fn dependencies<'a>(scopes: &Scopes<'a>, sites: &Sites<'a>) -> Dependencies<'a> {
    let mut dependencies: Dependencies<'a> = scopes.entries.keys().map(|id| (*id, BTreeSet::new())).collect();
    for_each_edge(scopes, sites, &mut |waiting, before, _| {
        if waiting != before
            && let Some(earlier) = dependencies.get_mut(waiting)
        {
            earlier.insert(before);
        }
    });
    dependencies
}

/// The task in `region` that is `task` or holds it, if there is one.
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
