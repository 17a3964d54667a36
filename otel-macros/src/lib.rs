//! The `#[traced]` attribute. Use it through `otel_runtime::traced`, where it is documented.

mod apart;
mod args;
mod arguments;
mod carry;
mod errors;
mod expand;
mod given;
#[cfg(test)]
mod golden;
mod inspection;
mod item;
mod listed;
mod mentions;
mod merge;
mod parameters;
mod personal;
mod plan;
mod plans;
mod returns;
mod suggest;
mod tokens;

use proc_macro2::TokenStream;

use errors::Errors;
use given::Given;
use item::Item;
use plans::Plans;

#[expect(missing_docs, reason = "documented where it is re-exported")]
#[proc_macro_attribute]
pub fn traced(
    args: proc_macro::TokenStream,
    item: proc_macro::TokenStream,
) -> proc_macro::TokenStream {
    instrument(args.into(), item.into())
        .unwrap_or_else(|(error, item)| {
            let mut tokens = error.to_compile_error();
            tokens.extend(item);
            tokens
        })
        .into()
}

/// If there are mistakes, expands to all their messages, and to the user's item without the attribute, so that
/// a mistake does not cause further errors elsewhere.
fn instrument(
    args: TokenStream,
    item: TokenStream,
) -> Result<TokenStream, (syn::Error, TokenStream)> {
    let mut errors = Errors::default();
    let given = Given::parse(args, &mut errors);
    let parsed = match given {
        Given::Off => None,
        Given::Args(_) => Item::parse(item.clone(), &mut errors),
    };
    let Some(mut parsed) = parsed else {
        return errors.into_result().map(|()| item.clone()).map_err(|error| (error, item));
    };
    parsed.reject_more(&mut errors);
    let untraced = parsed.mistaken();
    let plans = Plans::new(given, parsed, &mut errors);
    match errors.into_result() {
        Ok(()) => Ok(expand::expand(plans)),
        Err(error) => Err((error, untraced)),
    }
}
