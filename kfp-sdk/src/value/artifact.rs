//! Artifact kinds as types that a pipeline can carry.

use kfp_model::{ArtifactType, Type};

use super::traits::{NoFields, Value};
use crate::runtime::{
    Artifact, ArtifactKind, ClassificationMetrics, Dataset, Html, Markdown, Metrics, Model,
};

/// Returns the document type of an artifact kind.
pub fn artifact_type<T: ArtifactKind>() -> Type {
    Type::Artifact(ArtifactType { name: T::SCHEMA.to_owned(), version: T::VERSION.to_owned() })
}

macro_rules! kinds {
    ($($name:ident),*) => {$(
        impl Value for $name {
            type Fields = NoFields;
            type Optional = Option<Self>;
            type Present = Self;

            fn value_type() -> Type {
                artifact_type::<Self>()
            }
        }
    )*};
}

kinds!(Artifact, Dataset, Model, Metrics, ClassificationMetrics, Html, Markdown);

/// The code that `artifact!` adds with the feature `builder`.
#[doc(hidden)]
#[macro_export]
macro_rules! __artifact_value {
    ($name:ident) => {
        impl $crate::Value for $name {
            type Fields = $crate::NoFields;
            type Optional = ::core::option::Option<Self>;
            type Present = Self;

            fn value_type() -> $crate::__private::Type {
                $crate::__private::artifact_type::<Self>()
            }
        }

        impl $crate::Fits<$name> for $name {}
        impl $crate::Fits<::core::option::Option<$name>> for $name {}
        impl $crate::Fits<$crate::Artifact> for $name {}
        impl $crate::Fits<::core::option::Option<$crate::Artifact>> for $name {}
    };
}
