//! Reports each problem once when several rules find it.

use std::collections::{HashMap, HashSet};

use kfp_diag::{Code, Diagnostic, Severity, codes};
use kfp_model::Place;

/// Codes about the form of a value. Errors about its meaning at the same place are dropped.
const FORM: [Code; 12] = [
    codes::ARGO_FIELD,
    codes::ARGO_TYPE,
    codes::ARGO_CHOICE,
    codes::ARGO_PRUNED,
    codes::ARGO_QUANTITY,
    codes::ARGO_DURATION,
    codes::TAG_BRACES,
    codes::EXPRESSION_BRACES,
    codes::EXPRESSION_SYNTAX,
    codes::WHEN_SYNTAX,
    codes::DEPENDS_SYNTAX,
    codes::DEPENDS_RESULT,
];

/// Codes of general schema errors. They are dropped in favor of a specific rule at the same place.
const GENERAL: [Code; 6] = [
    codes::ARGO_MISSING,
    codes::ARGO_LIMIT,
    codes::ARGO_PATTERN,
    codes::ARGO_RULE,
    codes::KUBERNETES_NAME,
    codes::ARGO_MOUNT,
];

/// Keeps only the most specific errors at each place.
pub(crate) fn deduplicate(found: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let unknown: HashSet<Place> = found
        .iter()
        .filter(|diagnostic| {
            diagnostic.severity == Severity::Error
                && matches!(diagnostic.code, codes::EXPRESSION_NAME | codes::ARGO_VARIABLE)
        })
        .map(|diagnostic| diagnostic.primary.place.clone())
        .collect();
    let is_echo = |diagnostic: &Diagnostic| {
        // The type of an unknown name is unknown, so its operators are not reported.
        diagnostic.code == codes::EXPRESSION_OPERANDS && unknown.contains(&diagnostic.primary.place)
    };
    let found: Vec<Diagnostic> = found.into_iter().filter(|diagnostic| !is_echo(diagnostic)).collect();
    let mut first: HashMap<Place, u8> = HashMap::new();
    for diagnostic in found.iter().filter(|diagnostic| diagnostic.severity == Severity::Error) {
        let rank = rank(diagnostic.code);
        let least = first.entry(diagnostic.primary.place.clone()).or_insert(rank);
        *least = rank.min(*least);
    }
    let is_kept = |diagnostic: &Diagnostic| {
        first.get(&diagnostic.primary.place).is_none_or(|least| rank(diagnostic.code) <= *least)
    };
    found.into_iter().filter(is_kept).collect()
}

fn rank(code: Code) -> u8 {
    match code {
        code if FORM.contains(&code) => 0,
        code if GENERAL.contains(&code) => 2,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_specific_error_is_kept() {
        let at = |code, key: &str| Diagnostic::error(code, &Place::root().key(key), "x");
        let warning = Diagnostic::warning(codes::ARGO_UNUSED_TEMPLATE, &Place::root().key("b"), "x");
        let found = vec![
            at(codes::ARGO_PATTERN, "a"),
            at(codes::ARGO_NAME, "a"),
            at(codes::ARGO_PATTERN, "b"),
            warning,
            at(codes::ARGO_NAME, "c"),
            at(codes::ARGO_TYPE, "c"),
            at(codes::ARGO_TYPE, "c"),
        ];
        let kept: Vec<String> =
            deduplicate(found).iter().map(|kept| format!("{} {}", kept.code, kept.primary.place)).collect();
        assert_eq!(kept, ["KFP0930 /a", "KFP0907 /b", "KFP0939 /b", "KFP0903 /c", "KFP0903 /c"]);
    }
}
