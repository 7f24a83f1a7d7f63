//! The layers, forms and errors through HTTP, and the samples of this crate's pages.

mod http;
mod pages;
