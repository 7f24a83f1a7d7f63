//! A question made ready: people and rates by single year of age, one set of rates a year, regions that share rates together.

use crate::lifetable::{fives, lives, ratios, single};
use crate::question::{Band, Bands, FEMALE, FiveYear, Flaw, MALE, Question, Sexed, Timing, all_in_fives, in_fives};
use crate::split::{Ends, amounts, at};
use std::collections::HashMap;
use std::sync::Arc;

/// Figures of both sexes by single year of age, the last open: male, female.
pub type Cells = [Vec<f64>; 2];

/// The rates of one year, by single year of age.
#[derive(Debug, Clone, PartialEq)]
pub struct Year {
    /// Survival ratios by the age reached; the first is from birth, the last of all who come to the open age or were in it.
    pub survive: Cells,
    /// Of those who die before the next 1 January: the share that dies before the birthday.
    pub share: Cells,
    /// Births a woman by her age.
    pub births: Vec<f64>,
    /// Boys among those born, from 0 to 1.
    pub boys: f64,
    /// The same in fives, where every table is given in fives.
    pub five: Option<Five>,
}

/// The rates of a year in five-year ages.
#[derive(Debug, Clone, PartialEq)]
pub struct Five {
    /// Survival ratios over five years by the age group reached.
    pub survive: Cells,
    /// Births a woman a year by her age group.
    pub births: Vec<f64>,
}

/// What a scenario or a draw does to a year's rates.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Turn {
    /// Multiplies births a woman.
    pub fertility: f64,
    /// Then added to the children of a woman's life.
    pub children: f64,
    /// Multiplies death rates.
    pub mortality: f64,
    /// Multiplies net migrants.
    pub migration: f64,
}

impl Default for Turn {
    fn default() -> Self {
        Self { fertility: 1.0, children: 0.0, mortality: 1.0, migration: 1.0 }
    }
}

impl Turn {
    fn key(&self) -> [u64; 4] {
        [self.fertility, self.children, self.mortality, self.migration].map(f64::to_bits)
    }
}

/// Ready to be solved.
#[derive(Debug, Clone)]
pub struct Problem {
    /// Ids of the regions.
    pub ids: Vec<String>,
    /// Year of the first 1 January.
    pub start: i32,
    /// Year of the last.
    pub until: i32,
    /// The open age.
    pub open: usize,
    /// When migrants come and go.
    pub timing: Timing,
    /// Whether every fifth January is that of the five-year engine.
    pub benchmarked: bool,
    /// People of each region at the start.
    pub base: Vec<Cells>,
    /// Sets of rates; each has one a year.
    pub sets: Vec<Vec<Arc<Year>>>,
    /// Which set a region takes.
    pub set_of: Vec<usize>,
    /// Tables of net migrants.
    pub nets: Vec<Cells>,
    /// Which table of them a region takes in each year.
    pub net_of: Vec<Vec<Option<u32>>>,
}

impl Problem {
    /// Makes a question ready, with a turn for each year (the last one holds on; none leaves the rates as they are).
    ///
    /// # Errors
    /// Everything that is wrong with the question.
    pub fn new(question: &Question, turns: &[Turn]) -> Result<Self, Vec<Flaw>> {
        let flaws = question.flaws();
        if flaws.is_empty() { Ok(Self::sound(question, turns)) } else { Err(flaws) }
    }

    /// The same for a question without flaws.
    pub(crate) fn sound(question: &Question, turns: &[Turn]) -> Self {
        let open = question.open().unwrap_or(1) as usize;
        let benchmarked = benchmarked(question, open);
        let years = usize::try_from(question.until - question.start).unwrap_or(0);
        let span = if benchmarked { years.div_ceil(5) * 5 } else { years };
        let turn = |year: usize| turns.get(year).or(turns.last()).copied().unwrap_or_default();
        let mut problem = Self {
            ids: question.regions.iter().map(|region| region.id.clone()).collect(),
            start: question.start,
            until: question.until,
            open,
            timing: if benchmarked { Timing::End } else { question.timing },
            benchmarked,
            base: question.regions.iter().map(|region| people(&region.people)).collect(),
            sets: Vec::new(),
            set_of: Vec::with_capacity(question.regions.len()),
            nets: Vec::new(),
            net_of: Vec::with_capacity(question.regions.len()),
        };
        let mut common = None;
        let mut known = HashMap::new();
        for region in 0..question.regions.len() {
            let own = question.fertility.own.contains_key(&region)
                || question.mortality.own.contains_key(&region)
                || question.survival.own.contains_key(&region)
                || question.sex_ratio.own.contains_key(&region);
            let set = match common.filter(|_| !own) {
                Some(set) => set,
                None => {
                    problem.sets.push(yearly(question, region, open, span, benchmarked, &turn));
                    problem.sets.len() - 1
                }
            };
            if !own {
                common = Some(set);
            }
            problem.set_of.push(set);
            let nets = (0..span).map(|year| problem.net(question, region, year, turn(year).migration, &mut known));
            let nets: Vec<Option<u32>> = nets.collect();
            problem.net_of.push(nets);
        }
        problem
    }

    /// How many years are projected.
    #[must_use]
    pub fn years(&self) -> usize {
        usize::try_from(self.until - self.start).unwrap_or(0)
    }

    /// Net migrants of a region in a year, counted from the start.
    #[must_use]
    pub fn moves(&self, region: usize, year: usize) -> Option<&Cells> {
        let table = (*self.net_of.get(region)?.get(year)?)?;
        self.nets.get(table as usize)
    }

    /// The rates of a region in a year, counted from the start.
    #[must_use]
    pub fn rates(&self, region: usize, year: usize) -> Option<&Arc<Year>> {
        self.sets.get(*self.set_of.get(region)?)?.get(year)
    }

    /// The table of net migrants of a region and year, made when it is new.
    fn net(
        &mut self,
        question: &Question,
        region: usize,
        year: usize,
        factor: f64,
        known: &mut HashMap<(Option<usize>, i32, u64, usize), u32>,
    ) -> Option<u32> {
        let calendar = question.start.saturating_add(year as i32);
        let (since, sexes) = question.migration.at(region, calendar)?;
        let whose = question.migration.own.contains_key(&region).then_some(region);
        let block = if self.benchmarked { year % 5 } else { 0 };
        if let Some(table) = known.get(&(whose, since, factor.to_bits(), block)) {
            return Some(*table);
        }
        let open = self.open;
        let cells = [MALE, FEMALE].map(|sex| {
            let bands: &[_] = sexes.get(sex).map_or(&[], Vec::as_slice);
            let mut cells = if self.benchmarked { along(bands, block, open) } else { evenly(bands, open) };
            cells.iter_mut().for_each(|net| *net *= factor);
            cells
        });
        let table = u32::try_from(self.nets.len()).ok()?;
        self.nets.push(cells);
        known.insert((whose, since, factor.to_bits(), block), table);
        Some(table)
    }
}

impl Question {
    /// Whether its tables are all in fives, so that the five-year engine is met.
    #[must_use]
    pub fn in_fives(&self) -> bool {
        benchmarked(self, self.open().unwrap_or(0) as usize)
    }
}

/// Whether people, births and deaths are all given in fives, and the five-year engine is to be met.
fn benchmarked(question: &Question, open: usize) -> bool {
    let fives = |bands: &Bands| bands.iter().all(|band| band.width == 5 && band.age.is_multiple_of(5));
    question.five_year == FiveYear::Benchmarked
        && open >= 10
        && open.is_multiple_of(5)
        && question.survival.is_empty()
        && !question.fertility.is_empty()
        && question.fertility.all().all(|(_, _, bands)| fives(bands))
        && all_in_fives(&question.mortality)
        && question.regions.iter().all(|region| region.people.iter().all(|bands| in_fives(bands)))
}

/// People by single year.
fn people(sexes: &Sexed) -> Cells {
    [MALE, FEMALE].map(|sex| {
        let bands: &[_] = sexes.get(sex).map_or(&[], Vec::as_slice);
        let Some((last, closed)) = bands.split_last() else { return Vec::new() };
        let mut cells = if single(bands) {
            closed.iter().map(|band| band.value).collect()
        } else {
            let borders: Vec<f64> = bands.iter().map(|band| f64::from(band.age)).collect();
            let values: Vec<f64> = closed.iter().map(|band| band.value).collect();
            amounts(&borders, &values, Ends::Free)
        };
        cells.push(last.value);
        cells
    })
}

/// Since when the tables of a year hold, and its turn.
type Since = ([Option<i32>; 4], [u64; 4]);

/// The rates of a region in every year; years with the same tables share them.
fn yearly(
    question: &Question,
    region: usize,
    open: usize,
    span: usize,
    five: bool,
    turn: &impl Fn(usize) -> Turn,
) -> Vec<Arc<Year>> {
    let mut known: HashMap<Since, Arc<Year>> = HashMap::new();
    (0..span)
        .map(|place| {
            let (year, turn) = (question.start.saturating_add(place as i32), turn(place));
            let fertility = question.fertility.at(region, year);
            let mortality = question.mortality.at(region, year);
            let survival = question.survival.at(region, year);
            let ratio = question.sex_ratio.at(region, year);
            let since =
                [fertility.map(|it| it.0), mortality.map(|it| it.0), survival.map(|it| it.0), ratio.map(|it| it.0)];
            let make = || {
                let given = Given {
                    fertility: fertility.map(|it| it.1),
                    mortality: mortality.map(|it| it.1),
                    survival: survival.map(|it| it.1),
                    ratio: ratio.map_or(1.0, |it| *it.1),
                };
                Arc::new(given.year(turn, open, five))
            };
            Arc::clone(known.entry((since, turn.key())).or_insert_with(make))
        })
        .collect()
}

/// What is given for one year.
struct Given<'a> {
    fertility: Option<&'a Bands>,
    mortality: Option<&'a Sexed>,
    survival: Option<&'a Sexed>,
    ratio: f64,
}

impl Given<'_> {
    fn year(&self, turn: Turn, open: usize, five: bool) -> Year {
        let bands =
            |sexes: Option<&'_ Sexed>, sex: usize| sexes.and_then(|it| it.get(sex)).cloned().unwrap_or_default();
        let table = [MALE, FEMALE]
            .map(|sex| self.mortality.map(|_| lives(&bands(self.mortality, sex), turn.mortality, sex, open)));
        let survive = [MALE, FEMALE].map(|sex| match (self.survival, &table) {
            (Some(_), _) => bands(self.survival, sex).iter().map(|band| powered(band.value, turn.mortality)).collect(),
            (None, table) => table.get(sex).and_then(Option::as_ref).map_or_else(Vec::new, |it| ratios(&it.lived, 1.0)),
        });
        let share = table.map(|table| table.map_or_else(|| halves(open), |it| it.share));
        let none = Bands::new();
        let rates = self.fertility.unwrap_or(&none);
        let scale = scale(rates, turn);
        let five = five.then(|| Five {
            survive: [MALE, FEMALE]
                .map(|sex| ratios(&fives(&bands(self.mortality, sex), turn.mortality, sex, open).lived, 5.0)),
            births: grouped(rates, scale, open),
        });
        Year { survive, share, births: bearing(rates, scale, open), boys: self.ratio / (1.0 + self.ratio), five }
    }
}

/// A survival ratio when the hazard is multiplied.
fn powered(ratio: f64, factor: f64) -> f64 {
    if factor == 1.0 { ratio } else { ratio.powf(factor) }
}

/// Where no death rates are given: half of those who die in a year do so before the birthday.
fn halves(open: usize) -> Vec<f64> {
    (0..=open).map(|age| if age == open { 1.0 } else { 0.5 }).collect()
}

/// What births a woman are multiplied with.
fn scale(bands: &Bands, turn: Turn) -> f64 {
    let children: f64 = bands.iter().map(|band| band.value * f64::from(band.width.max(1))).sum();
    if turn.children == 0.0 || children <= 0.0 {
        return turn.fertility.max(0.0);
    }
    ((children * turn.fertility + turn.children) / children).max(0.0)
}

/// Births a woman by single year: broad ages that touch are split by one curve that is level at its ends.
fn bearing(bands: &Bands, scale: f64, open: usize) -> Vec<f64> {
    let mut cells = vec![0.0; open + 1];
    let mut run: Vec<Band> = Vec::new();
    let mut put = |run: &mut Vec<Band>| {
        let first = run.first().map_or(0, |band| band.age as usize);
        let split = if single(run) {
            run.iter().map(|band| band.value).collect()
        } else {
            let mut borders: Vec<f64> = run.iter().map(|band| f64::from(band.age)).collect();
            borders.extend(run.last().map(|band| f64::from(band.end())));
            let children: Vec<f64> = run.iter().map(|band| band.value * f64::from(band.width)).collect();
            amounts(&borders, &children, Ends::Level)
        };
        for (cell, rate) in cells.iter_mut().take(open).skip(first).zip(split) {
            *cell = rate * scale;
        }
        run.clear();
    };
    for band in bands {
        if run.last().is_some_and(|last| last.end() != band.age) {
            put(&mut run);
        }
        run.push(*band);
    }
    put(&mut run);
    cells
}

/// Births a woman a year by five-year age group.
fn grouped(bands: &Bands, scale: f64, open: usize) -> Vec<f64> {
    let mut groups = vec![0.0; open / 5 + 1];
    for band in bands {
        groups.get_mut(band.age as usize / 5).into_iter().for_each(|group| *group = band.value * scale);
    }
    groups
}

/// Net migrants by single year, broad ages in equal parts.
fn evenly(bands: &[Band], open: usize) -> Vec<f64> {
    let mut cells = vec![0.0; open + 1];
    for band in bands {
        let width = if band.age as usize >= open { 1 } else { band.width.max(1) as usize };
        let part = band.value / width as f64;
        cells.iter_mut().skip(band.age as usize).take(width).for_each(|cell| *cell += part);
    }
    cells
}

/// Net migrants in fives by single year in a year of a five-year block, where a group is of those who will be in it when the block
/// ends: in the block's first year they are up to four years younger.
fn along(bands: &[Band], block: usize, open: usize) -> Vec<f64> {
    let mut cells = vec![0.0; open + 1];
    for band in bands {
        let age = band.age as usize;
        if band.width != 5 || age >= open {
            let part = band.value / f64::from(band.width.max(1));
            let width = if age >= open { 1 } else { band.width.max(1) as usize };
            let part = if age >= open { band.value } else { part };
            cells.iter_mut().skip(age).take(width).for_each(|cell| *cell += part);
            continue;
        }
        // Born in the block: as many ages as it has had years.
        let (from, width) = if age == 0 { (0, block + 1) } else { (age + block - 4, 5) };
        for place in from..from + width {
            let part = band.value / width as f64;
            cells.get_mut(place.min(open)).into_iter().for_each(|cell| *cell += part);
        }
    }
    cells
}

/// A figure of a sex and age.
#[inline]
#[must_use]
pub fn cell(cells: &Cells, sex: usize, age: usize) -> f64 {
    cells.get(sex).map_or(0.0, |row| at(row, age))
}
