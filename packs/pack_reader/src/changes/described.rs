//! Registers and kinds of cases: what is described, part by part.

use vocabulary::{Choice, Field, Register, Relation};

use super::Taken;
use super::parts::{Parts, word, words};
use crate::model::{CaseAbout, CaseKind, CaseState, CaseUnit, CaseWho, Effect, EffectSet, Paper, Transition};

pub(super) fn register(register: &Register) -> Taken {
    let Register {
        key,
        label,
        group,
        note,
        source,
        fields: _,
        unique,
        list,
        search,
        title,
        table: _,
        point,
        related,
        files,
    } = register;
    let mut said = Parts::default();
    said.put("名称", label);
    said.put("分组", group);
    said.put("说明", note);
    said.put("出处", source);
    for group in unique {
        said.put("不重复", group.join("+"));
    }
    said.list("列表栏目", list);
    said.list("搜索栏目", search);
    said.put("名称取自", title);
    said.flag("有坐标", *point);
    for Relation { register, by, to, label, back, mates, show, with } in related {
        let told = [format!("{by} = {register}.{to}"), back.clone(), mates.clone(), show.join("，"), with.join("，")];
        said.put(&format!("同值登记 {label}"), told.join("；").trim_end_matches('；'));
    }
    for one in files {
        said.put("文件", format!("{}（{}）{}", one.label, one.key, one.note));
    }
    Taken { key: key.clone(), name: label.clone(), said }
}

/// One field of a register or a kind of case.
pub(super) fn field(of: &str, of_label: &str, field: &Field) -> Taken {
    let Field {
        key,
        label,
        kind,
        unit,
        required,
        sensitive,
        note,
        choices,
        reference,
        min,
        max,
        scale,
        section,
        indexed: _,
    } = field;
    let mut said = Parts::default();
    said.put("名称", label);
    said.put("类型", kind.key());
    said.maybe("单位", unit.as_ref());
    said.flag("必填", *required);
    said.put("敏感程度", word(sensitive));
    let written = |choice: &Choice| match choice.label.as_str() {
        "" => choice.value.clone(),
        label => format!("{}（{label}）", choice.value),
    };
    said.list("选项", &choices.iter().map(written).collect::<Vec<_>>());
    said.maybe("指向", reference.as_ref());
    said.maybe("最小", min.as_ref());
    said.maybe("最大", max.as_ref());
    said.maybe("小数位", scale.as_ref());
    said.put("小标题", section);
    said.put("填写说明", note);
    Taken { key: format!("{of}.{key}"), name: format!("{of_label}：{label}"), said }
}

pub(super) fn case(case: &CaseKind) -> Taken {
    let CaseKind {
        key,
        label,
        group,
        note,
        source,
        start,
        title,
        party,
        about,
        fields: _,
        papers,
        states,
        transitions: _,
    } = case;
    let mut said = Parts::default();
    said.put("名称", label);
    said.put("分组", group);
    said.put("说明", note);
    said.source(source);
    said.list("谁可以发起", &start.iter().map(who).collect::<Vec<_>>());
    said.put("名称取自", title);
    said.maybe("所涉机构", party.as_ref());
    said.maybe("关于", about.map(CaseAbout::label));
    // In a kind of case, what must be filled in depends on the move; the description may still say so.
    let required = case.fields.iter().filter(|field| field.required).map(|field| field.label.as_str());
    said.list("必填", &required.collect::<Vec<_>>());
    for Paper { key, label, note } in papers {
        said.put(&format!("材料 {key}"), format!("{label} {note}").trim_end());
    }
    said.maybe("开始于", states.first().map(|state| state.label.as_str()));
    Taken { key: key.clone(), name: label.clone(), said }
}

pub(super) fn state(of: &CaseKind, state: &CaseState) -> Taken {
    let CaseState { key, label, days, remind, end, hidden_from_party } = state;
    let mut said = Parts::default();
    said.put("名称", label);
    said.maybe("期限（工作日）", days.as_ref());
    said.maybe("提前提醒（工作日）", remind.as_ref());
    said.maybe("结束", end.map(word));
    said.flag("机构看不到", *hidden_from_party);
    Taken { key: format!("{}.{key}", of.key), name: format!("{}：{label}", of.label), said }
}

pub(super) fn transition(of: &CaseKind, transition: &Transition) -> Taken {
    let Transition { key, label, kind, from, to, by, fields, require, papers, reason, note, notify, effects } =
        transition;
    let mut said = Parts::default();
    said.put("名称", label);
    said.put("类别", word(kind));
    said.list("从", from);
    said.put("到", to);
    said.list("谁", &by.iter().map(who).collect::<Vec<_>>());
    said.list("可填", fields);
    said.list("必填", require);
    said.list("材料", papers);
    said.flag("说明原因", *reason);
    said.put("提示", note);
    said.maybe(
        "通知",
        notify.as_ref().map(|told| if told.is_empty() { "无".to_owned() } else { words(told).join("、") }),
    );
    for Effect { register, record, set } in effects {
        let record = record.as_deref().unwrap_or("新增");
        said.put(&format!("写入 {register}（{record}）"), set.iter().map(written).collect::<Vec<_>>().join("，"));
    }
    Taken { key: format!("{}.{key}", of.key), name: format!("{}：{label}", of.label), said }
}

fn written(EffectSet { to, from, value, today }: &EffectSet) -> String {
    let value = value.as_ref().map(ToString::to_string);
    let day = today.then(|| "当天".to_owned());
    let what = from.clone().or(value).or(day).unwrap_or_default();
    format!("{to} = {what}")
}

fn who(CaseWho { role, departments, level, starter, other, unit }: &CaseWho) -> String {
    let mut told = vec![role.key().to_owned()];
    told.extend(departments.iter().cloned());
    told.extend(level.map(word));
    told.extend(starter.then(|| "本人发起".to_owned()));
    told.extend(other.then(|| "不是发起人".to_owned()));
    told.extend(unit.map(|unit| match unit {
        CaseUnit::Lead => "牵头单位".to_owned(),
        CaseUnit::Part => "牵头或参与单位".to_owned(),
    }));
    told.join("/")
}
