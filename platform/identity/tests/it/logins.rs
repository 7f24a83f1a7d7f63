//! Logging in: right, wrong, too often, by many at once.

use crate::world::{PASSWORD, World, caller, street, yangpu};
use chrono::TimeDelta;
use identity::{LoginRefusal, Role, system};
use storage::args;
use testkit::{TestDb, on_both};

/// `left 4`, `locked`, `disabled`, `in`.
async fn outcome(world: &World, login: &str, password: &str) -> String {
    match world.try_login(login, password).await {
        Ok(_) => "in".to_owned(),
        Err(LoginRefusal::Wrong { left }) => format!("left {left}"),
        Err(LoginRefusal::Locked { .. }) => "locked".to_owned(),
        Err(LoginRefusal::Disabled) => "disabled".to_owned(),
        Err(LoginRefusal::Fault(fault)) => panic!("{fault}"),
    }
}

on_both!(a_clerk_logs_in_is_known_and_logs_out, |test: TestDb| async move {
    let world = World::new(test).await;
    let account = world.account("zhou.min", Role::Clerk, &street()).await;
    let session = world.try_login(" Zhou.Min ", PASSWORD).await.unwrap();
    let (actor, info) = world.identity.resolve(session.token.reveal()).await.unwrap().unwrap();
    assert_eq!((actor.account, actor.role, actor.region.clone()), (account.id, Role::Clerk, street()));
    assert_eq!((actor.place.as_str(), actor.district.as_str()), ("310110000000", "310110000000"));
    assert_eq!(actor.department.as_deref(), Some("civil_affairs"));
    assert!(info.csrf.matches(session.info.csrf.reveal()) && !info.must_change);
    assert!(world.identity.account(&actor, actor.account).await.unwrap().last_login_at.is_some());

    assert!(world.identity.logout(session.token.reveal()).await.unwrap());
    assert!(!world.holds(&session).await);
    assert!(!world.identity.logout(session.token.reveal()).await.unwrap());
    assert_eq!(world.trail().await, ["identity.login", "identity.logout", "identity.account.create"]);
    world.chain_holds().await;
});

on_both!(the_database_holds_neither_password_nor_token, |test: TestDb| async move {
    let world = World::new(test).await;
    world.account("zhou.min", Role::Clerk, &street()).await;
    let session = world.login("zhou.min").await;
    let hash: String = world.value("SELECT password_hash FROM identity_account").await;
    assert!(hash.starts_with("$argon2id$") && !hash.contains(PASSWORD));
    let stored: String = world.value("SELECT token_hash FROM identity_session").await;
    assert_ne!(stored, session.token.reveal());
    assert!(world.identity.resolve(&stored).await.unwrap().is_none());
    for nonsense in ["", "x", &"0".repeat(64)] {
        assert!(world.identity.resolve(nonsense).await.unwrap().is_none());
    }
    assert!(!format!("{session:?}").contains(session.token.reveal()));
    world.chain_holds().await;
});

on_both!(five_wrong_passwords_lock_and_the_lock_ends_by_itself, |test: TestDb| async move {
    let world = World::new(test).await;
    world.account("zhou.min", Role::Clerk, &street()).await;
    for expected in ["left 4", "left 3", "left 2", "left 1", "locked", "locked"] {
        assert_eq!(outcome(&world, "zhou.min", "wrong").await, expected);
    }
    assert_eq!(outcome(&world, "zhou.min", PASSWORD).await, "locked");
    assert_eq!(world.value::<i64>("SELECT failed FROM identity_account").await, 5);
    world.pass(TimeDelta::minutes(15));
    assert_eq!(outcome(&world, "zhou.min", "wrong").await, "left 4");
    assert_eq!(outcome(&world, "zhou.min", PASSWORD).await, "in");
    assert_eq!(world.value::<i64>("SELECT failed FROM identity_account").await, 0);
    assert_eq!(outcome(&world, "zhou.min", "wrong").await, "left 4");
    let refused = world.trail().await.iter().filter(|action| *action == "identity.login.refuse").count();
    assert_eq!(refused, 9);
    world.chain_holds().await;
});

on_both!(an_unknown_login_is_answered_like_a_known_one, |test: TestDb| async move {
    let world = World::new(test).await;
    world.account("zhou.min", Role::Clerk, &street()).await;
    for minutes in [0, 1, 15] {
        world.pass(TimeDelta::minutes(minutes));
        for _ in 0..6 {
            let known = world.try_login("zhou.min", "wrong").await.unwrap_err().violation();
            let unknown = world.try_login("nobody", "wrong").await.unwrap_err().violation();
            assert_eq!(known, unknown);
        }
    }
    let subjects = "SELECT COUNT(*) FROM audit_entry WHERE chain = 'system' AND subject LIKE 'login:%' AND subject NOT LIKE '%nobody%'";
    assert_eq!(world.value::<i64>(subjects).await, 18);
    world.chain_holds().await;
});

on_both!(an_administrator_lifts_a_lock, |test: TestDb| async move {
    let world = World::new(test).await;
    let clerk = world.account("zhou.min", Role::Clerk, &street()).await;
    let security = world.actor("sec", Role::SecurityAdmin).await;
    for _ in 0..5 {
        outcome(&world, "zhou.min", "wrong").await;
    }
    assert_eq!(outcome(&world, "zhou.min", PASSWORD).await, "locked");
    world.identity.unlock(&security, clerk.id).await.unwrap();
    assert_eq!(outcome(&world, "zhou.min", PASSWORD).await, "in");
    world.chain_holds().await;
});

on_both!(parallel_guesses_get_no_more_tries_than_one_after_another, |test: TestDb| async move {
    let world = World::new(test).await;
    world.account("zhou.min", Role::Clerk, &street()).await;
    let guesses = (0..20).map(|n| {
        let world = &world;
        async move { outcome(world, "zhou.min", &format!("guess-{n}")).await }
    });
    let outcomes = futures_of(guesses.collect()).await;
    let wrong = outcomes.iter().filter(|outcome| outcome.starts_with("left")).count();
    let locked = outcomes.iter().filter(|outcome| *outcome == "locked").count();
    assert_eq!((wrong, locked), (4, 16), "{outcomes:?}");
    assert_eq!(world.value::<i64>("SELECT failed FROM identity_account").await, 5);
    assert_eq!(outcome(&world, "zhou.min", PASSWORD).await, "locked");
    world.chain_holds().await;
});

/// Runs futures side by side on this thread; the database and the hashing threads make them truly overlap.
async fn futures_of<T>(futures: Vec<impl Future<Output = T>>) -> Vec<T> {
    let mut futures: Vec<_> = futures.into_iter().map(|future| (Box::pin(future), None)).collect();
    std::future::poll_fn(|context| {
        let mut waiting = false;
        for (future, done) in &mut futures {
            if done.is_none() {
                match future.as_mut().poll(context) {
                    std::task::Poll::Ready(value) => *done = Some(value),
                    std::task::Poll::Pending => waiting = true,
                }
            }
        }
        if waiting { std::task::Poll::Pending } else { std::task::Poll::Ready(()) }
    })
    .await;
    futures.into_iter().filter_map(|(_, done)| done).collect()
}

on_both!(two_logins_at_once_both_hold_and_end_apart, |test: TestDb| async move {
    let world = World::new(test).await;
    world.account("zhou.min", Role::Clerk, &street()).await;
    let (first, second) = tokio::join!(world.login("zhou.min"), world.login("zhou.min"));
    assert_ne!(first.token, second.token);
    assert_ne!(first.info.csrf, second.info.csrf);
    assert!(world.holds(&first).await && world.holds(&second).await);
    world.identity.logout(first.token.reveal()).await.unwrap();
    assert!(!world.holds(&first).await && world.holds(&second).await);
    world.chain_holds().await;
});

on_both!(one_login_too_many_ends_the_oldest, |test: TestDb| async move {
    let world = World::with(test, |settings| settings.session.per_account = 2).await;
    world.account("zhou.min", Role::Clerk, &street()).await;
    let oldest = world.login("zhou.min").await;
    world.pass(TimeDelta::seconds(1));
    let middle = world.login("zhou.min").await;
    assert!(world.holds(&oldest).await);
    world.pass(TimeDelta::seconds(1));
    let newest = world.login("zhou.min").await;
    assert!(!world.holds(&oldest).await);
    assert!(world.holds(&middle).await && world.holds(&newest).await);
    world.chain_holds().await;
});

on_both!(a_dearer_hash_is_made_when_the_password_is_at_hand, |test: TestDb| async move {
    let mut world = World::new(test).await;
    world.account("zhou.min", Role::Clerk, &street()).await;
    world.settings.password.memory_kib = 128;
    let dearer = world.process();
    assert!(dearer.login("zhou.min", PASSWORD, &caller()).await.is_ok());
    let hash: String = world.value("SELECT password_hash FROM identity_account").await;
    assert!(hash.contains("m=128,"), "{hash}");
    assert!(dearer.login("zhou.min", PASSWORD, &caller()).await.is_ok());
    world.chain_holds().await;
});

on_both!(a_disabled_account_is_out_at_once_and_its_existence_is_told_only_to_its_owner, |test: TestDb| async move {
    let world = World::new(test).await;
    let clerk = world.account("zhou.min", Role::Clerk, &street()).await;
    let other = world.account("li.na", Role::Clerk, &street()).await;
    let security = world.actor("sec", Role::SecurityAdmin).await;
    let (session, others) = (world.login("zhou.min").await, world.login("li.na").await);
    assert!(world.holds(&session).await);
    world.identity.disable(&security, clerk.id, "调离").await.unwrap();
    assert!(!world.holds(&session).await && world.holds(&others).await);
    assert_eq!(outcome(&world, "zhou.min", PASSWORD).await, "disabled");
    assert_eq!(outcome(&world, "zhou.min", "wrong").await, "left 4");
    world.identity.enable(&security, clerk.id).await.unwrap();
    assert!(!world.holds(&session).await, "an old session must not come back");
    assert_eq!(outcome(&world, "zhou.min", PASSWORD).await, "in");
    assert_eq!(other.login, "li.na");
    world.chain_holds().await;
});

on_both!(a_fault_is_no_wrong_password, |test: TestDb| async move {
    let world = World::new(test).await;
    world.account("zhou.min", Role::Clerk, &yangpu()).await;
    world.test.db.execute("ALTER TABLE identity_session RENAME TO elsewhere", args![]).await.unwrap();
    let refusal = world.try_login("zhou.min", PASSWORD).await.unwrap_err();
    assert!(matches!(refusal, LoginRefusal::Fault(_)), "{refusal}");
    assert!(
        !refusal.violation().message.contains("elsewhere") && !refusal.violation().message.contains("identity_session")
    );
    assert_eq!(world.identity.account_by_login(&system(), "zhou.min").await.unwrap().last_login_at, None);
});
