fn place(
    &self,
    (row, _): (u8, u8),
    order: &Order,
    headers: HeaderMap,
    #[cfg(unix)]
    uid: u32,
) -> Result<u64, Refused> {
    static __OTEL_CALLSITE: ::otel_runtime::__private::Callsite = ::otel_runtime::__private::Callsite::new(
            ::otel_runtime::__private::here(&|| ()),
            ::core::panic::Location::caller(),
            "shop",
            "1.2.3",
            4,
        )
        .hangs_elsewhere();
    ::otel_runtime::__private::inspected_call(
        move |__otel_span| -> Result<u64, Refused> {
            if false {
                let _ = &headers;
            }
            if !__OTEL_CALLSITE.is_off() {
                if let ::core::option::Option::Some(__otel_start) = __otel_span
                    .begin(&__OTEL_CALLSITE)
                {
                    __otel_start.parent(&::otel_runtime::__private::extract(&headers));
                    if __otel_start.is_wanted() {
                        __otel_start.value("row", &row);
                        __otel_start.value("headers", &headers);
                        #[cfg(unix)] __otel_start.value("uid", &uid);
                        __otel_start
                            .attempt(|__otel_start| {
                                __otel_start.display("total", &order.total);
                            });
                    }
                }
                __otel_span.enter();
            }
            { order.place() }
        },
        |__otel_result| {
            if let ::core::option::Option::Some(__otel_value) = ::otel_runtime::__private::returned!(
                __otel_result
            ) {
                ::otel_runtime::__private::record(
                    "return",
                    ::otel_runtime::__private::returned_value(__otel_value),
                );
            }
            ::otel_runtime::__private::failure!(__otel_result)
        },
    )
}
