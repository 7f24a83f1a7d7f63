//! Real boundaries for the maps, where they are at hand: GeoJSON files whose features carry a division code.
//! Without them maps are schematic tiles and say so.

use serde::Deserialize;
use std::collections::HashMap;

/// One ring: longitude and latitude, WGS84 degrees.
pub type Ring = Vec<(f64, f64)>;

/// What must be said wherever something that rests on OpenStreetMap is shown.
pub const OSM_CREDIT: &str = "© OpenStreetMap contributors（ODbL 1.0）";
/// Properties that begin so name an object of OpenStreetMap.
const OSM_PROPERTY: &str = "osm_";

/// Boundaries by 12-digit region code.
#[derive(Debug, Clone, Default)]
pub struct Shapes {
    rings: HashMap<String, Vec<Ring>>,
    from_osm: bool,
}

#[derive(Deserialize)]
struct Collection {
    features: Vec<Feature>,
}

#[derive(Deserialize)]
struct Feature {
    properties: serde_json::Map<String, serde_json::Value>,
    geometry: Geometry,
}

#[derive(Deserialize)]
#[serde(tag = "type", content = "coordinates")]
enum Geometry {
    Polygon(Vec<Vec<Vec<f64>>>),
    MultiPolygon(Vec<Vec<Vec<Vec<f64>>>>),
}

/// Properties that may hold a code, in the order in which they are tried.
const CODE_KEYS: [&str; 4] = ["code", "adcode", "gb", "id"];
/// Country prefix of codes in map services' data (156 is China in ISO 3166-1).
const COUNTRY: &str = "156";

impl Shapes {
    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rings.is_empty()
    }

    /// The rings of a region.
    #[must_use]
    pub fn of(&self, code: &str) -> Option<&[Ring]> {
        self.rings.get(code).map(Vec::as_slice)
    }

    /// Whose data they are; "" where their files say nothing that must be repeated.
    #[must_use]
    pub fn credit(&self) -> &'static str {
        if self.from_osm { OSM_CREDIT } else { "" }
    }

    /// Whether a point (longitude, latitude) lies inside a region, counted even-odd over its rings; `None` where its boundary is not
    /// known.
    #[must_use]
    pub fn contains(&self, code: &str, (x, y): (f64, f64)) -> Option<bool> {
        let crossed = |(a, b): (&(f64, f64), &(f64, f64))| {
            (a.1 > y) != (b.1 > y) && x < (b.0 - a.0) * (y - a.1) / (b.1 - a.1) + a.0
        };
        let crossings =
            |ring: &Ring| ring.iter().zip(ring.iter().cycle().skip(1)).filter(|edge| crossed(*edge)).count();
        Some(self.of(code)?.iter().map(crossings).sum::<usize>() % 2 == 1)
    }

    /// Adds the features of a GeoJSON text; gives how many had a code. A code known already keeps its finer shape.
    ///
    /// # Errors
    /// What is wrong with the text.
    pub fn add(&mut self, text: &str) -> Result<usize, String> {
        let collection: Collection =
            serde_json::from_str(text).map_err(|error| format!("不是可用的 GeoJSON（多边形要素集）：{error}"))?;
        let mut added = 0;
        for feature in collection.features {
            let Some(code) = code(&feature.properties) else { continue };
            let rings = match feature.geometry {
                Geometry::Polygon(rings) => rings.iter().map(|ring| points(ring)).collect(),
                Geometry::MultiPolygon(parts) => parts.iter().flatten().map(|ring| points(ring)).collect::<Vec<_>>(),
            };
            added += 1;
            let finer =
                |known: &Vec<Ring>| known.iter().map(Vec::len).sum::<usize>() >= rings.iter().map(Vec::len).sum();
            if !self.rings.get(&code).is_some_and(finer) {
                self.from_osm |= feature.properties.keys().any(|key| key.starts_with(OSM_PROPERTY));
                self.rings.insert(code, rings);
            }
        }
        Ok(added)
    }
}

fn points(ring: &[Vec<f64>]) -> Ring {
    ring.iter().filter_map(|point| Some((*point.first()?, *point.get(1)?))).collect()
}

fn code(properties: &serde_json::Map<String, serde_json::Value>) -> Option<String> {
    CODE_KEYS.iter().find_map(|key| {
        let text = match properties.get(*key)? {
            serde_json::Value::String(text) => text.clone(),
            serde_json::Value::Number(number) => number.to_string(),
            _ => return None,
        };
        let digits = if text.len() == 9 && text.starts_with(COUNTRY) { text.get(3..)? } else { &text };
        vocabulary::RegionCode::parse(digits).ok().map(String::from)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_of_streets_and_counties_are_found() {
        let mut shapes = Shapes::default();
        let text = r#"{"type":"FeatureCollection","features":[
            {"type":"Feature","properties":{"code":"310110001"},"geometry":{"type":"Polygon","coordinates":[[[121.5,31.2],[121.6,31.2],[121.6,31.3],[121.5,31.2]]]}},
            {"type":"Feature","properties":{"gb":"156321002","osm_relation":1},"geometry":{"type":"MultiPolygon","coordinates":[[[[119.4,32.3],[119.5,32.3],[119.5,32.4],[119.4,32.3]]]]}},
            {"type":"Feature","properties":{"name":"无代码"},"geometry":{"type":"Polygon","coordinates":[]}}]}"#;
        assert_eq!(shapes.add(text), Ok(2));
        assert_eq!(shapes.of("310110001000").unwrap()[0].len(), 4);
        assert!(shapes.of("321002000000").is_some() && shapes.of("310110006000").is_none());
        assert_eq!(shapes.credit(), OSM_CREDIT);
        assert!(shapes.add("{}").is_err());
        assert_eq!(shapes.contains("310110001000", (121.58, 31.25)), Some(true));
        assert_eq!(shapes.contains("310110001000", (121.52, 31.28)), Some(false));
        assert_eq!(shapes.contains("310110006000", (121.52, 31.28)), None);
    }
}
