fn add(a: u64, b: u64) -> u64 {
    static __OTEL_CALLSITE: ::otel_runtime::__private::Callsite = ::otel_runtime::__private::Callsite::new(
        ::otel_runtime::__private::here(&|| ()),
        ::core::file!(),
        ::core::line!(),
        ::core::option_env!("CARGO_PKG_NAME"),
        ::core::option_env!("CARGO_PKG_VERSION"),
    );
    ::otel_runtime::__private::traced_call(
        &__OTEL_CALLSITE,
        move |__otel_span| -> u64 {
            if false {
                let _ = &b;
                let _ = &a;
            }
            if let ::core::option::Option::Some(__otel_span) = __otel_span {
                ::otel_runtime::__private::begin_call(
                    &__OTEL_CALLSITE,
                    __otel_span,
                    &mut ::otel_runtime::__private::nothing,
                );
            }
            { a + b }
        },
    )
}
