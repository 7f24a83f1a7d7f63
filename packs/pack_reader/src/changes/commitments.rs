//! The plan itself: what it is, its regions and offices, indicators, tasks and projects.

use super::parts::{Parts, place, word, words};
use super::{Taken, kind_word};
use crate::model::{
    Baseline, Contradiction, Department, Indicator, Manifest, Measure, Milestone, Op, Part, Project, Quantity, Region,
    Reporting, Target, Task,
};

pub(super) fn manifest(manifest: &Manifest) -> Taken {
    let Manifest {
        key,
        kind: _,
        parent: _,
        title,
        document_no,
        issued,
        period,
        in_force_from,
        region,
        short_name,
        display_name,
        prefix,
        modules,
        reporting,
        url,
        notes,
    } = manifest;
    let mut said = Parts::default();
    said.put("键", key);
    said.put("名称", title);
    said.maybe("文号", document_no.as_ref());
    said.maybe("印发", issued.as_ref());
    said.maybe("规划期", period.map(|period| format!("{} 至 {}", period.from, period.to)));
    said.put("施行", in_force_from);
    said.maybe("区划", region.as_ref());
    said.put("简称", short_name);
    said.put("页首名称", display_name);
    said.maybe("键的前缀", prefix.as_ref());
    said.list("模块", &words(modules));
    for Reporting { every, due_day, by, note, source } in reporting {
        let by = if by.is_empty() { "各牵头单位".to_owned() } else { by.join("、") };
        let source = source.as_ref().map(place).unwrap_or_default();
        let note = note.as_deref().unwrap_or_default();
        said.put(&format!("填报（{}）", word(every)), format!("期后 {due_day} 天内，{by} {note} {source}").trim_end());
    }
    said.maybe("网址", url.as_ref());
    said.list("说明", notes);
    // One plan of a place: its versions are compared whatever key each has.
    Taken { key: "plan".to_owned(), name: title.clone(), said }
}

pub(super) fn region(region: &Region) -> Taken {
    let Region { code, name, kind, parent, official, valid_from, valid_to, aliases, cell, source, path: _ } = region;
    let mut said = Parts::default();
    said.put("名称", name);
    said.put("类别", kind_word(*kind));
    said.maybe("上级", parent.as_ref());
    said.flag("自编代码", !official);
    said.maybe("设立", valid_from.as_ref());
    said.maybe("撤销", valid_to.as_ref());
    said.list("别名", aliases);
    said.maybe("示意图格", cell.map(|(column, row)| format!("{column},{row}")));
    said.put("出处", source);
    Taken { key: code.clone(), name: name.clone(), said }
}

pub(super) fn department(department: &Department) -> Taken {
    let Department { key, name, short, aliases, level, region, collective, notes } = department;
    let mut said = Parts::default();
    said.put("名称", name);
    said.maybe("简称", short.as_ref());
    said.list("别名", aliases);
    said.put("级别", word(level));
    said.maybe("区划", region.as_ref());
    said.flag("统称", *collective);
    said.maybe("说明", notes.as_ref());
    Taken { key: key.clone(), name: name.clone(), said }
}

pub(super) fn indicator(indicator: &Indicator) -> Taken {
    let Indicator {
        key,
        no,
        table,
        group,
        field,
        name,
        unit,
        attribute,
        nature,
        baseline,
        targets,
        lead,
        participate,
        source,
        repeats,
        contradicts,
        undefined_words,
        notes,
        measure,
    } = indicator;
    let mut said = Parts::default();
    said.put("名称", name);
    said.put("序号", no);
    said.flag("在指标表内", *table);
    said.maybe("分组", group.as_ref());
    said.put("对象", word(field));
    said.maybe("单位", unit.as_ref());
    said.put("属性", word(attribute));
    said.put("性质", word(nature));
    said.maybe("基期值", baseline.as_ref().map(base));
    for one in targets {
        let year = one.year.map_or_else(|| "目标".to_owned(), |year| format!("目标（{year}）"));
        said.put(&year, target(one));
    }
    said.list("牵头", lead);
    said.list("参与", participate);
    measured(&mut said, measure);
    said.source(source);
    said.list("与之重复", repeats);
    for Contradiction { with, note } in contradicts {
        said.put("与之不一致", format!("{} {note}", with.as_deref().unwrap_or_default()).trim());
    }
    said.list("未定义的词", undefined_words);
    said.maybe("说明", notes.as_ref());
    Taken { key: key.clone(), name: name.clone(), said }
}

fn base(baseline: &Baseline) -> String {
    let Baseline { year, value, text, parts, unclear, note } = baseline;
    let mut told: Vec<String> = value.iter().map(ToString::to_string).chain(text.clone()).collect();
    told.extend(parts.iter().map(|Part { label, value }| {
        format!("{label} {}", value.map_or_else(|| "—".to_owned(), |value| value.to_string()))
    }));
    told.extend(year.map(|year| format!("{year} 年")));
    told.extend(unclear.then(|| "基期不明".to_owned()));
    told.extend(note.clone());
    told.join("，")
}

fn target(target: &Target) -> String {
    let Target { year: _, each_year, year_assumed, op, value, upper, reading, text, for_each, scope, note } = target;
    let number = value.map(|value| value.to_string()).unwrap_or_default();
    let upper = upper.map(|value| value.to_string()).unwrap_or_default();
    let compared = match op {
        Op::AtLeast => format!("≥ {number}"),
        Op::MoreThan => format!("> {number}"),
        Op::Equal => number,
        Op::AtMost => format!("≤ {number}"),
        Op::LessThan => format!("< {number}"),
        Op::Between => format!("{number} 至 {upper}"),
        Op::About => format!("{number} 左右"),
        Op::StableAbove => format!("稳定在 {number} 以上"),
        Op::Text => String::new(),
    };
    let mut told: Vec<String> = Some(compared).filter(|text| !text.is_empty()).into_iter().collect();
    told.extend(text.clone());
    told.extend(reading.map(|reading| format!("按 {} 读", word(reading))));
    told.extend(each_year.then(|| "每年".to_owned()));
    told.extend(year_assumed.then(|| "年份按规划期末".to_owned()));
    told.extend(for_each.map(|kind| format!("每个{}", kind_word(kind))));
    told.extend(scope.clone());
    told.extend(note.clone());
    told.join("，")
}

fn measured(said: &mut Parts, measure: &Measure) {
    match measure {
        Measure::Computed { numerator, denominator, scale, period, note } => {
            said.put("怎样得出", "由登记簿计算");
            said.put("分子", quantity(numerator));
            said.maybe("分母", denominator.as_ref().map(quantity));
            said.put("乘数", scale);
            said.put("多久一次", word(period));
            said.maybe("口径说明", note.as_ref());
        }
        Measure::Reported { by, evidence, period, note } => {
            said.put("怎样得出", "部门填报");
            said.list("填报单位", by);
            said.put("佐证", evidence);
            said.put("多久一次", word(period));
            said.maybe("口径说明", note.as_ref());
        }
        Measure::Modelled { circle, value, period, note } => {
            said.put("怎样得出", "由模型推算");
            said.put("服务圈", circle);
            said.put("取值", word(value));
            said.put("多久一次", word(period));
            said.put("口径说明", note);
        }
        Measure::NotComputable { why, needs } => {
            said.put("怎样得出", "暂不可算");
            said.put("原因", why);
            said.list("还需要", needs);
        }
    }
}

fn quantity(quantity: &Quantity) -> String {
    let Quantity { register, filter, value } = quantity;
    match filter {
        Some(filter) => format!("{register} 中 {filter}：{value}"),
        None => format!("{register}：{value}"),
    }
}

pub(super) fn task(task: &Task) -> Taken {
    let Task {
        key,
        no,
        section,
        title,
        kind,
        lead,
        participate,
        levels,
        source,
        indicators,
        projects,
        milestones,
        notes,
    } = task;
    let mut said = Parts::default();
    said.put("名称", title);
    said.put("序号", no);
    said.maybe("章节", section.as_ref());
    said.put("类别", word(kind));
    said.list("牵头", lead);
    said.list("参与", participate);
    said.list("层级", levels);
    said.list("指标", indicators);
    said.list("项目", projects);
    for Milestone { by, text, source } in milestones {
        said.put(
            &format!("节点（{by}）"),
            [Some(text.clone()), source.as_ref().map(place)].into_iter().flatten().collect::<Vec<_>>().join("，出处 "),
        );
    }
    said.source(source);
    said.maybe("说明", notes.as_ref());
    Taken { key: key.clone(), name: title.clone(), said }
}

pub(super) fn project(project: &Project) -> Taken {
    let Project {
        key,
        no,
        name,
        sort,
        start,
        end,
        time_text,
        place,
        region,
        beds,
        places,
        floor_area_m2,
        investment_wan,
        central_budget_wan,
        lead,
        indicators,
        source,
        notes,
    } = project;
    let mut said = Parts::default();
    said.put("名称", name);
    said.put("序号", no);
    said.put("类别", sort);
    said.maybe("开始年", start.as_ref());
    said.maybe("完成年", end.as_ref());
    said.maybe("时间", time_text.as_ref());
    said.maybe("地点", place.as_ref());
    said.maybe("区划", region.as_ref());
    said.maybe("床位", beds.as_ref());
    said.maybe("托位", places.as_ref());
    said.maybe("建筑面积（m²）", floor_area_m2.as_ref());
    said.maybe("总投资（万元）", investment_wan.as_ref());
    said.maybe("中央预算（万元）", central_budget_wan.as_ref());
    said.list("牵头", lead);
    said.list("指标", indicators);
    said.source(source);
    said.maybe("说明", notes.as_ref());
    Taken { key: key.clone(), name: name.clone(), said }
}
