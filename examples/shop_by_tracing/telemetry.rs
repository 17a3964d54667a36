//! Everything about telemetry that does not stand at the place where it is used. All of it counts.

use std::fmt;

use axum::extract::{MatchedPath, Request};
use axum::middleware::Next;
use axum::response::Response;
use opentelemetry::global;
use opentelemetry::propagation::TextMapCompositePropagator;
use opentelemetry::trace::{TraceContextExt, TracerProvider};
use opentelemetry_http::{HeaderExtractor, HeaderInjector};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::propagation::{BaggagePropagator, TraceContextPropagator};
use opentelemetry_sdk::trace::SdkTracerProvider;
use tonic::metadata::MetadataMap;
use tracing::field::Empty;
use tracing::{Event, Instrument, Span, Subscriber};
use tracing_opentelemetry::OpenTelemetrySpanExt;
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::fmt::format::{Format, Writer};
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::SubscriberInitExt;

use crate::processes::Failure;

pub(crate) fn init(service: &str) -> Result<SdkTracerProvider, Failure> {
    global::set_text_map_propagator(TextMapCompositePropagator::new(vec![
        Box::new(TraceContextPropagator::new()),
        Box::new(BaggagePropagator::new()),
    ]));
    let exporter = opentelemetry_otlp::SpanExporter::builder().with_tonic().build()?;
    let provider = SdkTracerProvider::builder()
        .with_resource(Resource::builder().with_service_name(service.to_owned()).build())
        .with_batch_exporter(exporter)
        .build();
    global::set_tracer_provider(provider.clone());
    tracing_subscriber::registry()
        .with(LevelFilter::INFO)
        .with(tracing_opentelemetry::layer().with_tracer(provider.tracer("shop")))
        .with(tracing_subscriber::fmt::layer().event_format(WithIds::default()))
        .try_init()?;
    Ok(provider)
}

#[derive(Default)]
struct WithIds(Format);

impl<S, N> FormatEvent<S, N> for WithIds
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(
        &self,
        context: &FmtContext<'_, S, N>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let current = Span::current().context();
        let span = current.span().span_context().clone();
        if span.is_valid() {
            write!(writer, "trace_id={} span_id={} ", span.trace_id(), span.span_id())?;
        }
        self.0.format_event(context, writer, event)
    }
}

/// A span for each request of an HTTP server.
pub(crate) async fn serve(request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().map_or("", MatchedPath::as_str);
    let span = tracing::info_span!(
        "request",
        otel.name = %format_args!("{} {route}", request.method()),
        otel.kind = "server",
        otel.status_code = Empty,
        http.request.method = %request.method(),
        http.route = route,
        url.path = request.uri().path(),
        url.scheme = "http",
        http.response.status_code = Empty,
    );
    let caller =
        global::get_text_map_propagator(|it| it.extract(&HeaderExtractor(request.headers())));
    let _ = span.set_parent(caller);
    let response = next.run(request).instrument(span.clone()).await;
    span.record("http.response.status_code", response.status().as_u16());
    if response.status().is_server_error() {
        span.record("otel.status_code", "ERROR");
    }
    response
}

/// A span for each call of a gRPC server.
pub(crate) fn serve_call(metadata: &MetadataMap, method: &'static str) -> Span {
    let span = tracing::info_span!(
        "call",
        otel.name = method,
        otel.kind = "server",
        otel.status_code = Empty,
        rpc.system.name = "grpc",
        rpc.method = method,
        rpc.response.status_code = Empty,
    );
    let headers = metadata.clone().into_headers();
    let caller = global::get_text_map_propagator(|it| it.extract(&HeaderExtractor(&headers)));
    let _ = span.set_parent(caller);
    span
}

/// A span for each call of a gRPC client.
pub(crate) fn call(method: &'static str) -> Span {
    tracing::info_span!(
        "call",
        otel.name = method,
        otel.kind = "client",
        otel.status_code = Empty,
        rpc.system.name = "grpc",
        rpc.method = method,
        rpc.response.status_code = Empty,
    )
}

pub(crate) fn inject_call<T>(mut request: tonic::Request<T>) -> tonic::Request<T> {
    let mut headers = request.metadata().clone().into_headers();
    let context = Span::current().context();
    global::get_text_map_propagator(|it| {
        it.inject_context(&context, &mut HeaderInjector(&mut headers));
    });
    *request.metadata_mut() = MetadataMap::from_headers(headers);
    request
}

pub(crate) fn called<T>(span: &Span, result: &Result<T, tonic::Status>) {
    let code = result.as_ref().map_or_else(tonic::Status::code, |_| tonic::Code::Ok);
    span.record("rpc.response.status_code", format!("{code:?}"));
    if result.is_err() {
        span.record("otel.status_code", "ERROR");
    }
}

/// Sends a request in a span of its own.
pub(crate) async fn send(
    request: reqwest::RequestBuilder,
) -> Result<reqwest::Response, reqwest::Error> {
    let (client, request) = request.build_split();
    let mut request = request?;
    let span = tracing::info_span!(
        "request",
        otel.name = %request.method(),
        otel.kind = "client",
        otel.status_code = Empty,
        http.request.method = %request.method(),
        server.address = request.url().host_str(),
        server.port = request.url().port_or_known_default(),
        url.full = %request.url(),
        http.response.status_code = Empty,
        error.r#type = Empty,
    );
    let context = span.context();
    global::get_text_map_propagator(|it| {
        it.inject_context(&context, &mut HeaderInjector(request.headers_mut()));
    });
    let result = client.execute(request).instrument(span.clone()).await;
    match &result {
        Ok(response) => {
            span.record("http.response.status_code", response.status().as_u16());
            if response.status().is_client_error() || response.status().is_server_error() {
                span.record("otel.status_code", "ERROR");
            }
        }
        Err(_) => {
            span.record("otel.status_code", "ERROR");
        }
    }
    result
}
