//! The forms of texts that Kubernetes reads, for the linter of manifests, which asks for the same ones.

pub use super::rules::{
    image_problem, is_key, is_object_name, is_resource, is_variable, label_key_problem, label_value_problem,
    nearest_image, nearest_memory,
};
pub use crate::quantity::multiple;
