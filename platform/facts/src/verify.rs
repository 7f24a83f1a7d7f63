//! Verifies the audit chains from nothing but their rows.

use crate::ANCHOR_CHAIN;
use crate::audit::{GENESIS, hash, seal};
use futures::StreamExt;
use serde::Deserialize;
use std::collections::HashMap;
use storage::{Db, Result, Row, args};

/// What is wrong at one place of a chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wrong {
    /// The number of the entry before it is not there.
    Missing,
    /// It does not carry the hash of the entry before it.
    Unlinked,
    /// Its own hash is not that of its content.
    Changed,
    /// The chain ends before or after its head.
    End,
    /// An anchor was set on another entry.
    Anchor,
    /// The head of the chain does not carry the seal that the keys make.
    Seal,
}

impl Wrong {
    /// In a sentence, for the command line.
    #[must_use]
    pub const fn message(self) -> &'static str {
        match self {
            Self::Missing => "an entry before this one is missing",
            Self::Unlinked => "does not follow the entry before it: one was cut, changed or inserted",
            Self::Changed => "its content was changed after it was written",
            Self::End => "the head of the chain is not its last entry: entries at the end were cut or added",
            Self::Seal => "the head of the chain was not written by this program: the chain was rewritten or cut",
            Self::Anchor => "an anchor names another entry here: the chain was rewritten or cut",
        }
    }

    /// In a sentence, for the auditor's page.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Missing => "前面缺了记录",
            Self::Unlinked => "和前一条接不上：前面有记录被删、被改或被插入",
            Self::Changed => "内容在写下以后被改动，或是后来插入的",
            Self::End => "链的末尾对不上：末尾的记录被删，或有添上去的",
            Self::Seal => "链头的封印对不上：链被重写或截断",
            Self::Anchor => "和锚点对不上：链被重写或截断",
        }
    }
}

/// One place where a chain does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChainBreak {
    /// Which chain.
    pub chain: String,
    /// At which entry.
    pub seq: i64,
    /// What is wrong there.
    pub wrong: Wrong,
}

/// What a verification found.
#[derive(Debug, Clone, Default)]
pub struct VerifyReport {
    /// Entries read.
    pub entries: u64,
    /// Chains read.
    pub chains: u64,
    /// Whether the seals of the heads were checked: without the keys they cannot be.
    pub seals: bool,
    /// What does not hold; empty when all is well.
    pub breaks: Vec<ChainBreak>,
}

#[derive(Default)]
struct Reading {
    report: VerifyReport,
    current: String,
    seq: i64,
    previous: String,
    heads: HashMap<String, (i64, String)>,
    /// Hashes of entries that an anchor may name: chain and seq → hash.
    anchored: Vec<AnchoredHead>,
}

#[derive(Debug, Clone, Deserialize)]
struct AnchoredHead {
    chain: String,
    seq: i64,
    hash: String,
}

impl Reading {
    fn fault(&mut self, chain: &str, seq: i64, wrong: Wrong) {
        self.report.breaks.push(ChainBreak { chain: chain.to_owned(), seq, wrong });
    }

    fn entry(&mut self, row: &Row) -> Result<()> {
        let (chain, seq): (String, i64) = (row.at(0)?, row.at(1)?);
        if chain != self.current {
            self.end_chain();
            self.report.chains += 1;
            self.current.clone_from(&chain);
            self.seq = 0;
            self.previous = GENESIS.to_owned();
        }
        let (at, actor, action): (String, String, String) = (row.at(2)?, row.at(3)?, row.at(4)?);
        let (subject, detail): (String, String) = (row.at(5)?, row.at(6)?);
        let (previous, stored): (String, String) = (row.at(7)?, row.at(8)?);
        self.report.entries += 1;
        if seq != self.seq + 1 {
            self.fault(&chain, seq, Wrong::Missing);
        }
        if previous != self.previous {
            self.fault(&chain, seq, Wrong::Unlinked);
        }
        let fields = [actor.as_str(), action.as_str(), subject.as_str(), detail.as_str()];
        if hash(&previous, seq, &at, fields) != stored {
            self.fault(&chain, seq, Wrong::Changed);
        }
        if chain == ANCHOR_CHAIN
            && let Ok(heads) = serde_json::from_str::<Vec<AnchoredHead>>(&detail)
        {
            self.anchored.extend(heads);
        }
        self.seq = seq;
        self.previous = stored;
        Ok(())
    }

    fn end_chain(&mut self) {
        if !self.current.is_empty() {
            let head = (self.seq, self.previous.clone());
            self.heads.insert(self.current.clone(), head);
        }
    }
}

/// Reads every entry and checks order, links, contents, heads and anchors. Memory does not grow with the chains.
///
/// # Errors
/// When the database cannot be read.
pub async fn verify(db: &Db) -> Result<VerifyReport> {
    let mut reading = Reading::default();
    let mut rows = db.stream(
        "SELECT chain, seq, at, actor, action, subject, detail, previous, hash FROM audit_entry ORDER BY chain, seq",
        args![],
    )?;
    while let Some(row) = rows.next().await {
        reading.entry(&row?)?;
    }
    drop(rows);
    reading.end_chain();
    check_heads(db, &mut reading).await?;
    check_anchors(db, &mut reading).await?;
    Ok(reading.report)
}

async fn check_heads(db: &Db, reading: &mut Reading) -> Result<()> {
    reading.report.seals = db.keys().are_there();
    for head in db.all("SELECT chain, seq, hash, seal FROM audit_head", args![]).await? {
        let (chain, seq, hash): (String, i64, String) = (head.get("chain")?, head.get("seq")?, head.get("hash")?);
        let sealed: Option<String> = head.get("seal")?;
        // A chain that was begun and never written to has no seal yet.
        if reading.report.seals && seq > 0 && sealed != Some(seal(db.keys(), &chain, seq, &hash)?) {
            reading.fault(&chain, seq, Wrong::Seal);
        }
        if reading.heads.get(&chain) != Some(&(seq, hash)) {
            reading.fault(&chain, seq, Wrong::End);
        }
    }
    Ok(())
}

async fn check_anchors(db: &Db, reading: &mut Reading) -> Result<()> {
    for anchored in std::mem::take(&mut reading.anchored) {
        let found = db
            .optional("SELECT hash FROM audit_entry WHERE chain = $1 AND seq = $2", args![anchored.chain, anchored.seq])
            .await?;
        let hash: Option<String> = found.map(|row| row.get("hash")).transpose()?;
        if hash.as_deref() != Some(anchored.hash.as_str()) {
            reading.fault(&anchored.chain, anchored.seq, Wrong::Anchor);
        }
    }
    Ok(())
}

/// How many audited writes there have been: when it has not changed, nothing that is audited has.
///
/// # Errors
/// When the database cannot be read.
pub async fn writes(db: &Db) -> Result<i64> {
    db.one("SELECT CAST(COALESCE(SUM(seq), 0) AS BIGINT) AS n FROM audit_head", args![]).await?.get("n")
}
