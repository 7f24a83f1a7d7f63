//! The first start: three administrators, once.

use crate::world::World;
use identity::{Refusal, Role};
use testkit::{TestDb, on_both};

on_both!(three_administrators_are_made_once_with_passwords_of_their_own, |test: TestDb| async move {
    let world = World::new(test).await;
    let first = world.identity.bootstrap().await.unwrap().unwrap();
    let roles: Vec<Role> = first.iter().map(|admin| admin.role).collect();
    assert_eq!(roles, [Role::SystemAdmin, Role::SecurityAdmin, Role::AuditAdmin]);
    for admin in &first {
        let session = world.try_login(&admin.login, admin.password.reveal()).await.unwrap();
        assert!(session.info.must_change && session.actor.role == admin.role);
        assert!(session.actor.sees(&crate::world::street()), "they work for the whole server");
        assert!(!format!("{admin:?}").contains(admin.password.reveal()));
    }
    assert_ne!(first[0].password, first[1].password);
    assert!(world.identity.bootstrap().await.unwrap().is_none());
    assert_eq!(world.value::<i64>("SELECT COUNT(*) FROM identity_account").await, 3);
    world.chain_holds().await;
});

on_both!(two_processes_that_start_at_once_make_three_not_six, |test: TestDb| async move {
    let world = World::new(test).await;
    let other = world.process();
    let (one, two) = tokio::join!(world.identity.bootstrap(), other.bootstrap());
    let made = [one.unwrap(), two.unwrap()];
    assert_eq!(made.iter().flatten().count(), 1);
    let admins = made.iter().flatten().next().unwrap();
    for admin in admins {
        assert!(world.try_login(&admin.login, admin.password.reveal()).await.is_ok());
    }
    world.chain_holds().await;
});

on_both!(a_taken_name_is_said_not_passed_over, |test: TestDb| async move {
    let world = World::new(test).await;
    world.actor("auditadmin", Role::Clerk).await;
    let refused = world.identity.bootstrap().await.unwrap_err();
    assert!(matches!(refused, Refusal::Conflict(_)), "{refused}");
    assert_eq!(world.value::<i64>("SELECT COUNT(*) FROM identity_account").await, 1);
    world.chain_holds().await;
});

on_both!(an_existing_administrator_keeps_the_door_shut, |test: TestDb| async move {
    let world = World::new(test).await;
    let security = world.actor("sec", Role::SecurityAdmin).await;
    assert!(world.identity.bootstrap().await.unwrap().is_none());
    assert_eq!(security.login, "sec");
});
