//! Formats of Kubernetes strings: names, labels, images and quantities.

mod image;
mod label;
mod name;
mod quantity;

pub use image::{image_problem, nearest_image};
pub use label::{label_key_problem, label_value_problem};
pub use name::{is_key, is_object_name, is_resource, is_variable};
pub use quantity::{bytes, is_cpu, is_memory, multiple, nearest_cpu, nearest_memory};
