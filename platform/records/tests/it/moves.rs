//! Somebody moves to another street: the new side has the record, the old side what it knew until then, and nothing more.

use crate::browser::Browser;
use crate::world::{clerk, draft, looking, neighbour, officer, prepare, records};
use axum::http::StatusCode;
use identity::Refusal;
use records::{Count, Draft, Failure, Query, Transfer, count, get, get_as_of, history};
use serde_json::json;
use testkit::{TestDb, on_both};

fn to(region: &str, version: i64) -> Transfer {
    Transfer { version, region: region.to_owned(), valid_from: None, reason: "搬家".to_owned() }
}

on_both!(both_sides_see_what_is_theirs, |test: TestDb| async move {
    prepare(&test.db).await;
    let may = records(&test.db, "2025-05-01");
    for key in ["elder", "caller"] {
        let register = may.register(&clerk(), key).unwrap();
        let record = may.create(&clerk(), key, &draft(1).with("visits", "3")).await.unwrap();
        let moved = may.transfer(&clerk(), key, record.id, &to("310110009001", 1)).await.unwrap();
        assert_eq!((moved.version, moved.region.as_str(), &moved.body), (2, "310110009001", &record.body));

        // The new side: the present record, and no version from before it came.
        let here = get(&may.db, &register, &neighbour().region, record.id).await.unwrap();
        assert_eq!(here.as_ref(), Some(&moved));
        let theirs = history(&may.db, &register, &neighbour().region, record.id).await.unwrap();
        assert_eq!(theirs.iter().map(|one| one.record.version).collect::<Vec<_>>(), [2]);
        let edit = Draft::default().with("visits", "4");
        may.update(&neighbour(), key, record.id, 2, &edit, "").await.unwrap();

        // The old side: no record, no edit, no secret; what it knew, to its end.
        assert_eq!(get(&may.db, &register, &clerk().region, record.id).await.unwrap(), None);
        assert_eq!(count(&may.db, &register, &Query::of(&clerk())).await.unwrap(), Count::Exactly(0));
        let missing = |failure: Failure| matches!(failure, Failure::Refused(Refusal::NotFound(_)));
        assert!(missing(may.update(&clerk(), key, record.id, 3, &edit, "").await.unwrap_err()));
        assert!(missing(may.reveal(&clerk(), key, record.id, "id_number", looking("核对")).await.unwrap_err()));
        assert!(missing(may.transfer(&clerk(), key, record.id, &to("310110008001", 3)).await.unwrap_err()));
        let ours = history(&may.db, &register, &clerk().region, record.id).await.unwrap();
        assert_eq!((ours.len(), ours[0].record.version, ours[0].reason.as_str()), (1, 1, "搬家"));
        assert!(ours[0].known_to.is_some() && ours[0].record.value("visits") == Some(&json!(3)));
        let today = may.today();
        let later = may.clock.now() + chrono::TimeDelta::seconds(1);
        assert_eq!(get_as_of(&may.db, &register, &clerk().region, record.id, today, later).await.unwrap(), None);

        // Who sees both sees all.
        let all = history(&may.db, &register, &officer().region, record.id).await.unwrap();
        assert_eq!(all.len(), 3);
    }
    assert!(facts::verify(&test.db).await.unwrap().breaks.is_empty());
});

on_both!(a_move_that_cannot_be_is_refused, |test: TestDb| async move {
    prepare(&test.db).await;
    let may = records(&test.db, "2025-05-01");
    let record = may.create(&clerk(), "elder", &draft(1)).await.unwrap();
    let codes = |failure: Failure| match failure {
        Failure::Refused(Refusal::Invalid(list)) => list.into_iter().map(|one| one.code).collect::<Vec<_>>(),
        other => panic!("{other:?}"),
    };
    for region in ["", "没有这里", "国定路社区", "310110008001", "320000000000"] {
        let refused = may.transfer(&clerk(), "elder", record.id, &to(region, 1)).await.unwrap_err();
        assert_eq!(codes(refused), ["record.region"], "{region}");
    }
    let silent = Transfer { reason: " ".to_owned(), ..to("310110009001", 1) };
    assert_eq!(codes(may.transfer(&clerk(), "elder", record.id, &silent).await.unwrap_err()), ["record.required"]);
    let stale = may.transfer(&clerk(), "elder", record.id, &to("310110009001", 7)).await;
    assert!(matches!(stale, Err(Failure::Stale(_))));
    let strange = may.transfer(&neighbour(), "elder", record.id, &to("310110009001", 1)).await;
    assert!(matches!(strange, Err(Failure::Refused(Refusal::NotFound(_)))), "nobody fetches what is not theirs");
    let register = may.register(&clerk(), "elder").unwrap();
    assert_eq!(get(&may.db, &register, &clerk().region, record.id).await.unwrap(), Some(record));
});

on_both!(in_pages_the_old_side_reads_on_and_cannot_write, |test: TestDb| async move {
    prepare(&test.db).await;
    let may = records(&test.db, "2025-05-01");
    let record = may.create(&clerk(), "elder", &draft(1)).await.unwrap();
    let (old, new) = (Browser::of(&may, clerk()).await, Browser::of(&may, neighbour()).await);
    let at = format!("/registers/elder/records/{}", record.id);
    let form = old.get(&format!("{at}/transfer")).await;
    assert!(form.text().contains("国定路社区"), "it says where they are");
    let version = form.value("version");
    let refused =
        old.post(&format!("{at}/transfer"), &[("version", &version), ("region", "没有"), ("reason", "搬家")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let fields = [("version", version.as_str()), ("region", "时代花园社区"), ("reason", "搬家")];
    let done = old.post(&format!("{at}/transfer"), &fields).await;
    assert_eq!((done.status, done.location()), (StatusCode::SEE_OTHER, "/registers/elder".to_owned()));
    let left = old.get(&at).await.text();
    assert!(left.contains("已转到其他辖区") && left.contains("转出") && left.contains("搬家"));
    assert!(!left.contains(&format!("{at}/edit")) && !left.contains(&format!("{at}/merge")));
    for path in ["edit", "remove", "transfer", "merge"] {
        assert_eq!(old.get(&format!("{at}/{path}")).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let there = new.get(&at).await.text();
    assert!(there.contains("转入") && there.contains(&format!("{at}/edit")));
});
