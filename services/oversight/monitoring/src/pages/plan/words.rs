//! Words for what a pack says in keys, and where a value comes from.

use chrono::NaiveDate;
use documents::fmt;
use pack_reader::Pack;
use pack_reader::model::{Dated, Every, Level, Module, Source};
use plans::Adopted;

/// Every module with its word.
pub(super) const MODULES: [(Module, &str); 16] = [
    (Module::Planning, "规划实施"),
    (Module::ElderCare, "养老服务"),
    (Module::Childcare, "托育服务"),
    (Module::ChildHealth, "儿童健康"),
    (Module::ElderHealth, "老年健康"),
    (Module::LongTermCareInsurance, "长期护理保险"),
    (Module::HomeCare, "居家照护"),
    (Module::Meals, "助餐"),
    (Module::Emergency, "紧急呼叫"),
    (Module::Learning, "老年教育"),
    (Module::Volunteering, "志愿服务"),
    (Module::Supervision, "机构监管"),
    (Module::Workforce, "人才队伍"),
    (Module::Construction, "设施建设"),
    (Module::ChildProtection, "儿童保护"),
    (Module::Funding, "资金补贴"),
];

/// The word for a level of government.
pub(super) const fn level(level: Level) -> &'static str {
    match level {
        Level::City => "本级",
        Level::County => "县（市、区）",
        Level::Town => "镇（街道）",
        Level::Village => "村（社区）",
        Level::Other => "其他",
    }
}

/// The word for how often.
pub(super) const fn every(every: Every) -> &'static str {
    match every {
        Every::Month => "每月",
        Every::Quarter => "每季",
        Every::HalfYear => "每半年",
        Every::Year => "每年",
    }
}

/// The pack that a key belongs to.
pub(super) fn layer(adopted: &Adopted, in_city: bool) -> (&Pack, &'static str) {
    if in_city { (&adopted.pack, "本方案") } else { (&adopted.national, "全国共用") }
}

/// A source in words: the document and the clause.
pub(super) fn source(adopted: &Adopted, owner: &Pack, source: &Source) -> String {
    let document = match &source.doc {
        None => owner.manifest.title.clone(),
        Some(key) => {
            let all = owner.sources.iter().chain(&adopted.pack.sources).chain(&adopted.national.sources);
            let known = all.into_iter().find(|one| one.key == *key);
            known.map_or_else(|| key.clone(), |one| one.title.clone())
        }
    };
    format!("《{document}》{}", source.clause.as_deref().unwrap_or_default())
}

/// The days on which a value holds.
pub(super) fn span(dated: &Dated) -> String {
    match (dated.from, dated.to) {
        (None, None) => "一直".to_owned(),
        (Some(from), None) => format!("{}起", fmt::day_in_table(from)),
        (None, Some(to)) => format!("到{}", fmt::day_in_table(to)),
        (Some(from), Some(to)) => format!("{}至{}", fmt::day_in_table(from), fmt::day_in_table(to)),
    }
}

/// A value in force on a day with its unit; a dash where none is.
pub(super) fn value_on(values: &[Dated], on: NaiveDate, unit: Option<&str>) -> String {
    let dated = pack_reader::model::on_day(values, on);
    dated.map_or_else(|| fmt::MISSING.to_owned(), |dated| format!("{}{}", dated.value, unit.unwrap_or_default()))
}
