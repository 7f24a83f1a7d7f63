//! The bulletin: preview, Word, PDF, Excel, and its publication.

mod paper;

pub use paper::Piece;

use super::forms::FormPage;
use super::{View, choose, context, department_name, download};
use crate::actions::{PUBLISH, READ};
use crate::bulletin::{Order, Period, digest, document};
use crate::commands::{PublishedBulletin, publish_bulletin};
use crate::model::Month;
use crate::service::Monitoring;
use askama::Template;
use axum::Extension;
use axum::extract::State;
use axum::http::Method;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use documents::sheet::{workbook_of, write_xlsx};
use documents::{Document, Fonts, usual_folders, write_docx, write_pdf};
use identity::Actor;
use std::sync::{Arc, Mutex, PoisonError};
use vocabulary::Violation;
use web::samples::Samples;
use web::{Choice, Flash, FormState, Input, Link, Page, Posted, Query, Route, Shell, WebError, see_other};

/// Quarters offered back from the present one.
const QUARTERS: usize = 8;
/// Months offered back from the present one.
const MONTHS: u32 = 12;

/// The fonts for PDF, read when first asked for and kept: they are large.
static FONTS: Mutex<Option<Arc<Fonts>>> = Mutex::new(None);

/// The routes.
pub(super) fn routes(service: &Monitoring) -> Vec<Route> {
    let read = |path: &str, summary, handler| Route::page(Method::GET, path, READ.key, summary, handler);
    let s = || service.clone();
    vec![
        read("/bulletin", "通报", get(show).with_state(s())),
        read("/bulletin.docx", "通报（Word）", get(word).with_state(s())),
        read("/bulletin.pdf", "通报（PDF）", get(pdf).with_state(s())),
        read("/bulletin.xlsx", "通报（Excel）", get(excel).with_state(s())),
        Route::page(Method::GET, "/bulletin/publish", PUBLISH.key, "发布通报", get(publish_form).with_state(s())),
        Route::page(Method::POST, "/bulletin/publish", PUBLISH.key, "发布通报", post(publish).with_state(s())),
    ]
}

/// The preview.
#[derive(Debug, Template)]
#[template(path = "bulletin_paper.html")]
pub struct BulletinPage {
    shell: Shell,
    issuer: String,
    title: String,
    subtitle: String,
    date_line: String,
    marking: String,
    pieces: Vec<Piece>,
    sign: Option<(String, String)>,
    choose: Vec<Input>,
    files: Vec<(Link, &'static str)>,
    publish: String,
    editions: Vec<Link>,
    says: String,
}

impl BulletinPage {
    /// Whether tables are attached after the sign-off.
    fn has_attached(&self) -> bool {
        self.pieces.iter().any(|piece| matches!(piece, Piece::Attached))
    }
}

/// What is asked for: a period as it is known now, or an edition as it was published.
struct Asked {
    view: View,
    order: Order,
    editions: Vec<PublishedBulletin>,
    edition: Option<PublishedBulletin>,
}

impl Asked {
    async fn of(service: &Monitoring, actor: &Actor, query: &Query) -> Result<Self, WebError> {
        let view = View::of(service, actor, query)?;
        let place = view.adopted.place().to_owned();
        let editions = PublishedBulletin::of(&service.db, &place, &view.region).await.map_err(WebError::fault)?;
        let edition = match query.get("edition") {
            Some(id) => Some(
                editions
                    .iter()
                    .find(|one| one.id.to_string() == id)
                    .cloned()
                    .ok_or_else(|| WebError::not_found("这期通报"))?,
            ),
            None => None,
        };
        let this = Month::of(view.today);
        let period = match edition.as_ref().map(|one| one.period.as_str()).or_else(|| query.get("period")) {
            Some(text) => {
                text.parse::<Period>().map_err(|message| WebError::bad_request(message, "请从页面上选择期间"))?
            }
            None => Period::Quarter(this.year, this.quarter()),
        };
        let order = Order {
            place,
            region: view.region.clone(),
            period,
            known_at: edition.as_ref().map(|one| one.known_at).or(view.known_at),
            department: edition.as_ref().map_or_else(|| actor.department.clone(), |one| one.department.clone()),
        };
        Ok(Self { view, order, editions, edition })
    }

    /// The address of a form of the same bulletin.
    fn href(&self, path: &str) -> String {
        let edition = self.edition.as_ref().map(|one| one.id.to_string()).unwrap_or_default();
        let period = if edition.is_empty() { self.order.period.to_string() } else { String::new() };
        self.view.href(path, &[("period", &period), ("edition", &edition)])
    }

    fn file_name(&self, document: &Document, ending: &str) -> String {
        format!("{}（{}）.{ending}", document.title, self.order.period.label())
    }
}

async fn made(service: &Monitoring, actor: &Actor, query: &Query) -> Result<(Asked, Document), WebError> {
    let asked = Asked::of(service, actor, query).await?;
    let material = service.bulletin(&asked.order).await?;
    let document = document(&material);
    Ok((asked, document))
}

async fn show(
    State(service): State<Monitoring>,
    Extension(actor): Extension<Actor>,
    shell: Shell,
    query: Query,
) -> Result<Page<BulletinPage>, WebError> {
    let (asked, document) = made(&service, &actor, &query).await?;
    Ok(Page(page(shell, &actor, &asked, &document)))
}

fn page(shell: Shell, actor: &Actor, asked: &Asked, document: &Document) -> BulletinPage {
    let view = &asked.view;
    let may_publish = actor.may(&PUBLISH) && asked.edition.is_none() && view.known_at.is_none();
    let named = |one: &PublishedBulletin| {
        let label = one.period.parse::<Period>().map_or_else(|_| one.period.clone(), Period::label);
        let who = one.department.as_deref().map(|key| department_name(&view.adopted, key)).unwrap_or_default();
        let href = view.href("/bulletin", &[("edition", &one.id.to_string())]);
        Link::new(href, format!("{label}，{}发布 {who}", choose::moment(one.known_at)))
    };
    BulletinPage {
        shell: choose::shell(shell, view, document.title.clone(), Vec::new()),
        issuer: document.issuer.clone(),
        title: document.title.clone(),
        subtitle: document.subtitle.clone().unwrap_or_default(),
        date_line: document.date_line.clone().unwrap_or_default(),
        marking: document.marking.clone().unwrap_or_default(),
        pieces: paper::pieces(document),
        sign: document.sign_off.as_ref().map(|sign| (sign.unit.clone(), documents::fmt::day(sign.date))),
        choose: vec![
            choose::region_input(view, actor),
            Input::select("period", "期间", periods(Month::of(view.today)))
                .value(asked.order.period.to_string())
                .width("m"),
        ],
        files: vec![
            (Link::new(asked.href("/bulletin.docx"), "下载Word"), "file-text"),
            (Link::new(asked.href("/bulletin.pdf"), "下载PDF"), "download"),
            (Link::new(asked.href("/bulletin.xlsx"), "下载Excel"), "file-spreadsheet"),
        ],
        publish: if may_publish { asked.href("/bulletin/publish") } else { String::new() },
        editions: asked.editions.iter().map(named).collect(),
        says: match &asked.edition {
            Some(one) => format!("这是{}发布的版本，数据以当时所知为准", choose::moment(one.known_at)),
            None => "预览：按现在所知的数据，还没有发布".to_owned(),
        },
    }
}

/// The periods offered: quarters, months, years, each from the present back.
fn periods(this: Month) -> Vec<Choice> {
    let mut quarters = vec![Period::Quarter(this.year, this.quarter())];
    while quarters.len() < QUARTERS {
        if let Some(last) = quarters.last().copied() {
            quarters.push(last.previous());
        }
    }
    let months = (0..MONTHS).map(|back| Period::Month(this.back(back)));
    let years = (0..4).map(|back| Period::Year(this.year - back));
    let all = quarters.into_iter().chain(months).chain(years);
    all.map(|period| Choice::new(period.to_string(), period.label())).collect()
}

async fn word(
    State(service): State<Monitoring>,
    Extension(actor): Extension<Actor>,
    query: Query,
) -> Result<Response, WebError> {
    let (asked, document) = made(&service, &actor, &query).await?;
    let bytes = write_docx(&document).map_err(WebError::Invalid)?;
    Ok(download::attachment(bytes, download::DOCX, &asked.file_name(&document, "docx")))
}

async fn excel(
    State(service): State<Monitoring>,
    Extension(actor): Extension<Actor>,
    query: Query,
) -> Result<Response, WebError> {
    let (asked, document) = made(&service, &actor, &query).await?;
    let bytes = write_xlsx(&workbook_of(&document)).map_err(WebError::Invalid)?;
    Ok(download::attachment(bytes, download::XLSX, &asked.file_name(&document, "xlsx")))
}

async fn pdf(
    State(service): State<Monitoring>,
    Extension(actor): Extension<Actor>,
    query: Query,
) -> Result<Response, WebError> {
    let (asked, document) = made(&service, &actor, &query).await?;
    let name = asked.file_name(&document, "pdf");
    // Setting a document takes a core for a moment: not on the threads that answer others.
    let written =
        tokio::task::spawn_blocking(move || write_pdf(&document, &*fonts()?)).await.map_err(WebError::fault)?;
    let file = written.map_err(WebError::Invalid)?;
    Ok(download::attachment(file.bytes, download::PDF, &name))
}

fn fonts() -> Result<Arc<Fonts>, Vec<Violation>> {
    let mut kept = FONTS.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(fonts) = &*kept {
        return Ok(Arc::clone(fonts));
    }
    let fonts = Arc::new(Fonts::find(&usual_folders(None))?);
    *kept = Some(Arc::clone(&fonts));
    Ok(fonts)
}

async fn publish_form(
    State(service): State<Monitoring>,
    Extension(actor): Extension<Actor>,
    shell: Shell,
    query: Query,
) -> Result<Page<FormPage>, WebError> {
    let (asked, document) = made(&service, &actor, &query).await?;
    Ok(Page(publish_page(shell, &asked, &document)))
}

fn publish_page(shell: Shell, asked: &Asked, document: &Document) -> FormPage {
    let label = asked.order.period.label();
    let again = asked.editions.iter().filter(|one| one.period == asked.order.period.to_string()).count();
    let mut says = vec![
        format!("将发布《{}（{label}）》，数据以此刻所知为准。", document.title),
        "发布后可以随时查看当时的版本；以后的变化作为更正，列入下一期通报。".to_owned(),
    ];
    if again > 0 {
        says.push(format!("{label}已经发布过 {again} 次，这次是新的版本，原来的版本保留。"));
    }
    FormPage {
        shell: shell.titled("发布通报").under(vec![Link::new(asked.href("/bulletin"), "通报")]),
        lead: format!("{}，{label}", document.title),
        says,
        form: FormState::default(),
        fields: Vec::new(),
        hidden: Vec::new(),
        action: asked.href("/bulletin/publish"),
        submit: "发布".to_owned(),
        back: Link::new(asked.href("/bulletin"), "先不发布，返回"),
        final_step: true,
    }
}

async fn publish(
    State(service): State<Monitoring>,
    Extension(actor): Extension<Actor>,
    query: Query,
    _posted: Posted,
) -> Result<Response, WebError> {
    let (asked, document) = made(&service, &actor, &query).await?;
    if asked.edition.is_some() || asked.view.known_at.is_some() {
        return Err(WebError::Conflict("只能发布现在所知的数据".to_owned()));
    }
    let period = asked.order.period.to_string();
    let id =
        publish_bulletin(&context(&service, &actor), &asked.view.region, &asked.view.path, &period, &digest(&document))
            .await?;
    let next = asked.view.href("/bulletin", &[("edition", &id.to_string())]);
    Ok((Flash::done("通报已发布"), see_other(&next)).into_response())
}

impl Samples for BulletinPage {
    fn samples() -> Vec<Self> {
        let page = |full: bool| Self {
            shell: super::samples::shell("扬州市“一老一小”工作季度通报"),
            issuer: if full { "扬州市民政局".to_owned() } else { String::new() },
            title: "扬州市“一老一小”工作季度通报".to_owned(),
            subtitle: "（2025年第三季度）".to_owned(),
            date_line: if full { String::new() } else { "（数据截至2025年9月30日）".to_owned() },
            marking: if full { "演示合成数据，不作统计依据".to_owned() } else { String::new() },
            pieces: paper::sample(),
            sign: full.then(|| ("扬州市民政局".to_owned(), "2025年9月30日".to_owned())),
            choose: vec![
                Input::select("period", "期间", vec![Choice::new("2025-Q3", "2025年第三季度")]).value("2025-Q3"),
            ],
            files: vec![(Link::new("/bulletin.docx?period=2025-Q3", "下载Word"), "file-text")],
            publish: if full { "/bulletin/publish?period=2025-Q3".to_owned() } else { String::new() },
            editions: if full {
                vec![Link::new("/bulletin?edition=1", "2025年第二季度，2025-07-15 09:00发布 民政局")]
            } else {
                Vec::new()
            },
            says: "预览：按现在所知的数据，还没有发布".to_owned(),
        };
        vec![page(true), page(false)]
    }
}
