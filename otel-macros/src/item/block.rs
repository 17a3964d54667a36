//! What is annotated, and what stands in it?
//!
//! The functions of a block are found, and everything else passes through as tokens.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use quote::quote;
use syn::Attribute;
use syn::parse::Parser;
use syn::spanned::Spanned;

use super::attributes::{is_traced, rewrites};
use super::conditional::Conditional;
use super::function::{Function, Within};
use crate::errors::Errors;
use crate::given::Given;
use crate::tokens::{self, Kind, is_punct};

pub(crate) enum Item {
    Function(Box<Function>),
    Block(Block),
}

/// An `impl`, a `trait` or a `mod` with its content.
pub(crate) struct Block {
    pub(crate) attrs: Vec<Attribute>,
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

    /// Removes every other `#[traced]` from the item, and reports it as a mistake.
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

    /// The same for an attribute with a mistake, which may have named any parameter.
    pub(crate) fn mistaken(&self) -> TokenStream {
        match self {
            Item::Function(function) => function.mistaken(),
            Item::Block(block) => block.with_content(Item::mistaken),
        }
    }
}

impl Block {
    /// The block that all of `item` is.
    pub(crate) fn parse(item: &[TokenTree], errors: &mut Errors) -> syn::Result<Block> {
        let (Some(braces), [head @ .., _]) = (tokens::braces(item).cloned(), item) else {
            unreachable!("a block ends with its braces")
        };
        let (attrs, head) = head.split_at(tokens::skip_attributes(head));
        let attrs = Attribute::parse_outer.parse2(stream(attrs))?;
        let around = Around { rewritten: attrs.iter().any(rewrites), within: within(head) };
        let trees = flat(braces.stream());
        let (inner, items) = trees.split_at(tokens::inner_attributes(&trees));
        let mut content = vec![Content::Other(stream(inner))];
        for item in tokens::items(items) {
            content.extend(Content::parse(item, &around, errors)?);
        }
        Ok(Block { attrs, head: stream(head), braces, content })
    }

    /// The block, with this in place of each item in it that could be traced.
    pub(crate) fn with_content(&self, of: fn(&Item) -> TokenStream) -> TokenStream {
        let content = self.content.iter().map(|content| match content {
            Content::Other(tokens) => tokens.clone(),
            Content::Item(_, item) => of(item),
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

/// What a block says of each function in it.
struct Around {
    rewritten: bool,
    within: Within,
}

/// What the functions of a block stand in that begins like this.
fn within(head: &[TokenTree]) -> Within {
    let is = |token: &TokenTree, word: &str| matches!(token, TokenTree::Ident(it) if it == word);
    let begins = |word: &str| head.iter().any(|token| is(token, word));
    // `impl Trait for Type`, but not `impl Type<for<'a> fn(&'a u8)>`.
    let is_of_trait = |at: usize| {
        let lifetimes = head.get(at + 1).is_some_and(|next| is_punct(next, '<'))
            && head.get(at + 2).is_some_and(|next| is_punct(next, '\''));
        is(&head[at], "for") && !lifetimes
    };
    match (begins("impl"), begins("trait")) {
        (false, false) => Within::Module,
        (true, false) if !(0..head.len()).any(is_of_trait) => Within::Inherent,
        _ => Within::Trait,
    }
}

impl Content {
    fn parse(
        item: &[TokenTree],
        around: &Around,
        errors: &mut Errors,
    ) -> syn::Result<Vec<Content>> {
        let kind = tokens::kind(item).0;
        let parse = |errors: &mut Errors| match kind {
            Kind::Function => {
                let mut function = Function::parse(item)?;
                function.rewritten |= around.rewritten;
                function.within = around.within;
                Ok(Some(Item::Function(Box::new(function))))
            }
            Kind::Block => Block::parse(item, errors).map(|block| Some(Item::Block(block))),
            // A function without a body, or a `const fn`, cannot be traced. If it has an attribute of its own,
            // that attribute reports it.
            Kind::Declared | Kind::Other => Ok(None),
        };
        let Some(mut parsed) = parse(errors)? else {
            return Ok(vec![Content::Other(stream(item))]);
        };
        // The macro cannot evaluate a condition, so it makes one item for each answer.
        if let Some(conditional) = Conditional::of(parsed.attrs()) {
            let Some(mut otherwise) = parse(&mut Errors::default())? else { return Ok(Vec::new()) };
            let given = conditional.split(parsed.attrs(), otherwise.attrs(), errors);
            parsed.reject_more(errors);
            return Ok(vec![Content::Item(Some(given), parsed), Content::of(otherwise, errors)]);
        }
        Ok(vec![Content::of(parsed, errors)])
    }

    fn of(mut item: Item, errors: &mut Errors) -> Content {
        let attrs = item.attrs();
        let traced = attrs.iter().position(|attr| is_traced(attr.path()));
        let traced = traced.map(|at| attrs.remove(at));
        let given = traced.map(|attr| Given::of(&attr.meta, errors));
        item.reject_more(errors);
        Content::Item(given, item)
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

fn stream(trees: &[TokenTree]) -> TokenStream {
    trees.iter().cloned().collect()
}
