//! What does a function give back in the end?
//!
//! Known by its name in the signature, as `Result` is: a future or a stream has to be traced after the call.

use std::iter::Peekable;

use proc_macro2::{Group, Ident, Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::punctuated::Punctuated;
use syn::{
    GenericArgument, Path, PathArguments, PathSegment, ReturnType, Signature, Token, Type,
    TypeParamBound,
};

/// What a function returns.
pub(crate) struct Returns {
    pub(crate) shape: Shape,
    /// What a caller gets in the end: of a future, its output; of a stream, nothing.
    pub(crate) result: ReturnType,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// A value, or the future of an `async fn`.
    Value,
    Future(Wrapping),
    Stream(Wrapping),
}

/// How a future or a stream is returned.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wrapping {
    /// `impl Future`
    Bare,
    /// `Pin<Box<impl Future>>`
    Boxed,
    /// `Pin<Box<dyn Future>>`, which may stay as it is.
    Dyn,
}

impl Returns {
    pub(crate) fn of(sig: &Signature) -> Returns {
        let made = match &sig.output {
            ReturnType::Type(arrow, ty) if sig.asyncness.is_none() => {
                made(ty).map(|made| (arrow, made))
            }
            _ => None,
        };
        match made {
            None => Returns { shape: Shape::Value, result: sig.output.clone() },
            Some((_, (shape @ Shape::Stream(_), _))) => {
                Returns { shape, result: ReturnType::Default }
            }
            Some((arrow, (shape, ty))) => {
                Returns { shape, result: ReturnType::Type(*arrow, Box::new(ty)) }
            }
        }
    }
}

/// What a function returns, if it says.
pub(crate) fn output(sig: &Signature) -> Option<&Type> {
    match &sig.output {
        ReturnType::Default => None,
        ReturnType::Type(_, ty) => Some(ty),
    }
}

/// The shape, and the output of a future.
fn made(ty: &Type) -> Option<(Shape, Type)> {
    match ty {
        Type::Paren(paren) => made(&paren.elem),
        Type::Group(group) => made(&group.elem),
        Type::ImplTrait(it) => bounds(&it.bounds, Wrapping::Bare),
        Type::Path(path) => {
            let last = path.path.segments.last()?;
            match last.ident.to_string().as_str() {
                "Pin" => match peeled(argument(&path.path)?) {
                    Type::Path(boxed) if boxed.path.segments.last()?.ident == "Box" => {
                        match peeled(argument(&boxed.path)?) {
                            Type::TraitObject(object) => bounds(&object.bounds, Wrapping::Dyn),
                            Type::ImplTrait(it) => bounds(&it.bounds, Wrapping::Boxed),
                            _ => None,
                        }
                    }
                    _ => None,
                },
                "BoxFuture" | "LocalBoxFuture" => {
                    Some((Shape::Future(Wrapping::Dyn), argument(&path.path)?.clone()))
                }
                "BoxStream" | "LocalBoxStream" => Some((Shape::Stream(Wrapping::Dyn), unknown())),
                _ => None,
            }
        }
        _ => None,
    }
}

/// The bounds that the wrapper of a future or a stream keeps. With any other bound, what is returned is an
/// ordinary value, and the span is that of the call.
const KEPT: [&str; 7] =
    ["FusedFuture", "FusedStream", "RefUnwindSafe", "Send", "Sync", "Unpin", "UnwindSafe"];

fn bounds(
    bounds: &Punctuated<TypeParamBound, Token![+]>,
    wrapping: Wrapping,
) -> Option<(Shape, Type)> {
    let mut found = None;
    for bound in bounds {
        let TypeParamBound::Trait(bound) = bound else { continue };
        let last = bound.path.segments.last()?;
        // Without the associated type, it is another trait of the same name.
        found = match last.ident.to_string().as_str() {
            "Future" => Some((Shape::Future(wrapping), associated(last, "Output")?.clone())),
            "Stream" => associated(last, "Item").map(|_| (Shape::Stream(wrapping), unknown())),
            kept if KEPT.contains(&kept) => found,
            _ => return None,
        };
    }
    found
}

/// `Cart` of `Future<Output = Cart>`
fn associated<'a>(segment: &'a PathSegment, name: &str) -> Option<&'a Type> {
    let PathArguments::AngleBracketed(arguments) = &segment.arguments else { return None };
    arguments.args.iter().find_map(|argument| match argument {
        GenericArgument::AssocType(assoc) if assoc.ident == name => Some(&assoc.ty),
        _ => None,
    })
}

/// The first type between the angle brackets.
fn argument(path: &Path) -> Option<&Type> {
    let PathArguments::AngleBracketed(arguments) = &path.segments.last()?.arguments else {
        return None;
    };
    arguments.args.iter().find_map(|argument| match argument {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    })
}

/// The type without the parentheses around it.
pub(crate) fn peeled(ty: &Type) -> &Type {
    match ty {
        Type::Paren(paren) => peeled(&paren.elem),
        Type::Group(group) => peeled(&group.elem),
        ty => ty,
    }
}

/// Whether a type contains `impl`, so that only inference knows it.
pub(crate) fn is_opaque(ty: &Type) -> bool {
    has_word(ty.to_token_stream(), &|word| word == "impl")
}

/// Whether a type is that of a closure, such as `impl Fn(&str)`, which tells the closure its parameters.
pub(crate) fn is_callable(ty: &Type) -> bool {
    const CALLS: [&str; 6] = ["Fn", "FnMut", "FnOnce", "AsyncFn", "AsyncFnMut", "AsyncFnOnce"];
    is_opaque(ty) && has_word(ty.to_token_stream(), &|word| CALLS.iter().any(|call| word == call))
}

/// Whether any of these words is among the tokens.
pub(crate) fn has_word(tokens: TokenStream, is: &dyn Fn(&Ident) -> bool) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(word) => is(&word),
        TokenTree::Group(group) => has_word(group.stream(), is),
        TokenTree::Punct(_) | TokenTree::Literal(_) => false,
    })
}

/// `Result<impl Read, E>` → `Result<_, E>`: outside a signature only inference knows the type.
pub(crate) fn inferred(tokens: TokenStream) -> TokenStream {
    let mut inferred = TokenStream::new();
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Ident(word) if word == "impl" => {
                inferred.extend([TokenTree::Ident(Ident::new("_", word.span()))]);
                skip_bounds(&mut tokens);
            }
            TokenTree::Group(group) => {
                let mut other = Group::new(group.delimiter(), self::inferred(group.stream()));
                other.set_span(group.span());
                inferred.extend([TokenTree::Group(other)]);
            }
            token => inferred.extend([token]),
        }
    }
    inferred
}

/// Skips to what ends the bounds of an `impl`: a comma, or the end of a list.
fn skip_bounds(tokens: &mut Peekable<impl Iterator<Item = TokenTree>>) {
    let mut depth = 0_usize;
    let mut arrow = false;
    while let Some(token) = tokens.peek() {
        if let TokenTree::Punct(punct) = token {
            match punct.as_char() {
                '<' => depth += 1,
                '>' if arrow => {}
                '>' if depth > 0 => depth -= 1,
                '>' | ',' | ';' if depth == 0 => return,
                _ => {}
            }
            arrow = punct.as_char() == '-';
        }
        tokens.next();
    }
}

fn unknown() -> Type {
    let underscore_token = Token![_](Span::mixed_site());
    Type::Infer(syn::TypeInfer { attrs: Vec::new(), underscore_token })
}
