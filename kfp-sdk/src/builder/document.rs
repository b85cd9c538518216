//! Documents of pipelines, and what a test needs to run one.

use std::collections::BTreeMap;

use kfp_model::{Document, Implementation, Location, Place, Rehearsal};

use super::call::CallData;
use super::definition::PipelineDefinition;
use super::emit::Emitter;
use super::in_process::own_step;
use super::session::{ComponentDraft, Session, ensure_pipeline};

/// Builds a document with the pipelines and those that they call.
pub(crate) fn document_of(definitions: &[&'static PipelineDefinition]) -> Document {
    document_of_session(&mut session_of(definitions))
}

/// Returns what a test needs to run a call of the pipeline.
///
/// # Errors
/// An argument is not a valid constant.
pub(crate) fn rehearsal_of(
    definition: &'static PipelineDefinition,
    call: &CallData,
) -> Result<Rehearsal, String> {
    let mut session = session_of(&[definition]);
    let own = |draft: &ComponentDraft| Some((draft.definition.name.to_owned(), own_step(draft.definition)?));
    let steps: BTreeMap<_, _> = session.components.values().filter_map(own).collect();
    let document = document_of_session(&mut session);
    Ok(Rehearsal { document, pipeline: definition.name.to_owned(), arguments: call.constants()?, steps })
}

fn session_of(definitions: &[&'static PipelineDefinition]) -> Session {
    Session::collect(|| {
        for definition in definitions {
            ensure_pipeline(definition);
        }
    })
}

fn document_of_session(session: &mut Session) -> Document {
    session.builds.sort_by_key(|build| (build.definition.name, build.definition.location));
    session.components.sort_keys();
    let mut document = Document::new();
    for idx in 0..session.builds.len() {
        let pipeline = Emitter::new(session, idx, &mut document).map(Emitter::pipeline);
        document.pipelines.extend(pipeline);
    }
    for (id, draft) in &session.components {
        let place = Place::root().key("components").key(&id.0);
        component(draft, place, &mut document);
        document.components.insert(id.clone(), draft.described.component.clone());
    }
    document
}

/// Returns the key of the implementation in a document.
fn kind(implementation: &Implementation) -> &'static str {
    match implementation {
        Implementation::Rust(_) => "rust",
        Implementation::Python(_) => "python",
        Implementation::Notebook(_) => "notebook",
        Implementation::Container(_) => "container",
    }
}

/// Adds the locations and the problems of a component to the document.
fn component(draft: &ComponentDraft, place: Place, document: &mut Document) {
    document.locations.insert(place.clone(), Location::of(draft.definition.location));
    let implementation = place.key("implementation").key(kind(&draft.described.component.implementation));
    for (part, location) in &draft.described.locations {
        document.locations.insert(implementation.key(part), Location::of(location));
    }
    for (part, mistake) in &draft.described.mistakes {
        document.problems.push(mistake.clone().at(place.join(part)));
    }
    for note in draft.described.policy.notes() {
        if let Some(mistake) = &note.mistake {
            document.problems.push(mistake.clone().at(note.place(&place.key("policy"))));
        }
    }
}
