fn ask() -> Reply {
    static __OTEL_CALLSITE: ::otel_runtime::__private::Callsite = ::otel_runtime::__private::Callsite::new(
        ::otel_runtime::__private::here(&|| ()),
        ::core::panic::Location::caller(),
        "shop",
        "1.2.3",
        0,
    );
    ::otel_runtime::__private::inspected_call(
        move |__otel_span| -> Reply {
            if !__OTEL_CALLSITE.is_off() {
                __otel_span.open(&__OTEL_CALLSITE);
            }
            { Reply::of(request()) }
        },
        |__otel_result| ::otel_runtime::__private::error_type(
            __otel_result,
            |reply| reply.status,
            ::otel_runtime::__private::error_if(
                __otel_result,
                |reply| reply.status >= 500,
                || ::core::option::Option::None,
            ),
        ),
    )
}
