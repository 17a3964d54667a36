//! How is a duration written?

use std::borrow::Cow;

use syn::parse::ParseStream;
use syn::{Lit, LitStr};

use crate::suggest::suggestion;

const UNITS: [&str; 4] = ["ns", "us", "ms", "s"];

/// The nanoseconds of `"5ms"`, which are at least one.
pub(super) fn nanoseconds(input: ParseStream<'_>) -> syn::Result<u64> {
    let span = input.span();
    let unquoted = match input.fork().parse::<Lit>() {
        Ok(Lit::Str(_)) => {
            let literal = input.parse::<LitStr>()?;
            return parse(&literal.value()).map_err(|remedy| syn::Error::new(span, remedy));
        }
        Ok(Lit::Int(number)) => with_unit(number.base10_digits(), number.suffix()),
        Ok(Lit::Float(number)) => with_unit(number.base10_digits(), number.suffix()),
        _ => "5ms".to_owned(),
    };
    let remedy =
        format!("a duration is a number and a unit in a string: `min_duration = \"{unquoted}\"`");
    Err(syn::Error::new(span, remedy))
}

fn with_unit(number: &str, suffix: &str) -> String {
    let unit = if digits_behind_point(suffix).is_some() { suffix } else { "ms" };
    format!("{number}{unit}")
}

/// How many digits behind its decimal point a unit can have.
fn digits_behind_point(unit: &str) -> Option<usize> {
    match unit {
        "ns" => Some(0),
        // The micro sign, and the Greek letter.
        "us" | "\u{b5}s" | "\u{3bc}s" => Some(3),
        "ms" => Some(6),
        "s" => Some(9),
        _ => None,
    }
}

/// The nanoseconds of `5ms`, or what to write instead.
fn parse(text: &str) -> Result<u64, Cow<'static, str>> {
    let is_number = |character: char| character.is_ascii_digit() || character == '.';
    let (number, unit) = text.split_at(text.find(|c| !is_number(c)).unwrap_or(text.len()));
    if text.starts_with('-') {
        return Err("a duration cannot be negative: write one such as \"5ms\"".into());
    }
    let (whole, fraction) = match number.split_once('.') {
        None => (number, ""),
        Some((_, "")) => ("", ""),
        Some(parts) => parts,
    };
    if whole.is_empty() || fraction.contains('.') {
        return Err("write a number and then a unit, such as \"5ms\" or \"1.5s\"".into());
    }
    if unit.is_empty() {
        return Err(
            format!("the unit is missing: write \"{text}ms\", or another of {}", listed()).into()
        );
    }
    let digits = digits_behind_point(unit)
        .ok_or_else(|| format!("unknown unit `{unit}`: {}", suggestion(unit, &UNITS)))?;
    let fraction = fraction.trim_end_matches('0');
    if fraction.len() > digits {
        return Err(
            "a nanosecond is the shortest there is: write a whole number of them, such as \"1ns\""
                .into(),
        );
    }
    match format!("{whole}{fraction:0<digits$}").parse() {
        Ok(0) => {
            Err("no span is shorter than this: leave `min_duration` out, or write the shortest \
                      time that is worth a span, such as \"5ms\""
                .into())
        }
        Ok(nanoseconds) => Ok(nanoseconds),
        Err(_) => {
            Err("this is longer than 584 years: write the shortest time that is worth a span, \
                       such as \"5ms\""
                .into())
        }
    }
}

fn listed() -> String {
    UNITS.map(|unit| format!("`{unit}`")).join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_and_a_unit_are_nanoseconds() {
        for (text, nanoseconds) in [
            ("1ns", 1),
            ("250us", 250_000),
            ("250µs", 250_000),
            ("250μs", 250_000),
            ("5ms", 5_000_000),
            ("1.5ms", 1_500_000),
            ("0.000001ms", 1),
            ("1.50000000000ms", 1_500_000),
            ("0005ms", 5_000_000),
            ("2s", 2_000_000_000),
            ("18446744073.709551615s", u64::MAX),
        ] {
            assert_eq!(parse(text), Ok(nanoseconds), "{text}");
        }
    }

    #[test]
    fn anything_else_is_refused_with_what_to_write() {
        for (text, remedy) in [
            ("", "write a number and then a unit"),
            ("ms", "write a number and then a unit"),
            (".5ms", "write a number and then a unit"),
            ("5.ms", "write a number and then a unit"),
            ("1.2.3s", "write a number and then a unit"),
            (" 5ms", "write a number and then a unit"),
            ("NaN", "write a number and then a unit"),
            ("5", "the unit is missing: write \"5ms\", or another of `ns`, `us`, `ms`, `s`"),
            ("5m", "unknown unit `m`: did you mean `ms`?"),
            ("5 ms", "unknown unit ` ms`: did you mean `ms`?"),
            ("5MS", "unknown unit `MS`"),
            ("1e3s", "unknown unit `e3s`"),
            ("-5ms", "a duration cannot be negative"),
            ("0ms", "no span is shorter than this"),
            ("0.0s", "no span is shorter than this"),
            ("0.5ns", "a nanosecond is the shortest there is"),
            ("1.0000000001s", "a nanosecond is the shortest there is"),
            ("18446744073.709551616s", "this is longer than 584 years"),
            ("99999999999999999999ns", "this is longer than 584 years"),
        ] {
            let refused = parse(text).expect_err(text);
            assert!(refused.starts_with(remedy), "{text}: {refused}");
        }
    }
}
