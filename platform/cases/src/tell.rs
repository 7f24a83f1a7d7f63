//! Who is told of what. A notice names the kind, the number, the name of the case where it is nobody's, and the state; what is
//! sensitive stays in the case.

use crate::Cases;
use crate::commands::Opened;
use crate::model::Case;
use crate::turn::turn;
use identity::{Actor, Person, Refusal, Role};
use notices::Notice;
use pack_reader::model::{CaseKind, Told, Transition};
use records::Records;
use std::collections::BTreeSet;
use uuid::Uuid;
use vocabulary::FieldKind;

/// Who is told where the description says nothing.
const USUAL: [Told; 3] = [Told::Next, Told::Starter, Told::Party];

/// Characters of a case's name in a notice.
const NAME_MAX: usize = 40;

/// Names that hold nothing sensitive, on a screen that anybody may see: not those of people.
fn name(records: &Records, kind: &CaseKind, case: &Case) -> String {
    let told = kind.field(&kind.title).is_some_and(|field| match &field.reference {
        None => true,
        Some(target) => records.registry.get(&case.place, target).is_some_and(|register| {
            let people = register.fields.iter().any(|field| field.kind == FieldKind::IdNumber);
            // What another register's row is called by may be somebody's name.
            let further = register.field(&register.title).is_some_and(|field| field.kind == FieldKind::Reference);
            !people && !further
        }),
    });
    if told { case.title.chars().take(NAME_MAX).collect() } else { String::new() }
}

/// Those whose turn it is are told by when; the others whose turn it is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum For {
    Acting,
    Knowing,
}

pub(crate) fn notice(
    records: &Records,
    (kind, case): (&CaseKind, &Case),
    (key, what): (String, &str),
    (told, accounts): (For, Vec<Uuid>),
) -> Notice {
    let turn = turn(kind, &case.state);
    let text = match (told, case.due_on) {
        _ if case.closed_at.is_some() => String::new(),
        (For::Acting, due) => due.map(|day| format!("请在 {day} 前办理")).unwrap_or_default(),
        (For::Knowing, Some(day)) if !turn.is_empty() => format!("{turn}，{day} 到期"),
        (For::Knowing, _) => turn,
    };
    let name = name(records, kind, case);
    let before = if name.is_empty() { "" } else { " " };
    Notice {
        key,
        place: case.place.clone(),
        district: case.district.clone(),
        kind: "case".to_owned(),
        title: format!("{} {}{before}{name}：{what}", kind.label, case.number),
        text,
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
        Ok(vec![self.told(opened, (key, "待办理"), (For::Acting, accounts))])
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
        let able: BTreeSet<Uuid> = self.able(opened).await?.into_iter().map(|person| person.actor.account).collect();
        let mut accounts: BTreeSet<Uuid> = BTreeSet::new();
        if told.contains(&Told::Next) {
            accounts.extend(&able);
        }
        if told.contains(&Told::Starter) {
            accounts.insert(case.started_by);
        }
        if told.contains(&Told::Party) {
            accounts.extend(self.accounts_of_party(opened).await?);
        }
        accounts.remove(&opened.viewer.actor.account);
        let (acting, knowing): (Vec<Uuid>, Vec<Uuid>) = accounts.into_iter().partition(|one| able.contains(one));
        let state = opened.kind.state(&case.state).map_or(case.state.as_str(), |state| &state.label);
        let key = format!("case:{}:{step}", case.id);
        let what = format!("{}，{state}", transition.label);
        let also = format!("{key}:also");
        let both = [(key, For::Acting, acting), (also, For::Knowing, knowing)];
        Ok(both
            .into_iter()
            .map(|(key, told, accounts)| self.told(opened, (key, what.as_str()), (told, accounts)))
            .collect())
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
        self.told(opened, (format!("case:{}:{step}", opened.case.id), what.as_str()), (For::Acting, who))
    }

    fn told(&self, opened: &Opened, said: (String, &str), to: (For, Vec<Uuid>)) -> Notice {
        notice(&self.records, (&opened.kind, &opened.case), said, to)
    }
}
