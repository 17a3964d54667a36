//! What did the user turn on or off, or set to a number or a path?

use proc_macro2::{Ident, Span, TokenTree};
use syn::parse::ParseStream;
use syn::{Lit, LitBool, Path, Token, token};

use super::argument::{Argument, CARRY, FOLD, equals};
use super::duration;
use crate::errors::Errors;

/// `carry = false`
#[derive(Clone)]
pub(crate) struct Carry(pub(crate) bool);

/// `crate = path`
#[derive(Clone)]
pub(crate) struct Crate(pub(crate) Path);

/// `min_duration = "5ms"`, in nanoseconds
#[derive(Clone)]
pub(crate) struct MinDuration(pub(crate) u64);

/// `fold = 100`; 0 for `fold = false`
#[derive(Clone)]
pub(crate) struct Fold(pub(crate) u32);

/// `timings` or `timings = false`
#[derive(Clone, Copy)]
pub(crate) struct Flag {
    pub(crate) span: Span,
    pub(crate) on: bool,
}

impl Argument for Carry {
    fn parse(word: &Ident, input: ParseStream<'_>, _: &mut Errors) -> syn::Result<Self> {
        equals(word, input)?;
        let span = input.span();
        let literal = input.parse::<LitBool>().map_err(|_| syn::Error::new(span, CARRY))?;
        Ok(Carry(literal.value))
    }
}

impl Argument for Crate {
    fn parse(word: &Ident, input: ParseStream<'_>, _: &mut Errors) -> syn::Result<Self> {
        equals(word, input)?;
        input.call(Path::parse_mod_style).map(Crate)
    }
}

impl Argument for MinDuration {
    fn parse(word: &Ident, input: ParseStream<'_>, _: &mut Errors) -> syn::Result<Self> {
        equals(word, input)?;
        duration::nanoseconds(input).map(MinDuration)
    }
}

impl Argument for Fold {
    fn parse(word: &Ident, input: ParseStream<'_>, _: &mut Errors) -> syn::Result<Self> {
        equals(word, input)?;
        let span = input.span();
        let refused = || syn::Error::new(span, FOLD);
        match input.fork().parse::<Lit>() {
            Ok(Lit::Bool(literal)) if !literal.value => {
                input.parse::<Lit>()?;
                Ok(Fold(0))
            }
            Ok(Lit::Int(number)) if number.suffix().is_empty() => {
                input.parse::<Lit>()?;
                let first = number.base10_parse().ok().filter(|first| *first > 0);
                first.map(Fold).ok_or_else(refused)
            }
            _ => Err(refused()),
        }
    }
}

impl Argument for Flag {
    /// Nothing, or `= false` against what a block says of its functions.
    fn parse(word: &Ident, input: ParseStream<'_>, _: &mut Errors) -> syn::Result<Self> {
        let span = word.span();
        let how = || format!("`{word}` is on as it stands, or off: `{word} = false`");
        if input.peek(token::Paren) {
            let error = syn::Error::new(input.span(), how());
            input.parse::<TokenTree>()?;
            return Err(error);
        }
        if !input.peek(Token![=]) {
            return Ok(Flag { span, on: true });
        }
        input.parse::<Token![=]>()?;
        let value = input.span();
        let literal = input.parse::<LitBool>().map_err(|_| syn::Error::new(value, how()))?;
        Ok(Flag { span, on: literal.value })
    }
}
