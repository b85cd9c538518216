//! Image references.

use kfp_argo::kubernetes::image_problem;
use kfp_diag::source::Tree;
use kfp_diag::{Diagnostic, codes};

use super::fixed::fixed;
use crate::cursor::Cursor;

pub(super) fn check(tree: &Tree, cursor: &Cursor<'_>, found: &mut Vec<Diagnostic>) {
    let Some(image) = fixed(tree, "image").filter(|image| !image.is_empty()) else { return };
    if let Some(problem) = image_problem(image) {
        let message = format!("invalid image `{image}`: {problem}");
        let diagnostic = Diagnostic::error(codes::ARGO_IMAGE, &cursor.place().key("image"), message);
        found.push(diagnostic.help("use a reference such as `registry.example.com/team/image:1.2`"));
    }
}
