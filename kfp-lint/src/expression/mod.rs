//! Checks of the small languages in manifests: expressions, conditions and `depends`, as parsed by `kfp_argo`.
//!
//! Problems have spans, which are byte ranges of the source text. The caller defines the names in a [`Scope`]; this
//! module does not depend on workflows.
//!
//! - [`check()`] checks an expression in a scope.
//! - [`when()`] checks a `when` condition, which is a different language.
//! - [`depends()`] checks a `depends`.

mod check;
mod depends;
mod hyphen;
mod pattern;
mod problem;
mod scope;
mod status;
mod when;

pub use check::{Checked, Kind, check};
pub use depends::{Dependency, Depends, depends};
pub(crate) use hyphen::{hyphenated, in_expression};
pub use problem::{Impact, Problem};
pub use scope::{Names, Scope, Variable};
pub use when::when;
