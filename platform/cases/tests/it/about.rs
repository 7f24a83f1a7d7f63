//! Cases about a person: part of the copy that they are given, kept from erasure while they are open, wiped with the person when they
//! have ended.

use crate::retrofit::elder;
use crate::world::{PDF, PLACE, World, none};
use cases::Case;
use identity::{Actor, Refusal, Role};
use records::{Asked, Failure};
use storage::{Engine, args};
use testkit::{TestDb, on_both};
use uuid::Uuid;
use vocabulary::RegionPath;

const WISH: &str = "卫生间扶手和一句只在这里写的话";

async fn began(world: &World, person: Uuid) -> Case {
    let draft = none()
        .with("person", &person.to_string())
        .with("household_no", "H-001")
        .with("audience", "特殊困难老年人家庭")
        .with("wish", WISH);
    let case = world.start(&world.people.clerk, "home_retrofit_application", draft).await;
    world.hand_in(&world.people.clerk, &case, &["application", "before"]).await;
    case
}

fn asked() -> Asked {
    Asked { by: "本人".to_owned(), reason: "当面核对了身份证".to_owned() }
}

fn secadmin() -> Actor {
    Actor {
        account: Uuid::from_u128(901),
        login: "secadmin".to_owned(),
        name: "安全管理员".to_owned(),
        role: Role::SecurityAdmin,
        region: RegionPath::stored("/"),
        place: String::new(),
        district: "server".to_owned(),
        department: None,
    }
}

fn in_the_file(test: &TestDb, text: &str) -> bool {
    let read = |tail: &str| std::fs::read(format!("{}{tail}", test.address)).unwrap_or_default();
    ["", "-wal"].iter().any(|tail| read(tail).windows(text.len()).any(|part| part == text.as_bytes()))
}

fn code(failure: Failure) -> String {
    match failure {
        Failure::Refused(Refusal::Invalid(list)) => list.into_iter().map(|one| one.code).collect::<Vec<_>>().join(","),
        Failure::Refused(Refusal::Conflict(message)) => message,
        other => panic!("{other:?}"),
    }
}

on_both!(papers_lie_sealed_and_follow_a_new_key, |test: TestDb| async move {
    let world = World::new(&test).await;
    let person = elder(&world, &world.people.clerk).await;
    let case = began(&world, person).await;
    let rows = test.db.all("SELECT id, content FROM casefile_paper", args![]).await.unwrap();
    assert_eq!(rows.len(), 2);
    for row in &rows {
        let content: Vec<u8> = row.at(1).unwrap();
        assert!(!content.windows(4).any(|part| part == b"%PDF"), "sealed");
    }
    // One that was kept before papers were sealed is read as it is, and sealed with the next run.
    let first: Uuid = rows[0].at(0).unwrap();
    let open = "UPDATE casefile_paper SET content = $2 WHERE id = $1";
    test.db.execute(open, args![first, PDF.to_vec()]).await.unwrap();
    assert_eq!(world.cases.paper(&world.people.clerk, case.id, first).await.unwrap().1, PDF);
    assert_eq!(cases::reseal(&test.db).await.unwrap(), (3, 1), "a case and two papers; one was open");
    assert_eq!(world.cases.paper(&world.people.clerk, case.id, first).await.unwrap().1, PDF);
});

on_both!(a_person_gets_their_cases_and_is_erased_from_them, |test: TestDb| async move {
    let world = World::new(&test).await;
    world.records.registry.ask_also(world.cases.about_records());
    let (clerk, officer) = (world.people.clerk.clone(), world.people.officer.clone());
    let person = elder(&world, &clerk).await;
    let case = began(&world, person).await;
    let filing = world.filing().await;

    let copy = world.records.copy(&clerk, "person", person, &asked()).await.unwrap();
    let json = copy.json();
    assert_eq!(json["办件"].as_array().unwrap().len(), 1, "the filing of a home is none of theirs: {json}");
    for part in ["居家适老化改造", WISH, "application.pdf", "上传材料", &case.number] {
        assert!(json.to_string().contains(part), "{part} is missing: {json}");
    }
    assert!(copy.xlsx().unwrap().starts_with(b"PK"));
    let packed = documents::unpack(&world.records.packed(&copy).await.unwrap(), documents::ArchiveLimits::default());
    assert_eq!(packed.unwrap().values().filter(|content| content.as_slice() == PDF).count(), 2, "its papers");

    // Open: the person is kept until it has ended, at the proposal and at its confirmation.
    let refused = world.records.propose_on_request(&clerk, "person", person, &asked()).await.unwrap_err();
    assert_eq!(code(refused), "record.unfinished");
    world.go(&clerk, &case, "submit", none(), "").await;
    world.go(&officer, &case, "refuse", none(), "不在补助范围里，已当面说明").await;
    let proposal = world.records.propose_on_request(&clerk, "person", person, &asked()).await.unwrap();
    let second = began(&world, person).await;
    let refused = code(world.records.confirm_erasure(&secadmin(), proposal.id, "").await.unwrap_err());
    assert!(refused.contains(&second.number) && !refused.contains("宋桂珍"), "{refused}");
    world.go(&clerk, &second, "withdraw", none(), "老人不想改了，撤回").await;

    if test.db.engine() == Engine::Sqlite {
        assert!(in_the_file(&test, "宋桂珍"), "the test would see it");
    }
    let done = world.records.confirm_erasure(&secadmin(), proposal.id, "").await.unwrap();
    assert_eq!((done.done, done.left_over), (1, 0));
    for one in [&case, &second] {
        let whole = world.cases.whole(&officer, one.id).await.unwrap();
        assert!(whole.case.body.is_empty() && !whole.case.title.contains("宋"), "{:?}", whole.case);
        assert!(whole.papers.is_empty() && whole.steps.iter().all(|step| step.said.is_empty()));
        assert_eq!(whole.steps.len() as i64, whole.case.version, "that something happened stays");
    }
    assert_eq!(world.count("SELECT COUNT(*) FROM casefile_paper").await, 0);
    assert_eq!(world.now(&world.people.manager, &filing).await.body, filing.body, "another case stays as it was");
    if test.db.engine() == Engine::Sqlite {
        for text in ["宋桂珍", WISH, "application.pdf", "不在补助范围里"] {
            assert!(!in_the_file(&test, text), "{text} still stands in the file");
        }
    }
    assert_eq!(world.count("SELECT COUNT(*) FROM fact WHERE kind = 'CasesErased'").await, 1);
    assert_eq!(world.count("SELECT COUNT(*) FROM audit_entry WHERE detail LIKE '%宋桂珍%'").await, 0);
    world.chain_holds().await;
    let left = world.records.copy(&clerk, "person", person, &asked()).await;
    assert!(left.is_err(), "nothing is left to be copied at {PLACE}");
});

on_both!(a_rule_leaves_who_has_an_open_case, |test: TestDb| async move {
    let world = World::new(&test).await;
    world.records.registry.ask_also(world.cases.about_records());
    let clerk = world.people.clerk.clone();
    let person = elder(&world, &clerk).await;
    let case = began(&world, person).await;
    let rule = records::Retention {
        key: "gone".to_owned(),
        label: "移出的".to_owned(),
        register: "person".to_owned(),
        from: records::REMOVED.to_owned(),
        years: 0,
        ending: records::Ending::Delete,
        keep: Vec::new(),
        required: false,
        source: "试".to_owned(),
    };
    world.records.registry.retain(PLACE, vec![rule]);
    world.records.remove(&clerk, "person", person, 1, "迁出").await.unwrap();
    let refused = code(world.records.propose_by_rule(&clerk, "gone").await.unwrap_err());
    assert!(refused.contains("没办结"), "{refused}");
    world.go(&clerk, &case, "withdraw", none(), "老人不想改了，撤回").await;
    let proposal = world.records.propose_by_rule(&clerk, "gone").await.unwrap();
    let done = world.records.confirm_erasure(&secadmin(), proposal.id, "").await.unwrap();
    assert_eq!((done.done, done.left_over), (1, 0));
    assert!(world.now(&clerk, &case).await.body.is_empty());
    assert_eq!(world.count("SELECT COUNT(*) FROM casefile_paper").await, 0);
});

on_both!(cases_of_an_institution_are_listed_for_who_sees_them, |test: TestDb| async move {
    let world = World::new(&test).await;
    let filing = world.filing().await;
    let people = &world.people;
    let own = world.cases.of_party(&people.officer, world.home).await.unwrap();
    assert_eq!(own.iter().map(|one| one.case.id).collect::<Vec<_>>(), [filing.id]);
    for stranger in [&people.other_officer, &people.other_clerk, &people.other_manager] {
        assert!(world.cases.of_party(stranger, world.home).await.unwrap().is_empty(), "{}", stranger.login);
    }
    assert!(world.cases.of_party(&people.officer, world.other_home).await.unwrap().is_empty());
});
