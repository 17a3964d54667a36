//! Which `uber-trace-id` is passed on, and which is refused?

use std::collections::HashMap;

use opentelemetry::trace::TraceContextExt;

use super::*;
use crate::context::ExtractCarrier;

const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";
const SPAN: &str = "b7ad6b7169203331";

fn extract(headers: &[&str]) -> Context {
    let headers: Vec<_> =
        headers.iter().map(|it| ("Uber-Trace-Id".to_owned(), (*it).to_owned())).collect();
    headers.with_extractor(|extractor| {
        JaegerPropagator::default().extract_with_context(&Context::new(), extractor)
    })
}

fn sent(context: &Context) -> String {
    let mut headers = HashMap::new();
    JaegerPropagator::default().inject_context(context, &mut headers);
    headers.remove("uber-trace-id").unwrap_or_default()
}

#[test]
fn what_comes_in_goes_out_with_all_its_digits() {
    let zeros = "0".repeat(31);
    for (header, sent_as) in [
        (format!("{TRACE}:{SPAN}:0:1"), format!("{TRACE}:{SPAN}:0:1")),
        (format!("{TRACE}:{SPAN}:0:0"), format!("{TRACE}:{SPAN}:0:0")),
        (format!("{TRACE}:{SPAN}:0:3"), format!("{TRACE}:{SPAN}:0:3")),
        (format!("{TRACE}:{SPAN}:{SPAN}:01"), format!("{TRACE}:{SPAN}:0:1")),
        (format!("{TRACE}:{SPAN}:0000000000000000:0b"), format!("{TRACE}:{SPAN}:0:3")),
        (format!("{TRACE}:{SPAN}:0:2"), format!("{TRACE}:{SPAN}:0:0")),
        (format!("{TRACE}:{SPAN}:0:fd"), format!("{TRACE}:{SPAN}:0:1")),
        (format!("{}:{SPAN}:0:1", &TRACE[1..]), format!("{TRACE}:{SPAN}:0:1")),
        ("1:2:0:1".to_owned(), format!("{zeros}1:0000000000000002:0:1")),
        (format!("{TRACE}%3A{SPAN}%3a0%3A1"), format!("{TRACE}:{SPAN}:0:1")),
        ("%31%3A2%3A0%3A1".to_owned(), format!("{zeros}1:0000000000000002:0:1")),
        (format!(" {}:{SPAN}:0:1\t", TRACE.to_uppercase()), format!("{TRACE}:{SPAN}:0:1")),
    ] {
        let context = extract(&[&header]);
        assert!(context.span().span_context().is_remote(), "{header}");
        assert_eq!(sent(&context), sent_as, "{header}");
    }
}

#[test]
fn a_malformed_header_is_no_parent() {
    for header in [
        "",
        ":::",
        "1:2:0",
        "1:2:0:1:",
        "1:2:0:1:1",
        "1:2::1",
        "1:2:0:",
        ":2:0:1",
        "1::0:1",
        "0:2:0:1",
        "1:0:0:1",
        "1:2:g:1",
        "1:2:0:g",
        "1:2:0:001",
        "1:2:0:-1",
        "1:+2:0:1",
        "1: 2:0:1",
        "1-2-0-1",
        "1%3A2%3A0",
        "1%2:2:0:1",
        "%:%:%:%",
        "é:2:0:1",
        "%C3%A9:2:0:1",
        "1%253A2%253A0%253A1",
        &format!("0{TRACE}:{SPAN}:0:1"),
        &format!("{TRACE}:0{SPAN}:0:1"),
        &format!("{TRACE}:{SPAN}:0{SPAN}:1"),
        &format!("{}:{SPAN}:0:1", "0".repeat(32)),
        &"1".repeat(100_000),
        &"%31".repeat(100_000),
        "\u{fffd}",
    ] {
        let context = extract(&[header]);
        assert!(!context.has_active_span() && sent(&context).is_empty(), "{header:.80}");
    }
    assert!(!extract(&["1:2:0:1", "1:2:0:1"]).has_active_span(), "there twice");
}
