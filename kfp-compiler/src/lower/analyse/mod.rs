//! Facts about a pipeline that lowering needs: functions of the program that do not depend on Argo.

pub(super) mod artifacts;
pub(super) mod captured;
pub(super) mod collections;
pub(super) mod counters;
pub(super) mod exit_limits;
pub(super) mod facts;
pub(super) mod globals;
pub(super) mod images;
pub(super) mod instances;
pub(super) mod names;
pub(super) mod order;
pub(super) mod outermost;
pub(super) mod places;
pub(super) mod pods;
pub(super) mod settings;
pub(super) mod steps;
pub(super) mod supported;
