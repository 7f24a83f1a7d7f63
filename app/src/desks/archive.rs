//! One archive per institution: everything that is held of it in one place, to be read, printed, and taken along as a directory.

mod gather;
mod sheets;

use crate::house::House;
use askama::Template;
use axum::Extension;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, Method, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use documents::fmt;
use gather::{Archive, Capacity, CaseRow, Row, Shelf, gather};
use identity::Actor;
use records::actions::{EXPORT, READ};
use std::sync::Arc;
use vocabulary::Origin;
use web::{Link, Page, Route, Samples, Shell, Tag, Tone, WebError};

pub(super) fn routes(house: &Arc<House>) -> Vec<Route> {
    let state = || Arc::clone(house);
    let at = "/facilities/{id}/archive";
    let page = |path: String, action, summary, router| Route::page(Method::GET, path, action, summary, router);
    vec![
        page(at.to_owned(), READ.key, "一家机构的档案", get(show).with_state(state())),
        page(format!("{at}.xlsx"), EXPORT.key, "一家机构的档案目录（Excel）", get(workbook).with_state(state())),
    ]
}

#[derive(Debug, Template)]
#[template(path = "archive.html")]
struct ArchivePage {
    shell: Shell,
    about: String,
    origin: Origin,
    notice: String,
    /// The record itself.
    record: String,
    base: String,
    sections: Vec<(String, Vec<(String, String)>)>,
    capacity: Vec<Capacity>,
    /// Where beds and places by type are kept.
    by_type: Option<Link>,
    shelves: Vec<Shelf>,
    bare: Vec<Link>,
    people: Vec<Link>,
    cases: Vec<(String, Vec<CaseRow>)>,
    may_export: bool,
}

impl ArchivePage {
    /// Where the directory is taken along.
    fn workbook(&self) -> String {
        format!("{}.xlsx", self.base)
    }

    /// Whether a cell is a day, which is never broken.
    fn is_day(&self, cell: &str) -> bool {
        cell.parse::<chrono::NaiveDate>().is_ok()
    }
}

impl Shelf {
    /// The cells of a row with their heads.
    fn columns<'a>(&'a self, row: &'a Row) -> impl Iterator<Item = (&'a String, &'a String)> {
        self.heads.iter().skip(1).zip(&row.cells)
    }
}

fn id_of(text: &str) -> Result<uuid::Uuid, WebError> {
    text.parse().map_err(|_| WebError::not_found("这家机构"))
}

async fn show(
    State(house): State<Arc<House>>,
    Extension(actor): Extension<Actor>,
    shell: Shell,
    Path(id): Path<String>,
) -> Result<Response, WebError> {
    let archive = gather(&house, &actor, id_of(&id)?).await?;
    Ok(Page(page(shell, &house, &actor, archive)).into_response())
}

fn page(shell: Shell, house: &House, actor: &Actor, archive: Archive) -> ArchivePage {
    let record = format!("/registers/{}/records/{}", facilities::KEY, archive.record.id);
    let list = format!("/registers/{}", facilities::KEY);
    let crumbs =
        vec![Link::new("/registers", "登记簿"), Link::new(list, "机构设施"), Link::new(&record, &archive.name)];
    let by_type = archive.shelves.iter().find(|shelf| shelf.key == gather::CAPACITY);
    let by_type = by_type.map(|shelf| Link::new(&shelf.list, format!("{}：{}", shelf.label, shelf.count)));
    let removed = archive.record.state == records::State::Removed;
    let notice = if removed { "这家机构已移出登记簿，档案只供查阅。" } else { "" };
    let about = format!(
        "一机构一档；{}；登记簿第 {} 版，{}起生效",
        archive.region,
        archive.record.version,
        fmt::day(archive.record.valid_from)
    );
    ArchivePage {
        shell: shell.titled(format!("{}：档案", archive.name)).under(crumbs).as_of(fmt::day(house.clock.today())),
        about,
        origin: archive.record.origin,
        notice: notice.to_owned(),
        base: format!("/facilities/{}/archive", archive.record.id),
        record,
        sections: archive.sections,
        capacity: archive.capacity,
        by_type,
        shelves: archive.shelves.into_iter().filter(|shelf| shelf.key != gather::CAPACITY).collect(),
        bare: if removed || !actor.may(&records::actions::WRITE) { Vec::new() } else { archive.bare },
        people: archive.people,
        cases: archive.cases,
        may_export: actor.may(&EXPORT),
    }
}

/// `GET /facilities/{id}/archive.xlsx`. That it was taken along is written down.
async fn workbook(
    State(house): State<Arc<House>>,
    Extension(actor): Extension<Actor>,
    Path(id): Path<String>,
) -> Result<Response, WebError> {
    let archive = gather(&house, &actor, id_of(&id)?).await?;
    let bytes = sheets::workbook(&archive, house.clock.today());
    let bytes = bytes.map_err(|problems| WebError::fault(format!("{problems:?}")))?;
    let entry = facts::Entry {
        district: archive.record.district.clone(),
        actor: actor.login.clone(),
        action: EXPORT.key.to_owned(),
        subject: format!("{}:{}", facilities::KEY, archive.record.id),
        detail: serde_json::json!({ "archive": archive.shelves.iter().map(|shelf| shelf.rows.len()).sum::<usize>() }),
    };
    let mut tx = house.db.begin().await.map_err(WebError::fault)?;
    facts::audit(&mut tx, house.clock.now(), &entry).await.map_err(WebError::fault)?;
    tx.commit().await.map_err(WebError::fault)?;
    let name: String = format!("{}-档案目录.xlsx", archive.name).bytes().map(|byte| format!("%{byte:02X}")).collect();
    let mut answer = bytes.into_response();
    let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    let named = HeaderValue::from_str(&format!("attachment; filename*=UTF-8''{name}")).map_err(WebError::fault)?;
    answer.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    answer.headers_mut().insert(header::CONTENT_DISPOSITION, named);
    answer.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(answer)
}

impl Samples for ArchivePage {
    fn samples() -> Vec<Self> {
        let link = |label: &str| Link::new("/registers/facility_licence/records/1", label);
        let row = |name: &str, tag| Row {
            what: link(name),
            cells: vec!["营业执照".to_owned(), "2025-01-01".to_owned()],
            tag,
            files: vec![link("营业执照扫描件.pdf"), link("一份名字很长很长很长很长很长的文件.docx")],
        };
        let shelf = |more, has_files| Shelf {
            key: "facility_licence".to_owned(),
            label: "机构证照".to_owned(),
            count: "2 条".to_owned(),
            list: "/registers/facility_licence".to_owned(),
            heads: ["证照编号", "证照种类", "发证日期"].map(str::to_owned).to_vec(),
            rows: vec![row("91320000MA1", Some(Tag::new(Tone::Late, "已到期"))), row("91320000MA2", None)],
            more,
            has_files,
        };
        let case = CaseRow {
            what: Link::new("/cases/1", "321023-2025-00001"),
            title: "安宜颐养院".to_owned(),
            state: "待补正".to_owned(),
            tag: Tag::new(Tone::Slow, "快到期"),
            started: "2025-09-01".to_owned(),
        };
        let capacity = |label: &str, total| Capacity {
            label: label.to_owned(),
            figures: ["80", "120", "—"].map(str::to_owned),
            as_of: "2025-06-30".to_owned(),
            total,
        };
        let whole = Self {
            shell: Shell::default().titled("安宜颐养院：档案"),
            about: "一机构一档；宝应县/安宜镇；登记簿第 2 版".to_owned(),
            origin: Origin::Synthetic,
            notice: String::new(),
            record: "/registers/facility/records/1".to_owned(),
            base: "/facilities/1/archive".to_owned(),
            sections: vec![("基本信息".to_owned(), vec![("类型".to_owned(), "养老机构".to_owned())])],
            capacity: vec![capacity("床位合计", true), capacity("护理型床位", false)],
            by_type: Some(link("机构床位托位明细：1 条")),
            shelves: vec![shelf(true, true), shelf(false, false)],
            bare: vec![link("机构合同")],
            people: vec![link("探访：3 条")],
            cases: vec![("养老机构备案".to_owned(), vec![case])],
            may_export: true,
        };
        let empty = Self {
            shell: Shell::default().titled("空档案"),
            notice: "这家机构已移出登记簿，档案只供查阅。".to_owned(),
            sections: Vec::new(),
            capacity: Vec::new(),
            by_type: None,
            shelves: Vec::new(),
            bare: Vec::new(),
            people: Vec::new(),
            cases: Vec::new(),
            may_export: false,
            about: String::new(),
            origin: Origin::Measured,
            record: "/registers/facility/records/1".to_owned(),
            base: "/facilities/1/archive".to_owned(),
        };
        vec![whole, empty]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_render() {
        assert_eq!(web::samples::render_all::<ArchivePage>(), Ok(2));
    }
}
