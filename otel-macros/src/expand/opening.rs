//! What is written to begin a span?

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::spanned::Spanned;
use syn::{Expr, ExprBlock, ExprReference, Token};

use super::spans::{at, private, site};
use crate::args::{Extracted, Form, Name, Parent, Safe};
use crate::plan::{Plan, PlannedAttr};

/// The statement that begins the span of a call, if the filter lets it have one.
///
/// ```text
/// if !__OTEL_CALLSITE.is_off() {
///     if let Some(__otel_start) = __otel_span.begin(&__OTEL_CALLSITE) {
///         __otel_start.value("user_id", &user_id);
///     }
///     __otel_span.enter();
/// }
/// ```
pub(super) fn enter(plan: &Plan) -> TokenStream {
    let begin = begun(plan, ["open", "begin", "enter"]);
    quote_spanned! {site()=>
        if !__OTEL_CALLSITE.is_off() {
            #begin
        }
    }
}

/// The same for a future, inside its first poll.
pub(super) fn poll(plan: &Plan) -> TokenStream {
    let private = private(plan);
    let begin = begun(plan, ["open_future", "begin_future", "poll"]);
    quote_spanned! {site()=>
        if !__OTEL_CALLSITE.is_off() {
            let mut __otel_span = #private::Span::none();
            #begin
        }
    }
}

/// Opens the span; or, with attributes or links, begins it, sets them, and enters it.
fn begun(plan: &Plan, [open, begin, enter]: [&str; 3]) -> TokenStream {
    let [open, begin, enter] = [open, begin, enter].map(|name| Ident::new(name, site()));
    let settings = settings(plan);
    if settings.is_empty() {
        return quote_spanned!(site()=> __otel_span.#open(&__OTEL_CALLSITE););
    }
    quote_spanned! {site()=>
        if let ::core::option::Option::Some(__otel_start) = __otel_span.#begin(&__OTEL_CALLSITE) {
            #settings
        }
        __otel_span.#enter();
    }
}

/// The statements that tell `__otel_start` name, place, links and attributes, before the sampler is asked.
///
/// ```text
/// __otel_start.value("user_id", &user_id);
/// ```
pub(super) fn settings(plan: &Plan) -> TokenStream {
    let name = match &plan.args.name {
        Some(Name::Computed(name)) => Some(if is_place(name) {
            set(name, &quote_spanned!(at(name.span())=> name_of(&#name)))
        } else {
            // The conversion into a string may be the user's code, and panic.
            attempt(name, &quote_spanned!(at(name.span())=> name(#name)))
        }),
        Some(Name::Literal(_)) | None => None,
    };
    let links = plan.args.links.iter().flat_map(|links| &links.0).map(|link| {
        let value = match link {
            place if is_place(place) => reference(place).into_token_stream(),
            // `links({ variable })`: the linter would call the braces needless.
            Expr::Block(ExprBlock { attrs, label: None, block }) if attrs.is_empty() => {
                let stmts = &block.stmts;
                quote_spanned!(at(link.span())=> { #(#stmts)* })
            }
            link => link.into_token_stream(),
        };
        set(link, &quote_spanned!(at(link.span())=> link(#value)))
    });
    let attrs = plan.attrs.iter().map(|attr| attribute(plan, attr, method));
    let rest = quote_spanned!(site()=> #name #(#links)* #(#attrs)*);
    let parent = match &plan.args.parent {
        None | Some(Parent::Current) => None,
        Some(Parent::Root) => Some(quote_spanned!(site()=> __otel_start.root();)),
        Some(Parent::Extracted(extracted)) => {
            let parent = extracted_parent(plan, extracted);
            let values: Vec<&Expr> = extracted.values().collect();
            Some(under(&values, &parent))
        }
        Some(Parent::Given(parent)) => {
            let reference = reference(parent);
            Some(under(&[parent], &quote_spanned!(at(parent.span())=> #reference)))
        }
    };
    let scoped = scoped(plan);
    // With any of them, there may be a context and no span.
    let rest = if parent.is_some() || scoped.is_some() { unless_unseen(&rest) } else { rest };
    quote_spanned!(site()=> #parent #rest #scoped)
}

/// The attributes of every span inside, unless none of those could be recorded.
fn scoped(plan: &Plan) -> Option<TokenStream> {
    let attrs = plan.scoped.iter().map(|attr| attribute(plan, attr, scoped_method));
    (!plan.scoped.is_empty())
        .then(|| quote_spanned!(site()=> if __otel_start.is_wanted_inside() { #(#attrs)* }))
}

/// `&extract(&carrier)`
fn extracted_parent(plan: &Plan, Extracted { carrier, trust }: &Extracted) -> TokenStream {
    let private = private(plan);
    let reference = reference(carrier);
    match trust {
        None => quote_spanned!(at(carrier.span())=> &#private::extract(#reference)),
        Some(trust) => quote_spanned!(at(carrier.span())=> &#private::received(#reference, #trust)),
    }
}

/// Sets `parent`, which is computed from `values`.
fn under(values: &[&Expr], parent: &TokenStream) -> TokenStream {
    let here = at(values.first().map_or_else(site, Spanned::span));
    let call = quote_spanned!(here=> parent(#parent));
    match values.iter().find(|value| !is_name(value)) {
        None => quote_spanned!(here=> __otel_start.#call;),
        Some(value) => attempt(value, &call),
    }
}

/// What is set on the span, if it could be recorded where it hangs.
fn unless_unseen(rest: &TokenStream) -> TokenStream {
    if rest.is_empty() {
        TokenStream::new()
    } else {
        quote_spanned!(site()=> if __otel_start.is_wanted() { #rest })
    }
}

/// One attribute, set by a method of `__otel_start`.
fn attribute(
    plan: &Plan,
    attr: &PlannedAttr,
    method: fn(&PlannedAttr, Span) -> TokenStream,
) -> TokenStream {
    let private = private(plan);
    let PlannedAttr { cfgs, key, form: _, safe, value, names } = attr;
    // If the value's type is wrong, the compiler has to point at the value.
    let here = at(value.span());
    let method = method(attr, here);
    let reference = reference(value);
    let count = safe.as_ref().and_then(Safe::count).map(|count| quote_spanned!(here=> , #count));
    let call = quote_spanned!(here=> #method(#key, #reference #count));
    // How much stays may be computed, too.
    let set = if count.is_some() { attempt(value, &call) } else { set(value, &call) };
    if names.is_empty() {
        return quote_spanned!(site()=> #(#cfgs)* #set);
    }
    quote_spanned! {site()=>
        #(#cfgs)*
        if const { !#private::is_pii(&[#(#names),*], ::core::option_env!("OTEL_TRACED_PII")) } {
            #set
        }
    }
}

fn method(attr: &PlannedAttr, here: Span) -> TokenStream {
    match (&attr.safe, &attr.form) {
        (Some(safe), _) => safe_form(safe, here).into_token_stream(),
        (None, Form::Typed) => quote_spanned!(here=> value),
        (None, Form::Display) => quote_spanned!(here=> display),
        (None, Form::Debug) => quote_spanned!(here=> debug),
    }
}

fn scoped_method(attr: &PlannedAttr, here: Span) -> TokenStream {
    match (&attr.safe, &attr.form) {
        (Some(safe), _) => {
            let form = Ident::new(&format!("scoped_{}", safe_form(safe, here)), here);
            quote_spanned!(here=> #form)
        }
        (None, Form::Typed) => quote_spanned!(here=> scoped_value),
        (None, Form::Display) => quote_spanned!(here=> scoped_display),
        (None, Form::Debug) => quote_spanned!(here=> scoped_debug),
    }
}

fn safe_form(safe: &Safe, here: Span) -> Ident {
    let name = match safe {
        Safe::Hash => "hash",
        Safe::Mask(None) => "mask",
        Safe::Mask(Some(_)) => "mask_all_but_last",
        Safe::Truncate(_) => "truncate",
    };
    Ident::new(name, here)
}

/// A call of a method of `__otel_start`. If evaluating `expression` may panic, the panic is caught, so that the
/// user's function goes on.
fn set(expression: &Expr, call: &TokenStream) -> TokenStream {
    if is_name(expression) {
        let here = at(expression.span());
        return quote_spanned!(here=> __otel_start.#call;);
    }
    attempt(expression, call)
}

fn attempt(expression: &Expr, call: &TokenStream) -> TokenStream {
    let here = at(expression.span());
    quote_spanned!(here=> __otel_start.attempt(|__otel_start| { __otel_start.#call; });)
}

/// Whether a reference to the value is enough, and no code runs to evaluate it.
fn is_name(value: &Expr) -> bool {
    match value {
        Expr::Path(_) | Expr::Lit(_) => true,
        Expr::Reference(reference) => is_name(&reference.expr),
        Expr::Paren(paren) => is_name(&paren.expr),
        _ => false,
    }
}

/// Whether it is a variable or a part of one: it is borrowed, since the body still needs it.
fn is_place(value: &Expr) -> bool {
    match value {
        // A constant, in capitals, is a new value each time.
        Expr::Path(path) => path.path.get_ident().is_some_and(|ident| {
            ident.to_string().trim_start_matches("r#").starts_with(|c: char| !c.is_uppercase())
        }),
        Expr::Field(field) => is_place(&field.base),
        Expr::Index(index) => is_place(&index.expr),
        Expr::Paren(paren) => is_place(&paren.expr),
        Expr::Unary(unary) => matches!(unary.op, syn::UnOp::Deref(_)) && is_place(&unary.expr),
        _ => false,
    }
}

/// `&value`
fn reference(value: &Expr) -> Expr {
    Expr::Reference(ExprReference {
        attrs: Vec::new(),
        and_token: Token![&](at(value.span())),
        mutability: None,
        expr: Box::new(value.clone()),
    })
}
