//! A value is proposed, talked about, sent back, proposed again, signed off by somebody else, shown, and corrected
//! only visibly.

use crate::browser::{Browser, Seen};
use crate::world::{
    EAST, TOWN, WEST, World, east_clerk, leader, month, officer, reporter, signer, someone, west_clerk,
};
use axum::http::StatusCode;
use documents::read::{Book, Limits};
use identity::{Refusal, Role};
use monitoring::commands::{ReportDraft, Verdict};
use monitoring::model::{Report, ReportState};
use monitoring::store;
use std::io::Cursor;
use testkit::{TestDb, on_both};
use vocabulary::Origin;

const FORM: &str = "/indicators/town.06/report";

fn filled(value: &str) -> Vec<(&str, &str)> {
    vec![("region", TOWN), ("month", "2025-09"), ("value", value), ("evidence", "公卫三季报")]
}

/// The id at the end of an address.
fn id_of(seen: &Seen) -> String {
    assert_eq!(seen.status, StatusCode::SEE_OTHER, "{}", seen.words());
    seen.location().rsplit('/').next().unwrap().to_owned()
}

async fn report(world: &World, id: &str) -> Report {
    store::report(&world.db, TOWN, id.parse().unwrap()).await.unwrap().unwrap()
}

on_both!(a_value_goes_the_whole_way, |db: TestDb| async move {
    let world = World::furnished(db).await;
    let (wang, zhao) = (Browser::of(&world.service, reporter()), Browser::of(&world.service, signer()));
    assert!(wang.page("/reports").await.says("老年人健康管理率"), "it is asked for");
    // Proposed, remarked on, sent back.
    let first = id_of(&wang.post(FORM, &filled("71.5")).await);
    assert!(zhao.page("/reports").await.text().contains(&format!("/reports/{first}")));
    let said = zhao.post(&format!("/reports/{first}/comments"), &[("text", "分母用的是户籍还是常住？")]).await;
    assert_eq!(said.status, StatusCode::SEE_OTHER);
    let bare = zhao.post(&format!("/reports/{first}/decide"), &[("verdict", "return"), ("note", "")]).await;
    assert_eq!(bare.status, StatusCode::UNPROCESSABLE_ENTITY, "sent back only with words");
    assert!(bare.says("请改正后再提交") && bare.says("没有填写退回理由"), "{}", bare.words());
    zhao.post(&format!("/reports/{first}/decide"), &[("verdict", "return"), ("note", "请按常住人口重算")]).await;
    assert_eq!(report(&world, &first).await.state, ReportState::Returned);
    let mine = wang.page("/reports").await;
    assert!(mine.says("退回给我的1 条"), "{}", mine.words());
    let seen = wang.page(&format!("/reports/{first}")).await;
    assert!(seen.says("请按常住人口重算") && seen.says("分母用的是户籍还是常住？") && seen.says("修改后重新填报"));
    assert_eq!(world.value("town.06", TOWN, "2025-10").await, None, "nothing counts before it is signed");
    // Proposed again, signed off, shown.
    let second = id_of(&wang.post(FORM, &filled("70.8")).await);
    assert!(!wang.page("/reports").await.says("退回给我的1 条"), "a new proposal answers the return");
    id_of(&zhao.post(&format!("/reports/{second}/decide"), &[("verdict", "sign_off"), ("note", "")]).await);
    assert_eq!(world.value("town.06", TOWN, "2025-10").await.as_deref(), Some("70.8"));
    let page = wang.page("/indicators/town.06?month=2025-10").await;
    assert!(page.says("70.8") && page.says("填报 70.8%（已签发）"), "{}", page.words());
    let board = world.service.board(TOWN, TOWN, month("2025-10"), None).await.unwrap();
    assert_eq!(board.line("town.06").unwrap().origin(), Some(Origin::Reported));
    assert!(facts::verify(&world.db).await.is_ok());
});

on_both!(a_correction_after_the_deadline_is_seen_by_everyone, |db: TestDb| async move {
    let world = World::furnished(db).await;
    let (wang, zhao) = (Browser::of(&world.service, reporter()), Browser::of(&world.service, signer()));
    let first = id_of(&wang.post(FORM, &filled("70.8")).await);
    zhao.post(&format!("/reports/{first}/decide"), &[("verdict", "sign_off")]).await;
    world.clock.set("2025-11-03");
    assert!(wang.page(&format!("{FORM}?month=2025-09")).await.says("再次提交就是更正"));
    let silent = wang.post(FORM, &filled("72.4")).await;
    assert_eq!(silent.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(silent.says("没有填写更正理由") && silent.text().contains("value=\"72.4\""), "what was typed stays");
    let mut fields = filled("72.4");
    fields.push(("reason", "漏报一个社区中心"));
    let second = id_of(&wang.post(FORM, &fields).await);
    assert_eq!(world.value("town.06", TOWN, "2025-10").await.as_deref(), Some("70.8"), "until it is signed");
    zhao.post(&format!("/reports/{second}/decide"), &[("verdict", "sign_off")]).await;
    assert_eq!(world.value("town.06", TOWN, "2025-10").await.as_deref(), Some("72.4"));
    assert_eq!(report(&world, &first).await.state, ReportState::Corrected);
    let page = Browser::of(&world.service, leader()).page("/indicators/town.06?month=2025-11").await;
    assert!(page.says("更正：70.8% → 72.4%（已签发）"), "{}", page.words());
    assert!(page.says("超期更正：漏报一个社区中心"));
    let old = wang.page(&format!("/reports/{first}")).await;
    assert!(old.says("后来更正为") && old.says("70.8%"), "{}", old.words());
    // As known before the correction, the first value still stands.
    let then = monitoring::model::end_of_day("2025-10-31".parse().unwrap());
    let board = world.service.board(TOWN, TOWN, month("2025-10"), Some(then)).await.unwrap();
    assert_eq!(board.line("town.06").unwrap().value().text(), "70.8");
});

on_both!(nobody_signs_what_they_proposed, |db: TestDb| async move {
    let world = World::furnished(db).await;
    let wang = Browser::of(&world.service, reporter());
    let id = id_of(&wang.post(FORM, &filled("70.8")).await);
    let page = wang.page(&format!("/reports/{id}")).await;
    assert!(page.says("请由本单位另一位同事审签") && !page.text().contains("/decide\""));
    let refused = wang.post(&format!("/reports/{id}/decide"), &[("verdict", "sign_off")]).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert!(refused.says("填报人不能审签自己填报的数据"));
    assert_eq!(report(&world, &id).await.state, ReportState::Proposed);
    // Nor does another bureau, whatever its desk.
    let other = Browser::of(&world.service, officer());
    let refused = other.post(&format!("/reports/{id}/decide"), &[("verdict", "sign_off")]).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
});

on_both!(two_signers_do_not_both_decide, |db: TestDb| async move {
    let world = World::furnished(db).await;
    let id = id_of(&Browser::of(&world.service, reporter()).post(FORM, &filled("70.8")).await);
    let stale = report(&world, &id).await;
    let (zhao, qian) = (signer(), someone("qian", Role::Officer, TOWN, Some("wjw")));
    world.service.decide_report(&zhao, &stale, Verdict::SignOff, "").await.unwrap();
    let second = world.service.decide_report(&qian, &stale, Verdict::Return, "再核").await;
    assert!(matches!(second, Err(Refusal::Conflict(_))), "{second:?}");
    assert_eq!(report(&world, &id).await.state, ReportState::SignedOff);
});

on_both!(a_newer_proposal_takes_the_place_of_one_that_waits, |db: TestDb| async move {
    let world = World::furnished(db).await;
    let wang = Browser::of(&world.service, reporter());
    let first = id_of(&wang.post(FORM, &filled("70.8")).await);
    let second = id_of(&wang.post(FORM, &filled("70.9")).await);
    let replaced = report(&world, &first).await;
    assert!(replaced.was_replaced());
    assert_eq!(replaced.state_label(), "已被新填报代替");
    assert_eq!(report(&world, &second).await.state, ReportState::Proposed);
    assert!(wang.page("/reports").await.says("退回给我的0 条"), "nobody sent anything back");
});

on_both!(wrong_input_is_told_all_at_once_and_kept, |db: TestDb| async move {
    let world = World::furnished(db).await;
    let wang = Browser::of(&world.service, reporter());
    let fields = [
        ("region", TOWN),
        ("month", "2026-09"),
        ("value", "一百"),
        ("denominator", "0"),
        ("evidence", ""),
        ("note", "口径同上季"),
    ];
    let seen = wang.post(FORM, &fields).await;
    assert_eq!(seen.status, StatusCode::UNPROCESSABLE_ENTITY);
    for wrong in ["报告期还没有到", "本期值“一百”不是数字", "分母是 0", "没有填写佐证材料"]
    {
        assert!(seen.says(wrong), "{wrong}: {}", seen.words());
    }
    assert!(seen.text().contains("口径同上季") && seen.text().contains("data-error-summary"));
    assert!(seen.text().contains("href=\"#f-value\"") && seen.text().contains("aria-invalid=\"true\""));
    let mut fields = filled("70.8");
    fields.extend([("numerator", "600"), ("denominator", "1000")]);
    let seen = wang.post(FORM, &fields).await;
    assert!(seen.says("与分子÷分母（60%）不符"), "{}", seen.words());
    let seen = wang.post(FORM, &filled("108")).await;
    assert!(seen.says("百分比大于 100"), "{}", seen.words());
    assert_eq!(
        store::reports(&world.db, TOWN, ("/", "0"), None, None, 9).await.unwrap().len(),
        0,
        "nothing was stored"
    );
});

on_both!(a_month_is_the_same_however_it_is_typed, |db: TestDb| async move {
    let world = World::furnished(db).await;
    let (wang, zhao) = (Browser::of(&world.service, reporter()), Browser::of(&world.service, signer()));
    let first = id_of(&wang.post(FORM, &filled("70.8")).await);
    zhao.post(&format!("/reports/{first}/decide"), &[("verdict", "sign_off")]).await;
    let mut fields = filled("71");
    fields[1] = ("month", "2025-9");
    let seen = wang.post(FORM, &fields).await;
    assert_eq!(seen.status, StatusCode::UNPROCESSABLE_ENTITY, "the same month: a correction without a reason");
});

on_both!(regions_and_units_keep_to_their_own, |db: TestDb| async move {
    let world = World::furnished(db).await;
    let east = Browser::of(&world.service, east_clerk());
    let mut fields = filled("70.8");
    fields[0] = ("region", WEST);
    assert_eq!(east.post(FORM, &fields).await.status, StatusCode::NOT_FOUND);
    fields[0] = ("region", EAST);
    let id = id_of(&east.post(FORM, &fields).await);
    let west = Browser::of(&world.service, west_clerk());
    for path in [format!("/reports/{id}"), format!("{FORM}?region={EAST}")] {
        assert_eq!(west.get(&path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    assert_eq!(west.post(&format!("/reports/{id}/comments"), &[("text", "看看")]).await.status, StatusCode::NOT_FOUND);
    assert!(!west.page("/reports?show=all").await.text().contains(&id));
    // A leader reads and does not report; what is computed is reported by nobody.
    assert_eq!(Browser::of(&world.service, leader()).post(FORM, &filled("1")).await.status, StatusCode::FORBIDDEN);
    let computed = Browser::of(&world.service, officer()).post("/indicators/town.01/report", &filled("50")).await;
    assert_eq!(computed.status, StatusCode::CONFLICT);
    assert!(computed.says("由登记簿计算"));
    // A bureau that neither leads nor takes part.
    let stranger = someone("sun", Role::Officer, TOWN, Some("jyj"));
    let adopted = world.service.adopted(TOWN).unwrap();
    let draft = ReportDraft {
        region: TOWN.to_owned(),
        region_path: Some(crate::world::path(TOWN)),
        month: "2025-09".to_owned(),
        value: "70".to_owned(),
        evidence: "无".to_owned(),
        ..ReportDraft::default()
    };
    let refused = world.service.propose_report(&stranger, adopted.pack.indicator("town.06").unwrap(), &draft).await;
    assert!(matches!(refused, Err(Refusal::Forbidden(_))), "{refused:?}");
});

on_both!(people_are_named_not_logins_and_the_lists_go_to_excel, |db: TestDb| async move {
    let world = World::furnished(db).await;
    world.account(&reporter(), "王芳").await;
    world.account(&signer(), "赵宁").await;
    let (wang, zhao) = (Browser::of(&world.service, reporter()), Browser::of(&world.service, signer()));
    let id = id_of(&wang.post(FORM, &filled("70.8")).await);
    assert!(zhao.page("/reports").await.says("王芳（卫健委）"));
    zhao.post(&format!("/reports/{id}/decide"), &[("verdict", "sign_off"), ("note", "相符")]).await;
    let one = wang.page(&format!("/reports/{id}")).await;
    assert!(one.says("王芳（卫健委）") && one.says("赵宁（卫健委）"), "{}", one.words());
    assert!(wang.page("/indicators/town.06?month=2025-10").await.says("王芳（卫健委）"));
    let rows = sheet(&wang.get("/reports.xlsx?show=all").await.bytes);
    let head = rows.iter().position(|row| row.first().is_some_and(|cell| cell == "指标")).unwrap();
    let line = rows[head + 1].join("|");
    for said in ["老年人健康管理率", "70.8", "公卫三季报", "王芳（卫健委）", "已签发", "赵宁（卫健委）", "相符"]
    {
        assert!(line.contains(said), "{said}: {line}");
    }
    let chen = Browser::of(&world.service, leader());
    let notice = [
        ("subject", "indicator:town.06"),
        ("region", TOWN),
        ("department", "wjw"),
        ("text", "请加快。"),
        ("due", "2025-10-24"),
    ];
    assert_eq!(chen.post("/supervision/new", &notice).await.status, StatusCode::SEE_OTHER);
    let open = sheet(&chen.get("/supervision.xlsx").await.bytes).concat().join("|");
    for said in ["2025-001", "老年人健康管理率", "请加快。", "chen（试）", "待回复"] {
        assert!(open.contains(said), "{said}: {open}");
    }
    let mine = sheet(&chen.get("/supervision.xlsx?show=mine").await.bytes).concat().join("|");
    assert!(mine.contains("共 0 件") && !mine.contains("2025-001"), "{mine}");
    // A clerk of a district gets what lies inside it.
    let west = sheet(&Browser::of(&world.service, west_clerk()).get("/reports.xlsx").await.bytes).concat().join("|");
    assert!(west.contains("共 0 条") && !west.contains("70.8"), "{west}");
});

/// The first sheet of a workbook as texts.
fn sheet(bytes: &[u8]) -> Vec<Vec<String>> {
    let mut book = Book::open(Cursor::new(bytes), Limits::default()).unwrap();
    let rows = book.rows(0).unwrap().map(Result::unwrap);
    rows.map(|row| (0..20).map(|column| row.cell(column).text()).collect()).collect()
}
