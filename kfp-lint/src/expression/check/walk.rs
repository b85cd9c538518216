//! Walks the nodes of an expression and infers their types.

use std::collections::{BTreeMap, BTreeSet};

use kfp_argo::expression::{Expression, Form, NodeId, UnaryOperator};
use kfp_diag::{Code, codes};

use super::kind::Kind;
use super::{Pass, is_constant, name, operator};
use crate::expression::pattern;
use crate::expression::problem::{Impact, Problem};
use crate::expression::scope::Scope;
use crate::expression::status;

/// The state of one pass.
pub(super) struct Walk<'e> {
    pub(super) expression: &'e Expression,
    pub(super) scope: &'e Scope,
    pub(super) pass: Pass,
    /// The nodes with problems in the first pass, which are not reported again.
    reported: BTreeSet<NodeId>,
    /// The full names that a `-` splits.
    pub(super) cut: BTreeMap<NodeId, String>,
    /// The types of the visited nodes.
    kinds: Vec<Option<Kind>>,
    pub(super) problems: Vec<(NodeId, Problem)>,
    /// The enclosing predicates: the type of each list, and the names after `#`.
    pub(super) predicates: Vec<(Kind, &'static [(&'static str, Kind)])>,
    /// The local variables of the expression.
    pub(super) locals: Vec<(&'e str, Kind)>,
}

impl<'e> Walk<'e> {
    pub(super) fn new(
        expression: &'e Expression,
        scope: &'e Scope,
        pass: Pass,
        reported: BTreeSet<NodeId>,
    ) -> Self {
        let kinds = vec![None; expression.nodes().len()];
        let cut = if pass == Pass::Engine { name::cut_at_minus(expression) } else { BTreeMap::new() };
        Self {
            expression,
            scope,
            pass,
            reported,
            cut,
            kinds,
            problems: Vec::new(),
            predicates: Vec::new(),
            locals: Vec::new(),
        }
    }

    /// Returns the type of the node. Long chains of operators and fields are walked without recursion.
    pub(super) fn visit(&mut self, id: NodeId) -> Kind {
        let mut chain = vec![id];
        while let Some(before) = chain.last().and_then(|last| self.first_operand(*last)) {
            chain.push(before);
        }
        let mut kind = Kind::Unknown;
        while let Some(id) = chain.pop() {
            let known = self.kinds[id.idx()].clone();
            kind = known.unwrap_or_else(|| self.node(id));
            self.kinds[id.idx()] = Some(kind.clone());
        }
        kind
    }

    /// Returns the first operand of a chain, unless it is already visited.
    fn first_operand(&self, id: NodeId) -> Option<NodeId> {
        let first = match self.expression.form(id) {
            Form::Binary { left: first, .. }
            | Form::Member { base: first, .. }
            | Form::Slice { base: first, .. }
            | Form::Chain(first)
            | Form::Conditional { condition: first, .. } => *first,
            Form::Builtin { arguments, .. } => *arguments.first()?,
            Form::Call { callee, arguments } => match self.expression.form(*callee) {
                // Pipes form chains of first arguments.
                Form::Name(_) => *arguments.first()?,
                _ => return self.first_operand(*callee),
            },
            _ => return None,
        };
        self.kinds[first.idx()].is_none().then_some(first)
    }

    fn node(&mut self, id: NodeId) -> Kind {
        let expression = self.expression;
        match expression.form(id) {
            Form::Nil => Kind::Nothing,
            Form::Boolean(_) => Kind::Boolean,
            Form::Integer(_) => Kind::Integer,
            Form::Float(_) => Kind::Float,
            Form::Text(_) => Kind::Text,
            Form::Bytes(_) => Kind::Bytes,
            Form::Name(name) => self.name(id, name),
            Form::Unary { operator, operand } => self.unary(id, operator.symbol(), *operand),
            Form::Binary { operator, left, right, .. } => self.binary(id, operator.symbol(), *left, *right),
            Form::Chain(inner) => self.visit(*inner),
            Form::Member { base, property, .. } => self.member(id, *base, *property),
            Form::Slice { base, from, to } => self.slice(id, *base, *from, *to),
            Form::Call { callee, arguments } => self.call(id, *callee, arguments),
            Form::Builtin { name, arguments } => self.builtin(id, name, arguments),
            Form::Predicate(body) => self.visit(*body),
            Form::Pointer(name) => self.pointer(id, name),
            Form::Let { name, value, body } => self.variable(id, name, *value, *body),
            Form::Sequence(nodes) => nodes.iter().fold(Kind::Unknown, |_, node| self.visit(*node)),
            Form::Conditional { condition, then, otherwise } => {
                self.conditional(*condition, *then, *otherwise)
            }
            Form::List(nodes) => self.list(nodes),
            Form::Map(pairs) => {
                for (key, value) in pairs {
                    self.visit(*key);
                    self.visit(*value);
                }
                Kind::Map
            }
        }
    }

    /// Records a problem: `Rejected` in the first pass, `Fails` in the second.
    pub(super) fn wrong(&mut self, id: NodeId, code: Code, message: impl Into<String>, help: Option<String>) {
        let impact = if self.pass == Pass::Engine { Impact::Rejected } else { Impact::Fails };
        self.note(id, code, impact, message, help);
    }

    /// Records a hazard.
    pub(super) fn hazard(
        &mut self,
        id: NodeId,
        code: Code,
        message: impl Into<String>,
        help: Option<String>,
    ) {
        if self.pass == Pass::Values {
            self.note(id, code, Impact::Hazard, message, help);
        }
    }

    fn note(
        &mut self,
        id: NodeId,
        code: Code,
        impact: Impact,
        message: impl Into<String>,
        help: Option<String>,
    ) {
        if !self.reported.contains(&id) {
            let span = self.expression.node(id).span.clone();
            let problem = Problem::new(code, impact, span, message);
            self.problems.push((id, Problem { help, ..problem }));
        }
    }

    fn unary(&mut self, id: NodeId, operator: &str, operand: NodeId) -> Kind {
        let kind = self.visit(operand);
        if operator == "+" && self.pass == Pass::Values {
            // At run time, a unary plus has no effect.
            return kind;
        }
        operator::unary(operator, &kind).unwrap_or_else(|| {
            let wanted = if operator == "!" { "a boolean" } else { "a number" };
            let message = format!("`{operator}` expects {wanted}, found {}", kind.shown());
            self.wrong(id, codes::EXPRESSION_OPERANDS, message, self.conversion(&kind, wanted));
            Kind::Unknown
        })
    }

    fn binary(&mut self, id: NodeId, operator: &str, left: NodeId, right: NodeId) -> Kind {
        let kinds = (self.visit(left), self.visit(right));
        if operator == "matches" {
            self.pattern(id, right);
        }
        if operator == "%" && self.integer(left).is_some() && self.integer(right) == Some(0) {
            self.wrong(id, codes::EXPRESSION_OPERANDS, "division by zero", None);
        }
        if self.pass == Pass::Values {
            self.status(id, operator, left, right);
        }
        match operator::binary(operator, &kinds.0, &kinds.1) {
            Some(kind) => kind,
            None if self.pass == Pass::Values => self.contradiction(id, operator, &kinds.0, &kinds.1),
            None => {
                self.mismatch(id, operator, &kinds.0, &kinds.1);
                Kind::Unknown
            }
        }
    }

    /// Checks operands whose types the engine does not know, so that it did not reject them.
    fn contradiction(&mut self, id: NodeId, operator: &str, left: &Kind, right: &Kind) -> Kind {
        match operator {
            "==" | "!=" => {
                let message = format!("{} is never equal to {}", left.shown(), right.shown());
                self.hazard(id, codes::EXPRESSION_NEVER_EQUAL, message, self.comparison_help(left, right));
                Kind::Boolean
            }
            "in" if right.is_list() => {
                let element = right.element();
                let message = format!("{} is never in a list of {}", left.shown(), element.plural());
                self.hazard(id, codes::EXPRESSION_NEVER_EQUAL, message, self.comparison_help(left, &element));
                Kind::Boolean
            }
            "&&" | "and" | "||" | "or" if *left == Kind::Boolean => {
                let message = format!("the right side of `{operator}` is {}", right.shown());
                self.hazard(id, codes::EXPRESSION_CONDITION, message, self.conversion(right, "a boolean"));
                Kind::Unknown
            }
            _ => {
                self.mismatch(id, operator, left, right);
                Kind::Unknown
            }
        }
    }

    fn mismatch(&mut self, id: NodeId, operator: &str, left: &Kind, right: &Kind) {
        let message = format!("cannot apply `{operator}` to {} and {}", left.shown(), right.shown());
        let help = match operator {
            "==" | "!=" | "in" => self.comparison_help(left, right),
            "&&" | "and" | "||" | "or" => {
                self.conversion(if *left == Kind::Boolean { right } else { left }, "a boolean")
            }
            "contains" | "startsWith" | "endsWith" | "matches" => {
                let number = left.is_number() || right.is_number();
                number.then(|| "use `string(…)` to convert the number to a string".to_owned())
            }
            "+" if *left == Kind::Text && right.is_number() || left.is_number() && *right == Kind::Text => {
                let [integer, float] = self.numbers();
                Some(format!(
                    "use `string(…)` to convert the number, or `{integer}(…)` or `{float}(…)` to convert the string"
                ))
            }
            _ if *left == Kind::Text || *right == Kind::Text => self.conversion(&Kind::Text, "a number"),
            _ => None,
        };
        self.wrong(id, codes::EXPRESSION_OPERANDS, message, help);
    }

    /// Returns help for converting a value to the expected type.
    pub(super) fn conversion(&self, given: &Kind, wanted: &str) -> Option<String> {
        let [integer, float] = self.numbers();
        match (given, wanted) {
            (Kind::Text, "a number") => {
                Some(format!("use `{integer}(…)` or `{float}(…)` to convert the string to a number"))
            }
            (Kind::Text, "a boolean") => Some("compare the string, as in `… == 'true'`".to_owned()),
            (Kind::Text, "a list" | "a map") => {
                Some("use `fromJSON(…)` to parse a string that contains JSON".to_owned())
            }
            (_, "a string") => {
                Some("use `string(…)` to convert a number, or `toJson(…)` to convert any value".to_owned())
            }
            _ => None,
        }
    }

    /// Returns help for comparing two values.
    fn comparison_help(&self, left: &Kind, right: &Kind) -> Option<String> {
        let ((Kind::Text, other) | (other, Kind::Text)) = (left, right) else { return None };
        match other {
            Kind::Integer | Kind::Float => {
                let function = if *other == Kind::Integer { self.numbers()[0] } else { self.numbers()[1] };
                Some(format!("put the number in quotes, or convert the string with `{function}(…)`"))
            }
            Kind::Boolean => Some("use `'true'` or `'false'` with quotes".to_owned()),
            _ => None,
        }
    }

    /// Returns the functions that convert strings to numbers.
    fn numbers(&self) -> [&'static str; 2] {
        if self.scope.argo { ["asInt", "asFloat"] } else { ["int", "float"] }
    }

    fn pattern(&mut self, id: NodeId, right: NodeId) {
        let expression = self.expression;
        let Form::Text(text) = expression.form(right) else { return };
        if let Err(problem) = pattern::check(text) {
            let message = format!("invalid pattern after `matches`: {problem}");
            self.wrong(id, codes::EXPRESSION_PATTERN, message, None);
        }
    }

    /// Reports comparisons of a status with values that it never has.
    fn status(&mut self, id: NodeId, operator: &str, left: NodeId, right: NodeId) {
        let expression = self.expression;
        let status = |id| name::fixed(expression, id).filter(|path| status::is_status(path));
        let (path, other) = match (status(left), status(right), operator) {
            (Some(path), None, "==" | "!=" | "in") => (path, right),
            (None, Some(path), "==" | "!=") => (path, left),
            _ => return,
        };
        let values = match expression.form(other) {
            Form::List(items) if operator == "in" => items.clone(),
            _ => vec![other],
        };
        for value in values {
            let Form::Text(text) = expression.form(value) else { continue };
            if let Some((message, help)) = status::unknown(&path, text) {
                self.hazard(id, codes::EXPRESSION_NEVER_EQUAL, message, Some(help));
            }
        }
    }

    /// Returns the value of an integer constant that the engine folds.
    fn integer(&self, id: NodeId) -> Option<i64> {
        match self.expression.form(id) {
            Form::Integer(number) => Some(*number),
            Form::Unary { operator, operand } => match self.expression.form(*operand) {
                Form::Integer(number) if *operator == UnaryOperator::Minus => Some(number.wrapping_neg()),
                Form::Integer(number) if *operator == UnaryOperator::Plus => Some(*number),
                _ => None,
            },
            _ => None,
        }
    }

    fn conditional(&mut self, condition: NodeId, then: NodeId, otherwise: NodeId) -> Kind {
        let kind = self.visit(condition);
        if kind != Kind::Boolean && !kind.is_unknown() {
            let message = format!("expected a boolean condition, found {}", kind.shown());
            self.wrong(condition, codes::EXPRESSION_CONDITION, message, self.conversion(&kind, "a boolean"));
        } else if is_constant(self.expression, condition) {
            self.hazard(condition, codes::EXPRESSION_CONSTANT, "the condition is constant", None);
        }
        let (then, otherwise) = (self.visit(then), self.visit(otherwise));
        operator::either(&then, &otherwise)
    }

    fn variable(&mut self, id: NodeId, name: &'e str, value: NodeId, body: NodeId) -> Kind {
        let taken = self.is_known(name) || self.locals.iter().any(|(local, _)| *local == name);
        if taken && self.pass == Pass::Engine {
            let message = format!("duplicate name `{name}`");
            self.wrong(
                id,
                codes::EXPRESSION_NAME,
                message,
                Some("use a different name after `let`".to_owned()),
            );
            return Kind::Unknown;
        }
        let value = self.visit(value);
        self.locals.push((name, value));
        let kind = self.visit(body);
        self.locals.pop();
        kind
    }

    fn list(&mut self, nodes: &[NodeId]) -> Kind {
        let kinds: Vec<Kind> = nodes.iter().map(|node| self.visit(*node)).collect();
        let alike = kinds.windows(2).all(|pair| pair[0].form() == pair[1].form());
        match kinds.last() {
            Some(last) if alike => Kind::List(Box::new(last.clone())),
            None => Kind::List(Box::new(Kind::Unknown)),
            Some(_) => Kind::list(),
        }
    }
}
