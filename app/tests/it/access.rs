//! Who may do what: every route of the house, every role, and regions that are not one's own.

use crate::city::{City, Visitor, yangzhou};
use axum::http::{Method, StatusCode};
use identity::{Action, Role, Who};
use std::collections::{BTreeMap, BTreeSet};
use zhaoxi::wiring;

/// Demo accounts, one a role.
const ACCOUNTS: [(Role, &str); 7] = [
    (Role::Leader, "yangzhou-leader"),
    (Role::Officer, "yangzhou-mzj1"),
    (Role::Clerk, "yangzhou-town"),
    (Role::Institution, "yangzhou-home1"),
    (Role::SystemAdmin, "sysadmin"),
    (Role::SecurityAdmin, "secadmin"),
    (Role::AuditAdmin, "auditadmin"),
];

fn actions() -> BTreeMap<&'static str, Action> {
    wiring::actions().into_iter().map(|action| (action.key, *action)).collect()
}

/// A path with its parameters filled by things that do not exist: rights are asked before the thing is.
fn filled(path: &str) -> String {
    path.split('/')
        .map(|part| if part.starts_with('{') { "00000000-0000-7000-8000-000000000000" } else { part })
        .collect::<Vec<_>>()
        .join("/")
}

async fn everyone(city: &City) -> BTreeMap<Role, Visitor> {
    let mut all = BTreeMap::new();
    for (role, login) in ACCOUNTS {
        all.insert(role, Visitor::signed_in(city, login).await);
    }
    all
}

async fn rights_hold_on_every_route(city: &City) {
    let actions = actions();
    let nobody = Visitor::nobody(city).await;
    let everyone = everyone(city).await;
    for route in wiring::routes(&city.house) {
        let action =
            actions.get(route.action).unwrap_or_else(|| panic!("{} names no action {}", route.path, route.action));
        let path = filled(&route.path);
        let what = format!("{} {path}", route.method);
        let answer = nobody.ask(route.method.clone(), &path).await;
        if action.who == Who::Public {
            assert_ne!(answer.status, StatusCode::UNAUTHORIZED, "{what} is open");
        } else {
            let refused = answer.status == StatusCode::UNAUTHORIZED || answer.location.starts_with("/login");
            assert!(refused, "{what} without a session: {} {}", answer.status, answer.location);
        }
        for (role, visitor) in &everyone {
            let Who::Roles(roles) = action.who else { continue };
            if roles.contains(role) {
                continue;
            }
            let answer = visitor.ask(route.method.clone(), &path).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{what} as {}", role.key());
        }
    }
}

async fn every_page_of_a_desk_opens(city: &City) {
    for (role, login) in ACCOUNTS {
        let visitor = Visitor::signed_in(city, login).await;
        let home = visitor.get("/home").await;
        let page = visitor.get(&home.location).await;
        assert_eq!(page.status, StatusCode::OK, "{} of {}", home.location, role.key());
        for href in links(&page.text) {
            let answer = visitor.get(&href).await;
            assert!(
                answer.status == StatusCode::OK || answer.status.is_redirection(),
                "{href} from {} as {login}: {}",
                home.location,
                answer.status
            );
        }
    }
}

/// The links of a page that lead inside the site.
fn links(html: &str) -> BTreeSet<String> {
    html.split("href=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .filter(|href| href.starts_with('/') && !href.starts_with("/assets/") && !href.starts_with("/prefs"))
        .map(|href| href.replace("&amp;", "&").replace("&#38;", "&").split('#').next().unwrap_or_default().to_owned())
        .collect()
}

async fn another_region_is_not_there(city: &City) {
    let clerk = Visitor::signed_in(city, "yangzhou-town").await;
    let pack = city.house.plans.places().remove(0).1;
    let own = "321023100000";
    let other = pack.pack.regions.iter().find(|region| region.code.starts_with("321002")).unwrap();
    let indicator = &pack.pack.indicators[1].key;
    for path in [
        format!("/indicators?region={}", other.code),
        format!("/indicators/{indicator}?region={}", other.code),
        format!("/indicators/{indicator}/rows?side=numerator&region={}", other.code),
        format!("/indicators/{indicator}/report?region={}", other.code),
        format!("/api/v1/indicators?region={}", other.code),
        format!("/indicators?region={}", pack.place()),
    ] {
        let answer = clerk.get(&path).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
    }
    assert_eq!(clerk.get(&format!("/indicators?region={own}")).await.status, StatusCode::OK);
    let register = city.house.registry.get(pack.place(), "person").unwrap();
    let scope = vocabulary::RegionPath::stored(&other.path);
    let page = records::list(&city.house.db, &register, &records::Query::within(&scope)).await.unwrap();
    let stranger = page.rows.first().expect("someone lives there");
    for path in [
        format!("/registers/person/records/{}", stranger.id),
        format!("/registers/person/records/{}/edit", stranger.id),
        format!("/api/v1/registers/person/{}", stranger.id),
    ] {
        let answer = clerk.get(&path).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        assert!(!answer.text.contains(&stranger.title(&register)), "{path} names them");
    }
    let answer = clerk.ask(Method::GET, &format!("/registers/person?region={}", other.code)).await;
    assert!(!answer.text.contains(&stranger.id.to_string()), "the list shows a stranger");
}

/// Cases of other regions and institutions: not found by address, by id of the interface, in lists, or to be moved.
async fn another_case_is_not_there(city: &City) {
    let everyone = cases::Wanted::default();
    let leader = city.house.identity.account_by_login(&identity::system(), "yangzhou-leader").await.unwrap().actor();
    let found = city.house.cases.list(&leader, &everyone).await.unwrap();
    assert!(found.items.len() > 3, "the demonstration has cases");
    for login in ["yangzhou-town", "yangzhou-home1"] {
        let visitor = Visitor::signed_in(city, login).await;
        let actor = city.house.identity.account_by_login(&identity::system(), login).await.unwrap().actor();
        let own = city.house.cases.list(&actor, &everyone).await.unwrap();
        let strangers = found.items.iter().filter(|one| own.items.iter().all(|other| other.case.id != one.case.id));
        let mut seen = 0;
        for stranger in strangers {
            seen += 1;
            let id = stranger.case.id;
            for path in [
                format!("/cases/{id}"),
                format!("/cases/{id}/do/accept"),
                format!("/cases/{id}/papers/{id}"),
                format!("/api/v1/cases/{id}"),
            ] {
                let answer = visitor.get(&path).await;
                assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path} as {login}");
                assert!(
                    stranger.case.title.is_empty() || !answer.text.contains(&stranger.case.title),
                    "{path} names it"
                );
            }
            let moved = visitor.post(&format!("/cases/{id}/do/accept"), "version=1").await;
            assert_eq!(moved.status, StatusCode::NOT_FOUND, "moved as {login}");
            for list in ["/cases?ended=all", "/work", "/api/v1/cases?ended=all"] {
                assert!(!visitor.get(list).await.text.contains(&id.to_string()), "{list} of {login} lists it");
            }
        }
        assert!(seen > 0, "somebody else has cases");
    }
}

async fn the_chain_holds(city: &City) {
    let report = facts::verify(&city.house.db).await.unwrap();
    assert!(report.breaks.is_empty() && report.entries > 0, "{:?}", report.breaks.first());
}

async fn all(city: City) {
    rights_hold_on_every_route(&city).await;
    every_page_of_a_desk_opens(&city).await;
    another_region_is_not_there(&city).await;
    another_case_is_not_there(&city).await;
    the_chain_holds(&city).await;
}

#[tokio::test]
async fn access_on_sqlite() {
    all(yangzhou(None).await).await;
}

#[tokio::test]
async fn access_on_postgresql() {
    let Some(database) = testkit::postgres().await else { return };
    let address = database.address.clone();
    all(yangzhou(Some(address)).await).await;
}
