//! Expressions and conditions in Argo's language.
//!
//! Every value is a JSON text in transit. An *argument* is such a text, put together by Argo where it has to
//! be; a *native* expression is the decoded value, for comparisons.

use kfp_model::value::encode;
use kfp_model::{Comparison, Condition, Expression, FieldAccess, Reference, Task, TextPart, Trigger, Type};
use serde_json::{Number, Value};

use super::atom::Atom;
use super::ctx::Ctx;
use super::scope::{Scope, Source};
use super::splice::Splice;
use super::{field, runs};

/// Prints what stands in one region.
pub(super) struct Printer<'p, 'c, 'a> {
    pub(super) ctx: &'p Ctx<'c, 'a>,
    pub(super) scope: &'p Scope,
    pub(super) reader: Reader<'p>,
}

/// Who reads a value, which decides on what to do where there may be none.
#[derive(Clone, Copy)]
pub(super) enum Reader<'p> {
    /// A task of the region, before it starts.
    Task(&'p Task),
    /// The region, when all its tasks have ended.
    End,
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
            Expression::List(items) => Splice::List(self.items(items)),
            Expression::Struct(fields) => {
                Splice::object(fields.iter().map(|(name, field)| (name.as_str(), self.splice(field))))
            }
            expression => match atom_of(expression) {
                Some(atom) => self.tag(&atom),
                None => Splice::Tag(format!("{{{{={}}}}}", self.json(expression))),
            },
        }
    }

    /// The items of a list, or several of them where they travel as one.
    fn items(&self, mut items: &[Expression]) -> Vec<Splice> {
        let mut spliced = Vec::new();
        while let Some(item) = items.first() {
            let (splice, length) = match runs::first(self.scope.runs(), items) {
                Some((run, length)) => (self.tag(run), length),
                None => (self.splice(item), 1),
            };
            spliced.push(splice);
            items = &items[length..];
        }
        spliced
    }

    fn tag(&self, atom: &Atom) -> Splice {
        Splice::Tag(self.handed_on(atom))
    }

    /// The value of the atom as an argument of a template; `null` where there is none.
    pub(super) fn handed_on(&self, atom: &Atom) -> String {
        let plain = self.source(atom);
        let text = self.atom(atom);
        if text == plain.expression() { plain.tag() } else { format!("{{{{={text}}}}}") }
    }

    /// The JSON text of the atom; `null` where there is none.
    pub(super) fn atom(&self, atom: &Atom) -> String {
        let source = self.source(atom);
        let text = source.expression();
        let (Source::Task(task, output), Atom::Output(id, _)) = (&source, atom) else {
            // What a guard hands on is an empty text where Argo has nothing to hand on.
            let is_guarded = matches!(atom, Atom::Guarded(..));
            return if is_guarded { format!("{text} == '' ? 'null' : {text}") } else { text };
        };
        // A part of the region always ends well before its values are read, and gives `null` for an absent one.
        if self.scope.is_relocated(atom) {
            return text;
        }
        // What is asked of a whole task takes time, so it is asked for where it matters only.
        let (may_have_failed, reader) = match self.reader {
            Reader::Task(task) => {
                let continues = self.ctx.checked.node(id).task.continues_on_failure();
                (continues || task.trigger == Trigger::AllDone, Some(task))
            }
            Reader::End => (false, None),
        };
        let reads_anyway = || may_have_failed || !reader.is_some_and(|task| self.ctx.checked.needs(task, id));
        if (self.ctx.checked.may_skip(id) || may_have_failed) && reads_anyway() {
            // The status fails the early pass over arguments, which would settle for the fallback.
            let value = format!("tasks['{task}']?.outputs?.parameters?.['{output}']");
            format!("tasks['{task}'].status == 'Succeeded' ? ({value} ?? 'null') : 'null'")
        } else {
            text
        }
    }

    /// The JSON text of what a field is taken of: an object without fields where there is none.
    fn base(&self, of: &Expression) -> String {
        let json = self.json(of);
        match atom_of(of) {
            Some(atom) if self.atom(&atom) != self.source(&atom).expression() => {
                format!("({json} == 'null' ? '{{}}' : {json})")
            }
            _ => json,
        }
    }

    /// An expression that gives the value's JSON text.
    pub(super) fn json(&self, expression: &Expression) -> String {
        if let Some(atom) = atom_of(expression) {
            let text = self.atom(&atom);
            return if text.contains('?') { format!("({text})") } else { text };
        }
        match expression {
            Expression::Constant(value) => quote(&encode(value)),
            Expression::Field(access) => {
                let (of, path) = path(access);
                field::json(&self.base(of), &path, &self.ctx.checked.type_of(expression))
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
                        Type::Text | Type::Enum(_) => format!("({json})[1:-1]"),
                        _ => json,
                    }
                }
            });
        }
        terms.push(quote("\""));
        let whole = terms.join(" + ");
        // No part holds two braces, but one may end with a brace and the next one begin with one.
        if braces_may_meet(parts) { apart(&whole) } else { whole }
    }

    fn first_present(&self, options: &[Expression]) -> String {
        let Some((last, before)) = options.split_last() else { return quote("null") };
        before.iter().rev().fold(self.json(last), |rest, option| {
            format!("({} ? {} : {rest})", self.present(option), self.json(option))
        })
    }

    /// An expression that gives the decoded value; integers keep their 64 bits where `exact`.
    fn native(&self, expression: &Expression, exact: bool) -> String {
        match expression {
            Expression::Constant(Value::Number(number)) if !exact && is_literal(number) => {
                kfp_model::value::number_text(number)
            }
            Expression::Field(access) if atom_of(expression).is_none() => {
                let (of, path) = path(access);
                let of = self.base(of);
                if exact { format!("int({})", field::digits(&of, &path)) } else { field::decoded(&of, &path) }
            }
            expression if exact => format!("int({})", self.json(expression)),
            expression => format!("fromJSON({})", self.json(expression)),
        }
    }

    /// An expression that tells whether the option has a value.
    fn present(&self, option: &Expression) -> String {
        match option {
            Expression::Field(_) if atom_of(option).is_none() => {
                format!("{} != nil", self.native(option, false))
            }
            option => format!("{} != 'null'", self.json(option)),
        }
    }

    /// An expression that gives `true` or `false`.
    pub(super) fn condition(&self, condition: &Condition) -> String {
        match condition {
            Condition::Compare(comparison) => self.comparison(comparison),
            Condition::Holds(expression) => format!("{} == 'true'", self.json(expression)),
            Condition::Present(expression) => self.present(expression),
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

/// Whether Argo's language reads the number as it is written: what looks like an integer has to be one there.
fn is_literal(number: &Number) -> bool {
    let text = kfp_model::value::number_text(number);
    text.contains(['.', 'e']) || number.as_f64().is_some_and(|float| float.abs() < 1e15)
}

/// What the field is taken of, in the end, and the names that lead from there to it.
fn path(access: &FieldAccess) -> (&Expression, Vec<&str>) {
    match &access.of {
        of @ Expression::Field(outer) if atom_of(of).is_none() => {
            let (of, mut names) = path(outer);
            names.push(&access.name);
            (of, names)
        }
        of => (of, vec![&access.name]),
    }
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
    format!(r"replace({}, '$', '\\u0024')", apart(json))
}

/// An expression whose JSON text has no two opening braces in a row.
fn apart(json: &str) -> String {
    format!(r"replace({json}, '{{'+'{{', '{{\\u007b')")
}

/// Whether a part may end with an opening brace and the next one begin with one.
fn braces_may_meet(parts: &[TextPart]) -> bool {
    let ends = |part: &TextPart| match part {
        TextPart::Literal(literal) => literal.ends_with('{'),
        TextPart::Value(_) => true,
    };
    let begins = |part: &TextPart| match part {
        TextPart::Literal(literal) => literal.starts_with('{'),
        TextPart::Value(_) => true,
    };
    parts.windows(2).any(|pair| ends(&pair[0]) && begins(&pair[1]))
}

/// A text literal of Argo's language, free of `{{` and `}}`, and of three escapes that Argo decodes wherever it
/// sees them.
pub(super) fn quote(text: &str) -> String {
    let escaped = text.replace('\\', r"\\").replace('\'', r"\'").replace('\n', r"\n").replace('\r', r"\r");
    let mut apart = escaped;
    for brace in ["{", "}"] {
        // Twice, as the middle one of three meets both others.
        for _ in 0..2 {
            apart = apart.replace(&brace.repeat(2), &format!("{brace}'+'{brace}"));
        }
    }
    for escape in ["u003c", "u003e", "u0026"] {
        apart = apart.replace(&format!(r"\\{escape}"), &format!(r"\\u'+'{}", &escape[1..]));
    }
    format!("'{apart}'")
}

/// An expression that fails with a message, which is an expression itself. After the message Argo shows the line of the
/// call, so that has nothing else.
pub(super) fn fail(message: &str) -> String {
    format!("\nsprig.fail(\n{message})\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_hold_no_tags() {
        assert_eq!(quote("it's {{x}}\\"), r"'it\'s {'+'{x}'+'}\\'");
        assert_eq!(quote("{{{{ }}}"), "'{'+'{'+'{'+'{ }'+'}'+'}'");
        assert_eq!(quote(r"\u003c u003c"), r"'\\u'+'003c u003c'");
        assert_eq!(protect("x"), r"replace(replace(x, '{'+'{', '{\\u007b'), '$', '\\u0024')");
    }

    #[test]
    fn braces_meet_where_a_part_ends_and_the_next_one_begins_with_one() {
        let text = |text: &str| TextPart::Literal(text.to_owned());
        let value = || TextPart::Value(Expression::Constant(Value::Null));
        for (parts, expect) in [
            (vec![text("a{"), value()], true),
            (vec![value(), text("{a")], true),
            (vec![value(), value()], true),
            (vec![text("a{"), text("{b")], true),
            (vec![text("{a"), value(), text("b{")], false),
            (vec![value(), text("a"), value()], false),
            (vec![text("a{")], false),
        ] {
            assert_eq!(braces_may_meet(&parts), expect, "{parts:?}");
        }
    }

    #[test]
    fn numbers_that_only_look_like_integers_there_are_no_literals() {
        for (number, expect) in [
            ("1", true),
            ("-3.5", true),
            ("1e300", true),
            ("1000000000000000", false),
            ("999999999999999", true),
        ] {
            let number: Number = serde_json::from_str(number).unwrap();
            assert_eq!(is_literal(&number), expect, "{number}");
        }
    }

    #[test]
    fn fields_of_fields_are_one_path() {
        let field = |of: Expression, name: &str| FieldAccess { of, name: name.to_owned() };
        let input = || Expression::Reference(Reference::Input("in".to_owned()));
        let inner = field(input(), "a");
        let outer = field(Expression::Field(Box::new(inner)), "b");
        assert_eq!(path(&outer), (&input(), vec!["a", "b"]));
        assert_eq!(path(&field(input(), "a")), (&input(), vec!["a"]));
    }
}
