//! Does the example write both tiers for the policy of the environment?

use std::path::PathBuf;
use std::process::{Command, Output};

/// The example, which is built before the tests of its package.
fn path() -> PathBuf {
    let this = std::env::current_exe().expect("this program has a path");
    this.ancestors().nth(2).expect("it is two directories deep").join("examples/collector")
}

fn run(policy: &str, arguments: &[&str]) -> Output {
    let mut program = Command::new(path());
    for name in ["BACKEND", "DECISION_WAIT", "OWN_METRICS", "TRACES_PER_SECOND"] {
        program.env_remove(name);
    }
    program.env("OTEL_TRACED_TAIL", policy).env("SAMPLERS", "dns:sampler:4317").args(arguments);
    program.output().expect("it runs")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn each_tier_is_written_for_the_policy_of_the_environment() {
    let policy = "error,slower=250ms,ratio=0.05";
    let first = text(&run(policy, &["first"]).stdout);
    assert!(
        first.contains("load_balancing:") && first.contains("hostname: \"sampler\""),
        "{first}"
    );
    let second = text(&run(policy, &["second"]).stdout);
    assert!(
        second.contains("tail_sampling:") && second.contains("sampling_percentage: 5"),
        "{second}"
    );
    let both = text(&run(policy, &[]).stdout);
    assert_eq!(both, format!("# The first tier\n{first}---\n# The second tier\n{second}"));
}

#[test]
fn what_cannot_be_expressed_is_told_by_its_rule_unless_more_may_be_kept() {
    let refused = run("error,rate=100", &["second"]);
    assert!(!refused.status.success());
    let told = text(&refused.stderr);
    assert!(told.starts_with("keep[1].rate: ") && told.contains("over-approximated"), "{told}");

    let widened = run("error,rate=100", &["second", "--over-approximate"]);
    assert!(widened.status.success(), "{}", text(&widened.stderr));
    assert!(text(&widened.stdout).contains("# keep[1].rate: "));

    let told = text(&run("errr", &[]).stderr);
    assert!(told.contains("did you mean error?"), "{told}");
}
