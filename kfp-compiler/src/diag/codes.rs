//! The table of codes: one row for each kind of diagnostic.

use std::fmt;

/// The code of a kind of diagnostic, as `KFP0201`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code(&'static str);

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

/// A construct that this version does not lower yet.
pub const NOT_LOWERED: Code = Code("KFP0601");
/// A step without an image.
pub const NO_IMAGE: Code = Code("KFP0602");
/// A constant in a plain container's arguments that Argo would expand.
pub const TEMPLATE_TAG: Code = Code("KFP0603");
/// More templates than the API server takes.
pub const TOO_MANY_TEMPLATES: Code = Code("KFP0604");
/// More tasks in one DAG than the API server takes.
pub const TOO_MANY_TASKS: Code = Code("KFP0605");
/// More bytes than the API server takes.
pub const TOO_LARGE: Code = Code("KFP0606");
