//! Standards, entitlements, parameters, service circles, documents.

use super::Taken;
use super::parts::{Parts, place, word};
use crate::model::{
    Ask, Circle, DecisionTable, Document, Entitlement, Parameter, Purpose, Retention, RuleChange, Standard, TableRow,
    Threshold,
};

pub(super) fn standard(standard: &Standard) -> Taken {
    let Standard {
        key,
        no,
        applies_to,
        text,
        unit,
        register,
        filter,
        rule,
        thresholds,
        indicators,
        status,
        why,
        source,
        notes,
    } = standard;
    let mut said = Parts::default();
    said.maybe("序号", no.as_ref());
    said.put("适用", applies_to);
    said.put("内容", text);
    said.maybe("单位", unit.as_ref());
    said.maybe("登记簿", register.as_ref());
    said.maybe("哪些", filter.as_ref());
    said.maybe("规则", rule.as_ref());
    for Threshold { label, unit, values } in thresholds {
        let unit = unit.as_ref().map(|unit| format!(" {unit}")).unwrap_or_default();
        said.dated(&format!("{label}{unit}"), values);
    }
    said.list("指标", indicators);
    said.put("可否计算", word(status));
    said.maybe("原因", why.as_ref());
    said.source(source);
    said.maybe("说明", notes.as_ref());
    Taken { key: key.clone(), name: applies_to.clone(), said }
}

pub(super) fn entitlement(entitlement: &Entitlement) -> Taken {
    let Entitlement {
        key,
        no,
        who,
        conditions,
        what,
        amount,
        amount_published,
        values,
        calculation,
        rounding,
        unit,
        register,
        asks,
        rule,
        table,
        from,
        to,
        changes,
        status,
        why,
        source,
        notes,
    } = entitlement;
    let mut said = Parts::default();
    said.maybe("序号", no.as_ref());
    said.put("谁", who);
    said.maybe("条件", conditions.as_ref());
    said.put("什么", what);
    said.maybe("数额", amount.as_ref());
    said.flag("数额未公布", !amount_published);
    said.dated("金额", values);
    said.maybe("算式", calculation.as_ref());
    said.maybe("取整", rounding.map(word));
    said.maybe("单位", unit.as_ref());
    said.maybe("登记簿", register.as_ref());
    for Ask { label, kind, choices, by } in asks {
        said.put(&format!("待查：{label}"), format!("{} {} 由{by}", word(kind), choices.join("/")));
    }
    said.maybe("规则", rule.as_ref());
    said.maybe("决策表", table.as_ref().map(decisions));
    said.maybe("施行", from.as_ref());
    said.maybe("停止", to.as_ref());
    for RuleChange { from, known, rule, source } in changes {
        let known = known.map(|day| format!("，{day} 公布")).unwrap_or_default();
        said.put(&format!("规则（{from} 起）"), format!("{rule}{known}，出处 {}", place(source)));
    }
    said.put("可否计算", word(status));
    said.maybe("原因", why.as_ref());
    said.source(source);
    said.maybe("说明", notes.as_ref());
    Taken { key: key.clone(), name: what.clone(), said }
}

fn decisions(table: &DecisionTable) -> String {
    let DecisionTable { hit, inputs, rows, priority, gaps } = table;
    let row = |TableRow { when, then }: &TableRow| format!("[{}] → {then}", when.join(" | "));
    let mut told = vec![word(hit), inputs.join(" | ")];
    told.extend(rows.iter().map(row));
    told.extend(priority.iter().map(|amount| format!("先 {amount}")));
    told.extend(gaps.map(|gaps| format!("其余 {}", word(gaps))));
    told.join("；")
}

pub(super) fn parameter(parameter: &Parameter) -> Taken {
    let Parameter { key, label, unit, values, note } = parameter;
    let mut said = Parts::default();
    said.put("名称", label);
    said.maybe("单位", unit.as_ref());
    said.dated("值", values);
    said.maybe("说明", note.as_ref());
    Taken { key: key.clone(), name: label.clone(), said }
}

pub(super) fn circle(circle: &Circle) -> Taken {
    let Circle { key, label, field, who, people, facilities, walker, minutes, speed, source, notes } = circle;
    let mut said = Parts::default();
    said.put("名称", label);
    said.put("对象", word(field));
    said.put("谁", who);
    said.put("人员规则", people);
    said.put("设施规则", facilities);
    said.put("步行的人", walker.key());
    said.put("分钟", minutes);
    said.put("步速", speed);
    said.source(source);
    said.maybe("说明", notes.as_ref());
    Taken { key: key.clone(), name: label.clone(), said }
}

pub(super) fn purpose(purpose: &Purpose) -> Taken {
    let Purpose { key, label, basis, source, notes } = purpose;
    let mut said = Parts::default();
    said.put("名称", label);
    said.put("依据", word(basis));
    said.source(source);
    said.maybe("说明", notes.as_ref());
    Taken { key: key.clone(), name: label.clone(), said }
}

pub(super) fn retention(retention: &Retention) -> Taken {
    let Retention { key, label, register, from, years, then, keep, required, source, notes } = retention;
    let mut said = Parts::default();
    said.put("名称", label);
    said.put("登记簿", register);
    said.put("从何时起", from);
    said.put("年数", years);
    said.put("期满", word(then));
    said.list("留下", keep);
    said.flag("依法保存", *required);
    said.source(source);
    said.maybe("说明", notes.as_ref());
    Taken { key: key.clone(), name: label.clone(), said }
}

pub(super) fn document(document: &Document) -> Taken {
    let Document { key, title, publisher, number, url, licence, published, read_on, note } = document;
    let mut said = Parts::default();
    said.put("名称", title);
    said.maybe("发布者", publisher.as_ref());
    said.maybe("文号", number.as_ref());
    said.maybe("网址", url.as_ref());
    said.maybe("许可", licence.as_ref());
    said.maybe("发布", published.as_ref());
    said.maybe("查阅", read_on.as_ref());
    said.maybe("说明", note.as_ref());
    Taken { key: key.clone(), name: title.clone(), said }
}
