//! Cases about something of the plan: what the service that watches the plan adds to the description of their kind.

use crate::model::{Case, Units};
use futures::future::BoxFuture;
use identity::{Actor, Refusal};
use pack_reader::model::{CaseAbout, CaseKind, Transition};
use records::Draft;
use storage::Tx;
use vocabulary::Violation;

/// What of the plan a case is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Its key in the plan.
    pub key: String,
    /// What lists call the case.
    pub name: String,
    /// Its units.
    pub units: Units,
}

/// A move of such a case, as it was decided on.
#[derive(Debug, Clone, Copy)]
pub struct Move<'m> {
    /// Who makes it.
    pub actor: &'m Actor,
    /// What the case is about.
    pub about: CaseAbout,
    /// Its kind.
    pub kind: &'m CaseKind,
    /// The case after the move.
    pub after: &'m Case,
    /// The move.
    pub transition: &'m Transition,
    /// Why, in words.
    pub said: &'m str,
    /// Login of who began the case.
    pub starter: &'m str,
}

/// The plan that is watched, to cases about what stands in it.
pub trait Plan: Send + Sync {
    /// What a case is about that somebody wants to begin, from what they filled in.
    ///
    /// # Errors
    /// When the plan has no such thing, they have no part in it, or nothing is to be stated of it.
    fn item<'a>(&'a self, actor: &'a Actor, about: CaseAbout, draft: &'a Draft)
    -> BoxFuture<'a, Result<Item, Refusal>>;

    /// What is wrong with what a case states; everything at once. Asked before a move on.
    fn problems<'a>(&'a self, step: Move<'a>) -> BoxFuture<'a, Result<Vec<Violation>, Refusal>>;

    /// Writes what follows from a move, in its transaction: all of it or nothing.
    ///
    /// # Errors
    /// When the move cannot be made after all; nothing is written then.
    fn moved<'a>(&'a self, tx: &'a mut Tx, step: Move<'a>) -> BoxFuture<'a, Result<(), Refusal>>;

    /// The page of the thing that a case is about.
    fn page(&self, about: CaseAbout, case: &Case) -> String;
}

/// No plan is watched: no case about one can be begun.
pub(crate) struct Unwatched;

impl Plan for Unwatched {
    fn item<'a>(&'a self, _: &'a Actor, about: CaseAbout, _: &'a Draft) -> BoxFuture<'a, Result<Item, Refusal>> {
        Box::pin(async move { Err(Refusal::NotFound(format!("方案里的{}", about.label()))) })
    }

    fn problems<'a>(&'a self, _: Move<'a>) -> BoxFuture<'a, Result<Vec<Violation>, Refusal>> {
        Box::pin(async { Ok(Vec::new()) })
    }

    fn moved<'a>(&'a self, _: &'a mut Tx, step: Move<'a>) -> BoxFuture<'a, Result<(), Refusal>> {
        Box::pin(async move { Err(Refusal::NotFound(format!("方案里的{}", step.about.label()))) })
    }

    fn page(&self, _: CaseAbout, _: &Case) -> String {
        String::new()
    }
}
