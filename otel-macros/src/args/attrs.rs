//! Which attributes did the user list in `attrs(...)` and `scoped(...)`, and which not to record in
//! `skip(...)`?

use proc_macro2::{Ident, Span};
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::spanned::Spanned;
use syn::{Expr, LitStr, Token, parenthesized, token};

use super::argument::Argument;
use super::lists::{expression, skip_argument, terminated};
use super::value::{Form, Safe, key, mentioned, path};
use crate::errors::Errors;
use crate::tokens::unraw;

/// `attrs(...)`
#[derive(Clone, Default)]
pub(crate) struct Attrs {
    pub(crate) listed: Vec<Attr>,
    /// The `..` that stands for every parameter.
    pub(crate) all: Option<Span>,
}

/// `scoped(...)`, which lists attributes as `attrs(...)` does.
#[derive(Clone, Default)]
pub(crate) struct Scoped(pub(crate) Vec<Attr>);

/// One attribute.
#[derive(Clone)]
pub(crate) struct Attr {
    pub(crate) key: LitStr,
    pub(crate) form: Form,
    /// What is recorded in place of the value.
    pub(crate) safe: Option<Safe>,
    pub(crate) value: Expr,
}

/// `skip(...)`
#[derive(Clone)]
pub(crate) struct Skip {
    pub(crate) span: Span,
    pub(crate) names: Vec<Ident>,
}

impl Attr {
    /// The names that say what the value is: its key; and of `customer.name()` each segment and the whole,
    /// because `name` alone is not personal, but `customer.name` is.
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
        Ok(Attrs::parse_all(&list, errors))
    }

    fn over(self, outer: Attrs) -> Attrs {
        Attrs { listed: over(self.listed, outer.listed), all: self.all.or(outer.all) }
    }
}

impl Argument for Scoped {
    fn parse(word: &Ident, input: ParseStream<'_>, errors: &mut Errors) -> syn::Result<Self> {
        if !input.peek(token::Paren) {
            return Err(syn::Error::new(
                word.span(),
                "`scoped` lists the attributes of every span inside, in parentheses: \
                 `scoped(tenant.id = tenant.id())`",
            ));
        }
        let list;
        parenthesized!(list in input);
        let Attrs { listed, all } = Attrs::parse_all(&list, errors);
        if let Some(all) = all {
            errors.at(
                all,
                "every span inside would have every parameter: name those that it should have, as in \
                 `scoped(tenant_id)`",
            );
        }
        Ok(Scoped(listed))
    }

    fn over(self, outer: Scoped) -> Scoped {
        Scoped(over(self.0, outer.0))
    }
}

/// The outer attributes. An inner attribute replaces the outer one of the same key, in its place.
fn over(inner: Vec<Attr>, outer: Vec<Attr>) -> Vec<Attr> {
    let mut listed = outer;
    for attr in inner {
        match listed.iter_mut().find(|other| other.key.value() == attr.key.value()) {
            Some(other) => *other = attr,
            None => listed.push(attr),
        }
    }
    listed
}

impl Attrs {
    /// What stands between the parentheses.
    fn parse_all(list: ParseStream<'_>, errors: &mut Errors) -> Attrs {
        let mut attrs = Attrs::default();
        while !list.is_empty() {
            if let Err(error) = attrs.parse_one(list) {
                errors.push(error);
                skip_argument(list);
            }
            if list.is_empty() {
                break;
            }
            let span = list.span();
            if list.parse::<Token![,]>().is_err() {
                errors.at(span, "expected `,` and the next attribute");
                skip_argument(list);
                let _ = list.parse::<Token![,]>();
            }
        }
        attrs
    }

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
        let key = key(input)?;
        let sigil = input.span();
        let form = Form::parse(input)?;
        let (safe, value) = match Safe::parse(input)? {
            Some((_, value)) if !matches!(form, Form::Typed) => {
                return Err(syn::Error::new(
                    sigil,
                    format!(
                        "a form that shows less takes no sigil, which would show more: take it away, or give it a text, \
                         as in `hash({}.to_string())`",
                        value.to_token_stream(),
                    ),
                ));
            }
            Some((safe, value)) => (Some(safe), value),
            None => (None, expression(input)?),
        };
        if let Some(key) = key {
            return Ok(Attr { key, form, safe, value });
        }
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
        Ok(Attr { key: LitStr::new(&key, span), form, safe, value })
    }
}

impl Argument for Skip {
    fn parse(word: &Ident, input: ParseStream<'_>, _: &mut Errors) -> syn::Result<Self> {
        let span = word.span();
        Ok(Skip { span, names: skipped(input, span)? })
    }
}

/// The names in `(a, b)`.
fn skipped(input: ParseStream<'_>, argument: Span) -> syn::Result<Vec<Ident>> {
    if !input.peek(token::Paren) {
        return Err(syn::Error::new(argument, "`skip` lists parameters: `skip(email, body)`"));
    }
    let list;
    parenthesized!(list in input);
    terminated(&list, |input| input.call(Ident::parse_any))
}
