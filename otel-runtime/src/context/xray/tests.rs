//! Which headers of X-Ray are passed on, and which are refused?

use std::collections::HashMap;

use opentelemetry::trace::TraceContextExt;

use super::*;
use crate::context::ExtractCarrier;

const ROOT: &str = "Root=1-5759e988-bd862e3fe1be46a994272793";
const TRACE: &str = "5759e988bd862e3fe1be46a994272793";
const PARENT: &str = "Parent=53995c3f42cd8ad8";

fn extract(headers: &[&str]) -> Context {
    let headers: Vec<_> =
        headers.iter().map(|it| ("X-Amzn-Trace-Id".to_owned(), (*it).to_owned())).collect();
    headers.with_extractor(|extractor| {
        XRayPropagator::default().extract_with_context(&Context::new(), extractor)
    })
}

fn sent(context: &Context) -> String {
    let mut headers = HashMap::new();
    XRayPropagator::default().inject_context(context, &mut headers);
    headers.remove("x-amzn-trace-id").unwrap_or_default()
}

#[test]
fn the_parts_may_come_in_any_order_among_others() {
    let canonical = format!("{ROOT};{PARENT};Sampled=1");
    for header in [
        canonical.clone(),
        format!("Sampled=1;{PARENT};{ROOT}"),
        format!("  {ROOT} ; {PARENT} ;\tSampled=1 ; "),
        format!("Self=1-67891234-12456789abcdef012345678;{ROOT};{PARENT};Sampled=1"),
        format!("{ROOT};{PARENT};Sampled=1;Lineage=a87bd80c:1|68fd508a:5|c512fbe3:2"),
        format!("TotalTimeSoFar=7ms;{ROOT};CalledFrom=a=b;{PARENT};Sampled=1;Self=;Self="),
        format!("Root=1-5759E988-BD862E3FE1BE46A994272793;{PARENT};Sampled=1"),
    ] {
        let context = extract(&[&header]);
        let span = context.span().span_context().clone();
        assert_eq!(span.trace_id().to_string(), TRACE, "{header}");
        assert!(span.is_remote() && span.is_sampled(), "{header}");
        assert_eq!(sent(&context), canonical, "{header}");
    }
}

#[test]
fn a_decision_that_is_missing_or_asked_for_stays_open() {
    for (sampled, is_undecided, sent_as) in [
        ("", true, ""),
        (";Sampled=?", true, ""),
        (";Sampled=0", false, ";Sampled=0"),
        (";Sampled=1", false, ";Sampled=1"),
    ] {
        let context = extract(&[&format!("{ROOT};{PARENT}{sampled}")]);
        assert_eq!(crate::context::caller::is_undecided(&context), is_undecided, "{sampled}");
        assert_eq!(sent(&context), format!("{ROOT};{PARENT}{sent_as}"));
    }
}

#[test]
fn a_root_alone_is_passed_on_until_there_is_a_span() {
    for (header, sent_as) in [
        (ROOT.to_owned(), ROOT.to_owned()),
        (format!("{ROOT};Sampled=?"), ROOT.to_owned()),
        (format!("Self=1-2-3;{ROOT};Lineage=1:2"), ROOT.to_owned()),
        (format!("{ROOT};Sampled=0"), format!("{ROOT};Sampled=0")),
        (format!("Sampled=1;{ROOT}"), format!("{ROOT};Sampled=1")),
    ] {
        let context = extract(&[&header]);
        assert!(!context.has_active_span(), "{header}");
        assert_eq!(sent(&context), sent_as, "{header}");
    }
}

#[test]
fn a_malformed_header_is_no_parent() {
    for header in [
        "",
        ";",
        "Root",
        "Root=",
        "Root=1",
        "Root=1--",
        PARENT,
        "Sampled=1",
        "Self=1-5759e988-bd862e3fe1be46a994272793",
        &format!("{ROOT};{ROOT};{PARENT}"),
        &format!("{ROOT};{PARENT};{PARENT}"),
        &format!("{ROOT};{PARENT};Sampled=1;Sampled=1"),
        &format!("{ROOT};{PARENT};Sampled=2"),
        &format!("{ROOT};{PARENT};Sampled="),
        &format!("{ROOT};{PARENT};Sampled=true"),
        &format!("{ROOT};{PARENT};nonsense"),
        &format!("{ROOT},{PARENT}"),
        &format!("{ROOT};Parent="),
        &format!("{ROOT};Parent=0000000000000000"),
        &format!("{ROOT};Parent=53995c3f42cd8ad"),
        &format!("{ROOT};Parent=53995c3f42cd8ad80"),
        &format!("{ROOT};Parent=+3995c3f42cd8ad8"),
        &format!("{ROOT};Parent = 53995c3f42cd8ad8"),
        &format!("{ROOT}0;{PARENT}"),
        &format!("{};{PARENT}", &ROOT[..ROOT.len() - 1]),
        &format!("{};{PARENT}", ROOT.replace("=1-", "=2-")),
        &format!("{};{PARENT}", ROOT.replace("88-bd", "88_bd")),
        &format!("Root=1-00000000-000000000000000000000000;{PARENT}"),
        &format!("Root={TRACE};{PARENT}"),
        &format!("ROOT=1-5759e988-bd862e3fe1be46a994272793;{PARENT}"),
        "Root=1-é759e98-bd862e3fe1be46a994272793",
        "\u{fffd}",
    ] {
        let context = extract(&[header]);
        assert!(!context.has_active_span() && sent(&context).is_empty(), "{header:?}");
    }
    let good = format!("{ROOT};{PARENT}");
    assert!(!extract(&[&good, &good]).has_active_span(), "there twice");
}
