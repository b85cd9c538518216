//! Checking: from a document that was merely read to a [`Checked`] pipeline.
//!
//! A [`Checked`] value is the proof that every rule of the model's specification holds, for the pipeline and
//! for everything that it calls. It is made here and nowhere else. This stage knows no YAML and nothing of
//! Argo but the few limits that are better told early.

mod checked;
mod ctx;
mod entries;
mod fit;
mod infer;
mod limits;
mod needs;
mod reach;
mod rules;
mod scope;
mod sites;
mod skips;
#[cfg(test)]
pub(crate) mod testing;
mod types;

pub use checked::{Checked, Node};
pub use entries::entries;
pub use needs::missing;
pub use reach::{Outcome, check};
pub(crate) use sites::for_each_own_expression;
pub(crate) use skips::{may_run_no_arm, yields};
