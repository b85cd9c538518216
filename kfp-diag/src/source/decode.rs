//! Converts a tree to a typed value, and reports the position of the first type error.

use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, EnumAccess, Error as _, IntoDeserializer, MapAccess,
    SeqAccess, Unexpected, VariantAccess, Visitor,
};
use serde::forward_to_deserialize_any;

use super::fault::{Fault, Problem};
use super::tree::{Entry, Node, Tree};

/// Converts the tree of a document to a typed value.
///
/// ```
/// use kfp_diag::source::{decode, tree};
/// let text = "size: 1\ncolour: red\n";
/// let tree = tree(text)?;
/// let decoded = decode::<std::collections::BTreeMap<String, u32>>(&tree, text);
/// let (diagnostic, span) = decoded.unwrap_err().located();
/// assert_eq!((diagnostic.primary.place.as_str(), &text[span]), ("/colour", "red"));
/// # Ok::<(), kfp_diag::source::Fault>(())
/// ```
///
/// # Errors
/// Returns the first type error, with its position.
pub fn decode<T: DeserializeOwned>(tree: &Tree, text: &str) -> Result<T, Fault> {
    T::deserialize(Decoder(tree)).map_err(|fault: Fault| fault.on_one_line(tree, text))
}

/// Deserializes from a tree.
#[derive(Clone, Copy)]
struct Decoder<'a>(&'a Tree);

impl<'de> Deserializer<'de> for Decoder<'_> {
    type Error = Fault;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        let value = match &self.0.node {
            Node::Null => visitor.visit_unit(),
            Node::Bool(value) => visitor.visit_bool(*value),
            Node::Number(number) => match (number.as_i64(), number.as_u64(), number.as_f64()) {
                (Some(number), _, _) => visitor.visit_i64(number),
                (_, Some(number), _) => visitor.visit_u64(number),
                (_, _, Some(number)) => visitor.visit_f64(number),
                _ => Err(Fault::custom("number too large")),
            },
            Node::Text(text) => visitor.visit_str(text),
            Node::List(items) => visitor.visit_seq(Items { items, next: 0 }),
            Node::Map(entries) => visitor.visit_map(Members { entries, next: 0 }),
        };
        value.map_err(|fault| fault.at(&self.0.span))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match self.0.node {
            Node::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Fault> {
        visitor.visit_newtype_struct(self)
    }

    /// A list is not accepted as the members of an object in the order of their declaration.
    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        match self.0.node {
            Node::List(_) => Err(Fault::invalid_type(Unexpected::Seq, &visitor).at(&self.0.span)),
            _ => self.deserialize_any(visitor),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        let value = match &self.0.node {
            Node::Text(_) => visitor.visit_enum(Variant { tag: self.0, entry: None }),
            Node::Map(entries) => match entries.as_slice() {
                [entry] => visitor.visit_enum(Variant { tag: self.0, entry: Some(entry) }),
                _ => Err(Fault::custom(format!(
                    "expected an object with exactly one key, found {} keys",
                    entries.len()
                ))),
            },
            _ => Err(Fault::custom(format!(
                "expected a keyword or an object with one key, found {}",
                self.0.kind()
            ))),
        };
        value.map_err(|fault| fault.at(&self.0.span))
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq
        tuple tuple_struct map identifier ignored_any
    }
}

struct Items<'a> {
    items: &'a [Tree],
    next: usize,
}

impl<'de> SeqAccess<'de> for Items<'_> {
    type Error = Fault;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Fault> {
        let Some(item) = self.items.get(self.next) else { return Ok(None) };
        self.next += 1;
        seed.deserialize(Decoder(item)).map(Some).map_err(|fault| fault.at(&item.span).within(self.next - 1))
    }
}

struct Members<'a> {
    entries: &'a [Entry],
    next: usize,
}

impl<'de> MapAccess<'de> for Members<'_> {
    type Error = Fault;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Fault> {
        let Some(Entry { key, key_span, .. }) = self.entries.get(self.next) else { return Ok(None) };
        seed.deserialize(key.as_str().into_deserializer())
            .map(Some)
            .map_err(|fault: Fault| fault.at(key_span).within(key))
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Fault> {
        let Some(Entry { key, value, .. }) = self.entries.get(self.next) else {
            return Err(Fault::new(Problem::Shape("missing value".to_owned())));
        };
        self.next += 1;
        seed.deserialize(Decoder(value)).map_err(|fault| fault.at(&value.span).within(key))
    }
}

/// An enum value: a keyword, or an object with one key.
struct Variant<'a> {
    tag: &'a Tree,
    entry: Option<&'a Entry>,
}

impl<'de, 'a> EnumAccess<'de> for Variant<'a> {
    type Error = Fault;
    type Variant = Content<'a>;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Content<'a>), Fault> {
        let (name, span) = match (self.entry, &self.tag.node) {
            (Some(entry), _) => (entry.key.as_str(), &entry.key_span),
            (None, Node::Text(name)) => (name.as_str(), &self.tag.span),
            (None, _) => ("", &self.tag.span),
        };
        let value = seed.deserialize(name.into_deserializer()).map_err(|fault: Fault| match self.entry {
            Some(entry) if fault.is_about_key() => fault.at(span).within(&entry.key),
            _ => fault.at(span),
        })?;
        Ok((value, Content { tag: self.tag, entry: self.entry }))
    }
}

struct Content<'a> {
    tag: &'a Tree,
    entry: Option<&'a Entry>,
}

impl Content<'_> {
    fn needs_content(&self) -> Fault {
        let name = match &self.tag.node {
            Node::Text(name) => name.as_str(),
            _ => "",
        };
        Fault::custom(format!("`{name}` requires a value: write it as the key of an object"))
            .at(&self.tag.span)
    }
}

impl<'de> VariantAccess<'de> for Content<'_> {
    type Error = Fault;

    fn unit_variant(self) -> Result<(), Fault> {
        match self.entry {
            None => Ok(()),
            Some(entry) => {
                let message = format!("`{}` does not take a value: write it as a string", entry.key);
                Err(Fault::custom(message).at(&entry.key_span))
            }
        }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Fault> {
        let entry = self.entry.ok_or_else(|| self.needs_content())?;
        seed.deserialize(Decoder(&entry.value))
            .map_err(|fault| fault.at(&entry.value.span).within(&entry.key))
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Fault> {
        let entry = self.entry.ok_or_else(|| self.needs_content())?;
        Decoder(&entry.value).deserialize_any(visitor).map_err(|fault| fault.within(&entry.key))
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        let entry = self.entry.ok_or_else(|| self.needs_content())?;
        Decoder(&entry.value)
            .deserialize_struct("", fields, visitor)
            .map_err(|fault| fault.within(&entry.key))
    }
}
