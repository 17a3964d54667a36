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
    backends: "backends.md",
    child_processes: "child-processes.md",
    compatibility: "compatibility.md",
    configuration: "configuration.md",
    ending: "ending.md",
    from_instrument_to_traced: "from-instrument-to-traced.md",
    http_and_grpc: "http-and-grpc.md",
    metrics: "metrics.md",
    nats: "nats.md",
    personal_data: "personal-data.md",
    rabbitmq: "rabbitmq.md",
    sampling: "sampling.md",
    troubleshooting: "troubleshooting.md",
}
