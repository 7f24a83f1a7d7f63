//! Random people make random moves; the case does what its description says and nothing else. The description is read here
//! a second time, independently of `decide`.

use crate::world::{NATIONAL, World, filing_fields, none};
use cases::{Asked, Case, Sent};
use identity::{Actor, Refusal, Role};
use pack_reader::model::{CaseKind, CaseRole, SeatLevel, Transition};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, TestRunner};
use records::Draft;
use testkit::{TestDb, on_both};
use uuid::Uuid;

/// Sequences tried on each database, and moves in each.
const SEQUENCES: usize = 6;
const MOVES: usize = 30;

/// What is tried: who, which move, whether with what it needs.
type Try = (usize, usize, bool);

fn level_fits(level: Option<SeatLevel>, actor: &Actor) -> bool {
    let depth = actor.region.codes().count();
    match level {
        None => true,
        Some(SeatLevel::Place) => depth == 1,
        Some(SeatLevel::County) => depth == 2,
        Some(SeatLevel::Town) => depth > 2,
    }
}

fn role_fits(role: CaseRole, actor: &Actor) -> bool {
    matches!(
        (role, actor.role),
        (CaseRole::Leader, Role::Leader)
            | (CaseRole::Officer, Role::Officer)
            | (CaseRole::Clerk, Role::Clerk)
            | (CaseRole::Institution, Role::Institution)
    )
}

/// Whether somebody sees a case, and may make a move if they do.
fn may(world: &World, actor: &Actor, case: &Case, kind: &CaseKind, transition: &Transition) -> (bool, bool) {
    let party = match actor.login.as_str() {
        "home1" => Some(world.home),
        "home2" => Some(world.other_home),
        _ => None,
    };
    let hidden = kind.states.iter().any(|state| state.key == case.state && state.hidden_from_party);
    let sees = match actor.role {
        Role::Institution => case.party.is_some() && party == case.party && !hidden,
        _ => case.region_path.as_str().starts_with(actor.region.as_str()),
    };
    let able = transition.by.iter().any(|who| {
        role_fits(who.role, actor)
            && (who.departments.is_empty() || who.departments.iter().any(|one| Some(one) == actor.department.as_ref()))
            && level_fits(who.level, actor)
            && (!who.starter || actor.account == case.started_by)
    });
    (sees, sees && able && transition.from.contains(&case.state))
}

/// Something for every field of the kinds tried.
fn filled(transition: &Transition) -> Draft {
    let mut draft = none();
    for key in &transition.fields {
        let text = match key.as_str() {
            "occasion" => "变更备案",
            "manager" => "陈国强",
            "phone" => "13800138000",
            "beds" => "60",
            "services" => "助餐",
            "receipt_no" => "宝民备 1 号",
            "explanation" => "已退还",
            "findings" => "属实",
            "outcome" => "不属实",
            other => panic!("no value for {other}"),
        };
        draft = draft.with(key, text);
    }
    draft
}

async fn papers(world: &World, case: &Case, transition: &Transition) {
    for kind in &transition.papers {
        let sent =
            Sent { step: Uuid::now_v7(), kind: kind.clone(), name: "a.pdf".to_owned(), bytes: b"%PDF-1".to_vec() };
        // Who may not is refused; the move then lacks the paper.
        for by in [&world.people.manager, &world.people.clerk] {
            let _ = world.cases.hand_in(by, case.id, sent.clone()).await;
        }
    }
}

async fn present(world: &World, id: Uuid) -> Case {
    world.cases.whole(&world.people.city, id).await.unwrap().case
}

async fn one_try(world: &World, kind: &CaseKind, id: Uuid, actor: &Actor, transition: &Transition, complete: bool) {
    if complete {
        papers(world, &present(world, id).await, transition).await;
    }
    let before = present(world, id).await;
    let asked = Asked {
        step: Uuid::now_v7(),
        version: before.version,
        transition: transition.key.clone(),
        draft: if complete { filled(transition) } else { none() },
        reason: if complete { "按规定办理，请查收".to_owned() } else { String::new() },
    };
    let (sees, able) = may(world, actor, &before, kind, transition);
    let there = world.cases.whole(&world.people.city, id).await.unwrap().papers;
    let has_papers = transition.papers.iter().all(|key| there.iter().any(|paper| paper.kind == *key));
    let has_fields = transition
        .require
        .iter()
        .all(|key| before.body.contains_key(key) || (complete && transition.fields.contains(key)));
    let ready = has_papers && has_fields && (complete || !transition.says_why());
    let made = world.cases.step(actor, id, &asked).await;
    let what = format!("{} {} from {} as {}", kind.key, transition.key, before.state, actor.login);
    let after = present(world, id).await;
    match made {
        Ok(case) => {
            assert!(able && ready, "{what} was made");
            assert_eq!((case.state.as_str(), case.version), (transition.to.as_str(), before.version + 1), "{what}");
            assert_eq!(after, case, "{what}: what is acknowledged is what is written");
            let again = world.cases.step(actor, id, &asked).await.unwrap();
            assert_eq!(again.version, case.version, "{what}: asked twice, made once");
        }
        Err(refusal) => {
            assert!(!(able && ready), "{what} was refused: {refusal:?}");
            assert_eq!(after, before, "{what}: a refusal changes nothing");
            let fits = match &refusal {
                Refusal::NotFound(_) => !sees,
                Refusal::Forbidden(_) | Refusal::Conflict(_) => sees && !able,
                Refusal::Invalid(_) => able && !ready,
                _ => false,
            };
            // Roles without the action at all are refused before anything is looked up.
            assert!(fits || !actor.may(&cases::actions::MOVE), "{what}: {refusal:?}");
        }
    }
}

async fn sequence(world: &World, kind: &CaseKind, case: Case, tries: &[Try]) {
    let people = &world.people;
    let actors = [
        &people.manager,
        &people.other_manager,
        &people.clerk,
        &people.other_clerk,
        &people.officer,
        &people.colleague,
        &people.health,
        &people.other_officer,
        &people.city,
        &people.leader,
    ];
    for (who, which, complete) in tries {
        let actor = actors[who % actors.len()];
        let transition = &kind.transitions[which % kind.transitions.len()];
        one_try(world, kind, case.id, actor, transition, *complete).await;
    }
    let whole = world.cases.whole(&people.city, case.id).await.unwrap();
    let seqs: Vec<i64> = whole.steps.iter().map(|step| step.seq).collect();
    assert_eq!(seqs, (1..=whole.case.version).collect::<Vec<_>>(), "one step a version, none twice, none missing");
    let states = whole.steps.windows(2).all(|pair| pair[0].to == pair[1].from);
    assert!(states, "each step begins where the one before ended");
}

on_both!(random_moves_do_what_the_description_says, |test: TestDb| async move {
    let world = World::new(&test).await;
    let people = &world.people;
    let mut runner = TestRunner::new_with_rng(
        Config::default(),
        proptest::test_runner::TestRng::deterministic_rng(proptest::test_runner::RngAlgorithm::ChaCha),
    );
    let tries = proptest::collection::vec((0..10_usize, 0..12_usize, proptest::bool::weighted(0.8)), MOVES);
    for round in 0..SEQUENCES {
        let key = if round % 2 == 0 { "institution_filing" } else { "complaint" };
        let kind = NATIONAL.cases.iter().find(|kind| kind.key == key).unwrap();
        let case = if key == "complaint" {
            let draft = none()
                .with("subject", "饭菜凉")
                .with("institution", &world.home.to_string())
                .with("category", "餐饮卫生")
                .with("channel", "来访")
                .with("received_on", "2025-09-29")
                .with("content", "三次饭菜是凉的");
            world.start(&people.clerk, key, draft).await
        } else {
            world.start(&people.manager, key, filing_fields()).await
        };
        let tries = tries.new_tree(&mut runner).unwrap().current();
        sequence(&world, kind, case, &tries).await;
    }
    let moved = world.count("SELECT COUNT(*) FROM casefile_step WHERE what = 'moved'").await;
    assert!(moved >= 6, "the sequences move something: {moved}");
    let (steps, facts) = (
        world.count("SELECT COUNT(*) FROM casefile_step").await,
        world.count("SELECT COUNT(*) FROM fact WHERE kind LIKE 'Case%'").await,
    );
    assert_eq!(steps, facts, "one fact a step");
    world.chain_holds().await;
});
