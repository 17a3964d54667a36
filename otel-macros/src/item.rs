//! What is annotated?

use proc_macro2::{Group, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use syn::parse::{ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{AttrStyle, Attribute, Meta, Path, Signature, Token, Visibility};

use crate::block::Block;
use crate::errors::Errors;
use crate::parameters;
use crate::tokens::{self, Kind};

pub(crate) enum Item {
    Function(Box<Function>),
    Block(Block),
}

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

/// What a function stands in, as far as can be seen.
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

/// The attributes that the compiler itself knows.
const BUILT_IN: [&str; 31] = [
    "allow",
    "automatically_derived",
    "cfg",
    "clippy",
    "cold",
    "coverage",
    "deny",
    "deprecated",
    "diagnostic",
    "doc",
    "expect",
    "export_name",
    "forbid",
    "global_allocator",
    "ignore",
    "inline",
    "instruction_set",
    "link_name",
    "link_section",
    "must_use",
    "naked",
    "no_mangle",
    "optimize",
    "panic_handler",
    "rustfmt",
    "should_panic",
    "target_feature",
    "test",
    "track_caller",
    "traced",
    "warn",
];

impl Item {
    pub(crate) fn parse(tokens: TokenStream, errors: &mut Errors) -> Option<Item> {
        let trees = tokens::trees(tokens);
        let (kind, span) = tokens::kind(&trees);
        let parsed = match kind {
            Kind::Function | Kind::Declared => {
                Function::parse(&trees).map(|function| Item::Function(Box::new(function)))
            }
            Kind::Block => Block::parse(&trees, errors).map(Item::Block),
            Kind::Other => Err(syn::Error::new(
                span,
                "`#[traced]` goes on a function, or on an `impl`, a `trait` or a `mod { .. }` for all \
                 functions in it",
            )),
        };
        parsed.map_err(|error| errors.push(error)).ok()
    }

    pub(crate) fn attrs(&mut self) -> &mut Vec<Attribute> {
        match self {
            Item::Function(function) => &mut function.attrs,
            Item::Block(block) => &mut block.attrs,
        }
    }

    /// Takes all of `#[traced]` off the item but what it is expanded for.
    pub(crate) fn reject_more(&mut self, errors: &mut Errors) {
        self.attrs().retain(|attr| {
            let more = is_traced(attr.path());
            if more {
                errors.at(
                    attr.path().span(),
                    "there is one `#[traced]` already: put what both say into that",
                );
            }
            !more
        });
    }

    /// The item as it is without `#[traced]`.
    pub(crate) fn untraced(&self) -> TokenStream {
        match self {
            Item::Function(function) => function.untraced(),
            Item::Block(block) => block.with_content(Item::untraced),
        }
    }

    /// The same where the attribute has a mistake, and may have named any parameter.
    pub(crate) fn mistaken(&self) -> TokenStream {
        match self {
            Item::Function(function) => function.mistaken(),
            Item::Block(block) => block.with_content(Item::mistaken),
        }
    }
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

    fn untraced(&self) -> TokenStream {
        self.with(&self.body.to_token_stream())
    }

    /// The function with all its parameters used.
    fn mistaken(&self) -> TokenStream {
        let site = Span::mixed_site();
        let used = parameters::names(&self.sig).filter(|(name, attrs)| {
            !name.to_string().starts_with('_') && parameters::cfgs(attrs).is_empty()
        });
        let used = used.map(|(name, _)| quote_spanned!(site=> let _ = &#name;));
        let body = tokens::generated(&self.body);
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

pub(crate) fn is_traced(path: &Path) -> bool {
    path.segments.last().is_some_and(|last| last.ident == "traced")
}

/// Whether an attribute is one of those that get to see an item and to change it.
pub(crate) fn rewrites(attribute: &Attribute) -> bool {
    if !attribute.path().is_ident("cfg_attr") {
        return !is_built_in(attribute.path());
    }
    let conditional = attribute.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated);
    conditional.is_ok_and(|metas| metas.iter().skip(1).any(|meta| !is_built_in(meta.path())))
}

fn is_built_in(path: &Path) -> bool {
    // `clippy::too_many_lines`, `rustfmt::skip`; in `#[unsafe(no_mangle)]` the path is a keyword.
    let first = path.segments.first().map(|first| first.ident.to_string());
    first.is_none_or(|first| first == "unsafe" || BUILT_IN.contains(&first.as_str()))
}
