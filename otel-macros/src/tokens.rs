//! Where does an item begin, and where does it end, among tokens that stay as they came?
//!
//! A body is never built anew: the compiler knows more of a stream that nobody has taken apart, such as
//! that `$e` stands for one expression, whatever is in it. So an item is cut out of the trees around its
//! braces, and only what stands before them is parsed.
//!
//! What is parsed is made plain first: the invisible group around a `$e` says what a parser of tokens
//! does not see, so it is opened, or becomes parentheses where it would fall apart.

use proc_macro2::{Delimiter, Group, Ident, Spacing, Span, TokenStream, TokenTree};
use syn::ext::IdentExt;
use syn::{Expr, Type};

/// What an item is, as far as its tokens have to be known.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// With a body, to run in the program.
    Function,
    /// Without a body, or to run in the compiler too.
    Declared,
    /// An `impl`, a `trait` or a `mod` with its content.
    Block,
    Other,
}

/// The trees of an item, with the invisible group around a `$item:item` opened, and that around a
/// `$body:block` behind it.
pub(crate) fn trees(tokens: TokenStream) -> Vec<TokenTree> {
    let mut trees: Vec<TokenTree> = tokens.into_iter().collect();
    while let Some(TokenTree::Group(group)) = trees.last()
        && group.delimiter() == Delimiter::None
    {
        let inner = group.stream();
        trees.pop();
        trees.extend(inner);
    }
    trees
}

/// The same without invisible groups.
pub(crate) fn plain(tokens: TokenStream) -> TokenStream {
    if !has_invisible_group(&tokens) {
        return tokens;
    }
    let mut plain = TokenStream::new();
    let mut of_attribute = false;
    for token in tokens {
        let TokenTree::Group(group) = token else {
            // `#[..]` or `#![..]`
            of_attribute = is_punct(&token, '#') || of_attribute && is_punct(&token, '!');
            plain.extend([token]);
            continue;
        };
        let inner = if of_attribute { opened(group.stream()) } else { self::plain(group.stream()) };
        of_attribute = false;
        // Marked as generated, so that no lint calls the parentheses needless.
        let (delimiter, span) = match group.delimiter() {
            Delimiter::None if !falls_apart(&inner) => {
                plain.extend(inner);
                continue;
            }
            Delimiter::None => {
                (Delimiter::Parenthesis, Span::mixed_site().located_at(group.span()))
            }
            delimiter => (delimiter, group.span()),
        };
        let mut group = Group::new(delimiter, inner);
        group.set_span(span);
        plain.extend([TokenTree::Group(group)]);
    }
    plain
}

/// The same where nothing can fall apart: a `$meta` is all that is in the brackets.
fn opened(tokens: TokenStream) -> TokenStream {
    let open = |token| match token {
        TokenTree::Group(group) if group.delimiter() == Delimiter::None => opened(group.stream()),
        token => token.into(),
    };
    tokens.into_iter().map(open).collect()
}

fn has_invisible_group(tokens: &TokenStream) -> bool {
    tokens.clone().into_iter().any(|token| match token {
        TokenTree::Group(group) => {
            group.delimiter() == Delimiter::None || has_invisible_group(&group.stream())
        }
        _ => false,
    })
}

/// Whether something that stands before or behind these tokens could take a part of them only.
fn falls_apart(tokens: &TokenStream) -> bool {
    if let Ok(ty) = syn::parse2::<Type>(tokens.clone()) {
        return match ty {
            Type::TraitObject(ty) => ty.bounds.len() > 1,
            Type::ImplTrait(ty) => ty.bounds.len() > 1,
            _ => false,
        };
    }
    matches!(
        syn::parse2(tokens.clone()),
        Ok(Expr::Assign(_)
            | Expr::Binary(_)
            | Expr::Break(_)
            | Expr::Cast(_)
            | Expr::Closure(_)
            | Expr::Let(_)
            | Expr::Range(_)
            | Expr::Reference(_)
            | Expr::Return(_)
            | Expr::Unary(_))
    )
}

/// The kind of an item, and where it says so.
pub(crate) fn kind(item: &[TokenTree]) -> (Kind, Span) {
    let start = skip_visibility(item, skip_attributes(item));
    let span = item.get(start).map_or_else(Span::call_site, TokenTree::span);
    let kind = match qualified(&item[start..]) {
        Some(Word::Fn { constant }) if constant || braces(item).is_none() => Kind::Declared,
        Some(Word::Fn { .. }) => Kind::Function,
        Some(Word::Block) if braces(item).is_some() => Kind::Block,
        _ => Kind::Other,
    };
    (kind, span)
}

/// The braces that an item ends with.
pub(crate) fn braces(item: &[TokenTree]) -> Option<&Group> {
    match item.last() {
        Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Brace => Some(group),
        _ => None,
    }
}

/// The items of a block: each ends with its braces, or with a semicolon.
pub(crate) fn items(mut trees: &[TokenTree]) -> Vec<&[TokenTree]> {
    let mut items = Vec::new();
    while !trees.is_empty() {
        let (item, rest) = trees.split_at(length(trees));
        items.push(item);
        trees = rest;
    }
    items
}

/// How many trees the inner attributes at the beginning are: `#![allow(unused)]`.
pub(crate) fn inner_attributes(trees: &[TokenTree]) -> usize {
    let mut at = 0;
    while let [hash, bang, TokenTree::Group(_), ..] = &trees[at..]
        && is_punct(hash, '#')
        && is_punct(bang, '!')
    {
        at += 3;
    }
    at
}

/// The braces at the user's place, but marked as generated, so that no lint calls a body of one line a
/// needless block.
pub(crate) fn generated(body: &Group) -> Group {
    let mut braces = Group::new(body.delimiter(), body.stream());
    braces.set_span(Span::mixed_site().located_at(body.span()));
    braces
}

/// A name without `r#`.
pub(crate) fn unraw(ident: &Ident) -> String {
    ident.unraw().to_string()
}

pub(crate) fn is_colons(tokens: &[TokenTree]) -> bool {
    match tokens {
        [TokenTree::Punct(first), second, ..] => {
            first.as_char() == ':' && first.spacing() == Spacing::Joint && is_punct(second, ':')
        }
        _ => false,
    }
}

pub(crate) fn is_punct(token: &TokenTree, char: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == char)
}

/// The keyword that tells the kind of an item.
enum Word {
    Fn {
        constant: bool,
    },
    /// `impl`, `trait`, `mod`
    Block,
    /// What ends with a semicolon, and may have braces in its value.
    Value,
}

/// The word behind those that may stand before it.
fn qualified(item: &[TokenTree]) -> Option<Word> {
    let mut constant = false;
    for (at, token) in item.iter().enumerate() {
        match token {
            TokenTree::Ident(word) => match word.to_string().as_str() {
                "fn" => return Some(Word::Fn { constant }),
                "impl" | "trait" | "mod" => return Some(Word::Block),
                "const" if is_ident(item.get(at + 1)) => constant = true,
                "const" | "static" | "type" | "use" => return Some(Word::Value),
                "async" | "unsafe" | "safe" | "extern" | "auto" => {}
                // A macro or a path otherwise.
                "default" if is_ident(item.get(at + 1)) => {}
                _ => return constant.then_some(Word::Value),
            },
            // `extern "C"`
            TokenTree::Literal(_) => {}
            TokenTree::Group(_) | TokenTree::Punct(_) => return None,
        }
    }
    None
}

fn is_ident(token: Option<&TokenTree>) -> bool {
    matches!(token, Some(TokenTree::Ident(_)))
}

/// How many trees the first item is. Braces between angle brackets are a value: `Array<{ N + 1 }>`.
fn length(trees: &[TokenTree]) -> usize {
    let start = skip_visibility(trees, skip_attributes(trees));
    let is_value = matches!(qualified(&trees[start..]), Some(Word::Value));
    let mut depth = 0_usize;
    let mut before = ' ';
    for (at, token) in trees.iter().enumerate().skip(start) {
        let mut this = ' ';
        match token {
            TokenTree::Group(group) => {
                if group.delimiter() == Delimiter::Brace && depth == 0 && !is_value {
                    return at + 1;
                }
            }
            TokenTree::Punct(punct) => {
                this = punct.as_char();
                match this {
                    ';' => return at + 1,
                    '<' if !is_value => depth += 1,
                    // Not that of an arrow.
                    '>' if before != '-' && before != '=' => depth = depth.saturating_sub(1),
                    _ => {}
                }
            }
            TokenTree::Ident(_) | TokenTree::Literal(_) => {}
        }
        before = this;
    }
    trees.len()
}

/// How many trees the outer attributes at the beginning are.
pub(crate) fn skip_attributes(trees: &[TokenTree]) -> usize {
    let mut at = 0;
    while let [hash, TokenTree::Group(_), ..] = &trees[at..]
        && is_punct(hash, '#')
    {
        at += 2;
    }
    at
}

fn skip_visibility(trees: &[TokenTree], at: usize) -> usize {
    match &trees[at..] {
        [TokenTree::Ident(word), TokenTree::Group(within), ..]
            if word == "pub" && within.delimiter() == Delimiter::Parenthesis =>
        {
            at + 2
        }
        [TokenTree::Ident(word), ..] if word == "pub" => at + 1,
        // `$vis:vis`
        [TokenTree::Group(group), ..] if group.delimiter() == Delimiter::None => at + 1,
        _ => at,
    }
}
