//! Prints trees with the fewest parentheses that keep the meaning, and a few more for readability.
//!
//! The output can be put into a tag: no two braces are adjacent, neither in strings nor around maps, and strings
//! contain none of the escapes that Argo decodes everywhere.

use std::fmt;

use super::operator::BinaryOperator;
use super::tree::{Access, Expression, Form, NodeId};

/// The precedence of a node. Operators have their precedence in the engine, from 10 to 500.
type Level = u16;

/// `let` and `;`, which need parentheses unless they are at the top.
const STATEMENT: Level = 0;
/// `a ? b : c`.
const CONDITIONAL: Level = 1;
/// Everything that binds more tightly than a conditional.
const OPERAND: Level = 2;
/// Literals that `.` and `[` cannot follow.
const CONSTANT: Level = 900;
/// Everything that `.` and `[` can follow.
const PATH: Level = 1000;

/// A piece that is still to be printed.
enum Piece<'e> {
    /// A node, in parentheses if its level is lower.
    Node(NodeId, Level),
    Text(&'static str),
    Name(&'e str),
    Quoted(&'e str),
    /// A line break.
    Line,
}

impl fmt::Display for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.display(self.root).fmt(f)
    }
}

impl Expression {
    /// Returns a node, printed without the rest of the expression.
    ///
    /// ```
    /// use kfp_argo::expression::{Form, parse};
    /// let expression = parse("(a or b) and !c")?;
    /// let Form::Binary { left, .. } = expression.form(expression.root()) else { unreachable!() };
    /// assert_eq!(expression.display(*left).to_string(), "a || b");
    /// # Ok::<(), kfp_argo::expression::SyntaxError>(())
    /// ```
    pub fn display(&self, id: NodeId) -> impl fmt::Display {
        Subtree(self, id)
    }
}

struct Subtree<'e>(&'e Expression, NodeId);

impl fmt::Display for Subtree<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let open = vec![Piece::Node(self.1, STATEMENT)];
        let mut printer = Printer { expression: self.0, open, out: Out::default() };
        printer.print();
        f.write_str(&printer.out.text)
    }
}

struct Printer<'e> {
    expression: &'e Expression,
    /// The remaining pieces in reverse order, which avoids recursion.
    open: Vec<Piece<'e>>,
    out: Out,
}

impl<'e> Printer<'e> {
    fn print(&mut self) {
        while let Some(piece) = self.open.pop() {
            match piece {
                Piece::Text(text) => self.out.push(text),
                Piece::Name(name) => self.out.push(name),
                Piece::Line => self.out.end_line(),
                Piece::Quoted(text) => self.out.quoted(text),
                Piece::Node(id, least) if self.level(id) < least => {
                    self.then([Piece::Text("("), Piece::Node(id, STATEMENT), Piece::Text(")")]);
                }
                Piece::Node(id, _) => self.node(id),
            }
        }
    }

    /// Prints these pieces next, in this order.
    fn then(&mut self, pieces: impl IntoIterator<Item = Piece<'e>, IntoIter: DoubleEndedIterator>) {
        self.open.extend(pieces.into_iter().rev());
    }

    fn level(&self, id: NodeId) -> Level {
        match self.expression.form(id) {
            Form::Let { .. } | Form::Sequence(_) => STATEMENT,
            Form::Conditional { .. } => CONDITIONAL,
            Form::Binary { .. } if self.comparisons_before(id).is_some() => BinaryOperator::Less.precedence(),
            Form::Binary { operator, .. } => operator.precedence(),
            Form::Unary { operator, .. } => operator.precedence(),
            Form::Nil | Form::Boolean(_) | Form::Integer(_) | Form::Float(_) => CONSTANT,
            Form::Predicate(body) => self.level(*body),
            _ => PATH,
        }
    }

    fn node(&mut self, id: NodeId) {
        let expression = self.expression;
        match expression.form(id) {
            Form::Nil => self.out.push("nil"),
            Form::Boolean(value) => self.out.push(if *value { "true" } else { "false" }),
            Form::Integer(value) => self.out.push(&value.to_string()),
            // The shortest text that parses to the same value, with a point or an exponent.
            Form::Float(value) => self.out.push(&format!("{value:?}")),
            Form::Text(text) => self.out.quoted(text),
            Form::Bytes(bytes) => self.out.bytes(bytes),
            Form::Name(name) => self.out.push(name),
            Form::Pointer(name) => self.then([Piece::Text("#"), Piece::Name(name)]),
            Form::Unary { operator, operand } => {
                let operand = Piece::Node(*operand, self.least(*operand, operator.precedence()));
                self.then([Piece::Text(operator.symbol()), operand]);
            }
            Form::Binary { operator, left, right, .. } => self.binary(id, *operator, *left, *right),
            Form::Chain(inner) => self.then([Piece::Node(*inner, PATH)]),
            Form::Member { base, property, access, optional } => {
                self.member(*base, *property, *access, *optional);
            }
            Form::Slice { base, from, to } => {
                let end = |id: &Option<NodeId>| id.map(|id| Piece::Node(id, OPERAND));
                let pieces = [Some(Piece::Node(*base, PATH)), Some(Piece::Text("[")), end(from)];
                let rest = [Some(Piece::Text(":")), end(to), Some(Piece::Text("]"))];
                let pieces: Vec<Piece<'e>> = pieces.into_iter().chain(rest).flatten().collect();
                self.then(pieces);
            }
            Form::Call { callee, arguments } if self.is_failure(*callee) => {
                // Argo shows the line of the call after the message, so the call gets its own line.
                let pieces = [Piece::Line, Piece::Node(*callee, PATH), Piece::Text("("), Piece::Line];
                let pieces = pieces.into_iter().chain(separated(", ", arguments));
                self.then(pieces.chain([Piece::Text(")"), Piece::Line]).collect::<Vec<_>>());
            }
            Form::Call { callee, arguments } => {
                let pieces = [Piece::Node(*callee, PATH)].into_iter().chain(listed("(", arguments, ")"));
                self.then(pieces.collect::<Vec<_>>());
            }
            Form::Builtin { name, arguments } => {
                let pieces = [Piece::Name(name)].into_iter().chain(listed("(", arguments, ")"));
                self.then(pieces.collect::<Vec<_>>());
            }
            Form::Predicate(body) => {
                // A brace would start a block.
                let least = if self.begins_with_map(*body) { Level::MAX } else { CONDITIONAL };
                self.then([Piece::Node(*body, least)]);
            }
            Form::Let { name, value, body } => self.then([
                Piece::Text("let "),
                Piece::Name(name),
                Piece::Text(" = "),
                Piece::Node(*value, CONDITIONAL),
                Piece::Text("; "),
                Piece::Node(*body, STATEMENT),
            ]),
            Form::Sequence(nodes) => self.then(separated("; ", nodes).collect::<Vec<_>>()),
            Form::Conditional { condition, then, otherwise } => {
                self.conditional(*condition, *then, *otherwise);
            }
            Form::List(nodes) => self.then(listed("[", nodes, "]").collect::<Vec<_>>()),
            Form::Map(pairs) => self.map(pairs),
        }
    }

    /// Returns whether the function is `sprig.fail`, which ends the evaluation with a message.
    fn is_failure(&self, callee: NodeId) -> bool {
        let Form::Member { base, property, access: Access::Method, .. } = self.expression.form(callee) else {
            return false;
        };
        let (base, property) = (self.expression.form(*base), self.expression.form(*property));
        matches!(base, Form::Name(name) if name == "sprig")
            && matches!(property, Form::Text(name) if name == "fail")
    }

    /// Returns the level that an operand needs next to an operator. `??` cannot be mixed with others without
    /// parentheses.
    fn least(&self, operand: NodeId, least: Level) -> Level {
        let is_coalesced =
            matches!(self.expression.form(operand), Form::Binary { operator: BinaryOperator::Coalesce, .. });
        if is_coalesced && least < BinaryOperator::Coalesce.precedence() { PATH } else { least }
    }

    fn binary(&mut self, id: NodeId, operator: BinaryOperator, left: NodeId, right: NodeId) {
        if let Some((before, operator, last)) = self.comparisons_before(id) {
            // `a < b && b < c` with one `b` is `a < b < c`.
            let last = Piece::Node(last, BinaryOperator::Less.precedence() + 1);
            self.then(between(Piece::Node(before, STATEMENT), operator, last));
            return;
        }
        let precedence = operator.precedence();
        let (mut left_least, right_least) = if operator.is_right_associative() {
            (precedence + 1, precedence)
        } else {
            (precedence, precedence + 1)
        };
        if operator.is_order() && (self.order(left).is_some() || self.comparisons_before(left).is_some()) {
            left_least += 1;
        }
        let (left_least, right_least) = (self.least(left, left_least), self.least(right, right_least));
        self.then(between(Piece::Node(left, left_least), operator, Piece::Node(right, right_least)));
    }

    /// If the node is a chain of comparisons that share their operands, returns the comparisons before the last one,
    /// its operator and its right operand.
    fn comparisons_before(&self, id: NodeId) -> Option<(NodeId, BinaryOperator, NodeId)> {
        let Form::Binary { operator: BinaryOperator::And, left, right, .. } = self.expression.form(id) else {
            return None;
        };
        let (shared, operator, last) = self.order(*right)?;
        // Only chained comparisons share operands like this, so the left part is a comparison or another chain.
        let (_, _, end) = self.order(*left).or_else(|| match self.expression.form(*left) {
            Form::Binary { operator: BinaryOperator::And, right, .. } => self.order(*right),
            _ => None,
        })?;
        (end == shared).then_some((*left, operator, last))
    }

    fn order(&self, id: NodeId) -> Option<(NodeId, BinaryOperator, NodeId)> {
        match self.expression.form(id) {
            Form::Binary { operator, left, right, .. } if operator.is_order() => {
                Some((*left, *operator, *right))
            }
            _ => None,
        }
    }

    fn member(&mut self, base: NodeId, property: NodeId, access: Access, optional: bool) {
        let base = Piece::Node(base, PATH);
        match (access, self.expression.form(property)) {
            (Access::Field | Access::Method, Form::Text(name)) => {
                self.then([base, Piece::Text(if optional { "?." } else { "." }), Piece::Name(name)]);
            }
            _ => self.then([
                base,
                Piece::Text(if optional { "?.[" } else { "[" }),
                Piece::Node(property, CONDITIONAL),
                Piece::Text("]"),
            ]),
        }
    }

    fn conditional(&mut self, condition: NodeId, then: NodeId, otherwise: NodeId) {
        let (condition_piece, otherwise) =
            (Piece::Node(condition, OPERAND), Piece::Node(otherwise, CONDITIONAL));
        if condition == then {
            self.then([condition_piece, Piece::Text(" ?: "), otherwise]);
        } else {
            let then = Piece::Node(then, OPERAND);
            self.then([condition_piece, Piece::Text(" ? "), then, Piece::Text(" : "), otherwise]);
        }
    }

    fn map(&mut self, pairs: &'e [(NodeId, NodeId)]) {
        let mut pieces = vec![Piece::Text("{")];
        for (idx, (key, value)) in pairs.iter().enumerate() {
            if idx > 0 {
                pieces.push(Piece::Text(", "));
            }
            pieces.push(match self.expression.form(*key) {
                Form::Text(text) => Piece::Quoted(text),
                _ => Piece::Node(*key, Level::MAX),
            });
            pieces.extend([Piece::Text(": "), Piece::Node(*value, CONDITIONAL)]);
        }
        pieces.push(Piece::Text("}"));
        self.then(pieces);
    }

    /// Returns whether the printed node starts with a map.
    fn begins_with_map(&self, mut id: NodeId) -> bool {
        loop {
            id = match self.expression.form(id) {
                Form::Map(_) => return true,
                Form::Binary { left: first, .. }
                | Form::Member { base: first, .. }
                | Form::Slice { base: first, .. }
                | Form::Chain(first)
                | Form::Call { callee: first, .. }
                | Form::Conditional { condition: first, .. } => *first,
                _ => return false,
            };
        }
    }
}

/// Returns the pieces of a binary operator.
fn between<'e>(left: Piece<'e>, operator: BinaryOperator, right: Piece<'e>) -> [Piece<'e>; 5] {
    [left, Piece::Text(" "), Piece::Text(operator.symbol()), Piece::Text(" "), right]
}

fn separated<'e>(separator: &'static str, nodes: &'e [NodeId]) -> impl Iterator<Item = Piece<'e>> {
    let separators = std::iter::once("").chain(std::iter::repeat(separator));
    nodes
        .iter()
        .zip(separators)
        .flat_map(|(id, separator)| [Piece::Text(separator), Piece::Node(*id, CONDITIONAL)])
}

fn listed<'e>(
    opening: &'static str,
    nodes: &'e [NodeId],
    closing: &'static str,
) -> impl Iterator<Item = Piece<'e>> {
    std::iter::once(Piece::Text(opening)).chain(separated(", ", nodes)).chain([Piece::Text(closing)])
}

/// The printed text.
#[derive(Default)]
struct Out {
    text: String,
}

impl Out {
    /// Adds a piece other than a string. Adjacent braces are separated by a space.
    fn push(&mut self, piece: &str) {
        let meets = |brace: char| self.text.ends_with(brace) && piece.starts_with(brace);
        if meets('{') || meets('}') {
            self.text.push(' ');
        }
        let piece = if self.text.ends_with('\n') { piece.trim_start() } else { piece };
        self.text.push_str(piece);
    }

    /// Starts a new line, without spaces around the line break.
    fn end_line(&mut self) {
        self.text.truncate(self.text.trim_end_matches(' ').len());
        self.text.push('\n');
    }

    fn quoted(&mut self, text: &str) {
        self.text.push('\'');
        let mut rest = text;
        while let Some(character) = rest.chars().next() {
            self.character(rest, character);
            rest = &rest[character.len_utf8()..];
        }
        self.text.push('\'');
    }

    /// Adds the first character of `rest`, the remainder of a string.
    fn character(&mut self, rest: &str, character: char) {
        // In JSON, the second backslash and these letters form an escape, which Argo decodes.
        let is_decoded = ["u003c", "u003e", "u0026"].iter().any(|escape| rest.starts_with(escape));
        match character {
            '\'' => self.text.push_str("\\'"),
            '\\' => self.text.push_str("\\\\"),
            '\n' => self.text.push_str("\\n"),
            '\r' => self.text.push_str("\\r"),
            '\t' => self.text.push_str("\\t"),
            'u' if is_decoded && self.text.ends_with('\\') => self.text.push_str("\\x75"),
            '{' | '}' if self.text.ends_with(character) => self.escape(u32::from(character)),
            _ if character.is_ascii_control() => self.escape(u32::from(character)),
            _ => self.text.push(character),
        }
    }

    fn bytes(&mut self, bytes: &[u8]) {
        self.text.push_str("b'");
        for byte in bytes {
            match byte {
                b' '..=b'~' if !matches!(byte, b'\'' | b'\\' | b'{' | b'}') => {
                    self.text.push(char::from(*byte));
                }
                _ => self.escape(u32::from(*byte)),
            }
        }
        self.text.push('\'');
    }

    fn escape(&mut self, code: u32) {
        self.text.push_str(&format!("\\x{code:02x}"));
    }
}
