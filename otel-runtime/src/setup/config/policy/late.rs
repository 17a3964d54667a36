//! Which attributes are set only after a span has begun, so that no sampler sees them?

/// Keys, and beginnings of keys that end with a dot, of what this crate and the conventions' instrumentations
/// set at the end.
const LATE: [&str; 14] = [
    "busy_ns",
    "db.response.",
    "error.type",
    "exception.",
    "http.response.",
    "idle_ns",
    "longest_poll_ns",
    "polls",
    "return",
    "rpc.connect_rpc.",
    "rpc.grpc.status_code",
    "rpc.response.",
    "traced.",
    "otel.status_code",
];

/// Whether an attribute is known only once the span has begun.
pub(crate) fn is_set_later(key: &str) -> bool {
    LATE.iter().any(|late| key == *late || (late.ends_with('.') && key.starts_with(late)))
}

#[cfg(test)]
mod tests {
    use super::is_set_later;

    #[test]
    fn what_only_the_end_of_a_span_tells_is_known() {
        for key in ["http.response.status_code", "error.type", "rpc.response.status_code", "return"]
        {
            assert!(is_set_later(key), "{key}");
        }
        for key in ["http.route", "http.request.method", "rpc.method", "returned", "http.response"]
        {
            assert!(!is_set_later(key), "{key}");
        }
    }
}
