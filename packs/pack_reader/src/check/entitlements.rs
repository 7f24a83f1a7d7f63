//! Rules and decision tables of entitlements: compiled against their register's terms and what they ask beside them; gaps and
//! overlaps of tables are shown with an example.

use rules::{Finding, Findings, Place, Vocabulary};

use super::policy::known_days;
use super::{Known, check_text, expressions::Compiler};
use crate::desk::{Desk, words};
use crate::model::{AskKind, DecisionTable, Entitlement, Gaps, Rounded, Value};
use crate::tree::Step;

pub(super) fn check(desk: &mut Desk, known: &Known<'_>, compiler: &mut Compiler<'_>) {
    let rows = &known.draft.entitlements;
    for (index, entitlement) in &rows.items {
        let element = rows.steps(*index);
        let at = (rows.file, element.as_slice());
        check_asks(desk, at, entitlement);
        check_amounts(desk, at, entitlement);
        known_days(desk, at, entitlement);
        let Some(register) = &entitlement.register else { continue };
        let Some(mut vocabulary) = compiler.vocabulary(desk, at, register) else { continue };
        for (place, ask) in entitlement.asks.iter().enumerate() {
            if vocabulary.names().any(|name| name == ask.label) {
                let steps = within(&element, &["asks".into(), place.into(), "label".into()]);
                let message = format!("“{}”已是字段、参数或另一个待查事项的名称", ask.label);
                desk.report(rows.file, &steps, words("pack.ambiguous_name", message, "规则按名称取值，换一个名称"));
            } else {
                vocabulary.terms.push(ask.term());
            }
        }
        let changes = entitlement.changes.iter().enumerate();
        let changes = changes.map(|(place, change)| (vec!["change".into(), place.into(), "rule".into()], &change.rule));
        for (steps, rule) in entitlement.rule.iter().map(|rule| (vec![Step::from("rule")], rule)).chain(changes) {
            expression(desk, (rows.file, &within(&element, &steps)), rule, &vocabulary, rules::Type::Boolean);
        }
        if let Some(text) = &entitlement.calculation {
            let steps = within(&element, &["calculation".into()]);
            expression(desk, (rows.file, &steps), text, &vocabulary, rules::Type::Number);
        }
        if let Some(table) = &entitlement.table {
            check_table(desk, (rows.file, &within(&element, &["table".into()])), table, (&vocabulary, known));
        }
    }
}

fn within(element: &[Step], more: &[Step]) -> Vec<Step> {
    element.iter().chain(more).cloned().collect()
}

/// A rule in the columnar subset, or one that goes row by row.
fn expression(desk: &mut Desk, (file, steps): (&str, &[Step]), text: &str, vocabulary: &Vocabulary, kind: rules::Type) {
    for problem in rules::read_either(text, vocabulary, kind).err().into_iter().flatten() {
        desk.report_inside(file, steps, problem.column, words(problem.code, problem.message, problem.remedy));
    }
}

fn check_asks(desk: &mut Desk, (file, element): (&str, &[Step]), entitlement: &Entitlement) {
    for (place, ask) in entitlement.asks.iter().enumerate() {
        let steps = within(element, &["asks".into(), place.into()]);
        check_text(desk, (file, &steps), "label", &ask.label);
        check_text(desk, (file, &steps), "by", &ask.by);
        if (ask.kind == AskKind::Choice) == ask.choices.is_empty() {
            let found =
                words("pack.conflict", "choices 只用于 kind = \"choice\"，而且必须写", "写上选项，或改用别的 kind");
            desk.report(file, &steps, found);
        }
        if entitlement.asks.iter().take(place).any(|other| other.label == ask.label) {
            let message = format!("“{}”写了两次", ask.label);
            desk.report(file, &steps, words("pack.duplicate_key", message, "删去一个"));
        }
    }
}

/// An amount is said once, and one that is worked out says how it is rounded.
fn check_amounts(desk: &mut Desk, (file, element): (&str, &[Step]), entitlement: &Entitlement) {
    let said = [!entitlement.values.is_empty(), entitlement.calculation.is_some(), entitlement.table.is_some()];
    if said.iter().filter(|said| **said).count() > 1 {
        let message = "values、calculation 和 table 都给出数额";
        desk.report(file, element, words("pack.conflict", message, "只保留一个"));
    }
    let computed = entitlement.calculation.is_some()
        || entitlement.table.iter().flat_map(|table| &table.rows).any(|row| row.then.number().is_none());
    let fine = |rounded: Option<Rounded>| rounded.is_some() || !computed;
    if !fine(entitlement.rounding) {
        let remedy = "加上 rounding = \"half_up\"（四舍五入）、\"half_even\"、\"down\"（舍去）或 \"up\"（进位）";
        desk.report(file, element, words("pack.missing_key", "数额要计算，却没有写怎样取整到分", remedy));
    }
    if let (Some(from), Some(to)) = (entitlement.from, entitlement.to)
        && to < from
    {
        let message = format!("有效期倒置：{from} 晚于 {to}");
        desk.report(file, element, words("pack.upside_down", message, "from 写第一天，to 写最后一天"));
    }
}

fn check_table(
    desk: &mut Desk,
    (file, element): (&str, &[Step]),
    table: &DecisionTable,
    (vocabulary, known): (&Vocabulary, &Known<'_>),
) {
    let text = table.plain();
    for (place, row) in table.rows.iter().enumerate() {
        if matches!(row.then, Value::Flag(_) | Value::Day(_)) {
            let steps = within(element, &["rows".into(), place.into(), "then".into()]);
            desk.report(file, &steps, words("pack.wrong_type", "then 要写数，或数值表达式", "例如 then = 100"));
        }
    }
    let problems = rules::check_table(&text, vocabulary);
    for (place, problem) in &problems {
        let more: Vec<Step> = match place {
            Place::Whole => Vec::new(),
            Place::Input(input) => vec!["inputs".into(), (*input).into()],
            Place::Test(row, input) => vec!["rows".into(), (*row).into(), "when".into(), (*input).into()],
            Place::Value(row) => vec!["rows".into(), (*row).into(), "then".into()],
        };
        let found = words(problem.code, problem.message.clone(), problem.remedy.clone());
        match place {
            Place::Whole => desk.report(file, element, found),
            _ => desk.report_inside(file, &within(element, &more), problem.column, found),
        }
    }
    if !problems.is_empty() {
        return;
    }
    let mut said: Vec<Finding> = Vec::new();
    for parameters in known.parameter_days(vocabulary) {
        let findings = match rules::look_at(&text, vocabulary, &parameters) {
            Findings::Complete(findings) => findings,
            Findings::NotLooked(why) => {
                let remedy = "输入写单个字段，检验写常数或参数；或写 hit = \"first\" 和 gaps = \"refused\"";
                let open = text.hit == rules::Hit::Unique || table.gaps.is_none();
                if open {
                    let message = format!("无法检查决策表有没有空缺和重叠：{why}");
                    desk.report(file, element, words("rules.table_unchecked", message, remedy));
                }
                return;
            }
        };
        for (finding, example) in findings {
            if said.contains(&finding) || (finding == Finding::Gap && table.gaps == Some(Gaps::Refused)) {
                continue;
            }
            let (code, message, remedy) = match &finding {
                Finding::Gap => (
                    "rules.table_gap",
                    format!("决策表有空缺，例如 {example}：没有一行适用"),
                    "补一行；没有份的人写 gaps = \"refused\"",
                ),
                Finding::Overlap(one, other) => (
                    "rules.table_overlap",
                    format!("第 {} 行和第 {} 行重叠，例如 {example}", one + 1, other + 1),
                    "改正其中一行，或改用 first、priority",
                ),
            };
            desk.report(file, element, words(code, message, remedy));
            said.push(finding);
        }
    }
}
