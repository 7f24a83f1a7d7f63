//! Reads an instrument from the text of its file, and says everything that is wrong with what it says.

use std::collections::{BTreeMap, BTreeSet};

use vocabulary::Violation;

use crate::diagnosis::Diagnosis;
use crate::instrument::{Change, Condition, Ground, Instrument, Item, Part};

/// The highest score an item may have: keeps sums small, whatever a file says.
const HIGHEST_SCORE: u16 = 1_000;
/// The most items an instrument may have.
const MOST_ITEMS: usize = 500;

/// Reads an instrument.
///
/// # Errors
/// `scoring.syntax` at `line:column`, or everything that `faults` finds.
pub fn read(text: &str) -> Result<Instrument, Vec<Violation>> {
    let instrument: Instrument = toml::from_str(text).map_err(|error| {
        let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        vec![Violation::new(
            "scoring.syntax",
            format!("{line}:{column}"),
            error.message(),
            "改正这一处；写法见 packs/FORMAT.md",
        )]
    })?;
    let faults = faults(&instrument);
    if faults.is_empty() { Ok(instrument) } else { Err(faults) }
}

/// Everything in an instrument that contradicts itself. Places are steps from the top of the file, e.g. `part.0.item.3.scores`.
#[must_use]
pub fn faults(instrument: &Instrument) -> Vec<Violation> {
    let mut reader = Reader { instrument, faults: Vec::new() };
    reader.keys();
    for (index, part) in instrument.parts.iter().enumerate() {
        reader.part(index, part);
    }
    reader.levels();
    reader.combination();
    reader.decisions();
    for (index, change) in instrument.changes.iter().enumerate() {
        reader.change(index, change);
    }
    reader.faults
}

struct Reader<'a> {
    instrument: &'a Instrument,
    faults: Vec<Violation>,
}

impl Reader<'_> {
    fn report(&mut self, code: &str, place: String, message: String, remedy: &str) {
        self.faults.push(Violation::new(code, place, message, remedy));
    }

    fn keys(&mut self) {
        let mut seen = BTreeSet::new();
        for (part_index, part) in self.instrument.parts.iter().enumerate() {
            let items = part.items.iter().enumerate();
            let items = items.map(|(index, item)| (format!("part.{part_index}.item.{index}.key"), &item.key));
            for (place, key) in std::iter::once((format!("part.{part_index}.key"), &part.key)).chain(items) {
                if !seen.insert(key) {
                    self.report("scoring.twice", place, format!("键“{key}”写了两次"), "给其中一个另起一个键");
                }
            }
        }
        if self.instrument.items().count() > MOST_ITEMS {
            self.report("scoring.items", "part".to_owned(), format!("项目超过 {MOST_ITEMS} 个"), "拆成几个量表");
        }
        if self.instrument.parts.is_empty() {
            self.report("scoring.empty", "part".to_owned(), "没有一个部分".to_owned(), "写上 [[part]]");
        }
        if self.instrument.levels.is_empty() {
            self.report("scoring.empty", "level".to_owned(), "没有一个等级".to_owned(), "写上 [[level]]");
        }
        let (from, to) = (self.instrument.in_force_from, self.instrument.in_force_to);
        if to.is_some_and(|to| to < from) {
            let message = "失效日早于生效日".to_owned();
            self.report("scoring.upside_down", "in_force_to".to_owned(), message, "核对两个日期");
        }
    }

    fn part(&mut self, index: usize, part: &Part) {
        let place = format!("part.{index}");
        for (at, item) in part.items.iter().enumerate() {
            self.item(&format!("{place}.item.{at}"), item);
        }
        if part.items.is_empty() {
            self.report("scoring.empty", place.clone(), format!("{} 没有项目", part.label), "写上 [[part.item]]");
        }
        let best: u32 =
            part.items.iter().filter_map(|item| item.scores.iter().max()).map(|best| u32::from(*best)).sum();
        if let Some(max) = part.max
            && u32::from(max) != best
        {
            let message = format!("写的满分 {max}，各项最高分之和却是 {best}");
            self.report("scoring.max", format!("{place}.max"), message, "核对满分和各项分值");
        }
        let grades = self.instrument.grades.len();
        let named = part.bands.iter().map(|band| band.grade).chain(part.rules.iter().map(|rule| rule.grade));
        if let Some(grade) = named.into_iter().find(|grade| usize::from(*grade) >= grades) {
            let message = format!("分级 {grade} 没有名称");
            self.report("scoring.grade", place.clone(), message, "在 grades 里给每一级起名，从 0 级起");
        }
        if !part.bands.is_empty() {
            let bands: Vec<_> = part.bands.iter().map(|band| (band.from, band.to)).collect();
            self.bands(&format!("{place}.bands"), &part.items.iter().collect::<Vec<_>>(), &bands);
        }
        let scores = part.items.iter().map(|item| (item.key.as_str(), item.scores.as_slice())).collect();
        for (at, rule) in part.rules.iter().enumerate() {
            self.conditions(&format!("{place}.rule.{at}"), &rule.when, &scores);
        }
        if !self.instrument.decides_by_total() && part.bands.is_empty() && part.rules.is_empty() {
            let message = format!("等级由各部分的分级定，{} 却没有分级", part.label);
            self.report("scoring.grade", place, message, "写上 bands 或 [[part.rule]]");
        }
    }

    fn item(&mut self, place: &str, item: &Item) {
        if let Some(score) = item.scores.iter().find(|score| **score > HIGHEST_SCORE) {
            let message = format!("{} 的分值 {score} 太大", item.label);
            self.report("scoring.scores", format!("{place}.scores"), message, "分值不超过 1000");
        }
        let different: BTreeSet<_> = item.scores.iter().collect();
        if item.scores.is_empty() || different.len() < item.scores.len() {
            let message = format!("{} 的分值为空或重复", item.label);
            self.report("scoring.scores", format!("{place}.scores"), message, "每个分值写一次");
        }
        let shared = item.anchors_of.as_deref();
        if let Some(name) = shared.filter(|name| !self.instrument.anchors.contains_key(*name)) {
            let message = format!("没有叫“{name}”的共用说明");
            self.report("scoring.dangling", format!("{place}.anchors_of"), message, "写进 [anchors]");
            return;
        }
        let anchors = self.instrument.anchors(item);
        if !anchors.is_empty() && anchors.len() != item.scores.len() {
            let message = format!("{} 有 {} 个分值，说明却有 {} 条", item.label, item.scores.len(), anchors.len());
            self.report("scoring.anchors", place.to_owned(), message, "每个分值写一条说明，顺序相同");
        }
    }

    /// Every sum that can occur lies in exactly one band.
    fn bands(&mut self, place: &str, items: &[&Item], bands: &[(u16, u16)]) {
        let sums = sums(items);
        let within =
            |sum: u32| bands.iter().filter(|(from, to)| (u32::from(*from)..=u32::from(*to)).contains(&sum)).count();
        if let Some(sum) = sums.iter().find(|sum| within(**sum) != 1) {
            let what = if within(*sum) == 0 { "不在任何一段里" } else { "同时在几段里" };
            let message = format!("得分 {sum} {what}");
            self.report("scoring.bands", place.to_owned(), message, "各段首尾相接，不重不漏");
        }
    }

    fn levels(&mut self) {
        let levels = &self.instrument.levels;
        for (index, level) in levels.iter().enumerate() {
            if usize::from(level.level) != index {
                let message = format!("第 {} 个等级写作 {}", index + 1, level.level);
                self.report("scoring.level", format!("level.{index}.level"), message, "等级从 0 起依次写，越大越重");
            }
        }
        let bands: Vec<_> = levels.iter().filter_map(|level| level.from.zip(level.to)).collect();
        if self.instrument.decides_by_total() {
            if bands.len() < levels.len() {
                let message = "等级由总分定，却有等级没有写分数段".to_owned();
                self.report("scoring.bands", "level".to_owned(), message, "每个等级写上 from 和 to");
            } else if !levels.is_empty() {
                let all: Vec<&Item> = self.instrument.items().collect();
                self.bands("level", &all, &bands);
            }
        } else if !bands.is_empty() {
            let message = "等级由各部分的分级定，不由总分定".to_owned();
            self.report(
                "scoring.conflict",
                "level".to_owned(),
                message,
                "删去 from 和 to，或删去 combination、decision",
            );
        }
        if self.instrument.combination.is_some() && !self.instrument.decisions.is_empty() {
            let message = "combination 和 decision 只能有一个".to_owned();
            self.report("scoring.conflict", "combination".to_owned(), message, "删去一个");
        }
    }

    fn level_known(&mut self, place: String, level: u8) {
        if !self.instrument.levels.iter().any(|one| one.level == level) {
            self.report("scoring.dangling", place, format!("没有等级 {level}"), "写 [[level]] 里有的等级");
        }
    }

    fn combination(&mut self) {
        let Some(table) = &self.instrument.combination else { return };
        for key in std::iter::once(&table.row).chain(&table.worst_of) {
            if !self.instrument.parts.iter().any(|part| part.key == *key) {
                let message = format!("没有部分“{key}”");
                self.report("scoring.dangling", "combination".to_owned(), message, "写 [[part]] 里有的键");
            }
        }
        let size = self.instrument.grades.len();
        if table.levels.len() != size || table.levels.iter().any(|row| row.len() != size) {
            let message = format!("分级有 {size} 级，组合表就应有 {size} 行 {size} 列");
            self.report("scoring.table", "combination.levels".to_owned(), message, "补齐组合表");
        }
        for level in table.levels.iter().flatten() {
            self.level_known("combination.levels".to_owned(), *level);
        }
    }

    fn decisions(&mut self) {
        let grades: Vec<u16> = (0..).take(self.instrument.grades.len()).collect();
        let parts = self.instrument.parts.iter().map(|part| (part.key.as_str(), grades.as_slice())).collect();
        for (index, decision) in self.instrument.decisions.iter().enumerate() {
            self.conditions(&format!("decision.{index}"), &decision.when, &parts);
            self.level_known(format!("decision.{index}.level"), decision.level);
        }
    }

    fn conditions(&mut self, place: &str, conditions: &[Condition], known: &BTreeMap<&str, &[u16]>) {
        for (index, condition) in conditions.iter().enumerate() {
            let place = format!("{place}.when.{index}");
            for key in &condition.of {
                let Some(values) = known.get(key.as_str()) else {
                    self.report("scoring.dangling", place.clone(), format!("没有“{key}”"), "写本表里有的键");
                    continue;
                };
                if let Some(value) = condition.within.iter().find(|value| !values.contains(value)) {
                    self.report("scoring.scores", place.clone(), format!("“{key}”不会是 {value}"), "核对分值");
                }
            }
            let most = condition.at_most.unwrap_or(condition.of.len());
            if condition.at_least.unwrap_or(1) > most || condition.of.is_empty() {
                let message = "这个条件永远不成立".to_owned();
                self.report("scoring.never", place, message, "核对 of、at_least、at_most");
            }
        }
    }

    fn change(&mut self, index: usize, change: &Change) {
        let place = format!("change.{index}");
        if change.to.is_some() == change.raise.is_some() {
            let message = "to 和 raise 应写且只写一个".to_owned();
            self.report("scoring.conflict", place.clone(), message, "直接定级写 to，加重几级写 raise");
        }
        if let Some(level) = change.to {
            self.level_known(format!("{place}.to"), level);
        }
        if change.ground == Ground::Diagnosis && change.codes.is_empty() {
            let message = "没有写哪些诊断".to_owned();
            self.report("scoring.empty", place.clone(), message, "写 codes = [\"F00-F03\"]");
        }
        if change.ground == Ground::Events30d && change.at_least.is_none() {
            let message = "没有写几次".to_owned();
            self.report("scoring.empty", place.clone(), message, "写 at_least = 2");
        }
        for code in change.codes.iter().filter(|code| !Diagnosis::read(code).is_code()) {
            let message = format!("“{code}”不是 ICD-10 的编码或范围");
            self.report("scoring.diagnosis", format!("{place}.codes"), message, "写作 F00 或 F00-F03");
        }
        for answered in change.item.iter().chain(&change.agrees_with) {
            let item = self.instrument.items().find(|item| item.key == answered.key);
            let fits = item.is_some_and(|item| answered.scores.iter().all(|score| item.scores.contains(score)));
            if !fits {
                let message = format!("没有“{}”，或它没有这些分值", answered.key);
                self.report("scoring.dangling", place.clone(), message, "写本表里有的项目和分值");
            }
        }
    }
}

/// Every sum that scores of items can have; none when the scores are beyond what is read.
fn sums(items: &[&Item]) -> BTreeSet<u32> {
    let mut sums = BTreeSet::from([0]);
    if items.len() > MOST_ITEMS || items.iter().any(|item| item.scores.iter().any(|score| *score > HIGHEST_SCORE)) {
        return BTreeSet::new();
    }
    for item in items {
        let with = |sum: &u32| item.scores.iter().map(|score| sum + u32::from(*score)).collect::<Vec<_>>();
        sums = sums.iter().flat_map(with).collect();
    }
    sums
}
