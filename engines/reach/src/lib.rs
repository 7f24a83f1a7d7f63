//! Walking times, what is within reach, and how well a place is served. Pure: networks come as text or bytes, nothing is read.
//!
//! ```
//! use reach::{Edge, Ground, Kind, Network, Pace, Point, Problem, Settings, Spot, pace, solve};
//!
//! let mut network = Network::default();
//! for (name, lon) in [("a", 121.500), ("b", 121.501), ("c", 121.502)] {
//!     network.names.add(name);
//!     network.points.push(Point { lon, lat: 31.2 });
//! }
//! network.edges.push(Edge { from: 0, to: 1, metres: 100.0, kind: Kind::default() });
//! network.edges.push(Edge { from: 1, to: 2, metres: 50.0, kind: Kind::default() });
//! let ground = Ground::new(&network, Pace { profile: pace::ELDER, speed_mps: Some(1.0) });
//! let spot = |id: &str, lon, size| Spot { id: id.into(), point: Point { lon, lat: 31.2 }, size: Some(size) };
//! let origins = vec![spot("a", 121.500, 10.0), spot("b", 121.501, 30.0)];
//! let problem = Problem::new(&ground, origins, vec![spot("c", 121.502, 8.0)], Settings::default()).unwrap();
//! let answer = solve(&problem);
//! assert_eq!((answer.rows[0].nearest, answer.rows[0].seconds, answer.rows[0].within), (Some(0), 150.0, 1));
//! assert_eq!(answer.rows[1].score, 0.2);
//! ```
//!
//! The rules, the method and its limits are in the README beside this file.

pub mod answer;
pub mod check;
pub mod earth;
pub mod files;
pub mod graph;
pub mod network;
pub mod pace;
pub mod problem;
pub mod solve;
mod straight;

pub use answer::{Answer, By, Load, Row};
pub use earth::Point;
pub use network::{Edge, Kind, Network};
pub use pace::{Pace, Profile};
pub use problem::{Decay, Flaw, Ground, Problem, Settings, Spot};
pub use solve::matrix::{Pair, each_pair, pairs, table};
pub use solve::served::Served;
pub use solve::solve;
