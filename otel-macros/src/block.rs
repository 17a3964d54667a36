//! What stands in an annotated `impl`, `trait` or `mod`?
//!
//! Its functions are found, and everything else passes through as tokens.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use quote::quote;
use syn::Attribute;
use syn::parse::Parser;

use crate::errors::Errors;
use crate::given::Given;
use crate::item::{Function, Item, rewrites};
use crate::tokens::{self, Kind};

/// An `impl`, a `trait` or a `mod` with its content.
pub(crate) struct Block {
    attrs: Vec<Attribute>,
    /// All that stands between the attributes and the braces.
    head: TokenStream,
    braces: Group,
    pub(crate) content: Vec<Content>,
}

pub(crate) enum Content {
    /// Nothing to trace.
    Other(TokenStream),
    /// A function or another block, and what is said of it.
    Item(Option<Given>, Item),
}

impl Block {
    /// The block that all of `item` is.
    pub(crate) fn parse(item: &[TokenTree], errors: &mut Errors) -> syn::Result<Block> {
        let (Some(braces), [head @ .., _]) = (tokens::braces(item).cloned(), item) else {
            unreachable!("a block ends with its braces")
        };
        let (attrs, head) = head.split_at(tokens::skip_attributes(head));
        let attrs = Attribute::parse_outer.parse2(stream(attrs))?;
        let rewritten = attrs.iter().any(rewrites);
        let trees = flat(braces.stream());
        let (inner, items) = trees.split_at(tokens::inner_attributes(&trees));
        let mut content = vec![Content::Other(stream(inner))];
        for item in tokens::items(items) {
            content.push(Content::parse(item, rewritten, errors)?);
        }
        Ok(Block { attrs, head: stream(head), braces, content })
    }

    /// The block as it is without `#[traced]` anywhere.
    pub(crate) fn untraced(&self) -> TokenStream {
        let content = self.content.iter().map(|content| match content {
            Content::Other(tokens) => tokens.clone(),
            Content::Item(_, item) => item.untraced(),
        });
        self.with(&content.collect())
    }

    /// The block with this between its braces.
    pub(crate) fn with(&self, content: &TokenStream) -> TokenStream {
        let mut braces = Group::new(Delimiter::Brace, content.clone());
        braces.set_span(self.braces.span());
        let Block { attrs, head, .. } = self;
        quote!(#(#attrs)* #head #braces)
    }
}

impl Content {
    fn parse(item: &[TokenTree], rewritten: bool, errors: &mut Errors) -> syn::Result<Content> {
        let mut item = match tokens::kind(item).0 {
            Kind::Function => {
                let mut function = Function::parse(item)?;
                function.rewritten |= rewritten;
                Item::Function(Box::new(function))
            }
            Kind::Block => Item::Block(Block::parse(item, errors)?),
            // Nor is there anything to trace in a function without a body, or that runs in the compiler.
            // If it has an attribute of its own, that says so.
            Kind::Declared | Kind::Other => return Ok(Content::Other(stream(item))),
        };
        let attrs = match &mut item {
            Item::Function(function) => &mut function.attrs,
            Item::Block(block) => &mut block.attrs,
        };
        let traced = attrs.iter().position(is_traced).map(|at| attrs.remove(at));
        let given = traced.map(|attribute| Given::of(&attribute, errors));
        Ok(Content::Item(given, item))
    }
}

/// Opens the invisible groups around each `$item:item` of a macro by example.
fn flat(tokens: TokenStream) -> Vec<TokenTree> {
    let mut trees = Vec::new();
    for token in tokens {
        match token {
            TokenTree::Group(group) if group.delimiter() == Delimiter::None && is_item(&group) => {
                trees.extend(flat(group.stream()));
            }
            token => trees.push(token),
        }
    }
    trees
}

fn is_item(group: &Group) -> bool {
    match group.stream().into_iter().last() {
        Some(TokenTree::Group(group)) => group.delimiter() == Delimiter::Brace,
        Some(TokenTree::Punct(punct)) => punct.as_char() == ';',
        _ => false,
    }
}

fn is_traced(attribute: &Attribute) -> bool {
    attribute.path().segments.last().is_some_and(|last| last.ident == "traced")
}

fn stream(trees: &[TokenTree]) -> TokenStream {
    trees.iter().cloned().collect()
}
