//! JSON encoding of strings, booleans, numbers and JSON values.

use serde_json::{Number, Value as Json};

use super::mismatch::Mismatch;
use super::param::Param;

impl Param for String {
    fn decode(json: &Json) -> Result<Self, Mismatch> {
        json.as_str().map(ToOwned::to_owned).ok_or_else(|| Mismatch::expected("a string", json))
    }

    fn encode(&self) -> Result<Json, Mismatch> {
        Ok(Json::String(self.clone()))
    }
}

impl Param for bool {
    fn decode(json: &Json) -> Result<Self, Mismatch> {
        json.as_bool().ok_or_else(|| Mismatch::expected("`true` or `false`", json))
    }

    fn encode(&self) -> Result<Json, Mismatch> {
        Ok(Json::Bool(*self))
    }
}

macro_rules! integers {
    ($($type:ty)*) => {$(
        impl Param for $type {
            fn decode(json: &Json) -> Result<Self, Mismatch> {
                json.as_i64()
                    .and_then(|number| Self::try_from(number).ok())
                    .ok_or_else(|| Mismatch::expected(concat!("an integer in the range of `", stringify!($type), "`"), json))
            }

            fn encode(&self) -> Result<Json, Mismatch> {
                Ok(Json::from(*self))
            }
        }
    )*};
}

integers!(i32 i64 u32);

impl Param for f64 {
    fn decode(json: &Json) -> Result<Self, Mismatch> {
        json.as_f64().filter(|number| number.is_finite()).ok_or_else(|| Mismatch::expected("a number", json))
    }

    fn encode(&self) -> Result<Json, Mismatch> {
        let number = Number::from_f64(*self);
        number.map(Json::Number).ok_or_else(|| Mismatch::new(format!("JSON cannot represent `{self}`")))
    }
}

impl Param for f32 {
    fn decode(json: &Json) -> Result<Self, Mismatch> {
        #[expect(clippy::cast_possible_truncation, reason = "rounding to the nearest `f32` is intended")]
        let number = f64::decode(json)? as Self;
        if number.is_finite() {
            Ok(number)
        } else {
            Err(Mismatch::expected("a number in the range of `f32`", json))
        }
    }

    fn encode(&self) -> Result<Json, Mismatch> {
        // Via its decimal form, so that `0.1` does not become `0.10000000149011612`.
        self.to_string().parse::<f64>().unwrap_or(f64::NAN).encode()
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

#[cfg(test)]
mod tests {
    use std::fmt::Debug;

    use serde_json::json;

    use super::*;

    #[track_caller]
    fn round_trip<T: Param + PartialEq + Debug>(value: T, json: &Json) {
        assert_eq!(&value.encode().unwrap(), json);
        assert_eq!(T::decode(json).unwrap(), value);
    }

    #[test]
    fn values_round_trip() {
        round_trip("{{x}} $(y) \u{0}".to_owned(), &json!("{{x}} $(y) \u{0}"));
        round_trip(true, &json!(true));
        round_trip(i64::MIN, &json!(i64::MIN));
        round_trip(u32::MAX, &json!(u32::MAX));
        round_trip(0.1_f32, &json!(0.1));
        round_trip(f64::MAX, &json!(f64::MAX));
    }

    #[track_caller]
    fn assert_rejected<T: Param + Debug>(json: &Json, expect: &str) {
        assert_eq!(T::decode(json).unwrap_err().to_string(), expect);
    }

    #[test]
    fn values_of_other_types_are_rejected() {
        assert_rejected::<String>(&json!(1), "expected a string, found `1`");
        assert_rejected::<bool>(&json!("true"), "expected `true` or `false`, found `\"true\"`");
        assert_rejected::<i32>(
            &json!(1_i64 << 40),
            "expected an integer in the range of `i32`, found `1099511627776`",
        );
        assert_rejected::<u32>(&json!(-1), "expected an integer in the range of `u32`, found `-1`");
        assert_rejected::<i64>(&json!(1.5), "expected an integer in the range of `i64`, found `1.5`");
        assert_rejected::<f64>(&json!(null), "expected a number, found `null`");
        assert_rejected::<f32>(&json!(1e300), "expected a number in the range of `f32`, found `1e+300`");
    }

    #[test]
    fn numbers_that_are_not_finite_are_rejected() {
        for number in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            assert!(number.encode().unwrap_err().to_string().starts_with("JSON cannot represent"));
        }
        assert!(f32::NAN.encode().is_err());
    }

    #[test]
    fn integers_are_accepted_as_floats() {
        assert!((f64::decode(&json!(3)).unwrap() - 3.0).abs() < f64::EPSILON);
    }
}
