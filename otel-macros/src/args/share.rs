//! How is a share of all traces written?

use proc_macro2::{Ident, Literal, Span};
use syn::parse::ParseStream;
use syn::spanned::Spanned;
use syn::{Expr, ExprLit, ExprPath, ExprUnary, Lit, Token, UnOp};

use super::argument::{Argument, equals};
use super::lists::expression;
use crate::errors::Errors;

/// `sample = 0.01`, or a constant.
#[derive(Clone)]
pub(crate) struct Sample(pub(crate) Expr);

impl Argument for Sample {
    fn parse(word: &Ident, input: ParseStream<'_>, _: &mut Errors) -> syn::Result<Self> {
        equals(word, input)?;
        reject_per_cent(input)?;
        let share = expression(input)?;
        match written(&share) {
            Written::Number(number) => checked(number, share.span()).map(Sample),
            Written::Other => Err(syn::Error::new(share.span(), format!("a share is {RANGE}"))),
            Written::Computed => Ok(Sample(share)),
        }
    }
}

const RANGE: &str = "a number from 0 to 1, so that one of a hundred traces is `sample = 0.01`";

/// How a share is written.
enum Written {
    Number(f64),
    /// A literal that is no number.
    Other,
    /// An expression, whose value the compiler knows.
    Computed,
}

fn written(share: &Expr) -> Written {
    match share {
        Expr::Lit(ExprLit { lit, .. }) => match lit {
            Lit::Float(number) => number.base10_parse().map_or(Written::Other, Written::Number),
            Lit::Int(number) => number.base10_parse().map_or(Written::Other, Written::Number),
            _ => Written::Other,
        },
        Expr::Unary(ExprUnary { op: UnOp::Neg(_), expr, .. }) => match written(expr) {
            Written::Number(number) => Written::Number(-number),
            other => other,
        },
        Expr::Paren(share) => written(&share.expr),
        Expr::Path(constant) if is_no_number(constant) => Written::Other,
        _ => Written::Computed,
    }
}

/// `f64::NAN`, and infinities.
fn is_no_number(constant: &ExprPath) -> bool {
    let name = constant.path.segments.last().map(|segment| segment.ident.to_string());
    matches!(name.as_deref(), Some("NAN" | "INFINITY" | "NEG_INFINITY"))
}

/// The number as an `f64`, whichever literal it was.
fn checked(number: f64, span: Span) -> syn::Result<Expr> {
    if (0.0..=1.0).contains(&number) {
        let mut literal = Literal::f64_suffixed(number.abs());
        literal.set_span(span);
        return Ok(Expr::Lit(ExprLit { attrs: Vec::new(), lit: Lit::new(literal) }));
    }
    let remedy = if number > 1.0 && number <= 100.0 {
        format!("this is more than all traces: for {number} % write `sample = {}`", number / 100.0)
    } else {
        format!("a share is {RANGE}")
    };
    Err(syn::Error::new(span, remedy))
}

/// `sample = 10%`
fn reject_per_cent(input: ParseStream<'_>) -> syn::Result<()> {
    let ahead = input.fork();
    let Ok(number) = ahead.parse::<Lit>() else { return Ok(()) };
    if !ahead.peek(Token![%]) {
        return Ok(());
    }
    ahead.parse::<Token![%]>()?;
    if !ahead.is_empty() && !ahead.peek(Token![,]) {
        return Ok(());
    }
    let number = match &number {
        Lit::Float(number) => number.base10_parse::<f64>(),
        Lit::Int(number) => number.base10_parse::<f64>(),
        _ => return Ok(()),
    };
    let share = number.ok().filter(|number| (0.0..=100.0).contains(number));
    let remedy = match share {
        Some(number) => format!("write a share of 1, not per cent: `sample = {}`", number / 100.0),
        None => format!("a share is {RANGE}"),
    };
    Err(syn::Error::new(input.span(), remedy))
}
