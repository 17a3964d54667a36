//! What does a span say of an error that has causes, or whose type was forgotten?

use std::error::Error;
use std::fmt;
use std::io;
use std::sync::Arc;

use anyhow::Context as _;
use opentelemetry_sdk::trace::SpanData;
use otel_runtime::traced;
use otel_tests::capture::{SpanExt, Spans};

fn capture(work: impl FnOnce()) -> Spans {
    otel_tests::capture::install(env!("CARGO_PKG_NAME"));
    otel_tests::capture::capture(work)
}

/// What a span says of its error.
fn told(span: &SpanData) -> (String, String) {
    let error_type = span.attribute("error.type").expect("an error").to_string();
    let message = span.error().expect("an error").to_owned();
    let [event] = span.exceptions().try_into().expect("one exception");
    let said: Vec<&str> = event.iter().map(|(_, value)| value.as_str()).collect();
    let expected = [error_type.as_str(), message.as_str()];
    assert_eq!(said, expected[..said.len()], "the event says the same");
    (error_type, message)
}

/// An error that says `text`, and its cause apart from that.
#[derive(Debug)]
struct Says {
    text: String,
    source: Option<Box<dyn Error + Send + Sync>>,
}

fn says(text: &str) -> Says {
    Says { text: text.to_owned(), source: None }
}

impl Says {
    fn because(self, source: impl Into<Box<dyn Error + Send + Sync>>) -> Says {
        Says { source: Some(source.into()), ..self }
    }
}

impl fmt::Display for Says {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Error for Says {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}

#[derive(Debug)]
enum Disk {
    Full { path: &'static str },
    Gone,
    Locked(u32),
}

impl fmt::Display for Disk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Disk::Full { path } => write!(f, "{path} is full"),
            Disk::Gone => f.write_str("the disk is gone"),
            Disk::Locked(by) => write!(f, "locked by {by}"),
        }
    }
}

impl Error for Disk {}

fn refused() -> io::Error {
    io::Error::new(io::ErrorKind::ConnectionRefused, "connection refused")
}

#[traced]
fn fails<E>(error: E) -> Result<(), E> {
    Err(error)
}

#[traced]
fn typed(error: Says) -> Result<(), Says> {
    Err(error)
}

#[traced]
fn boxed(error: impl Into<Box<dyn Error>>) -> Result<(), Box<dyn Error>> {
    Err(error.into())
}

#[traced]
fn shared(error: Disk) -> Result<(), Arc<dyn Error + Send + Sync>> {
    Err(Arc::new(error))
}

#[traced]
fn by_anyhow(error: anyhow::Error) -> anyhow::Result<()> {
    Err(error)
}

#[traced(err = %)]
fn by_eyre(error: eyre::Report) -> eyre::Result<()> {
    Err(error)
}

#[traced]
async fn later(error: anyhow::Error) -> anyhow::Result<()> {
    Err(error)
}

#[traced(err = ?)]
fn as_debug(error: Says) -> Result<(), Says> {
    Err(error)
}

#[traced(err = |error| error.text.len())]
fn by_closure(error: Says) -> Result<(), Says> {
    Err(error)
}

#[traced(skip_pii)]
fn private(error: anyhow::Error) -> anyhow::Result<()> {
    Err(error)
}

fn one<R>(work: impl FnOnce() -> R) -> (String, String) {
    let spans = capture(|| drop(work()));
    let [span] = spans.all.as_slice() else { panic!("one span: {:?}", spans.names()) };
    told(span)
}

#[test]
fn the_whole_chain_of_causes_is_told() {
    let error = || says("saving order 7").because(says("writing").because(Disk::Gone));
    let expected = "saving order 7: writing: the disk is gone";

    assert_eq!(one(|| typed(error())).1, expected);
    assert_eq!(one(|| boxed(error())).1, expected);
    assert_eq!(one(|| by_anyhow(error().into())).1, expected);
    assert_eq!(one(|| by_eyre(error().into())).1, expected);
    let context = anyhow::Error::new(Disk::Gone).context("writing").context("saving order 7");
    assert_eq!(one(|| by_anyhow(context)).1, expected);
    let wrapped = eyre::Report::new(Disk::Gone).wrap_err("writing").wrap_err("saving order 7");
    assert_eq!(one(|| by_eyre(wrapped)).1, expected);
    let failed: anyhow::Result<()> = Err(Disk::Gone).context("writing");
    let future = later(failed.context("saving order 7").expect_err("an error"));
    assert_eq!(
        one(|| tokio::runtime::Builder::new_current_thread().build().map(|it| it.block_on(future)))
            .1,
        expected
    );
}

#[test]
fn a_cause_that_the_text_tells_already_is_not_told_twice() {
    let told = |error: Says| one(|| typed(error)).1;

    let repeats = says("cannot connect: connection refused").because(refused());
    assert_eq!(told(repeats), "cannot connect: connection refused");
    assert_eq!(told(says("connection refused").because(refused())), "connection refused");
    let inside = says("cannot (the disk is gone) go on").because(Disk::Gone);
    assert_eq!(told(inside), "cannot (the disk is gone) go on");
    // As words of its own: it is not told by `code 1007`.
    assert_eq!(told(says("code 1007").because("7")), "code 1007: 7");
    let again = says("outer").because(says("middle: connection refused").because(refused()));
    assert_eq!(told(again), "outer: middle: connection refused");
    assert_eq!(told(says("silent cause").because("")), "silent cause");
}

#[test]
fn causes_without_end_are_cut() {
    #[derive(Debug)]
    struct Endless(usize);
    impl fmt::Display for Endless {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            let n = std::ptr::from_ref(self).addr();
            write!(f, "{n:x}{}", "x".repeat(self.0))
        }
    }
    impl Error for Endless {
        fn source(&self) -> Option<&(dyn Error + 'static)> {
            Some(Box::leak(Box::new(Endless(self.0))))
        }
    }
    #[traced]
    fn endless(width: usize) -> Result<(), Endless> {
        Err(Endless(width))
    }

    let (_, many) = one(|| endless(1));
    assert_eq!(many.split(": ").count(), 1 + 32 + 1);
    assert!(many.ends_with(": …"));
    let (_, long) = one(|| endless(5000));
    assert!(long.ends_with('…') && long.len() < 5100 + 8192 + 100, "{}", long.len());
}

#[test]
fn a_type_that_says_nothing_gives_way_to_that_of_the_error_inside() {
    let anyhow = |error: anyhow::Error| one(|| by_anyhow(error)).0;

    // One of the standard library, wherever it is in the chain.
    assert_eq!(one(|| boxed(refused())).0, "std::io::error::Error");
    assert_eq!(
        anyhow(anyhow::Error::new(says("reading").because(refused()))),
        "std::io::error::Error"
    );
    let number = "seven".parse::<u8>().context("reading").expect_err("no number");
    assert_eq!(anyhow(number), "core::num::error::ParseIntError");
    // The name of a variant.
    assert_eq!(anyhow(Disk::Gone.into()), "Gone");
    assert_eq!(anyhow(anyhow::Error::new(Disk::Locked(7)).context("a").context("b")), "Locked");
    assert_eq!(
        one(|| by_eyre(eyre::Report::new(Disk::Full { path: "/" }).wrap_err("a"))).0,
        "Full"
    );
    assert_eq!(one(|| boxed(Disk::Full { path: "/" })).0, "Full");
    assert_eq!(one(|| shared(Disk::Gone)).0, "Gone");
    // Nothing is known of a mere text.
    assert_eq!(anyhow(anyhow::anyhow!("Seven of {}", 9)), "anyhow::Error");
    assert_eq!(one(|| boxed("text")).0, "alloc::boxed::Box<dyn core::error::Error>");
    // A type that says something stays.
    assert_eq!(one(|| fails(Disk::Gone)).0, "errors::Disk");
    assert_eq!(one(|| typed(says("reading").because(refused()))).0, "errors::Says");
}

#[test]
fn a_debug_that_is_no_name_is_no_type() {
    struct Debugs(&'static str);
    impl fmt::Debug for Debugs {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            for (at, piece) in self.0.split('|').enumerate() {
                assert!(at < 2, "nothing is read behind the first word");
                f.write_str(piece)?;
            }
            Ok(())
        }
    }
    impl fmt::Display for Debugs {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("text")
        }
    }
    impl Error for Debugs {}

    for (debug, name) in [
        ("NotFound", Some("NotFound")),
        ("NotFound(|7)|never", Some("NotFound")),
        ("NotFound {| id: 7 }|never", Some("NotFound")),
        ("Http2", Some("Http2")),
        ("not_found", None),
        ("notFound(7)", None),
        ("Not_Found(7)", None),
        ("NotFound: 7", None),
        ("NotFound, and more", None),
        ("NotFound ", None),
        ("No such customer", None),
        ("\"NotFound\"", None),
        ("Error", None),
        ("IO", None),
        ("", None),
    ] {
        let expected = name.unwrap_or("anyhow::Error");
        assert_eq!(one(|| by_anyhow(Debugs(debug).into())).0, expected, "{debug:?}");
    }
}

#[test]
fn a_text_that_was_asked_for_stays_as_it_is() {
    let error = || says("four").because(Disk::Gone);

    assert_eq!(one(|| by_closure(error())).1, "4");
    assert_eq!(one(|| as_debug(error())).1, format!("{:?}", error()));
}

#[test]
fn skip_pii_keeps_every_cause_out() {
    let error = || anyhow::Error::new(says("a").because("a@example.org")).context("a@example.org");
    let spans = capture(|| {
        assert!(private(error()).is_err());
        assert!(private(Disk::Gone.into()).is_err());
        assert!(private(refused().into()).is_err());
    });

    let told = spans.all.iter().map(|span| {
        assert_eq!((span.error(), span.exceptions().len()), (Some(""), 0));
        span.attribute("error.type").expect("an error").to_string()
    });
    // What a `Debug` begins with could be anything.
    let expected = ["anyhow::Error", "anyhow::Error", "std::io::error::Error"];
    assert_eq!(told.collect::<Vec<_>>(), expected);
}
