//! Institutions of the demonstration: an account for one home of each city, and cases under way, some of them late.

use super::accounts::{DemoAccount, made};
use crate::house::House;
use anyhow::Context as _;
use cases::{Asked, Case, Cases, Sent, Start};
use chrono::NaiveDate;
use documents::{Block, Document};
use identity::{Actor, Refusal, Represents, Role, Seat, system};
use notices::Notices;
use pack_reader::Pack;
use records::{Draft, Query, Record, Records, Test};
use std::sync::Arc;
use uuid::Uuid;
use vocabulary::{Clock, FixedClock, RegionPath};

/// Homes looked at for one that is open.
const LOOKED_AT: u32 = 50;
/// Homes with a case in the demonstration.
const HOMES: usize = 5;
/// Days before the demo's day on which its cases were begun: from long over to just begun.
const BEGUN: [i64; HOMES] = [28, 21, 9, 6, 1];

/// Homes for elders that are open in a region, in the order of their ids.
pub(super) async fn homes(house: &House, place: &str, scope: &RegionPath) -> anyhow::Result<Vec<Record>> {
    let register = house.registry.get(place, facilities::KEY).context("the register of facilities")?;
    let mut query = Query::within(scope)
        .filter("type", Test::Equals("养老机构".to_owned()))
        .filter("status", Test::Equals("运营".to_owned()));
    query.limit = LOOKED_AT;
    Ok(records::list(&house.db, &register, &query).await?.rows)
}

/// Makes the account of one home, in the county whose officer has an account too.
///
/// # Errors
/// When the database refuses.
pub async fn account(house: &House, pack: &Pack, near: &RegionPath) -> anyhow::Result<Option<DemoAccount>> {
    let place = pack.manifest.region.clone().unwrap_or_default();
    let Some(home) = homes(house, &place, near).await?.into_iter().next() else { return Ok(None) };
    let login = format!("{}-home1", pack.prefix());
    let seat = Seat::new(home.region_path.clone(), &home.district, None);
    let shown = made(house, &login, "陈国强", Role::Institution, seat, "养老机构").await?;
    let account = house.identity.account_by_login(&system(), &login).await?;
    let represents = Represents { register: facilities::KEY.to_owned(), record: home.id };
    house.identity.represent(&system(), account.id, &represents, &home.region_path).await?;
    Ok(Some(shown))
}

/// The services as they were some days ago, so that what is begun then is late now.
fn earlier(house: &House, days: i64) -> Cases {
    let day = house.clock.today() - chrono::Duration::days(days);
    let clock: Arc<dyn Clock> = Arc::new(FixedClock::noon(day));
    let records = Records { clock: Arc::clone(&clock), ..house.records.clone() };
    let notices = Notices::new(house.db.clone(), clock);
    house.cases.over(records, notices)
}

pub(super) async fn actor(house: &House, login: &str) -> anyhow::Result<Option<Actor>> {
    match house.identity.account_by_login(&system(), login).await {
        Ok(account) => Ok(Some(account.actor())),
        Err(Refusal::NotFound(_)) => Ok(None),
        Err(other) => Err(other.into()),
    }
}

/// A page that says what it is: evidence of the demonstration.
pub(super) fn evidence(title: &str) -> anyhow::Result<Vec<u8>> {
    let text = "演示合成材料，不是真实文件。".to_owned();
    let document = Document { title: title.to_owned(), blocks: vec![Block::Paragraph(text)], ..Document::default() };
    documents::write_docx(&document).map_err(|problems| anyhow::anyhow!("{problems:?}"))
}

struct Story<'a> {
    cases: Cases,
    case: Case,
    by: &'a Actor,
}

impl<'a> Story<'a> {
    async fn begin(cases: Cases, by: &'a Actor, kind: &str, draft: Draft) -> anyhow::Result<Self> {
        let start = Start { id: Uuid::now_v7(), kind: kind.to_owned(), draft };
        let case = cases.start(by, &start).await.map_err(super::told)?;
        Ok(Self { cases, case, by })
    }

    async fn papers(&mut self, kinds: &[(&str, &str)]) -> anyhow::Result<()> {
        for (kind, label) in kinds {
            let sent = Sent {
                step: Uuid::now_v7(),
                kind: (*kind).to_owned(),
                name: format!("{label}.docx"),
                bytes: evidence(label)?,
            };
            self.case = self.cases.hand_in(self.by, self.case.id, sent).await.map_err(super::told)?;
        }
        Ok(())
    }

    async fn go(&mut self, by: &Actor, transition: &str, draft: Draft, reason: &str) -> anyhow::Result<()> {
        let asked = Asked {
            step: Uuid::now_v7(),
            version: self.case.version,
            transition: transition.to_owned(),
            draft,
            reason: reason.to_owned(),
        };
        self.case = self.cases.step(by, self.case.id, &asked).await.map_err(super::told)?;
        Ok(())
    }
}

fn filing(home: &Record) -> Draft {
    Draft::default()
        .with("institution", &home.id.to_string())
        .with("occasion", "变更备案")
        .with("manager", "演示负责人")
        .with("phone", "13800138000")
        .with("beds", "60")
        .with("services", "收住自理、失能老年人，设助餐")
}

fn complaint(home: &Record, subject: &str, received: NaiveDate) -> Draft {
    Draft::default()
        .with("subject", subject)
        .with("institution", &home.id.to_string())
        .with("category", "收费和预收费")
        .with("channel", "12345热线")
        .with("received_on", &received.to_string())
        .with("complainant", "演示投诉人")
        .with("phone", "13900139000")
        .with("content", "演示内容：反映退住后押金没有按约定退还。")
}

/// Cases of a city: filings and complaints, begun on days that make some of them late.
///
/// # Errors
/// When the database refuses.
pub async fn cases(house: &House, pack: &Pack) -> anyhow::Result<()> {
    let prefix = pack.prefix();
    let place = pack.manifest.region.clone().unwrap_or_default();
    let county = actor(house, &format!("{prefix}-county")).await?;
    let Some(officer) = county.or(actor(house, &format!("{prefix}-mzj1")).await?) else { return Ok(()) };
    let starter = Actor { role: Role::Clerk, department: None, ..officer.clone() };
    let homes = homes(house, &place, &officer.region).await?;
    let papers = [("application", "备案申请书"), ("certificate", "登记证书"), ("commitment", "承诺书")];
    // The first home has an account: its own cases are begun by its manager, in front of everybody.
    for (home, days) in homes.iter().skip(1).zip(BEGUN) {
        let mut story = Story::begin(earlier(house, days), &starter, "institution_filing", filing(home)).await?;
        story.papers(&papers).await?;
        story.go(&starter, "submit", Draft::default(), "").await?;
        let received = house.clock.today() - chrono::Duration::days(days);
        let draft = complaint(home, "押金没有按约定退还", received);
        let mut story = Story::begin(earlier(house, days), &starter, "complaint", draft).await?;
        if days % 2 == 0 {
            story.go(&officer, "accept", Draft::default(), "").await?;
        }
    }
    Ok(())
}
