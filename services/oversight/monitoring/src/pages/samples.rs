//! What samples of pages share.

use chrono::NaiveDate;
use web::{Chrome, NavItem, Shell, UserBadge};

/// The day on which samples stand.
pub(crate) fn day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2025, 9, 30).unwrap_or_default()
}

/// A desk's shell.
pub(crate) fn shell(title: &str) -> Shell {
    let user = UserBadge {
        name: "周敏".to_owned(),
        unit: "扬州市 · 民政局 · 部门经办".to_owned(),
        account: "/account".to_owned(),
        sign_out: "/logout".to_owned(),
    };
    let chrome = Chrome {
        place: "扬州市养老托育服务平台".to_owned(),
        note: "演示合成数据".to_owned(),
        user: Some(user),
        nav: vec![
            NavItem::new("/leader", "一页总览", "layout-dashboard").group("方案"),
            NavItem::new("/tasks", "任务", "clipboard-check").group("方案"),
            NavItem::new("/projects", "项目", "building-2").group("方案"),
            NavItem::new("/supervision", "督办", "flag").badge(2).group("工作"),
        ],
        ..Chrome::default()
    };
    Shell { csrf: "token".to_owned(), here: "/tasks".to_owned(), ..Shell::default() }
        .with(chrome)
        .titled(title)
        .as_of(documents::fmt::day(day()))
}
