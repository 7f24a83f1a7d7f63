//! The crate from outside: files are written, opened again with independent tools, and compared
//! with the model.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod bad_files;
mod docx_file;
mod hostile;
mod pdf_file;
mod same_figures;
mod sample;
mod sheets;
mod tools;
