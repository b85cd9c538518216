//! Texts that are known before the run.

use kfp_argo::tag::has_tag;
use kfp_diag::source::Tree;

/// The text of a field, where it is one that is known before the run.
pub(super) fn fixed<'a>(tree: &'a Tree, field: &str) -> Option<&'a str> {
    tree.get(field)?.value.text().filter(|text| !has_tag(text))
}
