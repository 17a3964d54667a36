//! Are the configurations those that the Collector takes, and keep what the policy keeps?

mod alternatives;

use std::path::PathBuf;
use std::time::Duration;

use super::*;

fn tiers(policy: &str) -> TwoTiers {
    let policy = policy.parse().unwrap_or_else(|error| panic!("{policy}: {error}"));
    TwoTiers::new(policy, Resolver::addresses(["sampler-1:4317", "sampler-2:4317"]))
}

/// The policies of the second tier, as they are written.
fn policies(policy: &str) -> String {
    let tiers = tiers(policy).instances(1);
    let written = tiers.exact().unwrap_or_else(|error| panic!("{policy}: {error}"));
    assert!(written.widened().is_empty());
    let (_, policies) = written.second().split_once("    policies:\n").expect("there are some");
    policies.split("  batch:").next().unwrap_or_default().to_owned()
}

/// Compares with a file beside this one, or writes it anew with `BLESS=1`.
fn golden(name: &str, written: &str) {
    let directory = concat!(env!("CARGO_MANIFEST_DIR"), "/src/setup/collector/tests/golden");
    let path = PathBuf::from(directory).join(name);
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, written).expect("it can be written");
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(written, expected, "{name}: read it as a user would, then BLESS=1");
}

#[test]
fn both_tiers_of_the_usual_policy_are_as_they_are_read_here() {
    let written = tiers("error, slower=250ms, ratio=0.05").exact().expect("it can be expressed");
    golden("usual-first.yaml", written.first());
    golden("usual-second.yaml", written.second());
}

#[test]
fn every_condition_and_every_setting_is_written() {
    let policy = "named(probes, drop(all(span(root, route=/healthz), no_span(error)))), error, \
                  span(kind=client, slower=1s), span(slower=900us, not(kind=server|consumer)), parent=local, \
                  name=\"GET /a*|\\\"b\\\"\"|exact, span(http.route=/a*|/b, http.route!=/a/b?), \
                  url.path=*.css, http.response.status_code>=500, span(a.b>0.5, a.b<=2), \
                  tenant.id==7|acme, shop.cached==true => ratio=0.1, every_span(a.c==1), spans=100..200, \
                  any(lasts=20s, all(spans=10, no_span(kind=client))), not(span(any(error, a.d=x))), \
                  lasts=1s..5s, rate=101 burst=500, bytes=1000000, ratio=0.333";
    let tiers = tiers(policy)
        .traffic(Traffic::new(5000.0).spans_per_trace(10).bytes_per_span(400))
        .decision_wait(Duration::from_millis(2500))
        .decision_wait_after_root(Duration::from_secs(1))
        .num_traces(1234)
        .decision_cache(5, 6)
        .shards(4)
        .block_on_overflow(true)
        .drop_pending_on_shutdown(true)
        .largest_trace(1000, 5_000_000)
        .memory_mib(2000)
        .queue(77)
        .listen("127.0.0.1:1", "127.0.0.1:2")
        .tls_between_tiers(true)
        .backend("http://tempo:4317")
        .own_metrics(false);
    let written = tiers.over_approximate().expect("it can be widened");
    golden("everything-first.yaml", written.first());
    golden("everything-second.yaml", written.second());
    for widened in written.widened() {
        assert!(written.second().contains(&format!("# {widened}")), "{widened}");
    }
}

#[test]
fn resolvers_are_written_as_the_balancer_takes_them() {
    let first = |resolver| {
        let tiers = TwoTiers::new("error".parse().expect("valid"), resolver);
        tiers.exact().expect("valid").first().to_owned()
    };
    let dns = first(Resolver::dns("sampler", 4317).every(Duration::from_secs(30)));
    assert!(dns.contains(
        "    resolver:\n      dns:\n        hostname: \"sampler\"\n        port: \"4317\"\n        \
         interval: \"30000ms\"\n        timeout: \"1000ms\"\n"
    ));
    let kubernetes = first(Resolver::kubernetes("sampler.observability", [4317]));
    assert!(kubernetes.contains("      k8s:\n        service: \"sampler.observability\"\n"));
    assert!(kubernetes.contains("        ports:\n          - 4317\n"));
}

/// The fields that `exact` refuses.
fn refused(tiers: &TwoTiers) -> Vec<String> {
    let error = tiers.exact().expect_err("refused");
    error.fields().map(str::to_owned).collect()
}

#[test]
fn what_the_collector_cannot_express_is_named_and_widened_with_a_comment() {
    for (policy, field) in [
        ("error, lasts=1s..5s", "keep[1].lasts"),
        ("not(lasts=5s)", "keep[0].lasts"),
        ("error, rate=100", "keep[1].rate"),
        ("bytes=1000", "keep[0].bytes"),
        ("rate=0.5 refuse_larger", "keep[0].rate"),
        ("rate=1.5 burst=10 refuse_larger", "keep[0].rate"),
        ("any(error, spans=5) => rate=10 refuse_larger", "keep[0]"),
    ] {
        let tiers = tiers(policy).instances(1);
        assert_eq!(refused(&tiers), [field], "{policy}");
        let written = tiers.over_approximate().unwrap_or_else(|error| panic!("{policy}: {error}"));
        let [widened] = written.widened() else { panic!("{policy}: {:?}", written.widened()) };
        assert!(widened.starts_with(&format!("{field}: ")), "{widened}");
        assert!(written.second().contains(&format!("      # {widened}\n")), "{}", written.second());
    }
    let rate = "rate=100 refuse_larger";
    assert_eq!(refused(&tiers(rate)), ["keep[0].rate"], "two instances");
    assert_eq!(refused(&tiers(rate).instances(1).shards(2)), ["keep[0].rate"]);
    tiers(rate).instances(1).exact().expect("one bucket");
    let all = tiers("rate=100, bytes=1000, lasts=1s..2s");
    assert_eq!(all.exact().expect_err("refused").fields().count(), 5, "all at once");
}

#[test]
fn what_cannot_be_widened_either_is_an_error() {
    let too_many = (0..7).map(|at| format!("any(spans={}, lasts={}s)", at + 2, at + 1));
    let too_many = format!("all({})", too_many.collect::<Vec<_>>().join(", "));
    for (tiers, field) in [
        (tiers("drop(lasts=1s..5s), keep"), "drop[0].lasts"),
        (tiers(&too_many), "keep[0]"),
        (tiers("ratio=0.5").strategy(Strategy::SpanIngest), "keep[0]"),
        (tiers("spans=2..5").strategy(Strategy::SpanIngest), "keep[0]"),
        (tiers("error").instances(0), "instances"),
        (tiers("error").num_traces(0), "num_traces"),
        (tiers("error").memory_mib(0), "memory_mib"),
        (tiers("error").queue(0), "queue"),
        (tiers("error").shards(257), "shards"),
        (tiers("error").largest_trace(0, 1), "largest_trace"),
        (tiers("error").decision_wait(Duration::from_millis(999)), "decision_wait"),
        (tiers("error").traffic(Traffic::new(f64::NAN)), "traffic"),
        (tiers("error").traffic(Traffic::new(1.0).bytes_per_span(0)), "traffic"),
        (tiers("error").listen("here", "0.0.0.0:1"), "listen.first"),
        (tiers("error").backend(" "), "backend"),
        (
            TwoTiers::new("error".parse().expect("valid"), Resolver::addresses([""; 0])),
            "resolver.addresses",
        ),
        (TwoTiers::new("error".parse().expect("valid"), Resolver::dns("", 1)), "resolver.dns"),
        (
            TwoTiers::new("error".parse().expect("valid"), Resolver::kubernetes("a", [])),
            "resolver.kubernetes",
        ),
    ] {
        let error = tiers.over_approximate().expect_err(field);
        assert_eq!(error.fields().collect::<Vec<_>>(), [field], "{error}");
    }
}

#[test]
fn with_every_batch_of_spans_only_what_stays_true_is_exact() {
    let ingest = |policy| tiers(policy).strategy(Strategy::SpanIngest);
    ingest("error, slower=1s, spans=10, lasts=5s").exact().expect("each stays true");
    for (policy, field) in [("no_span(error)", "keep[0]"), ("drop(error), keep", "drop[0]")] {
        assert_eq!(refused(&ingest(policy)), [field]);
        let written = ingest(policy).over_approximate().expect("widened");
        assert_eq!(written.widened().len(), 1);
        assert!(written.second().contains("sampling_strategy: \"span-ingest\"\n"));
    }
}

#[test]
fn a_rate_is_shared_among_instances_and_its_bucket_holds_the_largest_trace() {
    let written = tiers("rate=101 burst=20").over_approximate().expect("widened");
    assert!(written.second().contains("spans_per_second: 51\n          burst_capacity: 10000\n"));
    let exact = policies("rate=100 burst=20 refuse_larger");
    assert!(exact.contains("spans_per_second: 100\n          burst_capacity: 20\n"), "{exact}");
}

#[test]
fn rules_that_share_a_kind_have_a_name_each() {
    let written = policies("any(spans=5, lasts=1s), any(spans=6..8, lasts=900ms), error");
    let names = written.lines().filter_map(|line| line.strip_prefix("      - name: "));
    let expected = ["\"any\"", "\"any_2\"", "\"any_2_2\"", "\"any_2_3\"", "\"error\""];
    assert_eq!(names.collect::<Vec<_>>(), expected);
}

#[test]
fn nothing_that_is_written_ends_a_line_or_is_put_in_early() {
    let written = policies("name=\"a\nb: #\t${env:HOME}$\u{85}\"|\"\\\\d\"");
    let expected =
        r#"- "(span.name == \"a\\nb: #\\u0009$${env:HOME}$$\\u0085\" or span.name == \"\\\\d\")""#;
    assert!(written.contains(expected), "{written}");
    let told: Vec<_> = written.lines().filter(|line| line.trim_start().starts_with('#')).collect();
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(written.lines().all(|line| line.starts_with("     ")), "{written}");
}

#[test]
fn memory_is_what_waits_with_room_for_more() {
    let size = |rate| Traffic::new(rate).size(Duration::from_secs(30));
    let of = |size: Size| (size.instances, size.num_traces, size.memory_mib);
    assert_eq!(of(size(100.0)), (1, 6200, 432));
    assert_eq!(of(size(1000.0)), (1, 62_000, 1432));
    assert_eq!(of(size(10_000.0)), (3, 206_667, 4016));
    assert_eq!(of(size(f64::NAN)), (1, 1000, 320));
    let small = Traffic::new(10_000.0).memory_of_an_instance(1024).size(Duration::from_secs(30));
    assert!(small.instances > 10 && small.memory_mib <= 1024, "{small:?}");
}
