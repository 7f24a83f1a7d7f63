//! The handlers of the gallery.

use crate::sample::{self, Indicator};
use askama::Template;
use axum::{
    extract::Path,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use vocabulary::{Origin, Violation};
use web::{
    Bar, ChainLink, Choice, Column, Columns, Figure, Flash, FormState, Input, Link, Markup, Page, Pager, Posted, Query,
    SegPart, Shell, Tab, Tag, TimelineItem, Tone, WebError,
    pages::{AccessibilityPage, DemoAccount, LoginPage},
    see_other,
    svg::{self, Chart, LegendItem, Series},
};

const DAY: &str = "2025年9月30日";

#[derive(Template)]
#[template(path = "front.html")]
pub struct FrontPage {
    shell: Shell,
    figures: Vec<Figure>,
    overall: Vec<SegPart>,
    map: Markup,
    legend: Vec<LegendItem>,
}

fn figures() -> Vec<Figure> {
    vec![
        Figure::new("60岁及以上老年人", "128.6", "万人")
            .remark("占户籍人口 29.4%")
            .origin(Origin::Synthetic)
            .href("/list"),
        Figure::new("养老床位", "41,208", "张").remark("其中护理型 68.9%").origin(Origin::Measured).href("/list"),
        Figure::new("3岁以下婴幼儿托位", "14,930", "个")
            .remark("每千人口 4.21 个")
            .origin(Origin::Reported)
            .href("/list"),
        Figure::new("长者食堂", "", "家").remark("各县区正在核对").origin(Origin::Planned),
    ]
}

fn hexes() -> Markup {
    svg::hex_map("hex", "各街道每千人口托位数，2025年9月30日，数值见下方列表", &sample::cells())
}

pub async fn front(shell: Shell) -> impl IntoResponse {
    Page(FrontPage {
        shell: shell.titled("一老一小服务").as_of(DAY),
        figures: figures(),
        overall: sample::overall(),
        map: hexes(),
        legend: sample::scale().legend("个", true),
    })
}

fn login_page(shell: Shell, form: FormState) -> LoginPage {
    let demo = [("市民政局经办", "yz-minzheng"), ("街道经办", "yz-jiedao"), ("领导", "yz-lingdao")]
        .map(|(desk, account)| DemoAccount {
            desk: desk.into(),
            account: account.into(),
            password: "zhaoxi-demo".into(),
        })
        .to_vec();
    LoginPage { shell: shell.titled("登录"), form, action: "/login".into(), back: "/desk".into(), demo }
}

pub async fn login(shell: Shell) -> impl IntoResponse {
    Page(login_page(shell, FormState::default()))
}

pub async fn login_refused(shell: Shell, posted: Posted) -> Response {
    let wrong =
        Violation::new("login.refused", "account", "账号或密码不对", "请核对后再输一次；连续输错 5 次要等 10 分钟");
    Page(login_page(shell, posted.form().with_errors(vec![wrong]))).invalid()
}

pub async fn logout(_posted: Posted) -> Response {
    (Flash::done("已退出登录"), see_other("/login")).into_response()
}

pub async fn accessibility(shell: Shell) -> impl IntoResponse {
    Page(AccessibilityPage { shell: shell.titled("无障碍声明") })
}

#[derive(Template)]
#[template(path = "dashboard.html")]
pub struct DeskPage {
    shell: Shell,
    overall: Vec<SegPart>,
    watch: Vec<Indicator>,
    map: Markup,
    legend: Vec<LegendItem>,
    bars: Vec<Bar>,
    figures: Vec<Figure>,
}

pub async fn desk(shell: Shell) -> impl IntoResponse {
    Page(DeskPage {
        shell: shell.titled("总览").as_of(DAY),
        overall: sample::overall(),
        watch: sample::indicators().into_iter().filter(|row| matches!(row.tag.tone, Tone::Late | Tone::Slow)).collect(),
        map: hexes(),
        legend: sample::scale().legend("个", true),
        bars: sample::bars(),
        figures: figures(),
    })
}

#[derive(Template)]
#[template(path = "list.html")]
pub struct ListPage {
    shell: Shell,
    query: Query,
    filters: Vec<Input>,
    columns: Vec<Column>,
    elder: Vec<Indicator>,
    child: Vec<Indicator>,
    pager: Pager,
}

pub async fn list(shell: Shell, query: Query) -> impl IntoResponse {
    let choices = |list: &[(&str, &str)]| list.iter().map(|(value, label)| Choice::new(*value, *label)).collect();
    let filters = vec![
        Input::select("cat", "类别", choices(&[("elder", "养老"), ("child", "托育")]))
            .unchosen("全部")
            .value(query.text("cat")),
        Input::select("org", "牵头单位", choices(&[("mz", "民政局"), ("wj", "卫健委")]))
            .unchosen("全部单位")
            .value(query.text("org")),
        Input::of("search", "q", "指标名称").width("grow").value(query.text("q")),
    ];
    let columns = Columns::new(&query)
        .plain("序号", "")
        .plain("指标（单位）", "")
        .plain("属性", "")
        .plain("牵头单位", "")
        .plain("2023基期", "r")
        .plain("2025目标", "r")
        .plain("本期实际", "r")
        .sorted("progress", "完成进度", "")
        .plain("近8季走势", "")
        .sorted("status", "状态", "")
        .done();
    let mut all: Vec<Indicator> =
        sample::indicators().into_iter().filter(|row| row.name.contains(query.text("q"))).collect();
    let child = all.split_off(all.iter().position(|row| row.no > 8).unwrap_or(all.len()));
    let rows = (all.len() + child.len()) as u64;
    let total = if query.is_filtered() { rows } else { 412 };
    Page(ListPage {
        shell: shell.titled("主要指标").as_of(DAY),
        pager: Pager::new(&query, total, Pager::ROWS),
        columns,
        query,
        filters,
        elder: all,
        child,
    })
}

#[derive(Template)]
#[template(path = "nothing.html")]
pub struct EmptyPage {
    shell: Shell,
}

pub async fn empty(shell: Shell) -> impl IntoResponse {
    Page(EmptyPage { shell: shell.titled("老年人").under(vec![Link::new("/desk", "登记簿")]) })
}

#[derive(Template)]
#[template(path = "record.html")]
pub struct RecordPage {
    shell: Shell,
    tabs: Vec<Tab>,
    chain: Vec<ChainLink>,
    chart: Markup,
    history: Vec<TimelineItem>,
    tag: Tag,
}

pub async fn record(shell: Shell) -> impl IntoResponse {
    let labels =
        ["2023年", "2024年一季", "2024年二季", "2024年三季", "2024年四季", "2025年一季", "2025年二季", "2025年三季"];
    let chart = svg::chart(&Chart {
        id: "trend".into(),
        title: "每千人口托位数，全市，按季".into(),
        unit: "个/千人".into(),
        labels: labels.map(str::to_owned).to_vec(),
        series: vec![
            Series {
                name: "实际".into(),
                values: vec![Some(4.0), Some(4.01), Some(4.05), None, Some(4.1), Some(4.16), Some(4.19), Some(4.21)],
                planned: false,
            },
            Series {
                name: "目标路径".into(),
                values: (0..8).map(|step| Some(4.0 + 0.55 * f64::from(step) / 7.0)).collect(),
                planned: true,
            },
        ],
        from_zero: false,
    });
    let shell = shell
        .titled("每千人口拥有3岁以下婴幼儿托位数")
        .as_of(DAY)
        .under(vec![Link::new("/desk", "方案"), Link::new("/list", "主要指标")]);
    Page(RecordPage {
        shell,
        tabs: vec![
            Tab::new("/record", "概况", true),
            Tab::new("/list", "明细", false).count(412),
            Tab::new("/empty", "意见", false).count(0),
        ],
        chain: vec![
            ChainLink::new("条款", Link::new("/paper", "第三章第二节：扩大普惠托位供给"), "原文第 14 页"),
            ChainLink::new("任务", Link::new("/record", "新建社区托育点 34 个"), "市卫健委牵头"),
            ChainLink::new("指标", Link::words("每千人口托位数"), "约束性").here(),
            ChainLink::new("数据", Link::new("/list", "托育机构登记簿 412 行"), "截至 2025-09-30"),
        ],
        chart,
        history: vec![
            TimelineItem::new(Tone::Late, "9月28日", "督办")
                .at("2025-09-28")
                .by("周敏（市民政局）")
                .text("三季度只增加 60 个托位，请在 10 月 10 日前报补救安排。"),
            TimelineItem::new(Tone::Run, "9月20日", "三季度数据待签发")
                .at("2025-09-20")
                .by("市卫健委 李强")
                .link("/form", "去签发"),
            TimelineItem::new(Tone::Ok, "7月8日", "二季度数据已签发").at("2025-07-08").by("市卫健委 李强"),
            TimelineItem::new(Tone::None, "12月31日", "年度关账"),
        ],
        tag: Tag::status("late"),
    })
}

#[derive(Template)]
#[template(path = "fill.html")]
pub struct FormPage {
    shell: Shell,
    form: FormState,
    fields: Vec<Input>,
}

fn form_page(shell: Shell, form: FormState) -> FormPage {
    let yes_no =
        || vec![Choice::new("public", "公办"), Choice::new("private", "民办"), Choice::new("mixed", "公建民营")];
    let fields = [
        Input::line("name", "机构名称").hint("与登记证书一致"),
        Input::line("code", "统一社会信用代码").hint("18 位").width("m"),
        Input::select("kind", "机构类型", vec![Choice::new("home", "养老院"), Choice::new("nursery", "托育园")])
            .unchosen("请选择")
            .width("m"),
        Input::radios("nature", "性质", yes_no()),
        Input::number("beds", "核定床位").unit("张"),
        Input::of("date", "opened", "开业日期").width("s"),
        Input::of("tel", "phone", "联系电话").hint("手机，或带区号的座机").width("m").autocomplete("tel"),
        Input::ticks(
            "serves",
            "服务内容",
            vec![Choice::new("day", "日间照料"), Choice::new("meal", "助餐"), Choice::new("bath", "助浴")],
        )
        .optional(),
        Input::lines("remark", "备注").optional(),
        Input::file("licence", "登记证书照片", ".jpg,.png,.pdf").hint("每张不超过 5 MB").optional(),
        Input::tick("sure", "我已核对，以上内容真实"),
    ]
    .map(|input| input.filled(&form))
    .to_vec();
    FormPage { shell: shell.titled("登记机构").under(vec![Link::new("/list", "机构")]), form, fields }
}

pub async fn form(shell: Shell) -> impl IntoResponse {
    Page(form_page(shell, FormState::default()))
}

pub async fn form_sent(shell: Shell, posted: Posted) -> Response {
    let needed = [
        ("name", "请填写机构名称", "按登记证书上的全称填"),
        ("phone", "请填写联系电话", "填 11 位手机号，或带区号的座机"),
        ("nature", "请选择性质", "三项中选一项"),
    ];
    let wrong: Vec<Violation> = needed
        .into_iter()
        .filter(|(name, _, _)| posted.text(name).is_empty())
        .map(|(name, message, remedy)| Violation::new("form.required", name, message, remedy))
        .collect();
    if wrong.is_empty() {
        return (Flash::done(format!("已登记：{}", posted.text("name"))), see_other("/list")).into_response();
    }
    Page(form_page(shell, posted.form().with_errors(wrong))).invalid()
}

#[derive(Template)]
#[template(path = "preview.html")]
pub struct ImportPage {
    shell: Shell,
}

pub async fn import(shell: Shell) -> impl IntoResponse {
    Page(ImportPage { shell: shell.titled("导入预览").under(vec![Link::new("/list", "月探访登记簿")]) })
}

#[derive(Template)]
#[template(path = "island.html")]
pub struct MapPage {
    shell: Shell,
    map: Markup,
    data: Markup,
    legend: Vec<LegendItem>,
    bars: Vec<Bar>,
}

pub async fn map(shell: Shell) -> impl IntoResponse {
    let areas = sample::areas();
    let points: Vec<serde_json::Value> = (0..260)
        .map(|index| {
            let (x, y) = (f64::from(index % 20), f64::from(index / 20));
            serde_json::json!({ "at": [121.49 + x * 0.0035, 29.86 + y * 0.0035], "kind": index % 3 + 1, "name": format!("第{index}家机构"), "text": "床位 40 张", "href": "/record" })
        })
        .collect();
    Page(MapPage {
        shell: shell.titled("设施与规划").as_of(DAY),
        map: svg::choropleth("area", "各街道每千人口托位数，2025年9月30日", &areas),
        data: svg::island_data("各街道每千人口托位数", &areas, &points),
        legend: sample::scale().legend("个", true),
        bars: sample::bars(),
    })
}

#[derive(Template)]
#[template(path = "on_the_way.html")]
pub struct FieldPage {
    shell: Shell,
}

pub async fn field(shell: Shell) -> impl IntoResponse {
    Page(FieldPage { shell: shell.titled("今天的探访") })
}

#[derive(Template)]
#[template(path = "elder_home.html")]
pub struct ElderPage {
    shell: Shell,
}

pub async fn elder(shell: Shell) -> impl IntoResponse {
    Page(ElderPage { shell: shell.titled("首页") })
}

#[derive(Template)]
#[template(path = "elder_call.html")]
pub struct CallPage {
    shell: Shell,
}

pub async fn elder_call(shell: Shell) -> impl IntoResponse {
    Page(CallPage { shell: shell.titled("紧急呼叫") })
}

#[derive(Template)]
#[template(path = "screen.html")]
pub struct WallPage {
    shell: Shell,
    overall: Vec<SegPart>,
    watch: Vec<Indicator>,
    map: Markup,
    legend: Vec<LegendItem>,
    bars: Vec<Bar>,
}

pub async fn wall(shell: Shell, query: Query) -> Response {
    if query.text("tile") == "broken" {
        return WebError::fault("this tile always fails").into_response();
    }
    Page(WallPage {
        shell: shell.titled("一老一小运行情况").as_of(DAY),
        overall: sample::overall(),
        watch: sample::indicators().into_iter().filter(|row| row.tag.tone == Tone::Late).collect(),
        map: hexes(),
        legend: sample::scale().legend("个", true),
        bars: sample::bars(),
    })
    .into_response()
}

#[derive(Template)]
#[template(path = "bulletin.html")]
pub struct PaperPage {
    shell: Shell,
    rows: Vec<Indicator>,
}

pub async fn paper(shell: Shell) -> impl IntoResponse {
    Page(PaperPage { shell: shell.titled("2025年第三季度简报"), rows: sample::indicators() })
}

pub async fn error(Path(kind): Path<String>) -> Response {
    let wrong = vec![
        Violation::new("record.required", "phone", "请填写联系电话", "填 11 位手机号"),
        Violation::new("record.date", "opened", "2025-13-01 不是日期", "写成 2025-09-30 的样子"),
    ];
    match kind.as_str() {
        "403" => WebError::Forbidden("您的账号没有权限查看老年人名册；如工作需要，请联系本单位的安全管理员开通".into()),
        "422" => WebError::Invalid(wrong),
        "409" => WebError::Conflict("别人刚刚改过这条记录。".into()),
        "500" => WebError::fault("asked for"),
        "bare" => return StatusCode::METHOD_NOT_ALLOWED.into_response(),
        _ => WebError::not_found("这家机构"),
    }
    .into_response()
}
