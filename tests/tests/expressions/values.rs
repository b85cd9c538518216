//! The types and values of the test: edge cases of numbers, hostile strings, absent options.

use indexmap::IndexMap;
use kfp_model::{EnumType, StructField, StructType, Type};
use proptest::prelude::*;
use serde_json::{Number, Value, json};

/// Strings that some component could misinterpret; random strings are composed of them.
const HOSTILE: &[&str] = &[
    "'",
    "\"",
    "\\",
    "`",
    "{",
    "{{",
    "}}",
    "{{=",
    "{{inputs.parameters.text}}",
    "{{workflow.uid}}",
    "\\u007b",
    "$",
    "$$",
    "$(HOME)",
    "\\u0024",
    "\\u003c",
    "\\u003e",
    "\\u0026",
    "<",
    ">",
    "&",
    "\n",
    "\r",
    "\t",
    "\0",
    "\u{1b}",
    "\u{7f}",
    "\u{85}",
    "\u{2028}",
    "\u{e000}",
    "\u{ffff}",
    "é",
    "🚀",
    "🇩🇪",
    "\u{1f3f4}\u{e0067}\u{e007f}",
    "json:",
    "null",
    "true",
    "1",
    "1e5",
    "%s",
    "#",
    "//",
    "/*",
    "?.",
    "??",
    "[0]",
    ":1",
    ",\"x\":2",
    " ",
];

/// Keys of maps and names of fields.
pub(crate) const KEYS: &[&str] = &["a", "it's \"{{x}}\" $é\\u003c"];

const INTEGERS: &[i64] = &[
    0,
    1,
    -1,
    7,
    999_999,
    1_000_000,
    1_000_001,
    9_007_199_254_740_991,
    9_007_199_254_740_992,
    9_007_199_254_740_993,
    -9_007_199_254_740_993,
    1_000_000_000_000_000_000,
    i64::MAX - 1,
    i64::MAX,
    i64::MIN,
    i64::MIN + 1,
];

const FLOATS: &[f64] = &[
    0.0,
    -0.0,
    0.1,
    1.0,
    -1.5,
    7.0,
    1e-6,
    1e-7,
    -1e-7,
    5e-324,
    123_456.789,
    1_000_000.0,
    1_000_001.0,
    9_007_199_254_740_992.0,
    9_007_199_254_740_994.0,
    9_223_372_036_854_775_807.0,
    1e19,
    1e20,
    -1e20,
    1e21,
    1e300,
    f64::MAX,
    f64::MIN,
    f64::EPSILON,
];

/// Returns the types by the names of their parameters.
pub(crate) fn types() -> IndexMap<String, Type> {
    let plain = [
        ("text", Type::String),
        ("integer", Type::Integer),
        ("float", Type::Float),
        ("boolean", Type::Boolean),
        ("mode", mode()),
        ("point", point()),
    ];
    let mut types: IndexMap<String, Type> = IndexMap::new();
    for (name, r#type) in plain {
        types.insert(format!("maybe_{name}"), r#type.clone().option());
        types.insert(name.to_owned(), r#type);
    }
    types.insert("texts".to_owned(), Type::String.list());
    types.insert("integers".to_owned(), Type::Integer.list());
    types.insert("floats".to_owned(), Type::Float.list());
    types.insert("points".to_owned(), point().list());
    types.insert("counts".to_owned(), Type::Map(Box::new(Type::Integer)));
    types.insert("labels".to_owned(), Type::Map(Box::new(Type::String)));
    types.insert("any".to_owned(), Type::Any);
    types
}

fn mode() -> Type {
    let variants = ["fast", "it's \"{{x}}\" $é"].map(str::to_owned).to_vec();
    Type::Enum(EnumType { name: "Mode".to_owned(), variants })
}

/// Returns a struct with fields of every kind, including a struct.
fn point() -> Type {
    let inner = structure("Inner", vec![("n", Type::Integer), ("t", Type::String), ("f", Type::Float)]);
    let fields = vec![
        ("x", Type::Integer),
        ("y", Type::Float),
        ("name", Type::String),
        ("ok", Type::Boolean),
        ("mode", mode()),
        ("maybe", Type::Integer.option()),
        ("note", Type::String.option()),
        ("inner", inner.clone()),
        ("perhaps", inner.option()),
        ("sizes", Type::Integer.list()),
        ("ids", Type::Map(Box::new(Type::Integer))),
    ];
    structure("Point", fields)
}

fn structure(name: &str, fields: Vec<(&str, Type)>) -> Type {
    let field =
        |(name, r#type): (&str, Type)| (name.to_owned(), StructField { r#type, description: String::new() });
    Type::Struct(StructType { name: name.to_owned(), fields: fields.into_iter().map(field).collect() })
}

/// Generates strings composed of hostile ones.
pub(crate) fn text() -> BoxedStrategy<String> {
    let pieces = prop::collection::vec(prop::sample::select(HOSTILE), 0..5);
    prop_oneof![4 => pieces.prop_map(|pieces| pieces.concat()), 1 => ".{0,6}"].boxed()
}

/// Generates values of the type.
pub(crate) fn value(r#type: &Type) -> BoxedStrategy<Value> {
    match r#type {
        Type::String => text().prop_map(Value::from).boxed(),
        Type::Integer => integer().prop_map(Value::from).boxed(),
        Type::Float => float().prop_map(Value::from).boxed(),
        Type::Boolean => any::<bool>().prop_map(Value::from).boxed(),
        Type::Enum(choice) => prop::sample::select(choice.variants.clone()).prop_map(Value::from).boxed(),
        Type::Option(inner) => prop_oneof![1 => Just(Value::Null), 2 => value(inner)].boxed(),
        Type::List(element) => prop::collection::vec(value(element), 0..3).prop_map(Value::from).boxed(),
        Type::Map(element) => KEYS
            .iter()
            .map(|key| (*key, value(element)))
            .fold(Just(json!({})).boxed(), |fields, (key, field)| with_field(fields, key, field)),
        Type::Struct(structure) => {
            structure.fields.iter().fold(Just(json!({})).boxed(), |fields, (name, field)| {
                with_option(fields, name, value(&field.r#type))
            })
        }
        // Something that has a field.
        _ => with_field(Just(json!({})).boxed(), "f", anything()),
    }
}

fn with_field(fields: BoxedStrategy<Value>, name: &str, field: BoxedStrategy<Value>) -> BoxedStrategy<Value> {
    let name = name.to_owned();
    (fields, field)
        .prop_map(move |(mut fields, field)| {
            fields[&name] = field;
            fields
        })
        .boxed()
}

/// Adds a field that is sometimes omitted if it is null.
fn with_option(
    fields: BoxedStrategy<Value>,
    name: &str,
    field: BoxedStrategy<Value>,
) -> BoxedStrategy<Value> {
    let removed = name.to_owned();
    (with_field(fields, name, field), any::<bool>())
        .prop_map(move |(mut fields, leave_out)| {
            if leave_out && fields[&removed].is_null() {
                fields.as_object_mut().expect("expected an object").remove(&removed);
            }
            fields
        })
        .boxed()
}

fn anything() -> BoxedStrategy<Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        integer().prop_map(Value::from),
        float().prop_map(Value::from),
        text().prop_map(Value::from),
    ];
    leaf.prop_recursive(2, 8, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            prop::collection::btree_map(text(), inner, 0..3)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
    .boxed()
}

fn integer() -> BoxedStrategy<i64> {
    prop_oneof![4 => prop::sample::select(INTEGERS), 1 => any::<i64>(), 1 => -20_i64..20].boxed()
}

fn float() -> BoxedStrategy<Number> {
    let float = prop_oneof![4 => prop::sample::select(FLOATS), 1 => any::<f64>()];
    float.prop_filter_map("finite", Number::from_f64).boxed()
}
