//! Names and ids of tasks, which are assigned when a pipeline is complete.

use std::collections::{BTreeMap, BTreeSet};

use kfp_model::TaskId;

use super::draft::{Build, KindDraft, TaskDraft};

/// The name that users see, and the id that references use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Named {
    pub(super) id: TaskId,
    pub(super) name: String,
}

/// Returns the names of all tasks of a build, by task number.
pub(super) fn assign(build: &Build) -> Vec<Named> {
    let empty = Named { id: TaskId(String::new()), name: String::new() };
    let mut names = Names { build, assigned: vec![empty; build.tasks.len()], ids: Used::default() };
    names.region(0, "", None);
    names.assigned
}

struct Names<'a> {
    build: &'a Build,
    assigned: Vec<Named>,
    ids: Used,
}

/// Names that are in use.
#[derive(Default)]
struct Used {
    names: BTreeSet<String>,
    /// The number that was last appended to a name, where the next search starts.
    numbers: BTreeMap<String, u32>,
}

impl Names<'_> {
    /// Names the tasks in the region at `path`. `handler` is the path with the exit handlers around the region, for
    /// ids that would be duplicate otherwise.
    fn region(&mut self, region: usize, path: &str, handler: Option<&str>) {
        let tasks = &self.build.regions[region].tasks;
        let names = tasks.iter().flat_map(|task| fixed(&self.build.tasks[*task])).collect();
        let mut used = Used { names, numbers: BTreeMap::new() };
        for task in tasks {
            let draft = &self.build.tasks[*task];
            let name = match fixed(draft).into_iter().next() {
                Some(name) => name,
                None => used.unique(&draft.base),
            };
            let id = self.id(path, handler, &name);
            self.assigned[*task] = Named { id: TaskId(id), name };
            self.inner(draft, *task, path, handler);
        }
    }

    fn inner(&mut self, draft: &TaskDraft, task: usize, path: &str, handler: Option<&str>) {
        let name = self.assigned[task].name.clone();
        match &draft.kind {
            KindDraft::Call(_) | KindDraft::Approval(_) | KindDraft::Import(_) => {}
            KindDraft::Branch { arms, otherwise } => {
                for arm in arms {
                    self.region(arm.region, &joined(path, &arm.name), None);
                }
                if let Some(region) = otherwise {
                    self.region(*region, &joined(path, &format!("{name}-otherwise")), None);
                }
            }
            KindDraft::Loop(draft) => self.region(draft.body, &joined(path, &name), None),
            KindDraft::ExitHandler { body, exit } => {
                let handler = joined(handler.unwrap_or(path), &name);
                self.region(*body, path, Some(&handler));
                self.region(*exit, path, Some(&handler));
            }
        }
    }

    fn id(&mut self, path: &str, handler: Option<&str>, name: &str) -> String {
        let short = joined(path, name);
        if self.ids.names.insert(short.clone()) {
            return short;
        }
        self.ids.unique(&handler.map_or(short, |handler| joined(handler, name)))
    }
}

/// Returns the names that the author set: that of a task, or those of the arms of a branch, where the first arm names
/// the branch.
fn fixed(task: &TaskDraft) -> Vec<String> {
    match &task.kind {
        KindDraft::Branch { arms, .. } => arms.iter().map(|arm| arm.name.clone()).collect(),
        _ => task.name.clone().into_iter().collect(),
    }
}

fn joined(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

impl Used {
    /// Reserves the name, or the name with the first number that makes it unique.
    fn unique(&mut self, base: &str) -> String {
        if self.names.insert(base.to_owned()) {
            return base.to_owned();
        }
        let number = self.numbers.entry(base.to_owned()).or_insert(1);
        loop {
            *number += 1;
            let name = format!("{base}-{number}");
            if self.names.insert(name.clone()) {
                return name;
            }
        }
    }
}
