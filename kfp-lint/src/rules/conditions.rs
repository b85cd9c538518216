//! The conditions of a resource template: comma-separated requirements on fields of the resource.

use kfp_argo::tag::has_tag;
use kfp_diag::{Diagnostic, codes};

use crate::view::YamlNode;

/// Parts of expressions that requirements do not have, with what to write instead.
const OF_EXPRESSIONS: [(&str, &str); 6] = [
    ("&&", "use a comma between requirements"),
    ("||", "use `in`, such as `status.phase in (Succeeded, Completed)`"),
    (">=", "use `>` with the next smaller integer"),
    ("<=", "use `<` with the next larger integer"),
    ("\"", "remove the quotes"),
    ("'", "remove the quotes"),
];

/// Reports conditions that are expressions.
pub(super) fn check(resource: &YamlNode<'_>, found: &mut Vec<Diagnostic>) {
    for key in ["successCondition", "failureCondition"] {
        let Some(condition) = resource.get(key) else { continue };
        let Some(text) = condition.text().filter(|text| !has_tag(text)) else { continue };
        let Some((part, help)) = OF_EXPRESSIONS.into_iter().find(|(part, _)| text.contains(part)) else {
            continue;
        };
        let message = format!("invalid `{key}`: unexpected `{part}`");
        found.push(
            Diagnostic::error(codes::ARGO_RESOURCE, &condition.place, message)
                .note("a condition is a comma-separated list of requirements, such as `status.succeeded > 0, status.phase != Failed`")
                .help(help),
        );
    }
}
