//! Walks to facilities, each story on both databases.

mod pages;
mod reckoned;
mod stories;
mod world;
