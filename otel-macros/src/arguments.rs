//! How does a body that moves elsewhere keep its arguments?
//!
//! They have to live and die as they do without the attribute: in the same order, at the same time,
//! and with the same warning about one that is never used.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote_spanned};
use syn::{Attribute, FnArg, Pat, Signature, Token};

/// An argument that the body owns.
pub(crate) struct Argument {
    /// The `#[cfg]`s that it stands under.
    pub(crate) cfgs: Vec<Attribute>,
    /// Its name in the signature.
    pub(crate) ident: Ident,
    pub(crate) role: Role,
}

pub(crate) enum Role {
    /// Somebody names it, or nobody has to: `self`, `_`.
    Captured,
    /// It has a name that nobody uses, which the compiler is to say.
    Unused,
    /// It is bound once more, at the beginning of the body, and taken apart by a pattern.
    Bound(Option<Pat>),
}

/// Gives every argument of `sig` a name to own it by. `read` is all that may name one.
///
/// Where a pattern takes an argument apart, all of them are bound again in order, which is what the
/// compiler does with those of every `async fn`. Where none does, that would only make a future
/// larger.
pub(crate) fn own(sig: &mut Signature, read: &TokenStream) -> Vec<Argument> {
    let bind = sig.inputs.iter().any(takes_apart);
    let inputs = sig.inputs.iter_mut().enumerate();
    inputs
        .map(|(index, input)| match input {
            FnArg::Receiver(receiver) => Argument {
                cfgs: cfgs(&receiver.attrs),
                ident: Ident::new("self", receiver.self_token.span),
                role: Role::Captured,
            },
            FnArg::Typed(typed) => {
                let name = format_ident!("__otel_arg{index}", span = Span::mixed_site());
                let (ident, role) = own_one(&mut typed.pat, name, bind, read);
                Argument { cfgs: cfgs(&typed.attrs), ident, role }
            }
        })
        .collect()
}

fn own_one(pat: &mut Pat, name: Ident, bind: bool, read: &TokenStream) -> (Ident, Role) {
    let mut bound = bind;
    if let Pat::Ident(pat) = pat {
        let used = mentions(read, &pat.ident);
        // To name a `_spare` argument would be to use it.
        let spare = !used && pat.ident.to_string().starts_with('_');
        if !bind && !spare {
            return (pat.ident.clone(), if used { Role::Captured } else { Role::Unused });
        }
        bound &= !spare;
    }
    let generated = syn::PatIdent {
        attrs: Vec::new(),
        by_ref: None,
        mutability: None,
        ident: name.clone(),
        subpat: None,
    };
    let pat = std::mem::replace(pat, Pat::Ident(generated));
    let role = match (bind, bound) {
        (false, _) => Role::Captured,
        (true, true) => Role::Bound(Some(pat)),
        (true, false) => Role::Bound(None),
    };
    (name, role)
}

/// The names that a pattern binds.
pub(crate) fn bindings(pat: &Pat) -> Vec<Ident> {
    let all = |pats: &mut dyn Iterator<Item = &Pat>| pats.flat_map(bindings).collect();
    match pat {
        Pat::Ident(pat) => {
            let inner = pat.subpat.iter().flat_map(|(_, pat)| bindings(pat));
            std::iter::once(pat.ident.clone()).chain(inner).collect()
        }
        Pat::Paren(pat) => bindings(&pat.pat),
        Pat::Reference(pat) => bindings(&pat.pat),
        Pat::Slice(pat) => all(&mut pat.elems.iter()),
        Pat::Struct(pat) => all(&mut pat.fields.iter().map(|field| &*field.pat)),
        Pat::Tuple(pat) => all(&mut pat.elems.iter()),
        Pat::TupleStruct(pat) => all(&mut pat.elems.iter()),
        Pat::Type(pat) => bindings(&pat.pat),
        // The same names on each side.
        Pat::Or(pat) => pat.cases.first().map(bindings).unwrap_or_default(),
        _ => Vec::new(),
    }
}

/// Whether an argument is more than a name or `_`.
fn takes_apart(input: &FnArg) -> bool {
    let FnArg::Typed(typed) = input else { return false };
    match &*typed.pat {
        Pat::Ident(pat) => pat.by_ref.is_some() || pat.subpat.is_some(),
        Pat::Wild(_) => false,
        _ => true,
    }
}

/// The statements by which a closure or a future comes to own `arguments`.
///
/// A closure drops what it owns in the order in which its body first names it, so a statement that
/// never runs names the arguments in the order in which a function drops them: the last one first.
/// `hint`, if any, is a statement that never runs either.
pub(crate) fn keep(arguments: &[Argument], hint: Option<&TokenStream>) -> TokenStream {
    let site = Span::mixed_site();
    let captures = arguments.iter().rev().map(|Argument { cfgs, ident, role }| match role {
        Role::Captured | Role::Bound(_) => quote_spanned!(site=> #(#cfgs)* let _ = &#ident;),
        // With the user's span the compiler warns about the user's variable.
        Role::Unused => quote_spanned!(site=> #(#cfgs)* let #ident = #ident;),
    });
    let bindings = arguments.iter().map(|Argument { cfgs, ident, role }| match role {
        Role::Bound(pat) => {
            // `ref mut` borrows from it. A `mut` too many in an expansion is not warned about.
            let by_ref = |pat: &Pat| mentions(&pat.to_token_stream(), &Ident::new("ref", site));
            let mutability = pat.as_ref().is_some_and(by_ref).then(|| Token![mut](site));
            let pat = pat.as_ref().map(|pat| quote_spanned!(site=> #(#cfgs)* let #pat = #ident;));
            quote_spanned!(site=> #(#cfgs)* let #mutability #ident = #ident; #pat)
        }
        Role::Captured | Role::Unused => TokenStream::new(),
    });
    let bindings = quote_spanned!(site=> #(#bindings)*);
    let never = quote_spanned!(site=> #(#captures)* #hint);
    if never.is_empty() { bindings } else { quote_spanned!(site=> if false { #never } #bindings) }
}

pub(crate) fn cfgs(attrs: &[Attribute]) -> Vec<Attribute> {
    attrs.iter().filter(|attr| attr.path().is_ident("cfg")).cloned().collect()
}

/// Whether `tokens` name `ident`, in a format string included: `"{ident}"`.
fn mentions(tokens: &TokenStream, ident: &Ident) -> bool {
    let captured = format!("{{{ident}");
    tokens.clone().into_iter().any(|token| match token {
        TokenTree::Ident(other) => other == *ident,
        TokenTree::Literal(literal) => literal.to_string().contains(&captured),
        TokenTree::Group(group) => mentions(&group.stream(), ident),
        TokenTree::Punct(_) => false,
    })
}
