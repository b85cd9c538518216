//! Parses conditions.
//!
//! First, the order of the tokens is checked with govaluate's table. Then operands and operators are joined with an
//! explicit stack, so that neither depth nor length is limited.

use std::ops::Range;

use super::lexer::tokens;
use super::operator::{BinaryOperator, Precedence, PrefixOperator};
use super::token::{State, Token, TokenKind};
use super::tree::{Condition, Form, Node, NodeId};
use crate::expression::SyntaxError;

/// Parses a condition. An empty one is [`Form::Empty`].
///
/// ```
/// use kfp_argo::when::parse;
/// let condition = parse("'{{inputs.parameters.mode}}' == full && ({{n}} > 5)")?;
/// assert_eq!(condition.to_string(), "'{{inputs.parameters.mode}}' == full && {{n}} > 5");
/// assert_eq!(parse("a = b").unwrap_err().message, "unknown operator `=`");
/// # Ok::<(), kfp_argo::expression::SyntaxError>(())
/// ```
///
/// # Errors
/// The controller cannot parse the text.
pub fn parse(text: &str) -> Result<Condition, SyntaxError> {
    let tokens = tokens(text)?;
    check_order(text, &tokens)?;
    Ok(Parser { nodes: Vec::new(), operands: Vec::new(), open: Vec::new() }.condition(tokens, text.len()))
}

/// Checks that each token can follow the previous one.
fn check_order(text: &str, tokens: &[Token]) -> Result<(), SyntaxError> {
    let (mut before, mut depth) = (State::Start, Vec::new());
    for token in tokens {
        let state = token.kind.state();
        if !before.can_precede(state) {
            return Err(SyntaxError::new(token.span.clone(), misplaced(before, token, text)));
        }
        match token.kind {
            TokenKind::Open => depth.push(token.span.clone()),
            TokenKind::Close if depth.pop().is_none() => {
                return Err(SyntaxError::new(token.span.clone(), "unmatched `)`"));
            }
            _ => {}
        }
        before = state;
    }
    if let Some(open) = depth.pop() {
        return Err(SyntaxError::new(open, "unclosed `(`"));
    }
    if !before.can_end() && before != State::Start {
        return Err(SyntaxError::new(text.len()..text.len(), "unexpected end of condition"));
    }
    Ok(())
}

fn misplaced(before: State, token: &Token, text: &str) -> String {
    let is_text = matches!(token.kind, TokenKind::Operand(Form::Text(_)));
    let shown = if is_text { "a string".to_owned() } else { format!("`{}`", &text[token.span.clone()]) };
    match before {
        State::Prefix if is_text => "cannot negate a string".to_owned(),
        _ if before.is_operand() && token.kind.state().is_operand() => {
            format!("missing operator before {shown}")
        }
        _ => format!("unexpected {}", shown.trim_start_matches("a ")),
    }
}

struct Parser {
    nodes: Vec<Node>,
    /// The operands that are not joined yet.
    operands: Vec<NodeId>,
    open: Vec<Open>,
}

/// An open operator or parenthesis, and its start position.
enum Open {
    Prefix(PrefixOperator, usize),
    Binary(BinaryOperator),
    Parenthesis(usize),
    /// The parenthesis after a word with dots.
    Call(String, usize),
}

impl Parser {
    fn condition(mut self, tokens: Vec<Token>, end: usize) -> Condition {
        let mut before = State::Start;
        let mut ignored = None;
        for Token { kind, span } in tokens {
            let state = kind.state();
            if before == State::Close && (state.is_operand() || state == State::Open) {
                ignored = Some(span.start..end);
                break;
            }
            self.token(kind, span, before);
            before = state;
        }
        if !before.can_end() {
            self.add(Form::Empty, end..end);
        }
        while let Some(open) = self.open.pop() {
            self.join(open, end);
        }
        Condition { nodes: self.nodes, ignored }
    }

    fn token(&mut self, kind: TokenKind, span: Range<usize>, before: State) {
        let is_missing = !before.can_end();
        match kind {
            TokenKind::Operand(form) => self.add(form, span),
            TokenKind::Prefix(operator) => self.open.push(Open::Prefix(operator, span.start)),
            TokenKind::Open => {
                let called = self.nodes.pop_if(|_| before == State::Accessor);
                let open = match called {
                    Some(Node { form: Form::Accessor(name), span }) => {
                        self.operands.pop();
                        Open::Call(name, span.start)
                    }
                    _ => Open::Parenthesis(span.start),
                };
                self.open.push(open);
            }
            TokenKind::Close => {
                if is_missing {
                    self.add(Form::Empty, span.start..span.start);
                }
                while let Some(open) = self.open.pop() {
                    let is_end = matches!(open, Open::Parenthesis(_) | Open::Call(..));
                    self.join(open, span.end);
                    if is_end {
                        break;
                    }
                }
            }
            TokenKind::Binary(operator) => {
                if is_missing {
                    self.add(Form::Empty, span.start..span.start);
                }
                let precedence = operator.precedence();
                while let Some(open) = self.open.pop_if(|open| open.binds(precedence)) {
                    self.join(open, span.start);
                }
                self.open.push(Open::Binary(operator));
            }
        }
    }

    fn add(&mut self, form: Form, span: Range<usize>) {
        self.operands.push(NodeId(self.nodes.len()));
        self.nodes.push(Node { form, span });
    }

    /// Joins an open operator or parenthesis with its operands. Parentheses end at `end`.
    fn join(&mut self, open: Open, end: usize) {
        let Some(last) = self.operands.pop() else { return };
        let span = self.nodes[last.0].span.clone();
        match open {
            Open::Prefix(operator, start) => self.add(Form::Prefix(operator, last), start..span.end),
            Open::Call(name, start) => self.add(Form::Call(name, last), start..end),
            Open::Parenthesis(start) => {
                self.nodes[last.0].span = start..end;
                self.operands.push(last);
            }
            Open::Binary(operator) => {
                let left = self.operands.pop().unwrap_or(last);
                let start = self.nodes[left.0].span.start;
                self.add(Form::Binary(left, operator, last), start..span.end);
            }
        }
    }
}

impl Open {
    /// Returns whether it binds the preceding operand more tightly than an operator of this precedence.
    fn binds(&self, precedence: Precedence) -> bool {
        match self {
            Self::Prefix(..) => true,
            Self::Binary(operator) => operator.precedence() >= precedence,
            Self::Parenthesis(_) | Self::Call(..) => false,
        }
    }
}
