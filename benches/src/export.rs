//! Where do the spans go, and how are they gathered before? The same for everybody.

use std::sync::LazyLock;
use std::time::Duration;

use opentelemetry_otlp::{Protocol, SpanExporter, WithExportConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::{
    BatchConfigBuilder, BatchSpanProcessor, Sampler, SdkTracerProvider,
};
use tokio::runtime::Runtime;

/// Who sends.
pub(crate) const SERVICE: &str = "otel-benches";

/// How OTLP is carried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transport {
    /// Protobuf over HTTP/1.1.
    Http,
    /// gRPC over HTTP/2.
    Grpc,
}

/// A receiver on this machine, and how to send to it.
#[derive(Clone, Debug)]
pub struct Export {
    /// How.
    pub transport: Transport,
    /// Where.
    pub port: u16,
    /// When, and how much at once.
    pub batches: Batches,
}

/// How spans are gathered.
#[derive(Clone, Copy, Debug)]
pub struct Batches {
    /// How long a span waits for others.
    pub delay: Duration,
    /// How many are held.
    pub queue: usize,
    /// How many are sent at once.
    pub size: usize,
    /// How many bytes are held, for who bounds that; `None` as it is without being set.
    pub bytes: Option<usize>,
    /// To how many exporters spans go, for who shares them: the receiver, and others that forget them.
    pub exporters: usize,
}

impl Batches {
    /// As the specification has it.
    pub const DEFAULT: Batches = Batches {
        delay: Duration::from_secs(5),
        queue: 2048,
        size: 512,
        bytes: None,
        exporters: 1,
    };

    /// Nothing is sent while instructions are counted.
    pub const HELD: Batches = Batches {
        delay: Duration::from_secs(3600),
        queue: 20_000,
        size: 20_000,
        ..Batches::DEFAULT
    };

    /// What is held goes to a backend that is not there, a request at a time, and there is room for
    /// more.
    pub const ROOM: Batches = Batches { queue: 20_000, ..Batches::DEFAULT };

    /// Nothing is sent, to four exporters.
    pub const SHARED: Batches = Batches { exporters: 4, ..Batches::HELD };

    /// How instructions are counted, by their index: nothing is sent; the backend is dead; the backend
    /// is dead, and the queue is full; nothing is sent by several exporters.
    pub const COUNTED: [Batches; 4] =
        [Batches::HELD, Batches::ROOM, Batches::DEFAULT, Batches::SHARED];

    /// What an outage of a minute makes is held.
    pub const LARGE: Batches =
        Batches { queue: 200_000, bytes: Some(256 * 1024 * 1024), ..Batches::DEFAULT };

    /// So many spans are held that only so many bytes are the limit.
    #[must_use]
    pub const fn bounded_by(bytes: usize) -> Batches {
        Batches { queue: 1_000_000, bytes: Some(bytes), ..Batches::DEFAULT }
    }
}

impl Export {
    /// The address of the receiver.
    pub(crate) fn base(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The address of the receiver for traces over HTTP.
    pub(crate) fn traces(&self) -> String {
        format!("{}/v1/traces", self.base())
    }
}

/// The SDK as its users set it up.
pub(crate) fn provider(export: &Export) -> SdkTracerProvider {
    let batches = BatchConfigBuilder::default()
        .with_scheduled_delay(export.batches.delay)
        .with_max_queue_size(export.batches.queue)
        .with_max_export_batch_size(export.batches.size)
        .build();
    let processor =
        BatchSpanProcessor::builder(exporter(export)).with_batch_config(batches).build();
    SdkTracerProvider::builder()
        .with_resource(Resource::builder().with_service_name(SERVICE).build())
        .with_sampler(Sampler::ParentBased(Box::new(Sampler::AlwaysOn)))
        .with_span_processor(processor)
        .build()
}

/// The SDK where nothing is to be recorded: code written by hand cannot be without a tracer.
pub(crate) fn off() -> SdkTracerProvider {
    SdkTracerProvider::builder().with_sampler(Sampler::AlwaysOff).build()
}

fn exporter(export: &Export) -> SpanExporter {
    let exporter = match export.transport {
        Transport::Http => SpanExporter::builder()
            .with_http()
            .with_protocol(Protocol::HttpBinary)
            .with_endpoint(export.traces())
            .build(),
        Transport::Grpc => {
            let _entered = reactor().enter();
            SpanExporter::builder().with_tonic().with_endpoint(export.base()).build()
        }
    };
    exporter.expect("the endpoint is a URL")
}

/// What the gRPC client of the SDK runs on: a program's own, which has one for its service anyway.
pub(crate) fn reactor() -> &'static Runtime {
    static REACTOR: LazyLock<Runtime> = LazyLock::new(|| {
        tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .expect("threads can be started")
    });
    &REACTOR
}
