//! What will this function's instrumentation do?
//!
//! Every decision is made here, and what this function's signature cannot have is rejected, so that a plan can be
//! carried out. Which arguments exclude each other is said where they are parsed.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::spanned::Spanned;
use syn::{Attribute, Expr, LitStr, Path, ReturnType, Signature, Token};

use crate::apart::{self, Apart};
use crate::args::{Args, Attr, Flag, Form, Judge, Name, Parent, Safe, Scoped};
use crate::arguments::{self, Argument, Into};
use crate::carry;
use crate::errors::Errors;
use crate::inspection::{Inspection, Outcome};
use crate::item::Function;
use crate::listed;
use crate::mentions::Mentions;
use crate::personal::{self, Personal};
use crate::returns::{Returns, Shape};
use crate::tokens::is_punct;

/// A function and what becomes of it.
pub(crate) struct Plan {
    /// `::otel_runtime`, or what `crate = ...` says.
    pub(crate) krate: Path,
    /// With the body as it is going to be.
    pub(crate) function: Function,
    /// What was said, but for what is planned here.
    pub(crate) args: Args,
    pub(crate) attrs: Vec<PlannedAttr>,
    /// The attributes of every span inside.
    pub(crate) scoped: Vec<PlannedAttr>,
    /// Whether the attributes go onto the span that is current, and there is none of the function's own.
    pub(crate) annotates: bool,
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
    pub(crate) safe: Option<Safe>,
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
    /// In a function of its own.
    Apart(Apart),
}

impl Plan {
    pub(crate) fn new(args: Args, mut function: Function, errors: &mut Errors) -> Plan {
        let sig = &function.sig;
        reject_const(sig, errors);
        let Returns { shape, result } = Returns::of(sig);
        let annotates = args.annotate.is_some_and(|flag| flag.on);
        let mut args = if annotates { args.without_a_span() } else { args };
        let is_on = |flag: Option<Flag>| flag.is_some_and(|flag| flag.on);
        let (skip_pii, timings) = (is_on(args.skip_pii), is_on(args.timings));
        reject_timings_of_sync(args.timings, sig, errors);
        reject_judge_of_stream(args.judge.as_ref(), shape, errors);
        let outcome = Outcome::taken(&mut args);
        let inspection =
            if annotates { None } else { Inspection::new(outcome, sig, &result, errors) };
        let attrs = listed::attrs(args.attrs.take(), args.skip.take(), sig, errors);
        let Scoped(scoped) = args.scoped.take().unwrap_or_default();
        let pii = args.pii.take();
        let listed = attrs.iter().map(|(attr, _)| attr).chain(&scoped);
        personal::reject_pii(pii.as_ref(), args.skip_pii, listed, errors);
        let asked = Personal { skip_pii, said: pii.map(|pii| pii.said).unwrap_or_default() };
        let attrs: Vec<PlannedAttr> = attrs.into_iter().map(|attr| planned(attr, &asked)).collect();
        let scoped: Vec<PlannedAttr> =
            scoped.into_iter().map(|attr| planned((attr, Vec::new()), &asked)).collect();
        let runs =
            if annotates { Runs::Here } else { runs(&function, shape, inspection.is_some()) };
        let arguments = match runs {
            Runs::Here | Runs::Typed | Runs::Apart(_) => Vec::new(),
            Runs::Closure | Runs::Future => {
                let into = if runs == Runs::Future { Into::Future } else { Into::Closure };
                let mentions = mentions(&function, &args, attrs.iter().chain(&scoped));
                arguments::own(&mut function, into, &mentions)
            }
        };
        let krate = args.krate.take().map_or_else(default_crate, |krate| krate.0);
        if args.carry.as_ref().is_none_or(|carry| carry.0) {
            function.body = carry::carry(function.body, &krate);
        }
        Plan {
            krate,
            function,
            args,
            attrs,
            scoped,
            annotates,
            skip_pii,
            timings,
            inspection,
            shape,
            result,
            runs,
            arguments,
        }
    }
}

/// What the body names, and what the attribute names beside it.
fn mentions<'a>(
    function: &Function,
    args: &Args,
    attrs: impl Iterator<Item = &'a PlannedAttr>,
) -> Mentions {
    let mut mentions = Mentions::of(function.body.stream());
    let links = args.links.iter().flat_map(|links| &links.0);
    let name = args.name.iter().filter_map(|name| match name {
        Name::Computed(name) => Some(name),
        Name::Literal(_) => None,
    });
    let parent = args.parent.iter().flat_map(|parent| match parent {
        Parent::Given(parent) => vec![parent],
        Parent::Extracted(extracted) => extracted.values().collect(),
        Parent::Current | Parent::Root => Vec::new(),
    });
    let values = attrs.flat_map(|attr| {
        std::iter::once(&attr.value).chain(attr.safe.as_ref().and_then(Safe::count))
    });
    for value in values.chain(links).chain(name).chain(parent) {
        mentions.add(value.to_token_stream());
    }
    mentions
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

fn reject_timings_of_sync(timings: Option<Flag>, sig: &Signature, errors: &mut Errors) {
    if let Some(Flag { span, on: true }) = timings
        && sig.asyncness.is_none()
    {
        errors.at(
            span,
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

fn planned((attr, cfgs): (Attr, Vec<Attribute>), personal: &Personal) -> PlannedAttr {
    let names = personal.names(&attr);
    let names = names.iter().map(|name| LitStr::new(name, attr.key.span())).collect();
    let Attr { key, form, safe, value } = attr;
    PlannedAttr { cfgs, key, form, safe, value, names }
}

/// Where the body of a function runs.
fn runs(function: &Function, shape: Shape, is_inspected: bool) -> Runs {
    if function.sig.asyncness.is_some() {
        let is_apart = apart::returns_closure(function);
        return if is_apart { Runs::Apart(Apart::Inside) } else { Runs::Future };
    }
    let tracks_caller = function.attrs.iter().any(|attr| attr.path().is_ident("track_caller"));
    match shape {
        Shape::Value if !is_inspected => Runs::Here,
        // A closure would be the caller.
        Shape::Value if tracks_caller && !may_return(function.body.stream()) => Runs::Typed,
        Shape::Value if tracks_caller => {
            apart::tracks_caller(function).map_or(Runs::Closure, Runs::Apart)
        }
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
