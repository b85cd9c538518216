//! Builds the plan from the program and its facts, with one file for each kind of task.

pub(super) mod approval;
pub(super) mod branch;
pub(super) mod call;
pub(super) mod check;
pub(super) mod ctx;
pub(super) mod depends;
pub(super) mod entry;
pub(super) mod exit;
pub(super) mod exit_handler;
pub(super) mod expression;
pub(super) mod field;
pub(super) mod for_each;
pub(super) mod import;
pub(super) mod large_types;
pub(super) mod lowered;
pub(super) mod pipeline;
pub(super) mod region;
pub(super) mod runs;
pub(super) mod scope;
pub(super) mod split;
pub(super) mod typed_json;
pub(super) mod whole;
pub(super) mod yields;
