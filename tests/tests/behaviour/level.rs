//! Which functions does the filter let through?
//!
//! The filter is the process's, so each test only has a directive for a module of its own.

use std::sync::{Mutex, PoisonError};

use otel_runtime::filter::{self, Filter};
use otel_runtime::traced;

use crate::{capture, capture_async};

/// Runs `work` with one more directive, and then with the filter as it was.
pub(crate) fn with_directive<T>(directive: &str, work: impl FnOnce() -> T) -> T {
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let _one = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    let before = filter::current();
    let more: Filter = format!("{before},{directive}").parse().expect("a directive");
    filter::set(more);
    let result = work();
    filter::set(before);
    result
}

fn never_asked() -> u8 {
    panic!("nobody asks for this value")
}

fn no_name() -> &'static str {
    panic!("nobody asks for this name")
}

mod by_default {
    use otel_runtime::traced;

    #[traced(level = trace, attrs(value = super::never_asked()))]
    pub(super) fn trace() {}
    #[traced(level = debug, name = super::no_name())]
    pub(super) fn debug() {}
    #[traced(level = info)]
    pub(super) fn info() {}
    #[traced]
    pub(super) fn unsaid() {}
    #[traced(level = warn)]
    pub(super) fn warn() {}
    #[traced(level = error)]
    pub(super) fn error() {}
}

#[test]
fn without_a_filter_info_and_what_is_more_severe_have_spans() {
    let spans = capture(|| {
        by_default::trace();
        by_default::debug();
        by_default::info();
        by_default::unsaid();
        by_default::warn();
        by_default::error();
    });

    assert_eq!(spans.names(), ["info", "unsaid", "warn", "error"]);
}

mod nested {
    use otel_runtime::traced;

    mod quiet {
        use otel_runtime::traced;

        #[traced(attrs(value = super::super::never_asked()))]
        pub(crate) fn sync() {
            super::leaf();
        }

        #[traced(attrs(value = super::super::never_asked()))]
        pub(crate) async fn waits() {
            tokio::task::yield_now().await;
            super::leaf();
        }
    }

    #[traced(level = debug)]
    pub(super) fn leaf() {}

    #[traced]
    pub(super) fn outer() {
        quiet::sync();
    }

    #[traced]
    pub(super) async fn outer_async() {
        quiet::waits().await;
    }
}

#[test]
fn what_a_function_without_a_span_calls_hangs_under_its_caller() {
    let filter = "behaviour::level::nested=debug,behaviour::level::nested::quiet=off";
    let sync = with_directive(filter, || capture(nested::outer));
    let waits = with_directive(filter, || capture_async(nested::outer_async()));

    assert_eq!(sync.names(), ["leaf", "outer"]);
    assert_eq!(sync.parent_of("leaf"), "outer");
    assert_eq!(waits.names(), ["leaf", "outer_async"]);
    assert_eq!(waits.parent_of("leaf"), "outer_async");
}

mod stores {
    use otel_runtime::traced;

    pub(super) struct Cart;

    pub(super) trait Store {
        fn load(&self);
    }

    impl Cart {
        #[traced]
        pub(super) fn check(&self) {
            let _ = self;
        }
    }

    impl Store for Cart {
        #[traced]
        fn load(&self) {}
    }
}

#[test]
fn a_method_goes_by_its_type_and_by_its_trait() {
    use stores::{Cart, Store};
    let both = || {
        capture(|| {
            Cart.check();
            Cart.load();
        })
    };

    let by_type = with_directive("behaviour::level::stores::Cart=off", both);
    let by_trait = with_directive("behaviour::level::stores::Store=off", both);
    let by_function = with_directive("behaviour::level::stores::Cart::load=off", both);
    let by_part_of_a_name = with_directive("behaviour::level::stores::Ca=off", both);

    assert_eq!(by_type.names(), Vec::<&str>::new());
    assert_eq!(by_trait.names(), ["Cart::check"]);
    assert_eq!(by_function.names(), ["Cart::check"]);
    assert_eq!(by_part_of_a_name.names(), ["Cart::check", "Cart::load"]);
}

#[traced]
async fn waits_for_a_change() {
    turn_off();
    tokio::task::yield_now().await;
    waits_for_a_change_inside();
}

#[traced]
fn waits_for_a_change_inside() {}

fn turn_off() {
    let off = format!(
        "{},behaviour::level::waits_for_a_change=off,behaviour::level::runs_while_it_changes=off",
        filter::current(),
    );
    filter::set(off.parse().expect("a filter"));
}

#[traced]
fn runs_while_it_changes() -> Result<(), String> {
    turn_off();
    Err("late".to_owned())
}

#[test]
fn a_span_that_is_open_ends_as_always_when_the_filter_changes() {
    // As a directive, something that says nothing: what counts is that it is put back.
    let spans = with_directive("behaviour::level::none=info", || {
        capture(|| {
            runs_while_it_changes().expect_err("late");
            runs_while_it_changes().expect_err("late, and without a span");
        })
    });
    let async_spans = with_directive("behaviour::level::none=info", || {
        capture_async(async {
            waits_for_a_change().await;
            waits_for_a_change().await;
        })
    });

    let span = spans.one("runs_while_it_changes");
    assert!(matches!(&span.status, opentelemetry::trace::Status::Error { .. }));
    assert_eq!(async_spans.names().iter().filter(|name| **name == "waits_for_a_change").count(), 1);
    assert_eq!(async_spans.names().len(), 3);
}

#[traced]
fn is_switched() {}

#[test]
fn the_filter_may_change_while_calls_run() {
    let spans = with_directive("behaviour::level::none=info", || {
        capture(|| {
            let context = opentelemetry::Context::current();
            let threads = [(); 2].map(|()| {
                let context = context.clone();
                std::thread::spawn(move || {
                    let _attached = context.attach();
                    (0..2000).for_each(|_| is_switched());
                })
            });
            let restore = filter::current();
            let off: Filter =
                format!("{restore},behaviour::level::is_switched=off").parse().expect("a filter");
            while threads.iter().any(|thread| !thread.is_finished()) {
                filter::set(off.clone());
                filter::set(restore.clone());
            }
            for thread in threads {
                thread.join().expect("no panic");
            }
            is_switched();
            filter::set(off);
            is_switched();
        })
    });

    let last = spans.all.last().expect("the call that nothing filtered");
    assert_eq!(last.name, "is_switched");
    for span in &spans.all {
        assert_eq!(spans.parent.span_id(), span.parent_span_id, "none hangs under another");
    }
}
