//! JSON texts with tags, which Argo completes by inserting JSON texts.

use kfp_argo::text::Text;
use kfp_model::value::encode;
use serde_json::Value;

/// A JSON text in which Argo inserts parts.
#[derive(Debug, Clone)]
pub(in crate::lower) enum Splice {
    /// A constant value.
    Constant(Value),
    /// The JSON text of a value.
    Json(Text),
    /// A string with tags, for which Argo inserts text that needs no escaping.
    String(Text),
    /// A list.
    List(Vec<Splice>),
    /// An object with members in this order.
    Object(Vec<(String, Splice)>),
}

impl Splice {
    /// Creates an object.
    pub(in crate::lower) fn object<'n>(members: impl IntoIterator<Item = (&'n str, Self)>) -> Self {
        Self::Object(members.into_iter().map(|(name, member)| (name.to_owned(), member)).collect())
    }

    /// Creates a constant string.
    pub(in crate::lower) fn constant(text: &str) -> Self {
        Self::Constant(Value::from(text))
    }

    /// Returns the JSON text with its tags.
    pub(in crate::lower) fn write(&self) -> Text {
        let mut text = Text::default();
        self.write_to(&mut text);
        text
    }

    /// Appends the JSON text. Returns whether it ends with a brace.
    ///
    /// Closing braces are separated, because two consecutive ones end a tag.
    fn write_to(&self, text: &mut Text) -> bool {
        match self {
            Self::Constant(Value::Array(items)) => {
                Self::List(items.iter().cloned().map(Self::Constant).collect()).write_to(text)
            }
            Self::Constant(Value::Object(fields)) => {
                let members =
                    fields.iter().map(|(name, field)| (name.clone(), Self::Constant(field.clone())));
                Self::Object(members.collect()).write_to(text)
            }
            Self::Constant(value) => {
                text.push(encode(value).into());
                false
            }
            Self::Json(json) => {
                text.push(json.clone());
                true
            }
            Self::String(string) => {
                text.push("\"".into());
                text.push(string.clone());
                text.push("\"".into());
                false
            }
            Self::List(items) => {
                text.push("[".into());
                for (idx, item) in items.iter().enumerate() {
                    if idx > 0 {
                        text.push(",".into());
                    }
                    item.write_to(text);
                }
                text.push("]".into());
                false
            }
            Self::Object(members) => {
                text.push("{".into());
                let mut ends_with_brace = false;
                for (idx, (name, member)) in members.iter().enumerate() {
                    let comma = if idx > 0 { "," } else { "" };
                    text.push(format!("{comma}{}:", encode(&Value::from(name.as_str()))).into());
                    ends_with_brace = member.write_to(text);
                }
                text.push(if ends_with_brace { " }" } else { "}" }.into());
                true
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn closing_braces_are_separated() {
        let inner = Splice::object([("x", Splice::Json(Text::variable("inputs.parameters.x")))]);
        let outer = Splice::object([("inputs", inner), ("constant", Splice::Constant(json!({"a": {}})))]);
        assert_eq!(
            outer.write().to_string(),
            r#"{"inputs":{"x":{{inputs.parameters.x}} },"constant":{"a":{} } }"#
        );
    }
}
