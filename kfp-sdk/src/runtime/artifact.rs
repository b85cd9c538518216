//! The kinds of artifacts.

/// A kind of artifact: what a step takes as [`Input`](crate::Input) and gives as [`Output`](crate::Output).
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no kind of artifact",
    label = "not an artifact",
    note = "artifacts are `Dataset`, `Model`, `Metrics`, `ClassificationMetrics`, `Html`, `Markdown`, `Artifact` \
            and what `kfp_sdk::artifact!` makes; a parameter is taken and returned as it is, without `Input` and \
            `Output`"
)]
pub trait ArtifactKind: 'static {
    /// The title of the schema, as `system.Model`.
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
    /// Any artifact: an input of this kind takes all the others.
    Artifact = "system.Artifact";
    /// Data.
    Dataset = "system.Dataset";
    /// A trained model.
    Model = "system.Model";
    /// Numbers that measure how good something is.
    Metrics = "system.Metrics";
    /// Measurements of a classifier, such as a confusion matrix.
    ClassificationMetrics = "system.ClassificationMetrics";
    /// A page to look at.
    Html = "system.HTML";
    /// A text to look at.
    Markdown = "system.Markdown";
}

/// Makes kinds of artifacts of your own, by the title of their schema.
///
/// Such a kind fits its own inputs, and those of kind [`Artifact`]. Titles are written with a name before a dot that
/// says whose they are; the version of the schema is `0.0.1` where none is given.
///
/// ```
/// use kfp_sdk::prelude::*;
///
/// kfp_sdk::artifact! {
///     /// Vectors of texts, to be searched.
///     pub Index = "search.Index";
///     /// Words and how often they occur.
///     pub Vocabulary = "search.Vocabulary", "1.2.0";
/// }
///
/// /// Write the vectors.
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
