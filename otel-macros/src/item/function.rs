//! What is an annotated function?

use proc_macro2::{Group, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use syn::parse::{ParseStream, Parser};
use syn::{AttrStyle, Attribute, Signature, Token, Visibility};

use super::attributes::rewrites;
use crate::parameters;
use crate::tokens::{self, generated};

/// A function: its signature parsed, its body kept as tokens, so that a body that is half typed
/// still expands, and one that is whole is not parsed twice.
pub(crate) struct Function {
    /// The outer attributes, and copies of the inner ones.
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) vis: Visibility,
    pub(crate) defaultness: Option<Token![default]>,
    pub(crate) sig: Signature,
    /// The braces, and what is in them as it came.
    pub(crate) body: Group,
    /// Whether another attribute looks at the function afterwards, and may want it `async`.
    pub(crate) rewritten: bool,
    pub(crate) within: Within,
}

/// What is around a function, as far as the macro can see.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Within {
    /// The attribute is the function's own.
    Unknown,
    Module,
    /// `impl Type`
    Inherent,
    /// `trait`, or `impl Trait for Type`
    Trait,
}

impl Function {
    /// The function that all of `item` is.
    pub(crate) fn parse(item: &[TokenTree]) -> syn::Result<Function> {
        // The parser sees braces, so that it tells where they are unexpected, but not what is in them.
        let head: TokenStream = match (tokens::braces(item), item) {
            (Some(body), [head @ .., _]) => {
                let mut braces = Group::new(body.delimiter(), TokenStream::new());
                braces.set_span(body.span());
                let braces = TokenTree::Group(braces);
                head.iter().cloned().chain([braces]).collect()
            }
            _ => item.iter().cloned().collect(),
        };
        let (mut attrs, vis, defaultness, sig) = head_of_function.parse2(tokens::plain(head))?;
        let Some(body) = tokens::braces(item).cloned() else {
            unreachable!("a function has been parsed that ends with its braces")
        };
        attrs.extend(copied(&body)?);
        let rewritten = attrs.iter().any(rewrites);
        let within = Within::Unknown;
        Ok(Function { attrs, vis, defaultness, sig, body, rewritten, within })
    }

    /// The function with another body.
    pub(crate) fn with(&self, body: &TokenStream) -> TokenStream {
        let Function { attrs, vis, defaultness, sig, body: _, rewritten: _, within: _ } = self;
        quote!(#(#attrs)* #vis #defaultness #sig #body)
    }

    pub(super) fn untraced(&self) -> TokenStream {
        self.with(&self.body.to_token_stream())
    }

    /// The function with all its parameters used.
    pub(super) fn mistaken(&self) -> TokenStream {
        let site = Span::mixed_site();
        let used = parameters::names(&self.sig).filter(|(name, attrs)| {
            !name.to_string().starts_with('_') && parameters::cfgs(attrs).is_empty()
        });
        let used = used.map(|(name, _)| quote_spanned!(site=> let _ = &#name;));
        let body = generated(&self.body);
        self.with(&quote_spanned!(site=> { #(#used)* #body }))
    }
}

/// What stands before the braces of a function.
fn head_of_function(
    input: ParseStream<'_>,
) -> syn::Result<(Vec<Attribute>, Visibility, Option<Token![default]>, Signature)> {
    let attrs = input.call(Attribute::parse_outer)?;
    let vis = input.parse()?;
    let defaultness = input.parse()?;
    let sig = input.parse()?;
    if input.peek(Token![;]) {
        let semicolon: Token![;] = input.parse()?;
        return Err(syn::Error::new(
            semicolon.span,
            "a function without a body has nothing to trace: put `#[traced]` on its implementation, or \
             give it a default body",
        ));
    }
    let _braces;
    syn::braced!(_braces in input);
    Ok((attrs, vis, defaultness, sig))
}

/// The inner attributes of a body, for the outside. They stay inside too: to take them out would be to
/// build the body anew.
fn copied(body: &Group) -> syn::Result<Vec<Attribute>> {
    let trees: Vec<TokenTree> = body.stream().into_iter().collect();
    let inner = trees[..tokens::inner_attributes(&trees)].iter().cloned().collect();
    let mut attrs = Attribute::parse_inner.parse2(inner)?;
    for attr in &mut attrs {
        attr.style = AttrStyle::Outer;
    }
    Ok(attrs)
}
