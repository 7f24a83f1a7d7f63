//! One case: how it stands, what can be done now, its fields, its papers, what happened.

use super::{crumbs, id_of};
use crate::Cases;
use crate::actions::{ASSIGN, PAPERS};
use crate::model::{Did, Step};
use crate::reads::Whole;
use askama::Template;
use axum::Extension;
use axum::extract::{Path, State};
use documents::fmt;
use identity::{Actor, Person};
use pack_reader::model::{CaseKind, MoveKind};
use records::masking::{View, hides, mask};
use records::{Names, shown};
use uuid::Uuid;
use vocabulary::clock::china_local;
use vocabulary::{Field, FieldKind, Origin, Sensitivity};
use web::{Choice, Input, Link, Page, Shell, Tag, TimelineItem, Tone, WebError};

/// One field as it is shown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Shown {
    /// Label, with unit.
    pub label: String,
    /// Text; `—` when missing.
    pub text: String,
    /// The record it refers to; "" for none.
    pub href: String,
}

/// One kind of paper with the files handed in.
#[derive(Debug, Clone, Default)]
pub struct PaperKind {
    /// Its name.
    pub label: String,
    /// What it must show.
    pub note: String,
    /// Whether a move that is possible now asks for it.
    pub wanted: bool,
    /// The files.
    pub files: Vec<File>,
}

/// One file.
#[derive(Debug, Clone, Default)]
pub struct File {
    /// Where it is downloaded.
    pub href: String,
    /// Its name.
    pub name: String,
    /// Size and when.
    pub about: String,
    /// Whether the reader may take it back.
    pub own: bool,
}

/// One case.
#[derive(Debug, Template)]
#[template(path = "cases/case.html")]
pub struct CasePage {
    /// What stands around it.
    pub shell: Shell,
    /// Kind and number.
    pub about: String,
    /// Its state.
    pub state: Tag,
    /// How it stands against its deadline.
    pub due: Tag,
    /// Its days in a sentence; "" without a deadline.
    pub days: String,
    /// Whose turn it is.
    pub turn: String,
    /// What the one before last said when it was sent back; "" for nothing.
    pub said: String,
    /// Whether it is made up.
    pub origin: Origin,
    /// The page of what it is about in the plan.
    pub plan: Option<Link>,
    /// The records that it wrote.
    pub wrote: Vec<Link>,
    /// The moves that the reader may make: where, the word, whether it is the main one.
    pub moves: Vec<(Link, bool)>,
    /// Fields.
    pub fields: Vec<Shown>,
    /// Papers.
    pub papers: Vec<PaperKind>,
    /// The choice of kinds for an upload; empty where the reader may not hand in.
    pub upload: Vec<Choice>,
    /// The colleagues to whom it can be handed; empty where the reader may not.
    pub colleagues: Vec<Choice>,
    /// What happened, the newest first.
    pub history: Vec<TimelineItem>,
    /// The case's address.
    pub base: String,
    /// Its version.
    pub version: i64,
    /// A new id for what is asked next.
    pub step: String,
}

impl CasePage {
    /// Where papers are handed in.
    fn papers_at(&self) -> String {
        format!("{}/papers", self.base)
    }

    /// The choice of a paper's kind.
    fn kind_input(&self) -> Input {
        Input::select("kind", "材料种类", self.upload.clone()).unchosen("请选择").width("m")
    }

    /// The choice of a colleague.
    fn colleague_input(&self) -> Input {
        Input::select("to", "交给", self.colleagues.clone()).unchosen("请选择").width("m")
    }
}

/// `GET /cases/{id}`
pub(super) async fn show(
    State(cases): State<Cases>,
    Extension(actor): Extension<Actor>,
    shell: Shell,
    Path(id): Path<String>,
) -> Result<Page<CasePage>, WebError> {
    let id = id_of(&id)?;
    let whole = cases.whole(&actor, id).await?;
    let colleagues = if whole.acts && actor.may(&ASSIGN) { cases.colleagues(&actor, id).await? } else { Vec::new() };
    let record = whole.case.as_record();
    let register = whole.kind.as_register();
    let names = cases.records.names(&actor.place, &register, std::slice::from_ref(&record)).await;
    let names = names.map_err(WebError::fault)?;
    let people = identity::people_of(&cases.db, &actor.place).await.map_err(WebError::fault)?;
    let due = whole.due.clone();
    let kind = &whole.kind;
    let state = kind.state(&whole.case.state).map_or(whole.case.state.clone(), |state| state.label.clone());
    let tone = match kind.state(&whole.case.state).and_then(|state| state.end) {
        Some(pack_reader::model::CaseEnd::Done) => Tone::Ok,
        Some(pack_reader::model::CaseEnd::Dropped) => Tone::None,
        None => Tone::Run,
    };
    let hand_in = whole.acts && actor.may(&PAPERS);
    let title = if whole.case.title.is_empty() { kind.label.clone() } else { whole.case.title.clone() };
    Ok(Page(CasePage {
        shell: shell.titled(title).under(crumbs()).as_of(fmt::day(cases.clock.today())),
        about: format!("{}，编号 {}", kind.label, whole.case.number),
        state: Tag::new(tone, state),
        due: due.tag(),
        days: due.sentence(),
        turn: turn(&whole, &people),
        said: sent_back(&whole),
        origin: whole.case.origin,
        moves: buttons(&whole),
        fields: fields(&cases, &actor, &whole, &names),
        papers: papers(&whole),
        plan: whole
            .kind
            .about
            .map(|about| Link::new(cases.plan.page(about, &whole.case), format!("方案里的这个{}", about.label()))),
        wrote: wrote(&cases, &actor, &whole).await?,
        upload: if hand_in {
            kind.papers.iter().map(|one| Choice::new(one.key.as_str(), one.label.as_str())).collect()
        } else {
            Vec::new()
        },
        colleagues: colleagues.iter().filter(|one| one.actor.account != actor.account).map(colleague).collect(),
        history: history(&whole, &people),
        base: super::href(whole.case.id),
        version: whole.case.version,
        step: Uuid::now_v7().to_string(),
    }))
}

fn colleague(person: &Person) -> Choice {
    Choice::new(person.actor.account.to_string(), format!("{}（{}）", person.actor.name, person.actor.role.label()))
}

/// The moves as buttons: only those that the reader may make.
fn buttons(whole: &Whole) -> Vec<(Link, bool)> {
    let able = whole.moves.iter().filter_map(|key| whole.kind.transition(key));
    let link = |key: &str, label: &str| Link::new(format!("{}/do/{key}", super::href(whole.case.id)), label);
    able.map(|one| (link(&one.key, &one.label), one.kind == MoveKind::Forward)).collect()
}

/// Whose turn it is, in words.
fn turn(whole: &Whole, people: &[Person]) -> String {
    if whole.case.closed_at.is_some() {
        return String::new();
    }
    if let Some(holder) = whole.case.assigned_to.and_then(|id| people.iter().find(|one| one.actor.account == id)) {
        return format!("由{}办理", holder.actor.name);
    }
    crate::turn::turn(&whole.kind, &whole.case.state)
}

/// The records that the case wrote, as far as the reader may open them; each once.
async fn wrote(cases: &Cases, actor: &Actor, whole: &Whole) -> Result<Vec<Link>, WebError> {
    let mut links: Vec<Link> = Vec::new();
    if !actor.may(&records::actions::READ) {
        return Ok(links);
    }
    for one in whole.steps.iter().flat_map(|step| &step.wrote) {
        let Ok(register) = cases.records.register(actor, &one.register) else { continue };
        let there = records::get(&cases.db, &register, &actor.region, one.record).await.map_err(WebError::fault)?;
        let link = Link::new(format!("/registers/{}/records/{}", one.register, one.record), register.label.as_str());
        if there.is_some() && !links.iter().any(|known| known.href == link.href) {
            links.push(link);
        }
    }
    Ok(links)
}

/// What was said when it was sent back, for who must put it right.
fn sent_back(whole: &Whole) -> String {
    let last = whole.steps.iter().rev().find(|step| step.did == Did::Moved);
    let Some(step) = last.filter(|step| step.to == whole.case.state && !step.said.is_empty()) else {
        return String::new();
    };
    let back = whole.kind.transition(&step.name).filter(|one| one.says_why());
    back.map_or_else(String::new, |one| format!("{}：{}", one.label, step.said))
}

fn fields(cases: &Cases, actor: &Actor, whole: &Whole, names: &Names) -> Vec<Shown> {
    let record = whole.case.as_record();
    let opens = whole.viewer.opens_personal(&whole.kind);
    let region =
        Shown {
            label: "所在区划".to_owned(), text: cases.region_name(actor, &whole.case.region), href: String::new()
        };
    let mut all = vec![region];
    let link = |field: &Field| match (field.kind, &field.reference, record.value(&field.key)) {
        (FieldKind::Reference, Some(target), Some(value)) if actor.may(&records::actions::READ) => {
            value.as_str().map(|id| format!("/registers/{target}/records/{id}")).unwrap_or_default()
        }
        _ => String::new(),
    };
    for field in &whole.kind.fields {
        let unit = field.unit.as_deref().map(|unit| format!("（{unit}）")).unwrap_or_default();
        let text = match record.value(&field.key) {
            Some(value) if hidden(field, opens) => mask(field, value),
            _ => shown(field, &record, names, View::One),
        };
        all.push(Shown { label: format!("{}{unit}", field.label), text, href: link(field) });
    }
    all
}

/// Whether a field is hidden from a reader: secrets always, personal ones from those who do not work on the kind.
pub(crate) fn hidden(field: &Field, opens_personal: bool) -> bool {
    hides(field, View::One) || (field.sensitive == Sensitivity::Personal && !opens_personal)
}

fn papers(whole: &Whole) -> Vec<PaperKind> {
    let able = whole.moves.iter().filter_map(|key| whole.kind.transition(key));
    let wanted: Vec<&str> = able.flat_map(|one| &one.papers).map(String::as_str).collect();
    let base = super::href(whole.case.id);
    let file = |paper: &crate::Paper| File {
        href: format!("{base}/papers/{}", paper.id),
        name: paper.name.clone(),
        about: format!(
            "{}，{}",
            documents::fmt::file_size(paper.bytes),
            china_local(paper.added_at).format("%Y-%m-%d %H:%M")
        ),
        own: whole.takes_back(paper),
    };
    let kind = |kind: &pack_reader::model::Paper| PaperKind {
        label: kind.label.clone(),
        note: kind.note.clone(),
        wanted: wanted.contains(&kind.key.as_str()),
        files: whole.papers.iter().filter(|paper| paper.kind == kind.key).map(file).collect(),
    };
    whole.kind.papers.iter().map(kind).collect()
}

fn history(whole: &Whole, people: &[Person]) -> Vec<TimelineItem> {
    whole.steps.iter().rev().map(|step| told(&whole.kind, step, people)).collect()
}

fn told(kind: &CaseKind, step: &Step, people: &[Person]) -> TimelineItem {
    let moved = kind.transition(&step.name);
    let state = |key: &str| kind.state(key).map_or(key.to_owned(), |state| state.label.clone());
    let paper = || kind.paper(&step.name).map_or(step.name.as_str(), |paper| &paper.label);
    let title = match step.did {
        Did::Started => format!("发起，{}", state(&step.to)),
        Did::Moved => format!("{}，{}", moved.map_or(step.name.as_str(), |one| &one.label), state(&step.to)),
        Did::Filled => "暂存填写的内容".to_owned(),
        Did::Paper => format!("上传材料：{}", paper()),
        Did::PaperRemoved => format!("撤下材料：{}", paper()),
        Did::Assigned => {
            let to = people.iter().find(|one| one.actor.login == step.name);
            format!("转交给{}", to.map_or(step.name.as_str(), |one| &one.actor.name))
        }
    };
    let tone = match moved.map(|one| one.kind) {
        Some(MoveKind::Return | MoveKind::Refuse) if step.did == Did::Moved => Tone::Slow,
        _ => Tone::Ok,
    };
    let at = china_local(step.at);
    let late = step.was_due.is_some_and(|due| step.did == Did::Moved && at.date() > due);
    let over = if late { "，办理时已超期" } else { "" };
    TimelineItem::new(tone, at.format("%Y-%m-%d %H:%M").to_string(), title)
        .at(at.format("%Y-%m-%dT%H:%M").to_string())
        .by(format!("{}{over}", step.person))
        .text(step.said.clone())
}
