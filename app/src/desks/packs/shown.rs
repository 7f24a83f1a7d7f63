//! What a pack that waits would change, as a page: the same as `zhaoxi pack preview` says.

use super::LIST;
use super::list::{moment, who};
use crate::preview::{AtPlace, NO_PLACE, Preview, Told, about, counted, in_force, nothing, of_regions, told_of};
use askama::Template;
use pack_reader::changes::{Change, Element, How};
use plans::Draft;
use web::{Link, Samples, Shell, Tag, Tone};

/// Changes of one place that are shown; the others are counted.
const CHANGES_SHOWN: usize = 500;
/// Changes of a place up to which every kind of element lies open.
const OPEN_MOST: usize = 40;

/// What is said first.
#[derive(Debug)]
pub(super) struct Notice {
    pub tone: Tone,
    pub text: String,
}

/// A pack that waits, and what it would change.
#[derive(Debug, Template)]
#[template(path = "pack.html")]
pub(super) struct DraftPage {
    shell: Shell,
    notices: Vec<Notice>,
    facts: Vec<(&'static str, String)>,
    places: Vec<PlaceView>,
    /// The draft's address.
    here: String,
    hash: String,
    ground: String,
    /// Whether adopting would do anything.
    adoptable: bool,
}

/// What changes at one place.
#[derive(Debug)]
struct PlaceView {
    code: String,
    name: String,
    in_force: String,
    waits: String,
    /// Why nothing changes, or how much does.
    summary: String,
    /// Whether there is anything to compare with.
    compared: bool,
    kinds: Vec<KindView>,
    /// Changes that are not shown.
    more: usize,
    touched: Vec<(String, String, String)>,
    figures: Option<FiguresView>,
}

/// The changes of one kind of element.
#[derive(Debug)]
struct KindView {
    summary: String,
    open: bool,
    rows: Vec<ChangeRow>,
}

#[derive(Debug)]
struct ChangeRow {
    tag: Tag,
    name: String,
    key: String,
    told: Vec<Told>,
}

#[derive(Debug)]
struct FiguresView {
    month: String,
    rows: Vec<FigureRow>,
    same: usize,
}

#[derive(Debug)]
struct FigureRow {
    name: String,
    key: String,
    before: String,
    after: String,
    regions: String,
}

impl DraftPage {
    pub(super) fn of(shell: Shell, draft: &Draft, preview: &Preview, notice: Option<Notice>) -> Self {
        let mut notices: Vec<Notice> = notice.into_iter().collect();
        if !preview.known.is_empty() {
            notices.push(Notice { tone: Tone::Slow, text: preview.known.clone() });
        }
        if preview.places.is_empty() {
            notices.push(Notice { tone: Tone::Run, text: NO_PLACE.to_owned() });
        }
        Self {
            shell: shell.titled(preview.title.as_str()).under(vec![Link::new(LIST, "方案包")]),
            notices,
            facts: vec![
                ("方案包", preview.key.clone()),
                ("施行", preview.in_force_from.to_string()),
                ("上传", format!("{} {}", who(&draft.made_by), moment(draft.made_at))),
                ("保留到", moment(draft.until())),
                ("内容指纹", preview.hash.clone()),
            ],
            places: preview.places.iter().map(place).collect(),
            here: format!("{LIST}/{}", draft.id),
            hash: preview.hash.clone(),
            ground: preview.ground.clone(),
            adoptable: preview.known.is_empty(),
        }
    }
}

fn place(at: &AtPlace) -> PlaceView {
    let compared = at.before.is_some() && !at.changes.is_empty();
    let shown = if compared { at.changes.get(..CHANGES_SHOWN).unwrap_or(&at.changes) } else { &[] };
    PlaceView {
        code: at.place.clone(),
        name: at.name.clone(),
        in_force: in_force(at),
        waits: at.waits.clone(),
        summary: nothing(at).unwrap_or_else(|| counted(&at.changes)),
        compared,
        kinds: kinds(shown, at.changes.len() <= OPEN_MOST),
        more: if compared { at.changes.len() - shown.len() } else { 0 },
        touched: at.touched.iter().map(|one| (about(one), one.what.clone(), one.count.words())).collect(),
        figures: at.figures.as_ref().map(|figures| FiguresView {
            month: figures.month.to_string(),
            same: figures.same,
            rows: figures
                .changed
                .iter()
                .map(|one| FigureRow {
                    name: one.name.clone(),
                    key: one.key.clone(),
                    before: format!("{} {}", one.before.0, one.before.1),
                    after: format!("{} {}", one.after.0, one.after.1),
                    regions: of_regions(one),
                })
                .collect(),
        }),
    }
}

/// Changes by their kind of element, in the order in which they were found.
fn kinds(changes: &[Change], open: bool) -> Vec<KindView> {
    let same = |one: &Change, other: &Change| one.element == other.element;
    let kind = |of: &[Change]| KindView { summary: counted(of), open, rows: of.iter().map(row).collect() };
    changes.chunk_by(same).map(kind).collect()
}

fn row(change: &Change) -> ChangeRow {
    let tone = match change.how {
        How::Added => Tone::Ok,
        How::Removed => Tone::Late,
        How::Changed => Tone::Run,
    };
    let icon = match change.how {
        How::Added => "plus",
        How::Removed => "x",
        How::Changed => "pencil-line",
    };
    // What has no name of its own is known by its key alone.
    let name = if change.name.is_empty() { change.element.label().to_owned() } else { change.name.clone() };
    let tag = Tag::new(tone, change.how.label()).icon(icon);
    ChangeRow { tag, name, key: change.key.clone(), told: told_of(change) }
}

impl Samples for DraftPage {
    fn samples() -> Vec<Self> {
        let said = |before: Option<&str>, after: Option<&str>| pack_reader::changes::Said {
            label: "目标（2025）".to_owned(),
            before: before.map(str::to_owned),
            after: after.map(str::to_owned),
        };
        let change = |element, how, said| Change {
            element,
            key: "yangzhou.02".to_owned(),
            name: "享受居家上门服务老年人占比".to_owned(),
            how,
            said: vec![said],
        };
        let changes = [
            change(Element::Indicator, How::Changed, said(Some("18 %"), Some("20 %"))),
            change(Element::Indicator, How::Added, said(None, Some("20 %"))),
            change(Element::Register, How::Removed, said(Some("18 %"), None)),
        ];
        let figures = |regions: &str| FiguresView {
            month: "2025年9月".to_owned(),
            same: 70,
            rows: vec![FigureRow {
                name: "享受居家上门服务老年人占比".to_owned(),
                key: "yangzhou.02".to_owned(),
                before: "18.2 % 已达标".to_owned(),
                after: "18.2 % 偏慢".to_owned(),
                regions: regions.to_owned(),
            }],
        };
        let touched = ("登记簿 上门探访（visit）".to_owned(), "登记簿不再列出，记录数".to_owned(), "12".to_owned());
        let place = |compared, waits: &str, figures| PlaceView {
            code: "321000000000".to_owned(),
            name: "扬州市".to_owned(),
            in_force: "现行版本 yangzhou-2022 0123456789ab，施行 2022-09-08，2025-09-30 采用".to_owned(),
            waits: waits.to_owned(),
            summary: counted(&changes),
            compared,
            kinds: kinds(&changes, compared),
            more: usize::from(compared),
            touched: if compared { vec![touched.clone()] } else { Vec::new() },
            figures,
        };
        let page = |notices, places, adoptable| Self {
            shell: Shell::default().titled("扬州市“十四五”养老服务发展规划").under(vec![Link::new(LIST, "方案包")]),
            notices,
            facts: vec![("方案包", "yangzhou-2022".to_owned()), ("施行", "2022-09-08".to_owned())],
            places,
            here: format!("{LIST}/{}", uuid::Uuid::nil()),
            hash: "00".repeat(32),
            ground: "0-0".to_owned(),
            adoptable,
        };
        let notice = Notice { tone: Tone::Late, text: "现行的版本变了，这次没有采用".to_owned() };
        let elsewhere = PlaceView { code: "310110000000".to_owned(), ..place(true, "", None) };
        vec![
            page(
                vec![notice],
                vec![place(true, "自 2030-01-01 起施行", Some(figures("其中 3 个下级区划的数不同")))],
                true,
            ),
            page(Vec::new(), vec![place(false, "", None)], false),
            page(Vec::new(), vec![place(true, "", Some(figures(""))), elsewhere], true),
        ]
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn samples_render() {
        assert_eq!(web::samples::render_all::<super::DraftPage>(), Ok(3));
    }
}
