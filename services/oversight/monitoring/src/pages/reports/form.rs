//! `/indicators/{key}/report`: a value is proposed; where one is signed already, this is a correction with its reason.

use super::super::show::period_label;
use super::super::{View, choose, indicator_of};
use super::ReportRow;
use crate::commands::{ReportDraft, every};
use crate::model::{Month, Report, ReportState};
use crate::service::Monitoring;
use crate::store;
use crate::work::{ends_period, latest_period};
use askama::Template;
use axum::extract::{Extension, Path, State};
use axum::response::{IntoResponse, Response};
use identity::{Actor, Refusal};
use pack_reader::model::{Indicator, Measure};
use web::{Choice, Flash, FormState, Input, Link, Page, Posted, Query, Shell, WebError, see_other};

/// Most earlier reports shown beside the form.
const SHOWN: u32 = 50;
/// Months to report for.
const PERIODS: u32 = 36;
/// How many of them for the region chosen.
const BESIDE: usize = 6;

/// The form.
#[derive(Template)]
#[template(path = "report_form.html")]
pub struct FormPage {
    pub(crate) shell: Shell,
    pub(crate) about: Link,
    pub(crate) says: String,
    pub(crate) signed: Option<ReportRow>,
    pub(crate) earlier: Vec<ReportRow>,
    pub(crate) form: FormState,
    pub(crate) fields: Vec<Input>,
    pub(crate) action: String,
}

/// What is loaded for the form.
struct Loaded {
    view: View,
    key: String,
    reports: Vec<Report>,
}

impl Loaded {
    async fn of(service: &Monitoring, actor: &Actor, key: &str, region: &str) -> Result<Self, WebError> {
        let query = Query::parse("/reports", "").with("region", region);
        let view = View::of(service, actor, &query)?;
        indicator_of(&view.adopted, key)?;
        let end = view.path.upper_bound();
        let span = (view.path.as_str(), end.as_str());
        let reports = store::reports(&service.db, &actor.place, span, Some(key), None, SHOWN).await;
        let reports = reports.map_err(Refusal::from)?;
        let view = view.knowing(service, reports.iter().map(|report| report.proposed_by.clone()).collect()).await?;
        Ok(Self { view, key: key.to_owned(), reports })
    }

    fn page(&self, shell: Shell, actor: &Actor, form: FormState) -> Result<FormPage, WebError> {
        let indicator = indicator_of(&self.view.adopted, &self.key)?;
        Ok(assemble(shell, actor, &self.view, indicator, &self.reports, form))
    }
}

/// The form from what was loaded.
pub(crate) fn assemble(
    shell: Shell,
    actor: &Actor,
    view: &View,
    indicator: &Indicator,
    reports: &[Report],
    form: FormState,
) -> FormPage {
    let own: Vec<&Report> = reports.iter().filter(|report| report.region == view.region).collect();
    let month = form.value("month").parse::<Month>().ok();
    let signed = own.iter().find(|report| report.state == ReportState::SignedOff && Some(report.month) == month);
    let path = format!("/indicators/{}", indicator.key);
    let way = vec![Link::new("/reports", "填报与审签")];
    FormPage {
        about: Link::new(path.as_str(), indicator.name.as_str()),
        says: says(indicator, view, month),
        signed: signed.map(|report| ReportRow::of(report, view)),
        earlier: own.iter().take(BESIDE).map(|report| ReportRow::of(report, view)).collect(),
        fields: fields(actor, view, indicator, &form, signed.is_some()),
        action: format!("{path}/report"),
        form,
        shell: shell.titled("填报指标").under(way),
    }
}

fn says(indicator: &Indicator, view: &View, month: Option<Month>) -> String {
    let period = month.map(|month| period_label(month, every(indicator))).unwrap_or_default();
    let evidence = match &indicator.measure {
        Measure::Reported { evidence, .. } => format!("佐证材料：{evidence}"),
        _ => String::new(),
    };
    let parts = [view.regions.name(&view.region).to_owned(), period, evidence];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("　")
}

fn fields(actor: &Actor, view: &View, indicator: &Indicator, form: &FormState, correction: bool) -> Vec<Input> {
    let unit = indicator.unit.clone().unwrap_or_default();
    let reason = Input::lines("reason", "更正理由");
    let reason = if correction { reason } else { reason.hint("这一期已有签发的数据时必填").optional() };
    vec![
        choose::region_input(view, actor).filled(form),
        Input::select("month", "报告期", periods(view, indicator, form)).filled(form),
        Input::number("value", "本期值").hint("确实没有数据时不要填 0，请在留言里说明").unit(unit).filled(form),
        Input::number("numerator", "分子").hint("占比、人均类指标请一并填写").optional().filled(form),
        Input::number("denominator", "分母").optional().filled(form),
        Input::lines("evidence", "佐证材料").hint("文件名、文号、统计口径等，让审签的人能核对").filled(form),
        Input::lines("note", "备注").optional().filled(form),
        reason.filled(form),
    ]
}

/// The periods that can be reported: the last month of each bears its name.
fn periods(view: &View, indicator: &Indicator, form: &FormState) -> Vec<Choice> {
    let every = every(indicator);
    let asked = form.value("month").parse().unwrap_or_else(|_| latest_period(every, view.today));
    let named = |month: Month| if ends_period(every, month) { period_label(month, every) } else { month.label() };
    let months = choose::recent(view.today, PERIODS, asked).into_iter();
    months.map(|month| Choice::new(month.to_string(), named(month))).collect()
}

pub(super) async fn show(
    State(service): State<Monitoring>,
    Extension(actor): Extension<Actor>,
    shell: Shell,
    query: Query,
    Path(key): Path<String>,
) -> Result<Page<FormPage>, WebError> {
    let loaded = Loaded::of(&service, &actor, &key, query.text("region")).await?;
    let indicator = indicator_of(&loaded.view.adopted, &key)?;
    let mut form = FormState::default();
    let period = latest_period(every(indicator), service.clock.today()).to_string();
    form.set("month", query.get("month").unwrap_or(&period));
    form.set("region", loaded.view.region.as_str());
    Ok(Page(loaded.page(shell, &actor, form)?))
}

/// What was typed, as a draft of the command.
pub(in crate::pages) fn draft(posted: &Posted, view: &View) -> ReportDraft {
    let text = |name: &str| posted.text(name).to_owned();
    ReportDraft {
        region: view.region.clone(),
        region_path: Some(view.path.clone()),
        month: text("month"),
        value: text("value"),
        numerator: text("numerator"),
        denominator: text("denominator"),
        evidence: text("evidence"),
        note: text("note"),
        reason: text("reason"),
    }
}

pub(super) async fn send(
    State(service): State<Monitoring>,
    Extension(actor): Extension<Actor>,
    shell: Shell,
    Path(key): Path<String>,
    posted: Posted,
) -> Result<Response, WebError> {
    let loaded = Loaded::of(&service, &actor, &key, posted.text("region")).await?;
    let indicator = indicator_of(&loaded.view.adopted, &key)?;
    match service.propose_report(&actor, indicator, &draft(&posted, &loaded.view)).await {
        Ok(id) => {
            let word = "已提交，等待牵头单位审签";
            Ok((Flash::done(word), see_other(&format!("/reports/{id}"))).into_response())
        }
        Err(Refusal::Invalid(found)) => {
            Ok(Page(loaded.page(shell, &actor, posted.form().with_errors(found))?).invalid())
        }
        Err(other) => Err(other.into()),
    }
}
