//! The compiler: reads pipeline documents, checks them and compiles them to Argo Workflows.
//!
//! The module tree is the data flow: [`read`] → [`check`] → [`lower`] → [`emit`]. A [`Program`](check::Program) is the
//! only way from the first half into the second, and into the runner: a backend never sees a pipeline that was not
//! checked. [`compile`](compile::compile) lowers a program and has the linter of manifests check the workflow. Mistakes
//! are reported as [`kfp_diag::Diagnostic`]s.
//!
//! This crate prints nothing and reads neither files nor the environment nor the clock; what it needs from
//! outside comes in as an argument.

pub mod check;
pub mod compile;
pub mod diff;
pub mod digest;
pub mod emit;
mod growth;
pub mod lower;
pub mod read;
pub mod shim;
