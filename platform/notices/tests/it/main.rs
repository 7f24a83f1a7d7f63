//! Notices on both databases: told once, delivered at least once, nothing lost when a worker dies.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use chrono::{DateTime, TimeDelta, Utc};
use futures::future::BoxFuture;
use identity::{Actor, Role};
use notices::{Channel, FileChannel, Notice, Notices, Outgoing, send};
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use storage::{args, migrate};
use testkit::{TestDb, on_both, test_clock};
use uuid::Uuid;
use vocabulary::{Clock, RegionPath};

#[derive(Default)]
struct Movable(AtomicI64);

impl Clock for Movable {
    fn now(&self) -> DateTime<Utc> {
        test_clock().now() + TimeDelta::seconds(self.0.load(Ordering::SeqCst))
    }
}

fn id(number: u32) -> Uuid {
    format!("019a0000-0000-7000-8000-{number:012x}").parse().unwrap()
}

fn actor(number: u32) -> Actor {
    Actor {
        account: id(number),
        login: format!("someone-{number}"),
        name: "试用".to_owned(),
        role: Role::Officer,
        region: RegionPath::stored("/321000000000/"),
        place: "321000000000".to_owned(),
        district: "321000000000".to_owned(),
        department: None,
    }
}

fn notice(key: &str, accounts: &[u32]) -> Notice {
    Notice {
        key: key.to_owned(),
        place: "321000000000".to_owned(),
        district: "321000000000".to_owned(),
        kind: "test".to_owned(),
        title: format!("消息 {key}"),
        text: String::new(),
        href: "/cases/1".to_owned(),
        accounts: accounts.iter().map(|number| id(*number)).collect(),
    }
}

async fn world(test: &TestDb) -> (Arc<Movable>, Notices) {
    let clock = Arc::new(Movable::default());
    migrate(&test.db, notices::MIGRATIONS, clock.now()).await.unwrap();
    (Arc::clone(&clock), Notices::new(test.db.clone(), clock))
}

async fn post(test: &TestDb, clock: &Movable, notice: &Notice) -> bool {
    let mut tx = test.db.begin().await.unwrap();
    let written = send(&mut tx, clock.now(), notice).await.unwrap();
    tx.commit().await.unwrap();
    written
}

/// Fails a number of times, then takes everything and remembers it.
#[derive(Default)]
struct Moody {
    failures: AtomicUsize,
    told: Mutex<Vec<String>>,
}

impl Channel for Moody {
    fn key(&self) -> &'static str {
        "moody"
    }

    fn deliver<'a>(&'a self, notice: &'a Outgoing) -> BoxFuture<'a, Result<(), String>> {
        Box::pin(async move {
            if self.failures.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)).is_ok() {
                return Err("not now".to_owned());
            }
            self.told.lock().unwrap().push(notice.key.clone());
            Ok(())
        })
    }
}

on_both!(a_key_is_told_once_and_only_to_whom_it_is_addressed, |test: TestDb| async move {
    let (clock, port) = world(&test).await;
    assert!(post(&test, &clock, &notice("a", &[1, 2])).await);
    assert!(!post(&test, &clock, &notice("a", &[1, 2])).await, "the same key");
    assert!(!post(&test, &clock, &notice("b", &[])).await, "for nobody");
    assert_eq!(port.unread(&actor(1)).await.unwrap(), 0, "not before the worker came");
    assert_eq!(port.deliver().await.unwrap().sent, 1);
    assert_eq!(port.deliver().await.unwrap().sent, 0);
    let mail = port.mail(&actor(1), None, true).await.unwrap();
    assert_eq!(mail.items.len(), 1);
    assert_eq!(port.unread(&actor(3)).await.unwrap(), 0);
    let told = mail.items[0].notice;
    assert_eq!(port.open(&actor(3), told).await.unwrap(), None, "a stranger's notice");
    assert_eq!(port.open(&actor(1), told).await.unwrap().as_deref(), Some("/cases/1"));
    assert_eq!((port.unread(&actor(1)).await.unwrap(), port.unread(&actor(2)).await.unwrap()), (0, 1));
});

on_both!(what_was_rolled_back_is_never_told, |test: TestDb| async move {
    let (clock, port) = world(&test).await;
    let mut tx = test.db.begin().await.unwrap();
    send(&mut tx, clock.now(), &notice("a", &[1])).await.unwrap();
    drop(tx);
    assert_eq!(port.deliver().await.unwrap().sent, 0);
});

on_both!(a_channel_that_fails_is_tried_again_and_the_others_are_not_told_twice, |test: TestDb| async move {
    let (clock, port) = world(&test).await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("notices.jsonl");
    let moody = Arc::new(Moody { failures: AtomicUsize::new(2), ..Moody::default() });
    let port =
        port.with_channel(Arc::new(FileChannel::new(&path))).with_channel(Arc::clone(&moody) as Arc<dyn Channel>);
    post(&test, &clock, &notice("a", &[1])).await;
    assert_eq!(port.deliver().await.unwrap().failed, 1);
    assert_eq!(port.unread(&actor(1)).await.unwrap(), 1, "the inbox does not wait for another channel");
    assert_eq!(port.deliver().await.unwrap(), notices::Delivered::default(), "not before its pause is over");
    clock.0.fetch_add(31, Ordering::SeqCst);
    assert_eq!(port.deliver().await.unwrap().failed, 1);
    clock.0.fetch_add(61, Ordering::SeqCst);
    assert_eq!(port.deliver().await.unwrap().sent, 1);
    assert_eq!(*moody.told.lock().unwrap(), ["a"]);
    assert_eq!(std::fs::read_to_string(&path).unwrap().lines().count(), 1);
    assert_eq!(port.mail(&actor(1), None, false).await.unwrap().items.len(), 1);
});

on_both!(what_a_dead_worker_held_is_delivered_by_the_next, |test: TestDb| async move {
    let (clock, port) = world(&test).await;
    for number in 0..7 {
        post(&test, &clock, &notice(&format!("n{number}"), &[1])).await;
    }
    // A worker took them all and died: the lease holds for a minute.
    let lease = clock.now() + TimeDelta::seconds(60);
    test.db.execute("UPDATE notice SET leased_until = $1, attempts = 1", args![lease]).await.unwrap();
    assert_eq!(port.deliver().await.unwrap().sent, 0);
    clock.0.fetch_add(61, Ordering::SeqCst);
    assert_eq!(port.deliver().await.unwrap().sent, 7);
    assert_eq!(port.unread(&actor(1)).await.unwrap(), 7);
});

on_both!(several_workers_deliver_each_notice_once, |test: TestDb| async move {
    let (clock, port) = world(&test).await;
    let moody = Arc::new(Moody::default());
    let port = port.with_channel(Arc::clone(&moody) as Arc<dyn Channel>);
    for number in 0..120 {
        post(&test, &clock, &notice(&format!("n{number}"), &[1, 2])).await;
    }
    let (first, second, third) = tokio::join!(port.deliver(), port.deliver(), port.deliver());
    assert_eq!(first.unwrap().sent + second.unwrap().sent + third.unwrap().sent, 120);
    let mut told = moody.told.lock().unwrap().clone();
    told.sort();
    told.dedup();
    assert_eq!((told.len(), moody.told.lock().unwrap().len()), (120, 120));
    assert_eq!(port.unread(&actor(2)).await.unwrap(), 120);
});

on_both!(an_inbox_is_paged_without_gaps, |test: TestDb| async move {
    let (clock, port) = world(&test).await;
    for number in 0..65 {
        post(&test, &clock, &notice(&format!("n{number}"), &[1])).await;
    }
    port.deliver().await.unwrap();
    let (mut seen, mut after) = (std::collections::BTreeSet::new(), None);
    loop {
        let mail = port.mail(&actor(1), after, false).await.unwrap();
        assert!(mail.items.iter().all(|item| seen.insert(item.notice)), "every notice once");
        after = mail.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(seen.len(), 65);
});
