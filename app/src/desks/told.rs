//! What an entry of the audit trail says, in the words of its readers. What has no word yet is shown as it stands: nothing is left out.

use serde_json::Value as Json;
use vocabulary::Register;

/// Words for the keys of what is written down.
const KEYS: &[(&str, &str)] = &[
    ("agent", "浏览器指纹"),
    ("asked_by", "由谁提出"),
    ("basis", "依据"),
    ("changed", "改动的栏目"),
    ("consents", "所依据的同意"),
    ("copy", "副本中的登记数"),
    ("corrects", "更正"),
    ("department", "部门"),
    ("departments", "部门数"),
    ("digest", "指纹"),
    ("due", "应办日期"),
    ("due_on", "应办日期"),
    ("ended", "退出的旧登录"),
    ("ending", "处理"),
    ("erasure", "提请编号"),
    ("failed", "失败次数"),
    ("field", "栏目"),
    ("figures", "指标数"),
    ("filters", "筛选"),
    ("format", "格式"),
    ("from", "原来"),
    ("gone", "并入的登记"),
    ("had", "原有"),
    ("hash", "内容指纹"),
    ("in_force_from", "施行日期"),
    ("indicator", "指标"),
    ("ip", "地址"),
    ("kept", "保留的登记"),
    ("kind", "种类"),
    ("left", "留下"),
    ("login", "登录名"),
    ("merge", "合并编号"),
    ("milestone", "节点"),
    ("month", "月份"),
    ("name", "名称"),
    ("network", "网络"),
    ("note", "说明"),
    ("number", "件数"),
    ("one_time", "一次性密码"),
    ("origin", "数据来源"),
    ("pack", "方案包"),
    ("percent", "百分比"),
    ("period", "时期"),
    ("places", "地方"),
    ("proposed_by", "提请人"),
    ("purpose", "用途"),
    ("reason", "理由"),
    ("record", "登记"),
    ("records", "条数"),
    ("recovery_codes", "恢复码"),
    ("references", "改指的登记"),
    ("region", "区划"),
    ("regions", "区划"),
    ("register", "登记簿"),
    ("role", "岗位"),
    ("rows", "行数"),
    ("rule", "规则"),
    ("searched", "搜索"),
    ("session", "会话"),
    ("sessions", "会话数"),
    ("shared", "共享"),
    ("shown", "显示的栏目"),
    ("state", "状态"),
    ("status", "状态"),
    ("subject", "对象"),
    ("taken", "取用的栏目"),
    ("text", "内容"),
    ("to", "改为"),
    ("value", "值"),
    ("values", "值"),
    ("version", "版本"),
    ("view", "视图"),
    ("visits", "次数"),
    ("what", "内容"),
    ("word", "期限"),
    ("words", "说明"),
    ("year", "年度"),
];

/// Words for the first part of a subject.
const SUBJECTS: &[(&str, &str)] = &[
    ("account", "账号"),
    ("bulletin", "通报"),
    ("case", "办件"),
    ("erasure", "删除提请"),
    ("figures", "指标"),
    ("import", "导入"),
    ("indicator", "指标"),
    ("key", "密钥"),
    ("login", "登录"),
    ("pack", "方案包"),
    ("place", "地方"),
    ("project", "项目"),
    ("register", "登记簿"),
    ("report", "填报"),
    ("session", "会话"),
    ("supervision", "督办"),
    ("task", "任务"),
    ("walking", "步行路网"),
    ("year", "年度"),
];

/// Words that are written down as keys.
const WORDS: &[(&str, &str)] = &[
    ("duty", "法定职责"),
    ("consent", "本人同意"),
    ("emergency", "紧急情况"),
    ("soon", "将到期"),
    ("late", "已逾期"),
    ("delete", "删除"),
    ("anonymise", "匿名化"),
    ("true", "是"),
    ("false", "否"),
];

/// What is done without a route, and so has no action with a label.
const DEEDS: [[&str; 2]; 6] = [
    ["audit.anchor", "锚定审计链"],
    ["keys.rotate", "更换密钥"],
    ["plans.adopt", "采用方案包"],
    ["plans.draft", "上传方案包"],
    ["plans.drop", "放弃方案包"],
    ["records.bulk", "生成演示数据"],
];

fn word<'a>(words: &[(&str, &'a str)], key: &str) -> Option<&'a str> {
    words.iter().find(|(known, _)| *known == key).map(|(_, word)| *word)
}

/// Name and key of what is done without a route.
pub(super) fn deeds() -> impl Iterator<Item = (&'static str, &'static str)> {
    DEEDS.iter().map(|[key, label]| (*label, *key))
}

/// The label of an action; its key where it has none.
pub(super) fn action(key: &str) -> String {
    let label = crate::wiring::actions().into_iter().find(|action| action.key == key).map(|action| action.label);
    let deed = || deeds().find(|(_, deed)| *deed == key).map(|(label, _)| label);
    label.or_else(deed).unwrap_or(key).to_owned()
}

/// `person:…` as `人员 …`.
pub(super) fn subject(text: &str) -> String {
    let Some((kind, rest)) = text.split_once(':') else { return text.to_owned() };
    let built_in = crate::wiring::registers();
    let label = built_in.iter().find(|register| register.key == kind).map(|register| register.label.as_str());
    let label = label.or_else(|| word(SUBJECTS, kind)).unwrap_or(kind);
    format!("{label} {rest}")
}

/// Keys whose values are fields of the register that the subject belongs to.
const FIELDS: [&str; 5] = ["changed", "field", "had", "shown", "taken"];

/// What is written down of it: label and text, one thing each; fields of built-in registers by their labels.
pub(super) fn detail(subject: &str, text: &str) -> Vec<(String, String)> {
    let kind = subject.split(':').next().unwrap_or_default();
    let register = crate::wiring::registers().into_iter().find(|register| register.key == kind);
    let Ok(Json::Object(all)) = serde_json::from_str(text) else {
        return if text.is_empty() { Vec::new() } else { vec![(String::new(), text.to_owned())] };
    };
    let said = all.iter().filter(|(_, value)| !nothing(value));
    let named = |key: &str, value: &Json| match &register {
        Some(register) if FIELDS.contains(&key) => value_text(&labelled(register, value)),
        _ => value_text(value),
    };
    said.map(|(key, value)| (word(KEYS, key).unwrap_or(key).to_owned(), named(key, value))).collect()
}

/// Keys of fields as their labels.
fn labelled(register: &Register, value: &Json) -> Json {
    match value {
        Json::String(key) => {
            register.field(key).map_or_else(|| value.clone(), |field| Json::from(field.label.as_str()))
        }
        Json::Array(all) => all.iter().map(|one| labelled(register, one)).collect(),
        other => other.clone(),
    }
}

fn nothing(value: &Json) -> bool {
    match value {
        Json::Null => true,
        Json::String(text) => text.is_empty(),
        Json::Array(all) => all.is_empty(),
        Json::Object(all) => all.is_empty(),
        Json::Bool(_) | Json::Number(_) => false,
    }
}

fn value_text(value: &Json) -> String {
    match value {
        Json::String(text) => word(WORDS, text).unwrap_or(text).to_owned(),
        Json::Bool(yes) => (if *yes { "是" } else { "否" }).to_owned(),
        Json::Array(all) => all.iter().map(value_text).collect::<Vec<_>>().join("、"),
        Json::Object(all) => {
            let said =
                all.iter().map(|(key, value)| format!("{} {}", word(KEYS, key).unwrap_or(key), value_text(value)));
            said.collect::<Vec<_>>().join("，")
        }
        Json::Null => "—".to_owned(),
        Json::Number(number) => number.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_told_in_words_and_nothing_is_left_out() {
        assert_eq!(action("records.reveal"), "查看遮盖的内容");
        assert_eq!(action("made.up"), "made.up");
        assert_eq!(subject("person:7"), "人员 7");
        assert_eq!(subject("meal_point:7"), "meal_point 7");
        let told = detail(
            "person:7",
            r#"{"basis":"emergency","field":"id_number","words":"敲门无应答","znew":[1,true],"no":null}"#,
        );
        let told: Vec<String> = told.into_iter().map(|(label, text)| format!("{label} {text}")).collect();
        assert_eq!(told, ["依据 紧急情况", "栏目 证件号", "说明 敲门无应答", "znew 1、是"]);
        assert_eq!(detail("", "half {"), [(String::new(), "half {".to_owned())]);
    }
}
