//! How is a plan written as Rust?
//!
//! It cannot fail: what can go wrong is settled when a [`Plan`] exists.

mod annotation;
mod body;
mod callsite;
mod function;
mod future;
mod made;
mod nested;
mod opening;
mod outcome;
mod spans;

use proc_macro2::TokenStream;

use crate::plan::Plan;
use crate::plans::Plans;
use crate::returns::Shape;

pub(crate) fn expand(plans: Plans) -> TokenStream {
    match plans {
        Plans::Function(plan) => expand_function(*plan),
        Plans::Block(block, plans) => block.with(&plans.into_iter().map(expand).collect()),
        Plans::Nothing(tokens) => tokens,
    }
}

fn expand_function(plan: Plan) -> TokenStream {
    if plan.annotates {
        return annotation::expand(&plan);
    }
    match plan.shape {
        Shape::Value if plan.function.sig.asyncness.is_some() => future::expand(plan),
        Shape::Value => function::expand(plan),
        Shape::Future(wrapping) => made::future(&plan, wrapping),
        Shape::Stream(wrapping) => made::stream(&plan, wrapping),
    }
}
