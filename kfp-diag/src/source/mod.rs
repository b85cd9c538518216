//! Parses JSON and YAML into trees with source positions.
//!
//! [`text`] decodes bytes, [`tree()`] parses one document and [`manifests()`] any number of them. [`decode()`] converts
//! a tree into a typed value. A [`Fault`] is a syntax or type error; a [`Rejected`] is a file with such errors. All
//! functions are bounded in time and memory. Only this module uses the YAML library.

mod decode;
mod duplicates;
mod fault;
mod form;
mod json;
mod limits;
mod manifests;
mod places;
mod rejected;
mod tree;
mod yaml;

use self::fault::Problem;

pub use decode::decode;
pub use duplicates::duplicates;
pub use fault::{Fault, Located};
pub use form::{is_json, text};
pub use json::may_have_duplicates;
pub use manifests::{Manifests, manifests};
pub use places::Places;
pub use rejected::Rejected;
pub use tree::{Entry, Node, Tree};

/// Parses one document in JSON or YAML.
///
/// ```
/// let tree = kfp_diag::source::tree("a: [1, 2]\n")?;
/// assert_eq!(tree.get("a").map(|entry| entry.value.items().len()), Some(2));
/// # Ok::<(), kfp_diag::source::Fault>(())
/// ```
///
/// # Errors
/// The text is empty, has a syntax error, contains several YAML documents, is too large or is nested too deeply.
pub fn tree(text: &str) -> Result<Tree, Fault> {
    if form::is_empty(text) {
        return Err(Fault::new(Problem::Empty));
    }
    if is_json(text) { json::tree(text) } else { yaml::tree(text) }
}
