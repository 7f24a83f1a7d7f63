//! For whom a change counts: records, cases, accounts and progress that stand on what goes or is described otherwise.

use super::registry;
use crate::house::House;
use identity::{Account, AccountFilter, Refusal, system};
use monitoring::store::latest_progress;
use pack_reader::Layers;
use pack_reader::changes::{Change, Element, How};
use records::{Count, Query, Test};
use std::collections::BTreeSet;
use vocabulary::{RegionPath, Register};

/// What a change touches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Touched {
    /// The kind of the changed element.
    pub element: Element,
    /// Its key.
    pub key: String,
    /// Its name.
    pub name: String,
    /// What happens to whom, in a sentence that ends with the count.
    pub what: String,
    /// How many.
    pub count: Count,
}

/// What stands under labels of fields that decide whether a value still fits.
const FITS: [&str; 6] = ["类型", "选项", "最小", "最大", "小数位", "指向"];

struct Looking<'a> {
    house: &'a House,
    place: &'a str,
    scope: RegionPath,
    old: Layers<'a>,
    new: Layers<'a>,
    found: Vec<Touched>,
}

pub(super) async fn touched(
    house: &House,
    place: &str,
    old: Option<Layers<'_>>,
    new: Layers<'_>,
    changes: &[Change],
) -> Result<Vec<Touched>, Refusal> {
    let Some(old) = old else { return Ok(Vec::new()) };
    let scope = RegionPath::stored(&format!("/{place}/"));
    let mut looking = Looking { house, place, scope, old, new, found: Vec::new() };
    looking.fields(changes).await?;
    looking.cases(changes).await?;
    looking.regions(changes).await?;
    looking.accounts(changes).await?;
    looking.progress(changes).await?;
    Ok(looking.found)
}

impl Looking<'_> {
    fn push(&mut self, change: &Change, what: impl Into<String>, count: Count) {
        if count != Count::Exactly(0) {
            self.found.push(Touched {
                element: change.element,
                key: change.key.clone(),
                name: change.name.clone(),
                what: what.into(),
                count,
            });
        }
    }

    async fn count(&self, register: &Register, field: Option<(&str, Test)>) -> Result<Count, Refusal> {
        let mut query = Query::within(&self.scope);
        if let Some((field, test)) = field {
            query = query.filter(field, test);
        }
        Ok(records::count(&self.house.db, register, &query).await?)
    }

    /// Registers that go with their rows, and fields that go, must be filled in, or no longer fit what stands in them.
    async fn fields(&mut self, changes: &[Change]) -> Result<(), Refusal> {
        for change in changes {
            let (register, field) = change.parts();
            let (Some(was), how) = (self.old.register(register), change.how) else { continue };
            let will = self.new.register(register);
            match (change.element, how) {
                (Element::Register, How::Removed) => {
                    let count = self.count(was, None).await?;
                    self.push(change, "登记簿不再列出，记录留在库里，数", count);
                }
                (Element::Field, How::Removed) if will.is_some() => {
                    let count = self.count(was, Some((field, Test::Missing(false)))).await?;
                    self.push(change, "这一栏不再显示，已填的内容留在库里，记录数", count);
                }
                (Element::Field, How::Added)
                    if will.and_then(|one| one.field(field)).is_some_and(|one| one.required) =>
                {
                    let count = self.count(was, None).await?;
                    self.push(change, "新增的必填栏，下次修改时要补填的记录数", count);
                }
                (Element::Field, How::Changed) => self.refitted(change, was, field).await?,
                _ => {}
            }
        }
        Ok(())
    }

    async fn refitted(&mut self, change: &Change, was: &Register, field: &str) -> Result<(), Refusal> {
        let will = self.new.register(&was.key).and_then(|register| register.field(field)).cloned();
        let (Some(before), Some(after)) = (was.field(field).cloned(), will) else { return Ok(()) };
        if after.required && !before.required {
            let count = self.count(was, Some((field, Test::Missing(true)))).await?;
            self.push(change, "改为必填，现在没有填的记录数", count);
        }
        let gone: Vec<String> = before
            .choices
            .iter()
            .map(|choice| choice.value.clone())
            .filter(|value| after.choices.iter().all(|choice| choice.value != *value))
            .collect();
        if !gone.is_empty() && !after.choices.is_empty() {
            let told = format!("选项“{}”取消，现在是这些选项的记录数", gone.join("、"));
            let count = self.count(was, Some((field, Test::OneOf(gone)))).await?;
            self.push(change, told, count);
        }
        let refit = change.said.iter().any(|said| FITS.contains(&said.label.as_str()) && said.label != "选项");
        if refit || change.said("敏感程度").is_some() {
            let count = self.count(was, Some((field, Test::Missing(false)))).await?;
            self.push(change, "已填这一栏、请核对是否仍合适的记录数", count);
        }
        Ok(())
    }

    /// Open cases whose kind or state goes.
    async fn cases(&mut self, changes: &[Change]) -> Result<(), Refusal> {
        let gone: Vec<&Change> = changes
            .iter()
            .filter(|one| one.how == How::Removed && matches!(one.element, Element::Case | Element::CaseState))
            .collect();
        if gone.is_empty() {
            return Ok(());
        }
        let open = cases::open_by_state(&self.house.db, self.place).await?;
        for change in gone {
            let (kind, state) = change.parts();
            let here = open.iter().filter(|(of, at, _)| of == kind && (state.is_empty() || at == state));
            let count = here.map(|(_, _, count)| count).sum();
            let what = if state.is_empty() {
                "还没办完、将无从继续的办件数"
            } else {
                "停在这个状态、将无从继续的办件数"
            };
            self.push(change, what, Count::Exactly(count));
        }
        Ok(())
    }

    /// Records that lie in a region that goes or comes under another.
    async fn regions(&mut self, changes: &[Change]) -> Result<(), Refusal> {
        let moved = |one: &&Change| {
            one.element == Element::Region
                && (one.how == How::Removed || one.said("上级").is_some() || one.said("撤销").is_some())
                && one.how != How::Added
        };
        let moved: Vec<&Change> = changes.iter().filter(moved).collect();
        let registry = registry(self.house, self.place, self.old)?;
        for change in moved {
            let pack = self.old.city.unwrap_or(self.old.national);
            let Some(region) = pack.region(&change.key) else { continue };
            let scope = RegionPath::stored(&region.path);
            for register in registry.all(self.place) {
                let query = Query { removed: false, ..Query::within(&scope) };
                let count = records::count(&self.house.db, &register, &query).await?;
                self.push(change, format!("要转到别的区划的“{}”记录数", register.label), count);
            }
        }
        Ok(())
    }

    /// Accounts of an office or a region that goes.
    async fn accounts(&mut self, changes: &[Change]) -> Result<(), Refusal> {
        let gone: Vec<&Change> = changes
            .iter()
            .filter(|one| one.how == How::Removed && matches!(one.element, Element::Department | Element::Region))
            .collect();
        if gone.is_empty() {
            return Ok(());
        }
        let all = self.house.identity.accounts(&system(), &AccountFilter::default()).await?;
        for change in gone {
            let here = |one: &&Account| match change.element {
                Element::Department => {
                    one.seat.place == self.place && one.seat.department.as_deref() == Some(change.key.as_str())
                }
                _ => one.seat.region.codes().last() == Some(change.key.as_str()),
            };
            let count = all.iter().filter(here).count() as u64;
            self.push(change, "要改派的账号数", Count::Exactly(count));
        }
        Ok(())
    }

    /// Tasks and projects that go although progress was reported.
    async fn progress(&mut self, changes: &[Change]) -> Result<(), Refusal> {
        for (element, kind) in [(Element::Task, "task"), (Element::Project, "project")] {
            let gone: Vec<&Change> =
                changes.iter().filter(|one| one.how == How::Removed && one.element == element).collect();
            if gone.is_empty() {
                continue;
            }
            let now = self.house.clock.now();
            let known = latest_progress(&self.house.db, self.place, kind, now).await?;
            let subjects: BTreeSet<&str> = known.iter().map(|one| one.subject.as_str()).collect();
            for change in gone {
                let reported = u64::from(subjects.contains(format!("{kind}:{}", change.key).as_str()));
                self.push(change, "已报过进展、将不再列出的数", Count::Exactly(reported));
            }
        }
        Ok(())
    }
}
