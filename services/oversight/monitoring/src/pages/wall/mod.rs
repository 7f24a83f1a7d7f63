//! 大屏: tiles that are read one by one. Each has its own address and its own fate: one that fails keeps what it last
//! showed, says since when, and stops no other.

mod picture;
mod read;
mod sheet;
mod tile;

pub use read::TileSource;
pub use tile::{Tile, TileKey, TileRow};

use super::{View, choose, download};
use crate::actions::READ;
use crate::model::Month;
use crate::service::Monitoring;
use askama::Template;
use axum::Extension;
use axum::extract::{Path, State};
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use chrono::{DateTime, Utc};
use futures::future::join_all;
use identity::{Actor, Refusal};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use vocabulary::clock::china_local;
use web::samples::Samples;
use web::{Page, Query, Route, Shell, WebError};

/// Longest a tile may take before it counts as failed: the wall is looked at from afar and must not hang.
const PATIENCE: Duration = Duration::from_secs(5);
/// Tiles remembered; more are forgotten all at once, and read anew.
const REMEMBERED: usize = 2_000;

type Remembered = HashMap<(String, Month, TileKey), (DateTime<Utc>, Tile)>;

/// The wall: where its tiles are read, and what each last showed.
#[derive(Clone)]
pub struct Wall {
    service: Monitoring,
    source: Arc<dyn TileSource>,
    last: Arc<Mutex<Remembered>>,
}

/// A tile as it is shown now.
#[derive(Debug, Clone)]
pub struct Shown {
    /// Which.
    pub key: TileKey,
    /// What it shows; `None` when it failed and never was good.
    pub tile: Option<Tile>,
    /// What to say when it could not be read.
    pub failed: Option<String>,
    /// Its own address.
    pub address: String,
}

impl Wall {
    /// A wall over the service, its tiles read from a source.
    #[must_use]
    pub fn new(service: Monitoring, source: Arc<dyn TileSource>) -> Self {
        Self { service, source, last: Arc::default() }
    }

    /// Reads one tile. Never fails: what went wrong is logged, and the tile says so.
    pub async fn tile(&self, key: TileKey, view: &View) -> Shown {
        let address = view.href(&format!("/wall/tile/{}", key.key()), &[]);
        let read = tokio::time::timeout(PATIENCE, self.source.read(key, view)).await;
        let at = (view.path.to_string(), view.month, key);
        let now = self.service.clock.now();
        match read.unwrap_or_else(|_| Err(Refusal::Fault("the tile took too long".to_owned()))) {
            Ok(tile) => {
                let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
                if last.len() >= REMEMBERED {
                    last.clear();
                }
                last.insert(at, (now, tile.clone()));
                Shown { key, tile: Some(tile), failed: None, address }
            }
            Err(refusal) => {
                tracing::error!(tile = key.key(), %refusal, "a tile of the wall could not be read");
                let last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
                let known = last.get(&at).cloned();
                let failed = match &known {
                    Some((when, _)) => format!("读取失败，显示的是{}的数据", china_local(*when).format("%H:%M")),
                    None => "读取失败，还没有可以显示的数据".to_owned(),
                };
                Shown { key, tile: known.map(|(_, tile)| tile), failed: Some(failed), address }
            }
        }
    }

    /// Reads all tiles at once.
    pub async fn tiles(&self, view: &View) -> Vec<Shown> {
        join_all(TileKey::ALL.into_iter().map(|key| self.tile(key, view))).await
    }
}

/// The routes, with tiles read from the service.
pub(super) fn routes(service: &Monitoring) -> Vec<Route> {
    routes_with(&Wall::new(service.clone(), Arc::new(service.clone())))
}

/// The routes of a wall.
#[must_use]
pub fn routes_with(wall: &Wall) -> Vec<Route> {
    let read = |path: &str, summary, handler| Route::page(Method::GET, path, READ.key, summary, handler);
    vec![
        read("/wall", "大屏", get(show).with_state(wall.clone())),
        read("/wall/tile/{name}", "大屏的一块", get(one).with_state(wall.clone())),
        read("/wall.svg", "大屏图片", get(drawing).with_state(wall.clone())),
        read("/wall.xlsx", "大屏数据表", get(export).with_state(wall.clone())),
    ]
}

/// The whole wall.
#[derive(Debug, Template)]
#[template(path = "monitoring_wall.html")]
pub struct WallPage {
    shell: Shell,
    tiles: Vec<Shown>,
    svg: String,
    xlsx: String,
}

/// One tile alone: what a refresh fetches.
#[derive(Debug, Template)]
#[template(path = "monitoring_tile_alone.html")]
struct TileAlone {
    shown: Shown,
}

fn title(wall: &Wall, view: &View) -> String {
    format!("{}一老一小运行情况", wall.service.regions(&view.adopted).name(&view.region))
}

async fn show(
    State(wall): State<Wall>,
    Extension(actor): Extension<Actor>,
    shell: Shell,
    query: Query,
) -> Result<Page<WallPage>, WebError> {
    let view = View::of(&wall.service, &actor, &query)?;
    let tiles = wall.tiles(&view).await;
    let shell = choose::shell(shell, &view, title(&wall, &view), Vec::new());
    Ok(Page(WallPage { shell, tiles, svg: view.href("/wall.svg", &[]), xlsx: view.href("/wall.xlsx", &[]) }))
}

async fn one(
    State(wall): State<Wall>,
    Extension(actor): Extension<Actor>,
    Path(name): Path<String>,
    query: Query,
) -> Result<Response, WebError> {
    let view = View::of(&wall.service, &actor, &query)?;
    let key = TileKey::from_key(&name).ok_or_else(|| WebError::not_found("大屏的这一块"))?;
    let shown = wall.tile(key, &view).await;
    let status = if shown.failed.is_some() { StatusCode::INTERNAL_SERVER_ERROR } else { StatusCode::OK };
    Ok(Page(TileAlone { shown }).with(status))
}

async fn drawing(
    State(wall): State<Wall>,
    Extension(actor): Extension<Actor>,
    query: Query,
) -> Result<Response, WebError> {
    let view = View::of(&wall.service, &actor, &query)?;
    let svg = picture::draw(&title(&wall, &view), &documents::fmt::day(view.as_of()), &wall.tiles(&view).await);
    Ok(download::attachment(svg.into_bytes(), download::SVG, &format!("{}.svg", title(&wall, &view))).into_response())
}

async fn export(
    State(wall): State<Wall>,
    Extension(actor): Extension<Actor>,
    query: Query,
) -> Result<Response, WebError> {
    let view = View::of(&wall.service, &actor, &query)?;
    let title = title(&wall, &view);
    let book = sheet::workbook(&title, &documents::fmt::day(view.as_of()), &wall.tiles(&view).await);
    download::workbook(&book, &title)
}

impl Samples for WallPage {
    fn samples() -> Vec<Self> {
        let shown = |key: TileKey, tile: Option<Tile>, failed: Option<&str>| Shown {
            key,
            tile,
            failed: failed.map(str::to_owned),
            address: format!("/wall/tile/{}", key.key()),
        };
        let page = |tiles| Self {
            shell: super::samples::shell("扬州市一老一小运行情况"),
            tiles,
            svg: "/wall.svg".to_owned(),
            xlsx: "/wall.xlsx".to_owned(),
        };
        let good = TileKey::ALL.map(|key| shown(key, Some(Tile::sample(key)), None)).to_vec();
        let mixed = TileKey::ALL
            .map(|key| match key {
                TileKey::Binding => shown(key, Some(Tile::sample(key)), Some("读取失败，显示的是10:32的数据")),
                TileKey::Regions => shown(key, None, Some("读取失败，还没有可以显示的数据")),
                _ => shown(key, Some(Tile::sample(key)), None),
            })
            .to_vec();
        vec![page(good), page(mixed)]
    }
}
