//! What does an attribute inside a block say, over what the block's own says?

use syn::Signature;

use crate::args::Args;
use crate::attrs::{Attr, Attrs, unraw};
use crate::inspection::is_called_result;
use crate::parameters;
use crate::returns::{Returns, Shape};

impl Args {
    /// These arguments, and those of `outer` about which they say nothing.
    pub(crate) fn over(self, outer: &Args) -> Args {
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
        } = self;
        Args {
            attrs: Attrs {
                listed: merged(&outer.attrs.listed, attrs.listed),
                all: attrs.all.or(outer.attrs.all),
            },
            carry: carry.or(outer.carry),
            krate: krate.or_else(|| outer.krate.clone()),
            err: err.or_else(|| outer.err.clone()),
            judge: judge.or_else(|| outer.judge.clone()),
            kind: kind.or_else(|| outer.kind.clone()),
            level: level.or_else(|| outer.level.clone()),
            links: if links.is_empty() { outer.links.clone() } else { links },
            min_duration: min_duration.or(outer.min_duration),
            name: name.or_else(|| outer.name.clone()),
            parent: parent.or_else(|| outer.parent.clone()),
            ret: ret.or_else(|| outer.ret.clone()),
            scope: scope.or_else(|| outer.scope.clone()),
            skip: skip.or_else(|| outer.skip.clone()),
            skip_pii: skip_pii.or(outer.skip_pii),
            timings: timings.or(outer.timings),
        }
    }

    /// What a block says of the function with this signature. What cannot be about this one is about
    /// others, and no mistake.
    pub(crate) fn about(&self, sig: &Signature) -> Args {
        let Returns { shape, result } = Returns::of(sig);
        let mut args = Args::default().over(self);
        if !is_called_result(&result) {
            args.err = None;
        }
        if let syn::ReturnType::Default = result {
            args.ret = None;
        }
        if let Shape::Stream(_) = shape {
            args.judge = None;
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
}

/// The outer attributes with the inner ones in the places of those with their keys.
fn merged(outer: &[Attr], inner: Vec<Attr>) -> Vec<Attr> {
    let mut attrs = outer.to_vec();
    for attr in inner {
        match attrs.iter_mut().find(|other| other.key.value() == attr.key.value()) {
            Some(other) => *other = attr,
            None => attrs.push(attr),
        }
    }
    attrs
}
