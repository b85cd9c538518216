//! Checks function calls.

use kfp_argo::expression::{Form, NodeId};
use kfp_diag::codes;
use kfp_diag::spelling::nearest;

use super::builtin::{self, miscounted, mistyped};
use super::kind::Kind;
use super::path::letter;
use super::signature::{Calling, Mismatch, Signature, expected, kind};
use super::walk::Walk;
use super::{Pass, library};

impl Walk<'_> {
    pub(super) fn call(&mut self, id: NodeId, callee: NodeId, arguments: &[NodeId]) -> Kind {
        let expression = self.expression;
        match expression.form(callee) {
            Form::Name(name) if !self.locals.iter().any(|(local, _)| local == name) => {
                if let Some(kind) = self.function(id, name, arguments) {
                    return kind;
                }
            }
            Form::Member { base, property, .. } => {
                let (Form::Text(name), base_form) = (expression.form(*property), expression.form(*base))
                else {
                    return self.called(id, callee, arguments);
                };
                if matches!(base_form, Form::Name(base) if base == "sprig") && self.is_function("sprig") {
                    return self.sprig(id, name, arguments);
                }
                let of = self.visit(*base);
                if matches!(of, Kind::Time | Kind::Duration | Kind::Location)
                    && let Some(signature) = library::method(letter(&of), name)
                {
                    return self.checked_call(id, name, signature, Calling::Checked, arguments);
                }
            }
            _ => {}
        }
        self.called(id, callee, arguments)
    }

    /// Checks a call of something that is not a known function.
    fn called(&mut self, id: NodeId, callee: NodeId, arguments: &[NodeId]) -> Kind {
        let of = self.visit(callee);
        // The engine does not check the arguments of unknown functions.
        if !(of.is_unknown() && self.pass == Pass::Engine) {
            self.visit_all(arguments);
        }
        if !of.is_unknown() && of != Kind::Function {
            self.wrong(id, codes::EXPRESSION_CALL, format!("cannot call {}", of.shown()), None);
        }
        Kind::Unknown
    }

    fn visit_all(&mut self, nodes: &[NodeId]) -> Vec<Kind> {
        nodes.iter().map(|node| self.visit(*node)).collect()
    }

    /// Checks a call by name: a function that Argo adds, or an unknown one.
    fn function(&mut self, id: NodeId, name: &str, arguments: &[NodeId]) -> Option<Kind> {
        if self.is_function(name) {
            let signature = match name {
                "asInt" | "asFloat" => Signature { parameters: "a", result: 'a' },
                "jsonpath" => Signature { parameters: "ss", result: 'a' },
                "toJson" => Signature { parameters: "a", result: 's' },
                _ => return None,
            };
            let kind = self.checked_call(id, name, signature, Calling::Checked, arguments);
            let like = match name {
                "asInt" => "int",
                "asFloat" => "float",
                _ => return Some(kind),
            };
            if self.pass == Pass::Engine || arguments.len() != 1 {
                return Some(kind);
            }
            let given = self.visit_all(arguments);
            return Some(match builtin::call(like, &given) {
                Ok(kind) => kind,
                Err(_) => {
                    self.wrong(
                        id,
                        codes::EXPRESSION_CALL,
                        mistyped(name, "a number or a string", &given[0]),
                        None,
                    );
                    Kind::Unknown
                }
            });
        }
        if self.scope.names.has(name) {
            return None;
        }
        if self.pass == Pass::Engine {
            let (message, help) = self.no_function(name);
            self.wrong(id, codes::EXPRESSION_NAME, message, help);
        } else {
            self.visit_all(arguments);
        }
        Some(Kind::Unknown)
    }

    fn no_function(&self, name: &str) -> (String, Option<String>) {
        let argo: &[&str] = if self.scope.argo { &library::FUNCTIONS } else { &[] };
        let known = kfp_argo::expression::builtin::NAMES.iter().chain(argo).copied().collect::<Vec<_>>();
        let help = match name {
            "asStr" | "str" | "toString" => {
                Some("use `string(…)` to convert a number to a string".to_owned())
            }
            _ => nearest(name, &known).map(|near| format!("use `{near}`")),
        };
        let help = help.or_else(|| {
            let is_sprig = self.scope.argo && library::sprig(name).is_some();
            is_sprig.then(|| format!("use `sprig.{name}`"))
        });
        (format!("unknown function `{name}`"), help)
    }

    /// Checks a call of a `sprig` function. The engine does not check these calls before evaluation.
    fn sprig(&mut self, id: NodeId, name: &str, arguments: &[NodeId]) -> Kind {
        if self.pass == Pass::Engine {
            return Kind::Unknown;
        }
        let Some(signature) = library::sprig(name) else {
            self.visit_all(arguments);
            let message = format!("unknown function `sprig.{name}`");
            let help = match name {
                "env" | "expandenv" => {
                    Some("pass the value as a parameter: expressions cannot read the environment".to_owned())
                }
                _ => nearest(name, &library::sprig_names().collect::<Vec<_>>())
                    .map(|near| format!("use `sprig.{near}`")),
            };
            self.wrong(id, codes::EXPRESSION_NAME, message, help);
            return Kind::Unknown;
        };
        let kind = self.checked_call(id, &format!("sprig.{name}"), signature, Calling::Reflected, arguments);
        // The integers of `sprig` have a different Go type than those of the language.
        if signature.result == 'l' { Kind::Other } else { kind }
    }

    fn checked_call(
        &mut self,
        id: NodeId,
        name: &str,
        signature: Signature,
        calling: Calling,
        arguments: &[NodeId],
    ) -> Kind {
        let given = self.visit_all(arguments);
        match signature.fits(&given, calling) {
            Ok(()) => {}
            Err(Mismatch::Count) => {
                let message = miscounted(name, &signature.count(), given.len());
                self.wrong(id, codes::EXPRESSION_CALL, message, None);
            }
            Err(Mismatch::Argument(idx, letter)) => {
                let message = mistyped(name, expected(letter), &given[idx]);
                let help = self.conversion(&given[idx], expected(letter));
                self.wrong(arguments[idx], codes::EXPRESSION_CALL, message, help);
            }
        }
        kind(signature.result)
    }

    pub(super) fn builtin(&mut self, id: NodeId, name: &str, arguments: &[NodeId]) -> Kind {
        if let Some(kind) = self.with_predicate(name, arguments) {
            return kind;
        }
        if name == "get" {
            return self.get(id, arguments);
        }
        if name == "toJSON" {
            let help = "use `toJson(…)` for compact JSON".to_owned();
            let message = "`toJSON` returns indented JSON with several lines";
            self.hazard(id, codes::EXPRESSION_PRETTY_JSON, message, Some(help));
        }
        let given = self.visit_all(arguments);
        match builtin::call(name, &given) {
            Ok(kind) => kind,
            // The engine rejects strings here only if it knows that they are strings.
            Err((_, Some(idx)))
                if self.pass == Pass::Values
                    && given[idx] == Kind::Text
                    && matches!(name, "first" | "last" | "sort") =>
            {
                let message = format!("`{name}` expects a list, found a string");
                self.hazard(
                    arguments[idx],
                    codes::EXPRESSION_CALL,
                    message,
                    self.conversion(&Kind::Text, "a list"),
                );
                Kind::Unknown
            }
            Err((message, idx)) => {
                let at = idx.map_or(id, |idx| arguments[idx]);
                let wanted = ["a number", "a list", "a map", "a string"]
                    .into_iter()
                    .find(|wanted| message.contains(&format!("expects {wanted}")));
                let help = idx.and_then(|idx| self.conversion(&given[idx], wanted?));
                self.wrong(at, codes::EXPRESSION_CALL, message, help);
                Kind::Unknown
            }
        }
    }

    /// Checks a call of `get`, which returns `nil` for a missing key.
    fn get(&mut self, id: NodeId, arguments: &[NodeId]) -> Kind {
        let [of, by] = arguments else {
            self.visit_all(arguments);
            let message = miscounted("get", "2 arguments", arguments.len());
            self.wrong(id, codes::EXPRESSION_CALL, message, None);
            return Kind::Unknown;
        };
        let (given, key) = (self.visit(*of), self.visit(*by));
        let fits = |wanted: &Kind| key == *wanted || key.is_unknown();
        match &given {
            Kind::AnyMap => Kind::Any,
            Kind::Names(_) | Kind::Map if fits(&Kind::Text) => Kind::Any,
            _ if given.is_list() && fits(&Kind::Integer) => given.element(),
            _ if given.is_unknown() || (given == Kind::Text && self.pass == Pass::Values) => Kind::Unknown,
            _ => {
                let message = format!("cannot index {} with {}", given.shown(), key.shown());
                self.wrong(*by, codes::EXPRESSION_CALL, message, None);
                Kind::Unknown
            }
        }
    }
}
