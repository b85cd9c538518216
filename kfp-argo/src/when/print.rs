//! Prints conditions with the required parentheses.

use std::fmt;

use super::lexer::{is_in_word, word};
use super::operator::Precedence;
use super::tree::{Condition, Form, NodeId};

/// A piece that is still to be printed.
enum Piece<'c> {
    Text(&'c str),
    /// A node, in parentheses if `true`.
    Node(NodeId, bool),
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if matches!(self.form(self.root()), Form::Empty) {
            return Ok(());
        }
        self.display(self.root()).fmt(f)
    }
}

struct Subtree<'c>(&'c Condition, NodeId);

impl fmt::Display for Subtree<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut pieces = vec![Piece::Node(self.1, false)];
        while let Some(piece) = pieces.pop() {
            match piece {
                Piece::Text(text) => f.write_str(text)?,
                Piece::Node(id, true) => {
                    f.write_str("(")?;
                    pieces.extend([Piece::Text(")"), Piece::Node(id, false)]);
                }
                Piece::Node(id, false) => self.0.print(id, &mut pieces, f)?,
            }
        }
        Ok(())
    }
}

impl Condition {
    /// Returns a node, printed without the rest of the condition.
    ///
    /// ```
    /// use kfp_argo::when::{Form, parse};
    /// let condition = parse("({{a}} == x || {{b}}) && {{c}}")?;
    /// let Form::Binary(left, ..) = condition.form(condition.root()) else { unreachable!() };
    /// assert_eq!(condition.display(*left).to_string(), "{{a}} == x || {{b}}");
    /// # Ok::<(), kfp_argo::expression::SyntaxError>(())
    /// ```
    pub fn display(&self, id: NodeId) -> impl fmt::Display {
        Subtree(self, id)
    }

    /// Prints the start of a node, and pushes the rest in reverse order.
    fn print<'c>(
        &'c self,
        id: NodeId,
        pieces: &mut Vec<Piece<'c>>,
        f: &mut fmt::Formatter<'_>,
    ) -> fmt::Result {
        match self.form(id) {
            Form::Tag { text, .. } | Form::Number(text) | Form::Accessor(text) => f.write_str(text),
            Form::Text(text) => write!(f, "'{text}'"),
            Form::Boolean(value) => write!(f, "{value}"),
            Form::Word(text) if is_plain(text) => f.write_str(text),
            Form::Word(text) => write!(f, "[{text}]"),
            Form::Empty => f.write_str("()"),
            Form::Prefix(operator, operand) => {
                let is_direct = matches!(
                    self.form(*operand),
                    Form::Tag { .. }
                        | Form::Number(_)
                        | Form::Boolean(_)
                        | Form::Accessor(_)
                        | Form::Call(..)
                        | Form::Empty
                );
                pieces.push(Piece::Node(*operand, !is_direct));
                f.write_str(operator.symbol())
            }
            Form::Binary(left, operator, right) => {
                let precedence = operator.precedence();
                let is_looser = |id, is: fn(Precedence, Precedence) -> bool| {
                    self.precedence(id).is_some_and(|inner| is(inner, precedence))
                };
                pieces.extend([
                    Piece::Node(*right, is_looser(*right, |inner, outer| inner <= outer)),
                    Piece::Text(" "),
                    Piece::Text(operator.symbol()),
                    Piece::Text(if precedence == Precedence::List { "" } else { " " }),
                    Piece::Node(*left, is_looser(*left, |inner, outer| inner < outer)),
                ]);
                Ok(())
            }
            Form::Call(name, arguments) => {
                if *self.form(*arguments) == Form::Empty {
                    return write!(f, "{name}()");
                }
                pieces.push(Piece::Node(*arguments, true));
                f.write_str(name)
            }
        }
    }

    /// Returns the precedence of a binary operator; `None` for other nodes.
    fn precedence(&self, id: NodeId) -> Option<Precedence> {
        match self.form(id) {
            Form::Binary(_, operator, _) => Some(operator.precedence()),
            _ => None,
        }
    }
}

/// Returns whether the word can be written without brackets.
fn is_plain(text: &str) -> bool {
    text.starts_with(char::is_alphabetic)
        && text.chars().all(is_in_word)
        && !matches!(text, "in" | "IN")
        && matches!(word(text), Form::Word(_))
}
