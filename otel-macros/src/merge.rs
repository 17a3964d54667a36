//! What does a block's attribute say of one of the functions in it?

use proc_macro2::{Ident, Span};
use quote::ToTokens;
use syn::{Expr, Signature};

use crate::args::{Args, Links, Name, Parent, Scoped};
use crate::inspection::is_called_result;
use crate::mentions::Mentions;
use crate::parameters;
use crate::returns::{Returns, Shape};
use crate::tokens::unraw;

impl Args {
    /// The block's arguments for the function with this signature. An argument that this function cannot have is
    /// left out, and no mistake: it is meant for others.
    pub(crate) fn about(&self, sig: &Signature) -> Args {
        let Returns { shape, result } = Returns::of(sig);
        let mut args = self.clone();
        if !is_called_result(&result) {
            args.err = None;
        }
        if let syn::ReturnType::Default = result {
            args.ret = None;
        }
        if let Shape::Stream(_) = shape {
            args.judge = None;
        }
        if args.judge.is_none() && !is_called_result(&result) {
            args.error_type = None;
        }
        if sig.receiver().is_none() {
            args.without_self();
        }
        if sig.asyncness.is_none() {
            args.timings = None;
        }
        if let Some(skip) = &mut args.skip {
            let known: Vec<_> = parameters::names(sig).map(|(name, _)| unraw(&name)).collect();
            skip.names.retain(|name| known.contains(&unraw(name)));
            if skip.names.is_empty() {
                args.skip = None;
            }
        }
        args
    }

    /// The arguments without those that name `self`.
    fn without_self(&mut self) {
        let has_self = |value: &Expr| {
            Mentions::of(value.to_token_stream()).reads(&Ident::new("self", Span::call_site()))
        };
        if let Some(attrs) = &mut self.attrs {
            attrs.listed.retain(|attr| !has_self(&attr.value));
        }
        if let Some(Scoped(scoped)) = &mut self.scoped {
            scoped.retain(|attr| !has_self(&attr.value));
        }
        if let Some(Links(links)) = &mut self.links {
            links.retain(|link| !has_self(link));
        }
        self.name.take_if(|name| matches!(name, Name::Computed(name) if has_self(name)));
        self.parent.take_if(|parent| match parent {
            Parent::Given(parent) => has_self(parent),
            Parent::Extracted(extracted) => extracted.values().any(has_self),
            Parent::Current | Parent::Root => false,
        });
    }
}
