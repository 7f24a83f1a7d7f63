//! What OpenStreetMap's tags say to someone on foot. The rules restate the wiki's pages on access, barriers and steps; where the wiki
//! leaves it to the country, the choice is said.

use super::Kind;

/// Tags of one element.
pub(super) struct Tags<'a, 'b>(pub &'b [(&'a str, &'a str)]);

impl<'a> Tags<'a, '_> {
    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&'a str> {
        self.0.iter().find(|(one, _)| *one == key).map(|(_, value)| *value)
    }

    fn is(&self, key: &str, values: &[&str]) -> bool {
        self.get(key).is_some_and(|value| values.contains(&value))
    }
}

/// Ways that are walked unless they say otherwise.
const WALKED: &[&str] = &[
    "footway",
    "path",
    "pedestrian",
    "steps",
    "living_street",
    "residential",
    "service",
    "unclassified",
    "tertiary",
    "tertiary_link",
    "secondary",
    "secondary_link",
    "primary",
    "primary_link",
    "track",
    "road",
    "cycleway",
    "bridleway",
    "corridor",
    "platform",
    "crossing",
    "elevator",
];
/// Ways that are walked only where they say so, or have a pavement.
const ON_REQUEST: &[&str] = &["trunk", "trunk_link", "motorway", "motorway_link", "busway", "bus_guideway"];
/// Access that lets a walker through.
const OPEN: &[&str] = &["yes", "designated", "permissive", "official", "destination", "customers", "public", "permit"];
/// Access that does not.
const SHUT: &[&str] =
    &["no", "private", "agricultural", "forestry", "delivery", "military", "residents", "use_sidepath"];

/// What a way is to a walker, and whether it is drawn against the direction in which it is walked; `None` when it is not walked.
pub(super) fn way(tags: &Tags<'_, '_>) -> Option<(Kind, bool)> {
    let highway = tags.get("highway").unwrap_or_default();
    let platform = tags.is("railway", &["platform"]) || tags.is("public_transport", &["platform"]);
    let pier = tags.is("man_made", &["pier"]);
    let pavement = tags.is("sidewalk", &["yes", "both", "left", "right"])
        || ["sidewalk:both", "sidewalk:left", "sidewalk:right"].iter().any(|key| tags.is(key, &["yes"]));
    let open = tags.is("foot", OPEN);
    let kept_out = tags.is("foot", SHUT)
        || (tags.is("access", SHUT) && !open)
        || tags.is("highway", &["construction", "proposed"]);
    let walked = (WALKED.contains(&highway) && (open || !tags.is("motorroad", &["yes"])))
        || (ON_REQUEST.contains(&highway) && (open || (pavement && !tags.is("motorroad", &["yes"]))))
        || (highway.is_empty() && (platform || pier));
    if !walked || kept_out || tags.is("area:highway", &["yes"]) {
        return None;
    }
    let steps = highway == "steps";
    let ramp = steps
        && ["ramp", "ramp:stroller", "ramp:wheelchair"]
            .iter()
            .any(|key| tags.get(key).is_some_and(|value| value != "no" && value != "separate"));
    let number = |key: &str| tags.get(key).and_then(|value| value.trim().parse::<u16>().ok());
    let count = if steps { number("step_count").unwrap_or(0) } else { 0 };
    // Of one-way signs only those for walkers count, and moving steps.
    let (along, against) = ("yes", "-1");
    let foot = tags.get("oneway:foot").or_else(|| tags.get("foot:oneway"));
    let only_foot = ["footway", "path", "steps", "pedestrian", "corridor"].contains(&highway);
    let moving = tags.get("conveying").map(|way| if way == "backward" { against } else { along });
    let moving = moving.filter(|_| tags.is("conveying", &["forward", "backward"]));
    let signed = foot.or(moving).or_else(|| tags.get("oneway").filter(|_| only_foot && foot.is_none()));
    let oneway = signed.is_some_and(|value| value == along || value == "1" || value == "true" || value == against);
    let slope = if steps { 0.0 } else { tags.get("incline").and_then(slope).unwrap_or(0.0) };
    Some((Kind { oneway, steps, ramp, narrow: false, count, slope }, signed == Some(against)))
}

/// Rise over run of `10%`, `-5 %` or `6°`; words say only the direction, and nothing of use.
fn slope(value: &str) -> Option<f32> {
    let value = value.trim();
    let (digits, degrees) = match (value.strip_suffix('%'), value.strip_suffix('°')) {
        (Some(digits), _) => (digits, false),
        (None, Some(digits)) => (digits, true),
        (None, None) => return None,
    };
    let number: f32 = digits.trim().parse().ok()?;
    let slope = if degrees { number.to_radians().tan() } else { number / 100.0 };
    // Beyond 1 : 1 it is a slip of the pen.
    (slope.is_finite() && slope.abs() <= 1.0).then_some(slope)
}

/// What a node is to a walker.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Gate {
    /// Nothing in the way.
    #[default]
    Open,
    /// Passed on foot, not with wheels.
    Narrow,
    /// Not passed.
    Shut,
}

/// What stands on a node.
pub(super) fn node(tags: &Tags<'_, '_>) -> Gate {
    let open = tags.is("foot", OPEN);
    let Some(barrier) = tags.get("barrier") else {
        // A crossing or a lone sign may still keep walkers out.
        return if tags.is("foot", &["no"]) { Gate::Shut } else { Gate::Open };
    };
    if !open && (tags.is("access", SHUT) || tags.is("foot", SHUT) || tags.is("locked", &["yes"])) {
        return Gate::Shut;
    }
    match barrier {
        "wall" | "fence" | "hedge" | "city_wall" | "retaining_wall" | "ditch" if !open => Gate::Shut,
        "stile" | "turnstile" | "full-height_turnstile" | "kissing_gate" => Gate::Narrow,
        _ => Gate::Open,
    }
}

/// Whether a way is something that a straight line must not cross: water, railway on the ground, wall.
pub(super) fn bars(tags: &Tags<'_, '_>) -> bool {
    if tags.get("tunnel").is_some_and(|value| value != "no") || tags.get("bridge").is_some_and(|value| value != "no") {
        return false;
    }
    tags.is("waterway", &["river", "canal", "riverbank", "dock"])
        || tags.is("natural", &["water", "coastline"])
        || tags.is("railway", &["rail", "light_rail", "narrow_gauge"])
        || tags.is("highway", &["motorway", "motorway_link"])
        || tags.is("barrier", &["wall", "fence", "city_wall", "retaining_wall"])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn walked(list: &[(&str, &str)]) -> Option<(Kind, bool)> {
        way(&Tags(list))
    }

    #[test]
    fn who_may_walk_where() {
        let may = |list: &[(&str, &str)]| walked(list).is_some();
        assert!(may(&[("highway", "residential")]) && may(&[("highway", "steps")]) && may(&[("railway", "platform")]));
        assert!(
            !may(&[("building", "yes")]) && !may(&[("highway", "construction")]) && !may(&[("highway", "motorway")])
        );
        assert!(!may(&[("highway", "service"), ("access", "private")]), "a gated compound");
        assert!(may(&[("highway", "service"), ("access", "private"), ("foot", "yes")]));
        assert!(!may(&[("highway", "cycleway"), ("foot", "no")]));
        assert!(!may(&[("highway", "trunk")]) && may(&[("highway", "trunk"), ("sidewalk", "both")]));
        assert!(may(&[("highway", "trunk"), ("foot", "yes")]));
        assert!(!may(&[("highway", "primary"), ("motorroad", "yes")]));
    }

    #[test]
    fn directions_steps_and_slopes() {
        let road = walked(&[("highway", "residential"), ("oneway", "yes")]).unwrap();
        assert!(!road.0.oneway, "one-way signs on roads are for wheels");
        let escalator = walked(&[("highway", "steps"), ("conveying", "backward")]).unwrap();
        assert!(escalator.0.oneway && escalator.0.steps && escalator.1);
        assert!(!walked(&[("highway", "steps"), ("conveying", "reversible")]).unwrap().0.oneway);
        assert!(walked(&[("highway", "footway"), ("oneway", "yes")]).unwrap().0.oneway);
        let flight = walked(&[("highway", "steps"), ("step_count", "42"), ("ramp:stroller", "yes")]).unwrap().0;
        assert_eq!((flight.count, flight.ramp), (42, true));
        assert_eq!(walked(&[("highway", "path"), ("incline", "-8 %")]).unwrap().0.slope, -0.08);
        for vague in ["up", "900%", "nan%", "8"] {
            assert_eq!(walked(&[("highway", "path"), ("incline", vague)]).unwrap().0.slope, 0.0, "{vague}");
        }
    }

    #[test]
    fn gates() {
        let gate = |list: &[(&str, &str)]| node(&Tags(list));
        assert_eq!(gate(&[("barrier", "gate")]), Gate::Open);
        assert_eq!(gate(&[("barrier", "gate"), ("access", "private")]), Gate::Shut);
        assert_eq!(gate(&[("barrier", "gate"), ("access", "private"), ("foot", "yes")]), Gate::Open);
        assert_eq!(gate(&[("barrier", "fence")]), Gate::Shut);
        assert_eq!(gate(&[("barrier", "turnstile")]), Gate::Narrow);
        assert!(bars(&Tags(&[("waterway", "river")])) && !bars(&Tags(&[("railway", "rail"), ("bridge", "yes")])));
    }
}
