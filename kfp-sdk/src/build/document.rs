//! The document of pipelines.

use kfp_model::{Document, Location, Place, Problem};

use super::definition::PipelineDefinition;
use super::emit::Emitter;
use super::session::{ComponentDraft, Session, ensure_pipeline};

/// Builds the pipelines, and those that they call, into one document.
pub(crate) fn document_of(definitions: &[&'static PipelineDefinition]) -> Document {
    let mut session = Session::collect(|| {
        for definition in definitions {
            ensure_pipeline(definition);
        }
    });
    session.builds.sort_by_key(|build| (build.definition.name, build.definition.location));
    session.components.sort_keys();
    let mut document = Document::new();
    for idx in 0..session.builds.len() {
        let pipeline = Emitter::new(&session, idx, &mut document).pipeline();
        document.pipelines.push(pipeline);
    }
    for (id, draft) in &session.components {
        let place = Place::root().key("components").key(&id.0);
        component(draft, &place, &mut document);
        document.components.insert(id.clone(), draft.described.component.clone());
    }
    document
}

/// Notes where a component is and what is wrong with it.
fn component(draft: &ComponentDraft, place: &Place, document: &mut Document) {
    document.locations.insert(place.clone(), Location::of(draft.definition.location));
    for message in &draft.described.problems {
        document.problems.push(Problem { place: place.clone(), message: message.clone() });
    }
    for note in draft.described.policy.notes() {
        if let Some(message) = &note.problem {
            let place = note.place(&place.key("policy"));
            document.problems.push(Problem { place, message: message.clone() });
        }
    }
}
