//! The result of lowering a task: DAG tasks, and the templates that only these call.
//!
//! [`region`](super::region) lowers the regions of the task, so that the modules for the kinds of tasks do not depend
//! on each other.

use std::collections::BTreeMap;

use kfp_model::{Region, Task};

use crate::lower::analyse::captured::Captured;
use crate::lower::build::scope::Scope;
use crate::lower::build::yields::Role;
use crate::lower::plan;

/// The result of lowering a task.
#[derive(Default)]
pub(in crate::lower) struct Lowered<'a> {
    /// The tasks in the DAG template of the region.
    pub(in crate::lower) tasks: Vec<plan::Task>,
    /// The templates that only these tasks call.
    pub(in crate::lower) below: Vec<Below<'a>>,
}

/// A template that is called in one place.
pub(in crate::lower) enum Below<'a> {
    /// A complete template.
    Template(plan::Template),
    /// A region that has to be lowered.
    Region(Inner<'a>),
    /// A part of a region that has to be lowered.
    Part(Part<'a>),
}

/// A region of a task.
pub(in crate::lower) struct Inner<'a> {
    /// The name of its template.
    pub(in crate::lower) name: String,
    pub(in crate::lower) region: &'a Region,
    pub(in crate::lower) scope: Scope,
    pub(in crate::lower) role: Role,
    /// The prefix of the paths of its tasks.
    pub(in crate::lower) path: &'static str,
}

/// A part of a region that is split.
pub(in crate::lower) struct Part<'a> {
    /// The name of its template.
    pub(in crate::lower) name: String,
    pub(in crate::lower) tasks: Vec<&'a Task>,
    pub(in crate::lower) scope: Scope,
    /// The values that it returns, with the names of the outputs.
    pub(in crate::lower) exported: BTreeMap<Captured, String>,
}

impl<'a> Inner<'a> {
    /// Creates a region that is called once.
    pub(in crate::lower) fn called(name: String, region: &'a Region, scope: Scope) -> Below<'a> {
        Below::Region(Self { name, region, scope, role: Role::Called, path: "" })
    }
}
