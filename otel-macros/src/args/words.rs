//! Which kind, level, name and scope did the user give?

use proc_macro2::{Ident, Span};
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{Expr, LitStr, Token};

use super::argument::{Argument, equals};
use super::lists::expression;
use crate::errors::Errors;
use crate::suggest::suggestion;

const KINDS: [&str; 5] = ["server", "client", "producer", "consumer", "internal"];

const LEVELS: [&str; 5] = ["trace", "debug", "info", "warn", "error"];

/// `kind = ...`, as a variant of OpenTelemetry's `SpanKind`.
#[derive(Clone)]
pub(crate) struct Kind(pub(crate) Ident);

/// `level = ...`, as a variant of the runtime's `Level`.
#[derive(Clone)]
pub(crate) struct Level(pub(crate) Ident);

/// `name = ...`
#[derive(Clone)]
pub(crate) enum Name {
    Literal(LitStr),
    Computed(Expr),
}

/// `scope = "shop.http"`
#[derive(Clone)]
pub(crate) struct Scope(pub(crate) LitStr);

impl Argument for Kind {
    fn parse(word: &Ident, input: ParseStream<'_>, _: &mut Errors) -> syn::Result<Self> {
        equals(word, input)?;
        variant(input, "span kind", &KINDS).map(Kind)
    }
}

impl Argument for Level {
    fn parse(word: &Ident, input: ParseStream<'_>, _: &mut Errors) -> syn::Result<Self> {
        equals(word, input)?;
        variant(input, "level", &LEVELS).map(Level)
    }
}

/// One of the `known` words, as the variant of an enum.
fn variant(input: ParseStream<'_>, what: &str, known: &[&str]) -> syn::Result<Ident> {
    let span = input.span();
    let word = input.call(Ident::parse_any).map_err(|_| {
        syn::Error::new(span, format!("a {what} is a word: {}", suggestion("", known)))
    })?;
    let word = word.to_string();
    if !known.contains(&word.as_str()) {
        let suggestion = suggestion(&word.to_lowercase(), known);
        return Err(syn::Error::new(span, format!("unknown {what} `{word}`: {suggestion}")));
    }
    let variant = word[..1].to_uppercase() + &word[1..];
    Ok(Ident::new(&variant, Span::mixed_site()))
}

impl Argument for Name {
    fn parse(word: &Ident, input: ParseStream<'_>, _: &mut Errors) -> syn::Result<Self> {
        equals(word, input)?;
        // A literal, unless more follows: `"GET ".to_owned() + ROUTE`.
        if let Ok(literal) = input.fork().parse::<LitStr>() {
            let ahead = input.fork();
            ahead.parse::<LitStr>()?;
            if ahead.is_empty() || ahead.peek(Token![,]) {
                input.parse::<LitStr>()?;
                if literal.value().is_empty() {
                    return Err(syn::Error::new(
                        literal.span(),
                        "a span without a name cannot be found: name it, or leave `name` out for \
                         `function` or `Type::method`",
                    ));
                }
                return Ok(Name::Literal(literal));
            }
        }
        expression(input).map(Name::Computed)
    }
}

impl Argument for Scope {
    fn parse(word: &Ident, input: ParseStream<'_>, _: &mut Errors) -> syn::Result<Self> {
        equals(word, input)?;
        scope(input).map(Scope)
    }
}

/// The name of an instrumentation scope.
fn scope(input: ParseStream<'_>) -> syn::Result<LitStr> {
    let span = input.span();
    match input.parse::<LitStr>() {
        Ok(name) if !name.value().is_empty() => Ok(name),
        _ => Err(syn::Error::new(
            span,
            "an instrumentation scope is a string that is not empty: `scope = \"shop.http\"`; leave it out \
             for the crate's name and version",
        )),
    }
}
