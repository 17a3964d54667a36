//! Which samplers can a file describe?

use super::{refused, tracing, with};
use crate::sampling::{Head, Sampler};

#[test]
fn samplers() {
    let of = |sampler: &str| tracing(&with("tracer_provider.sampler", sampler)).sampler;
    let standard = |sampler| match of(sampler) {
        Head::Standard(sampler) => sampler,
        sampler @ (Head::Custom(_) | Head::Sampler(_)) => panic!("{sampler:?}"),
    };

    assert_eq!(standard("{always_on: }"), Sampler::AlwaysOn);
    assert_eq!(standard("{always_off: {}}"), Sampler::AlwaysOff);
    assert_eq!(standard("{trace_id_ratio_based: }"), Sampler::TraceIdRatio(1.0));
    assert_eq!(standard("{trace_id_ratio_based: {ratio: 0}}"), Sampler::TraceIdRatio(0.0));
    assert_eq!(standard("{parent_based: }"), Sampler::ParentBasedAlwaysOn);
    assert_eq!(
        standard(
            "{parent_based: {root: {always_off: }, local_parent_not_sampled: {always_off: }}}"
        ),
        Sampler::ParentBasedAlwaysOff,
    );
    let shown = |sampler| of(sampler).build().description().to_owned();
    for (sampler, expected) in [
        (
            "{parent_based: {remote_parent_sampled: {trace_id_ratio_based: {ratio: 0.5}}}}",
            "parent(always_on, remote_sampled=traceidratio 0.5)",
        ),
        (
            "{parent_based: {remote_parent_not_sampled: {always_on: }}}",
            "parent(always_on, remote_not_sampled=always_on)",
        ),
        (
            "{parent_based: {local_parent_sampled: {always_off: }}}",
            "parent(always_on, local_sampled=always_off)",
        ),
        (
            "{parent_based: {local_parent_not_sampled: {always_on: }}}",
            "parent(always_on, local_not_sampled=always_on)",
        ),
        ("{parent_based: {root: {parent_based: }}}", "parent(parentbased_always_on)"),
        ("{probability/development: {ratio: 0.5}}", "probability 0.5"),
        ("{probability/development: }", "probability 1"),
        (
            "{parent_based: {root: {jaeger_remote/development: {endpoint: 'http://h:1', interval: 5000, \
             initial_sampler: {always_on: }}}}}",
            "parent(jaeger_remote(endpoint=http://h:1/sampling, interval=5s, initial=always_on))",
        ),
        ("{always_record: {root: {always_off: }}}", "always_record(always_off)"),
        ("{parent_based: {root: {otel-runtime: rate 10}}}", "parent(rate 10)"),
        (
            "{otel-runtime: 'parent(rules(name=GET * => on; else => off))'}",
            "parent(rules(name=GET * => always_on; else => always_off))",
        ),
        (
            "{composite/development: {parent_threshold: {root: {probability: {ratio: 0.1}}}}}",
            "parent(probability 0.1)",
        ),
        (
            "{composite/development: {rule_based: {rules: [\
              {attribute_values: {key: http.route, values: [/healthz, /ready]}, span_kinds: [server], \
               parent: [none, remote], sampler: {always_off: }}, \
              {attribute_patterns: {key: url.path, included: ['/a*'], excluded: [/a/b]}, \
               sampler: {otel-runtime: rate 5}}]}}}",
            "rules(http.route==/healthz|/ready, kind=server, parent=none|remote => always_off; \
             url.path=/a*, url.path!=/a/b => rate 5; else => always_off)",
        ),
        (
            "{composite/development: {rule_based: {rules: [{sampler: {always_on: }}]}}}",
            "rules(else => always_on)",
        ),
    ] {
        assert_eq!(shown(sampler), expected, "{sampler}");
    }
    for unsupported in [
        "{jaeger_remote/development: {endpoint: 'http://h', initial_sampler: {sometimes: }}}",
        "{jaeger_remote/development: {endpoint: a, initial_sampler: {always_on: }}}",
        "{jaeger_remote/development: {endpoint: 'http://h', interval: 1, initial_sampler: {always_on: }}}",
        "{jaeger_remote/development: {endpoint: 'http://h'}}",
        "{composite/development: {sometimes: }}",
        "{composite/development: {rule_based: {rules: []}}}",
        "{composite/development: {rule_based: {rules: [{span_kinds: [servr], sampler: {always_on: }}]}}}",
        "{composite/development: {rule_based: {rules: [{span_kinds: [server]}]}}}",
        "{composite/development: {rule_based: {rules: [{sampler: {always_on: }}, {sampler: {always_on: }}]}}}",
        "{always_record: }",
        "{otel-runtime: rat 10}",
        "{otel-runtime: {}}",
        "{sometimes: }",
        "{always_on: , always_off: }",
        "always_on",
        "[always_on]",
        "{always_on: {ratio: 1}}",
    ] {
        refused("tracer_provider.sampler", unsupported);
    }
    for ratio in ["-0.1", "1.1", ".nan", ".inf", "'0.5'", "half", "1e400"] {
        refused("tracer_provider.sampler.trace_id_ratio_based.ratio", ratio);
    }
    refused("tracer_provider.sampler.probability/development.ratio", "2");
    refused("tracer_provider.sampler.parent_based.root", "{trace_id_ratio_based: {ratio: 2}}");
}
