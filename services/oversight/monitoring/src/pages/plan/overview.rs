//! The plan at a glance: what it is, how much it has, what is switched on.

use super::tabs;
use super::words::{MODULES, every, source};
use crate::pages::{View, choose};
use crate::service::Monitoring;
use askama::Template;
use axum::Extension;
use axum::extract::State;
use documents::fmt;
use identity::Actor;
use pack_reader::model::Every;
use plans::Adopted;
use vocabulary::clock::china_local;
use web::samples::Samples;
use web::{Figure, Link, Page, Query, Shell, Tab, WebError};

/// The plan.
#[derive(Debug, Template)]
#[template(path = "plan.html")]
pub struct PlanPage {
    shell: Shell,
    tabs: Vec<Tab>,
    facts: Vec<(&'static str, String)>,
    url: String,
    notes: Vec<String>,
    figures: Vec<Figure>,
    modules: Vec<(&'static str, bool)>,
    registers: Vec<RegisterRow>,
    reporting: Vec<(String, String, String, String)>,
    history: Vec<(String, String, String)>,
}

/// A register that the plan or the base declares.
#[derive(Debug)]
struct RegisterRow {
    link: Link,
    fields: usize,
    from: &'static str,
    note: String,
}

pub(super) async fn show(
    State(service): State<Monitoring>,
    Extension(actor): Extension<Actor>,
    at: Shell,
    query: Query,
) -> Result<Page<PlanPage>, WebError> {
    let view = View::of(&service, &actor, &query)?;
    let history = service.plans.history(view.adopted.place());
    Ok(Page(assemble(at, &view, &history)))
}

fn assemble(at: Shell, view: &View, history: &[std::sync::Arc<Adopted>]) -> PlanPage {
    let adopted = &view.adopted;
    let plan = &adopted.pack.manifest;
    PlanPage {
        shell: choose::shell(at, view, &plan.title, Vec::new()),
        tabs: tabs(view, "/plan"),
        facts: facts(adopted),
        url: plan
            .url
            .clone()
            .filter(|url| url.starts_with("https://") || url.starts_with("http://"))
            .unwrap_or_default(),
        notes: plan.notes.clone(),
        figures: figures(view),
        modules: MODULES.map(|(module, label)| (label, plan.modules.contains(&module))).to_vec(),
        registers: registers(adopted),
        reporting: reporting(view),
        history: history
            .iter()
            .map(|one| {
                let manifest = &one.pack.manifest;
                let when = china_local(one.adopted_at).format("%Y-%m-%d %H:%M").to_string();
                (manifest.title.clone(), when, one.pack.hash.chars().take(12).collect())
            })
            .collect(),
    }
}

fn facts(adopted: &Adopted) -> Vec<(&'static str, String)> {
    let plan = &adopted.pack.manifest;
    let day = |day: Option<chrono::NaiveDate>| day.map_or_else(|| fmt::MISSING.to_owned(), fmt::day);
    let period = plan.period.map(|period| format!("{}至{}", fmt::day(period.from), fmt::day(period.to)));
    vec![
        ("文号", plan.document_no.clone().unwrap_or_else(|| fmt::MISSING.to_owned())),
        ("印发", day(plan.issued)),
        ("方案期", period.unwrap_or_else(|| fmt::MISSING.to_owned())),
        ("数值生效", day(Some(plan.in_force_from))),
        ("采用的版本", adopted.pack.hash.chars().take(12).collect::<String>()),
        ("全国部分", adopted.national.manifest.title.clone()),
    ]
}

fn figures(view: &View) -> Vec<Figure> {
    let counts = view.adopted.pack.counts();
    let layers = view.adopted.layers();
    let figure = |label: &str, count: usize, unit: &str, sub: String, href: &str| {
        Figure::new(label, count.to_string(), unit).remark(sub).href(href)
    };
    vec![
        figure(
            "指标",
            counts.indicators,
            "项",
            format!(
                "指标表 {} 项，正文 {} 项；约束性 {} 项，预期性 {} 项",
                counts.table_indicators, counts.prose_indicators, counts.binding, counts.expected
            ),
            "/indicators",
        ),
        figure(
            "可以计算",
            counts.computed,
            "项",
            format!(
                "单位填报 {} 项，推算 {} 项，暂不可算 {} 项；有基期值 {} 项",
                counts.reported, counts.modelled, counts.not_computable, counts.with_baseline
            ),
            "/indicators",
        ),
        figure("任务", counts.tasks, "项", String::new(), "/tasks"),
        figure("项目", counts.projects, "个", String::new(), "/projects"),
        figure(
            "标准",
            layers.standards().len(),
            "条",
            format!("其中本方案 {} 条", counts.standards),
            "/plan/standards",
        ),
        figure(
            "待遇",
            layers.entitlements().len(),
            "条",
            format!("其中本方案 {} 条", counts.entitlements),
            "/plan/entitlements",
        ),
        figure(
            "参数",
            layers.parameters().len(),
            "个",
            format!("其中本方案 {} 个", counts.parameters),
            "/plan/parameters",
        ),
        figure("部门", counts.departments, "个", format!("区划 {} 个", counts.regions), "/plan/departments"),
    ]
}

fn registers(adopted: &Adopted) -> Vec<RegisterRow> {
    let own = |key: &str| adopted.pack.registers.iter().any(|register| register.key == key);
    adopted
        .layers()
        .registers()
        .into_iter()
        .map(|register| RegisterRow {
            link: Link::new(format!("/registers/{}", register.key), &register.label),
            fields: register.fields.len(),
            from: if own(&register.key) { "本方案" } else { "全国共用" },
            note: register.note.clone(),
        })
        .collect()
}

/// The reporting calendar: how often, within how many days, who, why.
fn reporting(view: &View) -> Vec<(String, String, String, String)> {
    // A line of the plan stands in place of the national one for as often.
    let (own, national) = (&view.adopted.pack, &view.adopted.national);
    let replaced = |every: Every| own.manifest.reporting.iter().any(|line| line.every == every);
    let inherited = national.manifest.reporting.iter().filter(|line| !replaced(line.every));
    let lines = own.manifest.reporting.iter().map(|line| (own, line)).chain(inherited.map(|line| (national, line)));
    lines
        .map(|(pack, line)| {
            let by = if line.by.is_empty() {
                "各牵头单位".to_owned()
            } else {
                crate::undertakings::listed(line.by.iter().map(|key| view.department(key)))
            };
            let from =
                line.source.as_ref().map_or_else(|| "系统默认".to_owned(), |one| source(&view.adopted, pack, one));
            let note = line.note.clone().unwrap_or_default();
            (
                every(line.every).to_owned(),
                format!("期后 {} 日内", line.due_day),
                by,
                format!("{from} {note}").trim().to_owned(),
            )
        })
        .collect()
}

impl Samples for PlanPage {
    fn samples() -> Vec<Self> {
        let page = |full: bool| Self {
            shell: crate::pages::samples::shell("扬州市“一老一小”整体解决方案"),
            tabs: super::sample_tabs("/plan"),
            facts: vec![("文号", "扬府发〔2022〕80号".to_owned()), ("印发", "2022年9月8日".to_owned())],
            url: if full { "https://example.org/plan".to_owned() } else { String::new() },
            notes: if full { vec!["计划期为“十四五”。".to_owned()] } else { Vec::new() },
            figures: vec![Figure::new("指标", "72", "项").remark("约束性 25 项").href("/indicators")],
            modules: vec![("规划实施", true), ("儿童保护", false)],
            registers: if full {
                vec![RegisterRow {
                    link: Link::new("/registers/monthly_visit", "月探访"),
                    fields: 6,
                    from: "全国共用",
                    note: String::new(),
                }]
            } else {
                Vec::new()
            },
            reporting: if full {
                vec![("每年".to_owned(), "期后 31 日内".to_owned(), "各牵头单位".to_owned(), "三（四）21".to_owned())]
            } else {
                Vec::new()
            },
            history: vec![("方案".to_owned(), "2025-09-30 12:00".to_owned(), "0123456789ab".to_owned())],
        };
        vec![page(true), page(false)]
    }
}
