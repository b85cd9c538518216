//! Values: the Rust types that a pipeline can carry, and their document types.
//!
//! [`runtime`](crate::runtime) reads and writes their values as JSON.

mod artifact;
mod field;
mod parameters;
mod status;
mod traits;

pub use artifact::artifact_type;
pub use field::FieldValue;
pub use traits::{NoFields, Optional, ReturnValue, Value};
