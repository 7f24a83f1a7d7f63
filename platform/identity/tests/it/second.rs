//! The second factor: set up, asked for, not to be used twice, not to be guessed, reset by another.

use crate::world::{PASSWORD, World, caller, yangpu};
use chrono::TimeDelta;
use identity::{LoginRefusal, Refusal, Role, Second, Secret, Session, SessionInfo, code_at};
use settings::SecondFactor;
use storage::args;
use testkit::{TestDb, on_both};
use vocabulary::Clock;

/// What a session still lacks, as the next request sees it.
async fn lacks(world: &World, session: &Session) -> Second {
    info(world, session).await.second
}

async fn info(world: &World, session: &Session) -> SessionInfo {
    world.identity.resolve(session.token.reveal()).await.unwrap().expect("a live session").1
}

/// The code that a telephone shows now.
fn shown(world: &World, secret: &Secret) -> String {
    code_at(secret.reveal(), world.clock.now()).unwrap()
}

/// Sets up a telephone; gives its secret and the recovery codes.
async fn set_up(world: &World, session: &Session) -> (Secret, Vec<Secret>) {
    world.identity.begin_second(&session.actor, "").await.unwrap();
    let secret = world.identity.enrolment(&session.actor).await.unwrap().expect("being set up").secret;
    let codes = world.identity.confirm_second(&session.actor, &session.info, &shown(world, &secret)).await.unwrap();
    (secret, codes)
}

async fn pass(world: &World, session: &Session, code: &str) -> Result<(), LoginRefusal> {
    world.identity.pass_second(&session.actor, &session.info, code, &caller()).await
}

on_both!(an_administrator_sets_up_a_telephone_and_shows_a_code_from_then_on, |test: TestDb| async move {
    let world = World::new(test).await;
    let admin = world.actor("an.quan", Role::SecurityAdmin).await;
    let first = world.login("an.quan").await;
    assert_eq!((first.info.second, lacks(&world, &first).await), (Second::Missing, Second::Missing));
    let elsewhere = world.login("an.quan").await;
    let wrong = world.identity.confirm_second(&admin, &first.info, "000000").await.unwrap_err();
    assert!(matches!(wrong, Refusal::Conflict(_)), "nothing is being set up yet");
    let (secret, codes) = set_up(&world, &first).await;
    assert_eq!((codes.len(), lacks(&world, &first).await), (10, Second::Done));
    assert!(!world.holds(&elsewhere).await, "other sessions end");
    assert!(world.identity.enrolment(&admin).await.unwrap().is_none(), "the secret is never shown again");

    world.pass(TimeDelta::seconds(60));
    let session = world.login("an.quan").await;
    assert_eq!((session.info.second, lacks(&world, &session).await), (Second::Awaited, Second::Awaited));
    pass(&world, &session, &shown(&world, &secret)).await.unwrap();
    assert_eq!(lacks(&world, &session).await, Second::Done);

    let stored: String = world.value("SELECT secret FROM identity_second_factor").await;
    assert!(stored.starts_with("1.1.") && !stored.contains(secret.reveal()));
    for done in ["identity.second.begin", "identity.second.confirm", "identity.second.pass"] {
        assert!(world.trail().await.iter().any(|action| action == done), "{done}");
    }
    let hashes: String = world.value("SELECT MIN(code_hash) FROM identity_recovery_code").await;
    assert!(codes.iter().all(|code| !hashes.contains(code.reveal())));
    world.chain_holds().await;
});

on_both!(a_code_counts_once_even_for_two_at_a_time, |test: TestDb| async move {
    let world = World::new(test).await;
    world.actor("an.quan", Role::AuditAdmin).await;
    let first = world.login("an.quan").await;
    let (secret, _) = set_up(&world, &first).await;
    let same = world.login("an.quan").await;
    assert!(pass(&world, &same, &shown(&world, &secret)).await.is_err(), "the one typed at setting up is used up");
    world.pass(TimeDelta::seconds(30));
    let (one, other) = (world.login("an.quan").await, world.login("an.quan").await);
    let code = shown(&world, &secret);
    let both = tokio::join!(pass(&world, &one, &code), pass(&world, &other, &code));
    assert_eq!([both.0.is_ok(), both.1.is_ok()].iter().filter(|ok| **ok).count(), 1);
    world.pass(TimeDelta::seconds(120));
    let late = world.login("an.quan").await;
    assert!(pass(&world, &late, &code).await.is_err(), "two minutes old");
    pass(&world, &late, &shown(&world, &secret)).await.unwrap();
});

on_both!(guessing_locks_and_a_known_password_gives_no_new_guesses, |test: TestDb| async move {
    let world = World::new(test).await;
    world.actor("an.quan", Role::SystemAdmin).await;
    let first = world.login("an.quan").await;
    let (secret, _) = set_up(&world, &first).await;
    world.pass(TimeDelta::seconds(60));
    for left in [4_u32, 3, 2, 1] {
        // A new login with the right password each time, as one would who knows it and tries codes.
        let session = world.login("an.quan").await;
        let refused = pass(&world, &session, "12 34").await.unwrap_err();
        assert!(matches!(refused, LoginRefusal::Wrong { left: found } if found == left), "{refused}");
    }
    let session = world.login("an.quan").await;
    assert!(matches!(pass(&world, &session, "000000").await.unwrap_err(), LoginRefusal::Locked { .. }));
    assert!(!world.holds(&session).await, "the session that guessed is over");
    assert!(matches!(world.try_login("an.quan", PASSWORD).await.unwrap_err(), LoginRefusal::Locked { .. }));
    world.pass(TimeDelta::minutes(16));
    let session = world.login("an.quan").await;
    pass(&world, &session, &shown(&world, &secret)).await.unwrap();
    assert_eq!(world.value::<i64>("SELECT failed FROM identity_account").await, 0);
    world.chain_holds().await;
});

on_both!(a_recovery_code_stands_for_the_telephone_once, |test: TestDb| async move {
    let world = World::new(test).await;
    let admin = world.actor("an.quan", Role::SecurityAdmin).await;
    let first = world.login("an.quan").await;
    let (_, codes) = set_up(&world, &first).await;
    world.pass(TimeDelta::seconds(60));
    let session = world.login("an.quan").await;
    let typed = codes[3].reveal().to_uppercase().replace('-', " ");
    pass(&world, &session, &typed).await.unwrap();
    assert_eq!(world.identity.second_state(&admin).await.unwrap().recovery_left, 9);
    let again = world.login("an.quan").await;
    assert!(pass(&world, &again, codes[3].reveal()).await.is_err());
    pass(&world, &again, codes[4].reveal()).await.unwrap();
    // A new telephone: the old one's secret and codes are gone.
    world.identity.begin_second(&admin, "").await.unwrap_err();
    world.identity.begin_second(&admin, codes[5].reveal()).await.unwrap();
    assert_eq!(lacks(&world, &again).await, Second::Missing);
    assert_eq!(world.value::<i64>("SELECT COUNT(*) FROM identity_recovery_code").await, 0);
});

on_both!(another_administrator_resets_it_and_nobody_their_own, |test: TestDb| async move {
    let world = World::new(test).await;
    let lost = world.actor("an.quan", Role::SecurityAdmin).await;
    let other = world.actor("bao.an", Role::SecurityAdmin).await;
    let clerk = world.actor("zhou.min", Role::Clerk).await;
    let session = world.login("an.quan").await;
    set_up(&world, &session).await;
    assert!(matches!(world.identity.reset_second(&lost, lost.account).await.unwrap_err(), Refusal::Forbidden(_)));
    assert!(matches!(world.identity.reset_second(&clerk, lost.account).await.unwrap_err(), Refusal::Forbidden(_)));
    assert!(world.identity.second_state_for(&other, lost.account).await.unwrap().since.is_some());
    world.identity.reset_second(&other, lost.account).await.unwrap();
    assert!(!world.holds(&session).await);
    let session = world.login("an.quan").await;
    assert_eq!(session.info.second, Second::Missing, "it is set up anew");
    assert!(
        matches!(world.identity.drop_second(&lost, "").await.unwrap_err(), Refusal::Forbidden(_)),
        "it is required"
    );
    assert!(world.trail().await.iter().any(|action| action == "identity.second.reset"));
    world.chain_holds().await;
});

on_both!(who_must_have_one_is_a_setting_and_whoever_wants_may, |test: TestDb| async move {
    let world = World::with(test, |settings| settings.session.second_factor = SecondFactor::Off).await;
    let clerk = world.actor("zhou.min", Role::Clerk).await;
    world.actor("an.quan", Role::SecurityAdmin).await;
    assert_eq!(world.login("an.quan").await.info.second, Second::Done);
    let session = world.login("zhou.min").await;
    assert_eq!(session.info.second, Second::Done);
    let (secret, _) = set_up(&world, &session).await;
    world.pass(TimeDelta::seconds(60));
    assert_eq!(world.login("zhou.min").await.info.second, Second::Awaited);
    world.identity.drop_second(&clerk, "123").await.unwrap_err();
    world.identity.drop_second(&clerk, &shown(&world, &secret)).await.unwrap();
    assert_eq!(world.login("zhou.min").await.info.second, Second::Done);
    assert!(!world.identity.second_required(Role::AuditAdmin));
});

on_both!(secrets_follow_a_new_key, |test: TestDb| async move {
    let folder = tempfile::tempdir().unwrap();
    let keys = storage::Keys::read_or_make(&folder.path().join("zhaoxi.keys"), "2025-09-30").unwrap();
    let mut test = test;
    test.db = test.db.clone().with_keys(keys.clone());
    let world = World::new(test).await;
    world.account("an.quan", Role::SecurityAdmin, &yangpu()).await;
    let session = world.login("an.quan").await;
    let (secret, _) = set_up(&world, &session).await;
    keys.add("2025-10-01").unwrap();
    assert_eq!(world.identity.reseal().await.unwrap(), (1, 1));
    assert_eq!(world.identity.reseal().await.unwrap(), (1, 0));
    let stored: String = world.value("SELECT secret FROM identity_second_factor").await;
    assert!(stored.starts_with("1.2."));
    world.pass(TimeDelta::seconds(60));
    let session = world.login("an.quan").await;
    pass(&world, &session, &shown(&world, &secret)).await.unwrap();
    world.test.db.all("SELECT 1", args![]).await.unwrap();
});

on_both!(one_ends_ones_own_sessions_elsewhere, |test: TestDb| async move {
    let world = World::new(test).await;
    let clerk = world.actor("zhou.min", Role::Clerk).await;
    let sessions = [world.login("zhou.min").await, world.login("zhou.min").await, world.login("zhou.min").await];
    world.identity.end_session(&clerk, sessions[1].info.id).await.unwrap();
    assert!(!world.holds(&sessions[1]).await);
    assert_eq!(world.identity.end_others(&clerk, &sessions[0].info).await.unwrap(), 1);
    assert!(world.holds(&sessions[0]).await && !world.holds(&sessions[2]).await);
    assert_eq!(world.trail().await.iter().filter(|action| *action == "identity.session.end_own").count(), 2);
    world.chain_holds().await;
});
