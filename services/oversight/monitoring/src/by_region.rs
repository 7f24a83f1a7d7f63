//! One indicator in each region right below the one looked at: values for maps and tables.

use crate::board::{Board, Frame, months_allowed, stand};
use crate::commands::every;
use crate::model::{Figure, Month};
use crate::service::{BoardKey, Monitoring};
use crate::shapes::Ring;
use crate::store;
use identity::Refusal;
use indicators::Standing;
use pack_reader::model::{Indicator, RegionKind};
use std::collections::HashMap;
use std::sync::Arc;

/// An indicator in one region below.
#[derive(Debug, Clone)]
pub struct Part {
    /// Region code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Its kind.
    pub kind: RegionKind,
    /// Its place in the schematic map, column and row.
    pub cell: Option<(i32, i32)>,
    /// Its real boundary; empty when it is not at hand.
    pub rings: Vec<Ring>,
    /// The latest figure that is not older than its period allows.
    pub figure: Option<Figure>,
    /// Where it stands by the targets that hold for parts.
    pub standing: Standing,
}

impl Monitoring {
    /// The indicator in each region right below the board's. Shared until a figure of the place changes.
    ///
    /// # Errors
    /// When the plan has no such indicator, or the database refuses.
    pub async fn parts(&self, board: &Board, indicator: &str) -> Result<Arc<Vec<Part>>, Refusal> {
        let place = board.adopted.place();
        let key = (BoardKey::of(board, self.clock.today()), indicator.to_owned());
        let stamp = self.stamp(place).await?;
        if let Some(parts) = self.kept.parts.get(&key, stamp) {
            return Ok(parts);
        }
        let frame = self.frame(Arc::clone(&board.adopted), &board.region, board.month, board.known_at);
        let definition = board.adopted.pack.indicator(indicator);
        let definition = definition.ok_or_else(|| Refusal::NotFound("这个指标".to_owned()))?;
        let until = board.known_at.unwrap_or_else(|| self.clock.now());
        let months = span(definition, board.month);
        let figures = store::figures_of_indicator(&self.db, place, indicator, months, until).await?;
        Ok(self.kept.parts.put(key, stamp, assemble_parts(&frame, definition, figures)))
    }
}

/// The months in which a figure is not too old.
fn span(indicator: &Indicator, month: Month) -> (Month, Month) {
    (month.back(months_allowed(every(indicator)) - 1), month)
}

/// Puts the parts together from the figures of all regions, ordered by month and knowledge.
#[must_use]
pub fn assemble_parts(frame: &Frame, indicator: &Indicator, figures: Vec<Figure>) -> Vec<Part> {
    let as_of = frame.month.as_of(frame.today);
    let mut latest: HashMap<String, Figure> = HashMap::new();
    for figure in figures {
        let newer = latest.get(&figure.region).is_none_or(|known| known.month <= figure.month);
        if newer {
            latest.insert(figure.region.clone(), figure);
        }
    }
    let below = frame.regions.children(&frame.region, as_of).into_iter();
    below
        .map(|region| {
            let figure = latest.remove(&region.code);
            let standing = stand(frame, indicator, Some(region.kind), figure.as_ref(), as_of);
            Part {
                code: region.code.clone(),
                name: region.name.clone(),
                kind: region.kind,
                cell: region.cell,
                rings: frame.regions.rings(&region.code).to_vec(),
                figure,
                standing,
            }
        })
        .collect()
}
