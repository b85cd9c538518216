//! Expressions and conditions in Argo's language.
//!
//! Every value is a JSON text in transit. An *argument* is such a text, put together by Argo where it has to
//! be; a *native* expression is the decoded value, for comparisons.

use kfp_model::value::encode;
use kfp_model::{Comparison, Condition, Expression, Reference, TextPart, Type};
use serde_json::Value;

use super::atom::Atom;
use super::ctx::Ctx;
use super::scope::{Scope, Source};
use super::splice::Splice;

/// Prints what stands in one region.
pub(super) struct Printer<'p, 'c, 'a> {
    pub(super) ctx: &'p Ctx<'c, 'a>,
    pub(super) scope: &'p Scope,
}

impl Printer<'_, '_, '_> {
    /// Where the atom is in this region.
    pub(super) fn source(&self, atom: &Atom) -> Source {
        self.scope.locate(atom, |task| self.ctx.task_name(task))
    }

    /// The text that an Argo parameter gets as its value.
    pub(super) fn argument(&self, expression: &Expression) -> String {
        match expression {
            Expression::Constant(value) => encode(value),
            expression => self.splice(expression).write(),
        }
    }

    fn splice(&self, expression: &Expression) -> Splice {
        match expression {
            Expression::Constant(value) => Splice::Constant(value.clone()),
            Expression::Reference(Reference::Status(guard)) => {
                let [failures, state] = Atom::of_status(guard).map(|atom| self.tag(&atom));
                Splice::object([("failures", failures), ("state", state)])
            }
            Expression::List(items) => Splice::List(items.iter().map(|item| self.splice(item)).collect()),
            Expression::Struct(fields) => {
                Splice::object(fields.iter().map(|(name, field)| (name.as_str(), self.splice(field))))
            }
            expression => match atom_of(expression) {
                Some(atom) => self.tag(&atom),
                None => Splice::Tag(format!("{{{{={}}}}}", self.json(expression))),
            },
        }
    }

    /// The tag of an atom. What a guard hands on is an empty text where Argo has nothing to hand on.
    fn tag(&self, atom: &Atom) -> Splice {
        match atom {
            Atom::Guarded(..) => Splice::Tag(format!("{{{{={}}}}}", self.atom(atom))),
            _ => Splice::Tag(self.source(atom).tag()),
        }
    }

    fn atom(&self, atom: &Atom) -> String {
        let text = self.source(atom).expression();
        match atom {
            Atom::Guarded(..) => format!("{text} == '' ? 'null' : {text}"),
            _ => text,
        }
    }

    /// An expression that gives the value's JSON text.
    fn json(&self, expression: &Expression) -> String {
        if let Some(atom) = atom_of(expression) {
            let text = self.atom(&atom);
            return if matches!(atom, Atom::Guarded(..)) { format!("({text})") } else { text };
        }
        match expression {
            Expression::Constant(value) => quote(&encode(value)),
            Expression::Field(access) => {
                let field = format!("fromJSON({})[{}]", self.json(&access.of), quote(&access.name));
                match self.ctx.checked.type_of(expression) {
                    Type::Integer => format!("string(int({field}))"),
                    _ => protect(&format!("toJson({field})")),
                }
            }
            Expression::Text(parts) => self.text(parts),
            Expression::FirstPresent(options) => self.first_present(options),
            Expression::List(items) => {
                let items: Vec<String> = items.iter().map(|item| self.json(item)).collect();
                sum([quote("["), items.join(&format!(" + {} + ", quote(","))), quote("]")])
            }
            Expression::Struct(fields) => {
                let member = |(name, field): (&String, &Expression)| {
                    let name = encode(&Value::from(name.as_str()));
                    format!("{} + {}", quote(&format!("{name}:")), self.json(field))
                };
                let members: Vec<String> = fields.iter().map(member).collect();
                sum([quote("{"), members.join(&format!(" + {} + ", quote(","))), quote("}")])
            }
            Expression::Reference(reference) => self.status(reference),
        }
    }

    /// The JSON text of a whole status; every other reference is an atom.
    fn status(&self, reference: &Reference) -> String {
        let Reference::Status(guard) = reference else { return quote("null") };
        let [failures, state] = Atom::of_status(guard).map(|atom| self.source(&atom).expression());
        sum([quote("{\"failures\":"), failures, quote(",\"state\":"), state, quote("}")])
    }

    /// The JSON text of a text: its parts without their quotes, between quotes.
    fn text(&self, parts: &[TextPart]) -> String {
        let mut terms = vec![quote("\"")];
        for part in parts {
            terms.push(match part {
                TextPart::Literal(literal) => {
                    let json = encode(&Value::from(literal.as_str()));
                    quote(&json[1..json.len() - 1])
                }
                TextPart::Value(value) => {
                    let json = self.json(value);
                    match self.ctx.checked.type_of(value) {
                        Type::Text | Type::Enum(_) => format!("({json})[1:len({json})-1]"),
                        _ => json,
                    }
                }
            });
        }
        terms.push(quote("\""));
        terms.join(" + ")
    }

    fn first_present(&self, options: &[Expression]) -> String {
        let Some((last, before)) = options.split_last() else { return quote("null") };
        before.iter().rev().fold(self.json(last), |rest, option| {
            let json = self.json(option);
            format!("({json} != 'null' ? {json} : {rest})")
        })
    }

    /// An expression that gives the decoded value; integers keep their 64 bits where `exact`.
    fn native(&self, expression: &Expression, exact: bool) -> String {
        match expression {
            Expression::Constant(Value::Number(number)) if !exact => kfp_model::value::number_text(number),
            expression if exact => format!("int({})", self.json(expression)),
            expression => format!("fromJSON({})", self.json(expression)),
        }
    }

    /// An expression that gives `true` or `false`.
    pub(super) fn condition(&self, condition: &Condition) -> String {
        match condition {
            Condition::Compare(comparison) => self.comparison(comparison),
            Condition::Holds(expression) => format!("{} == 'true'", self.json(expression)),
            Condition::Present(expression) => format!("{} != 'null'", self.json(expression)),
            Condition::And(conditions) => self.joined(conditions, "&&", "true"),
            Condition::Or(conditions) => self.joined(conditions, "||", "false"),
            Condition::Not(condition) => format!("!({})", self.condition(condition)),
        }
    }

    fn comparison(&self, comparison: &Comparison) -> String {
        let Comparison { left, operator, right } = comparison;
        let is_integer =
            |side: &Expression| matches!(self.ctx.checked.type_of(side).present(), Type::Integer);
        let exact = is_integer(left) && is_integer(right);
        format!("{} {} {}", self.native(left, exact), operator.sign(), self.native(right, exact))
    }

    fn joined(&self, conditions: &[Condition], operator: &str, empty: &str) -> String {
        let parts: Vec<String> =
            conditions.iter().map(|condition| format!("({})", self.condition(condition))).collect();
        if parts.is_empty() { empty.to_owned() } else { parts.join(&format!(" {operator} ")) }
    }
}

/// A text put together of texts; empty ones are left out.
fn sum<const N: usize>(terms: [String; N]) -> String {
    let terms: Vec<String> = terms.into_iter().filter(|term| !term.is_empty()).collect();
    format!("({})", terms.join(" + "))
}

fn atom_of(expression: &Expression) -> Option<Atom> {
    match expression {
        Expression::Reference(reference) => Atom::of(reference),
        Expression::Field(access) => Atom::of_field(&access.of, &access.name),
        _ => None,
    }
}

/// An expression whose JSON text is safe to be pasted.
///
/// Both backslashes must reach Argo's language, which decodes one level; braces never meet, as two of them
/// begin or end a tag.
pub(super) fn protect(json: &str) -> String {
    format!(r"replace(replace({json}, '{{'+'{{', '{{\\u007b'), '$', '\\u0024')")
}

/// A text literal of Argo's language, free of `{{` and `}}`.
pub(super) fn quote(text: &str) -> String {
    let escaped = text.replace('\\', r"\\").replace('\'', r"\'").replace('\n', r"\n").replace('\r', r"\r");
    let apart = escaped.replace("{{", "{'+'{").replace("}}", "}'+'}");
    format!("'{apart}'")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_hold_no_tags() {
        assert_eq!(quote("it's {{x}}\\"), r"'it\'s {'+'{x}'+'}\\'");
        assert_eq!(protect("x"), r"replace(replace(x, '{'+'{', '{\\u007b'), '$', '\\u0024')");
    }
}
