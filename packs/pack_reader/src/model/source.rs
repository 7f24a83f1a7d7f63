//! Where a value comes from: a clause of the plan itself, or a document listed in `sources.toml`.

use std::fmt;

use chrono::NaiveDate;
use serde::Deserialize;
use serde::de::{self, Deserializer, MapAccess, Visitor};

/// A place in a document. Written `"三(二)8"` (a clause of this pack's plan)
/// or `{ doc = "key of sources.toml", clause = "第五条" }`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Source {
    /// Key in `sources.toml`; absent: this pack's own plan.
    pub doc: Option<String>,
    /// Clause, table row or page.
    pub clause: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    doc: Option<String>,
    clause: Option<String>,
}

impl<'de> Deserialize<'de> for Source {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TextOrTable;
        impl<'de> Visitor<'de> for TextOrTable {
            type Value = Source;
            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a clause as text, or { doc = \"…\", clause = \"…\" }")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Source, E> {
                Ok(Source { doc: None, clause: Some(text.to_owned()) })
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Source, A::Error> {
                let written = Written::deserialize(de::value::MapAccessDeserializer::new(map))?;
                Ok(Source { doc: written.doc, clause: written.clause })
            }
        }
        deserializer.deserialize_any(TextOrTable)
    }
}

/// A document or data set that values rest on (`sources.toml`, `[[source]]`).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Document {
    /// Key by which values name it.
    pub key: String,
    /// Title.
    pub title: String,
    /// Who published it.
    pub publisher: Option<String>,
    /// Document number, standard number or version.
    pub number: Option<String>,
    /// Public address.
    pub url: Option<String>,
    /// Licence, or the right by which the facts are restated.
    pub licence: Option<String>,
    /// When it was published.
    pub published: Option<NaiveDate>,
    /// When it was read.
    pub read_on: Option<NaiveDate>,
    /// What to know about its quality.
    pub note: Option<String>,
}
