//! Which headers to the backend may be set?

use std::borrow::Cow;

use http::{HeaderName, HeaderValue};

/// A header, or advice what to write instead. The advice does not quote the value, which may be a
/// secret.
pub(super) fn header(
    name: &str,
    value: &str,
) -> Result<(HeaderName, HeaderValue), Cow<'static, str>> {
    let name = HeaderName::try_from(name).map_err(|_| {
        "a header's name is letters, digits and dashes, as in x-api-key=value".to_owned()
    })?;
    if is_ours(&name) {
        return Err(format!("leave {name} out, which the protocol decides").into());
    }
    let value = HeaderValue::try_from(value).map_err(|_| {
        format!(
            "the value of {name} has a character that no header can carry, such as a line break"
        )
    })?;
    Ok((name, value))
}

/// Whether a header describes the request itself, such as `content-length`, and so is ours to write.
fn is_ours(name: &HeaderName) -> bool {
    const OURS: [&str; 8] = [
        "connection",
        "content-encoding",
        "content-length",
        "content-type",
        "host",
        "te",
        "transfer-encoding",
        "upgrade",
    ];
    OURS.contains(&name.as_str()) || name.as_str().starts_with("grpc-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_not_case_sensitive() {
        let (name, value) = header("X-Api-Key", "k").expect("a header");
        assert_eq!((name.as_str(), value.as_bytes()), ("x-api-key", &b"k"[..]));
    }

    #[test]
    fn what_no_header_can_be_is_refused_and_the_value_not_shown() {
        for (name, value) in [("a b", "secret"), ("", "secret"), ("a", "secret\n")] {
            let remedy = header(name, value).expect_err("refused");
            assert!(!remedy.contains("secret"), "{remedy}");
        }
    }

    #[test]
    fn what_the_protocol_decides_is_refused() {
        for name in ["Content-Type", "content-encoding", "grpc-timeout", "host"] {
            assert!(header(name, "x").is_err(), "{name}");
        }
    }
}
