//! Who walks: pace on the flat, on slopes and on steps, and what stops them.

use crate::network::Edge;

/// What steps are to a walker.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum OnSteps {
    /// A metre of steps takes as long as so many metres on the flat.
    Slower(f64),
    /// Steps are not walked, unless a ramp is beside them.
    Never,
}

/// A kind of walker. The values are the caller's; those built in say where they come from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Profile {
    /// Its key on the command line.
    pub key: &'static str,
    /// Pace on the flat.
    pub metres_per_second: f64,
    /// Steps without a ramp.
    pub steps: OnSteps,
    /// Seconds for one step where their number is tagged, when that is longer.
    pub seconds_per_step: f64,
    /// Whether stiles and turnstiles are passed.
    pub narrow: bool,
    /// Steepest slope that is walked, as rise over run.
    pub steepest: Option<f64>,
}

/// Elders: the middle of the planning range of 0.8 to 1.0 m/s; steps at two fifths of the pace.
pub const ELDER: Profile = Profile {
    key: "elder",
    metres_per_second: 0.9,
    steps: OnSteps::Slower(2.5),
    seconds_per_step: 1.2,
    narrow: true,
    steepest: None,
};
/// Frail elders: the lower end of the range, under which pace itself is a sign of frailty.
pub const FRAIL: Profile = Profile {
    key: "frail",
    metres_per_second: 0.8,
    steps: OnSteps::Slower(3.5),
    seconds_per_step: 1.8,
    narrow: true,
    steepest: None,
};
/// Adults: 1.33 m/s (80 m a minute), steps at half the pace.
pub const ADULT: Profile = Profile {
    key: "adult",
    metres_per_second: 1.33,
    steps: OnSteps::Slower(2.0),
    seconds_per_step: 0.6,
    narrow: true,
    steepest: None,
};
/// An adult with a pushchair: steps are avoided (a metre of them counts as ten), stiles are not passed.
pub const PUSHCHAIR: Profile = Profile {
    key: "pushchair",
    metres_per_second: 1.0,
    steps: OnSteps::Slower(10.0),
    seconds_per_step: 3.0,
    narrow: false,
    steepest: None,
};
/// A wheelchair: no steps, no stiles, no slope steeper than 1 : 12.
pub const WHEELCHAIR: Profile = Profile {
    key: "wheelchair",
    metres_per_second: 0.8,
    steps: OnSteps::Never,
    seconds_per_step: 0.0,
    narrow: false,
    steepest: Some(1.0 / 12.0),
};

/// Every profile that is built in; the first is the usual one.
pub const PROFILES: [Profile; 5] = [ELDER, FRAIL, ADULT, PUSHCHAIR, WHEELCHAIR];

/// How long an edge takes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pace {
    /// Who walks, which decides what can be walked.
    pub profile: Profile,
    /// One speed for every edge instead of the profile's rules, in metres a second.
    pub speed_mps: Option<f64>,
}

impl Pace {
    /// Metres a second on the flat.
    #[must_use]
    pub fn metres_per_second(&self) -> f64 {
        self.speed_mps.unwrap_or(self.profile.metres_per_second)
    }

    /// Metres on the flat that take as long as an edge walked from its beginning (`forward`) or its end; `None` where this walker does
    /// not pass.
    #[must_use]
    pub fn flat_metres(&self, edge: &Edge, forward: bool) -> Option<f64> {
        let (kind, profile) = (&edge.kind, &self.profile);
        let slope = f64::from(if forward { kind.slope } else { -kind.slope });
        let stopped = (kind.oneway && !forward)
            || (kind.narrow && !profile.narrow)
            || (kind.steps && !kind.ramp && profile.steps == OnSteps::Never)
            || profile.steepest.is_some_and(|most| slope.abs() > most + 1e-6 && !kind.steps);
        if stopped {
            return None;
        }
        if self.speed_mps.is_some() {
            return Some(edge.metres);
        }
        let factor = match profile.steps {
            OnSteps::Slower(factor) if kind.steps && (profile.narrow || !kind.ramp) => factor,
            _ if kind.steps => 1.0,
            _ => on_slope(slope),
        };
        let counted = if kind.steps && !kind.ramp {
            f64::from(kind.count) * profile.seconds_per_step * profile.metres_per_second
        } else {
            0.0
        };
        Some((edge.metres * factor).max(counted))
    }
}

/// How much longer a slope takes than the flat: Tobler's hiking function (1993) relative to the flat, and never shorter than it, since
/// downhill does not hurry those this is made for.
fn on_slope(slope: f64) -> f64 {
    (3.5 * ((slope + 0.05).abs() - 0.05)).exp().clamp(1.0, 20.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::Kind;

    fn metres(profile: Profile, kind: Kind, forward: bool) -> Option<f64> {
        Pace { profile, speed_mps: None }.flat_metres(&Edge { from: 0, to: 1, metres: 10.0, kind }, forward)
    }

    #[test]
    fn each_walker_by_their_own_rules() {
        let steps = Kind { steps: true, ..Kind::default() };
        let ramp = Kind { ramp: true, ..steps };
        assert_eq!(metres(ELDER, steps, true), Some(25.0));
        assert_eq!(metres(PUSHCHAIR, steps, true), Some(100.0));
        assert_eq!(metres(WHEELCHAIR, steps, true), None);
        assert_eq!((metres(PUSHCHAIR, ramp, true), metres(WHEELCHAIR, ramp, true)), (Some(10.0), Some(10.0)));
        assert_eq!(metres(ELDER, Kind { count: 100, ..steps }, true), Some(100.0 * 1.2 * 0.9));
        let hill = Kind { slope: 0.1, ..Kind::default() };
        assert!((metres(ELDER, hill, true).unwrap() - 10.0 * 0.35_f64.exp()).abs() < 1e-6);
        assert!((metres(ELDER, hill, false).unwrap() - 10.0).abs() < 1e-6, "10 % down is as slow as the flat");
        assert_eq!(metres(WHEELCHAIR, hill, true), None);
        let oneway = Kind { oneway: true, ..Kind::default() };
        assert_eq!((metres(ADULT, oneway, true), metres(ADULT, oneway, false)), (Some(10.0), None));
        let stile = Kind { narrow: true, ..Kind::default() };
        assert_eq!((metres(ELDER, stile, true), metres(PUSHCHAIR, stile, true)), (Some(10.0), None));
        let given = Pace { profile: ELDER, speed_mps: Some(1.2) };
        assert_eq!(given.flat_metres(&Edge { from: 0, to: 1, metres: 10.0, kind: steps }, true), Some(10.0));
    }
}
