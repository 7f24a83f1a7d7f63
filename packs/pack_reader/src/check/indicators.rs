//! `indicators.toml`: baselines, targets, duties, repeats and contradictions. Expressions are checked apart.

use rust_decimal::Decimal;

use super::{Known, check_keys, check_reference, check_references, check_source, check_text};
use crate::desk::{Desk, Words, words};
use crate::model::{Attribute, Baseline, Indicator, Measure, Nature, Op, Target};
use crate::tree::Step;

pub(super) fn check(desk: &mut Desk, known: &Known<'_>) {
    let rows = &known.draft.indicators;
    check_keys(desk, rows, known.draft.manifest.as_ref().map(|manifest| manifest.prefix()), |one| &one.key);
    for (index, indicator) in &rows.items {
        let mut look = Look { desk, file: rows.file, element: rows.steps(*index) };
        look.check(indicator, known);
    }
    check_numbers(desk, known);
}

/// Two indicators with the same number in the plan.
fn check_numbers(desk: &mut Desk, known: &Known<'_>) {
    let rows = &known.draft.indicators;
    for (place, (index, indicator)) in rows.items.iter().enumerate() {
        if rows.items.iter().take(place).any(|(_, earlier)| earlier.no == indicator.no) {
            let message = format!("编号“{}”写了两次", indicator.no);
            desk.report(rows.file, &rows.key(*index, "no"), words("pack.duplicate_key", message, "按计划改正编号"));
        }
    }
}

struct Look<'d> {
    desk: &'d mut Desk,
    file: &'static str,
    element: Vec<Step>,
}

impl Look<'_> {
    fn report(&mut self, inner: &[Step], words: Words) {
        let mut steps = self.element.clone();
        steps.extend_from_slice(inner);
        self.desk.report(self.file, &steps, words);
    }

    fn check(&mut self, indicator: &Indicator, known: &Known<'_>) {
        let at = (self.file, self.element.as_slice());
        check_text(self.desk, at, "name", &indicator.name);
        check_source(self.desk, at, &indicator.source, known);
        let home = ("部门", "departments.toml");
        check_references(self.desk, at, "lead", home, &indicator.lead, &known.departments);
        check_references(self.desk, at, "participate", home, &indicator.participate, &known.departments);
        let home = ("指标", "indicators.toml");
        check_references(self.desk, at, "repeats", home, &indicator.repeats, &known.indicators);
        for (index, contradiction) in indicator.contradicts.iter().enumerate() {
            let mut steps = self.element.clone();
            steps.extend(["contradicts".into(), Step::from(index), "with".into()]);
            if let Some(with) = &contradiction.with {
                let home = ("指标、任务或项目", "本包");
                check_reference(self.desk, (self.file, &steps), home, with, &known.commitments);
            }
        }
        if let Some(baseline) = &indicator.baseline {
            self.check_baseline(baseline);
        }
        self.check_nature(indicator);
        for (index, target) in indicator.targets.iter().enumerate() {
            self.check_target(index, target, indicator);
        }
        self.check_measure(indicator, known);
    }

    fn check_baseline(&mut self, baseline: &Baseline) {
        if baseline.value.is_none() && baseline.text.is_none() && baseline.parts.is_empty() {
            let remedy = "写 value、text 或 parts；计划没有给出基期就删去整个 baseline";
            self.report(&["baseline".into()], words("pack.empty_baseline", "基期没有值", remedy));
        }
        if let Some(year) = baseline.year
            && !plausible(year)
        {
            self.year_out_of_range(&["baseline".into(), "year".into()], year);
        }
    }

    fn year_out_of_range(&mut self, inner: &[Step], year: i32) {
        self.report(inner, words("pack.out_of_range", format!("{year} 不像一个年份"), "写四位年份，如 2025"));
    }

    fn check_nature(&mut self, indicator: &Indicator) {
        let stated = !indicator.targets.is_empty();
        if indicator.nature.is_target() && !stated {
            let remedy = "加上 [[indicator.target]]；若只是现状、预测或需求，nature 写 existing、forecast 或 need";
            self.report(&[], words("pack.no_target", format!("“{}”没有目标值", indicator.name), remedy));
        }
        if matches!(indicator.nature, Nature::Forecast | Nature::Need) && !stated {
            let remedy = "把预测或测算的值写在 [[indicator.target]] 里";
            self.report(&[], words("pack.no_target", format!("“{}”没有值", indicator.name), remedy));
        }
        if indicator.nature == Nature::Existing && indicator.baseline.is_none() {
            let remedy = "现状值写在 baseline 里";
            self.report(&[], words("pack.empty_baseline", format!("“{}”是现状，却没有值", indicator.name), remedy));
        }
        if !indicator.nature.is_target() && indicator.attribute != Attribute::None {
            let message = "预测、需求和现状不是目标，不能是约束性或预期性";
            self.report(
                &["attribute".into()],
                words("pack.not_a_target", message, "改正 nature，或 attribute 写 none"),
            );
        }
    }

    fn check_target(&mut self, index: usize, target: &Target, indicator: &Indicator) {
        let inner = |key: &str| [Step::from("target"), Step::from(index), Step::from(key)];
        if let Some(year) = target.year {
            if !plausible(year) {
                self.year_out_of_range(&inner("year"), year);
            }
            let base = indicator.baseline.as_ref().and_then(|baseline| baseline.year);
            if let Some(base) = base
                && year <= base
                && indicator.nature.is_target()
            {
                let message = format!("目标年 {year} 不晚于基期年 {base}");
                self.report(&inner("year"), words("pack.upside_down", message, "改正其中一个年份"));
            }
        }
        self.check_comparison(index, target);
        let earlier = indicator.targets.iter().take(index);
        let same = |other: &Target| {
            (other.year, other.each_year, &other.scope, other.for_each)
                == (target.year, target.each_year, &target.scope, target.for_each)
        };
        if earlier.into_iter().any(same) {
            let message = "同一年、同一范围有两个目标";
            let remedy = "只留一个；计划自相矛盾时另立一条指标，用 contradicts 连起来";
            self.report(&inner("year"), words("pack.duplicate_key", message, remedy));
        }
    }

    fn check_comparison(&mut self, index: usize, target: &Target) {
        let inner = |key: &str| [Step::from("target"), Step::from(index), Step::from(key)];
        let mut missing = |key: &str, why: &str| {
            let message = format!("{why}，却没有“{key}”");
            self.report(&inner("op"), words("pack.missing_key", message, format!("加上 {key} = …")));
        };
        match target.op {
            Op::Text if target.text.is_none() => missing("text", "op = \"text\" 是文字目标"),
            Op::Text => {}
            _ if target.value.is_none() => missing("value", "这种比较要有一个数"),
            Op::Between if target.upper.is_none() => missing("upper", "op = \"between\" 是一个区间"),
            _ => {}
        }
        if target.op == Op::Equal && target.reading.is_none() {
            let message = "计划只写了一个数（=），没有说怎样读";
            let remedy = "加上 reading = \"floor\"（下限，超过不算没达到）、\"ceiling\"（上限）或 \"exact\"（恰好）";
            self.report(&inner("op"), words("pack.bare_equal", message, remedy));
        }
        if target.op != Op::Equal && target.reading.is_some() {
            let message = "reading 只用于 op = \"equal\"";
            self.report(&inner("reading"), words("pack.conflict", message, "删去 reading"));
        }
        if let (Some(value), Some(upper)) = (target.value, target.upper)
            && upper <= value
        {
            let message = format!("区间倒置：{value} 不小于 {upper}");
            self.report(&inner("upper"), words("pack.upside_down", message, "value 写下端，upper 写上端"));
        }
    }

    fn check_measure(&mut self, indicator: &Indicator, known: &Known<'_>) {
        let measure = || Step::from("measure");
        match &indicator.measure {
            Measure::Computed { scale, .. } => {
                if *scale <= Decimal::ZERO {
                    let message = format!("scale = {scale} 不能用来换算");
                    let remedy = "写正数：百分比 100，千分比 1000，以万计 0.0001";
                    self.report(&[measure(), "scale".into()], words("pack.out_of_range", message, remedy));
                }
            }
            Measure::Reported { by, evidence, .. } => {
                let mut element = self.element.clone();
                element.push(measure());
                let at = (self.file, element.as_slice());
                check_references(self.desk, at, "by", ("部门", "departments.toml"), by, &known.departments);
                check_text(self.desk, at, "evidence", evidence);
            }
            Measure::Modelled { circle, note, .. } => {
                let parent = known.around.parent.iter().flat_map(|pack| &pack.circles);
                let circles = known.draft.circles.values().chain(parent).map(|one| one.key.clone());
                let circles = circles.chain(known.draft.circles.broken.iter().cloned()).collect();
                let mut element = self.element.clone();
                element.push(measure());
                check_text(self.desk, (self.file, &element), "note", note);
                element.push("circle".into());
                let at = (self.file, element.as_slice());
                check_reference(self.desk, at, ("服务圈", "circles.toml"), circle, &circles);
            }
            Measure::NotComputable { why, .. } => {
                let mut element = self.element.clone();
                element.push(measure());
                check_text(self.desk, (self.file, &element), "why", why);
            }
        }
    }
}

fn plausible(year: i32) -> bool {
    (1990..=2100).contains(&year)
}
