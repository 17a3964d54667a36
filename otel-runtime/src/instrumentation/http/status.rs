//! What does a response's status say of the span?

use http::StatusCode;
use opentelemetry::trace::SpanKind;

use crate::instrumentation::operation::Operation;

/// Sets `http.response.status_code`. An error on this side sets the span's status and `error.type`, without a
/// description, since the code says it all. The status is never set to `Ok`, which is for the application.
pub(crate) fn set(operation: &Operation, status: StatusCode, kind: &SpanKind) {
    operation.set("http.response.status_code", i64::from(status.as_u16()));
    if is_error(status, kind) {
        operation.fail_as(status.as_str().to_owned());
    }
}

/// 4xx is the client's mistake, so an error on the client only; 5xx is an error on both sides.
fn is_error(status: StatusCode, kind: &SpanKind) -> bool {
    status.as_u16() >= if *kind == SpanKind::Client { 400 } else { 500 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mistake_of_the_client_is_an_error_on_its_side_only() {
        for (status, server, client) in [
            (100, false, false),
            (200, false, false),
            (304, false, false),
            (400, false, true),
            (499, false, true),
            (500, true, true),
            (599, true, true),
        ] {
            let status = StatusCode::from_u16(status).expect("three digits");
            assert_eq!(is_error(status, &SpanKind::Server), server, "{status}");
            assert_eq!(is_error(status, &SpanKind::Client), client, "{status}");
        }
    }
}
