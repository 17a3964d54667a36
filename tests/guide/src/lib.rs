//! Nothing: the documentation tests of this package are the code of the guide's pages.
//!
//! They are here and not in `otel-runtime`, since they use what only a program depends on: servers, clients,
//! brokers, databases.

#![cfg(doctest)]

macro_rules! pages {
    ($($name:ident: $file:literal,)*) => {$(
        #[doc = include_str!(concat!("../../../otel-runtime/docs/", $file))]
        mod $name {}
    )*};
}

pages! {
    actix: "actix.md",
    axum: "axum.md",
    backends: "backends.md",
    background_workers: "background-workers.md",
    beside_tracing: "beside-tracing.md",
    child_processes: "child-processes.md",
    command_line: "command-line.md",
    compatibility: "compatibility.md",
    configuration: "configuration.md",
    context: "context.md",
    databases: "databases.md",
    detectors: "detectors.md",
    ending: "ending.md",
    flight_recorder: "flight-recorder.md",
    from_go: "from-go.md",
    from_instrument_to_traced: "from-instrument-to-traced.md",
    how_it_works: "how-it-works.md",
    http_and_grpc: "http-and-grpc.md",
    logs: "logs.md",
    messages: "messages.md",
    metrics: "metrics.md",
    nats: "nats.md",
    performance: "performance.md",
    personal_data: "personal-data.md",
    privacy: "privacy.md",
    production: "production.md",
    quick_start: "quick-start.md",
    rabbitmq: "rabbitmq.md",
    reqwest: "reqwest.md",
    sampling: "sampling.md",
    short_lived: "short-lived.md",
    tail_sampling: "tail-sampling.md",
    terminal: "terminal.md",
    testing: "testing.md",
    tonic: "tonic.md",
    troubleshooting: "troubleshooting.md",
}
