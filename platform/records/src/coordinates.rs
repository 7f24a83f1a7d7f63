//! Coordinate systems in which Chinese maps give points, brought to WGS84. GCJ-02 (Amap, Tencent) is WGS84 moved by a smooth offset
//! of some hundred metres inside China, BD-09 (Baidu) is GCJ-02 turned and moved once more. Neither has an official formula; the
//! forward formulas are those that are publicly known (eviltransform, coordtransform) and the way back is found by iteration, exact to
//! less than a millimetre of them.

use std::f64::consts::PI;

/// Semi-major axis of the Krasovsky ellipsoid, metres.
const AXIS: f64 = 6_378_245.0;
/// Its first eccentricity squared.
const ECCENTRICITY: f64 = 0.006_693_421_622_965_943;
/// Keys of a point's fields, as in every register that has points.
pub(crate) const POINT: [&str; 2] = ["longitude", "latitude"];
/// Most degrees of them, east or west, north or south.
pub(crate) const MOST_DEGREES: [i64; 2] = [180, 90];
/// The box around China's land and waters: anything outside is a slip of the finger in a register of a Chinese city.
const AROUND_CHINA: [(f64, f64); 2] = [(73.0, 136.0), (3.0, 54.0)];

/// The box outside which GCJ-02 is WGS84: longitude, latitude.
const CHINA: ((f64, f64), (f64, f64)) = ((72.004, 137.8347), (0.8293, 55.8271));
/// Baidu's own shift.
const BAIDU: (f64, f64) = (0.0065, 0.006);
/// Degrees: less than a tenth of a millimetre.
const CLOSE: f64 = 1e-9;
/// Rounds of the iteration; three are enough.
const ROUNDS: usize = 30;

/// A point: longitude, latitude in degrees.
pub type Point = (f64, f64);

/// A system of coordinates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Crs {
    /// GPS, OpenStreetMap, Tianditu (CGCS2000 differs by centimetres).
    Wgs84,
    /// Amap, Tencent.
    Gcj02,
    /// Baidu.
    Bd09,
}

impl Crs {
    /// All of them, with the words on screens.
    pub const ALL: [(Self, &'static str, &'static str); 3] = [
        (Self::Wgs84, "wgs84", "WGS84（GPS、天地图、CGCS2000）"),
        (Self::Gcj02, "gcj02", "GCJ-02（高德、腾讯地图）"),
        (Self::Bd09, "bd09", "BD-09（百度地图）"),
    ];

    /// The key in forms and in the database.
    #[must_use]
    pub fn key(self) -> &'static str {
        Self::ALL.iter().find(|(known, _, _)| *known == self).map_or("", |(_, key, _)| key)
    }

    /// Its name on screens, without who uses it: `GCJ-02`.
    #[must_use]
    pub fn name(self) -> &'static str {
        let label = Self::ALL.iter().find(|(known, _, _)| *known == self).map_or("", |(_, _, label)| label);
        label.split('（').next().unwrap_or(label)
    }

    /// Reads a key.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known, _)| *known == key).map(|(crs, _, _)| *crs)
    }

    /// A point of this system in WGS84.
    #[must_use]
    pub fn to_wgs84(self, point: Point) -> Point {
        match self {
            Self::Wgs84 => point,
            Self::Gcj02 => back(point, to_gcj02),
            Self::Bd09 => back(back(point, to_bd09), to_gcj02),
        }
    }
}

/// Where a formula comes from: the point whose image is the given one.
fn back(image: Point, forward: impl Fn(Point) -> Point) -> Point {
    let mut found = image;
    for _ in 0..ROUNDS {
        let there = forward(found);
        let off = (image.0 - there.0, image.1 - there.1);
        found = (found.0 + off.0, found.1 + off.1);
        if off.0.abs() < CLOSE && off.1.abs() < CLOSE {
            break;
        }
    }
    found
}

fn inside(value: f64, (low, high): (f64, f64)) -> bool {
    value >= low && value <= high
}

/// Whether a point lies near China at all.
pub(crate) fn near_china((longitude, latitude): Point) -> bool {
    let [east, north] = AROUND_CHINA;
    inside(longitude, east) && inside(latitude, north)
}

/// WGS84 to GCJ-02.
fn to_gcj02((longitude, latitude): Point) -> Point {
    if !inside(longitude, CHINA.0) || !inside(latitude, CHINA.1) {
        return (longitude, latitude);
    }
    let (east, north) = metres(longitude - 105.0, latitude - 35.0);
    let radians = latitude.to_radians();
    let magic = ECCENTRICITY.mul_add(-radians.sin().powi(2), 1.0);
    let root = magic.sqrt();
    let per_latitude = AXIS * (1.0 - ECCENTRICITY) / (magic * root) * PI / 180.0;
    let per_longitude = AXIS / root * radians.cos() * PI / 180.0;
    (longitude + east / per_longitude, latitude + north / per_latitude)
}

/// The offset of GCJ-02 in metres east and north, from degrees east and north of its centre.
fn metres(x: f64, y: f64) -> Point {
    let wave = |value: f64, parts: [(f64, f64); 2]| -> f64 {
        parts.iter().map(|(height, length)| height * (value * PI / length).sin()).sum::<f64>() * 2.0 / 3.0
    };
    let common = wave(x, [(20.0, 1.0 / 6.0), (20.0, 1.0 / 2.0)]);
    let (root, product) = (x.abs().sqrt(), x * y);
    let east = 300.0
        + x
        + 2.0 * y
        + 0.1 * x * x
        + 0.1 * product
        + 0.1 * root
        + common
        + wave(x, [(20.0, 1.0), (40.0, 3.0)])
        + wave(x, [(150.0, 12.0), (300.0, 30.0)]);
    let north = -100.0
        + 2.0 * x
        + 3.0 * y
        + 0.2 * y * y
        + 0.1 * product
        + 0.2 * root
        + common
        + wave(y, [(20.0, 1.0), (40.0, 3.0)])
        + wave(y, [(160.0, 12.0), (320.0, 30.0)]);
    (east, north)
}

/// GCJ-02 to BD-09.
fn to_bd09((longitude, latitude): Point) -> Point {
    let turn = PI * 3_000.0 / 180.0;
    let distance = longitude.hypot(latitude) + 0.000_02 * (latitude * turn).sin();
    let angle = latitude.atan2(longitude) + 0.000_003 * (longitude * turn).cos();
    (distance * angle.cos() + BAIDU.0, distance * angle.sin() + BAIDU.1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(found: Point, wanted: Point, degrees: f64) {
        let off = (found.0 - wanted.0).abs().max((found.1 - wanted.1).abs());
        assert!(off < degrees, "{found:?} is not {wanted:?}: {off}");
    }

    /// Published with eviltransform (MIT): latitude, longitude in WGS84, then in GCJ-02.
    const EVILTRANSFORM: [(f64, f64, f64, f64); 3] = [
        (31.177_427_6, 121.527_210_6, 31.175_303_983_645_97, 121.531_541_859_215),
        (22.543_847, 113.912_316, 22.540_796_131_694_766, 113.917_176_480_836_3),
        (39.911_954, 116.377_817, 39.913_345_455_360_69, 116.384_047_224_556_57),
    ];

    #[test]
    fn gcj02_agrees_with_published_points_both_ways() {
        for (latitude, longitude, gcj_latitude, gcj_longitude) in EVILTRANSFORM {
            near(to_gcj02((longitude, latitude)), (gcj_longitude, gcj_latitude), 1e-9);
            near(Crs::Gcj02.to_wgs84((gcj_longitude, gcj_latitude)), (longitude, latitude), 1e-8);
        }
        // Published with coordtransform (MIT).
        near(to_gcj02((116.404, 39.915)), (116.410_244_499_169_38, 39.916_404_281_501_64), 1e-9);
        near(Crs::Gcj02.to_wgs84((116.404, 39.915)), (116.397_755_500_830_61, 39.913_595_718_498_36), 2e-5);
    }

    #[test]
    fn bd09_agrees_with_published_points_both_ways() {
        near(to_bd09((116.404, 39.915)), (116.410_369_493_710_29, 39.921_336_993_510_21), 1e-9);
        near(to_bd09(to_gcj02((116.404, 39.915))), (116.416_627_243_787_33, 39.922_699_552_216_216), 1e-9);
        near(back((116.404, 39.915), to_bd09), (116.397_627_291_193_15, 39.908_656_739_576_31), 2e-5);
        near(Crs::Bd09.to_wgs84((116.416_627_243_787_33, 39.922_699_552_216_216)), (116.404, 39.915), 1e-8);
    }

    #[test]
    fn there_and_back_again_is_less_than_a_millimetre() {
        for step in 0..400 {
            let point = (75.0 + f64::from(step % 20) * 3.0, 3.0 + f64::from(step / 20) * 2.5);
            near(Crs::Gcj02.to_wgs84(to_gcj02(point)), point, 1e-8);
            near(Crs::Bd09.to_wgs84(to_bd09(to_gcj02(point))), point, 1e-8);
        }
        assert_eq!(to_gcj02((-104.99, 39.74)), (-104.99, 39.74), "outside China nothing is moved");
        assert_eq!(Crs::Wgs84.to_wgs84((121.5, 31.2)), (121.5, 31.2));
    }
}
