//! The kinds of artifacts.

use kfp_model::{ArtifactType, Type};

use super::{NoFields, Value};

/// A kind of artifact: what a step takes as [`Input`](crate::Input) and gives as [`Output`](crate::Output).
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no kind of artifact",
    label = "not an artifact",
    note = "artifacts are `Dataset`, `Model`, `Metrics`, `ClassificationMetrics`, `Html`, `Markdown` and \
            `Artifact`; a parameter is taken and returned as it is, without `Input` and `Output`"
)]
pub trait ArtifactKind: Value {
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

        impl Value for $name {
            type Fields = NoFields;
            type Optional = Option<Self>;

            fn value_type() -> Type {
                Type::Artifact(ArtifactType {
                    name: Self::SCHEMA.to_owned(),
                    version: Self::VERSION.to_owned(),
                })
            }
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
    /// Numbers that tell how good something is.
    Metrics = "system.Metrics";
    /// What tells how good a classifier is.
    ClassificationMetrics = "system.ClassificationMetrics";
    /// A page to look at.
    Html = "system.HTML";
    /// A text to look at.
    Markdown = "system.Markdown";
}
