//! The compiler: reads pipeline documents, checks them and compiles them to Argo Workflows.
//!
//! The module tree is the data flow: [`read`] → [`check`] → [`lower`] or [`emit`]. [`check`] produces a
//! [`Program`](check::Program), which is the input of all other stages and of the runner, so no backend sees an
//! unchecked pipeline. [`compile`](compile::compile) lowers a program and checks the workflow with the linter. Errors
//! are reported as [`kfp_diag::Diagnostic`]s.
//!
//! This crate does not print, and does not access files, the environment or the clock; everything that it needs is an
//! argument.

pub mod check;
pub mod compile;
mod dag_names;
pub mod diff;
pub mod digest;
pub mod emit;
mod growth;
pub mod lower;
pub mod read;
pub mod shim;
