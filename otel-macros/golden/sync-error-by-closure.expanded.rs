fn ship() -> Result<(), NoStock> {
    static __OTEL_CALLSITE: ::otel_runtime::__private::Callsite = ::otel_runtime::__private::Callsite::new(
        ::otel_runtime::__private::here(&|| ()),
        ::core::panic::Location::caller(),
        "shop",
        "1.2.3",
        0,
    );
    ::otel_runtime::__private::inspected_call(
        move |__otel_span| -> Result<(), NoStock> {
            if !__OTEL_CALLSITE.is_off() {
                __otel_span.open(&__OTEL_CALLSITE);
            }
            { Ok(()) }
        },
        |__otel_result| {
            ::otel_runtime::__private::error_of(__otel_result)
                .map(|__otel_error| {
                    ::otel_runtime::__private::described(
                            __otel_error,
                            |error| error.code(),
                        )
                        .about(::otel_runtime::__private::facts!(__otel_error))
                })
        },
    )
}
