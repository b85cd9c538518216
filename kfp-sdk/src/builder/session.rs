//! The pipelines that are being built on this thread, and the components that they call.
//!
//! They are kept in a thread-local variable, which is never borrowed while user code runs.

use std::cell::RefCell;
use std::panic::Location;

use indexmap::IndexMap;
use kfp_model::ComponentId;

use super::component::Described;
use super::definition::{ComponentDefinition, PipelineDefinition};
use super::draft::{Build, TaskDraft};
use super::pipeline::Pipeline;
use crate::notes::{self, Notes, TaskRef};

thread_local! {
    static SESSION: RefCell<Option<Session>> = const { RefCell::new(None) };
}

/// The parts of one document.
#[derive(Default)]
pub(super) struct Session {
    pub(super) builds: Vec<Build>,
    pub(super) components: IndexMap<ComponentId, ComponentDraft>,
    pub(super) notes: Notes,
}

/// A component that is called by at least one task.
pub(super) struct ComponentDraft {
    pub(super) definition: &'static ComponentDefinition,
    pub(super) described: Described,
}

impl Session {
    /// Runs `body` in a new session and returns the session. Afterwards the previous session is restored, even if
    /// `body` panics.
    pub(super) fn collect(body: impl FnOnce()) -> Self {
        struct Restore(Option<Session>, Option<Notes>);
        impl Drop for Restore {
            fn drop(&mut self) {
                SESSION.replace(self.0.take());
                notes::replace(self.1.take());
            }
        }
        let _restore =
            Restore(SESSION.replace(Some(Self::default())), notes::replace(Some(Notes::default())));
        body();
        let session = SESSION.take().unwrap_or_default();
        Self { notes: notes::replace(None).unwrap_or_default(), ..session }
    }
}

/// Runs `change` with a build, if it belongs to this session.
pub(super) fn with_build<R>(id: u32, change: impl FnOnce(&mut Build) -> R) -> Option<R> {
    SESSION.with_borrow_mut(|session| {
        session.as_mut()?.builds.iter_mut().find(|build| build.id == id).map(change)
    })
}

/// Runs `change` with a task, if it belongs to this session.
pub(super) fn with_task(task: TaskRef, change: impl FnOnce(&mut TaskDraft)) {
    with_build(task.build(), |build| build.tasks.get_mut(task.number()).map(change));
}

/// Makes a task run after another one.
#[track_caller]
pub(super) fn add_after(task: TaskRef, before: TaskRef) {
    let location = Location::caller();
    with_task(task, |draft| draft.after.push((before, location)));
}

/// Builds a pipeline, unless it is built already or being built in this session.
pub(super) fn ensure_pipeline(definition: &'static PipelineDefinition) {
    let open = |session: &mut Option<Session>| {
        let builds = &mut session.as_mut()?.builds;
        if builds.iter().any(|build| build.definition.is(definition)) {
            return None;
        }
        let id = notes::open_build();
        builds.push(Build::new(id, definition));
        Some(id)
    };
    let Some(id) = SESSION.with_borrow_mut(open) else { return };
    let _close = Close;
    let yields = (definition.build)(&Pipeline::of(id));
    with_build(id, |build| {
        build.regions[0].yields = yields.into_iter().map(|(name, raw)| (name.to_owned(), raw)).collect();
    });
}

/// Ends the innermost build when dropped, even if the pipeline's function panics.
struct Close;

impl Drop for Close {
    fn drop(&mut self) {
        notes::close_build();
    }
}

/// Adds a component to the session if necessary, and returns its id in the document.
///
/// A second component with the same name gets a different id, so that the compiler sees both and reports the conflict.
pub(super) fn ensure_component(definition: &'static ComponentDefinition) -> ComponentId {
    let known = |session: &Option<Session>| {
        let components = &session.as_ref()?.components;
        components.iter().find(|(_, draft)| draft.definition.is(definition)).map(|(id, _)| id.clone())
    };
    if let Some(id) = SESSION.with_borrow(known) {
        return id;
    }
    // Not while the session is borrowed: defaults are user code.
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
