//! What a tag or an expression may read, in each place of a manifest.
//!
//! The main type is [`Sight`]: a place, and what can be seen from it. [`for_each_text`] visits every text of a
//! manifest together with the sight from there.

mod node;
mod sight;
mod walk;

pub(crate) use sight::{Missing, Sight, Site, Verdict};
pub(crate) use walk::{Form, Text, for_each_text};
