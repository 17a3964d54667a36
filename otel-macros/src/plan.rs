//! What will this function's instrumentation do?
//!
//! Every decision is made here and every conflict rejected, so that a plan can be carried out.

use proc_macro2::{Ident, Span};
use quote::ToTokens;
use syn::spanned::Spanned;
use syn::{
    Attribute, Expr, GenericArgument, LitStr, Path, PathArguments, ReturnType, Signature, Token,
    Type,
};

use crate::args::{Args, Judge, Name, Parent};
use crate::arguments::{self, Argument};
use crate::attrs::{Attr, Form};
use crate::carry;
use crate::errors::Errors;
use crate::inspection::{Inspection, Outcome};
use crate::item::Function;
use crate::listed;
use crate::returns::{Returns, Shape};

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
    pub(crate) result: Output,
    /// What the body's type is called where it has to be said: with `_` for every `impl Trait`.
    pub(crate) output: Output,
    /// Whether the body moves into a closure or a future.
    pub(crate) moves: bool,
    /// What it then owns.
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

pub(crate) enum Output {
    Unit,
    Never,
    Type(Box<Type>),
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
        // In a closure, the caller would be the closure's.
        let stays = inspection.is_none() && tracks_caller(&function.attrs);
        let moves = function.sig.asyncness.is_some() || shape != Shape::Value || !stays;
        let arguments = if moves {
            let mut read = function.body.stream();
            for attr in &attrs {
                attr.value.to_tokens(&mut read);
            }
            if let Some(Name::Computed(name)) = &name {
                name.to_tokens(&mut read);
            }
            if let Some(Parent::Given(parent) | Parent::Extracted(parent)) = &parent {
                parent.to_tokens(&mut read);
            }
            for link in &links {
                link.to_tokens(&mut read);
            }
            arguments::own(&mut function.sig, &read)
        } else {
            Vec::new()
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
            result: output(&result),
            output: output(&function.sig.output),
            moves,
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

fn tracks_caller(attrs: &[Attribute]) -> bool {
    attrs.iter().any(|attr| attr.path().is_ident("track_caller"))
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

fn output(output: &ReturnType) -> Output {
    match output {
        ReturnType::Default => Output::Unit,
        ReturnType::Type(_, ty) => match &**ty {
            Type::Never(_) => Output::Never,
            ty => {
                let mut ty = ty.clone();
                infer_impl(&mut ty);
                Output::Type(Box::new(ty))
            }
        },
    }
}

/// `Result<impl Read, E>` → `Result<_, E>`: outside a signature only inference knows the type.
fn infer_impl(ty: &mut Type) {
    match ty {
        Type::ImplTrait(it) => {
            let underscore_token = Token![_](it.impl_token.span);
            *ty = Type::Infer(syn::TypeInfer { attrs: Vec::new(), underscore_token });
        }
        Type::Path(path) => {
            let segments = path.path.segments.iter_mut();
            for segment in segments {
                if let PathArguments::AngleBracketed(arguments) = &mut segment.arguments {
                    for argument in &mut arguments.args {
                        if let GenericArgument::Type(ty) = argument {
                            infer_impl(ty);
                        }
                    }
                }
            }
        }
        Type::Tuple(tuple) => tuple.elems.iter_mut().for_each(infer_impl),
        Type::Reference(reference) => infer_impl(&mut reference.elem),
        Type::Array(array) => infer_impl(&mut array.elem),
        Type::Slice(slice) => infer_impl(&mut slice.elem),
        Type::Paren(paren) => infer_impl(&mut paren.elem),
        Type::Group(group) => infer_impl(&mut group.elem),
        _ => {}
    }
}
