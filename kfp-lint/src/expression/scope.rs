//! The names that are available to an expression.

use std::collections::BTreeMap;
use std::sync::Arc;

/// The type of a variable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Variable {
    /// A string. Every parameter is a string, whatever its value looks like.
    Text,
    /// An integer.
    Integer,
    /// A number.
    Float,
    /// `true` or `false`.
    Boolean,
    /// A list of anything.
    List,
    /// A list of strings.
    Texts,
    /// A value of an unknown type.
    Unknown,
    /// A map of nested names.
    Map(Names),
    /// A variable that may be absent, such as an output of a task that may be skipped.
    Absent(Box<Self>),
}

/// Names and their variables. Copies share data until one of them is modified.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Names {
    known: Arc<BTreeMap<String, Variable>>,
    /// The type of names that are not listed, if there can be any.
    others: Option<Arc<Variable>>,
}

/// All names that are available to an expression.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scope {
    pub(super) names: Names,
    pub(super) argo: bool,
}

impl Names {
    /// Returns the listed names, sorted.
    pub fn known(&self) -> impl Iterator<Item = &str> {
        self.known.keys().map(String::as_str)
    }

    /// Returns the variable, if the name is listed or other names are allowed.
    pub fn get(&self, name: &str) -> Option<&Variable> {
        self.known.get(name).or(self.others.as_deref())
    }

    /// Returns whether the name is listed.
    pub fn has(&self, name: &str) -> bool {
        self.known.contains_key(name)
    }

    /// Returns whether other names are allowed, such as workflow parameters that are set on submission.
    pub fn is_open(&self) -> bool {
        self.others.is_some()
    }

    /// Modifies the names at the path, which are created if missing.
    fn change(&mut self, path: &[&str], change: impl FnOnce(&mut Self)) {
        let Some((first, rest)) = path.split_first() else { return change(self) };
        let known = Arc::make_mut(&mut self.known);
        let inner = known.entry((*first).to_owned()).or_insert_with(|| Variable::Map(Self::default()));
        // A name with nested names is a map, whatever its previous type.
        if !matches!(inner, Variable::Map(_)) {
            *inner = Variable::Map(Self::default());
        }
        if let Variable::Map(names) = inner {
            names.change(rest, change);
        }
    }
}

impl Scope {
    /// Returns the scope of tags and most fields: no variables, and the functions that Argo adds to the language, which
    /// are `asInt`, `asFloat`, `jsonpath`, `toJson` and `sprig`.
    pub fn argo() -> Self {
        Self { argo: true, ..Self::default() }
    }

    /// Returns a scope without the functions of Argo, as in `stopStrategy.expression` of a cron workflow and
    /// `successCondition` of an HTTP template.
    pub fn bare() -> Self {
        Self::default()
    }

    /// Returns a scope without the functions of Argo in which every variable name is allowed.
    pub fn bare_open() -> Self {
        let mut scope = Self::bare();
        scope.open(&[], Variable::Unknown);
        scope
    }

    /// Adds a variable at a path. The components before the last become maps.
    ///
    /// ```
    /// use kfp_argo::expression::parse;
    /// use kfp_lint::expression::{Scope, Variable, check};
    /// let mut scope = Scope::argo();
    /// scope.set(&["inputs", "parameters", "rate"], Variable::Text);
    /// let expression = parse("inputs.parameters.rat").unwrap();
    /// let problem = &check(&expression, &scope).problems[0];
    /// assert_eq!(problem.message, "unknown name `inputs.parameters.rat`");
    /// assert_eq!(problem.help.as_deref(), Some("use `inputs.parameters.rate`"));
    /// ```
    pub fn set(&mut self, path: &[&str], variable: Variable) {
        if let Some((last, before)) = path.split_last() {
            self.names.change(before, |names| {
                Arc::make_mut(&mut names.known).insert((*last).to_owned(), variable);
            });
        }
    }

    /// Adds a variable at a dotted path, as Argo does.
    pub fn set_dotted(&mut self, name: &str, variable: Variable) {
        let path: Vec<&str> = name.split('.').collect();
        self.set(&path, variable);
    }

    /// Allows names that are not listed at the path, and sets their type. An empty path is the scope itself.
    pub fn open(&mut self, path: &[&str], others: Variable) {
        self.names.change(path, |names| names.others = Some(Arc::new(others)));
    }

    /// Converts the scope into a map variable for use in another scope.
    pub fn into_map(self) -> Variable {
        Variable::Map(self.names)
    }

    /// Returns the variable at the path.
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
    fn copies_are_independent() {
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
    fn names_with_nested_names_are_maps() {
        let mut scope = Scope::bare();
        scope.set_dotted("item", Variable::Text);
        scope.set_dotted("item.name", Variable::Text);
        assert_eq!(scope.get(&["item", "name"]), Some(&Variable::Text));
    }
}
