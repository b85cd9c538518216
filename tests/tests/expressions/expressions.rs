//! Random expressions and conditions of every type and form, over the parameters of the pipeline and the outputs of
//! a task.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use indexmap::IndexMap;
use kfp_model::{
    Comparison, ConcatPart, Condition, Expression, FieldAccess, Operator, OutputReference, Reference, TaskId,
    Type,
};
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::Value;

use super::values::{KEYS, text, types, value};

/// The task whose outputs the expressions use.
pub(crate) const MAKE: &str = "make";

/// Generates expressions of the type, up to that depth.
pub(crate) fn expression(r#type: &Type, depth: u32) -> BoxedStrategy<Expression> {
    let constant = value(r#type).prop_map(Expression::Constant);
    let mut forms: Vec<(u32, BoxedStrategy<Expression>)> = vec![(1, constant.boxed())];
    let sources = of_type(r#type);
    if !sources.is_empty() {
        forms.push((6, select(sources).boxed()));
    }
    if *r#type == Type::Float {
        forms.push((1, select(of_type(&Type::Integer)).boxed()));
    }
    if depth > 0 {
        forms.extend(composed(r#type, depth - 1).map(|form| (3, form)));
        // A constant in a struct needs the same type as outside it.
        if matches!(r#type, Type::String | Type::Integer | Type::Float | Type::Boolean) {
            forms.push((1, field_of_struct(r#type, depth - 1)));
        }
        if !of_type(&r#type.clone().option()).is_empty() {
            forms.push((2, first_present(r#type, depth - 1)));
        }
    }
    prop::strategy::Union::new_weighted(forms).boxed()
}

/// Generates conditions, up to that depth.
pub(crate) fn condition(depth: u32) -> BoxedStrategy<Condition> {
    let number = || select(&[Type::Integer, Type::Float][..]).prop_flat_map(|r#type| expression(&r#type, 1));
    let alike = |r#type: &Type| {
        (expression(r#type, 1), select(equality()), expression(r#type, 1)).prop_map(compared).boxed()
    };
    let leaf = prop_oneof![
        4 => (number(), select(every_operator()), number()).prop_map(compared),
        2 => alike(&Type::String),
        1 => alike(&Type::Boolean),
        1 => alike(&types()["mode"]),
        1 => (select(of_type(&Type::String)), select(equality()), select(of_type(&types()["mode"]))).prop_map(compared),
        1 => expression(&Type::Boolean, 1).prop_map(Condition::Holds),
        1 => select(options()).prop_map(Condition::Present),
    ];
    leaf.prop_recursive(depth, 6, 3, |inner| {
        let several = prop::collection::vec(inner.clone(), 0..3);
        prop_oneof![
            several.clone().prop_map(Condition::And),
            several.prop_map(Condition::Or),
            inner.prop_map(|inner| Condition::Not(Box::new(inner))),
        ]
    })
    .boxed()
}

/// Generates composite expressions of the type, if it has such a form.
fn composed(r#type: &Type, depth: u32) -> Option<BoxedStrategy<Expression>> {
    match r#type {
        Type::String => {
            let types = [Type::String, Type::Integer, Type::Float, Type::Boolean, types()["mode"].clone()];
            let part = prop_oneof![
                1 => text().prop_map(ConcatPart::Literal),
                2 => select(types.to_vec()).prop_flat_map(move |r#type| expression(&r#type, depth)).prop_map(ConcatPart::Value),
            ];
            Some(prop::collection::vec(part, 0..4).prop_map(Expression::Concat).boxed())
        }
        Type::List(element) => {
            Some(prop::collection::vec(expression(element, depth), 0..3).prop_map(Expression::List).boxed())
        }
        Type::Map(element) => Some(structure(KEYS.iter().map(|key| (*key, &**element)), depth)),
        Type::Struct(of) => {
            Some(structure(of.fields.iter().map(|(name, field)| (name.as_str(), &field.r#type)), depth))
        }
        _ => None,
    }
}

fn structure<'t>(fields: impl Iterator<Item = (&'t str, &'t Type)>, depth: u32) -> BoxedStrategy<Expression> {
    let none = Just(IndexMap::new()).boxed();
    let depth = depth.min(1);
    let all = fields.fold(none, |fields, (name, r#type)| {
        let name = name.to_owned();
        (fields, expression(r#type, depth))
            .prop_map(move |(mut fields, field)| {
                fields.insert(name.clone(), field);
                fields
            })
            .boxed()
    });
    all.prop_map(Expression::Struct).boxed()
}

fn field_of_struct(r#type: &Type, depth: u32) -> BoxedStrategy<Expression> {
    let field = (select(KEYS), expression(r#type, depth), expression(&Type::String, 0));
    field
        .prop_map(|(name, field, other)| {
            let of =
                Expression::Struct(IndexMap::from([("other".to_owned(), other), (name.to_owned(), field)]));
            Expression::Field(Box::new(FieldAccess { of, name: name.to_owned() }))
        })
        .boxed()
}

fn first_present(r#type: &Type, depth: u32) -> BoxedStrategy<Expression> {
    let options = prop::collection::vec(select(of_type(&r#type.clone().option())), 1..3);
    // An anonymous struct is not an alternative to a named one.
    let depth = if matches!(r#type.present(), Type::Struct(_)) { 0 } else { depth };
    (options, expression(r#type, depth))
        .prop_map(|(mut options, last)| {
            options.push(last);
            Expression::FirstPresent(options)
        })
        .boxed()
}

fn compared((left, operator, right): (Expression, Operator, Expression)) -> Condition {
    Condition::Compare(Box::new(Comparison { left, operator, right }))
}

fn equality() -> Vec<Operator> {
    vec![Operator::Equal, Operator::NotEqual]
}

fn every_operator() -> Vec<Operator> {
    let ordered = [Operator::Less, Operator::LessOrEqual, Operator::Greater, Operator::GreaterOrEqual];
    [equality(), ordered.to_vec()].concat()
}

fn of_type(r#type: &Type) -> Vec<Expression> {
    SOURCES.iter().filter(|(_, other)| other == r#type).map(|(source, _)| source.clone()).collect()
}

fn options() -> Vec<Expression> {
    SOURCES.iter().filter(|(_, r#type)| r#type.is_option()).map(|(source, _)| source.clone()).collect()
}

/// Everything that expressions can refer to: parameters, outputs, and their fields.
static SOURCES: LazyLock<Vec<(Expression, Type)>> = LazyLock::new(sources);

fn sources() -> Vec<(Expression, Type)> {
    let mut sources = Vec::new();
    for (name, r#type) in types() {
        let output = OutputReference { task: TaskId(MAKE.to_owned()), output: name.clone() };
        for reference in [Reference::Input(name), Reference::Output(output)] {
            sources.push((Expression::Reference(reference), r#type.clone()));
        }
    }
    let mut next = 0;
    while let Some((of, r#type)) = sources.get(next).cloned() {
        let fields: Vec<(String, Type)> = match r#type {
            Type::Struct(structure) => {
                structure.fields.into_iter().map(|(name, field)| (name, field.r#type)).collect()
            }
            Type::Map(element) => KEYS.iter().map(|key| ((*key).to_owned(), (*element).clone())).collect(),
            Type::Any if !matches!(of, Expression::Field(_)) => vec![("f".to_owned(), Type::Any)],
            _ => Vec::new(),
        };
        sources.extend(fields.into_iter().map(|(name, r#type)| {
            (Expression::Field(Box::new(FieldAccess { of: of.clone(), name })), r#type)
        }));
        next += 1;
    }
    sources
}

/// Generates values of all types, by their names.
pub(crate) fn values() -> BoxedStrategy<BTreeMap<String, Value>> {
    types().into_iter().fold(Just(BTreeMap::new()).boxed(), |values, (name, r#type)| {
        (values, value(&r#type))
            .prop_map(move |(mut values, value)| {
                values.insert(name.clone(), value);
                values
            })
            .boxed()
    })
}
