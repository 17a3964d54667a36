//! Environment variables: one for each line, `NAME=value`, of any bytes. All formats read them.

#![no_main]

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;

use libfuzzer_sys::fuzz_target;
use opentelemetry::propagation::{TextMapCompositePropagator, TextMapPropagator};
use otel_fuzz::{extract, inject};
use otel_runtime::context::{
    B3Propagator, BaggagePropagator, Environment, InjectCarrier, JaegerPropagator,
    TraceContextPropagator, XRayPropagator,
};

fuzz_target!(|bytes: &[u8]| {
    let variable = |line: &[u8]| {
        let at = line.iter().position(|byte| *byte == b'=')?;
        let (name, value) = (OsStr::from_bytes(&line[..at]), OsStr::from_bytes(&line[at + 1..]));
        Some((name.to_owned(), value.to_owned()))
    };
    let mut environment: Environment =
        bytes.split(|byte| *byte == b'\n').filter_map(variable).collect();
    let all = TextMapCompositePropagator::new(vec![
        Box::new(TraceContextPropagator::default()),
        Box::new(BaggagePropagator::default()),
        Box::new(XRayPropagator::default()),
        Box::new(JaegerPropagator::default()),
        Box::new(B3Propagator::multi()),
    ]);
    let context = extract(&all, &environment);
    let sent = inject(&all, &context);

    for field in all.fields() {
        InjectCarrier::remove(&mut environment, field);
    }
    environment.remove_prefixed("uberctx-");
    environment.with_injector(|injector| all.inject_context(&context, injector));

    let again = extract(&all, &environment);
    // Names of variables hold fewer characters than keys of baggage.
    let of_trace = |sent: otel_fuzz::Headers| -> otel_fuzz::Headers {
        sent.into_iter()
            .filter(|(name, _)| !name.starts_with("uberctx-") && name != "baggage")
            .collect()
    };
    assert_eq!(of_trace(inject(&all, &again)), of_trace(sent));
});
