//! What a task of a pipeline becomes: tasks of Argo, and the templates that only these call.
//!
//! A region inside of the task is left to [`region`](super::region), so that the files for kinds of tasks do not need to
//! know each other.

use std::collections::BTreeMap;

use kfp_model::{Region, Task};

use crate::lower::analyse::captured::Captured;
use crate::lower::build::scope::Scope;
use crate::lower::build::yields::Role;
use crate::lower::plan;

/// What a task of a pipeline becomes.
#[derive(Default)]
pub(in crate::lower) struct Lowered<'a> {
    /// Tasks of the DAG template around.
    pub(in crate::lower) tasks: Vec<plan::Task>,
    /// Templates that they call and that nothing else does.
    pub(in crate::lower) below: Vec<Below<'a>>,
}

/// A template that is called from one place.
pub(in crate::lower) enum Below<'a> {
    /// It is complete.
    Template(plan::Template),
    /// It is to be made of a region.
    Region(Inner<'a>),
    /// It is to be made of a part of a region.
    Part(Part<'a>),
}

/// A region in a task.
pub(in crate::lower) struct Inner<'a> {
    /// The name of its template.
    pub(in crate::lower) name: String,
    pub(in crate::lower) region: &'a Region,
    pub(in crate::lower) scope: Scope,
    pub(in crate::lower) role: Role,
    /// What the paths of its tasks start with.
    pub(in crate::lower) path: &'static str,
}

/// Some tasks of a region that is lowered in parts.
pub(in crate::lower) struct Part<'a> {
    /// The name of its template.
    pub(in crate::lower) name: String,
    pub(in crate::lower) tasks: Vec<&'a Task>,
    pub(in crate::lower) scope: Scope,
    /// What it returns, with the names of the outputs.
    pub(in crate::lower) exported: BTreeMap<Captured, String>,
}

impl<'a> Inner<'a> {
    /// A region that is called as it is.
    pub(in crate::lower) fn called(name: String, region: &'a Region, scope: Scope) -> Below<'a> {
        Below::Region(Self { name, region, scope, role: Role::Called, path: "" })
    }
}
