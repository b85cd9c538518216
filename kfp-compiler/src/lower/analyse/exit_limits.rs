//! Limits of parallelism in the exit hook of the workflow.
//!
//! The controller of Argo exits if a task of a DAG below an exit hook has to wait because of a limit: the DAG then
//! lists a child without a node, and the controller treats that as a fatal error each time it processes the workflow.

use kfp_diag::Diagnostic;
use kfp_model::{Callee, Expression, Loop, Place, Region, Task, TaskKind};

use crate::check::{Checked, Program};
use crate::lower::analyse::order;
use crate::lower::analyse::outermost::parts;
use crate::lower::analyse::supported::refuse;

const LABEL: &str = "the controller of Argo exits when a step of an exit hook waits for others";

/// Reports limits that may make a step of the exit hook wait.
pub(in crate::lower) fn check(program: &Program<'_>) -> Vec<Diagnostic> {
    let checked = program.root();
    let pipeline = checked.pipeline();
    let (_, Some((task, handler))) = parts(program, pipeline) else { return Vec::new() };
    let mut walk = Walk { program, open: Vec::new(), found: Vec::new() };
    let at_once = walk.region(checked, &handler.exit);
    if let Some(limit) = pipeline.settings.parallelism
        && at_once.is_none_or(|most| most > u64::from(limit))
    {
        let what =
            format!("a limit of parallelism for the parallel steps of the exit handler `{}`", task.name);
        walk.found.push(
            refuse(&checked.node(&task.id).place, &what)
                .label(LABEL)
                .also(&checked.place().key("settings").key("parallelism"), "the limit")
                .help("run the steps of the exit task one after the other, or remove the limit"),
        );
    }
    walk.found
}

/// Determines how many steps may run at once.
struct Walk<'p, 'a> {
    program: &'p Program<'a>,
    /// The called pipelines around the current region.
    open: Vec<&'a str>,
    found: Vec<Diagnostic>,
}

impl<'a> Walk<'_, 'a> {
    /// Returns the maximum number of steps of the region that run at once; `None` if there is none.
    fn region(&mut self, checked: &Checked<'a>, region: &'a Region) -> Option<u64> {
        let tasks = order::tasks(checked, region);
        let follows = |pair: &[&Task]| checked.node(&pair[1].id).dependencies.contains(&&pair[0].id);
        let is_chain = tasks.windows(2).all(follows);
        let counts: Vec<Option<u64>> = tasks.into_iter().map(|task| self.task(checked, task)).collect();
        if is_chain {
            most(counts)
        } else {
            counts.into_iter().try_fold(0_u64, |sum, count| Some(sum + count?))
        }
    }

    fn task(&mut self, checked: &Checked<'a>, task: &'a Task) -> Option<u64> {
        match &task.kind {
            TaskKind::Call(call) => match &call.callee {
                Callee::Component(_) => Some(1),
                Callee::Pipeline(name) => self.pipeline(name),
            },
            TaskKind::Branch(branch) => {
                let regions = branch.arms.iter().map(|arm| &arm.region).chain(&branch.otherwise);
                most(regions.map(|region| self.region(checked, region)).collect())
            }
            TaskKind::Loop(repeat) => self.repeat(checked, repeat, &checked.node(&task.id).place),
            TaskKind::ExitHandler(handler) => {
                most(vec![self.region(checked, &handler.body), self.region(checked, &handler.exit)])
            }
            TaskKind::Import(_) => Some(1),
            TaskKind::Approval(_) => Some(0),
        }
    }

    fn pipeline(&mut self, name: &'a str) -> Option<u64> {
        if self.open.contains(&name) {
            return None;
        }
        self.open.push(name);
        let checked = self.program.pipeline(name);
        let most = self.region(checked, &checked.pipeline().root);
        self.open.pop();
        most
    }

    fn repeat(&mut self, checked: &Checked<'a>, repeat: &'a Loop, place: &Place) -> Option<u64> {
        let each = self.region(checked, &repeat.body);
        let items = match &repeat.items {
            Expression::Constant(items) => Some(items.as_array().map_or(0, Vec::len) as u64),
            Expression::List(items) => Some(items.len() as u64),
            _ => None,
        };
        let Some(limit) = repeat.parallelism.map(u64::from) else { return each?.checked_mul(items?) };
        if items.is_none_or(|items| items > limit) {
            self.found.push(
                refuse(place, "a loop with limited parallelism in the exit task of a pipeline")
                    .label(LABEL)
                    .help("remove the limit, or run the loop before the exit task"),
            );
        }
        each?.checked_mul(items.map_or(limit, |items| items.min(limit)))
    }
}

/// Returns the largest count; `None` if one has no limit.
fn most(counts: Vec<Option<u64>>) -> Option<u64> {
    counts.into_iter().try_fold(0, |most, count| Some(most.max(count?)))
}
