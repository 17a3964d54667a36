fn longer(than: usize) -> impl ::core::future::Future<Output = impl Fn(&str) -> bool> {
    static __OTEL_CALLSITE: ::otel_runtime::__private::Callsite = ::otel_runtime::__private::Callsite::new(
        ::otel_runtime::__private::here(&|| ()),
        ::core::panic::Location::caller(),
        "shop",
        "1.2.3",
        1,
    );
    async fn __otel_body(than: usize) -> impl Fn(&str) -> bool {
        if !__OTEL_CALLSITE.is_off() {
            let mut __otel_span = ::otel_runtime::__private::Span::none();
            if let ::core::option::Option::Some(__otel_start) = __otel_span
                .begin_future(&__OTEL_CALLSITE)
            {
                __otel_start.value("than", &than);
            }
            __otel_span.poll();
        }
        { move |text| text.len() > than }
    }
    ::otel_runtime::__private::traced_future(__otel_body(than))
}
