//! The pipelines that are being built on this thread.
//!
//! Operations on handles have no `p` at hand, so the notes are found through a variable of the thread. It is
//! never borrowed while code of users runs.

use std::cell::RefCell;
use std::panic::Location;
use std::sync::atomic::{AtomicU32, Ordering};

use indexmap::IndexMap;
use kfp_model::ComponentId;

use super::component::Described;
use super::definition::{ComponentDefinition, PipelineDefinition};
use super::draft::{Build, TaskDraft};
use super::pipeline::Pipeline;
use super::task::TaskRef;
use crate::handle::{ConditionNode, Node, Raw};

thread_local! {
    static SESSION: RefCell<Option<Session>> = const { RefCell::new(None) };
}

/// The number of the next build; 0 belongs to handles of no pipeline.
static NEXT_BUILD: AtomicU32 = AtomicU32::new(1);

/// All that one document is made of.
#[derive(Default)]
pub(super) struct Session {
    pub(super) builds: Vec<Build>,
    /// The builds whose functions are being run, the innermost one last.
    open: Vec<usize>,
    pub(super) components: IndexMap<ComponentId, ComponentDraft>,
}

/// A component that is called by at least one task.
pub(super) struct ComponentDraft {
    pub(super) definition: &'static ComponentDefinition,
    pub(super) described: Described,
}

impl Session {
    /// Runs `body` with a new session and gives what it left. The session before, if there is one, goes on
    /// afterwards, also where `body` panics.
    pub(super) fn collect(body: impl FnOnce()) -> Self {
        struct Restore(Option<Session>);
        impl Drop for Restore {
            fn drop(&mut self) {
                SESSION.with_borrow_mut(|session| *session = self.0.take());
            }
        }
        let _restore = Restore(SESSION.with_borrow_mut(|session| session.replace(Self::default())));
        body();
        SESSION.with_borrow_mut(|session| session.take().unwrap_or_default())
    }

    fn build(&mut self, id: u32) -> Option<&mut Build> {
        self.builds.iter_mut().find(|build| build.id == id)
    }

    fn current(&mut self) -> Option<&mut Build> {
        self.open.last().and_then(|idx| self.builds.get_mut(*idx))
    }
}

/// Runs `change` with the notes of a build, if it belongs to this session.
pub(super) fn with_build<R>(id: u32, change: impl FnOnce(&mut Build) -> R) -> Option<R> {
    SESSION.with_borrow_mut(|session| session.as_mut()?.build(id).map(change))
}

/// Runs `change` with the notes of a task, if it belongs to this session.
pub(super) fn with_task(task: TaskRef, change: impl FnOnce(&mut TaskDraft)) {
    with_build(task.build(), |build| build.tasks.get_mut(task.number()).map(change));
}

/// Notes a value of the pipeline that is being built.
#[track_caller]
pub(crate) fn note(node: Node) -> Raw {
    let location = Location::caller();
    let note = |session: &mut Option<Session>| Some(session.as_mut()?.current()?.note(node, location));
    SESSION.with_borrow_mut(note).unwrap_or(Raw::DEAD)
}

/// Notes a condition of the pipeline that is being built.
#[track_caller]
pub(crate) fn note_condition(node: ConditionNode) -> Raw {
    let location = Location::caller();
    let note =
        |session: &mut Option<Session>| Some(session.as_mut()?.current()?.note_condition(node, location));
    SESSION.with_borrow_mut(note).unwrap_or(Raw::DEAD)
}

/// Notes a value that a task makes, which is located where the task is.
pub(super) fn note_of_task(task: TaskRef, node: Node) -> Raw {
    let note = |build: &mut Build| {
        let location = build.tasks.get(task.number())?.location;
        Some(build.note(node, location))
    };
    with_build(task.build(), note).flatten().unwrap_or(Raw::DEAD)
}

/// Runs the function of a pipeline, unless that has been done in this session or is being done.
pub(super) fn ensure_pipeline(definition: &'static PipelineDefinition) {
    let open = |session: &mut Option<Session>| {
        let session = session.as_mut()?;
        if session.builds.iter().any(|build| build.definition.is(definition)) {
            return None;
        }
        let id = NEXT_BUILD.fetch_add(1, Ordering::Relaxed);
        session.open.push(session.builds.len());
        session.builds.push(Build::new(id, definition));
        Some(id)
    };
    let Some(id) = SESSION.with_borrow_mut(open) else { return };
    let _close = Close;
    let yields = (definition.build)(&Pipeline::of(id));
    with_build(id, |build| {
        build.regions[0].yields = yields.into_iter().map(|(name, raw)| (name.to_owned(), raw)).collect();
    });
}

/// Ends the innermost build of the session, also where the pipeline's function panics.
struct Close;

impl Drop for Close {
    fn drop(&mut self) {
        SESSION.with_borrow_mut(|session| session.as_mut().and_then(|session| session.open.pop()));
    }
}

/// The id of a component in the document.
///
/// A second component of the same name gets an id of its own, so that the compiler sees both and reports
/// the conflict.
pub(super) fn ensure_component(definition: &'static ComponentDefinition) -> ComponentId {
    let known = |session: &Option<Session>| {
        let components = &session.as_ref()?.components;
        components.iter().find(|(_, draft)| draft.definition.is(definition)).map(|(id, _)| id.clone())
    };
    if let Some(id) = SESSION.with_borrow(known) {
        return id;
    }
    // Outside of every borrow, as defaults are expressions of users.
    let described = (definition.describe)();
    SESSION.with_borrow_mut(|session| {
        let mut id = ComponentId(definition.name.to_owned());
        if let Some(session) = session {
            let mut number = 1;
            while session.components.contains_key(&id) {
                number += 1;
                id = ComponentId(format!("{}-{number}", definition.name));
            }
            session.components.insert(id.clone(), ComponentDraft { definition, described });
        }
        id
    })
}
