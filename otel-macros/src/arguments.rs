//! How does a body that moves elsewhere keep its arguments?
//!
//! They have to live and die as they do without the attribute: in the same order, at the same time,
//! and with the same warning about one that is never used.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote_spanned};
use syn::punctuated::Punctuated;
use syn::{
    Attribute, FnArg, Pat, PatIdent, PatType, ReceiverKind, Token, Type, parse_quote_spanned,
};

use crate::item::Function;
use crate::mentions::Mentions;
use crate::parameters::{bindings, cfgs, each_binding};

/// An argument, or a part of one, that the body owns.
pub(crate) struct Argument {
    /// The `#[cfg]`s that it stands under, and what the user says of lints about it.
    attrs: Vec<Attribute>,
    /// Its name in front of the body.
    ident: Ident,
    role: Role,
}

enum Role {
    /// It is used, or needs no use: `self`, `_spare`.
    Captured,
    /// Like `Captured`, and the body changes a part of it.
    Changed,
    /// Nobody uses its name, and the compiler should warn so.
    Unused,
    /// It is bound again, by a `let` at the beginning of the body.
    Bound(Box<Pat>),
}

/// Where a body moves.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Into {
    /// A closure that is called on the spot.
    Closure,
    /// A future, which outlives the call.
    Future,
}

/// Makes sure that each argument of `sig` has a name to own it by.
///
/// An argument that has a name keeps it, for other attributes and for the docs. An argument without one,
/// such as `_`, and the parts that a pattern does not bind, have to be dropped with the body. So such an
/// argument gets a name and is taken apart inside, and all are bound again in order, as the compiler does in
/// every `async fn`. If there is no such argument, that is left out, as it would make a future larger.
pub(crate) fn own(function: &mut Function, into: Into, mentions: &Mentions) -> Vec<Argument> {
    // Another attribute would take the two forms for the docs and the compiler for two arguments.
    let documents = !function.rewritten;
    let sig = &mut function.sig;
    let leaving: Vec<bool> = sig
        .inputs
        .iter()
        .enumerate()
        .map(|(index, input)| match input {
            FnArg::Typed(typed) => match into {
                // The rest of the first argument is dropped last in any case.
                Into::Closure => index > 0 && dies(&typed.ty) && leaves(&typed.pat),
                Into::Future => dies(&typed.ty) && leaves(&typed.pat) || borrows(&typed.pat),
            },
            FnArg::Receiver(_) => false,
        })
        .collect();
    let bind = leaving.contains(&true);
    let mut arguments = Vec::new();
    let mut shown = Vec::new();
    // The compiler warns that a value assigned to `self` is never read only if a closure has captured `self`.
    // That warning has to be allowed, since `self` cannot be bound again.
    let mut allowed: Vec<Attribute> = Vec::new();
    for (index, input) in sig.inputs.iter_mut().enumerate() {
        match input {
            FnArg::Receiver(receiver) if matches!(receiver.kind, ReceiverKind::Reference(..)) => {}
            FnArg::Receiver(receiver) => {
                let ident = Ident::new("self", receiver.self_token.span);
                if receiver.mutability.is_some() && mentions.writes(&ident) {
                    let site = Span::mixed_site();
                    allowed.push(parse_quote_spanned!(site=> #[allow(unused_assignments)]));
                }
                arguments.push(Argument {
                    attrs: cfgs(&receiver.attrs),
                    ident,
                    role: Role::Captured,
                });
            }
            FnArg::Typed(typed) if leaving[index] => {
                let ident = format_ident!("__otel_arg{index}", span = Span::mixed_site());
                if documents {
                    shown.push((index, shown_in_docs(typed)));
                }
                let name = parse_quote_spanned!(ident.span()=> #ident);
                let pat = std::mem::replace(&mut *typed.pat, name);
                let role = Role::Bound(Box::new(pat));
                arguments.push(Argument { attrs: take_attrs(typed), ident, role });
            }
            FnArg::Typed(typed) => own_names(typed, bind, mentions, &mut arguments),
        }
    }
    for (before, (index, argument)) in shown.into_iter().enumerate() {
        sig.inputs.insert(before + index, argument);
    }
    function.attrs.extend(allowed);
    arguments
}

/// The argument as the user wrote it, for rustdoc only; the compiler gets the changed one.
fn shown_in_docs(typed: &mut PatType) -> FnArg {
    let mut shown = typed.clone();
    let site = Span::mixed_site();
    shown.attrs.push(parse_quote_spanned!(site=> #[cfg(doc)]));
    typed.attrs.push(parse_quote_spanned!(site=> #[cfg(not(doc))]));
    FnArg::Typed(shown)
}

/// Owns an argument by the names that are there.
fn own_names(typed: &mut PatType, bind: bool, mentions: &Mentions, arguments: &mut Vec<Argument>) {
    let dies = dies(&typed.ty);
    let names: Vec<PatIdent> = bindings(&typed.pat).into_iter().cloned().collect();
    let mut bound = Vec::new();
    for pat in names {
        let ident = pat.ident.clone();
        let used = mentions.reads(&ident) || ident.to_string().starts_with('_');
        let role = if !used && mentions.writes(&ident) || bind && dies {
            bound.push(ident.clone());
            Role::Bound(Box::new(Pat::Ident(pat)))
        } else if pat.mutability.is_some() && mentions.changes(&ident) {
            Role::Changed
        } else if !dies {
            // Dropping it has no effect, so it may stay outside of the body.
            continue;
        } else if used {
            Role::Captured
        } else {
            Role::Unused
        };
        let attrs = match &role {
            Role::Captured | Role::Changed => cfgs(&typed.attrs),
            Role::Unused | Role::Bound(_) => take_attrs(typed),
        };
        arguments.push(Argument { attrs, ident, role });
    }
    // The second binding, inside the body, is the one that may be `mut`.
    each_binding(&mut typed.pat, &mut |pat| {
        if bound.contains(&pat.ident) {
            pat.mutability = None;
        }
    });
}

/// The attributes of a variable, which apply wherever it is bound. An `#[expect(unused)]` is removed from the
/// parameter, since the expansion uses that.
fn take_attrs(typed: &mut PatType) -> Vec<Attribute> {
    let is_of_lint = |attr: &Attribute| {
        let known = ["allow", "cfg", "deny", "expect", "forbid", "warn"];
        known.iter().any(|known| attr.path().is_ident(known))
    };
    let attrs = typed.attrs.iter().filter(|attr| is_of_lint(attr)).cloned().collect();
    typed.attrs.retain(|attr| {
        let text = attr.meta.to_token_stream().to_string();
        !(attr.path().is_ident("expect") && text.contains("unused"))
    });
    attrs
}

/// Whether dropping a value of this type may have an effect.
fn dies(ty: &Type) -> bool {
    const PRIMITIVE: [&str; 17] = [
        "bool", "char", "f32", "f64", "i8", "i16", "i32", "i64", "i128", "isize", "str", "u8",
        "u16", "u32", "u64", "u128", "usize",
    ];
    match ty {
        Type::Reference(_) | Type::Ptr(_) => false,
        Type::Paren(paren) => dies(&paren.elem),
        Type::Tuple(tuple) => tuple.elems.iter().any(dies),
        Type::Path(path) => {
            !path.path.get_ident().is_some_and(|ident| PRIMITIVE.iter().any(|it| ident == it))
        }
        _ => true,
    }
}

/// Whether a pattern may leave a part of an argument where it is.
fn leaves(pat: &Pat) -> bool {
    let any = |pats: &Punctuated<Pat, Token![,]>| pats.iter().any(leaves);
    match pat {
        Pat::Ident(pat) => pat.by_ref.is_some() || pat.subpat.is_some(),
        Pat::Paren(pat) => leaves(&pat.pat),
        // Dropping a reference does nothing.
        Pat::Reference(_) => false,
        Pat::Struct(pat) => {
            pat.rest.is_some()
                || pat.fields.is_empty()
                || pat.fields.iter().any(|it| leaves(&it.pat))
        }
        Pat::Tuple(pat) => any(&pat.elems),
        Pat::TupleStruct(pat) => pat.elems.is_empty() || any(&pat.elems),
        _ => true,
    }
}

/// Whether a pattern borrows from an argument, which then has to live in the body, where the borrow is.
fn borrows(pat: &Pat) -> bool {
    bindings(pat).iter().any(|pat| pat.by_ref.is_some())
}

/// The statements by which a closure or a future comes to own `arguments`.
///
/// A closure drops what it owns in the order in which its body first names it, so a statement that
/// never runs names the arguments in the order in which a function drops them: the last one first.
/// `hint`, if any, is a statement that never runs either.
///
/// The compiler would warn that a value assigned to a part of a captured argument is never read, though `drop`
/// sees it. It does not warn if the closure itself drops the argument, as before an assignment.
pub(crate) fn keep(
    arguments: &[Argument],
    private: &TokenStream,
    hint: Option<&TokenStream>,
) -> TokenStream {
    let site = Span::mixed_site();
    let captures = arguments.iter().rev().map(|Argument { attrs, ident, role }| match role {
        // With the user's span, a warning points at the user's variable.
        Role::Unused => quote_spanned!(site=> #(#attrs)* let #ident = &#ident;),
        Role::Captured | Role::Bound(_) => {
            let cfgs = cfgs(attrs);
            let allowed = allowed(ident);
            quote_spanned!(site=> #(#cfgs)* #allowed let _ = &#ident;)
        }
        Role::Changed => {
            let cfgs = cfgs(attrs);
            quote_spanned!(site=> #(#cfgs)* { #ident = #private::hint(); let _ = &#ident; })
        }
    });
    let bindings = arguments.iter().map(|Argument { attrs, ident, role }| match role {
        Role::Bound(pat) => match &**pat {
            Pat::Ident(PatIdent { ident: name, by_ref: None, subpat: None, .. })
                if name == ident =>
            {
                let allowed = allowed(ident);
                quote_spanned!(site=> #(#attrs)* #allowed let #pat = #ident;)
            }
            pat => {
                // `ref mut` borrows from it. A `mut` too many in an expansion is not warned about.
                let mutability = borrows(pat).then(|| Token![mut](site));
                let cfgs = cfgs(attrs);
                quote_spanned! {site=>
                    #(#cfgs)* let #mutability #ident = #ident;
                    #(#attrs)* let #pat = #ident;
                }
            }
        },
        Role::Captured | Role::Changed | Role::Unused => TokenStream::new(),
    });
    let bindings = quote_spanned!(site=> #(#bindings)*);
    let never = quote_spanned!(site=> #(#captures)* #hint);
    if never.is_empty() { bindings } else { quote_spanned!(site=> if false { #never } #bindings) }
}

/// Allows the lint against using a `_spare` argument: the expansion uses it, not the user.
pub(crate) fn allowed(ident: &Ident) -> Option<TokenStream> {
    let site = Span::mixed_site();
    let name = ident.to_string();
    (name.starts_with('_') && !name.starts_with("__"))
        .then(|| quote_spanned!(site=> #[allow(clippy::used_underscore_binding)]))
}
