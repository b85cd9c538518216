//! Artifacts that are imported into a pipeline.

use std::panic::Location;

use super::draft::{ImportDraft, KindDraft, TaskDraft};
use super::pipeline::Pipeline;
use super::session;
use super::task::Task;
use crate::handle::{Expr, IntoInput, Out};
use crate::runtime::ArtifactKind;
use crate::value::Value;

/// The output of [`Pipeline::import`](super::Pipeline::import).
pub struct Imported<T: ArtifactKind + Value> {
    /// The handle of the imported artifact.
    pub artifact: Out<T>,
}

impl<T: ArtifactKind + Value> Clone for Imported<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: ArtifactKind + Value> Copy for Imported<T> {}

impl Pipeline {
    /// Imports the file or folder at a URI as an artifact.
    ///
    /// A local run can import local files. On a cluster, the URI must be below the pipeline root, from which nothing is
    /// copied, or in a store that `kfpc.toml` declares.
    ///
    /// ```
    /// # use kfp_sdk::prelude::*;
    /// # #[component]
    /// # fn count_rows(rows: Input<Dataset>) -> Result<()> {
    /// #     let _ = rows;
    /// #     Ok(())
    /// # }
    /// #[pipeline]
    /// fn count(p: &Pipeline, year: In<i64>) {
    ///     let rows = p.import::<Dataset>("s3://bucket/data/rows.csv").metadata("origin", "a survey");
    ///     p.add(CountRows::new().rows(rows.artifact));
    ///     let more = p.import::<Dataset>(text!("lake://rows/{year}.csv"));
    ///     p.add(CountRows::new().rows(more.artifact));
    /// }
    /// # assert!(Count::definition().problems.is_empty());
    /// ```
    #[track_caller]
    pub fn import<T: ArtifactKind + Value>(&self, uri: impl IntoInput<String>) -> Task<Imported<T>> {
        let Expr(uri) = uri.into_input();
        let import = ImportDraft { uri, r#type: T::value_type(), metadata: Vec::new() };
        let task = self.add_draft(TaskDraft::new("import", KindDraft::Import(import)), Location::caller());
        Task::new(task, Imported { artifact: task.output("artifact") })
    }
}

impl<T: ArtifactKind + Value> Task<Imported<T>> {
    /// Sets metadata of the artifact.
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
