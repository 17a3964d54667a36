//! What is known of a request when its span begins?

use std::net::SocketAddr;
use std::panic::Location;

use http::header::{CONTENT_LENGTH, HOST, USER_AGENT};
use http::{HeaderMap, HeaderValue};
use opentelemetry::KeyValue;
use opentelemetry::trace::SpanKind;

use super::options::Options;
use crate::call::start::Start;
use crate::context::{Incoming, receive};
use crate::instrumentation::http::host::Server;
use crate::instrumentation::http::{MAX_TEXT, method, protocol_version, url};
use crate::instrumentation::operation::{Operation, asked};
use crate::instrumentation::tower::by_request::is_traced;
use crate::instrumentation::tower::head::RequestHead;
use crate::instrumentation::tower::proxies::{Origin, canonical, origin};
use crate::process::inbound::cut;
use crate::span::callsite::Callsite;

const PATH: fn() -> &'static str = || "otel_runtime::tower::server";

static SERVER: Callsite = callsite();
/// Under `skip_pii`: errors and panics are recorded without their text.
static PRIVATE_SERVER: Callsite = callsite().skip_pii(&[], None);

const fn callsite() -> Callsite {
    Callsite::of_layer(PATH, Location::caller(), "otel_runtime::tower", SpanKind::Server)
        .name("HTTP")
        .hangs_elsewhere()
}

impl Options {
    pub(super) fn callsite(&self) -> &'static Callsite {
        if self.skips_pii { &PRIVATE_SERVER } else { &SERVER }
    }
}

/// How many bytes of a scheme are recorded: in HTTP/2 the client chooses it.
const MAX_SCHEME: usize = 32;

/// Starts the span of a request. If the request is left out, nothing that it calls has a span either.
pub(super) fn operation(options: &Options, head: RequestHead<'_>) -> Operation {
    let callsite = options.callsite();
    if callsite.is_off() {
        return Operation::default();
    }
    let route = options.route.as_ref().and_then(|route| asked(callsite, || route(&head)).flatten());
    let head = RequestHead { route: route.as_deref().or(head.route), ..head };
    let trust = options.trust.of(callsite, &head);
    let Incoming { parent, link, .. } = receive(head.headers, trust);
    if !is_traced(options.only.as_ref(), callsite, &head) {
        return Operation::left_out(&parent);
    }
    let operation = Operation::start(callsite, |start| {
        start.under(parent);
        if start.is_wanted() {
            if let Some(link) = link {
                start.link(link);
            }
            describe(start, options, &head);
        }
    });
    operation.cancelled_is_error()
}

/// By the [conventions](https://opentelemetry.io/docs/specs/semconv/http/http-spans/#http-server-span).
fn describe(start: &mut Start, options: &Options, head: &RequestHead<'_>) {
    let known = method::known(&SpanKind::Server, head.method);
    start.name(method::span_name(known, head.route));
    method::set(start, head.method, known);
    start.value("http.route", &head.route);
    start.value("network.protocol.version", &protocol_version(head.version));
    let common = Common::of(head.headers);
    describe_target(start, options, head, common.host.text());
    if !options.skips_pii {
        let user_agent = common.user_agent.text().map(|it| cut(it, MAX_TEXT));
        start.value("user_agent.original", &user_agent);
    }
    if options.transport {
        let is_quic = head.version == http::Version::HTTP_3;
        start.value("network.transport", if is_quic { "quic" } else { "tcp" });
    }
    if options.body_sizes {
        let size = common.content_length.text().and_then(|size| size.parse::<u64>().ok());
        start.value("http.request.body.size", &size);
    }
    for header in options.request_headers.iter().filter(|header| options.may_record(header)) {
        if let Some(values) = header.values(head.headers) {
            start.attribute(KeyValue::new(header.key, values));
        }
    }
    if let Some(attributes) = &options.of_request {
        start.attempt(|start| attributes(head).into_iter().for_each(|it| start.attribute(it)));
    }
}

/// Sets the host that the request goes to, and the address that it comes from.
fn describe_target(
    start: &mut Start,
    options: &Options,
    head: &RequestHead<'_>,
    named: Option<&str>,
) {
    let peer = peer(options, head);
    let Origin { address, scheme, host } =
        origin(peer.map(|peer| peer.ip()), &options.proxies, head.headers);
    start.value("url.path", cut(head.uri.path(), MAX_TEXT));
    let written = scheme.or_else(|| head.uri.scheme_str().map(|it| cut(it, MAX_SCHEME)));
    let by_default = if options.is_https { "https" } else { "http" };
    start.value("url.scheme", written.unwrap_or(by_default));
    let server = match host {
        Some(host) => Server::parse(host),
        None => Server::asked_for(head.uri, named),
    };
    if let Some(server) = server {
        server.set(start);
    }
    if options.skips_pii {
        return;
    }
    if let Some(query) = head.uri.query() {
        start.value("url.query", &url::query(query));
    }
    if let Some(peer) = peer {
        let text = peer.ip().to_string();
        start.value("network.peer.address", &text);
        start.value("network.peer.port", &peer.port());
        if address == Some(peer.ip()) {
            start.value("client.address", &text);
            start.value("client.port", &options.client_port.then_some(peer.port()));
            return;
        }
    }
    if let Some(address) = address {
        start.value("client.address", &address.to_string());
    }
}

fn peer(options: &Options, head: &RequestHead<'_>) -> Option<SocketAddr> {
    let peer = match &options.peer {
        Some(peer) => asked(options.callsite(), || peer(head)).flatten(),
        None => head.connected(),
    };
    peer.map(canonical)
}

/// The headers that are looked for in each request. A loop over all, which are few, costs less than a lookup of each.
#[derive(Default)]
struct Common<'a> {
    host: Header<'a>,
    user_agent: Header<'a>,
    content_length: Header<'a>,
}

impl<'a> Common<'a> {
    fn of(headers: &'a HeaderMap) -> Common<'a> {
        let mut common = Common::default();
        for (name, value) in headers {
            if *name == HOST {
                common.host.take(value);
            } else if *name == USER_AGENT {
                common.user_agent.take(value);
            } else if *name == CONTENT_LENGTH {
                common.content_length.take(value);
            }
        }
        common
    }
}

#[derive(Default)]
enum Header<'a> {
    #[default]
    Absent,
    One(&'a HeaderValue),
    Several,
}

impl<'a> Header<'a> {
    fn take(&mut self, value: &'a HeaderValue) {
        *self = if matches!(self, Header::Absent) { Header::One(value) } else { Header::Several };
    }

    /// The value of a header that is present exactly once, and is text.
    fn text(&self) -> Option<&'a str> {
        if let Header::One(value) = self { value.to_str().ok() } else { None }
    }
}
