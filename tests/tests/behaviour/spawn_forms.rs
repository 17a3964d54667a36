//! Which ways to start work elsewhere are recognised, and do the others compile as they are?
#![allow(
    clippy::redundant_closure,
    clippy::redundant_closure_for_method_calls,
    clippy::unwrap_used,
    reason = "a closure is seen before there are types, and what a function is given is not"
)]

use std::future::Future;
use std::pin::Pin;

use otel_runtime::traced;

use crate::carry::{assert_under, task, work};
use crate::{capture, capture_async};

#[traced]
fn threads_with_names() -> std::io::Result<u32> {
    let first = std::thread::Builder::new().name("first".to_owned()).spawn(work)?;
    let second = std::thread::Builder::new()
        .name("second".to_owned())
        .stack_size(1 << 16)
        .spawn(|| work())?
        .join();
    let third = std::thread::scope(|s| {
        std::thread::Builder::new().spawn_scoped(s, || work()).map(|it| it.join())
    })?;
    let all = [first.join(), second, third];
    Ok(Vec::from(all).into_iter().map(|it| it.expect("no panic")).sum())
}

#[test]
fn threads_of_a_builder_belong_to_the_function() {
    let spans = capture(|| assert_eq!(threads_with_names().expect("threads"), 21));

    assert_under(&spans, "threads_with_names", 3);
}

#[traced]
fn scoped_threads(numbers: &[u32]) -> u32 {
    let mut last = 0;
    let place = &mut last;
    let sum = std::thread::scope(|scope| {
        let first = scope.spawn(|| numbers.iter().sum::<u32>() + work());
        let second = scope.spawn(work);
        scope.spawn(move || {
            std::thread::scope(|_inner| scope.spawn(move || *place = work()));
        });
        first.join().expect("no panic") + second.join().expect("no panic")
    });
    sum + last
}

#[test]
fn scoped_threads_belong_to_the_function() {
    let spans = capture(|| assert_eq!(scoped_threads(&[1, 2]), 24));

    assert_under(&spans, "scoped_threads", 3);
}

#[traced]
async fn on_a_handle() -> u32 {
    let handle = tokio::runtime::Handle::current().spawn(task());
    let blocking = tokio::runtime::Handle::current().spawn_blocking(work).await;
    handle.await.expect("no panic") + blocking.expect("no panic")
}

#[test]
fn tasks_of_a_handle_belong_to_the_function() {
    let spans = capture_async(async { assert_eq!(on_a_handle().await, 14) });

    assert_under(&spans, "on_a_handle", 2);
}

#[traced]
fn on_other_executors() -> u32 {
    let (sender, receiver) = std::sync::mpsc::channel();
    rayon::spawn_fifo(move || {
        let _ = sender.send(work());
    });
    let unblocked = smol::block_on(smol::unblock(work));
    receiver.recv().expect("it runs") + unblocked
}

#[test]
fn jobs_in_order_and_off_the_async_threads_belong_to_the_function() {
    let spans = capture(|| assert_eq!(on_other_executors(), 14));

    assert_under(&spans, "on_other_executors", 2);
}

/// What people may have that is called like something they do not use.
mod other {
    use std::future::Future;
    use std::pin::Pin;

    pub(super) mod tokio {
        pub(crate) fn spawn<T>(given: T) -> T {
            given
        }

        pub(crate) mod task {
            pub(crate) fn spawn_blocking(number: u8) -> u8 {
                number
            }

            pub(crate) fn spawn(f: fn() -> u32) -> u32 {
                f()
            }
        }
    }

    pub(super) mod rayon {
        pub(crate) fn spawn(text: &str) -> usize {
            text.len()
        }

        pub(crate) fn scope<R>(f: impl FnOnce(&[u8; 2]) -> R) -> R {
            f(&[1, 2])
        }
    }

    pub(super) fn boxed() -> Pin<Box<dyn Future<Output = ()>>> {
        Box::pin(async {})
    }
}

mod in_their_scope {
    use otel_runtime::traced;

    use super::other::{rayon, tokio};
    use super::work;

    #[traced]
    pub(super) fn calls() -> u32 {
        let closure = tokio::spawn(|| work());
        let function: fn() -> u32 = tokio::spawn(work);
        let number = tokio::spawn(3);
        let text = tokio::spawn("four");
        let byte = tokio::task::spawn_blocking(1);
        let called = tokio::task::spawn(|| 1) + tokio::task::spawn(work);
        let length = rayon::spawn(text);
        let sum = rayon::scope(|it| it.iter().sum::<u8>());
        assert_eq!((byte, length, sum), (1, 4, 3));
        closure() + function() + number + called
    }

    #[traced]
    pub(super) async fn awaits() {
        tokio::spawn(super::other::boxed()).await;
        tokio::spawn(async {}).await;
    }
}

#[test]
fn another_function_of_the_same_path_is_called_with_what_it_is_given() {
    let spans = capture(|| assert_eq!(in_their_scope::calls(), 25));
    assert_under(&spans, "calls", 3);

    assert_under(&capture_async(in_their_scope::awaits()), "awaits", 0);
}

#[traced]
fn asserts() {
    assert!(std::thread::spawn(|| work()).join().unwrap() == 2);
}

#[traced]
fn asserts_with_braces() {
    assert!({ std::thread::spawn(|| "{}{").join().unwrap() } == "}",);
}

#[traced]
fn asserts_with_a_message() {
    assert!(std::thread::spawn(|| work()).join().unwrap() == 2, "it was {}", 7);
}

/// The text of its panic, and whether that is in the program.
fn panics(f: fn()) -> (String, bool) {
    let payload = std::panic::catch_unwind(f).expect_err("it panics");
    match payload.downcast::<&str>() {
        Ok(text) => ((*text).to_owned(), true),
        Err(payload) => (*payload.downcast::<String>().expect("a text"), false),
    }
}

#[test]
fn a_failed_assertion_says_what_was_asserted() {
    drop(capture(|| ()));

    let plain = || assert!(std::thread::spawn(|| work()).join().unwrap() == 2);
    assert_eq!(panics(asserts), panics(plain));
    let plain = || assert!({ std::thread::spawn(|| "{}{").join().unwrap() } == "}",);
    assert_eq!(panics(asserts_with_braces).0, panics(plain).0);
    assert_eq!(panics(asserts_with_a_message).0, "it was 7");
}

trait Shape: Send {}
struct Circle;
struct Square;
impl Shape for Circle {}
impl Shape for Square {}

#[traced]
fn returns_what_its_type_parameters_say(round: bool) {
    let shape = std::thread::spawn::<_, Box<dyn Shape>>(move || {
        if round { Box::new(Circle) } else { Box::new(Square) }
    });
    shape.join().expect("no panic");
    let (_, _): (Box<dyn Shape>, u8) = rayon::join::<_, _, Box<dyn Shape>, u8>(
        || if round { Box::new(Circle) } else { Box::new(Square) },
        || 1,
    );
}

#[traced]
async fn boxes_a_future() -> u32 {
    let task: Pin<Box<dyn Future<Output = u32> + Send>> = Box::pin(task());
    tokio::spawn(task).await.expect("no panic")
}

#[test]
fn a_closure_returns_what_the_call_says() {
    assert_under(
        &capture(|| returns_what_its_type_parameters_say(true)),
        "returns_what_its_type_parameters_say",
        0,
    );
    assert_under(
        &capture_async(async { assert_eq!(boxes_a_future().await, 7) }),
        "boxes_a_future",
        1,
    );
}

/// `$a` holds together in a body that is put together anew.
macro_rules! with_fragments {
    ($name:ident, $a:expr, $f:expr, $s:expr, $t:ty, $l:literal, $p:pat) => {
        #[traced]
        fn $name() -> i64 {
            let spawned = std::thread::spawn($f).join().expect("no panic");
            let of_type: $t = &3;
            let called = $f();
            let matched = match 5 {
                $p => 1,
                $l..=4 => 2,
                _ => 3,
            };
            let choice = $s - 1;
            $a * 2 + i64::from(*of_type) + matched + choice + spawned + called - i64::pow($a, 2)
        }
    };
}

with_fragments!(
    holds_together,
    1 + 2,
    || 1 + 1,
    if true { 10 } else { 20 },
    &'static i32,
    0,
    1..=5
);

macro_rules! with_statements {
    ($name:ident, $body:expr, $($statement:stmt;)*) => {
        #[traced]
        fn $name() -> u32 {
            $($statement)*
            $body
        }
    };
}

with_statements!(
    with_its_statements,
    number + thread.join().expect("no panic"),
    let number = 1;
    let thread = std::thread::spawn(work);
);

#[test]
fn a_statement_of_a_macro_by_example_ends_by_itself() {
    let spans = capture(|| assert_eq!(with_its_statements(), 8));

    assert_under(&spans, "with_its_statements", 1);
}

#[test]
fn an_expression_of_a_macro_by_example_holds_together() {
    let plain = (1 + 2) * 2 + 3 + 1 + 9 + 2 + 2 - 9;

    assert_under(&capture(|| assert_eq!(holds_together(), plain)), "holds_together", 0);
}
