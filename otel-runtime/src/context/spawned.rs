//! What do the spawn calls in an annotated body take along?
//!
//! What [`carry`](super::carry()) and [`carry_future`](super::carry_future) would, but nothing while
//! tracing is off: then an annotated function is as it would be without the attribute.

use opentelemetry::Context;

use super::CarryFuture;
use super::current::{attach, current};
use crate::recorder;

/// Around the closure that a spawn call is given.
pub fn carry<F, R>(f: F) -> impl FnOnce() -> R
where
    F: FnOnce() -> R,
{
    let context = context();
    move || {
        let _guard = context.and_then(attach);
        f()
    }
}

/// Around the future that a spawn call is given.
pub fn carry_future<F: Future>(future: F) -> CarryFuture<F> {
    CarryFuture::new(context(), future)
}

fn context() -> Option<Context> {
    let context = recorder::is_installed().then(current);
    context.inspect(recorder::carried)
}
