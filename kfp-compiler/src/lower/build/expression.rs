//! Lowers expressions and conditions to Argo's expression language.
//!
//! Tasks pass every value as a JSON text. An *argument* is such a string, which Argo may assemble from parts; a *native*
//! expression returns the decoded value, for comparisons.

use kfp_argo::expression::{self as argo, BinaryOperator};
use kfp_argo::text::Text;
use kfp_model::value::encode;
use kfp_model::{
    Comparison, ConcatPart, Condition, Expression, FieldAccess, Operator, Reference, Task, Trigger, Type,
};
use serde_json::{Number, Value};

use crate::lower::analyse::captured::Captured;
use crate::lower::build::ctx::Ctx;
use crate::lower::build::field;
use crate::lower::build::runs;
use crate::lower::build::scope::{Scope, Source};
use crate::lower::plan::splice::Splice;
use crate::lower::plan::terms::{self, Concat, constant, escape_braces, from_json};

/// Translates the expressions of one region.
pub(in crate::lower) struct Printer<'p, 'c, 'a> {
    pub(in crate::lower) ctx: &'p Ctx<'c, 'a>,
    pub(in crate::lower) scope: &'p Scope,
    pub(in crate::lower) reader: Reader<'p>,
}

/// The reader of a value, which determines how an absent value is handled.
#[derive(Clone, Copy)]
pub(in crate::lower) enum Reader<'p> {
    /// A task of the region, when it starts.
    Task(&'p Task),
    /// The region, when all its tasks have ended.
    End,
}

/// How a captured value is read.
pub(in crate::lower) enum Reading {
    /// It is always present.
    Plain(Source),
    /// It may be absent, and the expression then returns `null`.
    Optional(argo::Expression),
}

impl Reading {
    /// The JSON text as the value of a parameter.
    pub(in crate::lower) fn text(&self) -> Text {
        match self {
            Self::Plain(source) => source.tag(),
            Self::Optional(expression) => expression.clone().into(),
        }
    }

    /// The JSON text in an expression.
    fn expression(self) -> argo::Expression {
        match self {
            Self::Plain(source) => source.expression(),
            Self::Optional(expression) => expression,
        }
    }
}

impl Printer<'_, '_, '_> {
    /// Returns the source of a captured value in this region.
    pub(in crate::lower) fn source(&self, captured: &Captured) -> Source {
        self.scope.locate(captured, |task| self.ctx.task_name(task))
    }

    /// Returns the value of an Argo parameter.
    pub(in crate::lower) fn argument(&self, expression: &Expression) -> Text {
        match expression {
            Expression::Constant(value) => encode(value).into(),
            expression => self.splice(expression).write(),
        }
    }

    fn splice(&self, expression: &Expression) -> Splice {
        match expression {
            Expression::Constant(value) => Splice::Constant(value.clone()),
            Expression::Reference(Reference::Status(handler)) => {
                let [failures, state] = Captured::of_status(handler).map(|captured| self.tag(&captured));
                Splice::object([("failures", failures), ("state", state)])
            }
            Expression::List(items) => Splice::List(self.items(items)),
            Expression::Struct(fields) => {
                Splice::object(fields.iter().map(|(name, field)| (name.as_str(), self.splice(field))))
            }
            expression => match captured_of(expression) {
                Some(captured) => self.tag(&captured),
                None => Splice::Json(self.json(expression).into()),
            },
        }
    }

    /// Returns the items of a list, where a run of several items may be one value.
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

    fn tag(&self, captured: &Captured) -> Splice {
        Splice::Json(self.reading(captured).text())
    }

    /// Returns how the JSON text of a captured value is read.
    pub(in crate::lower) fn reading(&self, captured: &Captured) -> Reading {
        let source = self.source(captured);
        let (Source::Task(task, output), Captured::Output(id, _)) = (&source, captured) else {
            // Argo passes an empty string if a value of an exit handler does not exist.
            if matches!(captured, Captured::Guarded(..)) {
                let text = source.expression();
                return Reading::Optional(text.clone().equal("".into()).then_else("null".into(), text));
            }
            return Reading::Plain(source);
        };
        // A part of the region always succeeds before its values are read, and returns `null` for an absent one.
        if self.scope.is_relocated(captured) {
            return Reading::Plain(source);
        }
        // Whether a task needs a value is slow to determine, so it is evaluated lazily.
        let (may_have_failed, reader) = match self.reader {
            Reader::Task(task) => {
                let continues = self.ctx.checked.node(id).task.continues_on_failure();
                (continues || task.trigger == Trigger::AllDone, Some(task))
            }
            Reader::End => (false, None),
        };
        let reads_anyway = || may_have_failed || !reader.is_some_and(|task| self.ctx.checked.needs(task, id));
        if (self.ctx.checked.may_skip(id) || may_have_failed) && reads_anyway() {
            // The status makes the early evaluation of arguments fail, which would otherwise use the fallback.
            let value = argo::Expression::name("tasks")
                .index(task.as_str().into())
                .optional_field("outputs")
                .optional_field("parameters")
                .optional_index(output.as_str().into())
                .or_if_nil("null".into());
            Reading::Optional(terms::succeeded(task).then_else(value, "null".into()))
        } else {
            Reading::Plain(source)
        }
    }

    /// Returns the JSON text of the struct of a field access; an empty object if the struct is absent.
    fn base(&self, of: &Expression) -> argo::Expression {
        match captured_of(of).map(|captured| self.reading(&captured)) {
            Some(Reading::Optional(json)) => json.clone().equal("null".into()).then_else("{}".into(), json),
            Some(Reading::Plain(source)) => source.expression(),
            None => self.json(of),
        }
    }

    /// Returns the expression for the JSON text of a value.
    pub(in crate::lower) fn json(&self, expression: &Expression) -> argo::Expression {
        if let Some(captured) = captured_of(expression) {
            return self.reading(&captured).expression();
        }
        match expression {
            Expression::Constant(value) => constant(value),
            Expression::Field(access) => {
                let (of, path) = path(access);
                field::json(self.base(of), &path, &self.ctx.checked.type_of(expression))
            }
            Expression::Concat(parts) => self.text(parts),
            Expression::FirstPresent(options) => self.first_present(options),
            Expression::List(items) => {
                let mut whole = Concat::default();
                for (idx, item) in items.iter().enumerate() {
                    whole.text(if idx == 0 { "[" } else { "," });
                    whole.expression(self.json(item));
                }
                whole.text(if items.is_empty() { "[]" } else { "]" });
                whole.whole()
            }
            Expression::Struct(fields) => {
                terms::object(fields.iter().map(|(name, field)| (name.as_str(), self.json(field))))
            }
            Expression::Reference(reference) => self.status(reference),
        }
    }

    /// Returns the expression for the JSON text of a whole status; all other references are captured values.
    fn status(&self, reference: &Reference) -> argo::Expression {
        let Reference::Status(handler) = reference else { return "null".into() };
        let [failures, state] =
            Captured::of_status(handler).map(|captured| self.source(&captured).expression());
        terms::object([("failures", failures), ("state", state)])
    }

    /// Returns the expression for the JSON text of a string: its parts without their quotes, in quotes.
    fn text(&self, parts: &[ConcatPart]) -> argo::Expression {
        let mut whole = Concat::default();
        whole.text("\"");
        for part in parts {
            match part {
                ConcatPart::Literal(literal) => {
                    let json = encode(&Value::from(literal.as_str()));
                    whole.text(&json[1..json.len() - 1]);
                }
                ConcatPart::Value(value) => {
                    let json = self.json(value);
                    whole.expression(match self.ctx.checked.type_of(value) {
                        Type::String | Type::Enum(_) => json.slice(Some(1.into()), Some((-1).into())),
                        _ => json,
                    });
                }
            }
        }
        whole.text("\"");
        // No part contains two consecutive braces, but one may end with a brace and the next one start with one.
        if braces_may_meet(parts) { escape_braces(whole.whole()) } else { whole.whole() }
    }

    fn first_present(&self, options: &[Expression]) -> argo::Expression {
        let Some((last, before)) = options.split_last() else { return "null".into() };
        before
            .iter()
            .rev()
            .fold(self.json(last), |rest, option| self.present(option).then_else(self.json(option), rest))
    }

    /// Returns the expression for the decoded value; integers keep all 64 bits if `exact`.
    fn native(&self, expression: &Expression, exact: bool) -> argo::Expression {
        let int = |text| argo::Expression::call("int", [text]);
        match expression {
            Expression::Constant(Value::Number(number)) if !exact && is_literal(number) => literal(number),
            Expression::Field(access) if captured_of(expression).is_none() => {
                let (of, path) = path(access);
                let of = self.base(of);
                if exact { int(field::digits(of, &path)) } else { field::decoded(of, &path) }
            }
            expression if exact => int(self.json(expression)),
            expression => from_json(self.json(expression)),
        }
    }

    /// Returns the condition that the option is present.
    fn present(&self, option: &Expression) -> argo::Expression {
        match option {
            Expression::Field(_) if captured_of(option).is_none() => {
                self.native(option, false).not_equal(argo::Expression::nil())
            }
            option => self.json(option).not_equal("null".into()),
        }
    }

    /// Translates a condition.
    pub(in crate::lower) fn condition(&self, condition: &Condition) -> argo::Expression {
        let all = |conditions: &[Condition]| -> Vec<argo::Expression> {
            conditions.iter().map(|condition| self.condition(condition)).collect()
        };
        let constant = argo::Expression::boolean;
        match condition {
            Condition::Compare(comparison) => self.comparison(comparison),
            Condition::Holds(expression) => self.json(expression).equal("true".into()),
            Condition::Present(expression) => self.present(expression),
            Condition::And(conditions) => {
                argo::Expression::all(all(conditions)).unwrap_or_else(|| constant(true))
            }
            Condition::Or(conditions) => {
                argo::Expression::any(all(conditions)).unwrap_or_else(|| constant(false))
            }
            Condition::Not(condition) => self.condition(condition).not(),
        }
    }

    fn comparison(&self, comparison: &Comparison) -> argo::Expression {
        let Comparison { left, operator, right } = comparison;
        let is_integer =
            |side: &Expression| matches!(self.ctx.checked.type_of(side).present(), Type::Integer);
        let exact = is_integer(left) && is_integer(right);
        self.native(left, exact).binary(operator_of(*operator), self.native(right, exact))
    }
}

fn operator_of(operator: Operator) -> BinaryOperator {
    match operator {
        Operator::Equal => BinaryOperator::Equal,
        Operator::NotEqual => BinaryOperator::NotEqual,
        Operator::Less => BinaryOperator::Less,
        Operator::LessOrEqual => BinaryOperator::LessOrEqual,
        Operator::Greater => BinaryOperator::Greater,
        Operator::GreaterOrEqual => BinaryOperator::GreaterOrEqual,
    }
}

/// Whether Argo's language reads the literal correctly: a number in the form of an integer must be an integer there.
fn is_literal(number: &Number) -> bool {
    let text = kfp_model::value::number_text(number);
    text.contains(['.', 'e']) || number.as_f64().is_some_and(|float| float.abs() < 1e15)
}

/// Returns the number as a literal of Argo's language.
fn literal(number: &Number) -> argo::Expression {
    let float = || argo::Expression::float(number.as_f64().unwrap_or_default());
    number.as_i64().map_or_else(float, argo::Expression::integer)
}

/// Returns the innermost expression of nested field accesses, and the path of field names.
fn path(access: &FieldAccess) -> (&Expression, Vec<&str>) {
    match &access.of {
        of @ Expression::Field(outer) if captured_of(of).is_none() => {
            let (of, mut names) = path(outer);
            names.push(&access.name);
            (of, names)
        }
        of => (of, vec![&access.name]),
    }
}

fn captured_of(expression: &Expression) -> Option<Captured> {
    match expression {
        Expression::Reference(reference) => Captured::of(reference),
        Expression::Field(access) => Captured::of_field(&access.of, &access.name),
        _ => None,
    }
}

/// Whether a part may end with an opening brace and the next one start with one.
fn braces_may_meet(parts: &[ConcatPart]) -> bool {
    let ends = |part: &ConcatPart| match part {
        ConcatPart::Literal(literal) => literal.ends_with('{'),
        ConcatPart::Value(_) => true,
    };
    let begins = |part: &ConcatPart| match part {
        ConcatPart::Literal(literal) => literal.starts_with('{'),
        ConcatPart::Value(_) => true,
    };
    parts.windows(2).any(|pair| ends(&pair[0]) && begins(&pair[1]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn adjacent_braces_are_detected() {
        let text = |text: &str| ConcatPart::Literal(text.to_owned());
        let value = || ConcatPart::Value(Expression::Constant(Value::Null));
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
    fn large_integers_are_not_literals() {
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
    fn nested_fields_are_one_path() {
        let field = |of: Expression, name: &str| FieldAccess { of, name: name.to_owned() };
        let input = || Expression::Reference(Reference::Input("in".to_owned()));
        let inner = field(input(), "a");
        let outer = field(Expression::Field(Box::new(inner)), "b");
        assert_eq!(path(&outer), (&input(), vec!["a", "b"]));
        assert_eq!(path(&field(input(), "a")), (&input(), vec!["a"]));
    }
}
