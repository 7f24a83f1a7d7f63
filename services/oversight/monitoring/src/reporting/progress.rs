//! How far a task or project is: what its case states, and the statement that it becomes.

use super::{Reporting, sent, subject, typed, units, unknown};
use crate::commands::{ProgressDraft, Stated, check_progress, fen_to_wan, write_progress};
use cases::{Case, Item, Move};
use identity::Refusal;
use pack_reader::model::{CaseAbout, CaseEnd};
use plans::Adopted;
use records::Draft;
use serde_json::json;
use storage::Tx;
use vocabulary::{Origin, Violation};

/// The task or project of which somebody wants to state how far it is, with its units.
pub(super) fn item(adopted: &Adopted, about: CaseAbout, draft: &Draft) -> Result<Item, Refusal> {
    let (key, pack) = (sent(draft, "item"), &adopted.pack);
    let found = match about {
        CaseAbout::Project => {
            let project = pack.projects.iter().find(|project| project.key == key);
            project.map(|project| (project.name.clone(), units(&project.lead, &[], true)))
        }
        _ => {
            let task = pack.tasks.iter().find(|task| task.key == key);
            task.map(|task| (task.title.clone(), units(&task.lead, &[task.participate.as_slice()], true)))
        }
    };
    let (name, units) = found.ok_or_else(|| unknown(about, key))?;
    Ok(Item { key: key.to_owned(), name, units })
}

fn draft(about: CaseAbout, case: &Case) -> ProgressDraft {
    let paid = case.body.get("paid").and_then(serde_json::Value::as_i64);
    ProgressDraft {
        subject: subject(about, &case.about),
        region: case.region.clone(),
        region_path: Some(case.region_path.clone()),
        departments: Vec::new(),
        state: typed(case, "progress"),
        percent: typed(case, "percent"),
        note: typed(case, "note"),
        evidence: typed(case, "evidence"),
        beds: typed(case, "beds"),
        places: typed(case, "places"),
        paid_wan: paid.map(|fen| fen_to_wan(fen).to_string()).unwrap_or_default(),
        finish_by: typed(case, "finish_by"),
        synthetic: false,
    }
}

impl Reporting {
    pub(super) fn progress_problems(&self, step: Move<'_>) -> Result<Vec<Violation>, Refusal> {
        let case = step.after;
        let mut found = super::problems_of(check_progress(&draft(step.about, case)))?;
        for problem in &mut found {
            // Where the statement has another name for a field than the case.
            match problem.place.as_str() {
                "state" => "progress".clone_into(&mut problem.place),
                "paid_wan" => "paid".clone_into(&mut problem.place),
                _ => {}
            }
        }
        let adopted = self.adopted(&case.place)?;
        let project = adopted.pack.projects.iter().find(|project| project.key == case.about);
        if let Some(project) = project.filter(|_| step.about == CaseAbout::Project) {
            let region = project.region.as_deref().unwrap_or(&case.place);
            if region != case.region {
                let message = format!("这个项目在 {region}，不在 {}", case.region);
                found.push(Violation::new("monitoring.region", "region", message, "区划填项目所在的区划"));
            }
        }
        Ok(found)
    }

    /// Once the case is done, what it states stands beside the earlier statements.
    pub(super) async fn progress_moved(&self, tx: &mut Tx, step: Move<'_>) -> Result<(), Refusal> {
        let case = step.after;
        let end = step.kind.state(&case.state).and_then(|state| state.end);
        if end != Some(CaseEnd::Done) {
            return Ok(());
        }
        let draft = draft(step.about, case);
        let checked = check_progress(&draft)?;
        let stated = Stated {
            id: case.id,
            place: &case.place,
            by: step.starter,
            on: self.clock.today(),
            at: self.clock.now(),
            origin: Origin::Reported,
        };
        write_progress(tx, &stated, &draft, &checked).await?;
        let body = json!({"statement": case.id, "region": case.region, "state": draft.state, "percent": checked.percent,
            "beds": checked.beds, "places": checked.places, "paid_fen": checked.paid_fen,
            "finish_by": checked.finish_by.map(|day| day.to_string())});
        self.fact(tx, step, "ProgressStated", body).await
    }
}
