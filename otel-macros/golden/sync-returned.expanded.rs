fn cart(id: u64) -> Cart {
    static __OTEL_CALLSITE: ::otel_runtime::__private::Callsite = ::otel_runtime::__private::Callsite::new(
        ::otel_runtime::__private::here(&|| ()),
        ::core::file!(),
        ::core::line!(),
        ::core::option_env!("CARGO_PKG_NAME"),
        ::core::option_env!("CARGO_PKG_VERSION"),
    );
    ::otel_runtime::__private::inspected_call(
        &__OTEL_CALLSITE,
        move |__otel_span| -> Cart {
            if false {
                let _ = &id;
            }
            if let ::core::option::Option::Some(__otel_span) = __otel_span {
                ::otel_runtime::__private::begin_call(
                    &__OTEL_CALLSITE,
                    __otel_span,
                    &mut ::otel_runtime::__private::nothing,
                );
            }
            { Cart::of(id) }
        },
        |__otel_result| {
            if let ::core::option::Option::Some(__otel_value) = ::otel_runtime::__private::part(
                __otel_result,
                |cart| cart.items.len(),
            ) {
                ::otel_runtime::__private::record(
                    "items",
                    ::otel_runtime::__private::value(&__otel_value),
                );
            }
            ::otel_runtime::__private::error_if(
                __otel_result,
                |cart| cart.is_empty(),
                || ::core::option::Option::None,
            )
        },
    )
}
