//! Converts a checked pipeline into the parts of its picture.

use std::collections::BTreeMap;

use kfp_model::{Branch, Call, Callee, Loop, Region, Task, TaskId, TaskKind};

use super::describe::{condition, expression};
use super::{Area, Arm, Frame, StepKind, Unit};
use crate::check::Checked;
use crate::emit::{Mark, Marks};
use crate::lower::ordered_tasks;

/// The maximum number of characters of a name, condition or list in a picture.
const LONGEST: usize = 80;

/// Returns the area of the root region of the pipeline, with the marks of its tasks.
pub(crate) fn area(checked: &Checked<'_>, marks: &Marks) -> Area {
    Builder { checked, marks, count: 0 }.area(&checked.pipeline().root)
}

struct Builder<'c, 'a> {
    checked: &'c Checked<'a>,
    marks: &'c Marks,
    /// The number of tasks that are already named.
    count: usize,
}

impl<'a> Builder<'_, 'a> {
    fn area(&mut self, region: &'a Region) -> Area {
        let tasks = ordered_tasks(self.checked, region);
        let places: BTreeMap<&TaskId, usize> =
            tasks.iter().enumerate().map(|(idx, task)| (&task.id, idx)).collect();
        let units = tasks.iter().map(|task| self.unit(task)).collect();
        let mut arrows = Vec::new();
        for (to, task) in tasks.iter().enumerate() {
            for before in &self.checked.node(&task.id).dependencies {
                arrows.extend(places.get(before).map(|from| (*from, to)));
            }
        }
        Area { units, arrows }
    }

    fn unit(&mut self, task: &'a Task) -> Unit {
        let name = format!("task{}", self.count);
        self.count += 1;
        let mark = self.marks.get(&task.id).map(|mark| Mark { text: label(&mark.text), ..mark.clone() });
        let step = |label: String, kind: StepKind| {
            let mark = mark.clone();
            Unit::Step { name: name.clone(), label, kind, mark }
        };
        match &task.kind {
            TaskKind::Call(call) => step(called(task, call), kind(call)),
            TaskKind::Import(_) => step(label(&task.name), StepKind::Plain),
            TaskKind::Approval(_) => step(label(&task.name), StepKind::Approval),
            TaskKind::Branch(branch) => self.branch(name, branch, mark),
            TaskKind::Loop(repeat) => {
                Unit::Loop(self.frame(name, repeated(task, repeat), &repeat.body, mark))
            }
            TaskKind::ExitHandler(handler) => {
                let exit = format!("{name}_exit");
                let body = self.frame(name, label(&task.name), &handler.body, mark);
                let exit = self.frame(exit, "on exit".to_owned(), &handler.exit, None);
                Unit::ExitHandler { body, exit }
            }
        }
    }

    fn branch(&mut self, name: String, branch: &'a Branch, mark: Option<Mark>) -> Unit {
        let mut arms = Vec::new();
        for (idx, arm) in branch.arms.iter().enumerate() {
            let frame = self.frame(format!("{name}_{idx}"), label(&arm.name), &arm.region, None);
            arms.push(Arm { condition: Some(label(&condition(&arm.condition))), frame });
        }
        if let Some(region) = &branch.otherwise {
            let frame = self.frame(format!("{name}_otherwise"), "otherwise".to_owned(), region, None);
            arms.push(Arm { condition: None, frame });
        }
        Unit::Branch { name, arms, mark }
    }

    fn frame(&mut self, name: String, title: String, region: &'a Region, mark: Option<Mark>) -> Frame {
        Frame { name, title, mark, area: self.area(region) }
    }
}

fn kind(call: &Call) -> StepKind {
    match call.callee {
        Callee::Component(_) => StepKind::Plain,
        Callee::Pipeline(_) => StepKind::Pipeline,
    }
}

/// Returns a name, condition or list as it is drawn: shortened to [`LONGEST`] characters.
fn label(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some(_) => text.chars().take(LONGEST - 1).chain(['…']).collect(),
        None => text.to_owned(),
    }
}

/// Returns the name of a call, with its maximum depth.
fn called(task: &Task, call: &Call) -> String {
    match call.max_depth {
        Some(depth) => format!("{}, max depth {depth}", label(&task.name)),
        None => label(&task.name),
    }
}

fn repeated(task: &Task, repeat: &Loop) -> String {
    let text = format!("{}: for each of {}", label(&task.name), label(&expression(&repeat.items)));
    match repeat.parallelism {
        Some(most) => format!("{text}, {most} at once"),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_labels_are_shortened() {
        let longest = "é".repeat(LONGEST);
        assert_eq!(label(&longest), longest);
        assert_eq!(label(&(longest + "e")), "é".repeat(LONGEST - 1) + "…");
    }
}
