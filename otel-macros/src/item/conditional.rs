//! What becomes of an item that is traced only under a condition?

use syn::parse_quote_spanned;
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{Attribute, Meta, Token};

use super::attributes::is_traced;
use crate::errors::Errors;
use crate::given::Given;

/// `#[cfg_attr(feature = "quiet", traced(off))]`
pub(super) struct Conditional {
    /// Its index among the item's attributes.
    at: usize,
    condition: Meta,
    traced: Meta,
    others: Vec<Meta>,
}

impl Conditional {
    pub(super) fn of(attrs: &[Attribute]) -> Option<Conditional> {
        attrs.iter().enumerate().find_map(|(at, attr)| {
            if !attr.path().is_ident("cfg_attr") {
                return None;
            }
            let metas =
                attr.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated).ok()?;
            let mut metas = metas.into_iter();
            let condition = metas.next()?;
            let (mut traced, others): (Vec<_>, _) = metas.partition(|meta| is_traced(meta.path()));
            Some(Conditional { at, condition, traced: traced.pop()?, others })
        })
    }

    /// Makes one item for the case that the condition holds, and the other for the case that it does not;
    /// returns the `#[traced]` of the first.
    pub(super) fn split(
        self,
        attrs: &mut Vec<Attribute>,
        otherwise: &mut [Attribute],
        errors: &mut Errors,
    ) -> Given {
        let Conditional { at, condition, traced, others } = self;
        let given = Given::of(&traced, errors);
        let site = traced.span();
        let others = others.iter().map(|meta| parse_quote_spanned!(site=> #[#meta]));
        let others: Vec<Attribute> = others.collect();
        let holds: Attribute = parse_quote_spanned!(site=> #[cfg(#condition)]);
        attrs.splice(at..=at, [holds].into_iter().chain(others));
        otherwise[at] = parse_quote_spanned!(site=> #[cfg(not(#condition))]);
        given
    }
}
