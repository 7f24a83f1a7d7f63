//! What is done with a case, each in the same order: may they, load, decide, then one transaction: the row locked, its
//! version compared, the step written with its fact, its audit entry, its notices and the records it changes. Whoever asked
//! twice under the same id is told the same and nothing is done again.

mod assign;
mod effects;
mod start;
mod step;
mod write;

pub use start::Start;
pub use step::Asked;

use crate::decide::Viewer;
use crate::model::Case;
use crate::{Cases, Described, store};
use identity::{Action, Actor, Refusal, Role};
use pack_reader::model::CaseKind;
use std::sync::Arc;
use uuid::Uuid;
use vocabulary::RegionPath;

pub(crate) use start::subject;
pub(crate) use write::Change;

/// A case with what is said of its kind.
pub(crate) struct Opened {
    pub described: Arc<Described>,
    pub kind: CaseKind,
    pub case: Case,
    pub viewer: Viewer,
}

pub(crate) fn allow(actor: &Actor, action: &Action) -> Result<(), Refusal> {
    if actor.may(action) { Ok(()) } else { Err(Refusal::forbidden(action.label)) }
}

/// A case that is not there, or not theirs: both look the same.
pub(crate) fn missing() -> Refusal {
    Refusal::NotFound("这个办件".to_owned())
}

pub(crate) fn overtaken() -> Refusal {
    Refusal::Conflict("这个办件刚刚有人办过，您看到的已不是最新的。请刷新页面，看清现在的状态再办。".to_owned())
}

impl Cases {
    /// What the actor's place says of cases.
    ///
    /// # Errors
    /// When it has adopted no plan.
    pub fn described(&self, actor: &Actor) -> Result<Arc<Described>, Refusal> {
        let found = self.descriptions.of(&actor.place, self.clock.today());
        found.ok_or_else(|| Refusal::NotFound("这个地方的办件".to_owned()))
    }

    /// The person in front of cases.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn viewer(&self, actor: &Actor) -> Result<Viewer, Refusal> {
        let party = match actor.role {
            Role::Institution => identity::represents(&self.db, actor.account).await?.map(|found| found.record),
            _ => None,
        };
        Ok(self.viewer_as(actor, party))
    }

    pub(crate) fn viewer_as(&self, actor: &Actor, party: Option<Uuid>) -> Viewer {
        let root = RegionPath::stored(&format!("/{}/", actor.place));
        let below = self.records.regions.children(&root, self.clock.today());
        let place_is_county = below.first().is_none_or(|region| region.district == actor.place);
        Viewer { actor: actor.clone(), party, place_is_county }
    }

    /// A case that the actor may see.
    ///
    /// # Errors
    /// When there is none, or it is none of theirs.
    pub(crate) async fn open(&self, actor: &Actor, id: Uuid) -> Result<Opened, Refusal> {
        let described = self.described(actor)?;
        let viewer = self.viewer(actor).await?;
        let case = store::get(&self.db, &actor.place, id).await?.ok_or_else(missing)?;
        let kind = described.kinds.iter().find(|kind| kind.key == case.kind).cloned().ok_or_else(missing)?;
        if !viewer.sees(&kind, &case) {
            return Err(missing());
        }
        Ok(Opened { described, kind, case, viewer })
    }
}
