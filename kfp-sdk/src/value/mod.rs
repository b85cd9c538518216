//! Values: which Rust types a pipeline can carry, and what they are in documents.
//!
//! How they are read from and written as JSON is said in [`runtime`](crate::runtime).

mod artifact;
mod parameters;
mod status;
mod traits;

pub use artifact::artifact_type;
pub use traits::{NoFields, Optional, ReturnValue, Value};
