//! Secrets and config maps: where their values come from, and how they stay out of logs.
//!
//! Values are kept in memory and given to steps in their environment; nothing here writes them anywhere.

mod mask;
mod source;
mod vault;

pub(crate) use mask::{Mask, MaskedWriter};
pub use source::{Source, SourceError};
pub(crate) use vault::Vault;
