//! How do the spans of messages end, and what becomes of a program's mistakes?

use std::fmt;

use otel_runtime::testing::capture_async;

use super::*;

#[test]
fn an_error_is_told_and_returned() {
    let (result, spans) = capture(|| orders().process().run(failing));

    assert!(result.is_err());
    let span = spans.one("process orders");
    assert_eq!(span.error(), Some("no such shelf"));
    assert_eq!(text(&span, "error.type"), Some("std::io::error::Error"));
}

#[test]
fn the_error_in_a_box_is_told() {
    type Boxed = Box<dyn std::error::Error + Send + Sync>;
    let (_, spans) = capture(|| orders().process().run(|| failing().map_err(Boxed::from)));

    assert_eq!(text(&spans.one("process orders"), "error.type"), Some("std::io::error::Error"));
}

#[test]
fn a_panic_ends_the_span_and_goes_on() {
    let (result, spans) = capture(|| {
        std::panic::catch_unwind(|| orders().process().run(|| -> () { panic!("at the shelf") }))
    });

    assert!(result.is_err());
    assert_eq!(spans.one("process orders").error(), Some("at the shelf"));
}

#[tokio::test]
async fn a_future_runs_in_its_span_and_is_cancelled_when_it_is_dropped() {
    let ((), spans) = capture_async(async {
        let send = orders().send().run_async(async {
            tokio::task::yield_now().await;
            work();
            failing()
        });
        assert!(send.await.is_err());
        let never = orders().process().run_async(std::future::pending::<()>());
        tokio::select! {
            biased;
            () = never => {}
            () = tokio::task::yield_now() => {}
        }
    })
    .await;

    let spans = spans.with_other_traces();
    assert!(spans.one("send orders").is_error());
    assert_eq!(spans.one("work").parent().map(|it| it.name()), Some("send orders"));
    assert!(spans.one("process orders").was_cancelled());
    assert!(!spans.one("process orders").is_error());
}

#[tokio::test]
async fn what_is_received_later_is_told_then() {
    let (result, spans) = capture_async(async {
        let ask = async {
            tokio::task::yield_now().await;
            Ok::<_, io::Error>(sent())
        };
        orders().receive().run_async(ask, Message::from_headers).await
    })
    .await;

    assert!(result.is_ok());
    let spans = spans.with_other_traces();
    let sender = ids([context(&spans.one("send orders"))]);
    assert_eq!(ids(linked(&spans.one("receive orders"))), sender);
}

#[tokio::test]
async fn a_message_may_be_processed_in_a_task_of_its_own() {
    let ((), spans) = capture_async(async {
        let headers = sent();
        let orders = orders();
        let process = orders.process().message(Message::from_headers(&headers));
        let task = tokio::spawn(process.run_async(async {
            tokio::task::yield_now().await;
            work();
        }));
        drop((orders, headers));
        task.await.expect("a task");
    })
    .await;

    let spans = spans.with_other_traces();
    assert_eq!(spans.one("work").parent().map(|it| it.name()), Some("process orders"));
    assert_eq!(spans.one("process orders").links().len(), 1);
}

#[test]
fn an_error_whose_text_panics_is_returned() {
    struct Broken;
    impl fmt::Display for Broken {
        fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
            panic!("a broken text")
        }
    }

    let (result, spans) = capture(|| orders().process().run(|| Err::<(), _>(Broken)));

    assert!(result.is_err());
    assert!(spans.one("process orders").is_error());
}

#[test]
fn a_list_of_messages_that_panics_does_not_reach_the_program() {
    let (result, spans) = capture(|| {
        let broken = std::iter::from_fn(|| -> Option<Message> { panic!("a broken iterator") });
        orders().process().batch(broken).run(work);
        orders()
            .receive()
            .run(|| Ok::<_, io::Error>(7), |_| -> Vec<Message> { panic!("a broken closure") })
    });

    assert_eq!(result.ok(), Some(7));
    assert_eq!(spans.len(), 3);
    assert!(spans.iter().all(|span| !span.is_error()));
}
