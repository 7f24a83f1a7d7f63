//! Points of imported rows: brought to WGS84, and compared with the boundary of the region they are said to lie in.

use crate::commands::Records;
use crate::coordinates::{Crs, POINT, near_china};
use crate::decide::{Decided, Draft};
use crate::record::Record;
use identity::Actor;
use serde_json::Value as Json;
use vocabulary::{Register, Violation};

/// Whether a file with these columns has points of a register.
pub(crate) fn has_points(register: &Register, columns: &[String]) -> bool {
    register.point && POINT.iter().all(|key| columns.iter().any(|known| known == key))
}

/// Brings the point of a draft to WGS84. What is no number stays as typed and is refused as such.
pub(crate) fn convert(draft: &mut Draft, crs: Option<Crs>) {
    let Some(crs) = crs.filter(|crs| *crs != Crs::Wgs84) else { return };
    let degrees = |key: &str| draft.text(key)?.parse::<f64>().ok().filter(|degrees| degrees.abs() <= 180.0);
    if let [Some(longitude), Some(latitude)] = POINT.map(degrees) {
        let (longitude, latitude) = crs.to_wgs84((longitude, latitude));
        for (key, degrees) in POINT.into_iter().zip([longitude, latitude]) {
            draft.values.insert(key.to_owned(), Some(format!("{degrees:.6}")));
        }
    }
}

/// A warning where the point of a decided row lies outside the region it is said to lie in, or nowhere near China.
pub(crate) fn elsewhere(
    records: &Records,
    actor: &Actor,
    register: &Register,
    decided: &Decided,
    before: Option<&Record>,
) -> Option<Violation> {
    let degrees = |key: &str| match decided.body.get(key)? {
        Json::String(text) => text.parse::<f64>().ok(),
        other => other.as_f64(),
    };
    let [Some(longitude), Some(latitude)] = POINT.map(degrees) else { return None };
    if !register.point {
        return None;
    }
    let [key, _] = POINT;
    let doubt = |message: String| {
        Violation::new("record.elsewhere", key, message, "请核对区划、坐标和坐标系；确认无误可以照常导入")
    };
    if !near_china((longitude, latitude)) {
        return Some(doubt("坐标不在中国及附近（东经 73–136 度，北纬 3–54 度）".to_owned()));
    }
    let region = decided.region.as_ref().map(|region| &region.path);
    let path = region.or(before.map(|record| &record.region_path))?;
    let (code, inside) = records.regions.holds(path, (longitude, latitude))?;
    (!inside).then(|| doubt(format!("坐标不在{}的边界内", records.region_name(actor, &code))))
}
