//! Passwords: one's own and someone else's, their age, one-time ones.

use crate::world::{PASSWORD, World, caller, street};
use chrono::TimeDelta;
use identity::{LoginRefusal, NewPassword, Refusal, Role};
use testkit::{TestDb, on_both};

const NEXT: &str = "Evening-Rain-9";

on_both!(one_changes_ones_own_password_and_the_other_sessions_end, |test: TestDb| async move {
    let world = World::new(test).await;
    world.account("zhou.min", Role::Clerk, &street()).await;
    let (here, there) = (world.login("zhou.min").await, world.login("zhou.min").await);
    assert!(world.holds(&here).await && world.holds(&there).await);
    let changed = world.identity.change_password(&here.actor, &here.info, PASSWORD, NEXT, &caller()).await;
    changed.unwrap();
    assert!(world.holds(&here).await && !world.holds(&there).await);
    assert!(matches!(world.try_login("zhou.min", PASSWORD).await, Err(LoginRefusal::Wrong { .. })));
    assert!(world.try_login("zhou.min", NEXT).await.is_ok());
    world.chain_holds().await;
});

on_both!(all_that_is_wrong_with_a_change_is_said_at_once, |test: TestDb| async move {
    let world = World::new(test).await;
    world.account("zhou.min", Role::Clerk, &street()).await;
    let session = world.login("zhou.min").await;
    let change = async |present: &str, wanted: &str| -> Vec<String> {
        match world.identity.change_password(&session.actor, &session.info, present, wanted, &caller()).await {
            Err(Refusal::Invalid(problems)) => problems.into_iter().map(|problem| problem.code).collect(),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(
        change("wrong", "zhou.min").await,
        ["identity.password.short", "identity.password.plain", "identity.password.name", "identity.password.present"]
    );
    assert_eq!(change(PASSWORD, PASSWORD).await, ["identity.password.same"]);
    assert!(world.try_login("zhou.min", PASSWORD).await.is_ok());
});

on_both!(guessing_from_inside_locks_as_well, |test: TestDb| async move {
    let world = World::new(test).await;
    world.account("zhou.min", Role::Clerk, &street()).await;
    let session = world.login("zhou.min").await;
    for _ in 0..4 {
        let refused = world.identity.change_password(&session.actor, &session.info, "guess", NEXT, &caller()).await;
        assert!(matches!(refused, Err(Refusal::Invalid(_))), "{refused:?}");
    }
    for present in ["guess", PASSWORD] {
        let refused = world.identity.change_password(&session.actor, &session.info, present, NEXT, &caller()).await;
        assert!(matches!(refused, Err(Refusal::Conflict(_))), "{refused:?}");
    }
    assert!(matches!(world.try_login("zhou.min", PASSWORD).await, Err(LoginRefusal::Locked { .. })));
    world.chain_holds().await;
});

on_both!(a_reset_gives_a_one_time_password_ends_all_sessions_and_lifts_the_lock, |test: TestDb| async move {
    let world = World::new(test).await;
    let clerk = world.account("zhou.min", Role::Clerk, &street()).await;
    let security = world.actor("sec", Role::SecurityAdmin).await;
    let session = world.login("zhou.min").await;
    for _ in 0..5 {
        let _ = world.try_login("zhou.min", "wrong").await;
    }
    let one_time = world.identity.set_password(&security, clerk.id, &NewPassword::OneTime).await.unwrap().unwrap();
    assert!(!world.holds(&session).await);
    assert!(world.try_login("zhou.min", PASSWORD).await.is_err());
    let fresh = world.try_login("zhou.min", one_time.reveal()).await.unwrap();
    assert!(fresh.info.must_change);
    let (_, info) = world.identity.resolve(fresh.token.reveal()).await.unwrap().unwrap();
    assert!(info.must_change);
    world.identity.change_password(&fresh.actor, &info, one_time.reveal(), NEXT, &caller()).await.unwrap();
    let (_, info) = world.identity.resolve(fresh.token.reveal()).await.unwrap().unwrap();
    assert!(!info.must_change);
    world.chain_holds().await;
});

on_both!(a_chosen_password_is_checked_also_when_an_administrator_sets_it, |test: TestDb| async move {
    let world = World::new(test).await;
    let clerk = world.account("zhou.min", Role::Clerk, &street()).await;
    let security = world.actor("sec", Role::SecurityAdmin).await;
    let weak = NewPassword::Given { text: "12345678".to_owned(), must_change: true };
    let refused = world.identity.set_password(&security, clerk.id, &weak).await;
    assert!(matches!(refused, Err(Refusal::Invalid(ref problems)) if problems.len() == 3), "{refused:?}");
    let good = NewPassword::Given { text: NEXT.to_owned(), must_change: true };
    assert_eq!(world.identity.set_password(&security, clerk.id, &good).await.unwrap(), None);
    assert!(world.try_login("zhou.min", NEXT).await.unwrap().info.must_change);
    world.chain_holds().await;
});

on_both!(an_old_password_must_be_changed, |test: TestDb| async move {
    let world = World::with(test, |settings| settings.password.max_age_days = 90).await;
    world.account("zhou.min", Role::Clerk, &street()).await;
    world.pass(TimeDelta::days(89));
    assert!(!world.login("zhou.min").await.info.must_change);
    world.pass(TimeDelta::days(1));
    assert!(world.login("zhou.min").await.info.must_change);
});
