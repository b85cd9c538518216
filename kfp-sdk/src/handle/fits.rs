//! Which handles fit which inputs: the assignability rule of `kfp-model` as a trait.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::final_status::FinalStatus;
use crate::runtime::{
    Artifact, ClassificationMetrics, Dataset, Failure, FailureClass, Html, Markdown, Metrics, Model, Secret,
    State,
};

/// A type whose values are accepted where a `T` is expected.
pub trait Fits<T> {}

/// Implements [`Fits`] for the types that a type fits, and for options of them.
macro_rules! fits {
    ($($type:ty => $($expected:ty),+;)*) => {$($(
        impl Fits<$expected> for $type {}
        impl Fits<Option<$expected>> for $type {}
    )+)*};
}

fits! {
    String => String, Json;
    bool => bool, Json;
    i32 => i32, i64, f64, Json;
    u32 => u32, i64, f64, Json;
    i64 => i64, f64, Json;
    f32 => f32, f64, Json;
    f64 => f64, Json;
    Json => Json;
    Secret => Secret;
    FinalStatus => FinalStatus, Json;
    Failure => Failure, Json;
    State => State, String, Json;
    FailureClass => FailureClass, String, Json;
    Artifact => Artifact;
    Dataset => Dataset, Artifact;
    Model => Model, Artifact;
    Metrics => Metrics, Artifact;
    ClassificationMetrics => ClassificationMetrics, Artifact;
    Html => Html, Artifact;
    Markdown => Markdown, Artifact;
}

impl<A: Fits<B>, B> Fits<Vec<B>> for Vec<A> {}
impl<A: Fits<B>, B> Fits<Option<Vec<B>>> for Vec<A> {}
impl<A: Fits<B>, B> Fits<BTreeMap<String, B>> for BTreeMap<String, A> {}
impl<A: Fits<B>, B> Fits<Option<BTreeMap<String, B>>> for BTreeMap<String, A> {}
impl<A: Fits<B>, B> Fits<Option<B>> for Option<A> {}

/// Implements `Fits<Json>` for collections of types that fit JSON.
macro_rules! fits_json {
    ($($type:ty),+) => {$(
        impl<A: Fits<Json>> Fits<Json> for $type {}
    )+};
}

fits_json!(Vec<A>, BTreeMap<String, A>, Option<A>);
impl<A: Fits<Json>> Fits<Option<Json>> for Vec<A> {}
impl<A: Fits<Json>> Fits<Option<Json>> for BTreeMap<String, A> {}
