//! The `#[traced]` attribute. Use it through `otel_runtime::traced`, where it is documented.

mod args;
mod arguments;
mod attrs;
mod carry;
mod errors;
mod expand;
#[cfg(test)]
mod golden;
mod inspection;
mod item;
mod listed;
mod plan;
mod suggest;

use proc_macro2::TokenStream;

use args::Args;
use errors::Errors;
use item::Function;
use plan::Plan;

#[expect(missing_docs, reason = "documented where it is re-exported")]
#[proc_macro_attribute]
pub fn traced(
    args: proc_macro::TokenStream,
    item: proc_macro::TokenStream,
) -> proc_macro::TokenStream {
    let item = TokenStream::from(item);
    // On any mistake the user's item stays as it is, so that one mistake is one message.
    instrument(args.into(), item.clone())
        .unwrap_or_else(|error| {
            let mut tokens = error.to_compile_error();
            tokens.extend(item);
            tokens
        })
        .into()
}

fn instrument(args: TokenStream, item: TokenStream) -> syn::Result<TokenStream> {
    let mut errors = Errors::default();
    let args = Args::parse(args, &mut errors);
    let function = Function::parse(item, &mut errors);
    let plan = function.map(|function| Plan::new(args, function, &mut errors));
    errors.into_result()?;
    Ok(plan.map(expand::expand).unwrap_or_default())
}
