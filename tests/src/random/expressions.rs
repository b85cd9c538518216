//! Random expressions and conditions over the visible values.

use indexmap::IndexMap;
use kfp_model::{Comparison, ConcatPart, Condition, Expression, FieldAccess, Operator, Type};

use super::generator::Generator;
use super::scope::Visible;
use super::types;

/// How the task that takes a value handles an absent one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Need {
    /// It is skipped.
    Value,
    /// It takes `null`, because the input is optional.
    Option,
    /// It runs anyway, because it runs after failures: everything that may be absent has a fallback.
    Nothing,
}

impl Generator<'_> {
    /// Returns an expression whose value the type accepts; `None` if none can be built here.
    pub(super) fn expression(&mut self, r#type: &Type, need: Need) -> Option<Expression> {
        let candidates = self.candidates(r#type, need);
        match self.choices.below(10) {
            0..=5 if !candidates.is_empty() => Some(self.take(&candidates, need)),
            6 => self.first_present(r#type).or_else(|| self.constant_or_visible(r#type, &candidates, need)),
            7 | 8 => {
                self.composite(r#type, need).or_else(|| self.constant_or_visible(r#type, &candidates, need))
            }
            _ => self.constant_or_visible(r#type, &candidates, need),
        }
    }

    fn constant_or_visible(
        &mut self,
        r#type: &Type,
        candidates: &[(usize, Visible)],
        need: Need,
    ) -> Option<Expression> {
        match types::constant(self.choices, r#type) {
            Some(constant) => Some(Expression::Constant(constant)),
            None if !candidates.is_empty() => Some(self.take(candidates, need)),
            None if matches!(r#type, Type::List(_)) => self.composite(r#type, need),
            None if r#type.is_option() => Some(Expression::Constant(serde_json::Value::Null)),
            None => None,
        }
    }

    /// Returns the visible values that the type accepts, including fields of structs.
    fn candidates(&self, r#type: &Type, need: Need) -> Vec<(usize, Visible)> {
        let mut candidates = self.scope.fitting(r#type);
        let field = |value: &Visible| {
            let Type::Struct(structure) = &value.r#type else { return None };
            let (name, field) = structure.fields.iter().find(|(_, field)| {
                r#type.accepts(&field.r#type) && (r#type.is_option() || !field.r#type.is_option())
            })?;
            let access = FieldAccess { of: value.expression.clone(), name: name.clone() };
            let expression = Expression::Field(Box::new(access));
            Some(Visible { expression, r#type: field.r#type.clone(), ..value.clone() })
        };
        candidates.extend(self.scope.all(field));
        if need == Need::Nothing {
            candidates.retain(|(_, value)| value.r#type.is_option() || is_not_an_output(&value.expression));
        }
        candidates
    }

    fn take(&mut self, candidates: &[(usize, Visible)], need: Need) -> Expression {
        let (frame, value) = self.choices.pick(candidates);
        if need == Need::Value {
            self.scope.need(*frame, value);
        }
        value.expression.clone()
    }

    /// Returns a value that may be absent, with a fallback.
    fn first_present(&mut self, r#type: &Type) -> Option<Expression> {
        let uncertain = self.scope.uncertain(r#type);
        if uncertain.is_empty() {
            return None;
        }
        let first = self.choices.pick(&uncertain).1.expression.clone();
        let fallback = types::constant(self.choices, r#type.present())?;
        Some(Expression::FirstPresent(vec![first, Expression::Constant(fallback)]))
    }

    /// Returns a list, a struct or a string made of other expressions.
    fn composite(&mut self, r#type: &Type, need: Need) -> Option<Expression> {
        // A composite value needs all of its parts.
        let need = if need == Need::Option { Need::Value } else { need };
        match r#type {
            Type::List(inner) => {
                let items: Option<Vec<Expression>> =
                    (0..=self.choices.below(3)).map(|_| self.expression(inner, need)).collect();
                Some(Expression::List(items?))
            }
            Type::Struct(structure) => {
                let fields: Option<IndexMap<String, Expression>> = structure
                    .fields
                    .iter()
                    .map(|(name, field)| Some((name.clone(), self.expression(&field.r#type, need)?)))
                    .collect();
                Some(Expression::Struct(fields?))
            }
            Type::String => {
                let literal = types::constant(self.choices, &Type::String)?.as_str()?.to_owned();
                let part = [Type::Integer, Type::String, Type::Boolean][self.choices.below(3)].clone();
                let value = self.expression(&part, need)?;
                Some(Expression::Concat(vec![ConcatPart::Literal(literal), ConcatPart::Value(value)]))
            }
            _ => None,
        }
    }

    /// Returns a condition.
    pub(super) fn condition(&mut self, depth: usize) -> Condition {
        let present = self.scope.all(|value| value.r#type.is_option().then(|| value.expression.clone()));
        match self.choices.below(if depth > 1 { 4 } else { 7 }) {
            1 => {
                let operators = [Operator::Equal, Operator::NotEqual];
                self.comparison(&Type::String, &operators)
            }
            2 => match self.expression(&Type::Boolean, Need::Value) {
                Some(boolean) => Condition::Holds(boolean),
                None => self.integers(),
            },
            3 if !present.is_empty() => Condition::Present(self.choices.pick(&present).1.clone()),
            4 => Condition::Not(Box::new(self.condition(depth + 1))),
            5 => Condition::And(vec![self.condition(depth + 1), self.condition(depth + 1)]),
            6 => Condition::Or(vec![self.condition(depth + 1), self.condition(depth + 1)]),
            _ => self.integers(),
        }
    }

    fn integers(&mut self) -> Condition {
        let operators = [Operator::Less, Operator::GreaterOrEqual, Operator::Equal, Operator::NotEqual];
        let r#type = if self.choices.one_in(5) { Type::Float } else { Type::Integer };
        self.comparison(&r#type, &operators)
    }

    fn comparison(&mut self, r#type: &Type, operators: &[Operator]) -> Condition {
        let mut side = || self.expression(r#type, Need::Value).expect("plain types have constants");
        let (left, right) = (side(), side());
        let operator = *self.choices.pick(operators);
        Condition::Compare(Box::new(Comparison { left, operator, right }))
    }
}

/// Returns whether the value is not the output of a task.
fn is_not_an_output(expression: &Expression) -> bool {
    let mut is_not_an_output = true;
    expression.for_each_reference(&mut |reference| {
        is_not_an_output &= !matches!(reference, kfp_model::Reference::Output(_));
    });
    is_not_an_output
}
