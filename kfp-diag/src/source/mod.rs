//! Source texts: JSON and YAML as trees that know their positions.
//!
//! [`text`] decodes bytes, [`tree()`] reads one document and [`manifests()`] any number of them; [`decode()`] turns a tree into
//! a typed value. What is wrong with the form of a text is a [`Fault`]; a file that is not read is [`Rejected`].
//! Everything here takes bounded time and memory. This folder alone knows the library that parses YAML.

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

/// Reads one document from JSON or YAML.
///
/// ```
/// let tree = kfp_diag::source::tree("a: [1, 2]\n")?;
/// assert_eq!(tree.get("a").map(|entry| entry.value.items().len()), Some(2));
/// # Ok::<(), kfp_diag::source::Fault>(())
/// ```
///
/// # Errors
/// The text is empty, it is neither JSON nor YAML, it holds several YAML documents, or it is too large or nested too deeply.
pub fn tree(text: &str) -> Result<Tree, Fault> {
    if form::is_empty(text) {
        return Err(Fault::new(Problem::Empty));
    }
    if is_json(text) { json::tree(text) } else { yaml::tree(text) }
}
