//! What do values look like, what are they called, and how are they recorded?

use proc_macro2::Ident;
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{Expr, LitStr, Member, Token};

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
