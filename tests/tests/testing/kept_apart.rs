//! Which spans belong to a test, and which to another?

use std::sync::Barrier;
use std::thread;

use opentelemetry::Value;
use otel_runtime::context::carry;
use otel_runtime::testing::{capture, capture_async};
use otel_runtime::traced;

use super::{checkout, load_cart};

#[test]
fn captures_in_parallel_do_not_mix() {
    const CAPTURES: u64 = 50;
    let together = Barrier::new(50);

    thread::scope(|scope| {
        for user in 0..CAPTURES {
            let together = &together;
            scope.spawn(move || {
                together.wait();
                for round in 0..20 {
                    let id = 100 * round + user;

                    let ((), spans) = capture(|| {
                        checkout(id).expect_err("none left");
                        let other = thread::spawn(carry(move || checkout(id)));
                        other.join().expect("a thread").expect_err("none left");
                    });

                    assert_eq!(spans.len(), 6, "{spans}");
                    let id = Value::I64(id.try_into().expect("small"));
                    for span in spans.named("checkout") {
                        assert_eq!(span.attribute("user_id"), Some(&id), "{spans}");
                    }
                }
            });
        }
    });
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tasks_that_carry_the_context_belong_to_the_capture() {
    #[traced(attrs(id))]
    async fn whole(id: usize) {
        let parts = ["a", "b"].map(|name| tokio::spawn(part(name, id)));
        for part in parts {
            part.await.expect("a task");
        }
    }

    #[traced(name = name)]
    async fn part(name: &'static str, id: usize) {
        tokio::task::yield_now().await;
        tokio::task::spawn_blocking(move || load_cart(id)).await.expect("a task");
    }

    let captures: Vec<_> = (0..20)
        .map(|id| tokio::spawn(async move { (id, capture_async(whole(id)).await) }))
        .collect();

    for capture in captures {
        let (id, ((), spans)) = capture.await.expect("a capture");
        let expected = format!(
            "
            whole id={id}
              a
                load_cart items={id}
              b
                load_cart items={id}
            "
        );
        spans.by_name().assert_tree(&expected);
    }
}

#[test]
fn a_thread_that_carries_nothing_along_belongs_to_nobody() {
    let ((), spans) = capture(|| thread::spawn(|| load_cart(1)).join().expect("a thread"));

    assert!(spans.is_empty(), "{spans}");
}

#[test]
fn spans_that_ended_before_are_not_captured() {
    load_cart(1);
    let ((), spans) = capture(|| load_cart(2));

    assert_eq!(spans.to_string(), "load_cart items=2");
}
