//! The compiler: reads pipeline documents, checks them, lowers them to Argo Workflows and writes those.
//!
//! The module tree is the data flow: [`read`] → [`check`] → [`lower`] → [`emit`]. [`Checked`](check::Checked)
//! is the only door from the first half into the second, and into the runner: a backend never sees a pipeline
//! that was not checked. What is wrong is told in [`diag::Diagnostic`]s.
//!
//! This crate prints nothing and reads neither files nor the environment nor the clock; what it needs from
//! outside comes in as an argument.

pub mod argo;
pub mod check;
pub mod dag;
pub mod diag;
pub mod diff;
pub mod digest;
pub mod emit;
pub mod lower;
pub mod printable;
mod quantity;
pub mod read;
pub mod shim;
