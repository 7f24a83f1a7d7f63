//! Tells the crate where the built assets stand, and rebuilds it when they change, so that a release never embeds old
//! ones. Debug builds read the assets from disk and need no rebuilding.

use std::{env, path::PathBuf};

fn main() -> Result<(), std::io::Error> {
    let here = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    // Without `..`: a debug build compares the path of each file asked for with this one, as text.
    let assets = here.join("../..").canonicalize()?.join("assets");
    println!("cargo::rustc-env=ZHAOXI_ASSETS={}", assets.display());
    println!("cargo::rerun-if-changed=build.rs");
    if env::var_os("CARGO_CFG_DEBUG_ASSERTIONS").is_none() {
        println!("cargo::rerun-if-changed={}", assets.join("manifest.json").display());
    }
    Ok(())
}
