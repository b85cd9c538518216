//! JSON encoding of lists, maps and options.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::mismatch::Mismatch;
use super::param::Param;

impl<T: Param> Param for Vec<T> {
    fn decode(json: &Json) -> Result<Self, Mismatch> {
        let items = json.as_array().ok_or_else(|| Mismatch::expected("a list", json))?;
        items.iter().enumerate().map(|(idx, item)| T::decode(item).map_err(|e| e.at_index(idx))).collect()
    }

    fn encode(&self) -> Result<Json, Mismatch> {
        let items = self.iter().enumerate().map(|(idx, item)| item.encode().map_err(|e| e.at_index(idx)));
        items.collect::<Result<Vec<Json>, _>>().map(Json::Array)
    }
}

impl<T: Param> Param for BTreeMap<String, T> {
    fn decode(json: &Json) -> Result<Self, Mismatch> {
        let fields = json.as_object().ok_or_else(|| Mismatch::expected("an object", json))?;
        let field = |(name, field): (&String, &Json)| match T::decode(field) {
            Ok(value) => Ok((name.clone(), value)),
            Err(mismatch) => Err(mismatch.at_field(name)),
        };
        fields.iter().map(field).collect()
    }

    fn encode(&self) -> Result<Json, Mismatch> {
        let field = |(name, field): (&String, &T)| match field.encode() {
            Ok(json) => Ok((name.clone(), json)),
            Err(mismatch) => Err(mismatch.at_field(name)),
        };
        self.iter().map(field).collect::<Result<_, _>>().map(Json::Object)
    }
}

impl<T: Param> Param for Option<T> {
    fn decode(json: &Json) -> Result<Self, Mismatch> {
        if json.is_null() { Ok(None) } else { T::decode(json).map(Some) }
    }

    fn encode(&self) -> Result<Json, Mismatch> {
        self.as_ref().map_or(Ok(Json::Null), Param::encode)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    type Nested = BTreeMap<String, Vec<Option<f64>>>;

    #[test]
    fn nested_values_round_trip() {
        let json = json!({"a": [1.5, null], "b": []});
        let value = Nested::decode(&json).unwrap();
        assert_eq!(value["a"], [Some(1.5), None]);
        assert_eq!(value.encode().unwrap(), json);
    }

    #[test]
    fn mismatches_have_the_path_of_the_wrong_part() {
        let error = Nested::decode(&json!({"a": [1.5, "x"]})).unwrap_err();
        assert_eq!(error.to_string(), r#"`a[1]`: expected a number, found `"x"`"#);
        let error = vec![0.5, f64::NAN].encode().unwrap_err();
        assert_eq!(error.to_string(), "`[1]`: JSON cannot represent `NaN`");
    }
}
