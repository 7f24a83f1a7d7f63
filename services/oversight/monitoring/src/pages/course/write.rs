//! What is stated of tasks and projects: the same four forms for both.

use super::forms::{self, Work};
use super::is_concerned;
use crate::actions::{COMMENT, PROGRESS};
use crate::commands;
use crate::pages::{View, context};
use crate::service::Monitoring;
use axum::Extension;
use axum::extract::{Path, State};
use axum::http::Method;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use identity::{Actor, Refusal};
use uuid::Uuid;
use web::{Flash, FormState, Page, Posted, Query, Route, Shell, WebError, see_other};

/// What is stated of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A task.
    Task,
    /// A project.
    Project,
}

type Service = State<(Monitoring, Kind)>;

/// The routes for tasks or for projects.
pub(crate) fn routes(service: &Monitoring, kind: Kind) -> Vec<Route> {
    let base = match kind {
        Kind::Task => "/tasks/{key}",
        Kind::Project => "/projects/{key}",
    };
    let s = || (service.clone(), kind);
    let form = |path: &str, summary, handler| {
        Route::page(Method::GET, format!("{base}{path}"), PROGRESS.key, summary, handler)
    };
    let state = |path: &str, action: &'static str, summary, handler| {
        Route::page(Method::POST, format!("{base}{path}"), action, summary, handler)
    };
    vec![
        form("/progress", "填报进展", get(progress_form).with_state(s())),
        state("/progress", PROGRESS.key, "填报进展", post(state_progress).with_state(s())),
        form("/steps/new", "增加节点", get(step_form).with_state(s())),
        state("/steps/new", PROGRESS.key, "增加节点", post(add_step).with_state(s())),
        form("/steps/{id}", "完成节点", get(reach_form).with_state(s())),
        state("/steps/{id}", PROGRESS.key, "完成节点", post(reach_step).with_state(s())),
        state("/comments", COMMENT.key, "留言", post(comment).with_state(s())),
    ]
}

/// A task or project, looked at by someone who wants to state something.
struct Desk {
    view: View,
    work: Work,
    form: FormState,
}

impl Desk {
    async fn open(
        (service, kind): &(Monitoring, Kind),
        actor: &Actor,
        key: &str,
        query: &Query,
    ) -> Result<Self, WebError> {
        let view = View::of(service, actor, query)?;
        if view.known_at.is_some() {
            return Err(WebError::Conflict("正在看过去某天所知的数据，不能填报".to_owned()));
        }
        let board = view.board(service).await?;
        let (work, form) = match kind {
            Kind::Task => {
                let line = service.task(&board, key).await?;
                let work = Work {
                    subject: line.subject(),
                    title: line.task().title.clone(),
                    page: format!("/tasks/{key}"),
                    list: ("/tasks", "任务"),
                    region: view.region.clone(),
                    region_name: board.region_name.clone(),
                    path: view.path.clone(),
                    departments: line.departments(),
                    planned: line.task().milestones.clone(),
                    steps: line.steps.clone(),
                    builds: false,
                };
                (work, forms::last_stated(line.latest.as_ref()))
            }
            Kind::Project => {
                let line = service.project(&board, key).await?;
                let work = Work {
                    subject: line.subject(),
                    title: line.project().name.clone(),
                    page: format!("/projects/{key}"),
                    list: ("/projects", "项目"),
                    region: line.region.clone(),
                    region_name: view.regions.name(&line.region).to_owned(),
                    path: line.path.clone(),
                    departments: line.project().lead.clone(),
                    planned: Vec::new(),
                    steps: line.steps.clone(),
                    builds: true,
                };
                (work, forms::last_stated(line.latest.as_ref()))
            }
        };
        Ok(Self { view, work, form })
    }

    /// The same for someone whose unit is concerned.
    async fn concerned(
        service: &(Monitoring, Kind),
        actor: &Actor,
        key: &str,
        query: &Query,
    ) -> Result<Self, WebError> {
        let desk = Self::open(service, actor, key, query).await?;
        if is_concerned(actor, &desk.work.departments) {
            Ok(desk)
        } else {
            Err(Refusal::forbidden("填报这项工作的进展（不是牵头或参与单位）").into())
        }
    }

    fn done(&self, word: &str) -> Response {
        (Flash::done(word), see_other(&self.view.href(&self.work.page, &[]))).into_response()
    }
}

async fn progress_form(
    State(service): Service,
    Extension(actor): Extension<Actor>,
    Path(key): Path<String>,
    shell: Shell,
    query: Query,
) -> Result<Response, WebError> {
    let desk = Desk::concerned(&service, &actor, &key, &query).await?;
    Ok(Page(forms::progress_page(shell, &desk.view, &desk.work, desk.form)).into_response())
}

async fn state_progress(
    State(service): Service,
    Extension(actor): Extension<Actor>,
    Path(key): Path<String>,
    shell: Shell,
    query: Query,
    posted: Posted,
) -> Result<Response, WebError> {
    let desk = Desk::concerned(&service, &actor, &key, &query).await?;
    let draft = forms::progress_draft(&desk.work, &posted);
    match service.0.state_progress(&actor, &draft).await {
        Ok(true) => Ok(desk.done("已填报进展")),
        Ok(false) => Ok(desk.done("已报，牵头单位确认后计入；在“我的工作”里看办到哪一步")),
        Err(refusal) => forms::progress_page(shell, &desk.view, &desk.work, posted.form()).refused(refusal),
    }
}

async fn step_form(
    State(service): Service,
    Extension(actor): Extension<Actor>,
    Path(key): Path<String>,
    shell: Shell,
    query: Query,
) -> Result<Response, WebError> {
    let desk = Desk::concerned(&service, &actor, &key, &query).await?;
    Ok(Page(forms::step_page(shell, &desk.view, &desk.work, FormState::default())).into_response())
}

async fn add_step(
    State(service): Service,
    Extension(actor): Extension<Actor>,
    Path(key): Path<String>,
    shell: Shell,
    query: Query,
    posted: Posted,
) -> Result<Response, WebError> {
    let desk = Desk::concerned(&service, &actor, &key, &query).await?;
    let draft = forms::step_draft(&desk.work, &posted);
    match commands::set_milestone(&context(&service.0, &actor), &draft).await {
        Ok(_) => Ok(desk.done("已增加节点")),
        Err(refusal) => forms::step_page(shell, &desk.view, &desk.work, posted.form()).refused(refusal),
    }
}

fn step_id(text: &str) -> Result<Uuid, WebError> {
    text.parse().map_err(|_| WebError::not_found("这个节点"))
}

async fn reach_form(
    State(service): Service,
    Extension(actor): Extension<Actor>,
    Path((key, id)): Path<(String, String)>,
    shell: Shell,
    query: Query,
) -> Result<Response, WebError> {
    let desk = Desk::concerned(&service, &actor, &key, &query).await?;
    let page = forms::reach_page(shell, &desk.view, &desk.work, step_id(&id)?, FormState::default())?;
    Ok(Page(page).into_response())
}

async fn reach_step(
    State(service): Service,
    Extension(actor): Extension<Actor>,
    Path((key, id)): Path<(String, String)>,
    shell: Shell,
    query: Query,
    posted: Posted,
) -> Result<Response, WebError> {
    let desk = Desk::concerned(&service, &actor, &key, &query).await?;
    let id = step_id(&id)?;
    let reached = forms::reached(&desk.work, id, &posted);
    match commands::reach_milestone(&context(&service.0, &actor), &reached).await {
        Ok(()) => Ok(desk.done("节点已完成")),
        Err(refusal) => forms::reach_page(shell, &desk.view, &desk.work, id, posted.form())?.refused(refusal),
    }
}

async fn comment(
    State(service): Service,
    Extension(actor): Extension<Actor>,
    Path(key): Path<String>,
    shell: Shell,
    query: Query,
    posted: Posted,
) -> Result<Response, WebError> {
    let desk = Desk::open(&service, &actor, &key, &query).await?;
    match commands::comment(&context(&service.0, &actor), &desk.work.subject, posted.text("text")).await {
        Ok(()) => Ok(desk.done("已留言")),
        Err(refusal) => forms::comment_page(shell, &desk.view, &desk.work, posted.form()).refused(refusal),
    }
}
