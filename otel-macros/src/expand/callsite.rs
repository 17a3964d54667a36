//! What is written for the facts about a function that are known before it is called?

use proc_macro2::{Literal, TokenStream};
use quote::quote_spanned;
use syn::spanned::Spanned;

use super::spans::{at, private, site};
use crate::args::{Fold, Kind, Level, MinDuration, Name, Parent, Sample, Scope};
use crate::plan::{Plan, PlannedAttr};

/// The `static` of this function.
pub(super) fn expand(plan: &Plan) -> TokenStream {
    let private = private(plan);
    // The location of a span is that of these tokens, so they get the place of the function's name.
    let here = plan.function.sig.ident.span();
    let location = quote_spanned!(here=> ::core::panic::Location::caller());
    let (package, version) = package();
    // All in one call: each call of a builder would copy the whole `Callsite`.
    let attributes = Literal::usize_unsuffixed(plan.attrs.len());
    let name = match &plan.args.name {
        Some(Name::Literal(name)) => Some(quote_spanned!(site()=> .name(#name))),
        Some(Name::Computed(_)) | None => None,
    };
    let kind = plan
        .args
        .kind
        .as_ref()
        .map(|Kind(kind)| quote_spanned!(site()=> .kind(#private::SpanKind::#kind)));
    let level = plan
        .args
        .level
        .as_ref()
        .map(|Level(level)| quote_spanned!(site()=> .level(#private::Level::#level)));
    let min_duration = plan.args.min_duration.as_ref().map(|MinDuration(nanoseconds)| {
        let nanoseconds = Literal::u64_unsuffixed(*nanoseconds);
        quote_spanned!(site()=> .min_duration(#nanoseconds))
    });
    // At the place of the share, where the compiler says what is wrong with it.
    let sample = plan.args.sample.as_ref().map(|Sample(share)| {
        let sample = quote_spanned!(at(share.span())=> sample);
        quote_spanned!(site()=> .#sample(#share))
    });
    let fold = plan.args.fold.as_ref().map(|Fold(first)| {
        let first = Literal::u32_unsuffixed(*first);
        quote_spanned!(site()=> .fold(#first))
    });
    let scope =
        plan.args.scope.as_ref().map(|Scope(scope)| quote_spanned!(site()=> .scope(#scope)));
    let elsewhere =
        matches!(plan.args.parent, Some(Parent::Root | Parent::Extracted(_) | Parent::Given(_)))
            .then(|| quote_spanned!(site()=> .hangs_elsewhere()));
    let scoped = (!plan.scoped.is_empty()).then(|| quote_spanned!(site()=> .scoped()));
    let skip_pii = plan.skip_pii.then(|| {
        let attrs = plan.attrs.iter().chain(&plan.scoped);
        let attrs = attrs.map(|PlannedAttr { cfgs, key, names, .. }| {
            quote_spanned!(site()=> #(#cfgs)* (#key, &[#(#names),*]))
        });
        quote_spanned!(site()=> .skip_pii(&[#(#attrs),*], ::core::option_env!("OTEL_TRACED_PII")))
    });
    quote_spanned! {site()=>
        static __OTEL_CALLSITE: #private::Callsite = #private::Callsite::new(
            #private::here(&|| ()),
            #location,
            #package,
            #version,
            #attributes,
        ) #name #kind #level #min_duration #fold #sample #scope #elsewhere #scoped #skip_pii;
    }
}

/// The name and version of the package that Cargo compiles; nothing without Cargo.
fn package() -> (String, String) {
    // In the golden files the version is always the same.
    if cfg!(test) {
        return ("shop".to_owned(), "1.2.3".to_owned());
    }
    let variable = |name| std::env::var(name).unwrap_or_default();
    (variable("CARGO_PKG_NAME"), variable("CARGO_PKG_VERSION"))
}
