//! What steps exchange with their surroundings: encoded [values](value), the names of environment variables, the class
//! of a failure, the [`Mask`] that finds secrets in text, and functions that remove credentials from URLs.
//!
//! The runtime of steps, the compiler and the runner share these formats. Pipelines, files and Argo are out of scope.

mod class;
mod credentials;
mod environment;
mod mask;
pub mod value;

pub use class::FailureClass;
pub use credentials::{split_credentials, without_credentials};
pub use environment::{
    DIGEST_LIMIT_VARIABLE, MASKED_VARIABLES, RETRIES_VARIABLE, SECRET_PREFIX, secret_variable,
};
pub use mask::{Mask, MaskStream};
