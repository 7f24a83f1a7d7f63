//! Scenarios: what is done to the rates from year to year. Low, medium, high, or a policy.

use crate::problem::Turn;
use crate::question::Question;
use sheets::{Problems, Sheet, Wrong, number, whole};
use std::collections::BTreeMap;

/// A scenario, with a turn for each year.
#[derive(Debug, Clone, PartialEq)]
pub struct Variant {
    /// Its name.
    pub name: String,
    /// What it does to each year's rates, from the start.
    pub turns: Vec<Turn>,
}

/// What can be turned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Component {
    /// Births a woman.
    Fertility,
    /// Death rates.
    Mortality,
    /// Net migrants.
    Migration,
}

impl Component {
    pub(crate) fn read(text: &str) -> Result<Self, Wrong> {
        match text {
            "fertility" => Ok(Self::Fertility),
            "mortality" => Ok(Self::Mortality),
            "migration" => Ok(Self::Migration),
            _ => Err(Wrong::new(format!("`{text}` is no component"), "write fertility, mortality or migration")),
        }
    }
}

/// A point of a scenario: factor, and children added to a woman's life.
type Point = (f64, f64);

/// Reads scenarios: `scenario,component,year,factor[,children]`. Between two years named the change goes in a straight line; before
/// the first there is none, after the last it holds. A scenario that changes nothing has one row with nothing but its name.
pub(crate) fn read((name, text): (&str, &str), question: &Question, problems: &mut Problems) -> Vec<Variant> {
    let mut order: Vec<String> = Vec::new();
    let mut points: BTreeMap<(usize, Component), BTreeMap<u32, Point>> = BTreeMap::new();
    let Some(mut sheet) =
        Sheet::open(name, text, &["scenario", "component", "year", "factor"], &["children"], problems)
    else {
        return Vec::new();
    };
    while let Some(row) = sheet.next(problems) {
        let Some(scenario) = row.must(0, |text| Ok(text.to_owned()), problems) else { continue };
        let place = order.iter().position(|known| *known == scenario).unwrap_or_else(|| {
            order.push(scenario);
            order.len() - 1
        });
        if row.text(1).is_none() {
            continue;
        }
        let (component, year) = (row.must(1, Component::read, problems), row.must(2, whole, problems));
        let factor = row.get(3, bounded(0.0, 100.0), problems).unwrap_or(1.0);
        let children = row.get(4, bounded(-10.0, 10.0), problems).unwrap_or(0.0);
        let (Some(component), Some(year)) = (component, year) else { continue };
        if children != 0.0 && component != Component::Fertility {
            row.report("children", "only fertility has children", "leave the cell empty", problems);
        }
        if points.entry((place, component)).or_default().insert(year, (factor, children)).is_some() {
            row.report("year", format!("{year} stands twice"), "write every year of a component once", problems);
        }
    }
    if order.is_empty() && problems.is_empty() {
        problems.add(name, 1, "-", "there are no rows below the header", "write at least one scenario");
    }
    if order.len() > 100 {
        problems.add(name, 1, "scenario", format!("{} scenarios are too many", order.len()), "keep at most 100");
        return Vec::new();
    }
    let years = 0..(question.until - question.start).clamp(0, crate::question::MOST_YEARS) + 5;
    let variant = |(place, name): (usize, String)| {
        let at = |component, year| points.get(&(place, component)).map_or((1.0, 0.0), |points| between(points, year));
        let turn = |year: i32| {
            let year = u32::try_from(question.start.saturating_add(year)).unwrap_or(0);
            let (fertility, children) = at(Component::Fertility, year);
            Turn {
                fertility,
                children,
                mortality: at(Component::Mortality, year).0,
                migration: at(Component::Migration, year).0,
            }
        };
        Variant { name, turns: years.clone().map(turn).collect() }
    };
    order.into_iter().enumerate().map(variant).collect()
}

/// A number between two bounds.
pub(crate) fn bounded(low: f64, high: f64) -> impl Fn(&str) -> Result<f64, Wrong> {
    move |text| {
        let value = number(text)?;
        if (low..=high).contains(&value) {
            return Ok(value);
        }
        Err(Wrong::new(format!("{value} is out of bounds"), format!("write a number from {low} to {high}")))
    }
}

fn between(points: &BTreeMap<u32, Point>, year: u32) -> Point {
    let (before, after) = (points.range(..=year).next_back(), points.range(year..).next());
    match (before, after) {
        (None, _) => (1.0, 0.0),
        (Some((_, last)), None) => *last,
        (Some((from, a)), Some((to, b))) => {
            let t = if to > from { f64::from(year - from) / f64::from(to - from) } else { 0.0 };
            (a.0 + (b.0 - a.0) * t, a.1 + (b.1 - a.1) * t)
        }
    }
}
