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
    for custom in [
        "{parent_based: {remote_parent_sampled: {trace_id_ratio_based: {ratio: 0.5}}}}",
        "{parent_based: {remote_parent_not_sampled: {always_on: }}}",
        "{parent_based: {local_parent_sampled: {always_off: }}}",
        "{parent_based: {local_parent_not_sampled: {always_on: }}}",
        "{parent_based: {root: {parent_based: }}}",
    ] {
        let Head::Sampler(sampler) = of(custom) else { panic!("{custom} is a standard one") };
        assert!(format!("{sampler:?}").contains("ParentBased"), "{custom}: {sampler:?}");
    }
    for unsupported in [
        "{jaeger_remote/development: {endpoint: a, initial_sampler: {always_on: }}}",
        "{probability/development: {ratio: 0.5}}",
        "{composite/development: {always_on: }}",
        "{always_record: {root: {always_on: }}}",
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
    refused("tracer_provider.sampler.parent_based.root", "{trace_id_ratio_based: {ratio: 2}}");
}
