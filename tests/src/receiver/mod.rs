//! What does a backend receive?
//!
//! A real one, as far as anyone who connects can tell: it listens on a socket, speaks OTLP, and
//! decodes with the code that is generated from the protocol's own definition. It runs on a thread
//! of its own, so that tests without any async runtime can use it.

mod answer;
mod grpc;
mod http;
mod listening;
mod proxy;
mod raw;
mod relay;
mod tls;

use std::net::{SocketAddr, TcpListener};
use std::sync::mpsc;
use std::time::Duration;

use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::common::v1::{InstrumentationScope, KeyValue};
use opentelemetry_proto::tonic::trace::v1::Span;
use otel_runtime::Protocol;

pub use answer::{Answer, End, Raw};
pub use proxy::Proxy;
pub use relay::Relay;
pub use tls::Certificate;

use listening::Listening;

/// How long a test waits for what should come at once.
const PATIENCE: Duration = Duration::from_secs(20);

/// A backend. It stops when it is dropped.
pub struct Receiver {
    listening: Listening,
    scheme: &'static str,
    requests: mpsc::Receiver<Request>,
}

/// All protocols, each with a backend that speaks it.
#[must_use]
pub fn backends() -> [(Protocol, Receiver); 3] {
    [
        (Protocol::Grpc, Receiver::grpc()),
        (Protocol::HttpProtobuf, Receiver::http()),
        (Protocol::HttpJson, Receiver::http()),
    ]
}

/// One request, decoded.
#[derive(Debug)]
pub struct Request {
    /// What was asked for: `POST /v1/traces`, say.
    pub line: String,
    /// Headers, over gRPC metadata.
    pub headers: ::http::HeaderMap,
    /// Who sent it.
    pub peer: Option<SocketAddr>,
    /// What was sent.
    pub body: ExportTraceServiceRequest,
}

/// One span, with what is true of all spans beside it.
#[derive(Clone, Debug)]
pub struct Received {
    /// The span itself.
    pub span: Span,
    /// The resource's attributes.
    pub resource: Vec<KeyValue>,
    /// The resource's schema.
    pub schema_url: String,
    /// Who made it.
    pub scope: InstrumentationScope,
}

/// What a backend is to be like.
#[derive(Clone, Debug)]
pub struct Backend {
    wire: Wire,
    answers: Vec<Answer>,
    certificate: Option<Certificate>,
    client: Option<Certificate>,
    demand: Demand,
    /// How many bytes a request may have.
    most: usize,
}

/// A header without which nothing is taken.
#[derive(Clone, Copy, Debug, Default)]
struct Demand(Option<(&'static str, &'static str)>);

#[derive(Clone, Copy, Debug)]
enum Wire {
    Grpc,
    Http,
    Raw,
}

impl Backend {
    /// It takes gRPC.
    #[must_use]
    pub fn grpc() -> Self {
        let (wire, answers, demand) = (Wire::Grpc, Vec::new(), Demand::default());
        Backend { wire, answers, certificate: None, client: None, demand, most: usize::MAX }
    }

    /// It takes HTTP.
    #[must_use]
    pub fn http() -> Self {
        Backend { wire: Wire::Http, ..Backend::grpc() }
    }

    /// It takes gRPC, and answers what [`Answer::Raw`] says.
    #[must_use]
    pub fn raw() -> Self {
        Backend { wire: Wire::Raw, ..Backend::grpc() }
    }

    /// It answers the first requests with these.
    #[must_use]
    pub fn answering(self, first: impl IntoIterator<Item = impl Into<Answer>>) -> Self {
        Backend { answers: first.into_iter().map(Into::into).collect(), ..self }
    }

    /// It speaks TLS, with this certificate.
    #[must_use]
    pub fn certified(self, certificate: &Certificate) -> Self {
        Backend { certificate: Some(certificate.clone()), ..self }
    }

    /// Over TLS, it takes only who has this certificate.
    #[must_use]
    pub fn trusting(self, client: &Certificate) -> Self {
        Backend { client: Some(client.clone()), ..self }
    }

    /// It takes only what comes with this header, as a backend that wants a key does.
    #[must_use]
    pub fn demanding(self, name: &'static str, value: &'static str) -> Self {
        Backend { demand: Demand(Some((name, value))), ..self }
    }

    /// It takes only requests of so many bytes at most.
    #[must_use]
    pub fn taking(self, most: usize) -> Self {
        Backend { most, ..self }
    }

    /// Now it does.
    #[must_use]
    pub fn start(self) -> Receiver {
        Receiver::start(self)
    }
}

impl Receiver {
    /// A backend that takes gRPC.
    #[must_use]
    pub fn grpc() -> Self {
        Backend::grpc().start()
    }

    /// A backend that takes HTTP.
    #[must_use]
    pub fn http() -> Self {
        Backend::http().start()
    }

    /// A backend that takes HTTP, and answers the first requests with these.
    #[must_use]
    pub fn http_answering(first: impl IntoIterator<Item = impl Into<Answer>>) -> Self {
        Backend::http().answering(first).start()
    }

    /// Its address, as `OTEL_EXPORTER_OTLP_ENDPOINT` takes it.
    #[must_use]
    pub fn endpoint(&self) -> String {
        format!("{}://localhost:{}", self.scheme, self.listening.address.port())
    }

    /// The next request.
    ///
    /// # Panics
    ///
    /// If none comes.
    #[must_use]
    pub fn request(&self) -> Request {
        self.requests.recv_timeout(PATIENCE).expect("a request")
    }

    /// Whether no request has come that was not looked at.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        self.requests.try_recv().is_err()
    }

    /// The next spans, in the order of their ends.
    ///
    /// # Panics
    ///
    /// If not so many come.
    #[must_use]
    pub fn spans(&self, count: usize) -> Vec<Received> {
        let mut spans = Vec::new();
        while spans.len() < count {
            spans.extend(self.request().spans());
        }
        spans
    }

    fn start(backend: Backend) -> Self {
        let scheme = if backend.certificate.is_some() { "https" } else { "http" };
        let (sender, requests) = mpsc::channel();
        let listening = Listening::start(async move |listener| {
            let serve = Serve { listener, requests: sender };
            match backend.wire {
                Wire::Grpc => grpc::serve(serve, backend).await,
                Wire::Http => http::serve(serve, backend).await,
                Wire::Raw => raw::serve(serve, backend).await,
            }
        });
        Receiver { listening, scheme, requests }
    }
}

impl Demand {
    fn is_met(self, headers: &::http::HeaderMap) -> bool {
        self.0.is_none_or(|(name, value)| headers.get(name).is_some_and(|given| given == value))
    }
}

/// What a protocol needs to serve.
struct Serve {
    listener: tokio::net::TcpListener,
    requests: mpsc::Sender<Request>,
}

impl Request {
    /// The spans in it.
    pub fn spans(self) -> impl Iterator<Item = Received> {
        self.body.resource_spans.into_iter().flat_map(|of_resource| {
            let resource = of_resource.resource.map(|it| it.attributes).unwrap_or_default();
            let schema_url = of_resource.schema_url;
            of_resource.scope_spans.into_iter().flat_map(move |of_scope| {
                let resource = resource.clone();
                let schema_url = schema_url.clone();
                let scope = of_scope.scope.unwrap_or_default();
                of_scope.spans.into_iter().map(move |span| Received {
                    span,
                    resource: resource.clone(),
                    schema_url: schema_url.clone(),
                    scope: scope.clone(),
                })
            })
        })
    }
}

impl Received {
    /// An attribute of the resource.
    #[must_use]
    pub fn resource(&self, key: &str) -> Option<&Value> {
        attribute(&self.resource, key)
    }

    /// An attribute of the span.
    #[must_use]
    pub fn attribute(&self, key: &str) -> Option<&Value> {
        attribute(&self.span.attributes, key)
    }
}

/// The value of `key`, if it is there.
#[must_use]
pub fn attribute<'a>(attributes: &'a [KeyValue], key: &str) -> Option<&'a Value> {
    attributes.iter().find(|it| it.key == key)?.value.as_ref()?.value.as_ref()
}

/// Text, as an attribute's value.
#[must_use]
pub fn text(text: &str) -> Value {
    Value::StringValue(text.to_owned())
}

/// A backend that takes connections and never answers.
pub struct Silent {
    listener: TcpListener,
}

impl Silent {
    /// One that listens.
    ///
    /// # Panics
    ///
    /// If no port is free.
    #[must_use]
    pub fn new() -> Self {
        // The system takes the connections, as many as the backlog holds; nobody reads.
        Silent { listener: TcpListener::bind(("127.0.0.1", 0)).expect("a free port") }
    }

    /// Its address.
    ///
    /// # Panics
    ///
    /// If it has none.
    #[must_use]
    pub fn endpoint(&self) -> String {
        format!("http://{}", self.listener.local_addr().expect("an address"))
    }
}

impl Default for Silent {
    fn default() -> Self {
        Silent::new()
    }
}

/// An address where nobody listens.
///
/// # Panics
///
/// If no port is free.
#[must_use]
pub fn absent() -> String {
    let socket = tokio::net::TcpSocket::new_v4().expect("a socket");
    socket.bind(([127, 0, 0, 1], 0).into()).expect("a free port");
    let address = socket.local_addr().expect("an address");
    // Taken for as long as the process lives, or another test might come to listen there.
    std::mem::forget(socket);
    format!("http://{address}")
}
