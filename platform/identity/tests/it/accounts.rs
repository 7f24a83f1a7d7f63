//! Accounts: who may make and change which, and what they may not become.

use crate::world::{PASSWORD, World, guangling, seat, street, yangpu};
use identity::{AccountFilter, Actor, Change, NewAccount, NewPassword, Refusal, Role, Seat, system};
use storage::args;
use testkit::{TestDb, on_both};

fn new(login: &str, region: Seat) -> NewAccount {
    let password = NewPassword::Given { text: PASSWORD.to_owned(), must_change: true };
    NewAccount { login: login.to_owned(), name: "周敏".to_owned(), role: Role::Clerk, seat: region, password }
}

fn codes(refusal: Refusal) -> Vec<String> {
    match refusal {
        Refusal::Invalid(problems) => problems.into_iter().map(|problem| problem.code).collect(),
        other => panic!("{other}"),
    }
}

on_both!(everything_wrong_with_a_new_account_is_said_at_once, |test: TestDb| async move {
    let world = World::new(test).await;
    let security = world.actor("sec", Role::SecurityAdmin).await;
    let wrong = NewAccount {
        name: " ".to_owned(),
        password: NewPassword::Given { text: "admin".to_owned(), must_change: false },
        ..new("9 lives", Seat::new(street(), "310115000000", None))
    };
    let refused = world.identity.create_account(&security, &wrong).await.unwrap_err();
    let expected = [
        "identity.login.form",
        "identity.name.form",
        "identity.seat",
        "identity.password.short",
        "identity.password.plain",
        "identity.password.common",
    ];
    assert_eq!(codes(refused), expected);
    let refused = world.identity.create_account(&security, &new("SEC", seat(&street()))).await.unwrap_err();
    assert_eq!(codes(refused), ["identity.login.taken"]);
    assert_eq!(world.value::<i64>("SELECT COUNT(*) FROM identity_account").await, 1);
});

on_both!(two_makers_of_one_login_make_one_account, |test: TestDb| async move {
    let world = World::new(test).await;
    let security = world.actor("sec", Role::SecurityAdmin).await;
    let (other, wanted) = (world.process(), new("zhou.min", seat(&street())));
    let (one, two) =
        tokio::join!(world.identity.create_account(&security, &wanted), other.create_account(&security, &wanted));
    assert_eq!(usize::from(one.is_ok()) + usize::from(two.is_ok()), 1);
    let refused = one.err().or(two.err()).unwrap();
    assert_eq!(codes(refused), ["identity.login.taken"]);
    world.chain_holds().await;
});

on_both!(only_security_administrators_make_accounts_and_only_in_their_region, |test: TestDb| async move {
    let world = World::new(test).await;
    let security = world.actor("sec", Role::SecurityAdmin).await;
    for role in Role::ALL.into_iter().filter(|role| *role != Role::SecurityAdmin) {
        let actor = Actor { role, ..security.clone() };
        let refused = world.identity.create_account(&actor, &new("zhou.min", seat(&street()))).await.unwrap_err();
        assert!(matches!(refused, Refusal::Forbidden(_)), "{role:?}: {refused}");
    }
    for elsewhere in [seat(&guangling()), Seat::server()] {
        let refused = world.identity.create_account(&security, &new("zhou.min", elsewhere)).await.unwrap_err();
        assert!(matches!(refused, Refusal::Forbidden(_)), "{refused}");
    }
    assert!(world.identity.create_account(&security, &new("zhou.min", seat(&street()))).await.is_ok());
    world.chain_holds().await;
});

on_both!(accounts_of_another_region_are_not_there, |test: TestDb| async move {
    let world = World::new(test).await;
    let security = world.actor("sec", Role::SecurityAdmin).await;
    let far = world.account("gu.yan", Role::Clerk, &guangling()).await;
    let identity = &world.identity;
    let refusals = [
        identity.account(&security, far.id).await.err(),
        identity.account_by_login(&security, "gu.yan").await.err(),
        identity.sessions(&security, far.id).await.err(),
        identity.disable(&security, far.id, "").await.err(),
        identity.enable(&security, far.id).await.err(),
        identity.unlock(&security, far.id).await.err(),
        identity.set_password(&security, far.id, &NewPassword::OneTime).await.err(),
        identity
            .change_account(&security, far.id, &Change { name: Some("x".to_owned()), ..Change::default() })
            .await
            .err(),
    ];
    let session = world.login("gu.yan").await;
    let ended = identity.end_session(&security, session.info.id).await.err();
    for (step, refusal) in refusals.into_iter().chain([ended]).enumerate() {
        assert!(matches!(refusal, Some(Refusal::NotFound(_))), "{step}: {refusal:?}");
    }
    assert!(world.holds(&session).await);
    let taken = Change { seat: Some(seat(&guangling())), ..Change::default() };
    let near = world.account("zhou.min", Role::Clerk, &street()).await;
    let refused = identity.change_account(&security, near.id, &taken).await.unwrap_err();
    assert!(matches!(refused, Refusal::Forbidden(_)), "nobody is moved out of reach: {refused}");
    world.chain_holds().await;
});

on_both!(accounts_are_listed_by_region_role_and_text, |test: TestDb| async move {
    let world = World::new(test).await;
    let security = world.actor("sec", Role::SecurityAdmin).await;
    for (login, role, region) in [
        ("zhou.min", Role::Clerk, street()),
        ("li_na", Role::Clerk, yangpu()),
        ("lixna", Role::Officer, yangpu()),
        ("gu.yan", Role::Clerk, guangling()),
    ] {
        world.account(login, role, &region).await;
    }
    let listed = async |by: &Actor, filter: AccountFilter| -> Vec<String> {
        let accounts = world.identity.accounts(by, &filter).await.unwrap();
        accounts.into_iter().map(|account| account.login).collect()
    };
    let all = AccountFilter::default;
    assert_eq!(listed(&security, all()).await, ["li_na", "lixna", "sec", "zhou.min"]);
    assert_eq!(listed(&system(), all()).await.len(), 5);
    assert_eq!(listed(&security, AccountFilter { within: Some(street()), ..all() }).await, ["zhou.min"]);
    assert_eq!(listed(&security, AccountFilter { within: Some(guangling()), ..all() }).await.len(), 0);
    assert_eq!(listed(&security, AccountFilter { role: Some(Role::Clerk), ..all() }).await, ["li_na", "zhou.min"]);
    assert_eq!(listed(&security, AccountFilter { text: "I_NA".to_owned(), ..all() }).await, ["li_na"]);
    let after = AccountFilter { after: Some("lixna".to_owned()), role: Some(Role::Clerk), ..all() };
    assert_eq!(listed(&security, after).await, ["zhou.min"]);
    let clerk = world.login("zhou.min").await.actor;
    assert!(matches!(world.identity.accounts(&clerk, &all()).await, Err(Refusal::Forbidden(_))));
    assert_eq!(world.identity.account(&clerk, clerk.account).await.unwrap().login, "zhou.min");
});

on_both!(nobody_changes_their_own_account, |test: TestDb| async move {
    let world = World::new(test).await;
    let security = world.actor("sec", Role::SecurityAdmin).await;
    world.actor("sec2", Role::SecurityAdmin).await;
    let (identity, own) = (&world.identity, security.account);
    let refusals = [
        identity.disable(&security, own, "").await.err(),
        identity.unlock(&security, own).await.err(),
        identity.set_password(&security, own, &NewPassword::OneTime).await.err(),
        identity.change_account(&security, own, &Change { role: Some(Role::Leader), ..Change::default() }).await.err(),
    ];
    for refusal in refusals {
        assert!(matches!(refusal, Some(Refusal::Forbidden(_))), "{refusal:?}");
    }
});

on_both!(administrators_stay_apart_and_one_of_a_kind_stays, |test: TestDb| async move {
    let world = World::new(test).await;
    let security = world.actor("sec", Role::SecurityAdmin).await;
    let audit = world.account("aud", Role::AuditAdmin, &yangpu()).await;
    let to = |role: Role| Change { role: Some(role), ..Change::default() };
    let refused = world.identity.change_account(&security, audit.id, &to(Role::SecurityAdmin)).await.unwrap_err();
    assert_eq!(codes(refused), ["identity.role.apart"]);
    for refused in [
        world.identity.change_account(&security, audit.id, &to(Role::Leader)).await.unwrap_err(),
        world.identity.disable(&security, audit.id, "").await.unwrap_err(),
    ] {
        assert!(matches!(refused, Refusal::Conflict(_)), "{refused}");
    }
    world.account("aud2", Role::AuditAdmin, &yangpu()).await;
    world.identity.disable(&security, audit.id, "").await.unwrap();
    world.chain_holds().await;
});

on_both!(two_who_remove_each_other_leave_one, |test: TestDb| async move {
    let world = World::new(test).await;
    let one = world.actor("sec1", Role::SecurityAdmin).await;
    let two = world.actor("sec2", Role::SecurityAdmin).await;
    let other = world.process();
    let (first, second) =
        tokio::join!(world.identity.disable(&one, two.account, ""), other.disable(&two, one.account, ""));
    assert_eq!(usize::from(first.is_ok()) + usize::from(second.is_ok()), 1, "{first:?} {second:?}");
    let active = "SELECT COUNT(*) FROM identity_account WHERE state = 'active'";
    assert_eq!(world.value::<i64>(active).await, 1);
    world.chain_holds().await;
});

on_both!(an_account_that_cannot_be_read_is_a_fault_not_a_guess, |test: TestDb| async move {
    let world = World::new(test).await;
    let clerk = world.account("zhou.min", Role::Clerk, &street()).await;
    let session = world.login("zhou.min").await;
    world.test.db.execute("UPDATE identity_account SET role = 'emperor'", args![]).await.unwrap();
    assert!(world.process().resolve(session.token.reveal()).await.is_err());
    assert!(matches!(world.identity.account(&system(), clerk.id).await, Err(Refusal::Storage(_))));
});
