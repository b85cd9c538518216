//! Reads conditions.
//!
//! First the order of the words is checked by govaluate's table, then operands and operators are put together by a stack
//! of what is open, so that neither depth nor length matters.

use std::ops::Range;

use super::lexer::tokens;
use super::operator::{BinaryOperator, Precedence, PrefixOperator};
use super::token::{State, Token, TokenKind};
use super::tree::{Condition, Form, Node, NodeId};
use crate::expression::SyntaxError;

/// Reads a condition. One without a word is [`Form::Empty`].
///
/// ```
/// use kfp_argo::when::parse;
/// let condition = parse("'{{inputs.parameters.mode}}' == full && ({{n}} > 5)")?;
/// assert_eq!(condition.to_string(), "'{{inputs.parameters.mode}}' == full && {{n}} > 5");
/// assert_eq!(parse("a = b").unwrap_err().message, "`=` is no operator of `when`");
/// # Ok::<(), kfp_argo::expression::SyntaxError>(())
/// ```
///
/// # Errors
/// The controller cannot read the text.
pub fn parse(text: &str) -> Result<Condition, SyntaxError> {
    let tokens = tokens(text)?;
    check_order(text, &tokens)?;
    Ok(Parser { nodes: Vec::new(), operands: Vec::new(), open: Vec::new() }.condition(tokens, text.len()))
}

/// Refuses the first word that cannot be where it is.
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
                return Err(SyntaxError::new(token.span.clone(), "a `)` closes nothing"));
            }
            _ => {}
        }
        before = state;
    }
    if let Some(open) = depth.pop() {
        return Err(SyntaxError::new(open, "a `(` is not closed"));
    }
    if !before.can_end() && before != State::Start {
        return Err(SyntaxError::new(text.len()..text.len(), "the condition ends too early"));
    }
    Ok(())
}

fn misplaced(before: State, token: &Token, text: &str) -> String {
    let is_text = matches!(token.kind, TokenKind::Operand(Form::Text(_)));
    let shown = if is_text { "a text".to_owned() } else { format!("`{}`", &text[token.span.clone()]) };
    match before {
        State::Prefix if is_text => "a text cannot be negated".to_owned(),
        _ if before.is_operand() && token.kind.state().is_operand() => {
            format!("there is no operator before {shown}")
        }
        _ => format!("{shown} cannot stand here"),
    }
}

struct Parser {
    nodes: Vec<Node>,
    /// The operands that nothing joins yet.
    operands: Vec<NodeId>,
    open: Vec<Open>,
}

/// What waits for an operand, and where it begins.
enum Open {
    Prefix(PrefixOperator, usize),
    Binary(BinaryOperator),
    Parenthesis(usize),
    /// The parenthesis behind a word with dots.
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

    /// Joins what was open with its operands. What encloses them ends at `end`.
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
    /// Whether it takes the operand before an operator of this precedence.
    fn binds(&self, precedence: Precedence) -> bool {
        match self {
            Self::Prefix(..) => true,
            Self::Binary(operator) => operator.precedence() >= precedence,
            Self::Parenthesis(_) | Self::Call(..) => false,
        }
    }
}
