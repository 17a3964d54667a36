//! Does an expansion compile where the caller is strict, or has taken the usual names?
//!
//! Compiled once for each edition. That it compiles is the test; what is recorded is tested
//! elsewhere.
//!
//! tokio-rs/tracing#1093, #2822, #2049, #843, #1818: lints that an expansion triggers, and a renamed
//! crate. What it must not hide (#2209, #3597) is among the diagnostics.
#![deny(warnings, missing_docs, unsafe_code, unreachable_pub, clippy::all, clippy::pedantic)]
#![allow(
    clippy::unnecessary_wraps,
    clippy::unused_async,
    reason = "the plain functions do the same"
)]

mod names;
// Bodies of one line have to stay on one line.
#[rustfmt::skip]
pub mod strict;

extern crate otel_runtime as renamed;

#[test]
fn what_compiles_runs() {
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    runtime.block_on(async {
        strict::everything().await;
        names::everything().await;
    });
}
