//! What does a span say of the result?

use std::fmt;
use std::io;
use std::panic::Location;

use opentelemetry::trace::{Status, TraceContextExt};
use opentelemetry::{Context, KeyValue};
use otel_runtime::traced;
use otel_tests::capture::SpanExt;

use crate::{capture, capture_async};

#[derive(Debug)]
struct NoStock(u8);

impl fmt::Display for NoStock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} left", self.0)
    }
}

impl std::error::Error for NoStock {}

#[traced]
fn ship(left: u8) -> Result<u8, NoStock> {
    if left == 0 { Err(NoStock(left)) } else { Ok(left) }
}

#[traced]
fn order(left: u8) -> Result<u8, Box<dyn std::error::Error>> {
    Ok(ship(left)? + 1)
}

#[traced]
async fn ship_async(left: u8) -> Result<u8, NoStock> {
    tokio::task::yield_now().await;
    Ok(ship(left)? + 1)
}

#[test]
fn ok_leaves_the_status_unset() {
    let spans = capture(|| assert_eq!(ship(1).ok(), Some(1)));

    let span = spans.one("ship");
    assert_eq!(span.status, Status::Unset);
    assert_eq!(span.keys(), Vec::<&str>::new());
    assert_eq!(span.exceptions(), Vec::<Vec<_>>::new());
}

#[test]
fn an_error_is_told_by_every_span_it_passes_and_is_an_event_once() {
    let spans = capture(|| assert!(order(0).is_err()));

    assert_eq!(spans.parent_of("ship"), "order");
    let ship = spans.one("ship");
    assert_eq!(ship.error(), Some("0 left"));
    assert_eq!(ship.attribute("error.type"), Some(&"behaviour::results::NoStock".into()));
    assert_eq!(
        ship.exceptions(),
        [[
            ("exception.type", "behaviour::results::NoStock".to_owned()),
            ("exception.message", "0 left".to_owned())
        ]]
    );
    let order = spans.one("order");
    assert_eq!(order.error(), Some("0 left"));
    assert_eq!(order.exceptions(), Vec::<Vec<_>>::new());
}

#[test]
fn async_functions_record_errors_the_same_way() {
    let spans = capture_async(async {
        assert!(ship_async(0).await.is_err());
    });

    let span = spans.one("ship_async");
    assert_eq!(span.error(), Some("0 left"));
    assert_eq!(span.exceptions(), Vec::<Vec<_>>::new());
    assert_eq!(spans.one("ship").exceptions().len(), 1);
}

mod own {
    /// Not the standard library's.
    pub(super) enum Result {
        #[expect(dead_code, reason = "only `Err` is of interest")]
        Ok,
        Err,
    }
}

#[traced]
fn own_result() -> own::Result {
    own::Result::Err
}

#[traced]
fn formats(f: &mut String) -> fmt::Result {
    fmt::Write::write_str(f, "x")?;
    Err(fmt::Error)
}

#[traced]
fn reads() -> io::Result<()> {
    Err(io::Error::new(io::ErrorKind::NotFound, "gone"))
}

struct Silent;

#[traced]
fn silent() -> Result<(), Silent> {
    Err(Silent)
}

#[traced]
fn generic<E: fmt::Display>(error: E) -> Result<(), E> {
    Err(error)
}

#[traced]
fn hidden() -> Result<impl Iterator<Item = u8>, impl fmt::Display> {
    if false {
        return Ok(std::iter::once(1_u8));
    }
    Err("hidden")
}

#[test]
fn a_result_is_known_by_its_type() {
    let spans = capture(|| {
        own_result();
        let _ = formats(&mut String::new());
        let _ = reads();
        let _ = silent();
        let _ = generic(7);
        let _ = hidden();
    });

    assert_eq!(spans.one("own_result").status, Status::Unset);
    assert_eq!(spans.one("formats").attribute("error.type"), Some(&"core::fmt::Error".into()));
    assert_eq!(spans.one("reads").error(), Some("gone"));
    let silent = spans.one("silent");
    assert_eq!(silent.error(), Some(""));
    assert_eq!(
        silent.exceptions(),
        [[("exception.type", "behaviour::results::Silent".to_owned())]]
    );
    assert_eq!(spans.one("generic").error(), Some("7"));
    assert_eq!(spans.one("hidden").error(), Some("hidden"));
}

#[traced(err = ?)]
fn debug() -> Result<(), NoStock> {
    Err(NoStock(3))
}

#[traced(err = %)]
fn alias() -> Alias {
    Err(NoStock(3))
}
type Alias = Result<(), NoStock>;

#[traced(err = |error| format!("code {}", error.0))]
fn closure() -> Result<(), NoStock> {
    Err(NoStock(3))
}

#[traced(err = false)]
async fn not_an_error() -> Result<(), NoStock> {
    Err(NoStock(3))
}

#[test]
fn what_is_recorded_of_an_error_can_be_chosen() {
    let spans = capture_async(async {
        let _ = (debug(), alias(), closure());
        let _ = not_an_error().await;
    });

    assert_eq!(spans.one("debug").error(), Some("NoStock(3)"));
    assert_eq!(spans.one("alias").error(), Some("3 left"));
    assert_eq!(spans.one("closure").error(), Some("code 3"));
    let ignored = spans.one("not_an_error");
    assert_eq!(ignored.status, Status::Unset);
    assert_eq!(ignored.attribute("error.type"), None);
}

#[traced(skip_pii)]
fn private() -> Result<(), String> {
    Err("a@example.org has no credit".to_owned())
}

#[test]
fn skip_pii_keeps_the_text_of_an_error_out() {
    let spans = capture(|| assert!(private().is_err()));

    let span = spans.one("private");
    assert_eq!(span.error(), Some(""));
    assert_eq!(span.attribute("error.type"), Some(&"alloc::string::String".into()));
    assert_eq!(span.exceptions(), Vec::<Vec<_>>::new());
}

#[traced(attrs("error.type" = "out_of_stock"))]
fn typed_by_an_attribute() -> Result<(), NoStock> {
    Err(NoStock(0))
}

#[traced]
fn typed_in_the_call() -> Result<(), NoStock> {
    Context::current().span().set_attribute(KeyValue::new("error.type", "in_the_call"));
    Err(NoStock(0))
}

#[traced(error_if = |status| *status >= 500, attrs("error.type" = status.to_string()))]
fn typed_by_its_status(status: u16) -> u16 {
    status
}

#[traced(attrs("error.type" = "about_to_panic"))]
fn typed_before_a_panic() {
    panic!("expected by this test");
}

#[test]
fn an_error_type_that_was_set_stays() {
    let spans = capture(|| {
        let _ = (typed_by_an_attribute(), typed_in_the_call(), typed_by_its_status(503));
        let _ = std::panic::catch_unwind(typed_before_a_panic);
    });

    for (name, error_type, error) in [
        ("typed_by_an_attribute", "out_of_stock", "0 left"),
        ("typed_in_the_call", "in_the_call", "0 left"),
        ("typed_by_its_status", "503", ""),
        ("typed_before_a_panic", "about_to_panic", "expected by this test"),
    ] {
        let span = spans.one(name);
        assert_eq!(span.attribute("error.type"), Some(&error_type.into()), "{name}");
        assert_eq!(span.error(), Some(error), "{name}");
    }
    let exception = &spans.one("typed_in_the_call").exceptions()[0];
    assert_eq!(exception[0], ("exception.type", "behaviour::results::NoStock".to_owned()));
}

#[traced(error_if = |status| (*status >= 500).then(|| format!("status {status}")))]
fn described_by_an_option(status: u16) -> u16 {
    status
}

#[traced(error_if = |left| if *left == 0 { Err(NoStock(*left)) } else { Ok(()) })]
fn described_by_a_result(left: u8) -> u8 {
    left
}

#[traced(error_if = |result| result.as_ref().err().map(|error| error.0))]
fn described_in_place_of_its_text() -> Result<(), NoStock> {
    Err(NoStock(7))
}

#[traced(skip_pii, error_if = |name| Some(name.to_owned()))]
fn described_in_private(name: &str) -> String {
    name.to_owned()
}

#[test]
fn error_if_may_describe_the_error() {
    let spans = capture(|| {
        let _ = (described_by_an_option(503), described_by_a_result(0));
        let _ = (described_in_place_of_its_text(), described_in_private("a@example.org"));
    });

    for (name, error_type, error) in [
        ("described_by_an_option", "_OTHER", "status 503"),
        ("described_by_a_result", "_OTHER", "0 left"),
        ("described_in_place_of_its_text", "behaviour::results::NoStock", "7"),
        ("described_in_private", "_OTHER", ""),
    ] {
        let span = spans.one(name);
        assert_eq!(span.error(), Some(error), "{name}");
        assert_eq!(span.attribute("error.type"), Some(&error_type.into()), "{name}");
    }
    let spans = capture(|| {
        let _ = (described_by_an_option(200), described_by_a_result(1));
    });
    assert!(spans.all.iter().all(|span| span.status == Status::Unset));
}

/// The line that a caller is in, by way of a conversion that asks.
#[derive(Debug, PartialEq)]
struct Line(u32);

#[traced]
#[track_caller]
fn called() -> Result<(), Line> {
    Err(Line(Location::caller().line()))
}

#[test]
fn a_function_whose_result_is_looked_at_knows_its_caller() {
    let spans = capture(|| {
        let (line, here) = (called(), line!());
        assert_eq!(line, Err(Line(here)));
    });

    assert!(spans.one("called").attribute("error.type").is_some());
}

mod surrounded {
    use otel_runtime::traced;

    /// A trait for everything, whose methods are called as those that look at a result once were.
    trait Everything: Sized {
        fn error(self) -> Option<u8> {
            None
        }

        fn failure(self) -> u8 {
            1
        }

        fn returned(self) -> u8 {
            2
        }
    }

    impl<T> Everything for T {}

    #[traced(ret)]
    pub(super) fn surrounded() -> Result<u8, String> {
        assert_eq!((1.error(), 1.failure(), 1.returned()), (None, 1, 2));
        Err("no".to_owned())
    }
}

#[test]
fn a_trait_for_everything_does_not_get_in_the_way() {
    let spans = capture(|| drop(surrounded::surrounded()));

    assert_eq!(
        spans.one("surrounded").text("error.type").as_deref(),
        Some("alloc::string::String")
    );
}

#[derive(Debug)]
struct Fault {
    code: String,
}

impl Fault {
    fn code(&self) -> &str {
        &self.code
    }
}

#[traced(err = |error| error.code())]
fn faulty() -> Result<(), Fault> {
    Err(Fault { code: "E1".to_owned() })
}

#[test]
fn what_describes_an_error_may_borrow_from_it() {
    let spans = capture(|| drop(faulty()));

    let status = format!("{:?}", spans.one("faulty").status);
    assert!(status.contains("E1"), "{status}");
}

#[traced(error_if = |status| *status >= 400, error_type = |status| *status)]
fn asked(status: u16) -> u16 {
    status
}

#[traced(error_type = |ret| ret.as_ref().err().map_or("", |error| error.as_str()))]
async fn tried_later(error: &str) -> Result<(), String> {
    Err(error.to_owned())
}

#[test]
fn an_error_is_of_the_type_that_is_said() {
    let spans = capture_async(async {
        asked(503);
        let _ = tried_later("E1").await;
    });

    assert_eq!(spans.one("asked").text("error.type").as_deref(), Some("503"));
    assert_eq!(spans.one("tried_later").text("error.type").as_deref(), Some("E1"));
}
