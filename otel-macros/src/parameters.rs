//! Which names do the parameters of a function bind?

use proc_macro2::Ident;
use syn::{Attribute, FnArg, Pat, PatIdent, Signature};

/// Each name that the signature binds, but `self`, in order, and the attributes of its parameter.
pub(crate) fn names(sig: &Signature) -> impl Iterator<Item = (Ident, &[Attribute])> {
    let typed = sig.inputs.iter().filter_map(|input| match input {
        FnArg::Receiver(_) => None,
        FnArg::Typed(typed) => Some(typed),
    });
    typed.flat_map(|typed| {
        bindings(&typed.pat).into_iter().map(|pat| (pat.ident.clone(), typed.attrs.as_slice()))
    })
}

/// The `#[cfg]`s among attributes.
pub(crate) fn cfgs(attrs: &[Attribute]) -> Vec<Attribute> {
    attrs.iter().filter(|attr| attr.path().is_ident("cfg")).cloned().collect()
}

/// The names that a pattern binds.
pub(crate) fn bindings(pat: &Pat) -> Vec<&PatIdent> {
    fn all<'a>(pats: impl Iterator<Item = &'a Pat>) -> Vec<&'a PatIdent> {
        pats.flat_map(bindings).collect()
    }
    match pat {
        Pat::Ident(pat) => {
            let inner = pat.subpat.iter().flat_map(|(_, pat)| bindings(pat));
            std::iter::once(pat).chain(inner).collect()
        }
        Pat::Paren(pat) => bindings(&pat.pat),
        Pat::Reference(pat) => bindings(&pat.pat),
        Pat::Slice(pat) => all(pat.elems.iter()),
        Pat::Struct(pat) => all(pat.fields.iter().map(|field| &*field.pat)),
        Pat::Tuple(pat) => all(pat.elems.iter()),
        Pat::TupleStruct(pat) => all(pat.elems.iter()),
        Pat::Type(pat) => bindings(&pat.pat),
        // The same names on each side.
        Pat::Or(pat) => pat.cases.first().map(bindings).unwrap_or_default(),
        _ => Vec::new(),
    }
}

/// Hands on every binding in a pattern, to be changed.
pub(crate) fn each_binding(pat: &mut Pat, change: &mut dyn FnMut(&mut PatIdent)) {
    match pat {
        Pat::Ident(pat) => {
            change(pat);
            if let Some((_, pat)) = &mut pat.subpat {
                each_binding(pat, change);
            }
        }
        Pat::Paren(pat) => each_binding(&mut pat.pat, change),
        Pat::Reference(pat) => each_binding(&mut pat.pat, change),
        Pat::Slice(pat) => pat.elems.iter_mut().for_each(|pat| each_binding(pat, change)),
        Pat::Struct(pat) => {
            pat.fields.iter_mut().for_each(|field| each_binding(&mut field.pat, change));
        }
        Pat::Tuple(pat) => pat.elems.iter_mut().for_each(|pat| each_binding(pat, change)),
        Pat::TupleStruct(pat) => pat.elems.iter_mut().for_each(|pat| each_binding(pat, change)),
        Pat::Type(pat) => each_binding(&mut pat.pat, change),
        Pat::Or(pat) => pat.cases.iter_mut().for_each(|pat| each_binding(pat, change)),
        _ => {}
    }
}
