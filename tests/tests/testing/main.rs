//! What do the tests of a user see of their spans?

mod asked;
mod drawn;
mod failed;
mod kept_apart;
mod other_traces;
mod processes;

use std::fmt;

use otel_runtime::traced;

/// What fails in these tests.
#[derive(Debug)]
struct NoStock;

impl fmt::Display for NoStock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("none left")
    }
}

#[traced(attrs(user_id), kind = server)]
fn checkout(user_id: u64) -> Result<(), NoStock> {
    load_cart(3);
    ship()
}

#[traced(attrs(items))]
fn load_cart(items: usize) {
    let _ = items;
}

#[traced]
fn ship() -> Result<(), NoStock> {
    Err(NoStock)
}

/// What `work` panics with.
fn message(work: impl FnOnce()) -> String {
    let panic = std::panic::catch_unwind(std::panic::AssertUnwindSafe(work));
    *panic.expect_err("it panics").downcast::<String>().expect("a message")
}
