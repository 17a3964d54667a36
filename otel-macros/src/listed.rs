//! Which attributes are recorded, with every parameter that `..` stands for?

use proc_macro2::Ident;
use syn::{Attribute, Expr, ExprPath, LitStr, Path, Signature};

use crate::args::{Attr, Attrs, Form, Skip};
use crate::errors::Errors;
use crate::parameters;
use crate::tokens::unraw;

/// The attributes in the order of the signature and of the list, each with the `#[cfg]`s of its
/// parameter.
pub(crate) fn attrs(
    attrs: Option<Attrs>,
    skip: Option<Skip>,
    sig: &Signature,
    errors: &mut Errors,
) -> Vec<(Attr, Vec<Attribute>)> {
    let Attrs { listed, all } = attrs.unwrap_or_default();
    let parameters = parameters(sig);
    if let Some(skip) = &skip {
        reject_skip(skip, all.is_some(), &parameters, errors);
    }
    let skipped = skip.map(|skip| skip.names).unwrap_or_default();
    let recorded = parameters.into_iter().filter(|(attr, _)| {
        let key = attr.key.value();
        all.is_some()
            && !key.starts_with('_')
            && !skipped.iter().any(|name| unraw(name) == key)
            && !listed.iter().any(|other| other.key.value() == key)
    });
    let mut attrs: Vec<_> = recorded.collect();
    attrs.extend(listed.into_iter().map(|attr| (attr, Vec::new())));
    attrs
}

/// Every name that the signature binds, but `self`, as an attribute.
fn parameters(sig: &Signature) -> Vec<(Attr, Vec<Attribute>)> {
    let attribute = |(name, attrs): (Ident, &[Attribute])| {
        let key = LitStr::new(&unraw(&name), name.span());
        let path = Path::from(name);
        let value = Expr::Path(ExprPath { attrs: Vec::new(), qself: None, path });
        (Attr { key, form: Form::Typed, safe: None, value }, parameters::cfgs(attrs))
    };
    parameters::names(sig).map(attribute).collect()
}

fn reject_skip(
    skip: &Skip,
    records_all: bool,
    parameters: &[(Attr, Vec<Attribute>)],
    errors: &mut Errors,
) {
    if !records_all {
        // It may have been listed, but the list could not be parsed.
        if errors.has_failed("attrs") {
            return;
        }
        errors.at(
            skip.span,
            "`skip` goes with `attrs(..)`, which records every parameter: nothing else is recorded that is \
             not listed",
        );
        return;
    }
    let known: Vec<String> = parameters.iter().map(|(attr, _)| attr.key.value()).collect();
    for name in skip.names.iter().filter(|name| !known.contains(&unraw(name))) {
        let known: Vec<&str> = known.iter().map(String::as_str).collect();
        errors.at(
            name.span(),
            if name == "self" {
                "`self` is not recorded by `attrs(..)`: leave it out".to_owned()
            } else {
                let suggestion = crate::suggest::suggestion(&unraw(name), &known);
                format!("no parameter is called `{name}`: {suggestion}")
            },
        );
    }
}
