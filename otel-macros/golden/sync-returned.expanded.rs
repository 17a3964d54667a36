fn cart(id: u64) -> Cart {
    static __OTEL_CALLSITE: ::otel_runtime::__private::Callsite = ::otel_runtime::__private::Callsite::new(
        ::otel_runtime::__private::here(&|| ()),
        ::core::panic::Location::caller(),
        "shop",
        "1.2.3",
        0,
    );
    ::otel_runtime::__private::inspected_call(
        move |__otel_span| -> Cart {
            if !__OTEL_CALLSITE.is_off() {
                __otel_span.open(&__OTEL_CALLSITE);
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
