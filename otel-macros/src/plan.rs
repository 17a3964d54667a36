//! What will this function's instrumentation do?
//!
//! Every decision is made here and every conflict rejected, so that a plan can be carried out.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::spanned::Spanned;
use syn::{Attribute, Expr, LitStr, Path, ReturnType, Signature, Token};

use crate::args::{Args, Judge, Name, Parent};
use crate::arguments::{self, Argument, Into};
use crate::attrs::{Attr, Form};
use crate::carry;
use crate::errors::Errors;
use crate::expand::nested::nests;
use crate::inspection::{Inspection, Outcome};
use crate::item::Function;
use crate::listed;
use crate::mentions::Mentions;
use crate::returns::{Returns, Shape};
use crate::tokens::is_punct;

/// A function and what becomes of it.
pub(crate) struct Plan {
    /// `::otel_runtime`, or what `crate = ...` says.
    pub(crate) krate: Path,
    /// With the body as it is going to be.
    pub(crate) function: Function,
    pub(crate) name: Option<Name>,
    pub(crate) kind: Option<Ident>,
    pub(crate) level: Option<Ident>,
    pub(crate) links: Vec<Expr>,
    /// In nanoseconds.
    pub(crate) min_duration: Option<u64>,
    pub(crate) parent: Option<Parent>,
    pub(crate) attrs: Vec<PlannedAttr>,
    pub(crate) scope: Option<LitStr>,
    pub(crate) skip_pii: bool,
    pub(crate) timings: bool,
    /// What is looked at in the result, if anything.
    pub(crate) inspection: Option<Inspection>,
    /// How the result gets to the caller, and what it is in the end.
    pub(crate) shape: Shape,
    pub(crate) result: ReturnType,
    pub(crate) runs: Runs,
    /// What the body owns where it runs elsewhere.
    pub(crate) arguments: Vec<Argument>,
}

pub(crate) struct PlannedAttr {
    /// The `#[cfg]`s of the parameter that it is the value of.
    pub(crate) cfgs: Vec<Attribute>,
    pub(crate) key: LitStr,
    pub(crate) form: Form,
    pub(crate) value: Expr,
    /// The names under which it could be personal data; empty where nobody asked.
    pub(crate) names: Vec<LitStr>,
}

/// Where the body of a function runs.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Runs {
    /// Where it is: nobody looks at its result.
    Here,
    /// Where it is, as a value of the function's type: nothing in it returns.
    Typed,
    /// In a closure, which `return` and `?` end.
    Closure,
    Future,
    /// In a function inside the function.
    Nested,
}

impl Plan {
    pub(crate) fn new(args: Args, mut function: Function, errors: &mut Errors) -> Plan {
        let Args {
            attrs,
            carry,
            krate,
            err,
            judge,
            kind,
            level,
            links,
            min_duration,
            name,
            parent,
            ret,
            scope,
            skip,
            skip_pii,
            timings,
        } = args;
        reject_const(&function.sig, errors);
        let Returns { shape, result } = Returns::of(&function.sig);
        let skip_pii = skip_pii.unwrap_or(false);
        let timings = timings.filter(|timings| timings.on).map(|timings| timings.span);
        reject_timings_of_sync(timings, &function.sig, errors);
        reject_judge_of_stream(judge.as_ref(), shape, errors);
        let inspection = Inspection::new(Outcome { err, judge, ret, skip_pii }, &result, errors);
        let attrs: Vec<PlannedAttr> = listed::attrs(attrs, skip, &function.sig, errors)
            .into_iter()
            .map(|attr| planned(attr, skip_pii))
            .collect();
        let runs = runs(&function, shape, inspection.is_some());
        let arguments = match runs {
            Runs::Here | Runs::Typed | Runs::Nested => Vec::new(),
            Runs::Closure | Runs::Future => {
                let mut mentions = Mentions::of(function.body.stream());
                for value in attrs.iter().map(|attr| &attr.value).chain(&links) {
                    mentions.add(value.to_token_stream());
                }
                if let Some(Name::Computed(name)) = &name {
                    mentions.add(name.to_token_stream());
                }
                if let Some(Parent::Given(parent) | Parent::Extracted(parent)) = &parent {
                    mentions.add(parent.to_token_stream());
                }
                let into = if runs == Runs::Future { Into::Future } else { Into::Closure };
                arguments::own(&mut function, into, &mentions)
            }
        };
        let krate = krate.unwrap_or_else(default_crate);
        if carry.unwrap_or(true) {
            function.body = carry::carry(function.body, &krate);
        }
        Plan {
            krate,
            name,
            kind: kind.map(|kind| kind.0),
            level: level.map(|level| level.0),
            links,
            min_duration,
            parent,
            attrs,
            scope,
            skip_pii,
            timings: timings.is_some(),
            inspection,
            shape,
            result,
            runs,
            arguments,
            function,
        }
    }
}

fn default_crate() -> Path {
    let site = Span::mixed_site();
    let mut path = Path::from(Ident::new("otel_runtime", site));
    path.leading_colon = Some(Token![::](site));
    path
}

fn reject_const(sig: &Signature, errors: &mut Errors) {
    if let Some(constness) = &sig.constness {
        errors.at(
            constness.span(),
            "a `const fn` may run while the program is compiled, where there is nothing to trace: take \
             `const` or `#[traced]` away",
        );
    }
}

fn reject_timings_of_sync(timings: Option<Span>, sig: &Signature, errors: &mut Errors) {
    if let Some(timings) = timings
        && sig.asyncness.is_none()
    {
        errors.at(
            timings,
            "only an async function waits: take `timings` away, the span's own duration says how long this \
             one works",
        );
    }
}

fn reject_judge_of_stream(judge: Option<&Judge>, shape: Shape, errors: &mut Errors) {
    if let (Some(judge), Shape::Stream(_)) = (judge, shape) {
        errors.at(
            judge.closure.span(),
            "this is asked about the one result of a function, and a stream has none: take it away",
        );
    }
}

fn planned((attr, cfgs): (Attr, Vec<Attribute>), skip_pii: bool) -> PlannedAttr {
    let names = if skip_pii { attr.names() } else { Vec::new() };
    let names = names.iter().map(|name| LitStr::new(name, attr.key.span())).collect();
    let Attr { key, form, value } = attr;
    PlannedAttr { cfgs, key, form, value, names }
}

/// Where the body of a function runs.
fn runs(function: &Function, shape: Shape, is_inspected: bool) -> Runs {
    if function.sig.asyncness.is_some() {
        return if nests(function) { Runs::Nested } else { Runs::Future };
    }
    let tracks_caller = function.attrs.iter().any(|attr| attr.path().is_ident("track_caller"));
    match shape {
        Shape::Value if !is_inspected => Runs::Here,
        // A closure would be the caller.
        Shape::Value if tracks_caller && !may_return(function.body.stream()) => Runs::Typed,
        _ => Runs::Closure,
    }
}

/// Whether a body may end before its end.
fn may_return(body: TokenStream) -> bool {
    const KNOWN: [&str; 17] = [
        "assert",
        "assert_eq",
        "assert_ne",
        "concat",
        "debug_assert",
        "eprintln",
        "format",
        "line",
        "matches",
        "panic",
        "print",
        "println",
        "todo",
        "unimplemented",
        "unreachable",
        "vec",
        "write",
    ];
    let trees: Vec<TokenTree> = body.into_iter().collect();
    trees.iter().enumerate().any(|(at, token)| match (token, trees.get(at + 1)) {
        (TokenTree::Ident(word), Some(bang)) if is_punct(bang, '!') => {
            // Not `x != y`; of any other macro nobody knows what it does.
            matches!(trees.get(at + 2), Some(TokenTree::Group(_)))
                && !KNOWN.iter().any(|known| word == known)
        }
        (TokenTree::Ident(word), _) => word == "return",
        (TokenTree::Group(group), _) => may_return(group.stream()),
        (token, _) => is_punct(token, '?'),
    })
}
