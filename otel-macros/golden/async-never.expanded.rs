fn serve() -> impl ::core::future::Future<
    Output = <fn() -> ! as ::otel_runtime::__private::Out>::Output,
> {
    static __OTEL_CALLSITE: ::otel_runtime::__private::Callsite = ::otel_runtime::__private::Callsite::new(
            ::otel_runtime::__private::here(&|| ()),
            ::core::panic::Location::caller(),
            "shop",
            "1.2.3",
            0,
        )
        .hangs_elsewhere();
    ::otel_runtime::__private::traced_future(async move {
        if !__OTEL_CALLSITE.is_off() {
            let mut __otel_span = ::otel_runtime::__private::Span::none();
            if let ::core::option::Option::Some(__otel_start) = __otel_span
                .begin_future(&__OTEL_CALLSITE)
            {
                __otel_start.root();
            }
            __otel_span.poll();
        }
        { loop {} }
    })
}
