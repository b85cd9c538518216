//! Calls of functions.

use kfp_argo::expression::{Form, NodeId};
use kfp_diag::codes;
use kfp_diag::spelling::nearest;

use super::builtin::{self, miscounted, mistyped};
use super::kind::Kind;
use super::path::letter;
use super::signature::{Calling, Misfit, Signature, kind, wanted};
use super::walk::Walk;
use super::{Look, library};

impl Walk<'_> {
    pub(super) fn call(&mut self, id: NodeId, callee: NodeId, arguments: &[NodeId]) -> Kind {
        let expression = self.expression;
        match expression.form(callee) {
            Form::Name(name) if !self.made.iter().any(|(made, _)| made == name) => {
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
                    return self.fitting(id, name, signature, Calling::Checked, arguments);
                }
            }
            _ => {}
        }
        self.called(id, callee, arguments)
    }

    /// A call of anything that is no known function.
    fn called(&mut self, id: NodeId, callee: NodeId, arguments: &[NodeId]) -> Kind {
        let of = self.visit(callee);
        // The engine does not look at the arguments of what it does not know.
        if !(of.is_unknown() && self.look == Look::Engine) {
            self.visit_all(arguments);
        }
        if !of.is_unknown() && of != Kind::Function {
            self.wrong(id, codes::EXPRESSION_CALL, format!("{} cannot be called", of.shown()), None);
        }
        Kind::Unknown
    }

    fn visit_all(&mut self, nodes: &[NodeId]) -> Vec<Kind> {
        nodes.iter().map(|node| self.visit(*node)).collect()
    }

    /// A call by name of a function that Argo adds, or of none at all.
    fn function(&mut self, id: NodeId, name: &str, arguments: &[NodeId]) -> Option<Kind> {
        if self.is_function(name) {
            let signature = match name {
                "asInt" | "asFloat" => Signature { parameters: "a", result: 'a' },
                "jsonpath" => Signature { parameters: "ss", result: 'a' },
                "toJson" => Signature { parameters: "a", result: 's' },
                _ => return None,
            };
            let kind = self.fitting(id, name, signature, Calling::Checked, arguments);
            let like = match name {
                "asInt" => "int",
                "asFloat" => "float",
                _ => return Some(kind),
            };
            if self.look == Look::Engine || arguments.len() != 1 {
                return Some(kind);
            }
            let given = self.visit_all(arguments);
            return Some(match builtin::call(like, &given) {
                Ok(kind) => kind,
                Err(_) => {
                    self.wrong(
                        id,
                        codes::EXPRESSION_CALL,
                        mistyped(name, "a number or a text", &given[0]),
                        None,
                    );
                    Kind::Unknown
                }
            });
        }
        if self.scope.names.has(name) {
            return None;
        }
        if self.look == Look::Engine {
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
            "asStr" | "str" | "toString" => Some("`string(…)` makes a text of a number".to_owned()),
            _ => nearest(name, &known).map(|near| format!("there is `{near}`")),
        };
        let help = help.or_else(|| {
            let is_sprig = self.scope.argo && library::sprig(name).is_some();
            is_sprig.then(|| format!("there is `sprig.{name}`"))
        });
        (format!("there is no function `{name}`"), help)
    }

    /// The engine takes what stands in `sprig` as it comes, so that everything shows only when it is called.
    fn sprig(&mut self, id: NodeId, name: &str, arguments: &[NodeId]) -> Kind {
        if self.look == Look::Engine {
            return Kind::Unknown;
        }
        let Some(signature) = library::sprig(name) else {
            self.visit_all(arguments);
            let message = format!("there is no function `sprig.{name}`");
            let help = match name {
                "env" | "expandenv" => Some("Argo does not let expressions read the environment".to_owned()),
                _ => nearest(name, &library::sprig_names().collect::<Vec<_>>())
                    .map(|near| format!("there is `sprig.{near}`")),
            };
            self.wrong(id, codes::EXPRESSION_NAME, message, help);
            return Kind::Unknown;
        };
        let kind = self.fitting(id, &format!("sprig.{name}"), signature, Calling::Reflected, arguments);
        // The whole numbers of `sprig` have another type than those of the language.
        if signature.result == 'l' { Kind::Other } else { kind }
    }

    fn fitting(
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
            Err(Misfit::Count) => {
                let message = miscounted(name, &signature.count(), given.len());
                self.wrong(id, codes::EXPRESSION_CALL, message, None);
            }
            Err(Misfit::Argument(idx, letter)) => {
                let message = mistyped(name, wanted(letter), &given[idx]);
                let help = self.conversion(&given[idx], wanted(letter));
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
            let help = "`toJson(…)` writes one line".to_owned();
            let message = "`toJSON` writes several lines, with blanks";
            self.hazard(id, codes::EXPRESSION_PRETTY_JSON, message, Some(help));
        }
        let given = self.visit_all(arguments);
        match builtin::call(name, &given) {
            Ok(kind) => kind,
            // What the engine refuses of texts, it does to those that it did not know to be texts.
            Err((_, Some(idx)))
                if self.look == Look::Values
                    && given[idx] == Kind::Text
                    && matches!(name, "first" | "last" | "sort") =>
            {
                let message = format!("`{name}` takes a list, and is given a text");
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
                let wanted = ["a number", "a list", "a map", "a text"]
                    .into_iter()
                    .find(|wanted| message.contains(&format!("takes {wanted}")));
                let help = idx.and_then(|idx| self.conversion(&given[idx], wanted?));
                self.wrong(at, codes::EXPRESSION_CALL, message, help);
                Kind::Unknown
            }
        }
    }

    /// `get` gives nothing where there is nothing.
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
            _ if given.is_unknown() || (given == Kind::Text && self.look == Look::Values) => Kind::Unknown,
            _ => {
                let message = format!("nothing of {} is named by {}", given.shown(), key.shown());
                self.wrong(*by, codes::EXPRESSION_CALL, message, None);
                Kind::Unknown
            }
        }
    }
}
