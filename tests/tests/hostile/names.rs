//! A module where every usual name means something else.
#![no_implicit_prelude]
#![allow(dead_code)]

struct Result;
struct Option;
struct Some;
struct None;
struct Ok;
struct Err;
struct Box;
struct Future;
struct String;
struct Fn;
struct Send;
mod core {}
mod std {}
mod otel_runtime {}
mod opentelemetry {}

#[::otel_runtime::traced(attrs(a, b = %a, c = ?a), kind = client)]
fn function(a: u8) -> u8 {
    a
}

#[::otel_runtime::traced(skip_pii, attrs(a, email = a))]
fn fails(a: u8) -> ::core::result::Result<u8, ::std::string::String> {
    ::core::result::Result::Ok(a)
}

#[::otel_runtime::traced(crate = crate::renamed, attrs(a), root)]
async fn future(a: u8) -> ::core::result::Result<u8, ::std::string::String> {
    ::core::result::Result::Ok(a)
}

#[::otel_runtime::traced(name = "not mine")]
fn not_that_result() -> Result {
    Result
}

#[::otel_runtime::traced(
    level = warn,
    min_duration = "1.5ms",
    scope = "hostile",
    timings,
    links(::opentelemetry::Context::new())
)]
async fn measured(a: u8) -> u8 {
    a
}

#[::otel_runtime::traced(attrs(a))]
fn made(
    a: u8,
) -> impl ::core::future::Future<Output = ::core::result::Result<u8, ::std::string::String>> {
    async move { ::core::result::Result::Ok(a) }
}

#[::otel_runtime::traced(crate = crate::renamed)]
fn made_boxed(
    a: &u8,
) -> ::core::pin::Pin<::std::boxed::Box<dyn ::core::future::Future<Output = Result> + '_>> {
    ::std::boxed::Box::pin(async move {
        let _ = a;
        Result
    })
}

#[::otel_runtime::traced(crate = crate::renamed)]
impl Result {
    async fn method(&self) -> &Self {
        self
    }
}

pub(super) async fn everything() {
    ::core::assert!(::core::matches!(made(1).await, ::core::result::Result::Ok(1)));
    made_boxed(&1).await.method().await;
    function(1);
    measured(1).await;
    ::core::assert!(::core::matches!(fails(1), ::core::result::Result::Ok(1)));
    ::core::assert!(::core::matches!(future(1).await, ::core::result::Result::Ok(1)));
    not_that_result();
}
