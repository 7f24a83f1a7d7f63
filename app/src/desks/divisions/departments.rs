//! The list of departments: the offices that plans give duties to.

use super::regions::sample_provenance;
use super::{LEVELS, Provenance, level_word, places_of, provenance, way};
use crate::house::House;
use askama::Template;
use axum::Extension;
use axum::extract::State;
use identity::Actor;
use pack_reader::Pack;
use places::Department;
use std::sync::Arc;
use web::{Choice, Input, Link, Page, Pager, Query, Samples, Shell, WebError};

/// One department of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct DepartmentRow {
    pub link: Link,
    pub key: String,
    pub short: String,
    pub aliases: String,
    pub level: String,
    /// Indicators, tasks and projects that it leads.
    pub leads: [usize; 3],
    pub active: bool,
    /// The place, where there are several.
    pub place: String,
}

/// How many indicators, tasks and projects a department leads.
pub(super) fn leads(pack: &Pack, key: &str) -> [usize; 3] {
    let named = |lead: &[String]| lead.iter().any(|one| one == key);
    [
        pack.indicators.iter().filter(|one| named(&one.lead)).count(),
        pack.tasks.iter().filter(|one| named(&one.lead)).count(),
        pack.projects.iter().filter(|one| named(&one.lead)).count(),
    ]
}

/// A department's level, with its region and whether it stands for several.
pub(super) fn level_of(department: &Department, region: Option<&str>) -> String {
    let region = region.map(|name| format!("（{name}）")).unwrap_or_default();
    let several = if department.collective { "，泛指" } else { "" };
    format!("{}{region}{several}", level_word(&department.level))
}

pub(super) fn fits(department: &Department, query: &Query) -> bool {
    let (text, level) = (query.text("q").trim(), query.text("level"));
    let named = [&department.key, &department.name, &department.short].into_iter().chain(&department.aliases);
    let active = department.active || query.text("state") == "all";
    active && (level.is_empty() || department.level == level) && named.into_iter().any(|name| name.contains(text))
}

/// Whether an address asks for levels and states that there are.
pub(super) fn understood(query: &Query) -> Result<(), WebError> {
    let known = LEVELS.iter().any(|(key, _)| *key == query.text("level"));
    if query.get("level").is_some() && !known {
        return Err(WebError::bad_request("没有这个层级", "请从列表中选择层级"));
    }
    if query.get("state").is_some_and(|state| state != "all") {
        return Err(WebError::bad_request("state 只能写 all", "不写为现行方案列出的部门"));
    }
    Ok(())
}

/// Every department that an address asks for: of the reader's place, or of all for who works for the whole server.
pub(super) async fn rows(house: &House, actor: &Actor, query: &Query) -> Result<Vec<DepartmentRow>, WebError> {
    understood(query)?;
    let places = places_of(house, actor);
    let (tree, today, several) = (house.regions(), house.clock.today(), places.len() > 1);
    let mut rows = Vec::new();
    for (place, adopted) in &places {
        let all = places::departments_ever(&house.db, place).await.map_err(WebError::fault)?;
        for one in all.iter().filter(|one| fits(one, query)) {
            let tail = if several { format!("?place={place}") } else { String::new() };
            let region = one.region.as_deref();
            let region = region.map(|code| tree.region(code, today).map_or(code, |found| found.name.as_str()));
            rows.push(DepartmentRow {
                link: Link::new(format!("/departments/{}{tail}", one.key), one.name.as_str()),
                key: one.key.clone(),
                short: if one.short == one.name { String::new() } else { one.short.clone() },
                aliases: one.aliases.join("、"),
                level: level_of(one, region),
                leads: leads(&adopted.pack, &one.key),
                active: one.active,
                place: if several { adopted.pack.manifest.short_name.clone() } else { String::new() },
            });
        }
    }
    Ok(rows)
}

#[derive(Debug, Template)]
#[template(path = "departments.html")]
struct DepartmentsPage {
    shell: Shell,
    query: Query,
    about: String,
    rows: Vec<DepartmentRow>,
    pager: Pager,
    from: Provenance,
}

impl DepartmentsPage {
    fn filters(&self) -> Vec<Input> {
        let levels = LEVELS.iter().map(|(key, word)| Choice::new(*key, *word)).collect();
        let states = vec![Choice::new("all", "连同不再列出的")];
        let text = |name: &str| self.query.text(name).to_owned();
        vec![
            Input::select("level", "层级", levels).unchosen("全部").value(text("level")),
            Input::select("state", "范围", states).unchosen("现行方案列出的").value(text("state")),
            Input::of("search", "q", "名称、简称或别名").width("grow").value(text("q")),
        ]
    }
}

pub(super) async fn list(
    State(house): State<Arc<House>>,
    Extension(actor): Extension<Actor>,
    shell: Shell,
    query: Query,
) -> Result<Page<impl Template>, WebError> {
    let all = rows(&house, &actor, &query).await?;
    let pager = Pager::new(&query, all.len() as u64, Pager::ROWS);
    let first = usize::try_from(pager.offset()).unwrap_or(0);
    Ok(Page(DepartmentsPage {
        shell: shell.titled("部门").under(way(&actor, None)),
        about: format!("方案给任务的单位，共 {} 个", all.len()),
        rows: all.into_iter().skip(first).take(usize::try_from(Pager::ROWS).unwrap_or(50)).collect(),
        pager,
        from: provenance(&actor, &places_of(&house, &actor)),
        query,
    }))
}

impl Samples for DepartmentsPage {
    fn samples() -> Vec<Self> {
        let row = DepartmentRow {
            link: Link::new("/departments/mzj", "市民政局"),
            key: "mzj".to_owned(),
            short: "民政局".to_owned(),
            aliases: "民政部门".to_owned(),
            level: "本级".to_owned(),
            leads: [12, 8, 0],
            active: true,
            place: String::new(),
        };
        let gone = DepartmentRow {
            active: false,
            short: String::new(),
            aliases: String::new(),
            place: "扬州".to_owned(),
            ..row.clone()
        };
        let page = |rows: Vec<DepartmentRow>, query: &str| {
            let query = Query::parse("/departments", query);
            Self {
                shell: Shell::default().titled("部门"),
                about: "共 2 个".to_owned(),
                pager: Pager::new(&query, rows.len() as u64, Pager::ROWS),
                rows,
                from: sample_provenance(),
                query,
            }
        };
        vec![page(vec![row, gone], "state=all"), page(Vec::new(), "q=x"), page(Vec::new(), "")]
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn samples_render() {
        assert_eq!(web::samples::render_all::<super::DepartmentsPage>(), Ok(3));
    }
}
