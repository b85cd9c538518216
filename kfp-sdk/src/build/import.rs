//! Artifacts that come from outside of a pipeline.

use super::draft::KindDraft;
use super::session;
use super::task::Task;
use crate::handle::{Expr, IntoInput, Out};
use crate::value::ArtifactKind;

/// What [`Pipeline::import`](super::Pipeline::import) gives.
pub struct Imported<T: ArtifactKind> {
    /// The artifact.
    pub artifact: Out<T>,
}

impl<T: ArtifactKind> Clone for Imported<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: ArtifactKind> Copy for Imported<T> {}

impl<T: ArtifactKind> Task<Imported<T>> {
    /// Says something about the artifact, under a name.
    pub fn metadata(self, name: &str, value: impl IntoInput<serde_json::Value>) -> Self {
        let Expr(value) = value.into_input();
        session::with_task(self.task_ref(), |draft| {
            if let KindDraft::Import(import) = &mut draft.kind {
                import.metadata.push((name.to_owned(), value));
            }
        });
        self
    }
}
