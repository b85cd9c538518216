//! Diagnosis of the small languages in manifests: expressions, conditions and `depends`, as `kfp_argo` reads them.
//!
//! Problems have places, which are ranges of bytes in the text. What the names in a text mean is defined by the caller,
//! as a [`Scope`]; nothing here knows workflows.
//!
//! - [`check()`] reports what is wrong with an expression in a scope.
//! - [`when()`] reports what is wrong with a condition, which is another language.
//! - [`depends()`] reports what is wrong with a `depends`.

mod check;
mod depends;
mod pattern;
mod problem;
mod scope;
mod when;

pub use check::{Checked, Kind, check};
pub use depends::{Dependency, Depends, depends};
pub use problem::{Gravity, Problem};
pub use scope::{Names, Scope, Variable};
pub use when::when;
