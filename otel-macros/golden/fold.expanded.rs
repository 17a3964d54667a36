fn load(id: u64) -> Cart {
    static __OTEL_CALLSITE: ::otel_runtime::__private::Callsite = ::otel_runtime::__private::Callsite::new(
            ::otel_runtime::__private::here(&|| ()),
            ::core::panic::Location::caller(),
            "shop",
            "1.2.3",
            0,
        )
        .min_duration(1000)
        .fold(100);
    let mut __otel_span = ::otel_runtime::__private::Span::none();
    if !__OTEL_CALLSITE.is_off() {
        __otel_span.open(&__OTEL_CALLSITE);
    }
    { fetch(id) }
}
