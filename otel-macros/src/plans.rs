//! What will be done to an item, with all that is in it?

use proc_macro2::TokenStream;

use crate::args::{Args, Name};
use crate::errors::Errors;
use crate::given::Given;
use crate::inspection::reject_personal_value;
use crate::item::{Block, Content, Item};
use crate::plan::Plan;

pub(crate) enum Plans {
    Function(Box<Plan>),
    /// A block, and what is done to its content.
    Block(Block, Vec<Plans>),
    /// It stays as it is.
    Nothing(TokenStream),
}

impl Plans {
    pub(crate) fn new(given: Given, item: Item, errors: &mut Errors) -> Plans {
        match (given, item) {
            (Given::Off, item) => Plans::Nothing(item.untraced()),
            (Given::Args(args), Item::Function(function)) => {
                Plans::Function(Box::new(Plan::new(*args, *function, errors)))
            }
            (Given::Args(mut args), Item::Block(block)) => {
                reject_one_name_for_all(&args, errors);
                Plans::block(&mut args, block, errors)
            }
        }
    }

    fn block(outer: &mut Args, mut block: Block, errors: &mut Errors) -> Plans {
        // A mistake in the block's attribute is reported once, not for each function.
        outer.name = outer.name.take().filter(|name| matches!(name, Name::Computed(_)));
        if let Some(pii) = outer.pii.take() {
            errors.at(
                pii.word.span(),
                "`pii` is about the attributes of one function: write it on that",
            );
        }
        if outer.skip_pii.is_some_and(|flag| flag.on) {
            reject_personal_value(outer.ret.take().as_ref(), true, errors);
        }
        let content = std::mem::take(&mut block.content).into_iter();
        let plans = content.map(|content| match content {
            Content::Other(tokens) => Plans::Nothing(tokens),
            Content::Item(Some(Given::Off), item) => Plans::Nothing(item.untraced()),
            Content::Item(Some(Given::Args(inner)), item) => {
                Plans::under(outer, *inner, item, errors)
            }
            Content::Item(None, item) => Plans::under(outer, Args::default(), item, errors),
        });
        let plans = plans.collect();
        Plans::Block(block, plans)
    }

    fn under(outer: &Args, inner: Args, item: Item, errors: &mut Errors) -> Plans {
        match item {
            Item::Function(function) => {
                let mut outer = outer.about(&function.sig);
                // Here the block's `ret` would be reported as a mistake in this function.
                if inner.skip_pii.is_some_and(|flag| flag.on) {
                    outer.ret = None;
                }
                if inner.is_about_a_span() {
                    outer.annotate = None;
                }
                let args = inner.over(outer);
                Plans::Function(Box::new(Plan::new(args, *function, errors)))
            }
            Item::Block(block) => {
                reject_one_name_for_all(&inner, errors);
                Plans::block(&mut inner.over(outer.clone()), block, errors)
            }
        }
    }
}

fn reject_one_name_for_all(args: &Args, errors: &mut Errors) {
    if let Some(Name::Literal(name)) = &args.name {
        errors.at(
            name.span(),
            "this would be the name of every span in here: leave `name` out for `function` or \
             `Type::method`, or name functions one by one",
        );
    }
}
