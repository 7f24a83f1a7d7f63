//! Pages: shells, components, assets, forms, errors, and the layers around every answer.
//! Knows no domain and no database; a page in another crate extends a shell from `templates/` and is handed a [`Shell`].

// Templates call `web::asset(...)` by this crate's name, in this crate as in all others.
extern crate self as web;

pub mod answer;
pub mod assets;
pub mod cookie;
pub mod csrf;
pub mod errors;
pub mod flash;
pub mod form;
pub mod layers;
pub mod markup;
pub mod pages;
pub mod parts;
pub mod posted;
pub mod prefs;
pub mod query;
pub mod route;
pub mod samples;
pub mod shell;
pub mod svg;

pub use answer::{Page, see_other};
pub use assets::asset;
pub use csrf::Csrf;
pub use errors::WebError;
pub use flash::Flash;
pub use form::{Choice, FormState, Input};
pub use layers::{WebConfig, layers};
pub use markup::Markup;
pub use parts::{
    Bar, ChainLink, Column, Columns, Figure, Link, Pager, Progress, SegPart, Tab, Tag, TimelineItem, Tone,
};
pub use posted::{Posted, Upload, UploadedFile, limited};
pub use prefs::Size;
pub use query::Query;
pub use route::{Guard, Kind, Route, RouteAction, mount};
pub use samples::Samples;
pub use shell::{Chrome, NavItem, Search, Shell, UserBadge};
