//! Strings without tags, which are known before the run.

use kfp_argo::tag::has_tag;
use kfp_diag::source::Tree;

/// Returns the string in the field; `None` if it contains a tag.
pub(super) fn fixed<'a>(tree: &'a Tree, field: &str) -> Option<&'a str> {
    tree.get(field)?.value.text().filter(|text| !has_tag(text))
}
