//! The part of Argo's expression language that control flow is written in: texts, comparisons and choices.

use std::iter::Peekable;
use std::str::Chars;

/// What expressions read.
pub(crate) trait Values {
    /// The status of a task that has ended.
    fn status(&self, task: &str) -> &str;
    /// An output of a task, if it has made one.
    fn output(&self, task: &str, name: &str) -> Option<String>;
    /// An input of the template.
    fn input(&self, name: &str) -> String;
}

/// A value; nothing where a path with `?.` ends at something that is not there.
#[derive(Debug, Clone, PartialEq)]
enum Value {
    Nothing,
    Truth(bool),
    Number(i64),
    Text(String),
}

/// The text that the expression gives.
///
/// Everything that would be an error in Argo, or an expression that never resolves, panics.
pub(crate) fn evaluate(expression: &str, values: &dyn Values) -> String {
    let mut reader = Reader { rest: expression.chars().peekable(), values };
    let value = reader.choice(true);
    assert_eq!(reader.next_sign(), None, "{expression}");
    match value {
        Value::Text(text) => text,
        Value::Truth(truth) => truth.to_string(),
        Value::Number(number) => number.to_string(),
        Value::Nothing => panic!("nothing: {expression}"),
    }
}

/// Reads and evaluates in one go. What is not `live` is read only, as the side of a choice that is not taken.
struct Reader<'e> {
    rest: Peekable<Chars<'e>>,
    values: &'e dyn Values,
}

impl Reader<'_> {
    fn next_sign(&mut self) -> Option<char> {
        while self.rest.next_if(|sign| *sign == ' ').is_some() {}
        self.rest.peek().copied()
    }

    fn takes(&mut self, word: &str) -> bool {
        self.next_sign();
        let mut ahead = self.rest.clone();
        if word.chars().all(|sign| ahead.next() == Some(sign)) {
            self.rest = ahead;
            return true;
        }
        false
    }

    fn expects(&mut self, word: &str) {
        assert!(self.takes(word), "`{word}` before `{}`", self.rest.clone().collect::<String>());
    }

    fn choice(&mut self, live: bool) -> Value {
        let condition = self.or(live);
        if self.rest.clone().collect::<String>().trim_start().starts_with("??") || !self.takes("?") {
            return condition;
        }
        let is_first = live && condition == Value::Truth(true);
        let first = self.choice(live && is_first);
        self.expects(":");
        let second = self.choice(live && !is_first);
        if is_first { first } else { second }
    }

    fn or(&mut self, live: bool) -> Value {
        let mut left = self.and(live);
        while self.takes("||") {
            let is_left = left == Value::Truth(true);
            let right = self.and(live && !is_left);
            left = if is_left { left } else { right };
        }
        left
    }

    fn and(&mut self, live: bool) -> Value {
        let mut left = self.comparison(live);
        while self.takes("&&") {
            let is_left = left == Value::Truth(true);
            let right = self.comparison(live && is_left);
            left = if is_left { right } else { left };
        }
        left
    }

    fn comparison(&mut self, live: bool) -> Value {
        let left = self.fallback(live);
        for sign in ["==", "!=", ">=", ">"] {
            if self.takes(sign) {
                let right = self.fallback(live);
                let number = |value: &Value| match value {
                    Value::Number(number) => *number,
                    other => panic!("no number: {other:?}"),
                };
                return Value::Truth(match sign {
                    "==" => left == right,
                    "!=" => left != right,
                    _ if !live => false,
                    ">=" => number(&left) >= number(&right),
                    _ => number(&left) > number(&right),
                });
            }
        }
        left
    }

    fn fallback(&mut self, live: bool) -> Value {
        let left = self.single(live);
        if !self.takes("??") {
            return left;
        }
        let right = self.single(live && left == Value::Nothing);
        if left == Value::Nothing { right } else { left }
    }

    fn single(&mut self, live: bool) -> Value {
        if self.takes("!") {
            return match self.single(live) {
                Value::Truth(truth) => Value::Truth(!truth),
                _ if !live => Value::Nothing,
                other => panic!("no truth: {other:?}"),
            };
        }
        if self.takes("(") {
            let inner = self.choice(live);
            self.expects(")");
            return inner;
        }
        if self.takes("int(") {
            let inner = self.choice(live);
            self.expects(")");
            return match inner {
                Value::Text(text) => {
                    Value::Number(text.parse().unwrap_or_else(|_| panic!("no integer: {text}")))
                }
                _ if !live => Value::Nothing,
                other => panic!("no text: {other:?}"),
            };
        }
        if self.next_sign() == Some('\'') {
            return Value::Text(self.text());
        }
        self.path(live)
    }

    fn text(&mut self) -> String {
        self.expects("'");
        let mut text = String::new();
        while let Some(sign) = self.rest.next_if(|sign| *sign != '\'') {
            assert_ne!(sign, '\\', "texts with escapes are not read here");
            text.push(sign);
        }
        self.expects("'");
        text
    }

    fn path(&mut self, live: bool) -> Value {
        if self.takes("inputs.parameters[") {
            let name = self.text();
            self.expects("]");
            return if live { Value::Text(self.values.input(&name)) } else { Value::Nothing };
        }
        self.expects("tasks[");
        let task = self.text();
        self.expects("]");
        if self.takes(".status") {
            return if live { Value::Text(self.values.status(&task).to_owned()) } else { Value::Nothing };
        }
        let is_optional = self.takes("?.outputs?.parameters?.[");
        if !is_optional {
            self.expects(".outputs.parameters[");
        }
        let name = self.text();
        self.expects("]");
        if !live {
            return Value::Nothing;
        }
        match self.values.output(&task, &name) {
            Some(text) => Value::Text(text),
            None if is_optional => Value::Nothing,
            None => panic!("`{task}` has no output `{name}`: {}", self.values.status(&task)),
        }
    }
}
