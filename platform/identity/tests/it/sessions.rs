//! Sessions: how they end, what is remembered, what is written.

use crate::world::{World, street, yangpu};
use chrono::{DateTime, TimeDelta, Utc};
use identity::{Change, Refusal, Role};
use storage::{Engine, args};
use testkit::{TestDb, on_both};
use vocabulary::Clock;

on_both!(a_session_ends_when_nobody_is_there, |test: TestDb| async move {
    let world = World::new(test).await;
    world.account("zhou.min", Role::Clerk, &street()).await;
    let session = world.login("zhou.min").await;
    world.pass(TimeDelta::minutes(29));
    assert!(world.holds(&session).await);
    world.pass(TimeDelta::minutes(29));
    assert!(world.holds(&session).await, "a request begins the idle time anew");
    world.pass(TimeDelta::minutes(30));
    assert!(!world.holds(&session).await);
    world.chain_holds().await;
});

on_both!(a_busy_session_ends_too, |test: TestDb| async move {
    let world = World::new(test).await;
    world.account("zhou.min", Role::Clerk, &street()).await;
    let session = world.login("zhou.min").await;
    for _ in 0..47 {
        world.pass(TimeDelta::minutes(15));
        assert!(world.holds(&session).await);
    }
    world.pass(TimeDelta::minutes(15));
    assert!(!world.holds(&session).await, "twelve hours are over");
});

on_both!(what_is_over_is_cleared_and_what_lives_stays, |test: TestDb| async move {
    let world = World::new(test).await;
    world.account("zhou.min", Role::Clerk, &street()).await;
    let left = world.login("zhou.min").await;
    let busy = world.login("zhou.min").await;
    world.pass(TimeDelta::minutes(20));
    assert!(world.holds(&busy).await);
    assert_eq!(world.identity.expire().await.unwrap(), 0);
    world.pass(TimeDelta::minutes(20));
    assert_eq!(world.identity.expire().await.unwrap(), 1);
    assert!(!world.holds(&left).await && world.holds(&busy).await);
    assert_eq!(world.value::<i64>("SELECT COUNT(*) FROM identity_session").await, 1);
    assert!(world.trail().await.contains(&"identity.session.expire".to_owned()));
    world.chain_holds().await;
});

on_both!(a_session_is_remembered_for_seconds_only, |test: TestDb| async move {
    let world = World::new(test).await;
    world.account("zhou.min", Role::Clerk, &street()).await;
    let session = world.login("zhou.min").await;
    assert!(world.holds(&session).await);
    // Another process ends it: this one may believe it for a few seconds, then asks again.
    world.process().logout(session.token.reveal()).await.unwrap();
    world.pass(TimeDelta::seconds(4));
    assert!(world.holds(&session).await);
    world.pass(TimeDelta::seconds(1));
    assert!(!world.holds(&session).await);
    world.chain_holds().await;
});

on_both!(last_seen_is_written_at_most_once_a_minute, |test: TestDb| async move {
    let world = World::new(test).await;
    world.account("zhou.min", Role::Clerk, &street()).await;
    let session = world.login("zhou.min").await;
    let written = "SELECT last_seen_at FROM identity_session";
    let began: DateTime<Utc> = world.clock.now();
    for _ in 0..10 {
        world.pass(TimeDelta::seconds(5));
        assert!(world.holds(&session).await);
    }
    assert_eq!(world.value::<DateTime<Utc>>(written).await, began);
    world.pass(TimeDelta::seconds(10));
    let due = world.clock.now();
    assert!(world.holds(&session).await);
    // The request started the writing beside itself; asking for the rest waits for it.
    assert_eq!(world.identity.write_seen().await.unwrap(), 0);
    assert_eq!(world.value::<DateTime<Utc>>(written).await, due);
    world.pass(TimeDelta::seconds(5));
    assert!(world.holds(&session).await);
    assert_eq!(world.identity.write_seen().await.unwrap(), 1, "all is written before a stop");
    assert_eq!(world.value::<DateTime<Utc>>(written).await, world.clock.now());
});

on_both!(a_long_write_keeps_no_reader_waiting, |test: TestDb| async move {
    let world = World::new(test).await;
    world.account("zhou.min", Role::Clerk, &street()).await;
    let session = world.login("zhou.min").await;
    world.pass(TimeDelta::minutes(2));
    let mut import = world.test.db.begin().await.unwrap();
    import.execute("UPDATE identity_account SET name = 'x'", args![]).await.unwrap();
    assert!(world.holds(&session).await, "must not wait for the writer");
    import.commit().await.unwrap();
    world.identity.write_seen().await.unwrap();
    assert_eq!(world.value::<DateTime<Utc>>("SELECT last_seen_at FROM identity_session").await, world.clock.now());
});

on_both!(a_new_role_shows_at_the_next_request, |test: TestDb| async move {
    let world = World::new(test).await;
    let clerk = world.account("zhou.min", Role::Clerk, &street()).await;
    let security = world.actor("sec", Role::SecurityAdmin).await;
    let session = world.login("zhou.min").await;
    assert!(world.holds(&session).await);
    let change = Change { role: Some(Role::Officer), seat: Some(crate::world::seat(&yangpu())), ..Change::default() };
    world.identity.change_account(&security, clerk.id, &change).await.unwrap();
    let (actor, _) = world.identity.resolve(session.token.reveal()).await.unwrap().unwrap();
    assert_eq!((actor.role, actor.region), (Role::Officer, yangpu()));
    let detail: String = world.value("SELECT detail FROM audit_entry WHERE action = 'identity.account.change'").await;
    assert!(detail.contains(r#""was":{"role":"clerk","region":"/310110000000/310110008000/"}"#), "{detail}");
    world.chain_holds().await;
});

on_both!(sessions_are_listed_and_ended_by_their_owner_and_by_right, |test: TestDb| async move {
    let world = World::new(test).await;
    world.account("zhou.min", Role::Clerk, &street()).await;
    let colleague = world.actor("li.na", Role::Clerk).await;
    let security = world.actor("sec", Role::SecurityAdmin).await;
    let here = world.login("zhou.min").await;
    world.pass(TimeDelta::seconds(1));
    let there = world.login("zhou.min").await;
    let me = here.actor.clone();
    let ids = |sessions: Vec<identity::SessionInfo>| sessions.into_iter().map(|info| info.id).collect::<Vec<_>>();
    assert_eq!(ids(world.identity.sessions(&me, me.account).await.unwrap()), [there.info.id, here.info.id]);
    assert_eq!(world.identity.sessions(&security, me.account).await.unwrap().len(), 2);

    let refused = world.identity.sessions(&colleague, me.account).await.unwrap_err();
    assert!(matches!(refused, Refusal::Forbidden(_)), "{refused}");
    let refused = world.identity.end_session(&colleague, there.info.id).await.unwrap_err();
    assert!(matches!(refused, Refusal::Forbidden(_)), "{refused}");
    assert!(world.holds(&there).await);

    world.identity.end_session(&me, there.info.id).await.unwrap();
    assert!(!world.holds(&there).await && world.holds(&here).await);
    world.identity.end_session(&security, here.info.id).await.unwrap();
    assert!(!world.holds(&here).await);
    let gone = world.identity.end_session(&security, here.info.id).await.unwrap_err();
    assert!(matches!(gone, Refusal::NotFound(_)), "{gone}");
    world.chain_holds().await;
});

on_both!(sessions_are_found_by_index, |test: TestDb| async move {
    let world = World::new(test).await;
    let mut tx = world.test.db.begin().await.unwrap();
    let (plan, column) = match world.test.db.engine() {
        Engine::Sqlite => ("EXPLAIN QUERY PLAN", 3),
        Engine::Postgres => {
            // Small tables are read whole unless that is forbidden.
            tx.execute("SET LOCAL enable_seqscan = off", args![]).await.unwrap();
            ("EXPLAIN", 0)
        }
    };
    let question =
        "SELECT 1 FROM identity_session s JOIN identity_account a ON a.id = s.account WHERE s.token_hash = 'x'";
    let rows = tx.all(&format!("{plan} {question}"), args![]).await.unwrap();
    let text: String = rows.iter().map(|row| row.at::<String>(column).unwrap() + "\n").collect();
    assert!(!text.contains("SCAN") && !text.contains("Seq Scan"), "{text}");
    assert!(text.to_lowercase().matches("index").count() >= 2, "{text}");
});
