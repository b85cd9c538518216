//! Terms of Argo's language that several files build.

use kfp_argo::expression::Expression;
use kfp_argo::text::Text;
use kfp_model::value::encode;
use serde_json::Value;

/// `inputs.parameters['name']`.
pub(in crate::lower) fn input(name: &str) -> Expression {
    Expression::path("inputs", ["parameters"]).index(name.into())
}

/// `{{inputs.parameters.name}}`.
pub(in crate::lower) fn input_tag(name: &str) -> Text {
    Text::variable(format!("inputs.parameters.{name}"))
}

/// `tasks['task'].outputs.parameters['name']`.
pub(in crate::lower) fn output(task: &str, name: &str) -> Expression {
    Expression::name("tasks").index(task.into()).field("outputs").field("parameters").index(name.into())
}

/// `{{tasks.task.outputs.parameters.name}}`.
pub(in crate::lower) fn output_tag(task: &str, name: &str) -> Text {
    Text::variable(format!("tasks.{task}.outputs.parameters.{name}"))
}

/// `tasks['task'].status`.
pub(in crate::lower) fn status(task: &str) -> Expression {
    Expression::name("tasks").index(task.into()).field("status")
}

/// `tasks['task'].status == 'Succeeded'`.
pub(in crate::lower) fn succeeded(task: &str) -> Expression {
    status(task).equal("Succeeded".into())
}

/// The JSON text of a value that the whole workflow sees; an empty string where there is none yet.
///
/// While the status of its producer is unknown, this fails the early pass over arguments, which would settle for
/// `null` before the producer ran.
pub(in crate::lower) fn global(status: Expression, name: &str) -> Expression {
    let value = Expression::path("workflow", [])
        .field("outputs")
        .optional_field("parameters")
        .optional_index(name.into())
        .or_if_nil("null".into());
    status.equal("".into()).then_else("".into(), value)
}

/// The value that a JSON text encodes.
pub(in crate::lower) fn from_json(text: Expression) -> Expression {
    Expression::call("fromJSON", [text])
}

/// The compact JSON text of a value.
pub(in crate::lower) fn to_json(value: Expression) -> Expression {
    Expression::call("toJson", [value])
}

/// The JSON text of a constant, as a string of Argo's language.
pub(in crate::lower) fn constant(value: &Value) -> Expression {
    Expression::text(encode(value))
}

/// An expression that fails with a message.
pub(in crate::lower) fn fail(message: Expression) -> Expression {
    Expression::library_call("sprig", "fail", [message])
}

/// The text with every occurrence of `from` replaced.
pub(in crate::lower) fn replace(text: Expression, from: &str, to: &str) -> Expression {
    Expression::call("replace", [text, from.into(), to.into()])
}

/// The JSON text, in a form that can be pasted: Argo finds no tag in it, and the kubelet no variable.
pub(in crate::lower) fn protect(json: Expression) -> Expression {
    replace(apart(json), "$", r"\u0024")
}

/// The JSON text without two opening braces in a row.
pub(in crate::lower) fn apart(json: Expression) -> Expression {
    replace(json, "{{", r"{\u007b")
}

/// A text for people, in which Argo finds no tag: no escape survives all of its passes, so braces are set apart.
pub(in crate::lower) fn prose(text: &str) -> String {
    // The second time for the braces that the first time left together, as in three of them.
    text.replace("{{", "{ {").replace("{{", "{ {")
}

/// A string put together of strings. Characters that follow each other are one literal.
#[derive(Default)]
pub(in crate::lower) struct Concat {
    terms: Vec<Expression>,
    literal: String,
}

impl Concat {
    /// Adds characters.
    pub(in crate::lower) fn text(&mut self, text: &str) {
        self.literal.push_str(text);
    }

    /// Adds the string that an expression returns.
    pub(in crate::lower) fn expression(&mut self, expression: Expression) {
        self.end_literal();
        self.terms.push(expression);
    }

    fn end_literal(&mut self) {
        if !self.literal.is_empty() {
            self.terms.push(Expression::text(std::mem::take(&mut self.literal)));
        }
    }

    /// The whole string.
    pub(in crate::lower) fn whole(mut self) -> Expression {
        self.end_literal();
        Expression::sum(self.terms).unwrap_or_else(|| Expression::text(""))
    }
}

/// The JSON text of an object, of expressions that return those of its members.
pub(in crate::lower) fn object<'n>(members: impl IntoIterator<Item = (&'n str, Expression)>) -> Expression {
    let mut whole = Concat::default();
    for (idx, (name, member)) in members.into_iter().enumerate() {
        whole.text(if idx == 0 { "{" } else { "," });
        whole.text(&encode(&Value::from(name)));
        whole.text(":");
        whole.expression(member);
    }
    if whole.terms.is_empty() {
        whole.text("{");
    }
    whole.text("}");
    whole.whole()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pasted_texts_have_neither_tags_nor_variables() {
        assert_eq!(
            protect(Expression::name("x")).to_string(),
            r"replace(replace(x, '{\x7b', '{\\u007b'), '$', '\\u0024')"
        );
    }

    #[test]
    fn objects_are_put_together() {
        let member = || Expression::name("x");
        for (members, expected) in [
            (vec![], "'{}'"),
            (vec![("a", member())], r#"'{"a":' + x + '}'"#),
            (vec![("a", member()), ("b", member())], r#"'{"a":' + x + ',"b":' + x + '}'"#),
        ] {
            assert_eq!(object(members).to_string(), expected);
        }
    }
}
