//! Handing a case to a colleague who may act on it.

use super::write::Written;
use super::{Change, Opened, allow, overtaken};
use crate::Cases;
use crate::actions::ASSIGN;
use crate::decide::acts;
use crate::model::{Case, Did};
use identity::{Actor, Person, Refusal};
use uuid::Uuid;

impl Cases {
    /// Those to whom a case can be handed now, the actor among them.
    ///
    /// # Errors
    /// When the case is none of theirs, or the database refuses.
    pub async fn colleagues(&self, actor: &Actor, id: Uuid) -> Result<Vec<Person>, Refusal> {
        let opened = self.open(actor, id).await?;
        self.able(&opened).await
    }

    /// Those for whom the case waits now; who may only take it back is none of them.
    pub(crate) async fn able(&self, opened: &Opened) -> Result<Vec<Person>, Refusal> {
        let people = identity::people_of(&self.db, &opened.case.place).await?;
        let able = |person: &Person| {
            let viewer = self.viewer_as(&person.actor, person.represents.as_ref().map(|found| found.record));
            acts(&opened.kind, &viewer, &opened.case)
        };
        Ok(people.into_iter().filter(able).collect())
    }

    /// Hands a case to somebody who may act on it now. Others of the desk still may; it is theirs to do.
    ///
    /// # Errors
    /// When the actor may not act on the case, the other may not either, or somebody was first.
    pub async fn assign(
        &self,
        actor: &Actor,
        id: Uuid,
        (step, version): (Uuid, i64),
        to: Uuid,
        said: &str,
    ) -> Result<Case, Refusal> {
        allow(actor, &ASSIGN)?;
        let opened = self.open(actor, id).await?;
        if !acts(&opened.kind, &opened.viewer, &opened.case) {
            return Err(Refusal::Forbidden("这个办件现在不归您的岗位办，不能转交".to_owned()));
        }
        let able = self.able(&opened).await?;
        let Some(colleague) = able.into_iter().find(|person| person.actor.account == to) else {
            let message = "不能交给这个账号：它现在办不了这个办件";
            return Err(Refusal::invalid("case.assign", "to", message, "从列出的人里选"));
        };
        let mut change = Change::of(&opened.case, actor, Did::Assigned, step, self.clock.now());
        (change.fact, change.action) = ("CaseAssigned", &ASSIGN);
        colleague.actor.login.clone_into(&mut change.step.name);
        change.step.said = super::step::clean(said);
        change.after.assigned_to = Some(to);
        change.notices = vec![self.told_of_assignment(&opened, &colleague.actor, step)];
        let mut tx = self.db.begin().await?;
        if let Some(Written::Before(case)) = self.held(&mut tx, &change).await? {
            return Ok(case);
        }
        if opened.case.version != version {
            return Err(overtaken());
        }
        Ok(self.commit(tx, actor, change).await?.into_case())
    }
}
