//! What does a span say of the result?

use std::fmt;
use std::io;

use opentelemetry::trace::Status;
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
fn an_error_is_recorded_once_on_every_span_it_passes() {
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
    assert_eq!(order.exceptions().len(), 1);
}

#[test]
fn async_functions_record_errors_the_same_way() {
    let spans = capture_async(async {
        assert!(ship_async(0).await.is_err());
    });

    let span = spans.one("ship_async");
    assert_eq!(span.error(), Some("0 left"));
    assert_eq!(span.exceptions().len(), 1);
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
