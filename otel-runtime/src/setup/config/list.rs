//! How is a list of `key=value` pairs written in a variable?
//!
//! As in the W3C Baggage header, without properties: separated by commas, percent-encoded in UTF-8.
//! Specification: [`OTEL_RESOURCE_ATTRIBUTES`](https://opentelemetry.io/docs/specs/otel/resource/sdk/#specifying-resource-information-via-an-environment-variable).

use percent_encoding::percent_decode_str;

/// What is wrong with a list. It does not quote the list, which may hold secrets.
pub(super) type Fault = &'static str;

/// The pairs of `list`, decoded, in their order.
pub(super) fn pairs(list: &str) -> Result<Vec<(String, String)>, Fault> {
    list.split(',').map(str::trim).filter(|pair| !pair.is_empty()).map(pair).collect()
}

fn pair(pair: &str) -> Result<(String, String), Fault> {
    let (key, value) = pair
        .split_once('=')
        .ok_or("write key=value pairs with commas between them, and a comma in a value as %2C")?;
    let key = decode(key.trim())?;
    if key.is_empty() {
        return Err("give every value a key, as in key=value");
    }
    Ok((key, decode(value.trim())?))
}

fn decode(text: &str) -> Result<String, Fault> {
    let is_encoded = |after_percent: &str| {
        after_percent.as_bytes().get(..2).is_some_and(|hex| hex.iter().all(u8::is_ascii_hexdigit))
    };
    if !text.split('%').skip(1).all(is_encoded) {
        return Err("follow every % by two hexadecimal digits, and write a % itself as %25");
    }
    percent_decode_str(text)
        .decode_utf8()
        .map(std::borrow::Cow::into_owned)
        .map_err(|_| "encode text in UTF-8 before percent-encoding it")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn owned(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn pairs_are_trimmed_and_decoded() {
        assert_eq!(
            pairs(" team = red%2Cgreen , k%3D=100%25,greeting=gr%C3%BC%C3%9Fe,plus=a+b"),
            Ok(owned(&[
                ("team", "red,green"),
                ("k=", "100%"),
                ("greeting", "grüße"),
                ("plus", "a+b")
            ])),
        );
    }

    #[test]
    fn values_may_be_empty_and_may_hold_an_equals_sign() {
        assert_eq!(pairs("empty=,token=YWJj=="), Ok(owned(&[("empty", ""), ("token", "YWJj==")])),);
    }

    #[test]
    fn empty_entries_are_passed_over() {
        assert_eq!(pairs(",,a=1,"), Ok(owned(&[("a", "1")])));
        assert_eq!(pairs(""), Ok(Vec::new()));
    }

    #[test]
    fn what_is_not_a_pair_is_a_fault() {
        for list in ["a", "a=1,b", "=1", "a=%", "a=%2", "a=%zz", "a=%ff", "a=1%é"] {
            assert!(pairs(list).is_err(), "{list}");
        }
    }
}
