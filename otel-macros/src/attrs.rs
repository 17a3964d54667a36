//! Which attributes did the user list in `attrs(...)`?

use proc_macro2::{Ident, Span};
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::spanned::Spanned;
use syn::{Expr, LitStr, Member, Token, parenthesized, token};

use crate::args::{Argument, expression, skip_argument};
use crate::errors::Errors;

/// `attrs(...)`
#[derive(Clone, Default)]
pub(crate) struct Attrs {
    pub(crate) listed: Vec<Attr>,
    /// The `..` that stands for every parameter.
    pub(crate) all: Option<Span>,
}

/// One attribute.
#[derive(Clone)]
pub(crate) struct Attr {
    pub(crate) key: LitStr,
    pub(crate) form: Form,
    pub(crate) value: Expr,
}

/// How a value becomes an attribute value.
#[derive(Clone)]
pub(crate) enum Form {
    Typed,
    Display,
    Debug,
}

impl Attr {
    /// The names that say what the value is: its key, and of `customer.email()`, the segments and all
    /// together, because `name` says nothing, and `customer.name` much.
    pub(crate) fn names(&self) -> Vec<String> {
        let mut segments: Vec<String> =
            mentioned(&self.value).unwrap_or_default().iter().map(unraw).collect();
        segments.retain(|segment| segment != "self");
        let mut names = vec![self.key.value(), segments.join(".")];
        names.extend(segments);
        let mut once = Vec::new();
        for name in names.into_iter().filter(|name| !name.is_empty()) {
            if !once.contains(&name) {
                once.push(name);
            }
        }
        once
    }
}

impl Argument for Attrs {
    fn parse(word: &Ident, input: ParseStream<'_>, errors: &mut Errors) -> syn::Result<Self> {
        if !input.peek(token::Paren) {
            return Err(syn::Error::new(
                word.span(),
                "`attrs` lists attributes in parentheses: `attrs(user_id, order.id = order.id())`",
            ));
        }
        let list;
        parenthesized!(list in input);
        let mut attrs = Attrs::default();
        while !list.is_empty() {
            if let Err(error) = attrs.parse_one(&list) {
                errors.push(error);
                skip_argument(&list);
            }
            if list.is_empty() {
                break;
            }
            let span = list.span();
            if list.parse::<Token![,]>().is_err() {
                errors.at(span, "expected `,` and the next attribute");
                skip_argument(&list);
                let _ = list.parse::<Token![,]>();
            }
        }
        Ok(attrs)
    }

    /// The outer attributes with the inner ones in the places of those with their keys.
    fn over(self, outer: Attrs) -> Attrs {
        let mut listed = outer.listed;
        for attr in self.listed {
            match listed.iter_mut().find(|other| other.key.value() == attr.key.value()) {
                Some(other) => *other = attr,
                None => listed.push(attr),
            }
        }
        Attrs { listed, all: self.all.or(outer.all) }
    }
}

impl Attrs {
    fn parse_one(&mut self, list: ParseStream<'_>) -> syn::Result<()> {
        if list.peek(Token![..]) {
            let all: Token![..] = list.parse()?;
            self.all = Some(all.span());
            return Ok(());
        }
        let attr = Attr::parse(list)?;
        let key = attr.key.value();
        if self.listed.iter().any(|other| other.key.value() == key) {
            return Err(syn::Error::new(
                attr.key.span(),
                format!(
                    "the attribute `{key}` is listed twice: give one of them another key, `key = value`"
                ),
            ));
        }
        self.listed.push(attr);
        Ok(())
    }
}

impl Attr {
    fn parse(input: ParseStream<'_>) -> syn::Result<Attr> {
        if let Some(key) = key(input)? {
            let form = Form::parse(input)?;
            return Ok(Attr { key, form, value: expression(input)? });
        }
        let form = Form::parse(input)?;
        let value = expression(input)?;
        let Some(path) = path(&value) else {
            return Err(syn::Error::new(
                value.span(),
                "this value has no name of its own: give it a key, `key = value`",
            ));
        };
        // `self.` says where it is, not what it is.
        let segments = path.iter().filter(|segment| *segment != "self" || path.len() == 1);
        let key = segments.map(unraw).collect::<Vec<_>>().join(".");
        let span = path.last().map_or_else(|| value.span(), Ident::span);
        Ok(Attr { key: LitStr::new(&key, span), form, value })
    }
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
pub(crate) fn key(input: ParseStream<'_>) -> syn::Result<Option<LitStr>> {
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
/// None if nothing is told of what the path names but how much it is, as in `emails.len()`.
fn mentioned(value: &Expr) -> Option<Vec<Ident>> {
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
fn path(value: &Expr) -> Option<Vec<Ident>> {
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

pub(crate) fn unraw(ident: &Ident) -> String {
    ident.unraw().to_string()
}
