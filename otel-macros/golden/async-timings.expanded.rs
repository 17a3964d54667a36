fn load(id: u64) -> impl ::core::future::Future<Output = Cart> {
    static __OTEL_CALLSITE: ::otel_runtime::__private::Callsite = ::otel_runtime::__private::Callsite::new(
        ::otel_runtime::__private::here(&|| ()),
        ::core::panic::Location::caller(),
        "shop",
        "1.2.3",
        0,
    );
    ::otel_runtime::__private::traced_future(
        ::otel_runtime::__private::timed(
            &__OTEL_CALLSITE,
            async move {
                if false {
                    return ::otel_runtime::__private::hint::<Cart>();
                }
                if !__OTEL_CALLSITE.is_off() {
                    let mut __otel_span = ::otel_runtime::__private::Span::none();
                    __otel_span.open_future(&__OTEL_CALLSITE);
                }
                { fetch(id).await }
            },
        ),
    )
}
