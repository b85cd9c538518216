//! Names and ids of tasks, which are given when a pipeline is complete.

use std::collections::{BTreeMap, BTreeSet};

use kfp_model::TaskId;

use super::draft::{Build, KindDraft, TaskDraft};

/// The name that people see and the id that references use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Named {
    pub(super) id: TaskId,
    pub(super) name: String,
}

/// Names for all tasks of a build, in the order of its notes.
pub(super) fn assign(build: &Build) -> Vec<Named> {
    let blank = Named { id: TaskId(String::new()), name: String::new() };
    let mut names = Names { build, given: vec![blank; build.tasks.len()], ids: Taken::default() };
    names.region(0, "", None);
    names.given
}

struct Names<'a> {
    build: &'a Build,
    given: Vec<Named>,
    ids: Taken,
}

/// Names that are taken.
#[derive(Default)]
struct Taken {
    names: BTreeSet<String>,
    /// The number that was last added to a name, from which the next search goes on.
    numbers: BTreeMap<String, u32>,
}

impl Names<'_> {
    /// Names what is in a region. `path` leads to it; `guard` is the way for ids that the path alone would
    /// give twice.
    fn region(&mut self, region: usize, path: &str, guard: Option<&str>) {
        let tasks = &self.build.regions[region].tasks;
        let names = tasks.iter().flat_map(|task| fixed(&self.build.tasks[*task])).collect();
        let mut taken = Taken { names, numbers: BTreeMap::new() };
        for task in tasks {
            let draft = &self.build.tasks[*task];
            let name = match fixed(draft).into_iter().next() {
                Some(name) => name,
                None => taken.unique(&draft.base),
            };
            let id = self.id(path, guard, &name);
            self.given[*task] = Named { id: TaskId(id), name };
            self.inner(draft, *task, path, guard);
        }
    }

    fn inner(&mut self, draft: &TaskDraft, task: usize, path: &str, guard: Option<&str>) {
        let name = self.given[task].name.clone();
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
            KindDraft::Loop(repeat) => self.region(repeat.body, &joined(path, &name), None),
            KindDraft::ExitHandler { body, exit } => {
                let guard = joined(guard.unwrap_or(path), &name);
                self.region(*body, path, Some(&guard));
                self.region(*exit, path, Some(&guard));
            }
        }
    }

    fn id(&mut self, path: &str, guard: Option<&str>, name: &str) -> String {
        let short = joined(path, name);
        if self.ids.names.insert(short.clone()) {
            return short;
        }
        self.ids.unique(&guard.map_or(short, |guard| joined(guard, name)))
    }
}

/// The names that the author has given: those of a task, or those of the arms of a branch, of which the first
/// is the branch's own.
fn fixed(task: &TaskDraft) -> Vec<String> {
    match &task.kind {
        KindDraft::Branch { arms, .. } => arms.iter().map(|arm| arm.name.clone()).collect(),
        _ => task.given.clone().into_iter().collect(),
    }
}

fn joined(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

impl Taken {
    /// Takes the name itself, or with the first number that makes it unique.
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
