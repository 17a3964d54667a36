//! Which methods does the service have?

use tonic_build::manual::{Builder, Method, MethodBuilder, Service};

fn main() {
    let count = method("count", "Count", "Item", "Pieces");
    let watch = method("watch", "Watch", "Item", "Pieces").server_streaming();
    let deliver = method("deliver", "Deliver", "Delivery", "Pieces").client_streaming();
    let exchange =
        method("exchange", "Exchange", "Delivery", "Pieces").client_streaming().server_streaming();
    let stock = Service::builder()
        .name("Stock")
        .package("shop.v1")
        .method(count.build())
        .method(watch.build())
        .method(deliver.build())
        .method(exchange.build())
        .build();
    // The layers of a channel are part of its type, as of any other.
    Builder::new().build_transport(false).compile(&[stock]);
}

fn method(name: &str, route: &str, input: &str, output: &str) -> MethodBuilder {
    Method::builder()
        .name(name)
        .route_name(route)
        .input_type(format!("crate::{input}"))
        .output_type(format!("crate::{output}"))
        .codec_path("tonic_prost::ProstCodec")
}
