//! The walk over the nodes, from the operands to what they give.

use std::collections::{BTreeMap, BTreeSet};

use kfp_argo::expression::{Expression, Form, NodeId, UnaryOperator};
use kfp_diag::{Code, codes};

use super::kind::Kind;
use super::{Look, is_constant, name, operator};
use crate::expression::pattern;
use crate::expression::problem::{Gravity, Problem};
use crate::expression::scope::Scope;

pub(super) struct Walk<'e> {
    pub(super) expression: &'e Expression,
    pub(super) scope: &'e Scope,
    pub(super) look: Look,
    /// What was wrong at the first look, and is not told again.
    reported: BTreeSet<NodeId>,
    /// What names were cut from, as they have a sign in them.
    pub(super) cut: BTreeMap<NodeId, String>,
    /// What each node gives that has been visited.
    kinds: Vec<Option<Kind>>,
    pub(super) problems: Vec<(NodeId, Problem)>,
    /// The predicates around a node: what each goes over, and the names behind `#`.
    pub(super) predicates: Vec<(Kind, &'static [(&'static str, Kind)])>,
    /// The variables that the expression makes.
    pub(super) made: Vec<(&'e str, Kind)>,
}

impl<'e> Walk<'e> {
    pub(super) fn new(
        expression: &'e Expression,
        scope: &'e Scope,
        look: Look,
        reported: BTreeSet<NodeId>,
    ) -> Self {
        let kinds = vec![None; expression.nodes().len()];
        let cut = if look == Look::Engine { name::cut_at_signs(expression) } else { BTreeMap::new() };
        Self {
            expression,
            scope,
            look,
            reported,
            cut,
            kinds,
            problems: Vec::new(),
            predicates: Vec::new(),
            made: Vec::new(),
        }
    }

    /// What the node gives. Long rows of operators and fields are followed without recursion.
    pub(super) fn visit(&mut self, id: NodeId) -> Kind {
        let mut row = vec![id];
        while let Some(before) = row.last().and_then(|last| self.begins_with(*last)) {
            row.push(before);
        }
        let mut kind = Kind::Unknown;
        while let Some(id) = row.pop() {
            let known = self.kinds[id.idx()].clone();
            kind = known.unwrap_or_else(|| self.node(id));
            self.kinds[id.idx()] = Some(kind.clone());
        }
        kind
    }

    /// The operand that rows of such nodes grow at, unless it is known already.
    fn begins_with(&self, id: NodeId) -> Option<NodeId> {
        let first = match self.expression.form(id) {
            Form::Binary { left: first, .. }
            | Form::Member { base: first, .. }
            | Form::Slice { base: first, .. }
            | Form::Chain(first)
            | Form::Conditional { condition: first, .. } => *first,
            Form::Builtin { arguments, .. } => *arguments.first()?,
            Form::Call { callee, arguments } => match self.expression.form(*callee) {
                // Pipes make rows of first arguments.
                Form::Name(_) => *arguments.first()?,
                _ => return self.begins_with(*callee),
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

    /// Notes a problem: one of the first look is a refusal, one of the second a failure.
    pub(super) fn wrong(&mut self, id: NodeId, code: Code, message: impl Into<String>, help: Option<String>) {
        let gravity = if self.look == Look::Engine { Gravity::Refused } else { Gravity::Fails };
        self.note(id, code, gravity, message, help);
    }

    /// Notes what would surprise.
    pub(super) fn hazard(
        &mut self,
        id: NodeId,
        code: Code,
        message: impl Into<String>,
        help: Option<String>,
    ) {
        if self.look == Look::Values {
            self.note(id, code, Gravity::Hazard, message, help);
        }
    }

    fn note(
        &mut self,
        id: NodeId,
        code: Code,
        gravity: Gravity,
        message: impl Into<String>,
        help: Option<String>,
    ) {
        if !self.reported.contains(&id) {
            let span = self.expression.node(id).span.clone();
            let problem = Problem::new(code, gravity, span, message);
            self.problems.push((id, Problem { help, ..problem }));
        }
    }

    fn unary(&mut self, id: NodeId, operator: &str, operand: NodeId) -> Kind {
        let kind = self.visit(operand);
        if operator == "+" && self.look == Look::Values {
            // It does nothing, whatever it stands before.
            return kind;
        }
        operator::unary(operator, &kind).unwrap_or_else(|| {
            let wanted = if operator == "!" { "a boolean" } else { "a number" };
            let message = format!("`{operator}` takes {wanted}, and is given {}", kind.shown());
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
            self.wrong(id, codes::EXPRESSION_OPERANDS, "a division by zero", None);
        }
        if self.look == Look::Values {
            self.status(id, operator, left, right);
        }
        match operator::binary(operator, &kinds.0, &kinds.1) {
            Some(kind) => kind,
            None if self.look == Look::Values => self.contradiction(id, operator, &kinds.0, &kinds.1),
            None => {
                self.mismatch(id, operator, &kinds.0, &kinds.1);
                Kind::Unknown
            }
        }
    }

    /// What an operator does at last with values that the engine did not refuse, knowing nothing of them.
    fn contradiction(&mut self, id: NodeId, operator: &str, left: &Kind, right: &Kind) -> Kind {
        match operator {
            "==" | "!=" => {
                let message = format!("{} is never equal to {}", left.shown(), right.shown());
                self.hazard(id, codes::EXPRESSION_NEVER_EQUAL, message, self.likening(left, right));
                Kind::Boolean
            }
            "in" if right.is_list() => {
                let element = right.element();
                let message =
                    format!("{} is never in a list of which each item is {}", left.shown(), element.shown());
                self.hazard(id, codes::EXPRESSION_NEVER_EQUAL, message, self.likening(left, &element));
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
        let message = format!("`{operator}` cannot stand between {} and {}", left.shown(), right.shown());
        let help = match operator {
            "==" | "!=" | "in" => self.likening(left, right),
            "&&" | "and" | "||" | "or" => {
                self.conversion(if *left == Kind::Boolean { right } else { left }, "a boolean")
            }
            "contains" | "startsWith" | "endsWith" | "matches" => {
                let number = left.is_number() || right.is_number();
                number.then(|| "`string(…)` makes a text of a number".to_owned())
            }
            "+" if *left == Kind::Text && right.is_number() || left.is_number() && *right == Kind::Text => {
                let [integer, float] = self.numbers();
                Some(format!(
                    "`string(…)` makes a text of a number, `{integer}(…)` and `{float}(…)` a number of a text"
                ))
            }
            _ if *left == Kind::Text || *right == Kind::Text => self.conversion(&Kind::Text, "a number"),
            _ => None,
        };
        self.wrong(id, codes::EXPRESSION_OPERANDS, message, help);
    }

    /// How something becomes what is wanted.
    pub(super) fn conversion(&self, given: &Kind, wanted: &str) -> Option<String> {
        let [integer, float] = self.numbers();
        match (given, wanted) {
            (Kind::Text, "a number") => {
                Some(format!("`{integer}(…)` or `{float}(…)` makes a number of a text"))
            }
            (Kind::Text, "a boolean") => Some("a text is compared, as in `… == 'true'`".to_owned()),
            (Kind::Text, "a list" | "a map") => Some("`fromJSON(…)` reads a text that holds JSON".to_owned()),
            (_, "a text") => Some("`string(…)` makes a text of a number, `toJson(…)` of anything".to_owned()),
            _ => None,
        }
    }

    /// How two things become equal.
    fn likening(&self, left: &Kind, right: &Kind) -> Option<String> {
        let ((Kind::Text, other) | (other, Kind::Text)) = (left, right) else { return None };
        match other {
            Kind::Integer | Kind::Float => {
                let function = if *other == Kind::Integer { self.numbers()[0] } else { self.numbers()[1] };
                Some(format!("write the number in quotes, or `{function}(…)` around the text"))
            }
            Kind::Boolean => Some("write `'true'` or `'false'` in quotes".to_owned()),
            _ => None,
        }
    }

    /// The functions that make numbers of texts.
    fn numbers(&self) -> [&'static str; 2] {
        if self.scope.argo { ["asInt", "asFloat"] } else { ["int", "float"] }
    }

    fn pattern(&mut self, id: NodeId, right: NodeId) {
        let expression = self.expression;
        let Form::Text(text) = expression.form(right) else { return };
        if let Err(problem) = pattern::check(text) {
            let message = format!("the pattern after `matches` is wrong: {problem}");
            self.wrong(id, codes::EXPRESSION_PATTERN, message, None);
        }
    }

    /// A status is one of a few words.
    fn status(&mut self, id: NodeId, operator: &str, left: NodeId, right: NodeId) {
        const WORDS: [&str; 8] =
            ["", "Pending", "Running", "Succeeded", "Skipped", "Failed", "Error", "Omitted"];
        let expression = self.expression;
        let (Form::Member { .. } | Form::Chain(_), Form::Text(word)) =
            (expression.form(left), expression.form(right))
        else {
            return;
        };
        let is_status = name::fixed(expression, left).is_some_and(|path| {
            path.last() == Some(&"status") && matches!(path[0], "tasks" | "steps" | "workflow" | "lastRetry")
        });
        if is_status && matches!(operator, "==" | "!=") && !WORDS.contains(&word.as_str()) {
            let help = match word.as_str() {
                "Errored" => "write `Error`".to_owned(),
                _ => format!("the words are {}", kfp_diag::spelling::list(&WORDS[1..])),
            };
            self.hazard(id, codes::EXPRESSION_NEVER_EQUAL, format!("no status is `{word}`"), Some(help));
        }
    }

    /// The number that a constant is, as far as the engine works it out beforehand.
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
            let message = format!("a condition is a boolean, and this is {}", kind.shown());
            self.wrong(condition, codes::EXPRESSION_CONDITION, message, self.conversion(&kind, "a boolean"));
        } else if is_constant(self.expression, condition) {
            self.hazard(condition, codes::EXPRESSION_CONSTANT, "the condition is the same every time", None);
        }
        let (then, otherwise) = (self.visit(then), self.visit(otherwise));
        operator::either(&then, &otherwise)
    }

    fn variable(&mut self, id: NodeId, name: &'e str, value: NodeId, body: NodeId) -> Kind {
        let taken = self.is_known(name) || self.made.iter().any(|(made, _)| *made == name);
        if taken && self.look == Look::Engine {
            let message = format!("`{name}` stands for something else already");
            self.wrong(id, codes::EXPRESSION_NAME, message, Some("take another name after `let`".to_owned()));
            return Kind::Unknown;
        }
        let value = self.visit(value);
        self.made.push((name, value));
        let kind = self.visit(body);
        self.made.pop();
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
