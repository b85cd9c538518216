//! Terms of Argo's expression language that several modules use.

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

/// Returns the expression for the JSON text of a global output; `null` if it does not exist.
///
/// While the status of the producer is unknown, the expression fails, because Argo's early evaluation of arguments
/// would otherwise use `null` before the producer ran.
pub(in crate::lower) fn global(status: Expression, name: &str) -> Expression {
    let value = Expression::path("workflow", [])
        .field("outputs")
        .optional_field("parameters")
        .optional_index(name.into())
        .or_if_nil("null".into());
    status.equal("".into()).then_else("".into(), value)
}

/// Returns the expression that decodes a JSON text.
pub(in crate::lower) fn from_json(text: Expression) -> Expression {
    Expression::call("fromJSON", [text])
}

/// Returns the expression for the compact JSON text of a value.
pub(in crate::lower) fn to_json(value: Expression) -> Expression {
    Expression::call("toJson", [value])
}

/// Returns the JSON text of a constant as a string literal.
pub(in crate::lower) fn constant(value: &Value) -> Expression {
    Expression::text(encode(value))
}

/// Returns an expression that fails with a message.
pub(in crate::lower) fn fail(message: Expression) -> Expression {
    Expression::library_call("sprig", "fail", [message])
}

/// Returns the expression that replaces every occurrence of `from`.
pub(in crate::lower) fn replace(text: Expression, from: &str, to: &str) -> Expression {
    Expression::call("replace", [text, from.into(), to.into()])
}

/// Returns the expression that escapes a JSON text, so that it contains no tags for Argo and no variables for the
/// kubelet.
pub(in crate::lower) fn protect(json: Expression) -> Expression {
    replace(escape_braces(json), "$", r"\u0024")
}

/// Returns the expression that escapes consecutive opening braces in a JSON text.
pub(in crate::lower) fn escape_braces(json: Expression) -> Expression {
    replace(json, "{{", r"{\u007b")
}

/// Separates consecutive opening braces in a description, so that Argo finds no tags. Escapes would not survive all of
/// Argo's passes.
pub(in crate::lower) fn prose(text: &str) -> String {
    // Replaced twice, for three consecutive braces.
    text.replace("{{", "{ {").replace("{{", "{ {")
}

/// Builds a concatenation of strings, in which adjacent literals are merged.
#[derive(Default)]
pub(in crate::lower) struct Concat {
    terms: Vec<Expression>,
    literal: String,
}

impl Concat {
    /// Appends a literal.
    pub(in crate::lower) fn text(&mut self, text: &str) {
        self.literal.push_str(text);
    }

    /// Appends the string that an expression returns.
    pub(in crate::lower) fn expression(&mut self, expression: Expression) {
        self.end_literal();
        self.terms.push(expression);
    }

    fn end_literal(&mut self) {
        if !self.literal.is_empty() {
            self.terms.push(Expression::text(std::mem::take(&mut self.literal)));
        }
    }

    /// Returns the concatenation.
    pub(in crate::lower) fn whole(mut self) -> Expression {
        self.end_literal();
        Expression::sum(self.terms).unwrap_or_else(|| Expression::text(""))
    }
}

/// Returns the expression for the JSON text of an object, from expressions for the JSON texts of its members.
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
    fn protected_texts_contain_no_tags_and_variables() {
        assert_eq!(
            protect(Expression::name("x")).to_string(),
            r"replace(replace(x, '{\x7b', '{\\u007b'), '$', '\\u0024')"
        );
    }

    #[test]
    fn objects_are_concatenated() {
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
