//! The types of Argo with their fields, from a table that is generated.
//!
//! A line of the table is a type (`@Name`), a rule of it (`=`), a field (`name! shape limits…`, where `!` stands for
//! required), or a rule of the field before (`~`). A shape is a word, `@Name`, `[` and the shape of the items, or `{`
//! and the shape of the values.

use std::collections::HashMap;
use std::sync::{LazyLock, OnceLock};

const TEXT: &str = include_str!("argo.txt");

/// The types by their numbers. A document needs few of them, so each is read when it is asked for.
#[derive(Debug)]
pub(crate) struct Table {
    types: Vec<OnceLock<Type>>,
    /// The lines of each type, of which the first is its name.
    texts: Vec<&'static str>,
    names: HashMap<&'static str, usize>,
}

/// A type.
#[derive(Debug)]
pub(crate) struct Type {
    /// Its name in the definitions of Argo.
    pub(crate) name: &'static str,
    pub(crate) fields: Vec<Field>,
    pub(crate) rules: Vec<&'static str>,
}

/// A field.
#[derive(Debug)]
pub(crate) struct Field {
    pub(crate) name: &'static str,
    pub(crate) shape: Shape,
    pub(crate) is_required: bool,
    pub(crate) limits: Limits,
    /// Rules on the whole list under the field.
    pub(crate) rules: Vec<&'static str>,
}

/// What can stand under a field.
#[derive(Debug)]
pub(crate) enum Shape {
    Text,
    Truth,
    Int32,
    Int64,
    Number,
    /// A whole number or a text.
    IntOrText,
    /// An amount of memory, processors and the like.
    Quantity,
    /// An object with any keys.
    AnyObject,
    Anything,
    Object(usize),
    List(Box<Shape>),
    Map(Box<Shape>),
}

/// What limits a value besides its shape.
#[derive(Debug, Default)]
pub(crate) struct Limits {
    pub(crate) most: Option<i128>,
    pub(crate) least: Option<i128>,
    pub(crate) longest: Option<usize>,
    pub(crate) shortest: Option<usize>,
    pub(crate) items: Option<usize>,
    pub(crate) fewest: Option<usize>,
    pub(crate) pattern: Option<&'static str>,
    /// The fields that make items of a list different from each other.
    pub(crate) keys: Vec<&'static str>,
    pub(crate) choice: Option<Vec<&'static str>>,
    /// The items are all different.
    pub(crate) is_set: bool,
    pub(crate) has_default: bool,
    /// The API server takes the field away without a word.
    pub(crate) is_pruned: bool,
}

impl Table {
    /// The table of the release that this linter knows.
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

    /// The type of that name.
    pub(crate) fn named(&self, name: &str) -> Option<usize> {
        self.names.get(name).copied()
    }

    pub(crate) fn r#type(&self, idx: usize) -> &Type {
        self.types[idx].get_or_init(|| Type::read(self.texts[idx], &self.names))
    }

    /// All types.
    #[cfg(test)]
    pub(crate) fn types(&self) -> impl Iterator<Item = &Type> {
        (0..self.types.len()).map(|idx| self.r#type(idx))
    }

    /// The release of Argo that the table is made from.
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
        // The fields stand in the order of their names.
        self.fields.binary_search_by(|field| field.name.cmp(name)).ok().map(|idx| &self.fields[idx])
    }
}

fn field(line: &'static str, names: &HashMap<&'static str, usize>) -> Option<Field> {
    let mut words = line.split(' ');
    let name = words.next()?;
    let shape = shape(words.next()?, names)?;
    let mut limits = Limits::default();
    for word in words {
        limit(word, &mut limits);
    }
    let (name, is_required) = name.strip_suffix('!').map_or((name, false), |name| (name, true));
    Some(Field { name, shape, is_required, limits, rules: Vec::new() })
}

fn shape(word: &'static str, names: &HashMap<&'static str, usize>) -> Option<Shape> {
    Some(match word {
        "string" => Shape::Text,
        "bool" => Shape::Truth,
        "int32" => Shape::Int32,
        "int64" => Shape::Int64,
        "number" => Shape::Number,
        "intstr" => Shape::IntOrText,
        "quantity" => Shape::Quantity,
        "object" => Shape::AnyObject,
        "any" => Shape::Anything,
        _ => match word.split_at_checked(1)? {
            ("@", name) => Shape::Object(*names.get(name)?),
            ("[", inner) => Shape::List(Box::new(shape(inner, names)?)),
            ("{", inner) => Shape::Map(Box::new(shape(inner, names)?)),
            _ => return None,
        },
    })
}

fn limit(word: &'static str, limits: &mut Limits) {
    let (name, value) = word.split_once('=').unwrap_or((word, ""));
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
    fn every_line_of_the_table_is_understood() {
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
