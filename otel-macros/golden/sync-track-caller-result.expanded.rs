#[track_caller]
#[must_use]
fn checked<T: FromStr>(text: &str) -> Result<T, Failed> {
    static __OTEL_CALLSITE: ::otel_runtime::__private::Callsite = ::otel_runtime::__private::Callsite::new(
        ::otel_runtime::__private::here(&|| ()),
        ::core::panic::Location::caller(),
        "shop",
        "1.2.3",
        1,
    );
    #[track_caller]
    fn __otel_body<T: FromStr>(mut text: &str) -> Result<T, Failed> {
        text = text.trim();
        Ok(text.parse()?)
    }
    let mut __otel_span = ::otel_runtime::__private::Span::none();
    if !__OTEL_CALLSITE.is_off() {
        if let ::core::option::Option::Some(__otel_start) = __otel_span
            .begin(&__OTEL_CALLSITE)
        {
            __otel_start.value("text", &text);
        }
        __otel_span.enter();
    }
    let __otel_result: Result<T, Failed> = __otel_body::<T>(text);
    __otel_span
        .inspected(
            __otel_result,
            |__otel_result| ::otel_runtime::__private::failure!(__otel_result),
        )
}
