//! Chooses a style for strings that every YAML parser accepts.
//!
//! The main type is [`Styled`]. It serializes a value and chooses a style for each string in it; everything else is
//! unchanged. The YAML library handles the layout.

use serde::ser::{
    Serialize, SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant, SerializeTuple,
    SerializeTupleStruct, SerializeTupleVariant, Serializer,
};
use serde_saphyr::DoubleQuoted;

/// A value whose strings are written in a style that every parser accepts.
pub(super) struct Styled<'a, T: ?Sized>(pub(super) &'a T);

/// Returns whether the library would write the string as a block that some parsers reject, or as one that does not look
/// as it reads.
///
/// The first non-empty line of a block determines its indentation. If a tab follows, go-yaml, which Argo and Kubernetes
/// use, reads the tab as part of the indentation.
fn needs_quotes(text: &str) -> bool {
    (text.contains('\n') && text.trim_start_matches('\n').starts_with('\t')) || text.contains(reorders_text)
}

/// Returns whether the character changes the order in which the text around it is shown. They are the characters that
/// rustc rejects in literals.
pub(super) fn reorders_text(character: char) -> bool {
    matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

impl<T: Serialize + ?Sized> Serialize for Styled<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(Styling(serializer))
    }
}

/// A serializer, or a part of one, that chooses the style of strings.
struct Styling<S>(S);

/// Methods for values that contain no string.
macro_rules! pass {
    ($($method:ident($type:ty))*) => {
        $(fn $method(self, value: $type) -> Result<Self::Ok, Self::Error> {
            self.0.$method(value)
        })*
    };
}

impl<S: Serializer> Serializer for Styling<S> {
    type Ok = S::Ok;
    type Error = S::Error;
    type SerializeSeq = Styling<S::SerializeSeq>;
    type SerializeTuple = Styling<S::SerializeTuple>;
    type SerializeTupleStruct = Styling<S::SerializeTupleStruct>;
    type SerializeTupleVariant = Styling<S::SerializeTupleVariant>;
    type SerializeMap = Styling<S::SerializeMap>;
    type SerializeStruct = Styling<S::SerializeStruct>;
    type SerializeStructVariant = Styling<S::SerializeStructVariant>;

    pass! {
        serialize_bool(bool)
        serialize_i8(i8) serialize_i16(i16) serialize_i32(i32) serialize_i64(i64)
        serialize_u8(u8) serialize_u16(u16) serialize_u32(u32) serialize_u64(u64)
        serialize_f32(f32) serialize_f64(f64)
        serialize_char(char)
        serialize_bytes(&[u8])
        serialize_unit_struct(&'static str)
    }

    fn serialize_str(self, text: &str) -> Result<S::Ok, S::Error> {
        if needs_quotes(text) { DoubleQuoted(text).serialize(self.0) } else { self.0.serialize_str(text) }
    }

    fn serialize_none(self) -> Result<S::Ok, S::Error> {
        self.0.serialize_none()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<S::Ok, S::Error> {
        self.0.serialize_some(&Styled(value))
    }

    fn serialize_unit(self) -> Result<S::Ok, S::Error> {
        self.0.serialize_unit()
    }

    fn serialize_unit_variant(
        self,
        name: &'static str,
        idx: u32,
        variant: &'static str,
    ) -> Result<S::Ok, S::Error> {
        self.0.serialize_unit_variant(name, idx, variant)
    }

    /// Most of these are strings with a style.
    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        value: &T,
    ) -> Result<S::Ok, S::Error> {
        self.0.serialize_newtype_struct(name, value)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        idx: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<S::Ok, S::Error> {
        self.0.serialize_newtype_variant(name, idx, variant, &Styled(value))
    }

    fn serialize_seq(self, len: Option<usize>) -> Result<Self::SerializeSeq, S::Error> {
        self.0.serialize_seq(len).map(Styling)
    }

    fn serialize_tuple(self, len: usize) -> Result<Self::SerializeTuple, S::Error> {
        self.0.serialize_tuple(len).map(Styling)
    }

    fn serialize_tuple_struct(
        self,
        name: &'static str,
        len: usize,
    ) -> Result<Self::SerializeTupleStruct, S::Error> {
        self.0.serialize_tuple_struct(name, len).map(Styling)
    }

    fn serialize_tuple_variant(
        self,
        name: &'static str,
        idx: u32,
        variant: &'static str,
        len: usize,
    ) -> Result<Self::SerializeTupleVariant, S::Error> {
        self.0.serialize_tuple_variant(name, idx, variant, len).map(Styling)
    }

    fn serialize_map(self, len: Option<usize>) -> Result<Self::SerializeMap, S::Error> {
        self.0.serialize_map(len).map(Styling)
    }

    fn serialize_struct(self, name: &'static str, len: usize) -> Result<Self::SerializeStruct, S::Error> {
        self.0.serialize_struct(name, len).map(Styling)
    }

    fn serialize_struct_variant(
        self,
        name: &'static str,
        idx: u32,
        variant: &'static str,
        len: usize,
    ) -> Result<Self::SerializeStructVariant, S::Error> {
        self.0.serialize_struct_variant(name, idx, variant, len).map(Styling)
    }
}

/// Compound serializers, which receive one value at a time, with or without a name.
macro_rules! compound {
    ($($trait:ident: $method:ident($($key:ident)?),)*) => {
        $(impl<S: $trait> $trait for Styling<S> {
            type Ok = S::Ok;
            type Error = S::Error;

            fn $method<T: Serialize + ?Sized>(
                &mut self,
                $($key: &'static str,)?
                value: &T,
            ) -> Result<(), S::Error> {
                self.0.$method($($key,)? &Styled(value))
            }

            fn end(self) -> Result<S::Ok, S::Error> {
                self.0.end()
            }
        })*
    };
}

compound! {
    SerializeSeq: serialize_element(),
    SerializeTuple: serialize_element(),
    SerializeTupleStruct: serialize_field(),
    SerializeTupleVariant: serialize_field(),
    SerializeStruct: serialize_field(key),
    SerializeStructVariant: serialize_field(key),
}

impl<S: SerializeMap> SerializeMap for Styling<S> {
    type Ok = S::Ok;
    type Error = S::Error;

    /// Keys are never blocks.
    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), S::Error> {
        self.0.serialize_key(key)
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), S::Error> {
        self.0.serialize_value(&Styled(value))
    }

    fn end(self) -> Result<S::Ok, S::Error> {
        self.0.end()
    }
}
