//! The variables that tags and expressions can read at each position of a manifest.
//!
//! The main type is [`VariableScope`]: a position and the variables available there. [`for_each_text`] visits every
//! string of a manifest together with its scope.

mod node;
mod scope;
mod walk;

pub(crate) use scope::{Lookup, Missing, Site, VariableScope};
pub(crate) use walk::{Form, Text, for_each_text};
