//! Secrets and config maps: the sources of their values, and their protection.
//!
//! Values are kept in memory and passed to steps in their environment; they are not written to files here. The output
//! of a step goes through a [`MaskedWriter`], its messages through a [`Mask`], and an output that contains a secret is
//! refused ([`refusal()`]). The values of config maps are not secret.

mod mask;
mod refusal;
mod source;
mod vault;

pub(crate) use kfp_model::{Mask, split_credentials};
pub(crate) use mask::MaskedWriter;
pub(crate) use refusal::{refusal, without_secrets};
pub use source::{ValueSource, ValueSourceError};
pub(crate) use vault::Vault;
