//! The compiler: reads pipeline documents, checks them, lowers them to Argo Workflows and writes those.
//!
//! The module tree is the data flow: [`read`] → [`check`] → [`lower`] → [`emit`]. [`Checked`](check::Checked)
//! is the only door from the first half into the second, and into the runner: a backend never sees a pipeline
//! that was not checked. What is wrong is reported as [`kfp_diag::Diagnostic`]s.
//!
//! This crate prints nothing and reads neither files nor the environment nor the clock; what it needs from
//! outside comes in as an argument.

pub mod check;
pub mod diff;
pub mod digest;
pub mod emit;
mod growth;
pub mod lower;
pub mod read;
pub mod shim;
