//! The command line of 朝夕 Zhaoxi. Everything is in the library beside it.

use clap::Parser;
use std::process::ExitCode;

/// Pages are many small texts: the system's allocator takes a quarter of the time of a page, this one less than half of that
/// (docs/benchmarks.md).
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli = zhaoxi::cli::Cli::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("zhaoxi: the machine gives no threads: {error}");
            return ExitCode::FAILURE;
        }
    };
    runtime.block_on(zhaoxi::cli::run::run(cli))
}
