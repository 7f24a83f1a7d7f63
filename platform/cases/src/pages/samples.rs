//! Samples of every page: full, empty, refused. Rendered in tests.

use super::detail::{File, PaperKind, Shown};
use super::list::Row;
use super::{CasePage, ListPage, MovePage, StartPage};
use vocabulary::{Origin, Violation};
use web::{Choice, FormState, Input, Link, Query, Samples, SegPart, Shell, Tag, TimelineItem, Tone};

const ONE: &str = "/cases/019a0000-0000-7000-8000-000000000001";

fn shell(title: &str) -> Shell {
    Shell { csrf: "sample".to_owned(), ..Shell::default() }.titled(title).under(vec![Link::new("/cases", "办件")])
}

fn wrong() -> FormState {
    FormState::default().with_errors(vec![Violation::new("case.required", "phone", "请填写联系电话", "手机或座机")])
}

impl Samples for ListPage {
    fn samples() -> Vec<Self> {
        let row = |tone, word: &str| Row {
            href: ONE.to_owned(),
            number: "321023-2025-00001".to_owned(),
            title: "示例养老院".to_owned(),
            kind: "养老机构备案".to_owned(),
            state: "待核对".to_owned(),
            tag: Tag::new(tone, word),
            due: "2025-10-14 到期，还有 5 个工作日".to_owned(),
            region: "宝应县/安宜镇".to_owned(),
        };
        let page = |asked: &str, rows: Vec<Row>, start| Self {
            shell: shell("办件"),
            query: Query::parse("/cases", asked),
            filters: vec![Input::of("search", "q", "编号或名称")],
            start,
            parts: vec![SegPart::new(Tone::Late, "已超期", 1, "/cases?due=late")],
            next: if rows.is_empty() { String::new() } else { "/cases?after=x".to_owned() },
            rows,
        };
        let start = vec![(Link::new("/case-kinds/complaint/start", "投诉"), "对机构的投诉".to_owned())];
        vec![
            page("", vec![row(Tone::Late, "已超期"), row(Tone::Run, "期限内")], start),
            page("q=x", Vec::new(), Vec::new()),
            page("", Vec::new(), Vec::new()),
        ]
    }
}

impl Samples for StartPage {
    fn samples() -> Vec<Self> {
        let page = |form: FormState, papers: &[&str]| Self {
            shell: shell("发起养老机构备案"),
            note: "养老机构登记后向所在地县级民政部门备案".to_owned(),
            inputs: vec![Input::of("tel", "phone", "联系电话").filled(&form)],
            form,
            action: "/case-kinds/institution_filing/start".to_owned(),
            id: "019a0000-0000-7000-8000-000000000001".to_owned(),
            papers: papers.iter().map(|paper| (*paper).to_owned()).collect(),
            later: if papers.is_empty() {
                String::new()
            } else {
                "联系电话可以登记以后再填，“提交备案”之前要填好。".to_owned()
            },
        };
        vec![page(FormState::default(), &["申请书", "承诺书"]), page(wrong(), &[])]
    }
}

impl Samples for MovePage {
    fn samples() -> Vec<Self> {
        let page = |form: FormState, grave, keeps| Self {
            shell: shell("退回补正：示例养老院"),
            note: "写清缺什么、怎样补。".to_owned(),
            then: "办件会变为“待补正”，10 个工作日内（2025年10月21日前）办理".to_owned(),
            writes: if grave {
                Vec::new()
            } else {
                vec![("核定床位（张）".to_owned(), "80".to_owned(), "82".to_owned())]
            },
            inputs: vec![Input::lines("reason", "原因").filled(&form)],
            form,
            action: format!("{ONE}/do/return"),
            back: ONE.to_owned(),
            step: "019a0000-0000-7000-8000-000000000002".to_owned(),
            version: 3,
            label: "退回补正".to_owned(),
            grave,
            keeps,
        };
        vec![page(FormState::default(), true, false), page(wrong(), false, true)]
    }
}

impl Samples for CasePage {
    fn samples() -> Vec<Self> {
        let file = File {
            href: format!("{ONE}/papers/019a0000-0000-7000-8000-000000000003"),
            name: "申请书.pdf".to_owned(),
            about: "212 KB，2025-09-30 09:00".to_owned(),
            own: true,
        };
        let paper =
            |files| PaperKind {
                label: "备案申请书".to_owned(), note: "签名盖章".to_owned(), wanted: true, files
            };
        let full = Self {
            shell: shell("示例养老院"),
            about: "养老机构备案，编号 321023-2025-00001".to_owned(),
            state: Tag::new(Tone::Run, "待补正"),
            due: Tag::new(Tone::Slow, "快到期"),
            days: "2025-10-14 到期，还有 2 个工作日".to_owned(),
            turn: "轮到机构办理".to_owned(),
            plan: None,
            wrote: Vec::new(),
            said: "退回补正：承诺书没有盖章".to_owned(),
            origin: Origin::Synthetic,
            moves: vec![(Link::new(format!("{ONE}/do/submit"), "提交备案"), true), (Link::new(ONE, "撤回"), false)],
            fields: vec![Shown { label: "床位数（张）".to_owned(), text: "80".to_owned(), href: String::new() }],
            papers: vec![paper(vec![file]), paper(Vec::new())],
            upload: vec![Choice::new("application", "备案申请书")],
            colleagues: vec![Choice::new("019a0000-0000-7000-8000-000000000004", "周敏（部门经办）")],
            history: vec![TimelineItem::new(Tone::Ok, "2025-09-30 09:00", "发起，填写中").by("陈院长")],
            base: ONE.to_owned(),
            version: 4,
            step: "019a0000-0000-7000-8000-000000000002".to_owned(),
        };
        let bare = Self {
            shell: shell("示例养老院"),
            about: String::new(),
            state: Tag::new(Tone::Ok, "已备案"),
            due: Tag::new(Tone::None, "已结束"),
            days: String::new(),
            turn: String::new(),
            plan: Some(Link::new("/indicators/town.06", "方案里的这个指标")),
            wrote: vec![Link::new("/registers/facility/records/019a0000-0000-7000-8000-000000000009", "机构")],
            said: String::new(),
            origin: Origin::Reported,
            moves: Vec::new(),
            fields: Vec::new(),
            papers: Vec::new(),
            upload: Vec::new(),
            colleagues: Vec::new(),
            history: Vec::new(),
            base: ONE.to_owned(),
            version: 9,
            step: String::new(),
        };
        vec![full, bare]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_render() {
        assert_eq!(web::samples::render_all::<ListPage>(), Ok(3));
        assert_eq!(web::samples::render_all::<StartPage>(), Ok(2));
        assert_eq!(web::samples::render_all::<MovePage>(), Ok(2));
        assert_eq!(web::samples::render_all::<CasePage>(), Ok(2));
    }
}
