//! How is a panic in code that is not ours kept from spreading?

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::process::panics;
use crate::process::shorten::beginning;

/// How many bytes of a panic's message are kept.
const MAX_MESSAGE: usize = 4096;

/// Calls code of the program or of a dependency; if it panics, the error is the message.
///
/// A panic's payload is a value like any other, whose own `Drop` may panic: the payload is dropped here,
/// too.
pub(crate) fn caught<R>(call: impl FnOnce() -> R) -> Result<R, String> {
    // Only the state of the code that was called may be left inconsistent; nothing of ours is borrowed.
    catch_unwind(AssertUnwindSafe(call)).map_err(|payload| {
        let message = message(payload.as_ref());
        dispose(payload);
        // Otherwise a later panic without a message of its own (`resume_unwind`) could be taken for this
        // one.
        panics::forget_what_is_over();
        message
    })
}

/// Drops a value of the program's, whose `Drop` may panic.
fn dispose<T>(value: T) {
    if let Err(payload) = catch_unwind(AssertUnwindSafe(|| drop(value))) {
        // A `Drop` that panics twice would panic a third time: this payload is leaked.
        std::mem::forget(payload);
    }
}

fn message(payload: &(dyn Any + Send)) -> String {
    panics::text(payload).map_or_else(
        || "panicked".to_owned(),
        |text| format!("panicked: {}", beginning(text, MAX_MESSAGE)),
    )
}

#[cfg(test)]
mod tests {
    use std::panic::panic_any;

    use super::*;

    /// A payload as bad as can be.
    struct Grenade(u32);

    impl Drop for Grenade {
        fn drop(&mut self) {
            if let Some(rest) = self.0.checked_sub(1) {
                panic_any(Grenade(rest));
            }
        }
    }

    #[test]
    fn a_call_that_does_not_panic_returns_what_it_returns() {
        assert_eq!(caught(|| 7), Ok(7));
    }

    #[test]
    fn a_panic_is_told_in_its_own_words() {
        let told = |call: fn()| caught(call).expect_err("a panic");
        assert_eq!(told(|| panic!("why")), "panicked: why");
        assert_eq!(told(|| panic!("why {}", 7)), "panicked: why 7");
        assert_eq!(told(|| panic_any(7)), "panicked");
    }

    #[test]
    fn a_payload_that_panics_when_it_is_dropped_does_not_get_out() {
        for depth in 0..4 {
            assert_eq!(caught(|| panic_any(Grenade(depth))), Err::<(), _>("panicked".to_owned()));
        }
    }

    #[test]
    fn a_message_of_megabytes_is_cut_between_two_characters() {
        let told = caught(|| panic_any("ä".repeat(1 << 20))).map(drop).expect_err("a panic");
        assert_eq!(told, format!("panicked: {}", "ä".repeat(MAX_MESSAGE / 2)));
    }
}
