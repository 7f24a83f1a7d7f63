//! Who is told of what. A notice names the kind, the number and the state; what is sensitive stays in the case.

use crate::Cases;
use crate::commands::Opened;
use crate::model::Case;
use identity::{Actor, Person, Refusal, Role};
use notices::Notice;
use pack_reader::model::{CaseKind, Told, Transition};
use std::collections::BTreeSet;
use uuid::Uuid;

/// Who is told where the description says nothing.
const USUAL: [Told; 3] = [Told::Next, Told::Starter, Told::Party];

pub(crate) fn notice(kind: &CaseKind, case: &Case, key: String, what: &str, accounts: Vec<Uuid>) -> Notice {
    let due = case.due_on.map(|day| format!("请在 {day} 前办理")).unwrap_or_default();
    Notice {
        key,
        place: case.place.clone(),
        district: case.district.clone(),
        kind: "case".to_owned(),
        title: format!("{} {}：{what}", kind.label, case.number),
        text: if case.closed_at.is_some() { String::new() } else { due },
        href: format!("/cases/{}", case.id),
        accounts,
    }
}

impl Cases {
    /// The notices of a beginning: only where somebody else must act at once.
    pub(crate) async fn told_of_start(&self, opened: &Opened) -> Result<Vec<Notice>, Refusal> {
        let able = self.able(opened).await?;
        let actor = &opened.viewer.actor;
        if able.iter().any(|person| person.actor.account == actor.account) || actor.role == Role::Institution {
            return Ok(Vec::new());
        }
        let accounts = able.into_iter().map(|person| person.actor.account).collect();
        let key = format!("case:{}:start", opened.case.id);
        Ok(vec![notice(&opened.kind, &opened.case, key, "待办理", accounts)])
    }

    /// The notices of a move; `opened.case` is the case after it.
    pub(crate) async fn told_of_move(
        &self,
        opened: &Opened,
        transition: &Transition,
        step: Uuid,
    ) -> Result<Vec<Notice>, Refusal> {
        let told: &[Told] = transition.notify.as_deref().unwrap_or(&USUAL);
        let case = &opened.case;
        let mut accounts: BTreeSet<Uuid> = BTreeSet::new();
        if told.contains(&Told::Next) {
            accounts.extend(self.able(opened).await?.into_iter().map(|person| person.actor.account));
        }
        if told.contains(&Told::Starter) {
            accounts.insert(case.started_by);
        }
        if told.contains(&Told::Party) {
            accounts.extend(self.accounts_of_party(opened).await?);
        }
        accounts.remove(&opened.viewer.actor.account);
        let state = opened.kind.state(&case.state).map_or(case.state.as_str(), |state| &state.label);
        let key = format!("case:{}:{step}", case.id);
        let what = format!("{}，{state}", transition.label);
        Ok(vec![notice(&opened.kind, case, key, &what, accounts.into_iter().collect())])
    }

    /// The accounts of the institution a case is about, where it sees the case.
    async fn accounts_of_party(&self, opened: &Opened) -> Result<Vec<Uuid>, Refusal> {
        let people = identity::people_of(&self.db, &opened.case.place).await?;
        let sees = |person: &Person| {
            let party = person.represents.as_ref().map(|found| found.record);
            let viewer = self.viewer_as(&person.actor, party);
            person.actor.role == Role::Institution && viewer.sees(&opened.kind, &opened.case)
        };
        Ok(people.into_iter().filter(sees).map(|person| person.actor.account).collect())
    }

    pub(crate) fn told_of_assignment(&self, opened: &Opened, to: &Actor, step: Uuid) -> Notice {
        let who = if to.account == opened.viewer.actor.account { Vec::new() } else { vec![to.account] };
        let what = format!("{}转交给您办理", opened.viewer.actor.name);
        notice(&opened.kind, &opened.case, format!("case:{}:{step}", opened.case.id), &what, who)
    }
}
