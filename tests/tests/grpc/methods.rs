//! What is a call named for a method that nobody has?

use http::uri::PathAndQuery;
use opentelemetry::trace::SpanKind;
use opentelemetry_sdk::trace::SpanData;
use otel_example_stock::{Item, Pieces};
use otel_runtime::tonic::{ClientLayer, ServerLayer};
use otel_tests::capture::SpanExt;
use tonic::{Code, Request, Status};
use tonic_prost::ProstCodec;

use crate::unary::item;
use crate::{Caller, Calls, both, calls, failed, of_kind, outcome, well};

/// Calls whatever `path` names.
async fn call(caller: &Caller, path: &'static str) -> Result<(), Status> {
    let endpoint = tonic::transport::Endpoint::from_shared(format!("http://{}", caller.address));
    let endpoint = endpoint.expect("a URL");
    let layer = ClientLayer::new(endpoint.uri());
    let channel = layer.layer(endpoint.connect_lazy());
    let mut client = tonic::client::Grpc::new(channel);
    client.ready().await.expect("a connection");
    let codec = ProstCodec::<Item, Pieces>::default();
    let path = PathAndQuery::from_static(path);
    client.unary(Request::new(item("book")), path, codec).await.map(drop)
}

fn is_unnamed(server: &SpanData, original: &str) {
    assert_eq!(server.name, "grpc");
    assert_eq!(server.attribute("rpc.method"), Some(&"_OTHER".into()));
    assert_eq!(server.attribute("rpc.method_original"), Some(&original.to_owned().into()));
}

#[test]
fn what_the_server_does_not_have_loses_its_name() {
    for (path, name) in [
        ("/shop.v1.Stock/Steal", "shop.v1.Stock/Steal"),
        ("/shop.v1.Bank/Rob", "shop.v1.Bank/Rob"),
        ("/nothing", "nothing"),
    ] {
        let spans = calls(async |caller| {
            let status = call(&caller, path).await.expect_err("nobody has it");
            assert_eq!(status.code(), Code::Unimplemented);
        });

        let (client, server) = both(&spans);
        is_unnamed(&server, name);
        assert_eq!(outcome(&server), failed("UNIMPLEMENTED"));
        assert_eq!(outcome(&client), failed("UNIMPLEMENTED"));
        if name.contains('/') {
            assert_eq!(client.name, name, "a stub knows its methods");
        }
    }
}

#[test]
fn a_list_of_methods_names_its_own_whatever_they_reply_and_nothing_else() {
    let listed = || ServerLayer::new().methods(["shop.v1.Stock/Count", "shop.v1.Bank/Rob"]);

    let spans = Calls { server: listed(), ..Calls::default() }.made_by(async |mut caller| {
        caller.stock.count(item("book")).await.expect("a reply");
    });
    let (_, server) = both(&spans);
    assert_eq!(server.name, "shop.v1.Stock/Count");

    let spans = Calls { server: listed(), ..Calls::default() }.made_by(async |caller| {
        call(&caller, "/shop.v1.Bank/Rob").await.expect_err("nobody has it");
    });
    let (_, server) = both(&spans);
    assert_eq!(server.name, "shop.v1.Bank/Rob");
    assert_eq!(server.attribute("rpc.method_original"), None);

    let spans = Calls { server: listed(), ..Calls::default() }.made_by(async |mut caller| {
        caller.stock.watch(item("code 5")).await.expect_err("as was wanted");
    });
    let server = of_kind(&spans, &SpanKind::Server);
    is_unnamed(&server, "shop.v1.Stock/Watch");
    assert_eq!(outcome(&server), well("NOT_FOUND"));
}
