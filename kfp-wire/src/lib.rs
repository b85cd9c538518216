//! What passes between steps and whatever runs them: [values](value) as text, the names of environment variables, and
//! the [`Mask`] that finds secrets in text.
//!
//! The runtime of steps, the compiler and the runner agree on this. Nothing here knows of pipelines, files or Argo.

mod environment;
mod mask;
pub mod value;

pub use environment::{MASKED_VARIABLES, RETRIES_VARIABLE, SECRET_PREFIX, secret_variable};
pub use mask::{Mask, MaskStream};
