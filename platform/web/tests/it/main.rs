//! The layers, forms and errors through HTTP, and the samples of this crate's pages.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod http;
mod pages;
