//! Checks functions with a predicate for each item of a list.

use kfp_argo::expression::NodeId;
use kfp_diag::codes;

use super::Pass;
use super::builtin::mistyped;
use super::kind::Kind;
use super::walk::Walk;

const NONE: &[(&str, Kind)] = &[];
const INDEX: &[(&str, Kind)] = &[("index", Kind::Integer)];
const REDUCED: &[(&str, Kind)] = &[("index", Kind::Integer), ("acc", Kind::Unknown)];

impl Walk<'_> {
    /// Checks a call with a predicate and returns its type; `None` if the function has no predicate.
    pub(super) fn with_predicate(&mut self, name: &str, arguments: &[NodeId]) -> Option<Kind> {
        let pointers = match name {
            "all" | "none" | "any" | "one" | "filter" | "find" | "findIndex" | "findLast"
            | "findLastIndex" | "count" | "groupBy" | "sortBy" | "sum" => NONE,
            "map" => INDEX,
            "reduce" => REDUCED,
            _ => return None,
        };
        let (list, rest) = arguments.split_first()?;
        let items = self.items(name, *list);
        let given = rest.first().map(|predicate| {
            self.predicates.push((items.clone(), pointers));
            let kind = self.visit(*predicate);
            self.predicates.pop();
            self.check_predicate(name, *predicate, &kind);
            kind
        });
        if let Some(last) = rest.get(1) {
            let kind = self.visit(*last);
            if name == "sortBy" && kind != Kind::Text && !kind.is_unknown() {
                self.wrong(
                    *last,
                    codes::EXPRESSION_CALL,
                    format!("the order of `sortBy` must be a string, found {}", kind.shown()),
                    None,
                );
            }
        }
        Some(result(name, &items, given))
    }

    fn items(&mut self, name: &str, list: NodeId) -> Kind {
        let items = self.visit(list);
        if items.is_list() || items.is_unknown() {
            return items;
        }
        let (message, help) = (mistyped(name, "a list", &items), self.conversion(&items, "a list"));
        if items == Kind::Text && self.pass == Pass::Values {
            // The engine iterates over the bytes of a string if it does not know its type.
            self.hazard(list, codes::EXPRESSION_CALL, message, help);
        } else {
            self.wrong(list, codes::EXPRESSION_CALL, message, help);
        }
        Kind::Unknown
    }

    /// Checks the type of the predicate.
    fn check_predicate(&mut self, name: &str, predicate: NodeId, kind: &Kind) {
        let any = matches!(name, "map" | "groupBy" | "sortBy" | "sum" | "reduce");
        let fine = if any { *kind != Kind::Nothing } else { *kind == Kind::Boolean || kind.is_unknown() };
        if !fine {
            let wanted = if any { "a value" } else { "a boolean" };
            let message = format!("the predicate of `{name}` must return {wanted}, found {}", kind.shown());
            self.wrong(predicate, codes::EXPRESSION_CALL, message, self.conversion(kind, wanted));
        }
    }

    pub(super) fn pointer(&mut self, id: NodeId, name: &str) -> Kind {
        let Some((items, pointers)) = self.predicates.last().cloned() else { return Kind::Unknown };
        if name.is_empty() {
            return items.element();
        }
        if let Some((_, kind)) = pointers.iter().find(|(pointer, _)| *pointer == name) {
            return kind.clone();
        }
        let message = format!("unknown name `#{name}`");
        let help = "use `#` for the item, `#index` for its index in `map` and `reduce`, and `#acc` for the accumulator of `reduce`";
        self.wrong(id, codes::EXPRESSION_NAME, message, Some(help.to_owned()));
        Kind::Unknown
    }
}

fn result(name: &str, items: &Kind, given: Option<Kind>) -> Kind {
    match name {
        "all" | "none" | "any" | "one" => Kind::Boolean,
        "count" | "findIndex" | "findLastIndex" => Kind::Integer,
        "filter" if items.is_unknown() => Kind::list(),
        "filter" => Kind::List(Box::new(items.element())),
        "map" => Kind::List(Box::new(given.unwrap_or(Kind::Unknown))),
        "find" | "findLast" => items.element(),
        "groupBy" => Kind::AnyMap,
        "sortBy" => items.clone(),
        "sum" => given.unwrap_or_else(|| items.element()),
        _ => given.unwrap_or(Kind::Unknown),
    }
}
