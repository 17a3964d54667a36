//! What does the specification want to be said about samplers, once?

use std::sync::Once;

use crate::process::stderr;

/// A probability decides about a trace whose caller has not said that its id is random.
#[cold]
pub(super) fn presumed_random() {
    static TOLD: Once = Once::new();
    TOLD.call_once(|| {
        stderr::warn(
            "WARNING: The ProbabilitySampler sampler is presuming TraceIDs are random and expects the \
             Trace random flag to be set in confirmation. Please upgrade your caller(s) to use W3C \
             Trace Context Level 2.",
        );
    });
}

/// A ratio decides about a span that has a parent; `has_threshold`: which has a `th` or an `rv`.
#[cold]
pub(super) fn ratio_as_child(has_threshold: bool) {
    static TOLD: Once = Once::new();
    TOLD.call_once(|| {
        stderr::warn(if has_threshold {
            "WARNING: The TraceIdRatioBased sampler is operating as a child sampler and a parent is \
             using ProbabilitySampler. Please upgrade this SDK configuration to use \
             ProbabilitySampler."
        } else {
            "WARNING: The TraceIdRatioBased sampler is operating as a child sampler; the behavior is \
             subject to change. Please upgrade this SDK configuration to use ProbabilitySampler."
        });
    });
}
