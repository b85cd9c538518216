//! Building expressions: one function for each form. Every built expression can also be parsed.

use std::collections::BTreeMap;

use super::builtin;
use super::operator::{BinaryOperator, UnaryOperator};
use super::parser::parse;
use super::signature::{Argument, with_predicate};
use super::token::{is_field_name, is_name};
use super::tree::{Access, Expression, Form, Node, NodeId};

impl Expression {
    /// `nil`.
    pub fn nil() -> Self {
        Self::leaf(Form::Nil)
    }

    /// `true` or `false`.
    pub fn boolean(value: bool) -> Self {
        Self::leaf(Form::Boolean(value))
    }

    /// An integer. Negative ones are printed with a unary minus.
    pub fn integer(value: i64) -> Self {
        match value.checked_neg() {
            Some(positive) if value < 0 => Self::leaf(Form::Integer(positive)).unary(UnaryOperator::Minus),
            Some(_) => Self::leaf(Form::Integer(value)),
            // The language has no literal for the smallest integer.
            None => Self::integer(value + 1).minus(Self::integer(1)),
        }
    }

    /// A float. Infinities and NaN, which the language does not have, become `nil`.
    pub fn float(value: f64) -> Self {
        match value {
            value if !value.is_finite() => Self::nil(),
            value if value.is_sign_negative() => Self::leaf(Form::Float(-value)).unary(UnaryOperator::Minus),
            value => Self::leaf(Form::Float(value)),
        }
    }

    /// A string.
    pub fn text(text: impl Into<String>) -> Self {
        Self::leaf(Form::Text(text.into()))
    }

    /// A string of bytes.
    pub fn bytes(bytes: impl Into<Vec<u8>>) -> Self {
        Self::leaf(Form::Bytes(bytes.into()))
    }

    /// A variable. A name that is not valid in the language is looked up in `$env`, which contains all variables.
    pub fn name(name: &str) -> Self {
        if is_name(name) {
            Self::leaf(Form::Name(name.to_owned()))
        } else {
            Self::leaf(Form::Name("$env".to_owned())).index(Self::text(name))
        }
    }

    /// The variable at the end of a path of fields, such as `workflow.parameters`.
    pub fn path<'n>(first: &str, fields: impl IntoIterator<Item = &'n str>) -> Self {
        fields.into_iter().fold(Self::name(first), Self::field)
    }

    /// `#`, the item in a predicate.
    pub fn item() -> Self {
        Self::leaf(Form::Pointer(String::new()))
    }

    /// `#acc`, the accumulator of `reduce`.
    pub fn accumulator() -> Self {
        Self::leaf(Form::Pointer("acc".to_owned()))
    }

    /// `self.name`, or `self['name']` if the name contains characters other than letters, digits, `_` and `$`.
    pub fn field(self, name: &str) -> Self {
        self.access(name, false)
    }

    /// `self?.name`: nil if `self` is nil.
    pub fn optional_field(self, name: &str) -> Self {
        self.access(name, true)
    }

    /// `self[index]`.
    pub fn index(self, index: Self) -> Self {
        self.indexed(index, false)
    }

    /// `self?.[index]`: nil if `self` is nil.
    pub fn optional_index(self, index: Self) -> Self {
        self.indexed(index, true)
    }

    /// `self[from:to]`.
    pub fn slice(self, from: Option<Self>, to: Option<Self>) -> Self {
        let has_from = from.is_some();
        let parts = std::iter::once(self).chain(from).chain(to).collect();
        Self::join(parts, |ids| Form::Slice {
            base: ids[0],
            from: has_from.then(|| ids[1]),
            to: ids.get(if has_from { 2 } else { 1 }).copied(),
        })
    }

    /// A function call. Arguments that are evaluated for each item, such as the second one of `map`, can read
    /// [`item`](Self::item).
    pub fn call(name: &str, arguments: impl IntoIterator<Item = Self>) -> Self {
        let kinds = with_predicate(name).unwrap_or_default();
        let arguments: Vec<Self> = arguments
            .into_iter()
            .enumerate()
            .map(|(idx, argument)| match kinds.get(idx) {
                Some(Argument::Predicate | Argument::OptionalPredicate) => argument.predicate(),
                _ => argument,
            })
            .collect();
        if builtin::is_builtin(name) {
            let name = name.to_owned();
            return Self::join(arguments, |arguments| Form::Builtin { name, arguments });
        }
        Self::called(Self::name(name), arguments)
    }

    /// A call of a library function, such as `sprig.trim(text)`.
    pub fn library_call(library: &str, name: &str, arguments: impl IntoIterator<Item = Self>) -> Self {
        let function = Self::join(vec![Self::name(library), Self::text(name)], |ids| Form::Member {
            base: ids[0],
            property: ids[1],
            access: Access::Method,
            optional: false,
        });
        Self::called(function, arguments)
    }

    /// A unary operator applied to this operand.
    pub fn unary(self, operator: UnaryOperator) -> Self {
        Self::join(vec![self], |ids| Form::Unary { operator, operand: ids[0] })
    }

    /// A binary operator applied to two operands.
    pub fn binary(self, operator: BinaryOperator, right: Self) -> Self {
        Self::join(vec![self, right], |ids| Form::Binary {
            operator,
            left: ids[0],
            right: ids[1],
            operator_span: 0..0,
        })
    }

    /// `!self`.
    #[expect(clippy::should_implement_trait, reason = "the result is an expression, not a value")]
    pub fn not(self) -> Self {
        self.unary(UnaryOperator::Not)
    }

    /// `self && right`.
    pub fn and(self, right: Self) -> Self {
        self.binary(BinaryOperator::And, right)
    }

    /// `self || right`.
    pub fn or(self, right: Self) -> Self {
        self.binary(BinaryOperator::Or, right)
    }

    /// `self == right`.
    pub fn equal(self, right: Self) -> Self {
        self.binary(BinaryOperator::Equal, right)
    }

    /// `self != right`.
    pub fn not_equal(self, right: Self) -> Self {
        self.binary(BinaryOperator::NotEqual, right)
    }

    /// `self < right`.
    pub fn less(self, right: Self) -> Self {
        self.binary(BinaryOperator::Less, right)
    }

    /// `self <= right`.
    pub fn at_most(self, right: Self) -> Self {
        self.binary(BinaryOperator::LessOrEqual, right)
    }

    /// `self > right`.
    pub fn greater(self, right: Self) -> Self {
        self.binary(BinaryOperator::Greater, right)
    }

    /// `self in list`.
    pub fn is_in(self, list: Self) -> Self {
        self.binary(BinaryOperator::In, list)
    }

    /// `self matches pattern`.
    pub fn matches(self, pattern: impl Into<String>) -> Self {
        self.binary(BinaryOperator::Matches, Self::text(pattern))
    }

    /// `self contains text`.
    pub fn contains(self, text: impl Into<String>) -> Self {
        self.binary(BinaryOperator::Contains, Self::text(text))
    }

    /// `self + right`.
    pub fn plus(self, right: Self) -> Self {
        self.binary(BinaryOperator::Add, right)
    }

    /// `self - right`.
    pub fn minus(self, right: Self) -> Self {
        self.binary(BinaryOperator::Subtract, right)
    }

    /// `self ?? otherwise`.
    pub fn or_if_nil(self, otherwise: Self) -> Self {
        self.binary(BinaryOperator::Coalesce, otherwise)
    }

    /// `self ? then : otherwise`.
    pub fn then_else(self, then: Self, otherwise: Self) -> Self {
        Self::join(vec![self, then, otherwise], |ids| Form::Conditional {
            condition: ids[0],
            then: ids[1],
            otherwise: ids[2],
        })
    }

    /// The sum of all terms, from left to right; `None` if there are none.
    pub fn sum(terms: impl IntoIterator<Item = Self>) -> Option<Self> {
        terms.into_iter().reduce(Self::plus)
    }

    /// Whether all conditions are true; `None` if there are none.
    pub fn all(conditions: impl IntoIterator<Item = Self>) -> Option<Self> {
        conditions.into_iter().reduce(Self::and)
    }

    /// Whether any condition is true; `None` if there are none.
    pub fn any(conditions: impl IntoIterator<Item = Self>) -> Option<Self> {
        conditions.into_iter().reduce(Self::or)
    }

    /// `[items…]`.
    pub fn list(items: impl IntoIterator<Item = Self>) -> Self {
        Self::join(items.into_iter().collect(), Form::List)
    }

    /// `{key: value…}` with string keys.
    pub fn map<'k>(pairs: impl IntoIterator<Item = (&'k str, Self)>) -> Self {
        let parts = pairs.into_iter().flat_map(|(key, value)| [Self::text(key), value]).collect();
        Self::join(parts, |ids| Form::Map(ids.chunks_exact(2).map(|pair| (pair[0], pair[1])).collect()))
    }

    /// `let name = self; body`.
    pub fn bind(self, name: &str, body: Self) -> Self {
        let name = name.to_owned();
        Self::join(vec![self, body], |ids| Form::Let { name, value: ids[0], body: ids[1] })
    }

    /// `first; …; last`: the value is that of the last expression.
    pub fn sequence(nodes: impl IntoIterator<Item = Self>) -> Self {
        let mut nodes: Vec<Self> = nodes.into_iter().collect();
        match nodes.len() {
            0 => Self::nil(),
            1 => nodes.remove(0),
            _ => Self::join(nodes, Form::Sequence),
        }
    }

    /// Parses an expression and replaces names with values.
    ///
    /// ```
    /// use kfp_argo::expression::Expression;
    /// let built = Expression::template("len(LIST) > 0 ? LIST[0] : nil", [("LIST", Expression::name("items"))]);
    /// assert_eq!(built.to_string(), "len(items) > 0 ? items[0] : nil");
    /// ```
    ///
    /// # Panics
    /// The source is not a valid expression, which is a bug in the caller.
    pub fn template<'n>(source: &'static str, values: impl IntoIterator<Item = (&'n str, Self)>) -> Self {
        let mut template = parse(source).unwrap_or_else(|error| panic!("{}: {source}", error.message));
        let roots: BTreeMap<&str, NodeId> = values
            .into_iter()
            .map(|(name, value)| {
                let root = value.move_to(&mut template.nodes);
                (name, root)
            })
            .collect();
        for idx in 0..template.nodes.len() {
            if let Form::Name(name) = &template.nodes[idx].form
                && let Some(root) = roots.get(name.as_str())
            {
                template.nodes[idx].form = template.form(*root).clone();
            }
        }
        template
    }

    fn leaf(form: Form) -> Self {
        Self { nodes: vec![Node { span: 0..0, form }], root: NodeId(0) }
    }

    fn predicate(self) -> Self {
        Self::join(vec![self], |ids| Form::Predicate(ids[0]))
    }

    fn called(callee: Self, arguments: impl IntoIterator<Item = Self>) -> Self {
        let parts = std::iter::once(callee).chain(arguments).collect();
        Self::join(parts, |mut ids| Form::Call { callee: ids.remove(0), arguments: ids })
    }

    fn access(self, name: &str, optional: bool) -> Self {
        if !is_field_name(name) {
            return self.indexed(Self::text(name), optional);
        }
        // An optional access skips the rest of the path.
        let (base, is_chain) = self.open();
        let member = Self::join(vec![base, Self::text(name)], |ids| Form::Member {
            base: ids[0],
            property: ids[1],
            access: Access::Field,
            optional,
        });
        if is_chain || optional { member.chain() } else { member }
    }

    fn indexed(self, index: Self, optional: bool) -> Self {
        let member = Self::join(vec![self, index], |ids| Form::Member {
            base: ids[0],
            property: ids[1],
            access: Access::Index,
            optional,
        });
        if optional { member.chain() } else { member }
    }

    /// Strips the chain node of a path. Returns whether there was one.
    fn open(mut self) -> (Self, bool) {
        let Form::Chain(inner) = *self.form(self.root) else { return (self, false) };
        self.root = inner;
        (self, true)
    }

    fn chain(self) -> Self {
        Self::join(vec![self], |ids| Form::Chain(ids[0]))
    }

    /// Joins parts under a new node. The nodes of the largest part are not moved, so that building an expression of n
    /// nodes takes O(n log n) steps, whichever side grows.
    fn join(mut parts: Vec<Self>, form: impl FnOnce(Vec<NodeId>) -> Form) -> Self {
        let largest = (0..parts.len()).max_by_key(|idx| parts[*idx].nodes.len());
        let mut nodes = largest.map(|idx| std::mem::take(&mut parts[idx].nodes)).unwrap_or_default();
        let mut ids = Vec::with_capacity(parts.len());
        for (idx, part) in parts.into_iter().enumerate() {
            ids.push(if Some(idx) == largest { part.root } else { part.move_to(&mut nodes) });
        }
        nodes.push(Node { span: 0..0, form: form(ids) });
        let root = NodeId::at(nodes.len() - 1);
        Self { nodes, root }
    }

    /// Appends all nodes to `nodes`, and returns the new id of the root.
    fn move_to(self, nodes: &mut Vec<Node>) -> NodeId {
        let NodeId(by) = NodeId::at(nodes.len());
        nodes.extend(self.nodes.into_iter().map(|mut node| {
            node.form.shift(by);
            node
        }));
        NodeId(self.root.0 + by)
    }
}

impl From<&str> for Expression {
    fn from(text: &str) -> Self {
        Self::text(text)
    }
}

impl From<i64> for Expression {
    fn from(value: i64) -> Self {
        Self::integer(value)
    }
}

impl From<String> for Expression {
    fn from(text: String) -> Self {
        Self::text(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expression::parse;

    #[test]
    fn built_expressions_equal_parsed_ones() {
        let input = || Expression::path("inputs", ["parameters"]).index("a-b".into());
        let output = Expression::name("tasks")
            .index("x".into())
            .optional_field("outputs")
            .optional_field("parameters")
            .optional_index("p".into());
        for (built, text) in [
            (Expression::integer(-3), "-3"),
            (Expression::integer(i64::MIN), "-9223372036854775807 - 1"),
            (Expression::float(-0.5), "-0.5"),
            (Expression::float(f64::NAN), "nil"),
            (Expression::name("if"), "$env['if']"),
            (input(), "inputs.parameters['a-b']"),
            (input().field("in").field("c d"), "inputs.parameters['a-b'].in['c d']"),
            (output.clone().or_if_nil("d".into()), "tasks['x']?.outputs?.parameters?.['p'] ?? 'd'"),
            (output.field("y"), "tasks['x']?.outputs?.parameters?.['p'].y"),
            (input().slice(Some(1.into()), Some(Expression::integer(-1))), "inputs.parameters['a-b'][1:-1]"),
            (input().slice(None, Some(2.into())), "inputs.parameters['a-b'][:2]"),
            (
                Expression::call("map", [input(), Expression::map([("k", Expression::item())])]),
                "map(inputs.parameters['a-b'], ({'k': #}))",
            ),
            (Expression::call("asInt", [input()]), "asInt(inputs.parameters['a-b'])"),
            (Expression::library_call("sprig", "trim", ["x".into()]), "sprig.trim('x')"),
            (Expression::integer(1).bind("a", Expression::name("a").plus(2.into())), "let a = 1; a + 2"),
        ] {
            assert_eq!(built.to_string(), text);
            assert_eq!(parse(text), Ok(built), "{text}");
        }
    }

    /// Building takes linear time, not quadratic.
    #[test]
    fn long_expressions_are_built_fast() {
        let count = 50_000;
        let left = (0..count).fold(Expression::text(""), |sum, _| sum.plus("a".into()));
        let right = (0..count)
            .fold(Expression::text(""), |rest, _| Expression::boolean(true).then_else("a".into(), rest));
        assert_eq!(left.nodes.len(), 2 * count + 1);
        assert_eq!(right.nodes.len(), 3 * count + 1);
        assert_eq!(left.to_string().len(), 2 + 6 * count);
        assert_eq!(left, left.clone());
    }
}
