//! Artifact kinds.

/// An artifact kind, for [`Input`](crate::Input) and [`Output`](crate::Output).
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an artifact kind",
    label = "not an artifact kind",
    note = "artifact kinds are `Dataset`, `Model`, `Metrics`, `ClassificationMetrics`, `Html`, `Markdown`, \
            `Artifact`, and those defined with `kfp_sdk::artifact!`; use parameters without `Input` and `Output`"
)]
pub trait ArtifactKind: 'static {
    /// The title of the schema, such as `system.Model`.
    const SCHEMA: &'static str;
    /// The version of the schema.
    const VERSION: &'static str = "0.0.1";
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $schema:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Debug)]
        pub enum $name {}

        impl ArtifactKind for $name {
            const SCHEMA: &'static str = $schema;
        }
    )*};
}

kinds! {
    /// Any artifact. An input of this kind accepts all kinds.
    Artifact = "system.Artifact";
    /// A dataset.
    Dataset = "system.Dataset";
    /// A trained model.
    Model = "system.Model";
    /// Named numbers, such as the accuracy of a model.
    Metrics = "system.Metrics";
    /// Metrics of a classifier, such as a confusion matrix.
    ClassificationMetrics = "system.ClassificationMetrics";
    /// An HTML page.
    Html = "system.HTML";
    /// A Markdown text.
    Markdown = "system.Markdown";
}

/// Returns whether an artifact of the kind with that schema is complete without a file if it has metadata.
pub(super) fn is_metrics(schema: &str) -> bool {
    [Metrics::SCHEMA, ClassificationMetrics::SCHEMA].contains(&schema)
}

/// Defines artifact kinds by the titles of their schemas.
///
/// Artifacts of such a kind can be passed to inputs of the same kind and of kind [`Artifact`]. A title has a prefix
/// and a dot, such as `search.`, to avoid conflicts. The default version of a schema is `0.0.1`.
///
/// ```
/// use kfp_sdk::prelude::*;
///
/// kfp_sdk::artifact! {
///     /// A search index of text embeddings.
///     pub Index = "search.Index";
///     /// Words and their frequencies.
///     pub Vocabulary = "search.Vocabulary", "1.2.0";
/// }
///
/// /// Build a search index.
/// #[component]
/// fn build_index(words: Input<Vocabulary>, index: Output<Index>) -> Result<()> {
///     index.metadata("dimensions", 384);
///     Ok(std::fs::write(index.path(), std::fs::read(words.path())?)?)
/// }
/// ```
#[macro_export]
macro_rules! artifact {
    ($($(#[$doc:meta])* $visibility:vis $name:ident = $schema:literal $(, $version:literal)?;)*) => {$(
        $(#[$doc])*
        #[derive(Debug)]
        $visibility enum $name {}

        impl $crate::ArtifactKind for $name {
            const SCHEMA: &'static str = $schema;
            $(const VERSION: &'static str = $version;)?
        }

        $crate::__artifact_value!($name);
    )*};
}
