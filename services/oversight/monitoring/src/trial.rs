//! What the figures would be under a plan that need not be adopted: computed from the registers as they are, nothing written.

use crate::board::{Board, SERIES_MONTHS, assemble};
use crate::compute;
use crate::model::{Figure, Month};
use crate::service::Monitoring;
use crate::store;
use crate::totals::Reckoning;
use identity::Refusal;
use plans::Adopted;
use records::Registry;
use rust_decimal::Decimal;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A month as it would be.
#[derive(Debug, Clone)]
pub struct Trial {
    /// The board of the whole place.
    pub board: Board,
    /// The computed figures, by indicator and region.
    pub values: BTreeMap<(String, String), Option<Decimal>>,
}

impl Monitoring {
    /// The month of a place under a plan and the registers it declares. What was reported stays as it is; what is computed is
    /// computed anew.
    ///
    /// # Errors
    /// When a formula does not compile against the registers, or the database refuses.
    pub async fn trial(&self, adopted: Arc<Adopted>, registry: &Registry, month: Month) -> Result<Trial, Refusal> {
        let service = self.over(registry.clone());
        let preparation = service.preparation(&adopted)?;
        let regions = service.regions(&adopted);
        let mut figures: Vec<Figure> = Vec::new();
        let mut rows = 0;
        for (month, tally) in service.count_anew(&adopted, &preparation, &[month], &mut rows).await? {
            let parameters = compute::parameters_on(adopted.layers(), tally.on);
            let computed = Reckoning::new(&preparation, &regions, &parameters, tally.on).figures(&tally.totals);
            let figure = |one| service.figure(&adopted, &preparation, &tally.origins, one, month, tally.on);
            figures.extend(computed.into_iter().map(figure));
        }
        let values = figures.iter().map(|one| ((one.indicator.clone(), one.region.clone()), one.value)).collect();
        let board = service.board_with(adopted, month, figures).await?;
        Ok(Trial { board, values })
    }

    /// The board of a place with some figures in the stead of those that are known.
    async fn board_with(&self, adopted: Arc<Adopted>, month: Month, figures: Vec<Figure>) -> Result<Board, Refusal> {
        let place = adopted.place().to_owned();
        let months = (month.back(SERIES_MONTHS - 1), month);
        let mut all = store::figures_of_region(&self.db, &place, &place, months, self.clock.now()).await?;
        let anew: BTreeSet<String> = figures.iter().map(|figure| figure.indicator.clone()).collect();
        all.retain(|known| known.month != month || !known.computed || !anew.contains(&known.indicator));
        all.extend(figures.into_iter().filter(|figure| figure.region == place));
        let frame = self.frame(adopted, &place, month, None);
        assemble(&frame, all).ok_or_else(|| Refusal::NotFound("这个地方的区划".to_owned()))
    }
}
