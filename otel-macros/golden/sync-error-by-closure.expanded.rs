fn ship() -> Result<(), NoStock> {
    static __OTEL_CALLSITE: ::otel_runtime::__private::Callsite = ::otel_runtime::__private::Callsite::new(
        ::otel_runtime::__private::here(&|| ()),
        ::core::file!(),
        ::core::line!(),
        ::core::option_env!("CARGO_PKG_NAME"),
        ::core::option_env!("CARGO_PKG_VERSION"),
    );
    ::otel_runtime::__private::inspected_call(
        &__OTEL_CALLSITE,
        move |__otel_span| -> Result<(), NoStock> {
            if let ::core::option::Option::Some(__otel_span) = __otel_span {
                ::otel_runtime::__private::begin_call(
                    &__OTEL_CALLSITE,
                    __otel_span,
                    &mut ::otel_runtime::__private::nothing,
                );
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
