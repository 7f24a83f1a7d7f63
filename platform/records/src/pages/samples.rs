//! Samples of every page: full, empty, refused. Rendered in tests.

use super::batch::BatchChange;
use super::detail::{ShownField, ShownRelated};
use super::edit::Difference;
use super::importing::{PreviewCell, PreviewRow};
use super::list::ShownRow;
use super::map::Mark;
use super::section::Section;
use super::{
    BatchPage, BatchPreviewPage, Both, ConsentsPage, DetailPage, EditPage, Entry, ErasuresPage, ImportPage, IndexPage,
    ListPage, MapPage, MergePage, PreviewPage, PrintPage, RemovePage, RightsPage, ShownConsent, ShownErasure,
    ShownRule, TransferPage,
};
use crate::consent::{Basis, Purpose};
use vocabulary::{Origin, Violation};
use web::{Choice, Columns, FormState, Input, Link, Query, Samples, Shell, Tab, Tag, TimelineItem, Tone};

const BASE: &str = "/registers/monthly_visit";
const ONE: &str = "/registers/monthly_visit/records/019a0000-0000-7000-8000-000000000001";

fn shell(title: &str) -> Shell {
    Shell { csrf: "sample".to_owned(), ..Shell::default() }.titled(title).under(vec![Link::new(BASE, "月探访")])
}

fn wrong(place: &str) -> Violation {
    Violation::new("record.required", place, "请填写姓名", "与身份证件一致")
}

fn row(name: &str) -> ShownRow {
    let cell = |label: &str, text: &str, number| (label.to_owned(), text.to_owned(), number);
    ShownRow {
        id: "019a0000-0000-7000-8000-000000000001".to_owned(),
        href: ONE.to_owned(),
        title: name.to_owned(),
        cells: vec![
            cell("所在区划", "五角场街道/国定路社区", false),
            cell("次数", "3", true),
            cell("电话", "—", false),
        ],
    }
}

impl Samples for IndexPage {
    fn samples() -> Vec<Self> {
        let entry = Entry {
            link: Link::new(BASE, "月探访"),
            count: "10000 条以上".to_owned(),
            note: "特殊困难老年人的探访，一次一行".to_owned(),
        };
        let page = |asked: &str, filters, groups| Self {
            shell: shell("登记簿"),
            query: Query::parse("/registers", asked),
            filters,
            groups,
        };
        let filter = || vec![Input::of("search", "q", "找登记簿").width("grow")];
        vec![
            page("", filter(), vec![("居家社区".to_owned(), vec![entry])]),
            page("q=%E6%97%A0", filter(), Vec::new()),
            page("", Vec::new(), Vec::new()),
        ]
    }
}

impl Samples for ListPage {
    fn samples() -> Vec<Self> {
        let page = |asked: &str, rows: Vec<ShownRow>, may| {
            let query = Query::parse(BASE, asked);
            let choices = vec![Choice::new("310110008000", "五角场街道")];
            let heads =
                Columns::new(&query).sorted("name", "姓名", "").plain("所在区划", "").sorted("times", "次数", "r");
            Self {
                shell: shell("月探访"),
                note: "特殊困难老年人的探访，一次一行".to_owned(),
                filters: vec![Input::of("search", "q", "搜索姓名"), Input::select("region", "所在区划", choices)],
                more: vec![Input::of("date", "f.visited_on.from", "探访日期从")],
                more_open: false,
                choices: vec![
                    ("name".to_owned(), "姓名".to_owned(), true),
                    ("note".to_owned(), "备注".to_owned(), false),
                ],
                columns: heads.plain("电话", "").done(),
                count: rows.len().to_string(),
                next: if rows.is_empty() { String::new() } else { format!("{BASE}?after=x") },
                previous: if asked.is_empty() { String::new() } else { format!("{BASE}?before=x") },
                first: if asked.is_empty() { String::new() } else { BASE.to_owned() },
                rows,
                base: BASE.to_owned(),
                asked: asked.to_owned(),
                query,
                may,
                map: true,
                views: vec![
                    Tab::new(BASE, "全部", asked.is_empty()),
                    Tab::new(format!("{BASE}?view=1"), "独居未探访（共享）", !asked.is_empty()),
                ],
                own_view: (!asked.is_empty()).then(|| ("1".to_owned(), "独居未探访".to_owned())),
                form: FormState::default(),
                passed_over: if may.0 { Vec::new() } else { vec!["limit=x：应是整数".to_owned()] },
            }
        };
        vec![
            page("", vec![row("王芳"), row("一个名字很长很长很长很长很长的人")], (true, true, true)),
            page("q=x&sort=name", vec![row("<script>")], (false, false, false)),
            page("q=x", Vec::new(), (true, true, true)),
            page("", Vec::new(), (true, true, true)),
            page("", Vec::new(), (false, false, false)),
        ]
    }
}

impl Samples for PrintPage {
    fn samples() -> Vec<Self> {
        let page = |rows: Vec<ShownRow>, cut: &str| Self {
            shell: shell("月探访"),
            about: "共 2 条；数据截至2025年9月30日".to_owned(),
            heads: ["姓名", "所在区划", "次数", "电话"].map(str::to_owned).to_vec(),
            rows,
            back: BASE.to_owned(),
            cut: cut.to_owned(),
        };
        vec![page(vec![row("王芳")], "只打印前 500 条"), page(Vec::new(), "")]
    }
}

impl Samples for DetailPage {
    fn samples() -> Vec<Self> {
        let field = |label: &str, text: &str, href: &str, hidden: &str| ShownField {
            label: label.to_owned(),
            text: text.to_owned(),
            href: href.to_owned(),
            hidden: hidden.to_owned(),
        };
        let page = |notice: &str, may, form: FormState| Self {
            shell: shell("王芳"),
            sections: vec![
                Section::new(
                    "基本信息",
                    vec![
                        field("姓名", "王芳", "", ""),
                        field("证件号", "990•••34", "", "id_number"),
                        field("护照号", "E12•••89", "", "passport"),
                        field("机构", "朝夕托育园", ONE, ""),
                    ],
                ),
                Section::new("", vec![field("备注", "—", "", "")]),
            ],
            origin: Origin::Synthetic,
            about: "第 2 版，2025年6月1日起生效；2025-06-01 09:30 由 clerk 登记".to_owned(),
            notice: notice.to_owned(),
            history: vec![
                TimelineItem::new(Tone::Ok, "2025-06-01 09:30", "修改：联系电话").by("clerk").text("本人来电更正"),
                TimelineItem::new(Tone::Ok, "2025-01-01 09:30", "登记").by("clerk"),
            ],
            base: ONE.to_owned(),
            id: "019a0000-0000-7000-8000-000000000001".to_owned(),
            may_write: may,
            may_reveal: may,
            asked: (String::new(), String::new()),
            form,
            merged: vec![(
                "019a0000-0000-7000-8000-000000000009".to_owned(),
                "王芳，2025-06-01 由 clerk 并入：重复".to_owned(),
            )],
            survivor: (!may).then(|| Link::new(ONE, "王芳")),
            may_restore: !may,
            files: super::evidence::sample(may),
            links: vec![Link::new("/", "一机构一档")],
            version: 2,
            related: vec![
                ShownRelated {
                    list: Link::new("", "监护关系：1 条"),
                    newest: vec![(Link::new(ONE, "王小明"), "监护人：王芳，父母，国定路社区".to_owned())],
                },
                ShownRelated {
                    list: Link::new(format!("{BASE}?f.person=1"), "月探访：3 条"),
                    newest: vec![(Link::new(ONE, "王芳"), "2025-06-01 登记，国定路社区".to_owned())],
                },
            ],
            related_left: if may { "培训".to_owned() } else { String::new() },
            may_erase: true,
            consents: true,
            purposes: if may { purposes() } else { Vec::new() },
            may_merge: may,
        };
        let refused = FormState::default().with_errors(vec![wrong("purpose")]);
        vec![
            page("", true, FormState::default()),
            page("已移出登记簿", false, FormState::default()),
            page("", true, refused),
        ]
    }
}

impl Samples for TransferPage {
    fn samples() -> Vec<Self> {
        let page = |form: FormState| Self {
            shell: shell("转到其他辖区：王芳"),
            form,
            name: "王芳".to_owned(),
            region: "五角场街道/国定路社区".to_owned(),
            base: ONE.to_owned(),
            version: 2,
        };
        vec![page(FormState::default()), page(FormState::default().with_errors(vec![wrong("region")]))]
    }
}

impl Samples for MergePage {
    fn samples() -> Vec<Self> {
        let page = |with: &str, offered, form: FormState| {
            let both = |label: &str, ours: &str, theirs: &str| Both {
                label: label.to_owned(),
                ours: ours.to_owned(),
                theirs: theirs.to_owned(),
                contradicts: label == "住址",
                pick: if ours == theirs { String::new() } else { format!("pick.{label}") },
                goes: ours == "—",
            };
            Self {
                shell: shell("合并重复登记：王芳"),
                base: ONE.to_owned(),
                asked: "王芳".to_owned(),
                offered,
                both: vec![both("姓名", "王芳", "王方"), both("住址", "—", "某路 1 号"), both("性别", "女", "女")],
                with: with.to_owned(),
                versions: (2, 1),
                swapped: ONE.to_owned(),
                two: if form.is_valid() { String::new() } else { "证件号".to_owned() },
                contradicting: "住址".to_owned(),
                form,
            }
        };
        let other = (Link::new(ONE, "王方"), "国定路社区，出生日期 1940-01-01".to_owned());
        let refused = FormState::default().with_errors(vec![wrong("reason")]);
        vec![
            page("", vec![other], FormState::default()),
            page("", Vec::new(), FormState::default()),
            page("019a0000-0000-7000-8000-000000000002", Vec::new(), FormState::default()),
            page("019a0000-0000-7000-8000-000000000002", Vec::new(), refused),
        ]
    }
}

impl Samples for EditPage {
    fn samples() -> Vec<Self> {
        let page = |form: FormState, version, meanwhile: &str, differences| Self {
            shell: shell("修改"),
            sections: vec![
                Section::new("基本信息", vec![Input::line("name", "姓名").filled(&form)]),
                Section::new("", vec![Input::lines("note", "备注").optional().filled(&form)]),
            ],
            form,
            action: format!("{ONE}/edit"),
            back: ONE.to_owned(),
            id: if version == 0 { "019a0000-0000-7000-8000-000000000001".to_owned() } else { String::new() },
            version,
            meanwhile: meanwhile.to_owned(),
            similar: if version == 0 {
                Vec::new()
            } else {
                vec![Link::new(ONE, "王芳 · 1940-01-01 · 国定路社区")]
            },
            similar_ids: if version == 0 { Vec::new() } else { vec!["1".to_owned()] },
            differences,
        };
        let typed = || FormState::typed(vec![("note".to_owned(), "“引号”<b>".to_owned())]);
        let difference = Difference { label: "姓名".to_owned(), theirs: "王芳".to_owned(), mine: String::new() };
        vec![
            page(FormState::default(), 0, "", Vec::new()),
            page(typed().with_errors(vec![wrong("name")]), 0, "", Vec::new()),
            page(typed(), 3, "officer 在 2025-06-01 09:30 改过这条登记", vec![difference]),
        ]
    }
}

impl Samples for RemovePage {
    fn samples() -> Vec<Self> {
        let page = |form: FormState| Self {
            shell: shell("移出登记簿"),
            form,
            name: "王芳".to_owned(),
            register: "月探访".to_owned(),
            base: ONE.to_owned(),
            version: 3,
            referring: "月探访 3 条".to_owned(),
        };
        vec![page(FormState::default()), page(FormState::default().with_errors(vec![wrong("reason")]))]
    }
}

impl Samples for ImportPage {
    fn samples() -> Vec<Self> {
        let page = |form: FormState, earlier| Self {
            shell: shell("导入月探访"),
            more: vec![Input::radios("crs", "经纬度的坐标系", vec![Choice::new("gcj02", "GCJ-02")]).filled(&form)],
            form,
            base: BASE.to_owned(),
            earlier,
        };
        let link = Link::new(format!("{BASE}/import/1"), "九月.xlsx");
        let one = (link, Tag::new(Tone::Ok, "已导入"), "新增 17，更新 0，退回 3".to_owned(), "clerk 上传".to_owned());
        vec![
            page(FormState::default(), vec![one]),
            page(FormState::default().with_errors(vec![wrong("file")]), Vec::new()),
        ]
    }
}

impl Samples for PreviewPage {
    fn samples() -> Vec<Self> {
        let cell = |text: &str, bad| PreviewCell { text: text.to_owned(), bad };
        let row = |number, bad| PreviewRow {
            number,
            verdict: "新增".to_owned(),
            cells: vec![cell("国定路社区", false), cell(if bad { "" } else { "王芳" }, bad)],
            reasons: if bad {
                vec![("请填写姓名".to_owned(), "与身份证件一致".to_owned())]
            } else {
                Vec::new()
            },
        };
        let page = |bad: Vec<PreviewRow>, good: Vec<PreviewRow>, confirm: &str| Self {
            shell: shell("导入预览"),
            about: "文件：九月.xlsx，共 20 行".to_owned(),
            tone: if bad.is_empty() { Tone::Ok } else { Tone::Slow },
            summary: "新增 17 行，3 行有误".to_owned(),
            advice: "改好后再传".to_owned(),
            unknown: if bad.is_empty() { String::new() } else { "序号".to_owned() },
            heads: vec!["所在区划".to_owned(), "姓名".to_owned()],
            bad_count: bad.len() as u64,
            similar: bad.iter().map(|row| (row.clone(), ONE.to_owned())).collect(),
            similar_count: bad.len() as u64,
            doubtful: bad.clone(),
            bad,
            good,
            confirm: confirm.to_owned(),
            can_drop: !confirm.is_empty(),
            here: format!("{BASE}/import/1"),
            base: BASE.to_owned(),
        };
        vec![
            page(vec![row(7, true), row(12, true)], vec![row(4, false)], "确认导入 17 行"),
            page(Vec::new(), Vec::new(), ""),
        ]
    }
}

impl Samples for BatchPage {
    fn samples() -> Vec<Self> {
        let page = |stop: &str, inputs: Vec<Input>, form: FormState| Self {
            shell: shell("批量修改月探访"),
            form,
            about: "选中的登记共 2 条；先预览，确认后才修改".to_owned(),
            stop: stop.to_owned(),
            first: [Input::select("field", "要改的栏目", vec![Choice::new("mode", "探访方式")]).value("mode")],
            key: "mode".to_owned(),
            inputs,
            selection: vec![("id".to_owned(), "019a0000-0000-7000-8000-000000000001".to_owned())],
            base: BASE.to_owned(),
        };
        let refused = FormState::default().with_errors(vec![wrong("reason")]);
        vec![
            page("", Vec::new(), FormState::default()),
            page("", vec![Input::line("reason", "修改原因").filled(&refused)], refused),
            page("没有选中登记", Vec::new(), FormState::default()),
        ]
    }
}

impl Samples for BatchPreviewPage {
    fn samples() -> Vec<Self> {
        let change = BatchChange {
            record: Link::new(ONE, "王芳"),
            region: "五角场街道".to_owned(),
            before: "—".to_owned(),
            after: "<入户>".to_owned(),
        };
        let page = |confirm: &str, changes: Vec<BatchChange>| Self {
            shell: shell("批量修改预览"),
            about: "探访方式改为“入户”".to_owned(),
            tone: Tone::Slow,
            summary: "将修改 1 条；0 条已是这个内容；2 条不能改".to_owned(),
            advice: String::new(),
            confirm: confirm.to_owned(),
            can_drop: !confirm.is_empty(),
            label: "探访方式".to_owned(),
            counts: (changes.len(), 2),
            changes,
            left: vec![(Link::words("不在本辖区的一条登记"), "别人改过".to_owned())],
            here: format!("{BASE}/batch/1"),
            base: BASE.to_owned(),
        };
        vec![page("确认修改 1 条", vec![change]), page("", Vec::new())]
    }
}

impl Samples for MapPage {
    fn samples() -> Vec<Self> {
        let mark = |count: &str, href: &str| Mark {
            x: "120.0".to_owned(),
            y: "90.0".to_owned(),
            r: "12.0".to_owned(),
            count: count.to_owned(),
            href: href.to_owned(),
            label: if count.is_empty() {
                "一处<很长的名字>".to_owned()
            } else {
                format!("{count} 处，放大")
            },
        };
        let page = |marks: Vec<Mark>, whole: &str| Self {
            shell: shell("助餐点地图"),
            query: Query::parse(&format!("{BASE}/map"), ""),
            filters: vec![Input::of("search", "q", "搜索名称")],
            list: BASE.to_owned(),
            about: format!("{} 处有坐标，2 处没有坐标", marks.len()),
            outlines: vec!["M0 0L10 0L10 10Z".to_owned()],
            marks,
            names: vec![("300.0".to_owned(), "200.0".to_owned(), "五角场街道".to_owned())],
            whole: whole.to_owned(),
            scale: ("80.0".to_owned(), "2 公里".to_owned()),
        };
        vec![page(vec![mark("", ONE), mark("12", BASE), mark("", "")], ""), page(Vec::new(), BASE)]
    }
}

fn purposes() -> Vec<Purpose> {
    let one = |key: &str, basis: Basis| Purpose {
        key: key.to_owned(),
        label: format!("用途 {key}"),
        basis,
        source: "个人信息保护法".to_owned(),
    };
    vec![one("duty", Basis::Duty), one("visit", Basis::Consent), one("sos", Basis::Emergency)]
}

impl Samples for ConsentsPage {
    fn samples() -> Vec<Self> {
        let one = |holds, tone, word: &str| ShownConsent {
            id: format!("019a0000-0000-7000-8000-00000000000{}", u8::from(holds)),
            purpose: format!("上门服务{}", u8::from(holds)),
            tag: Tag::new(tone, word),
            told: "2025年1月1日起；方式：书面".to_owned(),
            href: ONE.to_owned(),
            holds,
        };
        let page = |given, inputs, form| Self {
            shell: shell("同意：王秀兰"),
            name: "王秀兰".to_owned(),
            base: ONE.to_owned(),
            given,
            inputs,
            form,
        };
        let wrong_form = FormState::default().with_errors(vec![wrong("how")]);
        let inputs = vec![Input::line("how", "方式").filled(&wrong_form)];
        let both = vec![one(true, Tone::Ok, "有效"), one(false, Tone::Late, "已撤回")];
        vec![page(both, inputs, wrong_form), page(Vec::new(), Vec::new(), FormState::default())]
    }
}

impl Samples for RightsPage {
    fn samples() -> Vec<Self> {
        let page =
            |form| Self {
                shell: shell("本人的要求：王秀兰"), form, name: "王秀兰".to_owned(), base: ONE.to_owned()
            };
        let refused = FormState::typed(vec![("what".to_owned(), "erase".to_owned())]);
        vec![page(FormState::default()), page(refused.with_errors(vec![wrong("reason")]))]
    }
}

impl Samples for ErasuresPage {
    fn samples() -> Vec<Self> {
        let one = |tone, word: &str, waits, own| ShownErasure {
            id: format!("019a0000-0000-7000-8000-00000000000{}", u8::from(own)),
            tag: Tag::new(tone, word),
            what: "匿名化：月探访 12 条".to_owned(),
            told: vec!["保存期满".to_owned(), "2025-09-30 09:00 由 zhou 提请".to_owned()],
            waits,
            own,
        };
        let page = |rules, erasures, confirms| Self { shell: shell("保存期与删除"), rules, erasures, confirms };
        let rule = |key: &str, left| ShownRule {
            key: key.to_owned(),
            label: format!("月探访记录 {key}"),
            said: "探访日期满 5 年后匿名化".to_owned(),
            counted: "到期 12 条".to_owned(),
            left,
        };
        let done = one(Tone::Ok, "已执行", false, true);
        vec![
            page(vec![rule("a", 12), rule("b", 0)], vec![one(Tone::Slow, "待确认", true, true), done], false),
            page(Vec::new(), Vec::new(), false),
            page(Vec::new(), vec![one(Tone::Slow, "待确认", true, false)], true),
        ]
    }
}
