//! The names that an expression can see.

use std::collections::BTreeMap;
use std::sync::Arc;

/// What a name stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Variable {
    /// A text, as every parameter is one, whatever it looks like.
    Text,
    /// A whole number.
    Integer,
    /// A number.
    Float,
    /// `true` or `false`.
    Boolean,
    /// A list of anything.
    List,
    /// A list of texts.
    Texts,
    /// Something that nothing is known of.
    Unknown,
    /// More names.
    Map(Names),
    /// The same, or nothing at all, as the output of a task that may be skipped.
    Absent(Box<Self>),
}

/// Names and what they stand for. They are shared between copies until one of these is changed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Names {
    known: Arc<BTreeMap<String, Variable>>,
    /// What names stand for that are not known, where there may be such.
    others: Option<Arc<Variable>>,
}

/// Everything that an expression can see.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scope {
    pub(super) names: Names,
    pub(super) argo: bool,
}

impl Names {
    /// The names that are known, in their order.
    pub fn known(&self) -> impl Iterator<Item = &str> {
        self.known.keys().map(String::as_str)
    }

    /// What the name stands for, if it is known or there may be any.
    pub fn get(&self, name: &str) -> Option<&Variable> {
        self.known.get(name).or(self.others.as_deref())
    }

    /// Whether the name itself is known.
    pub fn has(&self, name: &str) -> bool {
        self.known.contains_key(name)
    }

    /// Whether there may be names that are not known, as in the parameters of a workflow that are set when it is
    /// submitted.
    pub fn is_open(&self) -> bool {
        self.others.is_some()
    }

    /// Changes the names at the path, which are made where there are none.
    fn change(&mut self, path: &[&str], change: impl FnOnce(&mut Self)) {
        let Some((first, rest)) = path.split_first() else { return change(self) };
        let known = Arc::make_mut(&mut self.known);
        let inner = known.entry((*first).to_owned()).or_insert_with(|| Variable::Map(Self::default()));
        // A name that goes on stands for a map, whatever it stood for before.
        if !matches!(inner, Variable::Map(_)) {
            *inner = Variable::Map(Self::default());
        }
        if let Variable::Map(names) = inner {
            names.change(rest, change);
        }
    }
}

impl Scope {
    /// The scope of tags and of most fields: no variables, and the functions that Argo adds to those of the
    /// language, which are `asInt`, `asFloat`, `jsonpath`, `toJson` and `sprig`.
    pub fn argo() -> Self {
        Self { argo: true, ..Self::default() }
    }

    /// A scope without the functions of Argo, as `stopStrategy.expression` of a cron workflow and
    /// `successCondition` of a request have.
    pub fn bare() -> Self {
        Self::default()
    }

    /// The same, with any variables.
    pub fn bare_open() -> Self {
        let mut scope = Self::bare();
        scope.open(&[], Variable::Unknown);
        scope
    }

    /// Adds a name, which may be a path: what stands before the last step becomes a map of names.
    ///
    /// ```
    /// use kfp_argo::expression::parse;
    /// use kfp_lint::expression::{Scope, Variable, check};
    /// let mut scope = Scope::argo();
    /// scope.set(&["inputs", "parameters", "rate"], Variable::Text);
    /// let expression = parse("inputs.parameters.rat").unwrap();
    /// let problem = &check(&expression, &scope).problems[0];
    /// assert_eq!(problem.message, "there is no `inputs.parameters.rat`");
    /// assert_eq!(problem.help.as_deref(), Some("there is `inputs.parameters.rate`"));
    /// ```
    pub fn set(&mut self, path: &[&str], variable: Variable) {
        if let Some((last, before)) = path.split_last() {
            self.names.change(before, |names| {
                Arc::make_mut(&mut names.known).insert((*last).to_owned(), variable);
            });
        }
    }

    /// Adds a name as Argo does it: with dots between the steps of its path.
    pub fn set_dotted(&mut self, name: &str, variable: Variable) {
        let path: Vec<&str> = name.split('.').collect();
        self.set(&path, variable);
    }

    /// Says that the path may have more names than those that are known, and what these stand for; an empty path is
    /// the scope itself.
    pub fn open(&mut self, path: &[&str], others: Variable) {
        self.names.change(path, |names| names.others = Some(Arc::new(others)));
    }

    /// The names of the scope as a variable, to be put into another one.
    pub fn into_map(self) -> Variable {
        Variable::Map(self.names)
    }

    /// What stands at the path, if it is known.
    pub fn get(&self, path: &[&str]) -> Option<&Variable> {
        let (last, before) = path.split_last()?;
        let mut names = &self.names;
        for step in before {
            match names.get(step)? {
                Variable::Map(inner) => names = inner,
                _ => return None,
            }
        }
        names.get(last)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copies_are_changed_on_their_own() {
        let mut scope = Scope::argo();
        scope.set_dotted("workflow.name", Variable::Text);
        let mut copy = scope.clone();
        copy.set_dotted("workflow.parameters.x", Variable::Text);
        copy.open(&["workflow", "parameters"], Variable::Text);
        assert_eq!(scope.get(&["workflow", "parameters", "x"]), None);
        assert_eq!(copy.get(&["workflow", "parameters", "x"]), Some(&Variable::Text));
        assert_eq!(copy.get(&["workflow", "name"]), Some(&Variable::Text));
        assert_eq!(copy.get(&["workflow", "parameters", "other"]), Some(&Variable::Text));
        assert_eq!(copy.get(&["workflow", "other"]), None);
    }

    #[test]
    fn names_that_go_on_are_maps() {
        let mut scope = Scope::bare();
        scope.set_dotted("item", Variable::Text);
        scope.set_dotted("item.name", Variable::Text);
        assert_eq!(scope.get(&["item", "name"]), Some(&Variable::Text));
    }
}
