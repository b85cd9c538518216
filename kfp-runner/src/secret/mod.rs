//! Secrets and config maps: where their values come from, and how they stay out of everything that leaves a step.
//!
//! Values are kept in memory and passed to steps in their environment; nothing here writes them anywhere. What a
//! step prints goes through a [`MaskedWriter`], its messages through a [`Mask`], and an output that contains a secret
//! is refused ([`refusal()`]). The values of config maps are not secret.

mod credentials;
mod mask;
mod refusal;
mod source;
mod vault;

pub(crate) use credentials::split_credentials;
pub(crate) use kfp_model::Mask;
pub(crate) use mask::MaskedWriter;
pub(crate) use refusal::{refusal, without_secrets};
pub use source::{Source, SourceError};
pub(crate) use vault::Vault;
