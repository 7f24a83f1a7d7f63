//! Demand by norms: beds, places, visits, meals, staff out of people, with the formula shown. Norms are data.

use crate::layers::{Share, Who};
use crate::question::{FEMALE, MALE};
use crate::scenario::bounded;
use crate::solve::Answer;
use crate::vital::vital;
use sheets::{Problems, Row, Sex, Sheet, Wrong, float, sex, whole};

/// What a term is counted on.
#[derive(Debug, Clone, PartialEq)]
pub enum Of {
    /// People of some sexes and ages.
    People(Who),
    /// A layer's level, of some sexes and ages: its place among the shares.
    Share(usize, Who),
    /// Children born in the year that begins.
    Births,
    /// An item above: its place among the norms.
    Item(usize),
}

/// A term: so much for so many.
#[derive(Debug, Clone, PartialEq)]
pub struct Term {
    /// Counted on what.
    pub of: Of,
    /// In words.
    pub words: String,
    /// So much …
    pub amount: f64,
    /// … for so many.
    pub per: f64,
}

/// A norm: an item as the sum of its terms.
#[derive(Debug, Clone, PartialEq)]
pub struct Norm {
    /// The item, such as `nursing_beds`.
    pub item: String,
    /// Its unit.
    pub unit: String,
    /// Its terms.
    pub terms: Vec<Term>,
    /// Whether it is rounded up to a whole number.
    pub up: bool,
}

/// What a norm comes to.
#[derive(Debug, Clone, PartialEq)]
pub struct Need {
    /// The amount.
    pub amount: f64,
    /// How it comes about.
    pub formula: String,
}

/// Reads norms: `item,unit,of,per,amount[,sex][,age_from][,age_to][,rounding]`. `of` is `people`, `births`, a layer (`households`), a
/// layer's level (`disability/3`) or an item above (`item:nursing_beds`); rows of the same item add up.
pub(crate) fn read((name, text): (&str, &str), shares: &[Share], problems: &mut Problems) -> Vec<Norm> {
    let mut norms: Vec<Norm> = Vec::new();
    let needed = ["item", "unit", "of", "per", "amount"];
    let optional = ["sex", "age_from", "age_to", "rounding", "source"];
    let Some(mut sheet) = Sheet::open(name, text, &needed, &optional, problems) else { return norms };
    while let Some(row) = sheet.next(problems) {
        let own = |text: &str| Ok::<_, Wrong>(text.to_owned());
        let (item, unit) = (row.must(0, own, problems), row.text(1).unwrap_or_default().to_owned());
        let who = who(&row, problems);
        let of = row.must(2, |text| of(text, who, &norms, shares), problems);
        let (per, amount) = (row.must(3, bounded(1e-9, 1e12), problems), row.must(4, bounded(-1e12, 1e12), problems));
        let up = row.get(8, rounding, problems).unwrap_or(false);
        let words = [row.text(2).unwrap_or_default().to_owned(), who.words()].join(" ").trim_end().to_owned();
        let (Some(item), Some(of), Some(per), Some(amount)) = (item, of, per, amount) else { continue };
        if matches!(of, Of::Births | Of::Item(_)) && who != Who::ALL {
            row.report("of", "this has no sex or age", "leave sex, age_from and age_to empty", problems);
        }
        let term = Term { of, words, amount, per };
        match norms.iter_mut().find(|norm| norm.item == item) {
            Some(norm) if norm.unit == unit => {
                norm.terms.push(term);
                norm.up |= up;
            }
            Some(norm) => {
                let wrong = format!("{item} is in {} above, here in {unit}", norm.unit);
                row.report("unit", wrong, "give an item one unit", problems);
            }
            None => norms.push(Norm { item, unit, terms: vec![term], up }),
        }
    }
    if norms.is_empty() && problems.is_empty() {
        problems.add(name, 1, "-", "there are no rows below the header", "write at least one norm");
    }
    norms
}

fn who(row: &Row<'_, '_>, problems: &mut Problems) -> Who {
    let sex = row.get(5, sex, problems).map(|sex| if sex == Sex::Female { FEMALE } else { MALE });
    let (from, to) = (row.get(6, whole, problems).unwrap_or(0) as usize, row.get(7, whole, problems));
    let to = to.map(|to| to as usize);
    if to.is_some_and(|to| to < from) {
        row.report("age_to", "it lies before age_from", "write the younger age first", problems);
    }
    Who { sex, from, to }
}

fn of(text: &str, who: Who, norms: &[Norm], shares: &[Share]) -> Result<Of, Wrong> {
    if let Some(item) = text.strip_prefix("item:") {
        let place = norms.iter().position(|norm| norm.item == item);
        return place.map(Of::Item).ok_or_else(|| {
            Wrong::new(format!("there is no item `{item}` above"), "define an item before what is counted on it")
        });
    }
    match text {
        "people" => Ok(Of::People(who)),
        "births" => Ok(Of::Births),
        _ => {
            let place = shares.iter().position(|share| share.name() == text);
            place.map(|place| Of::Share(place, who)).ok_or_else(|| {
                let remedy = "write people, births, item:NAME, or a layer of --rates such as disability/3";
                Wrong::new(format!("`{text}` is nothing to count on"), remedy)
            })
        }
    }
}

fn rounding(text: &str) -> Result<bool, Wrong> {
    match text {
        "up" => Ok(true),
        "none" => Ok(false),
        _ => Err(Wrong::new(format!("`{text}` is no rounding"), "write up, or leave the cell empty")),
    }
}

/// Every norm, by region and kept year.
pub(crate) fn apply(
    norms: &[Norm],
    shares: &[Share],
    answer: &Answer<'_>,
    layers: &[Vec<Vec<f64>>],
) -> Vec<Vec<Vec<Need>>> {
    let years = answer.path.kept().len();
    (0..answer.problem.ids.len())
        .map(|region| (0..years).map(|kept| needs(norms, shares, answer, layers, (region, kept))).collect())
        .collect()
}

fn needs(
    norms: &[Norm],
    shares: &[Share],
    answer: &Answer<'_>,
    layers: &[Vec<Vec<f64>>],
    (region, kept): (usize, usize),
) -> Vec<Need> {
    let open = answer.problem.open;
    let mut done: Vec<Need> = Vec::with_capacity(norms.len());
    for norm in norms {
        let (mut sum, mut parts) = (0.0, Vec::with_capacity(norm.terms.len()));
        for term in &norm.terms {
            let base = match &term.of {
                Of::People(who) => who.sum(open, |sex, age| answer.path.people(region, kept, sex, age)),
                Of::Share(place, Who::ALL) => {
                    layers.get(*place).and_then(|it| it.get(region)?.get(kept)).copied().unwrap_or(0.0)
                }
                Of::Share(place, who) => {
                    shares.get(*place).map_or(0.0, |share| share.count(answer, region, kept, *who))
                }
                Of::Births => children(answer, region, kept),
                Of::Item(place) => done.get(*place).map_or(0.0, |need: &Need| need.amount),
            };
            sum += base * term.amount / term.per;
            let per = if term.per == 1.0 { String::new() } else { format!(" / {}", float(term.per)) };
            parts.push(format!("{} ({}) * {}{per}", float(base), term.words, float(term.amount)));
        }
        let amount = if norm.up { (sum - 1e-9).ceil().max(0.0) } else { sum };
        let rounded = if norm.up { ", rounded up" } else { "" };
        done.push(Need { amount, formula: format!("{}{rounded}", parts.join(" + ")) });
    }
    done
}

/// Children of the year that begins; of the last year before the last 1 January, where nothing is known beyond.
fn children(answer: &Answer<'_>, region: usize, kept: usize) -> f64 {
    let last = answer.problem.years().saturating_sub(1);
    let year = answer.path.kept().get(kept).copied().unwrap_or(0).min(last);
    vital(answer, region, year).map_or(0.0, |vital| vital.births.iter().sum())
}
