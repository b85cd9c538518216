//! JSON texts with tags in them, which Argo makes whole by pasting JSON texts in.

use serde_json::Value;

use kfp_model::value::encode;

/// A JSON text of which Argo supplies parts.
#[derive(Debug, Clone)]
pub(super) enum Splice {
    /// What is known already.
    Constant(Value),
    /// A tag; the text that Argo puts there is JSON.
    Tag(String),
    /// A text that holds tags; what Argo puts there needs no escaping.
    Text(String),
    /// A list.
    List(Vec<Splice>),
    /// Members, in this order.
    Object(Vec<(String, Splice)>),
}

impl Splice {
    /// Members by name.
    pub(super) fn object<'n>(members: impl IntoIterator<Item = (&'n str, Self)>) -> Self {
        Self::Object(members.into_iter().map(|(name, member)| (name.to_owned(), member)).collect())
    }

    /// A text that is known already.
    pub(super) fn constant(text: &str) -> Self {
        Self::Constant(Value::from(text))
    }

    /// The JSON text with its tags.
    ///
    /// A closing brace never follows another one directly, as two of them end a tag.
    pub(super) fn write(&self) -> String {
        let mut text = String::new();
        self.write_to(&mut text);
        text
    }

    fn write_to(&self, text: &mut String) {
        match self {
            Self::Constant(Value::Array(items)) => {
                Self::List(items.iter().cloned().map(Self::Constant).collect()).write_to(text);
            }
            Self::Constant(Value::Object(fields)) => {
                let members =
                    fields.iter().map(|(name, field)| (name.clone(), Self::Constant(field.clone())));
                Self::Object(members.collect()).write_to(text);
            }
            Self::Constant(value) => text.push_str(&encode(value)),
            Self::Tag(tag) => text.push_str(tag),
            Self::Text(string) => {
                text.push('"');
                text.push_str(string);
                text.push('"');
            }
            Self::List(items) => {
                text.push('[');
                for (idx, item) in items.iter().enumerate() {
                    if idx > 0 {
                        text.push(',');
                    }
                    item.write_to(text);
                }
                text.push(']');
            }
            Self::Object(members) => {
                text.push('{');
                for (idx, (name, member)) in members.iter().enumerate() {
                    if idx > 0 {
                        text.push(',');
                    }
                    text.push_str(&encode(&Value::from(name.as_str())));
                    text.push(':');
                    member.write_to(text);
                }
                text.push_str(if text.ends_with('}') { " }" } else { "}" });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn braces_never_meet() {
        let inner = Splice::object([("x", Splice::Tag("{{inputs.parameters.x}}".to_owned()))]);
        let outer = Splice::object([("inputs", inner), ("constant", Splice::Constant(json!({"a": {}})))]);
        assert_eq!(outer.write(), r#"{"inputs":{"x":{{inputs.parameters.x}} },"constant":{"a":{} } }"#);
    }
}
