//! What do values look like, what are they called, and how are they recorded?

use proc_macro2::{Ident, TokenTree};
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{Expr, LitStr, Member, Token, parenthesized, token};

use super::lists::{expression, terminated};
use crate::tokens::unraw;

/// How a value becomes an attribute value.
#[derive(Clone)]
pub(crate) enum Form {
    Typed,
    Display,
    Debug,
}

impl Form {
    pub(crate) fn parse(input: ParseStream<'_>) -> syn::Result<Form> {
        if input.peek(Token![%]) {
            input.parse::<Token![%]>()?;
            return Ok(Form::Display);
        }
        if input.peek(Token![?]) {
            input.parse::<Token![?]>()?;
            return Ok(Form::Debug);
        }
        Ok(Form::Typed)
    }
}

/// A form of a personal value that tells less of it than the value: `hash(x)`, `mask(x)`, `truncate(x, n)`.
#[derive(Clone)]
pub(crate) enum Safe {
    Hash,
    /// With how many of the last characters stay, if any do.
    Mask(Option<Expr>),
    /// How many of the first characters stay.
    Truncate(Expr),
}

impl Safe {
    /// How many characters stay, if that is said.
    pub(crate) fn count(&self) -> Option<&Expr> {
        match self {
            Safe::Mask(Some(count)) | Safe::Truncate(count) => Some(count),
            Safe::Hash | Safe::Mask(None) => None,
        }
    }

    /// The form and what it is of, if that is the whole value. `x::hash(y)` and `hash(y).z` are the user's own.
    pub(super) fn parse(input: ParseStream<'_>) -> syn::Result<Option<(Safe, Expr)>> {
        let ahead = input.fork();
        let Ok(word) = ahead.call(Ident::parse_any) else { return Ok(None) };
        if !["hash", "mask", "truncate"].iter().any(|known| word == known)
            || !ahead.peek(token::Paren)
        {
            return Ok(None);
        }
        ahead.parse::<TokenTree>()?;
        if !ahead.is_empty() && !ahead.peek(Token![,]) {
            return Ok(None);
        }
        let word = input.call(Ident::parse_any)?;
        let list;
        parenthesized!(list in input);
        let given = terminated(&list, expression)?;
        let mut given = given.into_iter();
        let (value, count, more) = (given.next(), given.next(), given.next());
        let form = match (word.to_string().as_str(), count) {
            ("hash", None) => Some(Safe::Hash),
            ("mask", count) => Some(Safe::Mask(count)),
            ("truncate", Some(count)) => Some(Safe::Truncate(count)),
            _ => None,
        };
        match (form, value, more) {
            (Some(form), Some(value), None) => Ok(Some((form, value))),
            _ => Err(syn::Error::new(word.span(), HOW)),
        }
    }
}

const HOW: &str = "write `hash(x)`, `mask(x)`, `mask(x, 4)` with how many of the last characters stay, or \
                   `truncate(x, 3)` with how many of the first; a function of your own is called by its path, as in \
                   `self::hash(x)`";

/// `"enduser.id" =` or `order.id =`, if the attribute has a key of its own.
pub(super) fn key(input: ParseStream<'_>) -> syn::Result<Option<LitStr>> {
    if input.peek(LitStr) {
        let key: LitStr = input.parse()?;
        if key.value().is_empty() {
            return Err(syn::Error::new(key.span(), "an attribute needs a key that is not empty"));
        }
        if !input.peek(Token![=]) {
            return Err(syn::Error::new(
                key.span(),
                format!("a key needs a value: `\"{}\" = ...`", key.value()),
            ));
        }
        input.parse::<Token![=]>()?;
        return Ok(Some(key));
    }
    let ahead = input.fork();
    let Ok(segments) = dotted(&ahead) else { return Ok(None) };
    if !ahead.peek(Token![=]) || ahead.peek(Token![==]) {
        return Ok(None);
    }
    dotted(input)?;
    input.parse::<Token![=]>()?;
    let name = segments.iter().map(unraw).collect::<Vec<_>>().join(".");
    Ok(Some(LitStr::new(&name, segments[0].span())))
}

fn dotted(input: ParseStream<'_>) -> syn::Result<Vec<Ident>> {
    let mut segments = vec![input.call(Ident::parse_any)?];
    while input.peek(Token![.]) {
        input.parse::<Token![.]>()?;
        segments.push(input.call(Ident::parse_any)?);
    }
    Ok(segments)
}

/// The segments of a path, through calls that take nothing, as in `user.email().domain()`, and indices.
/// `None` if a call returns only how much there is, as in `emails.len()`.
pub(super) fn mentioned(value: &Expr) -> Option<Vec<Ident>> {
    const HOW_MUCH: [&str; 7] =
        ["len", "is_empty", "count", "is_some", "is_none", "is_ok", "is_err"];
    match value {
        Expr::MethodCall(call) if call.args.is_empty() => {
            let mut segments = mentioned(&call.receiver)?;
            segments.push(call.method.clone());
            (!HOW_MUCH.contains(&unraw(&call.method).as_str())).then_some(segments)
        }
        Expr::Index(index) => mentioned(&index.expr),
        Expr::Field(field) => {
            let mut segments = mentioned(&field.base)?;
            if let Member::Named(member) = &field.member {
                segments.push(member.clone());
            }
            Some(segments)
        }
        Expr::Reference(reference) => mentioned(&reference.expr),
        Expr::Unary(unary) => mentioned(&unary.expr),
        Expr::Paren(paren) => mentioned(&paren.expr),
        Expr::Await(awaited) => mentioned(&awaited.base),
        Expr::Try(tried) => mentioned(&tried.expr),
        value => path(value),
    }
}

/// `user_id`, `order.id` or `self.shard`, perhaps behind `&` or `*` or in parentheses.
pub(super) fn path(value: &Expr) -> Option<Vec<Ident>> {
    match value {
        Expr::Path(path) => path.path.get_ident().map(|ident| vec![ident.clone()]),
        Expr::Field(field) => {
            let mut segments = path(&field.base)?;
            match &field.member {
                Member::Named(member) => segments.push(member.clone()),
                Member::Unnamed(_) => return None,
            }
            Some(segments)
        }
        Expr::Reference(reference) => path(&reference.expr),
        Expr::Unary(unary) => path(&unary.expr),
        Expr::Paren(paren) => path(&paren.expr),
        _ => None,
    }
}
