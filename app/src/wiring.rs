//! The list of services: one line each for tables, registers, actions and routes.

use crate::desks;
use crate::house::House;
use identity::Action;
use std::sync::Arc;
use storage::Migration;
use vocabulary::Register;
use web::Route;

/// Tables of the app itself.
const MIGRATIONS: &[Migration] = &[Migration { name: "app.001_app", sql: include_str!("../migrations/001_app.sql") }];

/// The tables of every room, in the order of their stages.
#[must_use]
pub fn migrations() -> Vec<Migration> {
    [
        storage::MIGRATIONS,
        facts::MIGRATIONS,
        identity::MIGRATIONS,
        records::MIGRATIONS,
        notices::MIGRATIONS,
        cases::MIGRATIONS,
        places::MIGRATIONS,
        plans::MIGRATIONS,
        people::MIGRATIONS,
        facilities::MIGRATIONS,
        workforce::MIGRATIONS,
        monitoring::MIGRATIONS,
        walking::MIGRATIONS,
        synthetic::MIGRATIONS,
        MIGRATIONS,
    ]
    .concat()
}

/// The registers described in Rust.
#[must_use]
pub fn registers() -> Vec<Register> {
    vec![people::register(), facilities::register(), workforce::register()]
}

/// Every action, of every room.
#[must_use]
pub fn actions() -> Vec<&'static Action> {
    [
        identity::ACTIONS,
        records::actions::ACTIONS,
        notices::actions::ACTIONS,
        cases::actions::ACTIONS,
        monitoring::actions::ACTIONS,
        desks::ACTIONS,
    ]
    .concat()
}

/// Every route, of every room.
#[must_use]
pub fn routes(house: &Arc<House>) -> Vec<Route> {
    [
        monitoring::pages::routes(&house.monitoring),
        walking::routes(&house.walking),
        records::routes(&house.records),
        notices::pages::routes(house.cases.notices()),
        cases::routes(&house.cases),
        desks::routes(house),
    ]
    .concat()
}
