//! Reading tiles from the service: each reads only what it shows, so that each can fail alone.

use super::tile::{Tile, TileKey, TileRow};
use crate::board::{Board, Line};
use crate::pages::View;
use crate::pages::course::{state_tag, state_tone};
use crate::pages::show::{drawn, gap_text, share_text, short_name, tag};
use crate::service::Monitoring;
use crate::summary::RegionStanding;
use crate::undertakings::{amount, state_counts, state_key, state_label, totals};
use documents::fmt;
use futures::future::BoxFuture;
use identity::Refusal;
use indicators::Status;
use pack_reader::model::Whom;
use rust_decimal::Decimal;
use std::sync::Arc;
use vocabulary::Origin;
use web::svg::{HexCell, Scale};
use web::{Link, SegPart, Tag, Tone};

/// Lines a tile has room for.
const ROOM: usize = 5;

/// Where tiles come from. A test may stand in for one that fails.
pub trait TileSource: Send + Sync {
    /// Reads one tile.
    fn read<'a>(&'a self, key: TileKey, view: &'a View) -> BoxFuture<'a, Result<Tile, Refusal>>;
}

impl TileSource for Monitoring {
    fn read<'a>(&'a self, key: TileKey, view: &'a View) -> BoxFuture<'a, Result<Tile, Refusal>> {
        Box::pin(async move {
            let board = self.board(view.adopted.place(), &view.region, view.month, view.known_at).await?;
            match key {
                TileKey::Overall => Ok(overall(view, &board)),
                TileKey::Binding => Ok(binding(view, &board)),
                TileKey::Regions => Ok(regions(view, &board, &self.region_standings(&board).await?)),
                TileKey::Elders => Ok(field(view, &board, key, Whom::Elder)),
                TileKey::Children => Ok(field(view, &board, key, Whom::Child)),
                TileKey::Tasks => self.task_tile(view, &board).await,
                TileKey::Projects => self.project_tile(view, &board).await,
                TileKey::Alerts => self.alert_tile(view, &board).await,
            }
        })
    }
}

fn empty(key: TileKey, view: &View, board: &Board, path: &str, more: &[(&str, &str)]) -> Tile {
    Tile::new(key, view.href(path, more), fmt::day(board.as_of))
}

/// The least real of what some lines rest on.
fn origin<'a>(lines: impl Iterator<Item = &'a Line>) -> Option<Origin> {
    lines.filter_map(Line::origin).max()
}

fn parts<'a>(view: &View, lines: impl Iterator<Item = &'a Line> + Clone, more: &[(&str, &str)]) -> Vec<SegPart> {
    Status::ALL
        .into_iter()
        .map(|status| {
            let count = lines.clone().filter(|line| line.standing.status == status).count();
            let asked: Vec<(&str, &str)> = more.iter().copied().chain([("status", status.code())]).collect();
            let tag = tag(status);
            SegPart::new(tag.tone, tag.word, count as u64, view.href("/indicators", &asked))
        })
        .collect()
}

fn row(view: &View, line: &Line) -> TileRow {
    let indicator = line.indicator();
    let page = view.href(&format!("/indicators/{}", indicator.key), &[]);
    TileRow::new(Link::new(page, &indicator.name), line.value().with_unit())
        .tag(tag(line.standing.status))
        .more(gap_text(line))
}

fn overall(view: &View, board: &Board) -> Tile {
    let mut tile = empty(TileKey::Overall, view, board, "/indicators", &[]);
    tile.parts = parts(view, board.targets(), &[]);
    tile.sub = match board.time_share() {
        Some(share) => format!("共 {} 项，方案期已过 {}", board.targets().count(), share_text(Some(share))),
        None => format!("共 {} 项", board.targets().count()),
    };
    tile.origin = origin(board.targets());
    tile.figure(board.count(Status::Met).to_string(), "项已达标")
}

fn binding(view: &View, board: &Board) -> Tile {
    let lines: Vec<&Line> = board.targets().filter(|line| line.is_binding()).collect();
    let mut tile = empty(TileKey::Binding, view, board, "/indicators", &[("attribute", "binding")]);
    let met = lines.iter().filter(|line| line.standing.status == Status::Met).count();
    tile.parts = parts(view, lines.iter().copied(), &[("attribute", "binding")]);
    tile.rows =
        board.attention().into_iter().filter(|line| line.is_binding()).take(ROOM).map(|line| row(view, line)).collect();
    tile.none = "没有滞后或偏慢的约束性指标";
    tile.sub = format!("共 {} 项", lines.len());
    tile.origin = origin(lines.into_iter());
    tile.figure(met.to_string(), "项已达标")
}

/// The indicators about elders or about children: counts, and the values people ask for first.
fn field(view: &View, board: &Board, key: TileKey, whom: Whom) -> Tile {
    let asked = if whom == Whom::Elder { "elder" } else { "child" };
    let lines: Vec<&Line> = board.targets().filter(|line| line.indicator().field == whom).collect();
    let mut tile = empty(key, view, board, "/indicators", &[("field", asked)]);
    tile.parts = parts(view, lines.iter().copied(), &[("field", asked)]);
    let mut known: Vec<&Line> =
        lines.iter().copied().filter(|line| line.origin().is_some() && line.indicator().table).collect();
    known.sort_by_key(|line| !line.is_binding());
    tile.rows = known.into_iter().take(ROOM).map(|line| row(view, line)).collect();
    tile.none = "还没有数据";
    tile.sub = format!("共 {} 项", lines.len());
    tile.origin = origin(lines.into_iter());
    tile
}

fn regions(view: &View, board: &Board, standings: &[RegionStanding]) -> Tile {
    let mut tile = empty(TileKey::Regions, view, board, "/leader", &[]);
    // What cannot be compared is hatched, and its value stands in the list.
    let share = |one: &RegionStanding| one.good_share().filter(|_| !one.too_few).and_then(drawn);
    let known: Vec<f64> = standings.iter().filter_map(share).collect();
    let scale = Scale::even(&known);
    let text = |one: &RegionStanding| one.good_share().map(|share| fmt::percent(share, 1));
    let href = |one: &RegionStanding| view.href("/leader", &[("region", &one.code)]);
    let cell = |one: &RegionStanding| {
        let (x, y) = one.cell?;
        let class = share(one).map(|value| scale.as_ref().map_or(3, |scale| scale.class(value)));
        let name = if one.short == one.name { short_name(&one.name) } else { one.short.clone() };
        let value = text(one).filter(|_| !one.too_few).unwrap_or_default();
        Some(HexCell { x, y, name, value, class, href: href(one) })
    };
    tile.cells = standings.iter().filter_map(cell).collect();
    let unknown = standings.iter().any(|one| one.too_few);
    tile.legend = scale.as_ref().map(|scale| scale.legend("%", unknown)).unwrap_or_default();
    tile.rows = standings
        .iter()
        .map(|one| {
            let value = text(one).unwrap_or_else(|| fmt::MISSING.to_owned());
            TileRow::new(Link::new(href(one), &one.name), value).more(format!(
                "可判断 {} 项，滞后 {} 项",
                one.judged(),
                one.late
            ))
        })
        .collect();
    tile.none = "下面没有再分的区划";
    tile.sub = "可判断的指标中已达标和正常的；可判断太少的不比较".to_owned();
    tile.origin = origin(board.targets());
    tile
}

impl Monitoring {
    async fn task_tile(&self, view: &View, board: &Arc<Board>) -> Result<Tile, Refusal> {
        let lines = self.tasks(board).await?;
        let mut tile = empty(TileKey::Tasks, view, board, "/tasks", &[]);
        let states: Vec<_> = lines.iter().map(crate::undertakings::TaskLine::state).collect();
        tile.parts = state_counts(&states)
            .into_iter()
            .map(|(state, count)| {
                let href = view.href("/tasks", &[("state", state_key(state))]);
                SegPart::new(state_tone(state), state_label(state), count as u64, href)
            })
            .collect();
        let late: Vec<_> = lines.iter().filter(|line| !line.late().is_empty()).collect();
        tile.rows = late
            .iter()
            .take(ROOM)
            .map(|line| {
                let page = view.href(&format!("/tasks/{}", line.task().key), &[]);
                TileRow::new(Link::new(page, &line.task().title), "").tag(state_tag(line.state())).more(line.leads())
            })
            .collect();
        tile.none = "没有滞后的任务";
        tile.sub = format!("共 {} 项", lines.len());
        tile.origin = lines.iter().filter_map(|line| line.latest.as_ref()).map(|latest| latest.origin).max();
        Ok(tile.figure(late.len().to_string(), "项滞后"))
    }

    async fn project_tile(&self, view: &View, board: &Arc<Board>) -> Result<Tile, Refusal> {
        let lines = self.projects(board).await?;
        let mut tile = empty(TileKey::Projects, view, board, "/projects", &[]);
        let states: Vec<_> = lines.iter().map(crate::undertakings::ProjectLine::state).collect();
        tile.parts = state_counts(&states)
            .into_iter()
            .map(|(state, count)| {
                let href = view.href("/projects", &[("state", state_key(state))]);
                SegPart::new(state_tone(state), state_label(state), count as u64, href)
            })
            .collect();
        let (_, all) = totals(&lines);
        let of = |done: Option<Decimal>, planned: Option<Decimal>, unit: &str| {
            format!("{} / {}{unit}", amount(done), amount(planned))
        };
        let page = || view.href("/projects", &[]);
        tile.rows = vec![
            TileRow::new(Link::new(page(), "床位：已建成 / 计划"), of(all.beds_done.sum, all.beds.sum, "张")),
            TileRow::new(Link::new(page(), "托位：已建成 / 计划"), of(all.places_done.sum, all.places.sum, "个")),
            TileRow::new(Link::new(page(), "资金：已支付 / 总投资"), of(all.paid.sum, all.investment.sum, "万元")),
        ];
        tile.sub = format!("共 {} 个", all.count);
        tile.origin = lines.iter().filter_map(|line| line.latest.as_ref()).map(|latest| latest.origin).max();
        Ok(tile.figure(all.late.to_string(), "个延期或超期"))
    }

    async fn alert_tile(&self, view: &View, board: &Arc<Board>) -> Result<Tile, Refusal> {
        let notices = self.notices(board, None).await?;
        let projects = self.projects(board).await?;
        let mut tile = empty(TileKey::Alerts, view, board, "/supervision", &[]);
        let overdue = notices.iter().filter(|one| one.overdue).map(|one| {
            let what = Link::new(format!("/supervision/{}", one.notice.id), format!("督办〔{}〕号", one.notice.number));
            let more = format!("{}，应于{}前回复", view.department(&one.notice.department), fmt::day(one.notice.due));
            TileRow::new(what, "").tag(Tag::new(Tone::Late, one.label())).more(more)
        });
        let late =
            board.attention().into_iter().filter(|line| line.is_binding() && line.standing.status == Status::Late);
        let late = late.map(|line| row(view, line));
        let behind = projects.iter().filter(|line| !line.late().is_empty()).map(|line| {
            let page = view.href(&format!("/projects/{}", line.project().key), &[]);
            let why = line.late().into_iter().next().unwrap_or_default();
            TileRow::new(Link::new(page, &line.project().name), "").tag(Tag::new(Tone::Late, "延期")).more(why)
        });
        let mut rows: Vec<TileRow> = overdue.collect();
        rows.extend(late);
        rows.extend(behind);
        let count = rows.len();
        rows.truncate(ROOM + 1);
        tile.rows = rows;
        tile.none = "没有超期的督办、滞后的约束性指标和延期的项目";
        tile.sub = "超期督办、滞后的约束性指标、延期项目".to_owned();
        tile.origin = origin(board.targets());
        Ok(tile.figure(count.to_string(), "件"))
    }
}
