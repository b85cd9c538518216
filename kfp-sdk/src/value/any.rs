//! Any JSON value.

use kfp_model::Type;
use serde_json::Value as Json;

use super::{Mismatch, NoFields, Param, Value};

impl Value for Json {
    type Fields = NoFields;
    type Optional = Option<Self>;
    type Present = Self;

    fn value_type() -> Type {
        Type::Any
    }
}

impl Param for Json {
    fn decode(json: &Json) -> Result<Self, Mismatch> {
        Ok(json.clone())
    }

    fn encode(&self) -> Result<Json, Mismatch> {
        Ok(self.clone())
    }
}
