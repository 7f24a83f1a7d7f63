//! From homes and facilities to shares and minutes. Pure.

use crate::answer::{Answer, Area, Facility, Gap, Terms};
use crate::ways::Ways;
use reach::{By, Flaw, Ground, Pace, Point, Problem, Settings, Spot, pace, solve};
use rust_decimal::Decimal;
use rust_decimal::prelude::{FromPrimitive, ToPrimitive};
use std::collections::BTreeMap;
use vocabulary::RegionPath;

/// People at one home.
#[derive(Debug, Clone, PartialEq)]
pub struct Home {
    /// Where it is; `None` when the register does not say.
    pub at: Option<[f64; 2]>,
    /// Region of their records.
    pub path: RegionPath,
    /// How many.
    pub people: u64,
}

/// A facility as its record has it.
#[derive(Debug, Clone, PartialEq)]
pub struct Site {
    /// Id of its record.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its type.
    pub kind: String,
    /// Its address; "" when it is not known.
    pub address: String,
    /// Region of its record.
    pub path: RegionPath,
    /// Where it is.
    pub at: Option<[f64; 2]>,
}

/// Fewer people than this are not shown as a place of their own: the page is about neighbourhoods, not about persons.
const FEWEST_SHOWN: u64 = 5;
/// Places without a facility near that are kept.
const MOST_GAPS: usize = 300;
/// Side of the squares into which homes of one region are gathered, in degrees: about three hundred metres.
const SQUARE: f64 = 0.003;

/// How one home walks.
#[derive(Debug, Clone, Copy)]
struct Walk {
    people: u64,
    seconds: Option<f64>,
    by: By,
    nearest: Option<u32>,
}

/// Reckons a circle for some regions (their codes, parents first).
///
/// # Errors
/// Which of the pack's numbers cannot be walked with.
pub fn reckon(terms: Terms, homes: &[Home], sites: &[Site], regions: &[String], ways: &Ways) -> Result<Answer, String> {
    let real = |value: Decimal| value.to_f64().unwrap_or(f64::NAN);
    let profile = pace::PROFILES.into_iter().find(|one| one.key == terms.walker).unwrap_or(pace::ELDER);
    let pace = Pace { profile: reach::Profile { metres_per_second: real(terms.speed), ..profile }, speed_mps: None };
    let ground = Ground::new(ways.network(), pace);
    let spot = |id: &str, at: [f64; 2], size: Option<f64>| Spot {
        id: id.to_owned(),
        point: Point { lon: at[0], lat: at[1] },
        size,
    };
    let standing: Vec<&Site> = sites.iter().filter(|site| site.at.is_some()).collect();
    let facilities = standing.iter().filter_map(|site| Some(spot(&site.id, site.at?, None))).collect();
    let placed: Vec<&Home> = homes.iter().filter(|home| home.at.is_some()).collect();
    let origins = placed.iter().filter_map(|home| Some(spot("", home.at?, home.people.to_f64()))).collect();
    let settings = Settings {
        minutes: real(terms.minutes),
        snap_metres: real(terms.snap_metres),
        approach: true,
        detour: Some(real(terms.detour)),
        ..Settings::default()
    };
    let problem = Problem::new(&ground, origins, facilities, settings).map_err(|flaw| refused(&flaw))?;
    let solved = solve(&problem);
    let walks: Vec<Walk> = placed
        .iter()
        .zip(&solved.rows)
        .map(|(home, row)| Walk {
            people: home.people,
            seconds: row.nearest.map(|_| row.seconds),
            by: row.by,
            nearest: row.nearest,
        })
        .collect();
    let limit = real(terms.minutes) * 60.0;
    let walked: Vec<(&Home, Walk)> = placed.iter().copied().zip(walks).collect();
    let on_network = |at: usize| problem.facilities_at.get(at).is_some_and(|at| at.node.is_some());
    Ok(Answer {
        areas: areas(regions, homes, &walked, limit, real(terms.share)),
        facilities: facilities_of(sites, &walked, on_network),
        gaps: gaps(&walked, limit),
        unknown_people: 0,
        terms,
    })
}

/// Which number cannot be walked with, in words.
fn refused(flaw: &Flaw) -> String {
    match flaw {
        Flaw::TooManyFacilities(count) => format!("设施太多（{count} 处），不能推算"),
        Flaw::Minutes => "服务圈的分钟数要大于 0".to_owned(),
        Flaw::Snap => "离路网最远米数不能小于 0".to_owned(),
        Flaw::Detour => "直线绕行系数要在 1 到 3 之间".to_owned(),
        Flaw::Pace => "步行速度要大于 0".to_owned(),
    }
}

fn areas(regions: &[String], homes: &[Home], walked: &[(&Home, Walk)], limit: f64, share: f64) -> Vec<Area> {
    let number: BTreeMap<&str, usize> = regions.iter().enumerate().map(|(at, code)| (code.as_str(), at)).collect();
    let mut people = vec![0_u64; regions.len()];
    let mut inside: Vec<Vec<Walk>> = vec![Vec::new(); regions.len()];
    let of = |path: &RegionPath| path.codes().filter_map(|code| number.get(code).copied()).collect::<Vec<_>>();
    for home in homes {
        for at in of(&home.path) {
            people.iter_mut().skip(at).take(1).for_each(|sum| *sum += home.people);
        }
    }
    for (home, walk) in walked {
        for at in of(&home.path) {
            inside.iter_mut().skip(at).take(1).for_each(|list| list.push(*walk));
        }
    }
    let all = regions.iter().zip(people).zip(inside);
    all.map(|((code, people), walks)| area(code, people, walks, limit, share)).collect()
}

fn area(code: &str, people: u64, mut walks: Vec<Walk>, limit: f64, share: f64) -> Area {
    let far = |walk: &Walk| walk.seconds.unwrap_or(f64::INFINITY);
    walks.sort_by(|a, b| far(a).total_cmp(&far(b)));
    let count =
        |test: &dyn Fn(&Walk) -> bool| walks.iter().filter(|walk| test(walk)).map(|walk| walk.people).sum::<u64>();
    let located = count(&|_| true);
    let within = |per_cent: f64| {
        let wanted = located.to_f64().unwrap_or(0.0) * per_cent / 100.0;
        let mut sum = 0.0;
        let walk = walks.iter().find(|walk| {
            sum += walk.people.to_f64().unwrap_or(0.0);
            sum + 1e-9 >= wanted
        });
        walk.and_then(|walk| walk.seconds).and_then(minutes)
    };
    Area {
        code: code.to_owned(),
        people,
        located,
        covered: count(&|walk| far(walk) <= limit),
        on_network: count(&|walk| walk.seconds.is_some() && walk.by == By::Network),
        median: within(50.0),
        most: within(share),
        worst: within(100.0),
    }
}

/// Minutes to a tenth.
fn minutes(seconds: f64) -> Option<Decimal> {
    Decimal::from_f64(seconds / 60.0).map(|minutes| minutes.round_dp(1).normalize())
}

fn facilities_of(sites: &[Site], walked: &[(&Home, Walk)], on_network: impl Fn(usize) -> bool) -> Vec<Facility> {
    let mut near: BTreeMap<u32, u64> = BTreeMap::new();
    for (_, walk) in walked {
        if let Some(nearest) = walk.nearest {
            *near.entry(nearest).or_default() += walk.people;
        }
    }
    let mut place = 0_u32;
    let mut list: Vec<Facility> = sites
        .iter()
        .map(|site| {
            // Only those with a point were asked, in this order.
            let asked = site.at.map(|_| {
                place += 1;
                place - 1
            });
            Facility {
                id: site.id.clone(),
                name: site.name.clone(),
                kind: site.kind.clone(),
                address: site.address.clone(),
                path: site.path.as_str().to_owned(),
                at: site.at,
                on_network: asked.is_some_and(|at| on_network(at as usize)),
                people: asked.and_then(|at| near.get(&at).copied()).unwrap_or(0),
            }
        })
        .collect();
    list.sort_by(|a, b| b.people.cmp(&a.people).then_with(|| a.name.cmp(&b.name)));
    list
}

fn gaps(walked: &[(&Home, Walk)], limit: f64) -> Vec<Gap> {
    let square = |degrees: f64| (degrees / SQUARE).floor() as i64;
    let mut places: BTreeMap<(&str, i64, i64), Vec<(&Home, Walk)>> = BTreeMap::new();
    for (home, walk) in walked.iter().filter(|(_, walk)| walk.seconds.is_none_or(|seconds| seconds > limit)) {
        if let Some([lon, lat]) = home.at {
            places.entry((home.path.as_str(), square(lon), square(lat))).or_default().push((home, *walk));
        }
    }
    let mut gaps: Vec<Gap> = places
        .into_iter()
        .filter_map(|((path, ..), homes)| {
            let people: u64 = homes.iter().map(|(home, _)| home.people).sum();
            let total = people.to_f64()?;
            let middle = |axis: fn(&[f64; 2]) -> f64| {
                let sum: f64 =
                    homes.iter().filter_map(|(home, _)| Some(axis(home.at.as_ref()?) * home.people.to_f64()?)).sum();
                (sum / total * 1e3).round() / 1e3
            };
            let walks = homes.iter().map(|(_, walk)| *walk).collect();
            let minutes = area("", people, walks, limit, 50.0).median;
            Some(Gap { path: path.to_owned(), at: [middle(|at| at[0]), middle(|at| at[1])], people, minutes })
        })
        .filter(|gap| gap.people >= FEWEST_SHOWN)
        .collect();
    gaps.sort_by(|a, b| b.people.cmp(&a.people).then_with(|| a.path.cmp(&b.path)));
    gaps.truncate(MOST_GAPS);
    gaps
}
