//! The notes of the pipelines that are being built on this thread.
//!
//! Operations on handles do not take `p`, so the notes are kept in a thread-local variable. It is never borrowed while
//! user code runs.

use std::cell::RefCell;
use std::panic::Location;
use std::sync::atomic::{AtomicU32, Ordering};

use super::node::{ConditionNode, Node};
use super::raw::Raw;
use super::task_ref::TaskRef;

thread_local! {
    static NOTES: RefCell<Option<Notes>> = const { RefCell::new(None) };
}

/// The id of the next build. The id 0 is reserved for handles without a pipeline.
static NEXT_BUILD: AtomicU32 = AtomicU32::new(1);

/// The notes of all builds of a session.
#[derive(Default)]
pub(crate) struct Notes {
    records: Vec<Record>,
    /// The builds whose functions are running, innermost last.
    open: Vec<usize>,
}

/// The notes of one build, each with the source location that created it.
#[derive(Default)]
pub(crate) struct Record {
    /// The id of the build, which is unique in the process.
    pub(crate) id: u32,
    pub(crate) values: Vec<(Node, &'static Location<'static>)>,
    pub(crate) conditions: Vec<(ConditionNode, &'static Location<'static>)>,
    pub(crate) tasks: Vec<&'static Location<'static>>,
}

impl Notes {
    /// Returns the notes of a build.
    pub(crate) fn of(&self, id: u32) -> Option<&Record> {
        self.records.iter().find(|record| record.id == id)
    }

    fn of_mut(&mut self, id: u32) -> Option<&mut Record> {
        self.records.iter_mut().find(|record| record.id == id)
    }

    fn current(&mut self) -> Option<&mut Record> {
        self.open.last().and_then(|idx| self.records.get_mut(*idx))
    }
}

impl Record {
    fn note(&mut self, node: Node, location: &'static Location<'static>) -> Raw {
        self.values.push((node, location));
        Raw::new(self.id, number(self.values.len() - 1))
    }
}

/// Replaces the notes of this thread and returns the previous ones.
pub(crate) fn replace(notes: Option<Notes>) -> Option<Notes> {
    NOTES.replace(notes)
}

/// Starts a build and returns its id. New handles belong to it until it is closed or another build is started.
pub(crate) fn open_build() -> u32 {
    let id = NEXT_BUILD.fetch_add(1, Ordering::Relaxed);
    with(|notes| {
        notes.open.push(notes.records.len());
        notes.records.push(Record { id, ..Record::default() });
        Some(())
    });
    id
}

/// Ends the innermost open build.
pub(crate) fn close_build() {
    with(|notes| notes.open.pop());
}

/// Records a task of a build.
pub(crate) fn add_task(build: u32, location: &'static Location<'static>) -> TaskRef {
    let add = |notes: &mut Notes| {
        let tasks = &mut notes.of_mut(build)?.tasks;
        tasks.push(location);
        Some(TaskRef::new(build, tasks.len() - 1))
    };
    with(add).unwrap_or(TaskRef::DEAD)
}

/// Records a value in the pipeline that is being built.
#[track_caller]
pub(crate) fn note(node: Node) -> Raw {
    let location = Location::caller();
    with(|notes| Some(notes.current()?.note(node, location))).unwrap_or(Raw::DEAD)
}

/// Records a condition in the pipeline that is being built.
#[track_caller]
pub(crate) fn note_condition(node: ConditionNode) -> Raw {
    let location = Location::caller();
    let note = |notes: &mut Notes| {
        let record = notes.current()?;
        record.conditions.push((node, location));
        Some(Raw::new(record.id, number(record.conditions.len() - 1)))
    };
    with(note).unwrap_or(Raw::DEAD)
}

/// Records a value of a task, at the location of the task.
pub(crate) fn note_of_task(task: TaskRef, node: Node) -> Raw {
    let note = |notes: &mut Notes| {
        let record = notes.of_mut(task.build())?;
        let location = record.tasks.get(task.number())?;
        Some(record.note(node, location))
    };
    with(note).unwrap_or(Raw::DEAD)
}

/// Runs `change` with the notes of this thread, if there are any.
fn with<R>(change: impl FnOnce(&mut Notes) -> Option<R>) -> Option<R> {
    NOTES.with_borrow_mut(|notes| notes.as_mut().and_then(change))
}

/// Returns the number of a note. A pipeline with more than `u32::MAX` notes does not fit into memory.
fn number(idx: usize) -> u32 {
    u32::try_from(idx).unwrap_or(u32::MAX)
}
