//! The types of Argo and their fields, from a generated table.
//!
//! A line of the table is a type (`@Name`), a rule of that type (`=`), a field (`name! shape limits…`, where `!` means
//! required), or a rule of the previous field (`~`). A shape is a keyword, `@Name`, `[` and the shape of the items, or
//! `{` and the shape of the values.

use std::collections::HashMap;
use std::sync::{LazyLock, OnceLock};

const TEXT: &str = include_str!("argo.txt");

/// The types by index. A document uses few of them, so each is parsed on first use.
#[derive(Debug)]
pub(crate) struct Table {
    types: Vec<OnceLock<Type>>,
    /// The lines of each type. The first is its name.
    texts: Vec<&'static str>,
    names: HashMap<&'static str, usize>,
}

/// An object type.
#[derive(Debug)]
pub(crate) struct Type {
    /// The name in the definitions of Argo.
    pub(crate) name: &'static str,
    pub(crate) fields: Vec<Field>,
    pub(crate) rules: Vec<&'static str>,
}

/// A field of a type.
#[derive(Debug)]
pub(crate) struct Field {
    pub(crate) name: &'static str,
    pub(crate) shape: Shape,
    pub(crate) is_required: bool,
    pub(crate) limits: Limits,
    /// Rules for the list in the field.
    pub(crate) rules: Vec<&'static str>,
}

/// The type of a value.
#[derive(Debug)]
pub(crate) enum Shape {
    String,
    Bool,
    Int32,
    Int64,
    Number,
    /// An integer or a string.
    IntOrString,
    /// A quantity of memory, CPU or another resource.
    Quantity,
    /// An object with any keys.
    AnyObject,
    Anything,
    Object(usize),
    List(Box<Shape>),
    Map(Box<Shape>),
}

/// Limits on a value in addition to its shape.
#[derive(Debug, Default)]
pub(crate) struct Limits {
    pub(crate) most: Option<i128>,
    pub(crate) least: Option<i128>,
    pub(crate) longest: Option<usize>,
    pub(crate) shortest: Option<usize>,
    pub(crate) items: Option<usize>,
    pub(crate) fewest: Option<usize>,
    pub(crate) pattern: Option<&'static str>,
    /// The fields that identify the items of a list.
    pub(crate) keys: Vec<&'static str>,
    pub(crate) choice: Option<Vec<&'static str>>,
    /// Whether the items must be unique.
    pub(crate) is_set: bool,
    pub(crate) has_default: bool,
    /// Whether the API server silently removes the field.
    pub(crate) is_pruned: bool,
}

impl Table {
    /// Returns the table of the supported release.
    pub(crate) fn get() -> &'static Self {
        static TABLE: LazyLock<Table> = LazyLock::new(|| Table::read(TEXT));
        &TABLE
    }

    fn read(text: &'static str) -> Self {
        let texts: Vec<&str> = text.split("\n@").skip(1).collect();
        let names = texts.iter().enumerate();
        let names = names.map(|(idx, text)| (text.lines().next().unwrap_or_default(), idx)).collect();
        let types = texts.iter().map(|_| OnceLock::new()).collect();
        Self { types, texts, names }
    }

    /// Returns the index of the type with that name.
    pub(crate) fn named(&self, name: &str) -> Option<usize> {
        self.names.get(name).copied()
    }

    pub(crate) fn r#type(&self, idx: usize) -> &Type {
        self.types[idx].get_or_init(|| Type::read(self.texts[idx], &self.names))
    }

    /// Returns all types.
    #[cfg(test)]
    pub(crate) fn types(&self) -> impl Iterator<Item = &Type> {
        (0..self.types.len()).map(|idx| self.r#type(idx))
    }

    /// Returns the Argo release that the table is generated from.
    pub(crate) fn version() -> &'static str {
        TEXT.lines().find_map(|line| line.strip_prefix("version ")).unwrap_or_default()
    }
}

impl Type {
    fn read(text: &'static str, names: &HashMap<&'static str, usize>) -> Self {
        let mut lines = text.lines();
        let mut read = Self { name: lines.next().unwrap_or_default(), fields: Vec::new(), rules: Vec::new() };
        for line in lines {
            if let Some(rule) = line.strip_prefix("=\t") {
                read.rules.push(rule.split('\t').next().unwrap_or_default());
            } else if let Some(rule) = line.strip_prefix("~\t") {
                let rule = rule.split('\t').next().unwrap_or_default();
                read.fields.last_mut().into_iter().for_each(|field| field.rules.push(rule));
            } else {
                read.fields.extend(field(line, names));
            }
        }
        read
    }

    pub(crate) fn field(&self, name: &str) -> Option<&Field> {
        // The fields are sorted by name.
        self.fields.binary_search_by(|field| field.name.cmp(name)).ok().map(|idx| &self.fields[idx])
    }
}

fn field(line: &'static str, names: &HashMap<&'static str, usize>) -> Option<Field> {
    let mut tokens = line.split(' ');
    let name = tokens.next()?;
    let shape = shape(tokens.next()?, names)?;
    let mut limits = Limits::default();
    for token in tokens {
        limit(token, &mut limits);
    }
    let (name, is_required) = name.strip_suffix('!').map_or((name, false), |name| (name, true));
    Some(Field { name, shape, is_required, limits, rules: Vec::new() })
}

fn shape(token: &'static str, names: &HashMap<&'static str, usize>) -> Option<Shape> {
    Some(match token {
        "string" => Shape::String,
        "bool" => Shape::Bool,
        "int32" => Shape::Int32,
        "int64" => Shape::Int64,
        "number" => Shape::Number,
        "intstr" => Shape::IntOrString,
        "quantity" => Shape::Quantity,
        "object" => Shape::AnyObject,
        "any" => Shape::Anything,
        _ => match token.split_at_checked(1)? {
            ("@", name) => Shape::Object(*names.get(name)?),
            ("[", inner) => Shape::List(Box::new(shape(inner, names)?)),
            ("{", inner) => Shape::Map(Box::new(shape(inner, names)?)),
            _ => return None,
        },
    })
}

fn limit(token: &'static str, limits: &mut Limits) {
    let (name, value) = token.split_once('=').unwrap_or((token, ""));
    match name {
        "most" => limits.most = value.parse().ok(),
        "least" => limits.least = value.parse().ok(),
        "longest" => limits.longest = value.parse().ok(),
        "shortest" => limits.shortest = value.parse().ok(),
        "items" => limits.items = value.parse().ok(),
        "fewest" => limits.fewest = value.parse().ok(),
        "pattern" => limits.pattern = Some(value),
        "keys" => limits.keys = value.split('|').collect(),
        "choice" => limits.choice = Some(value.split('|').collect()),
        "set" => limits.is_set = true,
        "default" => limits.has_default = true,
        "pruned" => limits.is_pruned = true,
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_table_is_parsed() {
        let table = Table::get();
        let fields = TEXT
            .lines()
            .filter(|line| !line.starts_with(['#', '@', '=', '~']) && !line.starts_with("version "))
            .count();
        assert_eq!(table.types().map(|each| each.fields.len()).sum::<usize>(), fields);
        assert_eq!(Table::version(), "4.1.2");
        for each in table.types() {
            assert!(each.fields.is_sorted_by(|left, right| left.name < right.name), "{}", each.name);
        }
    }

    #[test]
    fn fields_have_shapes_and_limits() {
        let table = Table::get();
        let task = table.r#type(table.named("DAGTask").unwrap());
        assert_eq!(task.rules.len(), 3);
        let name = task.field("name").unwrap();
        assert!(name.is_required && name.limits.longest == Some(128));
        let template = table.r#type(table.named("Template").unwrap());
        let Shape::List(steps) = &template.field("steps").unwrap().shape else { panic!("a list") };
        assert!(matches!(**steps, Shape::List(_)));
    }
}
