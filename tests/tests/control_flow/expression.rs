//! The subset of Argo's expression language that control flow uses: strings, comparisons and conditionals.

use kfp_argo::expression::{BinaryOperator, Expression, Form, NodeId, UnaryOperator, parse};

/// The values that expressions read.
pub(crate) trait Values {
    /// Returns the status of a finished task.
    fn status(&self, task: &str) -> &str;
    /// Returns an output of a task, if the task produced it.
    fn output(&self, task: &str, name: &str) -> Option<String>;
    /// Returns an input of the template.
    fn input(&self, name: &str) -> String;
}

/// A value; `Nothing` if a path with `?.` leads to a missing value.
#[derive(Debug, Clone, PartialEq)]
enum Value {
    Nothing,
    Boolean(bool),
    Number(i64),
    Text(String),
}

/// Returns the string that the expression evaluates to.
///
/// Panics on everything that would be an error in Argo, and on expressions that never resolve.
pub(crate) fn evaluate(text: &str, values: &dyn Values) -> String {
    let expression = parse(text).unwrap_or_else(|error| panic!("{text}: {error:?}"));
    match (Evaluation { expression: &expression, values }).value(expression.root()) {
        Value::Text(text) => text,
        Value::Boolean(value) => value.to_string(),
        Value::Number(number) => number.to_string(),
        Value::Nothing => panic!("no value: {text}"),
    }
}

struct Evaluation<'e> {
    expression: &'e Expression,
    values: &'e dyn Values,
}

impl Evaluation<'_> {
    fn value(&self, id: NodeId) -> Value {
        match self.expression.form(id) {
            Form::Integer(number) => Value::Number(*number),
            Form::Text(text) => Value::Text(text.clone()),
            Form::Boolean(value) => Value::Boolean(*value),
            Form::Unary { operator: UnaryOperator::Not, operand } => Value::Boolean(!self.is_true(*operand)),
            Form::Binary { operator, left, right, .. } => self.binary(*operator, *left, *right),
            Form::Conditional { condition, then, otherwise } => {
                self.value(if self.is_true(*condition) { *then } else { *otherwise })
            }
            Form::Builtin { name, arguments } if name == "int" => match self.value(arguments[0]) {
                Value::Text(text) => {
                    Value::Number(text.parse().unwrap_or_else(|_| panic!("not an integer: {text}")))
                }
                other => panic!("not a string: {other:?}"),
            },
            Form::Member { .. } | Form::Chain(_) => self.variable(id),
            other => panic!("unknown: {other:?}"),
        }
    }

    fn is_true(&self, id: NodeId) -> bool {
        match self.value(id) {
            Value::Boolean(value) => value,
            other => panic!("not a boolean: {other:?}"),
        }
    }

    fn number(&self, id: NodeId) -> i64 {
        match self.value(id) {
            Value::Number(number) => number,
            other => panic!("not a number: {other:?}"),
        }
    }

    fn binary(&self, operator: BinaryOperator, left: NodeId, right: NodeId) -> Value {
        Value::Boolean(match operator {
            BinaryOperator::And => self.is_true(left) && self.is_true(right),
            BinaryOperator::Or => self.is_true(left) || self.is_true(right),
            BinaryOperator::Equal => self.value(left) == self.value(right),
            BinaryOperator::NotEqual => self.value(left) != self.value(right),
            BinaryOperator::Greater => self.number(left) > self.number(right),
            BinaryOperator::GreaterOrEqual => self.number(left) >= self.number(right),
            BinaryOperator::Less => self.number(left) < self.number(right),
            BinaryOperator::Coalesce => {
                return match self.value(left) {
                    Value::Nothing => self.value(right),
                    other => other,
                };
            }
            other => panic!("unknown: {other:?}"),
        })
    }

    /// Resolves `inputs.parameters[…]`, `tasks[…].status` or `tasks[…].outputs.parameters[…]`.
    fn variable(&self, id: NodeId) -> Value {
        let (mut path, mut is_optional, mut current) = (Vec::new(), false, id);
        loop {
            match self.expression.form(current) {
                Form::Chain(inner) => current = *inner,
                Form::Member { base, property, optional, .. } => {
                    let Form::Text(name) = self.expression.form(*property) else { panic!("a computed name") };
                    path.push(name.as_str());
                    is_optional |= optional;
                    current = *base;
                }
                Form::Name(name) => {
                    path.push(name);
                    break;
                }
                other => panic!("unknown: {other:?}"),
            }
        }
        path.reverse();
        match path.as_slice() {
            ["inputs", "parameters", name] => Value::Text(self.values.input(name)),
            ["tasks", task, "status"] => Value::Text(self.values.status(task).to_owned()),
            ["tasks", task, "outputs", "parameters", name] => match self.values.output(task, name) {
                Some(text) => Value::Text(text),
                None if is_optional => Value::Nothing,
                None => panic!("`{task}` has no output `{name}`: {}", self.values.status(task)),
            },
            other => panic!("unknown: {other:?}"),
        }
    }
}
