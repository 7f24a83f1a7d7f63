//! People by sex and age as the census counted them, brought down to a number of people and to towns.

use crate::spread::{Splitter, apportion, whole};
use pack_reader::model::Facts;
use std::collections::{BTreeMap, BTreeSet};
use vocabulary::{RegionPath, Violation};

/// People of one sex in one span of ages.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Group {
    pub male: bool,
    /// Youngest age in completed years.
    pub from: u32,
    /// Oldest age; `None` for an open end.
    pub to: Option<u32>,
    pub people: f64,
}

/// One area that was counted by sex and age, and the towns that lie in it.
#[derive(Debug, Clone)]
pub(crate) struct Area {
    pub code: String,
    pub groups: Vec<Group>,
    /// Numbers of towns and the weight of each.
    pub towns: Vec<(usize, f64)>,
}

/// What the census says of a place.
#[derive(Debug, Clone, Default)]
pub(crate) struct Census {
    pub areas: Vec<Area>,
}

/// People of one sex and span of ages in one town.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cell {
    pub group: Group,
    pub people: usize,
}

/// Areas that hold other counted areas: their people are counted there, and towns outside those have none of their own.
fn coarse(areas: &[Area], paths: &[&RegionPath]) -> BTreeSet<String> {
    let mut coarse = BTreeSet::new();
    for path in paths {
        let mut counted: Vec<&str> = path.codes().filter(|code| areas.iter().any(|area| area.code == *code)).collect();
        counted.pop();
        coarse.extend(counted.into_iter().map(str::to_owned));
    }
    coarse
}

fn is_male(word: &str) -> bool {
    matches!(word, "男" | "male")
}

impl Census {
    /// Reads `facts/population.tsv`. Only the finest areas with ages count; towns with a stated total are weighted by it.
    ///
    /// # Errors
    /// When there is no table or no area with ages.
    pub fn read(
        facts: Option<&Facts>,
        towns: &[&str],
        paths: &[&RegionPath],
        crowds: &[f64],
    ) -> Result<Self, Vec<Violation>> {
        let lacking = |message: &str| {
            let remedy = "请在 facts/population.tsv 按县区写出分性别、年龄组的人口（measure = resident）";
            vec![Violation::new("synthetic.population", "facts/population.tsv", message, remedy)]
        };
        let Some(facts) = facts else { return Err(lacking("没有人口数据，无法生成演示人口")) };
        let (mut groups, mut totals) = (BTreeMap::<&str, Vec<Group>>::new(), BTreeMap::new());
        for row in &facts.rows {
            let value = facts.cell(row, "value").and_then(|cell| cell.parse::<f64>().ok());
            let (Some(code), Some(people)) = (facts.cell(row, "region"), value) else { continue };
            let age = |column| facts.cell(row, column).and_then(|cell| cell.parse().ok());
            match (facts.cell(row, "measure"), facts.cell(row, "sex"), age("age_from")) {
                (Some("population" | "resident"), Some(sex), Some(from)) => {
                    let group = Group { male: is_male(sex), from, to: age("age_to"), people };
                    groups.entry(code).or_default().push(group);
                }
                (Some("population" | "resident"), None, None) => drop(totals.insert(code, people)),
                _ => {}
            }
        }
        let mut areas: Vec<Area> = groups
            .into_iter()
            .map(|(code, groups)| Area { code: code.to_owned(), groups, towns: Vec::new() })
            .collect();
        let coarse = coarse(&areas, paths);
        areas.retain(|area| !coarse.contains(area.code.as_str()));
        for (number, path) in paths.iter().enumerate() {
            // The last code on the path that was counted by age is the finest area of the town.
            let counted = path.codes().filter(|code| areas.iter().any(|area| area.code == *code));
            let finest = counted.last().map(str::to_owned);
            let stated = towns.get(number).and_then(|code| totals.get(code)).copied();
            let crowd = crowds.get(number).copied().unwrap_or(1.0);
            if let Some(area) = areas.iter_mut().find(|area| Some(&area.code) == finest.as_ref()) {
                area.towns.push((number, stated.unwrap_or(crowd)));
            }
        }
        areas.retain(|area| !area.towns.is_empty());
        if areas.is_empty() { Err(lacking("没有分性别、年龄组的人口数据")) } else { Ok(Self { areas }) }
    }

    /// Everyone counted.
    pub fn people(&self) -> usize {
        whole(self.areas.iter().flat_map(|area| &area.groups).map(|group| group.people).sum())
    }

    /// `people` of them by town, sex and age: the areas by their people, the ages as counted, the towns by their weights.
    pub fn cells(&self, people: usize, towns: usize) -> Vec<Vec<Cell>> {
        let mut cells = vec![Vec::new(); towns];
        let of_area: Vec<f64> =
            self.areas.iter().map(|area| area.groups.iter().map(|group| group.people).sum()).collect();
        for (area, people) in self.areas.iter().zip(apportion(people, &of_area)) {
            let ages: Vec<f64> = area.groups.iter().map(|group| group.people).collect();
            let weights: Vec<f64> = area.towns.iter().map(|(_, weight)| *weight).collect();
            let mut splitter = Splitter::new(&weights);
            for (group, people) in area.groups.iter().zip(apportion(people, &ages)) {
                for ((town, _), people) in area.towns.iter().zip(splitter.split(people)) {
                    if let Some(slot) = cells.get_mut(*town).filter(|_| people > 0) {
                        slot.push(Cell { group: *group, people });
                    }
                }
            }
        }
        cells
    }
}
