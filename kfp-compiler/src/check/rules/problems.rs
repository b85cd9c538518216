//! Reports the problems that the writer of the document recorded.

use kfp_diag::{Diagnostic, codes};
use kfp_model::Document;

use crate::check::calls::CallGraph;

pub(super) fn check(document: &Document, _calls: &CallGraph<'_>, found: &mut Vec<Diagnostic>) {
    for problem in &document.problems {
        found.push(Diagnostic::error(codes::AUTHOR, &problem.place, &problem.message));
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::check::testing::{check_with, load};

    #[test]
    fn problems_are_errors() {
        let problem = json!({"place": "/components/load", "message": "invalid duration `soon`"});
        check_with(
            &[("/problems", json!([problem])), ("tasks", json!([load()]))],
            &["KFP0111 /components/load: invalid duration `soon`"],
        );
    }
}
