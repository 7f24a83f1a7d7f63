//! serde's view of a tree. Differs from the TOML library's own in three ways: faults carry the steps to their place,
//! numbers and days reach readers of text (`Decimal`, `NaiveDate`) with the digits as written, and stand-ins read as anything.

use std::collections::btree_map;
use std::slice;

use serde::de::value::{BorrowedStrDeserializer, StrDeserializer};
use serde::de::{
    self, DeserializeSeed, Deserializer, EnumAccess, Error as _, IntoDeserializer, MapAccess, SeqAccess, Unexpected,
    VariantAccess, Visitor,
};

use super::Fault;
use crate::model::ANY_SCALAR;
use crate::tree::{Data, Entry, Node, Step};

/// Reads one node.
pub(super) struct Reader<'t> {
    node: &'t Node,
}

impl<'t> Reader<'t> {
    pub fn new(node: &'t Node) -> Self {
        Self { node }
    }

    fn wrong<'de, V: Visitor<'de>>(&self, visitor: &V) -> Fault {
        Fault::invalid_type(Unexpected::Other(""), visitor)
    }

    /// The text by which a stand-in passes as a text, a day or a number, by its form.
    fn stand_in_text(form: u8) -> &'static str {
        if form.is_multiple_of(2) { "2000-01-01" } else { "0" }
    }

    fn integer<'de, V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match &self.node.data {
            Data::Number(digits) => match digits.parse::<i64>() {
                Ok(number) => visitor.visit_i64(number),
                Err(_) => Err(self.wrong(&visitor)),
            },
            Data::StandIn(_) => visitor.visit_i64(0),
            _ => Err(self.wrong(&visitor)),
        }
    }
}

macro_rules! integers {
    ($($method:ident)*) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
            self.integer(visitor)
        })*
    };
}

impl<'de> Deserializer<'de> for Reader<'_> {
    type Error = Fault;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match &self.node.data {
            Data::Text(text) | Data::Day(text) => visitor.visit_str(text),
            Data::Number(digits) => match digits.parse::<i64>() {
                Ok(number) => visitor.visit_i64(number),
                Err(_) => visitor.visit_f64(digits.parse().map_err(|_| Fault::custom("not a number"))?),
            },
            Data::Flag(flag) => visitor.visit_bool(*flag),
            Data::List(nodes) => visitor.visit_seq(List { nodes: nodes.iter(), next: 0 }),
            Data::Table(entries) => visitor.visit_map(Table { entries: entries.iter(), open: None }),
            Data::StandIn(form) => visitor.visit_str(Self::stand_in_text(*form)),
        }
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match &self.node.data {
            Data::Text(text) | Data::Number(text) | Data::Day(text) => visitor.visit_str(text),
            Data::StandIn(form) => visitor.visit_str(Self::stand_in_text(*form)),
            _ => Err(self.wrong(&visitor)),
        }
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match &self.node.data {
            Data::Text(text) => visitor.visit_str(text),
            Data::StandIn(form) => visitor.visit_str(Self::stand_in_text(*form)),
            _ => Err(self.wrong(&visitor)),
        }
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        self.deserialize_string(visitor)
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match &self.node.data {
            Data::Flag(flag) => visitor.visit_bool(*flag),
            Data::StandIn(_) => visitor.visit_bool(false),
            _ => Err(self.wrong(&visitor)),
        }
    }

    integers! {
        deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match &self.node.data {
            Data::StandIn(form) if *form < 2 => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match &self.node.data {
            Data::List(nodes) => visitor.visit_seq(List { nodes: nodes.iter(), next: 0 }),
            Data::StandIn(_) => visitor.visit_seq(List { nodes: [].iter(), next: 0 }),
            _ => Err(self.wrong(&visitor)),
        }
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match &self.node.data {
            Data::Table(entries) => visitor.visit_map(Table { entries: entries.iter(), open: None }),
            _ => Err(self.wrong(&visitor)),
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        match &self.node.data {
            Data::StandIn(_) => visitor.visit_map(AllStandIns { fields: fields.iter(), node: self.node }),
            _ => self.deserialize_map(visitor),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        if name == ANY_SCALAR {
            let variant = match &self.node.data {
                Data::Number(_) => "Number",
                Data::Text(_) | Data::StandIn(_) => "Text",
                Data::Flag(_) => "Flag",
                Data::Day(_) => "Day",
                Data::List(_) | Data::Table(_) => return Err(self.wrong(&visitor)),
            };
            return visitor.visit_enum(Scalar { variant, node: self.node });
        }
        match (&self.node.data, variants.first()) {
            (Data::Text(text), _) => {
                let word: StrDeserializer<'_, Fault> = text.as_str().into_deserializer();
                visitor.visit_enum(word)
            }
            (Data::StandIn(_), Some(first)) => visitor.visit_enum(BorrowedStrDeserializer::new(first)),
            _ => Err(Fault::invalid_type(Unexpected::Other(""), &"a string")),
        }
    }

    serde::forward_to_deserialize_any! {
        i128 u128 f32 f64 char bytes byte_buf unit unit_struct tuple tuple_struct ignored_any
    }
}

/// The elements of a list.
struct List<'t> {
    nodes: slice::Iter<'t, Node>,
    next: usize,
}

impl<'de> SeqAccess<'de> for List<'_> {
    type Error = Fault;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Fault> {
        let Some(node) = self.nodes.next() else { return Ok(None) };
        let index = self.next;
        self.next += 1;
        seed.deserialize(Reader::new(node)).map(Some).map_err(|fault| fault.within(Step::Index(index)))
    }
}

/// The entries of a table.
struct Table<'t> {
    entries: btree_map::Iter<'t, String, Entry>,
    open: Option<(&'t str, &'t Node)>,
}

impl<'de> MapAccess<'de> for Table<'_> {
    type Error = Fault;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Fault> {
        let Some((key, entry)) = self.entries.next() else { return Ok(None) };
        self.open = Some((key, &entry.node));
        let word: StrDeserializer<'_, Fault> = key.as_str().into_deserializer();
        seed.deserialize(word).map(Some).map_err(|fault| fault.within(key.as_str().into()))
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Fault> {
        let Some((key, node)) = self.open.take() else { return Err(Fault::custom("value before key")) };
        seed.deserialize(Reader::new(node)).map_err(|fault| fault.within(key.into()))
    }
}

/// A table in which every known key is a stand-in.
struct AllStandIns<'t> {
    fields: slice::Iter<'static, &'static str>,
    node: &'t Node,
}

impl<'de> MapAccess<'de> for AllStandIns<'_> {
    type Error = Fault;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Fault> {
        let Some(field) = self.fields.next() else { return Ok(None) };
        seed.deserialize(BorrowedStrDeserializer::new(field)).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Fault> {
        seed.deserialize(Reader::new(self.node))
    }
}

/// A scalar read as the variant that its type asks for.
struct Scalar<'t> {
    variant: &'static str,
    node: &'t Node,
}

impl<'de, 't> EnumAccess<'de> for Scalar<'t> {
    type Error = Fault;
    type Variant = Reader<'t>;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Reader<'t>), Fault> {
        let word = seed.deserialize(BorrowedStrDeserializer::<Fault>::new(self.variant))?;
        Ok((word, Reader::new(self.node)))
    }
}

impl<'de> VariantAccess<'de> for Reader<'_> {
    type Error = Fault;

    fn unit_variant(self) -> Result<(), Fault> {
        Ok(())
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Fault> {
        seed.deserialize(self)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Fault> {
        de::Deserializer::deserialize_seq(self, visitor)
    }

    fn struct_variant<V: Visitor<'de>>(self, _: &'static [&'static str], visitor: V) -> Result<V::Value, Fault> {
        de::Deserializer::deserialize_map(self, visitor)
    }
}
