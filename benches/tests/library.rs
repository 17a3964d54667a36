//! What a library takes in that only annotates.

use std::collections::BTreeSet;
use std::process::Command;

/// Crates, `otel-runtime` included.
const LIMIT: usize = 18;

#[test]
fn a_library_takes_in_few_crates() {
    let output = Command::new(env!("CARGO"))
        .args(["tree", "-p", "otel-runtime", "--no-default-features", "--features", "macros"])
        .args(["-e", "normal", "--prefix", "none", "--no-dedupe"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo runs");
    let tree = String::from_utf8(output.stdout).expect("cargo prints UTF-8");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let crates: BTreeSet<&str> = tree.lines().filter(|line| !line.is_empty()).collect();
    assert!(!crates.is_empty());
    assert!(crates.len() <= LIMIT, "{} crates: {crates:#?}", crates.len());
}
