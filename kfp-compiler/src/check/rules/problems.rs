//! Reports the problems that the writer of the document recorded.

use kfp_diag::{Code, Diagnostic, Severity, codes};
use kfp_model::{Document, Place, Problem};

use crate::check::calls::CallGraph;

pub(super) fn check(document: &Document, _calls: &CallGraph<'_>, found: &mut Vec<Diagnostic>) {
    found.extend(recorded_problems(document));
}

/// Returns the problems that the writer of the document recorded, as errors.
///
/// [`check`](crate::check::check) reports them too, but requires a pipeline, and a document with problems may have none.
pub fn recorded_problems(document: &Document) -> impl Iterator<Item = Diagnostic> {
    document.problems.iter().map(|Problem { place, code, message, help, edit }| {
        let code = code.as_deref().and_then(Code::parse).unwrap_or(codes::AUTHOR);
        let diagnostic = Diagnostic::error(code, place, message);
        match (help, edit) {
            (Some(help), Some(edit)) => diagnostic.replace(help, &edit.from, &edit.to),
            (Some(help), None) => diagnostic.help(help),
            (None, _) => diagnostic,
        }
    })
}

/// Returns whether a problem explains the other diagnostic: the writer of a document replaces a value with a problem by
/// `null`, which has another type and is constant.
pub(in crate::check) fn is_echo(document: &Document, other: &Diagnostic) -> bool {
    let is_within = |part: &Place, whole: &Place| {
        let rest = part.as_str().strip_prefix(whole.as_str());
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    let place = &other.primary.place;
    let is_explained = |Problem { place: known, .. }: &Problem| {
        is_within(place, known) || other.severity == Severity::Warning && is_within(known, place)
    };
    let is_same = |problem: &Problem| problem.place == *place && problem.message == other.message;
    !document.problems.iter().any(is_same) && document.problems.iter().any(is_explained)
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

    #[test]
    fn problems_have_the_codes_of_rules() {
        let problem = |code: &str| json!({"place": "/components/load", "code": code, "message": "invalid duration `soon`"});
        for (code, expected) in [("KFP0702", "KFP0702"), ("KFP9999", "KFP0111")] {
            check_with(
                &[("/problems", json!([problem(code)])), ("tasks", json!([load()]))],
                &[&format!("{expected} /components/load: invalid duration `soon`")],
            );
        }
    }

    #[test]
    fn a_value_with_a_problem_has_no_other_errors() {
        let place = "/pipelines/0/root/tasks/0/kind/call/arguments/path";
        let problem = json!({"place": place, "message": "invalid constant"});
        let mut task = load();
        task["kind"]["call"]["arguments"]["path"] = json!({"constant": null});
        let tasks = ("tasks", json!([task]));
        check_with(
            &[("/problems", json!([problem])), tasks],
            &["KFP0111 tasks/0/kind/call/arguments/path: invalid constant"],
        );
    }
}
