//! Samples of the pages about indicators, reports and supervision: full, empty, refused, on the way. Rendered and
//! held against the rules of pages without a database.

use super::show::TimeForm;
use super::{View, indicator, overview, reports, rows, samples, supervision};
use crate::board::{Board, Frame, assemble};
use crate::by_region::assemble_parts;
use crate::model::{Figure, Month, Report, ReportState, Supervision};
use crate::regions::{RegionIndex, register};
use crate::store::Comment;
use crate::work::{Due, Work};
use chrono::{DateTime, NaiveDate, Utc};
use identity::{Actor, Role};
use pack_reader::{Around, Folder, Pack, read};
use plans::Adopted;
use rust_decimal::Decimal;
use std::path::Path;
use std::sync::Arc;
use uuid::Uuid;
use vocabulary::{Origin, RegionPath, Violation};
use web::samples::{Samples, render_all};
use web::{FormState, Link, Query, Tone};

const TOWN: &str = "990100000000";
const EAST: &str = "990110000000";

fn pack(name: &str, parent: Option<&Pack>) -> Pack {
    let folder = Folder::new(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/packs").join(name));
    let (pack, problems) = read(&folder, Around { builtin: &[register()], parent });
    assert_eq!(problems, [], "{name}");
    pack.unwrap()
}

fn adopted() -> Arc<Adopted> {
    let national = pack("base", None);
    let town = pack("town", Some(&national));
    Arc::new(Adopted {
        pack: Arc::new(town),
        national: Arc::new(national),
        adopted_at: moment(),
        adopted_by: String::new(),
    })
}

fn moment() -> DateTime<Utc> {
    "2025-09-30T04:00:00Z".parse().unwrap()
}

fn day() -> NaiveDate {
    samples::day()
}

fn month() -> Month {
    Month::of(day())
}

fn actor(role: Role, department: Option<&str>) -> Actor {
    Actor {
        account: Uuid::nil(),
        login: "zhou".to_owned(),
        name: "周敏".to_owned(),
        role,
        region: RegionPath::stored(&format!("/{TOWN}/")),
        place: TOWN.to_owned(),
        district: TOWN.to_owned(),
        department: department.map(str::to_owned),
    }
}

fn view(asked: &str, known_at: Option<DateTime<Utc>>) -> View {
    let adopted = adopted();
    let regions = Arc::new(RegionIndex::of(&adopted.pack));
    View {
        regions,
        region: TOWN.to_owned(),
        path: RegionPath::stored(&format!("/{TOWN}/")),
        month: month(),
        known_at,
        today: day(),
        own: TOWN.to_owned(),
        asked: Query::parse("/", asked).pairs().to_vec(),
        people: crate::pages::People::default(),
        adopted,
    }
}

fn figure(indicator: &str, region: &str, back: u32, value: i64, origin: Origin) -> Figure {
    let at = month().back(back);
    Figure {
        indicator: indicator.to_owned(),
        region: region.to_owned(),
        month: at,
        as_of: at.as_of(day()),
        known_at: moment(),
        computed: origin != Origin::Reported,
        numerator: Some(Decimal::from(value)),
        denominator: Some(Decimal::ONE_HUNDRED),
        value: Some(Decimal::from(value)),
        origin,
        pack: String::new(),
        basis: None,
        note: (back == 0).then(|| "有 1 条记录缺少所需信息，未计入".to_owned()),
    }
}

fn figures(region: &str) -> Vec<Figure> {
    let mut all: Vec<Figure> =
        (0..12).rev().map(|back| figure("town.01", region, back, 40 - i64::from(back), Origin::Synthetic)).collect();
    all.extend([0, 3, 6].map(|back| figure("town.06", region, back, 71 - i64::from(back), Origin::Reported)));
    all.push(figure("town.08", region, 0, 100, Origin::Measured));
    all
}

fn frame(view: &View) -> Frame {
    Frame {
        adopted: Arc::clone(&view.adopted),
        regions: Arc::clone(&view.regions),
        region: view.region.clone(),
        month: view.month,
        today: view.today,
        known_at: view.known_at,
    }
}

fn board(view: &View, figures: Vec<Figure>) -> Board {
    assemble(&frame(view), figures).unwrap()
}

fn report(state: ReportState, corrects: Option<Uuid>) -> Report {
    Report {
        id: Uuid::from_u128(state as u128 + 1),
        indicator: "town.06".to_owned(),
        region: TOWN.to_owned(),
        region_path: RegionPath::stored(&format!("/{TOWN}/")),
        month: month(),
        state,
        value: Decimal::new(708, 1),
        numerator: Some(Decimal::from(708)),
        denominator: Some(Decimal::from(1000)),
        evidence: "公卫三季报 <附件>".to_owned(),
        note: String::new(),
        origin: Origin::Reported,
        version: 1,
        proposed_by: "wang".to_owned(),
        proposed_at: moment(),
        decided_by: (state != ReportState::Proposed).then(|| "zhao".to_owned()),
        decided_at: (state != ReportState::Proposed).then(moment),
        decision_note: (state == ReportState::Returned).then(|| "请重算".to_owned()),
        corrects,
        reason: corrects.map(|_| "漏报".to_owned()),
    }
}

fn notice(state: &str) -> Supervision {
    let answered = state != "sent";
    Supervision {
        id: Uuid::from_u128(9),
        number: "2025-001".to_owned(),
        subject: "indicator:town.01".to_owned(),
        region: EAST.to_owned(),
        region_path: RegionPath::stored(&format!("/{TOWN}/{EAST}/")),
        department: "mzj".to_owned(),
        text: "请补齐护理型床位。".to_owned(),
        due: day(),
        state: state.to_owned(),
        version: 1,
        sent_name: "周敏".to_owned(),
        sent_by: "zhou".to_owned(),
        sent_at: moment(),
        reply: answered.then(|| "年底前改造。".to_owned()),
        replied_by: answered.then(|| "li".to_owned()),
        replied_at: answered.then(moment),
        closed_at: (state == "closed").then(moment),
        close_note: (state == "closed").then(|| "继续跟进".to_owned()),
    }
}

fn comments() -> Vec<Comment> {
    vec![Comment { at: moment(), author_name: "赵工".to_owned(), text: "分母用常住人口。".to_owned() }]
}

fn refused(place: &str) -> FormState {
    let wrong = Violation::new("monitoring.required", place, "没有填写", "请填写");
    FormState::typed(vec![("note".to_owned(), "写了一半".to_owned())]).with_errors(vec![wrong])
}

fn shell() -> web::Shell {
    samples::shell("")
}

impl Samples for overview::OverviewPage {
    fn samples() -> Vec<Self> {
        let officer = actor(Role::Officer, Some("mzj"));
        let full = |text: &str| {
            let query = Query::parse("/indicators", text);
            let view = view(text, None);
            let board = board(&view, figures(TOWN));
            let indicator = view.adopted.pack.indicator("town.01").unwrap();
            let parts = assemble_parts(&frame(&view), indicator, figures(EAST));
            overview::assemble(shell(), query, &officer, &view, &board, Some(("town.01", &parts)))
        };
        let view = view("known=2025-09-30", Some(moment()));
        let nothing = board(&view, Vec::new());
        let query = Query::parse("/indicators", "status=late&known=2025-09-30");
        vec![
            full(""),
            full("sort=-progress&field=elder&q=床位"),
            overview::assemble(shell(), query, &actor(Role::Leader, None), &view, &nothing, None),
        ]
    }
}

impl Samples for indicator::IndicatorPage {
    fn samples() -> Vec<Self> {
        let page = |key: &str, role: Role, form: FormState, furnished: bool| {
            let view = view("", None);
            let board = board(&view, if furnished { figures(TOWN) } else { Vec::new() });
            let line = board.line(key).unwrap();
            let below = [figures(EAST), figures(TOWN)].concat();
            let loaded = indicator::Loaded {
                people: crate::pages::People::default(),
                parts: Arc::new(assemble_parts(&frame(&view), line.indicator(), below)),
                versions: figures(TOWN)
                    .into_iter()
                    .filter(|one| one.indicator == key && one.month == month())
                    .collect(),
                reports: vec![
                    report(ReportState::SignedOff, Some(Uuid::from_u128(4))),
                    report(ReportState::Corrected, None),
                ],
                notices: vec![notice("sent"), notice("closed")],
                comments: comments(),
            };
            let loaded = if furnished { loaded } else { indicator::Loaded::default() };
            let query = Query::parse(&format!("/indicators/{key}"), "");
            let label = |_: &str| "养老服务机构".to_owned();
            let actor = actor(role, Some("wjw"));
            indicator::assemble(shell(), &query, &actor, &view, &board, line, &loaded, &label, form)
        };
        vec![
            page("town.01", Role::Officer, FormState::default(), true),
            page("town.06", Role::Officer, refused("text"), true),
            page("town.01", Role::Leader, FormState::default(), false),
            page("town.07", Role::Clerk, FormState::default(), false),
            page("town.p2", Role::Officer, FormState::default(), false),
        ]
    }
}

impl Samples for reports::ListPage {
    fn samples() -> Vec<Self> {
        let view = view("", None);
        let officer = actor(Role::Officer, Some("wjw"));
        let due = |late: bool| Due { indicator: "town.06".to_owned(), month: month(), due: late.then(day), late };
        let work = Work {
            to_report: vec![due(true), due(false)],
            to_sign: vec![report(ReportState::Proposed, None)],
            returned: vec![report(ReportState::Returned, None)],
            under_way: vec![report(ReportState::Proposed, Some(Uuid::nil()))],
            ..Work::default()
        };
        let query = Query::parse("/reports", "");
        let all = [ReportState::Proposed, ReportState::Returned, ReportState::SignedOff, ReportState::Corrected];
        let all: Vec<Report> = all.into_iter().map(|state| report(state, None)).collect();
        vec![
            reports::assemble(shell(), &query, &officer, &view, &work, None),
            reports::assemble(shell(), &query, &actor(Role::Leader, None), &view, &Work::default(), None),
            reports::assemble(shell(), &query.with("show", "all"), &officer, &view, &work, Some(&all)),
        ]
    }
}

impl Samples for reports::FormPage {
    fn samples() -> Vec<Self> {
        let view = view("", None);
        let officer = actor(Role::Officer, Some("wjw"));
        let indicator = view.adopted.pack.indicator("town.06").unwrap();
        let mut fresh = FormState::default();
        fresh.set("month", month().to_string());
        let earlier = [report(ReportState::SignedOff, None), report(ReportState::Corrected, None)];
        vec![
            reports::form_page(shell(), &officer, &view, indicator, &earlier, fresh),
            reports::form_page(shell(), &officer, &view, indicator, &[], refused("value")),
        ]
    }
}

impl Samples for reports::DetailPage {
    fn samples() -> Vec<Self> {
        let view = view("", None);
        let page = |login: &str, report: &Report, siblings: &[Report], form: FormState| {
            let mut actor = actor(Role::Officer, Some("wjw"));
            actor.login = login.to_owned();
            let decides = login == "zhao" && report.state == ReportState::Proposed;
            let word = |text: &str| if decides { text.to_owned() } else { String::new() };
            let moves = reports::Moves {
                on: word("签发"),
                back: word("退回"),
                case: Some(Link::new("/cases/1", "办件 990100-2025-00001：待审签，剩 3 个工作日")),
                own: login == "wang" && report.state == ReportState::Proposed,
                done: vec![(moment(), Tone::Run, "提交审签".to_owned(), "wang".to_owned(), String::new())],
            };
            reports::detail_page(shell(), &actor, &view, report, (siblings, &comments(), &moves), form)
        };
        let old = report(ReportState::Corrected, None);
        let new = report(ReportState::SignedOff, Some(old.id));
        vec![
            page("zhao", &report(ReportState::Proposed, None), &[], refused("note")),
            page("wang", &report(ReportState::Proposed, None), &[], FormState::default()),
            page("wang", &report(ReportState::Returned, None), &[], FormState::default()),
            page("zhao", &old, &[new.clone(), old.clone()], FormState::default()),
            page("zhao", &new, &[new.clone(), old.clone()], FormState::default()),
        ]
    }
}

impl Samples for supervision::ListPage {
    fn samples() -> Vec<Self> {
        let view = view("", None);
        let query = Query::parse("/supervision", "show=all");
        let all = [notice("sent"), notice("replied"), notice("closed")];
        let officer = actor(Role::Officer, Some("mzj"));
        vec![
            supervision::list_page(shell(), &query, &officer, &view, &all, &all),
            supervision::list_page(shell(), &query, &officer, &view, &[], &[]),
            supervision::list_page(shell(), &query, &actor(Role::Clerk, None), &view, &[], &[]),
        ]
    }
}

impl Samples for supervision::FormPage {
    fn samples() -> Vec<Self> {
        let asked = |text: &str, open: Vec<Supervision>| {
            let view = view("", None);
            let board = Arc::new(board(&view, figures(TOWN)));
            let subject = supervision::subject(&view.adopted, text).unwrap();
            supervision::Asked { view, board, subject, text: text.to_owned(), open }
        };
        let mut here = notice("sent");
        here.region = TOWN.to_owned();
        let indicator = asked("indicator:town.01", vec![here]);
        let task = asked("task:town.t1", Vec::new());
        let fresh = supervision::fresh(&indicator.subject, &indicator.board, &indicator.view);
        vec![indicator.page(shell(), fresh), task.page(shell(), refused("due"))]
    }
}

impl Samples for supervision::NoticePage {
    fn samples() -> Vec<Self> {
        let view = view("", None);
        let page = |state: &str, form: FormState| {
            let officer = actor(Role::Officer, Some("mzj"));
            supervision::notice_page(shell(), &officer, &view, &notice(state), &comments(), form)
        };
        vec![
            page("sent", refused("reply")),
            page("replied", FormState::default()),
            page("closed", FormState::default()),
        ]
    }
}

impl Samples for rows::RowsPage {
    fn samples() -> Vec<Self> {
        let view = || view("", None);
        let looked = |region: bool| rows::sample(view(), board(&view(), figures(TOWN)), region);
        vec![looked(false), looked(true)]
    }
}

#[test]
fn every_page_renders_in_all_its_states() {
    assert_eq!(render_all::<overview::OverviewPage>(), Ok(3));
    assert_eq!(render_all::<indicator::IndicatorPage>(), Ok(5));
    assert_eq!(render_all::<rows::RowsPage>(), Ok(2));
    assert_eq!(render_all::<reports::ListPage>(), Ok(3));
    assert_eq!(render_all::<reports::FormPage>(), Ok(2));
    assert_eq!(render_all::<reports::DetailPage>(), Ok(5));
    assert_eq!(render_all::<supervision::ListPage>(), Ok(3));
    assert_eq!(render_all::<supervision::FormPage>(), Ok(2));
    assert_eq!(render_all::<supervision::NoticePage>(), Ok(3));
}

#[test]
fn the_two_axes_of_time_say_what_is_shown() {
    let view = view("known=2025-09-12", Some(moment()));
    let board = board(&view, Vec::new());
    let form = TimeForm::of(&Query::parse("/indicators", "known=2025-09-12&field=elder&page=2"), &view, &board);
    assert_eq!(form.says, "2025年9月的数据，按2025年9月12日当天所知");
    assert_eq!(form.hidden, [("field".to_owned(), "elder".to_owned())]);
    assert!(form.open);
}
