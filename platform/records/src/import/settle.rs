//! Deciding about rows that may be there already: the same, or somebody else.

use super::check::Checker;
use super::{Decision, PART, Stage, Verdict, store};
use crate::commands::{Failure, Records};
use identity::{Actor, Refusal};
use uuid::Uuid;

impl Records {
    /// Says of a row, or of all rows about which nobody decided yet (`number` is `None`), whether it is the record it resembles.
    /// The row is checked again with that. Gives how many rows were decided about.
    ///
    /// # Errors
    /// When the actor may not, the import was begun, or the database refuses.
    pub async fn settle_import(
        &self,
        actor: &Actor,
        register: &str,
        id: Uuid,
        number: Option<u32>,
        decision: Decision,
    ) -> Result<u64, Failure> {
        let import = self.import(actor, register, id).await?;
        if import.stage != Stage::Ready {
            return Err(begun());
        }
        let register = self.register(actor, register)?;
        let owner = Actor { region: import.scope.clone(), ..actor.clone() };
        let (mut after, mut settled) = (number.map_or(0, |number| i64::from(number) - 1), 0);
        loop {
            let limit = if number.is_some() { 1 } else { PART };
            let mut rows = store::rows(&self.db, &import, &[Verdict::Similar], after, limit).await?;
            rows.retain(|row| number.is_none_or(|number| row.number == number));
            let Some(last) = rows.last().map(|row| i64::from(row.number)) else { break };
            for row in &mut rows {
                row.decision = Some(decision);
                row.problems.clear();
            }
            let mut checker = Checker::new(self, &owner, &register, (import.valid_from, import.crs));
            let checked = checker.check(&[&rows]).await?.into_iter().flatten();
            let mut tx = self.db.begin().await?;
            for (row, checked) in rows.iter_mut().zip(checked) {
                row.verdict = checked.verdict;
                row.problems = checked.problems;
                store::settle(&mut tx, &import, row).await?;
                settled += 1;
            }
            if !store::recount(&mut tx, &import).await? {
                return Err(begun());
            }
            tx.commit().await?;
            if number.is_some() {
                break;
            }
            after = last;
        }
        Ok(settled)
    }
}

fn begun() -> Failure {
    Refusal::Conflict("这次导入已经开始，不能再选。".to_owned()).into()
}
