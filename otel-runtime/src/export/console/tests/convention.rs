//! Does a span read as the conventions mean it?

use super::super::convention::label;
use super::*;

/// What a line says of a span of this kind, name and attributes.
fn read<const N: usize>(
    kind: SpanKind,
    name: &'static str,
    attributes: [(&'static str, &'static str); N],
) -> String {
    let attributes = attributes.map(|(key, value)| KeyValue::new(key, value));
    let span = with(span(1, NO_PARENT, name, 0, 1), attributes);
    let label = label(&SpanData { span_kind: kind, ..span });
    let results = [label.status, label.amount].into_iter().filter(|it| !it.is_empty());
    let results: Vec<_> = results.collect();
    match results.join(", ") {
        none if none.is_empty() => label.name,
        some => format!("{} → {some}", label.name),
    }
}

const METHOD: (&str, &str) = ("http.request.method", "GET");

#[test]
fn a_request_to_us_is_its_method_its_route_and_its_status() {
    let server = SpanKind::Server;
    let status = ("http.response.status_code", "201");
    assert_eq!(
        read(server.clone(), "GET /orders/{id}", [METHOD, status]),
        "GET /orders/{id} → 201"
    );
    let path = ("url.path", "/orders/7");
    assert_eq!(read(server.clone(), "GET", [METHOD, path, status]), "GET /orders/7 → 201");
    assert_eq!(
        read(server.clone(), "orders", [METHOD, path]),
        "orders",
        "a name of the user's stays"
    );
    let method =
        [("http.request.method", "_OTHER"), ("http.request.method_original", "BREW"), path];
    assert_eq!(read(server.clone(), "HTTP", method), "BREW /orders/7");
    let old = [("http.method", "GET"), ("http.target", "/old"), ("http.status_code", "404")];
    assert_eq!(read(server, "HTTP GET", old), "GET /old → 404");
}

#[test]
fn a_request_of_ours_says_where_it_goes_without_its_query() {
    let client = SpanKind::Client;
    let to = |address, port, url| {
        let attributes =
            [METHOD, ("server.address", address), ("server.port", port), ("url.full", url)];
        read(client.clone(), "GET", attributes)
    };
    assert_eq!(to("shop", "8080", "http://shop:8080/a/b?token=x#y"), "GET shop:8080/a/b");
    assert_eq!(to("shop.example", "443", "https://shop.example"), "GET shop.example");
    assert_eq!(to("2001:db8::1", "8080", "http://[2001:db8::1]:8080/"), "GET [2001:db8::1]:8080/");
    let template = [METHOD, ("url.full", "http://shop/7"), ("url.template", "/{id}")];
    assert_eq!(read(client, "GET", template), "GET /{id}");
}

#[test]
fn a_call_by_grpc_is_its_method_without_the_package_and_its_code() {
    let client = SpanKind::Client;
    let system = ("rpc.system.name", "grpc");
    let new = [system, ("rpc.method", "shop.v1.Stock/Get"), ("rpc.response.status_code", "OK")];
    assert_eq!(read(client.clone(), "shop.v1.Stock/Get", new), "grpc Stock/Get → OK");
    let old = [
        ("rpc.system", "grpc"),
        ("rpc.service", "shop.v1.Stock"),
        ("rpc.method", "Get"),
        ("rpc.grpc.status_code", "5"),
    ];
    assert_eq!(read(client.clone(), "shop.v1.Stock/Get", old), "grpc Stock/Get → NOT_FOUND");
    assert_eq!(read(client.clone(), "look", [system, ("rpc.method", "a.B/C")]), "grpc look");
    assert_eq!(read(client, "a", [system, ("rpc.grpc.status_code", "99")]), "grpc a → 99");
}

#[test]
fn a_query_is_its_operation_its_table_and_its_rows() {
    let client = SpanKind::Client;
    let system = ("db.system.name", "postgresql");
    let rows = |rows| {
        let attributes =
            [system, ("db.query.summary", "SELECT orders"), ("db.response.returned_rows", rows)];
        read(client.clone(), "SELECT orders", attributes)
    };
    assert_eq!([rows("1"), rows("3")], ["SELECT orders → 1 row", "SELECT orders → 3 rows"]);
    let parts = [system, ("db.operation.name", "SELECT"), ("db.collection.name", "orders")];
    assert_eq!(read(client.clone(), "postgresql", parts), "SELECT orders");
    assert_eq!(read(client.clone(), "SELECT", parts), "SELECT orders");
    assert_eq!(read(client.clone(), "load_orders", parts), "load_orders · SELECT orders");
    let code = [system, ("db.response.status_code", "23505")];
    assert_eq!(read(client, "INSERT orders", code), "INSERT orders → 23505");
}

#[test]
fn a_message_is_its_broker_and_what_is_done_and_how_many_there_are() {
    let system = ("messaging.system", "nats");
    assert_eq!(read(SpanKind::Producer, "send orders", [system]), "nats send orders");
    let batch = [system, ("messaging.batch.message_count", "200")];
    assert_eq!(read(SpanKind::Consumer, "receive orders", batch), "nats receive orders ×200");
}

#[test]
fn a_function_is_its_name() {
    assert_eq!(read(SpanKind::Internal, "load_cart", [("rows", "3")]), "load_cart");
}
