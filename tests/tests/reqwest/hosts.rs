//! What is sent to which host, and what becomes of a redirect to another one?

use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::IntoResponse;
use opentelemetry::baggage::BaggageExt;
use opentelemetry::{Context, KeyValue};
use otel_runtime::context::{Hosts, Outbound, carry_future_in};
use otel_runtime::reqwest::{RequestBuilderExt, Sending, redirect_policy};
use reqwest::{Client, redirect};

use crate::{Server, spans, values};

#[test]
fn a_host_is_sent_what_it_may_know_and_what_it_may_not_is_removed() {
    for (trace_context, baggage) in [(true, true), (true, false), (false, true), (false, false)] {
        let (arrived, _) = spans(async {
            let server = Server::start().await;
            let hosts =
                |allowed| if allowed { "127.0.0.1" } else { ".example.com" }.parse::<Hosts>();
            let outbound = Outbound::default()
                .trace_context_to(hosts(trace_context).expect("hosts"))
                .baggage_to(hosts(baggage).expect("hosts"));
            let sending = Sending::new().outbound(outbound);
            let request = Client::new()
                .get(server.url("/"))
                .header("traceparent", "00-00000000000000000000000000000001-0000000000000002-01")
                .header("baggage", "stale=1");
            let context = Context::current().with_baggage([KeyValue::new("tenant", "7")]);
            carry_future_in(context, sending.send(request)).await.expect("an answer");
            server.arrived()
        });

        assert_eq!(values(&arrived[0], "traceparent").len(), usize::from(trace_context));
        let expected: &[&str] = if baggage { &["tenant=7"] } else { &[] };
        assert_eq!(values(&arrived[0], "baggage"), expected);
    }
}

/// A server that sends everybody from its address on to itself by its name.
async fn elsewhere() -> Server {
    Server::answering(|before, uri| {
        let port = uri.query().unwrap_or_default();
        if before == 0 {
            let location = format!("http://localhost:{port}/there");
            (StatusCode::FOUND, [(LOCATION, location)]).into_response()
        } else {
            "there".into_response()
        }
    })
    .await
}

#[test]
fn a_redirect_is_followed_with_the_headers_unless_the_policy_stops_it() {
    let ask = async |policy| {
        let server = elsewhere().await;
        let client = Client::builder().redirect(policy).no_proxy().build().expect("a client");
        let url = server.url(&format!("/?{}", server.address.port()));
        let response = client.get(url).send_traced().await.expect("an answer");
        (response.status(), server.arrived())
    };

    let ((status, arrived), first) = spans(ask(redirect::Policy::default()));
    assert_eq!((status, arrived.len()), (StatusCode::OK, 2));
    assert_eq!(arrived[0]["traceparent"], arrived[1]["traceparent"], "forwarded");
    assert_eq!(first.named("GET").count(), 1);

    let here = Outbound::default().trace_context_to("127.0.0.1".parse().expect("a host"));
    let ((status, arrived), _) = spans(ask(redirect_policy(here)));
    assert_eq!((status, arrived.len()), (StatusCode::FOUND, 1), "it stops");

    let both = "127.0.0.1, localhost".parse().expect("hosts");
    let ((status, arrived), _) =
        spans(ask(redirect_policy(Outbound::default().trace_context_to(both))));
    assert_eq!((status, arrived.len()), (StatusCode::OK, 2), "it goes on");

    let nobody = Outbound::default().trace_context_to(Hosts::none()).baggage_to(Hosts::none());
    let ((status, _), _) = spans(ask(redirect_policy(nobody)));
    assert_eq!(status, StatusCode::OK, "nothing was sent that could get elsewhere");
}
