//! What stands around every page: the place, the desk's navigation, what waits there.

use crate::house::House;
use identity::{Actor, Role};
use web::parts::Link;
use web::{Chrome, NavItem, Search, UserBadge};

/// Around a page for everyone.
#[must_use]
pub fn public(house: &House, place: Option<&str>) -> Chrome {
    Chrome {
        place: place.and_then(|code| place_name(house, code)).unwrap_or_default(),
        note: note(house),
        nav: vec![
            NavItem::new("/", "首页", "house"),
            NavItem::new("/services", "找服务", "map"),
            NavItem::new("/accessibility", "无障碍", "info"),
        ],
        help: Some(Link::new("/services/help", "求助")),
        ..Chrome::default()
    }
}

fn note(house: &House) -> String {
    if house.settings.demo.enabled { "演示合成数据".to_owned() } else { String::new() }
}

fn place_name(house: &House, code: &str) -> Option<String> {
    let adopted = house.plans.in_force(code, house.clock.today())?;
    Some(adopted.pack.manifest.display_name.clone())
}

/// Around the pages at which someone shows or sets up a second factor: their name and the way out.
pub fn at_the_door(house: &House, actor: &Actor) -> Chrome {
    Chrome {
        place: "登录".to_owned(),
        note: note(house),
        user: Some(UserBadge {
            name: actor.name.clone(),
            unit: actor.role.label().to_owned(),
            account: crate::guard::SECOND_PAGE.to_owned(),
            sign_out: "/logout".to_owned(),
        }),
        ..Chrome::default()
    }
}

/// Around a page of someone signed in.
pub async fn of(house: &House, actor: &Actor) -> Chrome {
    // A page that cannot say how many things wait is better than no page.
    let waiting = house.monitoring.waiting(actor).await.unwrap_or_default();
    Chrome {
        place: place_name(house, &actor.place).unwrap_or_else(|| "系统管理".to_owned()),
        note: note(house),
        user: Some(UserBadge {
            name: actor.name.clone(),
            unit: unit(house, actor),
            account: "/account".to_owned(),
            sign_out: "/logout".to_owned(),
        }),
        nav: nav(actor, waiting, pressing(house, actor).await),
        search: searches(actor).then(|| Search {
            action: "/search".to_owned(),
            label: "搜索人员、机构、指标".to_owned(),
            value: String::new(),
        }),
        messages: house.cases.notices().unread(actor).await.ok().map(|unread| ("/inbox".to_owned(), unread)),
        ..Chrome::default()
    }
}

fn unit(house: &House, actor: &Actor) -> String {
    let adopted = house.plans.in_force(&actor.place, house.clock.today());
    let department = actor
        .department
        .as_ref()
        .and_then(|key| adopted.as_ref().map(|adopted| monitoring::pages::department_name(adopted, key).to_owned()));
    let region = actor.region.codes().last().and_then(|code| {
        adopted.as_ref().and_then(|adopted| adopted.pack.region(code)).map(|region| region.name.clone())
    });
    [region, department, Some(actor.role.label().to_owned())].into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// Cases that are late or near their deadline and wait for somebody.
async fn pressing(house: &House, actor: &Actor) -> u64 {
    if !actor.may(&crate::desks::WORK) {
        return 0;
    }
    let wanted = cases::Wanted { mine: true, ..cases::Wanted::default() };
    house.cases.counts(actor, &wanted).await.map_or(0, |counts| counts.late + counts.soon)
}

fn reads_plan(actor: &Actor) -> bool {
    actor.may(&monitoring::actions::READ)
}

fn searches(actor: &Actor) -> bool {
    actor.may(&monitoring::actions::READ_ROWS)
}

/// The navigation of a desk: only what its role may open.
fn nav(actor: &Actor, waiting: monitoring::Waiting, pressing: u64) -> Vec<NavItem> {
    let mut nav = Vec::new();
    if actor.may(&crate::desks::WORK) {
        nav.push(NavItem::new("/work", "我的工作", "list-checks").badge(pressing).group("我的"));
        nav.push(NavItem::new("/cases", "办件", "file-text").group("我的"));
    }
    if reads_plan(actor) {
        nav.push(NavItem::new("/leader", "一页总览", "layout-dashboard").group("方案"));
        nav.push(NavItem::new("/indicators", "主要指标", "chart-line").group("方案"));
        nav.push(NavItem::new("/tasks", "任务", "clipboard-check").group("方案"));
        nav.push(NavItem::new("/projects", "项目", "building-2").group("方案"));
        nav.push(NavItem::new("/walking", "步行可达", "map").group("方案"));
        nav.push(NavItem::new("/plan", "方案内容", "file-text").group("方案"));
        nav.push(NavItem::new("/supervision", "督办", "flag").badge(waiting.supervision).group("工作"));
    }
    if actor.may(&monitoring::actions::PROPOSE) {
        nav.push(NavItem::new("/reports", "填报与审签", "pencil-line").badge(waiting.reports).group("工作"));
        nav.push(NavItem::new("/registers", "登记簿", "database").group("工作"));
        nav.push(NavItem::new("/regions", "区划", "map-pin").group("工作"));
        nav.push(NavItem::new("/departments", "部门", "landmark").group("工作"));
        nav.push(NavItem::new("/erasures", "保存期与删除", "trash-2").group("工作"));
    }
    if reads_plan(actor) {
        nav.push(NavItem::new("/bulletin", "通报", "file-spreadsheet").group("成果"));
        nav.push(NavItem::new("/wall", "大屏", "maximize").group("成果"));
    }
    if actor.may(&monitoring::actions::CLOSE) {
        nav.push(NavItem::new("/closing", "年度关账", "lock").group("成果"));
    }
    match actor.role {
        Role::SecurityAdmin => {
            nav.push(NavItem::new("/admin/accounts", "账号", "users"));
            nav.push(NavItem::new("/departments", "部门", "landmark"));
            nav.push(NavItem::new("/regions", "区划", "map-pin"));
            nav.push(NavItem::new("/admin/erasures", "删除的确认", "trash-2"));
            nav.push(NavItem::new("/admin/self-check", "等保自查", "clipboard-check"));
        }
        Role::AuditAdmin => {
            nav.push(NavItem::new("/admin/audit", "审计", "shield-check"));
            nav.push(NavItem::new("/admin/self-check", "等保自查", "clipboard-check"));
        }
        Role::SystemAdmin => {
            nav.push(NavItem::new("/admin/system", "系统", "sliders-horizontal"));
            nav.push(NavItem::new("/admin/packs", "方案包", "file-text"));
            nav.push(NavItem::new("/regions", "区划", "map-pin"));
            nav.push(NavItem::new("/departments", "部门", "landmark"));
        }
        Role::FieldWorker => nav.push(NavItem::new("/field", "今日探访", "hand-heart")),
        Role::Institution => nav.push(NavItem::new("/institution", "本机构", "building-2").group("我的")),
        _ => {}
    }
    nav
}
