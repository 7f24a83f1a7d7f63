//! `tasks.toml` and `projects.toml`.

use super::{Known, check_keys, check_reference, check_references, check_source, check_text};
use crate::desk::{Desk, words};
use crate::draft::REGIONS;
use crate::model::Project;
use crate::tree::Step;

pub(super) fn check(desk: &mut Desk, known: &Known<'_>) {
    check_tasks(desk, known);
    check_projects(desk, known);
}

fn prefix<'k>(known: &'k Known<'_>) -> Option<&'k str> {
    known.draft.manifest.as_ref().map(|manifest| manifest.prefix())
}

fn check_tasks(desk: &mut Desk, known: &Known<'_>) {
    let rows = &known.draft.tasks;
    check_keys(desk, rows, prefix(known), |one| &one.key);
    for (index, task) in &rows.items {
        let element = rows.steps(*index);
        let at = (rows.file, element.as_slice());
        check_text(desk, at, "title", &task.title);
        check_source(desk, at, &task.source, known);
        let home = ("部门", "departments.toml");
        check_references(desk, at, "lead", home, &task.lead, &known.departments);
        check_references(desk, at, "participate", home, &task.participate, &known.departments);
        check_references(desk, at, "indicators", ("指标", "indicators.toml"), &task.indicators, &known.indicators);
        check_references(desk, at, "projects", ("项目", "projects.toml"), &task.projects, &known.projects);
        for (place, milestone) in task.milestones.iter().enumerate() {
            let mut steps = element.clone();
            steps.extend([Step::from("milestones"), Step::from(place)]);
            check_text(desk, (rows.file, &steps), "text", &milestone.text);
            if let Some(source) = &milestone.source {
                check_source(desk, (rows.file, &steps), source, known);
            }
        }
    }
}

fn check_projects(desk: &mut Desk, known: &Known<'_>) {
    let rows = &known.draft.projects;
    check_keys(desk, rows, prefix(known), |one| &one.key);
    for (index, project) in &rows.items {
        let element = rows.steps(*index);
        let at = (rows.file, element.as_slice());
        check_text(desk, at, "name", &project.name);
        check_source(desk, at, &project.source, known);
        check_references(desk, at, "lead", ("部门", "departments.toml"), &project.lead, &known.departments);
        check_references(desk, at, "indicators", ("指标", "indicators.toml"), &project.indicators, &known.indicators);
        if let Some(region) = &project.region {
            let steps = rows.key(*index, "region");
            check_reference(desk, (rows.file, &steps), ("区划", REGIONS), region, &known.regions);
        }
        if let (Some(start), Some(end)) = (project.start, project.end)
            && end < start
        {
            let message = format!("起止年份倒置：{start} 晚于 {end}");
            desk.report(rows.file, &rows.key(*index, "end"), words("pack.upside_down", message, "改正其中一个年份"));
        }
        check_money(desk, rows.file, &rows.key(*index, "central_budget_wan"), project);
    }
}

fn check_money(desk: &mut Desk, file: &str, steps: &[Step], project: &Project) {
    if let (Some(whole), Some(central)) = (project.investment_wan, project.central_budget_wan)
        && central > whole
    {
        let message = format!("中央预算内资金 {central} 万元多于总投资 {whole} 万元");
        desk.report(file, steps, words("pack.conflict", message, "核对计划原文，改正其中一个数"));
    }
}
