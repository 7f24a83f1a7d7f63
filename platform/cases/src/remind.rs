//! Reminders: when a case comes near its deadline, and when it is over it, those who may act are told once each.

use crate::commands::Opened;
use crate::due::{Word, standing};
use crate::model::Case;
use crate::tell::{For, notice};
use crate::{Cases, reads};
use facts::Entry;
use identity::{Refusal, system};
use serde_json::json;
use std::collections::BTreeSet;
use uuid::Uuid;

/// Cases looked at in one statement.
const BATCH: u32 = 200;

impl Cases {
    /// Tells those who may act on cases that are near or over their deadline. A day's second turn tells nobody again: the
    /// notice's key is the case's stay in its state and the word.
    ///
    /// # Errors
    /// When the database refuses; what was told stays told.
    pub async fn remind(&self) -> Result<usize, Refusal> {
        let (mut told, mut after) = (0, String::new());
        loop {
            let cases = reads::pressing(&self.db, self.clock.today(), &after, BATCH).await?;
            let Some(last) = cases.last() else { return Ok(told) };
            after = last.id.to_string();
            for case in cases {
                told += usize::from(self.remind_of(case).await?);
            }
        }
    }

    async fn remind_of(&self, case: Case) -> Result<bool, Refusal> {
        let today = self.clock.today();
        let Some(described) = self.descriptions.of(&case.place, today) else { return Ok(false) };
        let Some(kind) = described.kinds.iter().find(|kind| kind.key == case.kind).cloned() else { return Ok(false) };
        let due = standing(&case, today, &described.work_days);
        let word = match due.word {
            Word::Late => "已超期",
            Word::Soon => "快到期",
            _ => return Ok(false),
        };
        let viewer = self.viewer_as(&system(), None);
        let opened = Opened { described, kind, case, viewer };
        let able = self.able(&opened).await?;
        let to: BTreeSet<Uuid> = match opened.case.assigned_to {
            Some(one) => BTreeSet::from([one]),
            None => able.into_iter().map(|person| person.actor.account).collect(),
        };
        let case = &opened.case;
        // A paper handed in changes the version and not the deadline: the stay in the state is the key.
        let since = storage::moment_text(case.state_since);
        let key = format!("case:{}:{}:{}:{since}", case.id, due.word.key(), case.state);
        let to = (For::Acting, to.into_iter().collect());
        let mut told = notice(&self.records, (&opened.kind, case), (key, word), to);
        told.text = due.sentence();
        let mut tx = self.db.begin().await?;
        let now = self.clock.now();
        if !notices::send(&mut tx, now, &told).await? {
            return Ok(false);
        }
        let entry = Entry {
            district: case.district.clone(),
            actor: "system".to_owned(),
            action: crate::actions::REMIND.key.to_owned(),
            subject: format!("case:{}", case.id),
            detail: json!({ "word": due.word.key(), "due_on": case.due_on, "accounts": told.accounts.len() }),
        };
        facts::audit(&mut tx, now, &entry).await?;
        tx.commit().await?;
        Ok(true)
    }
}
