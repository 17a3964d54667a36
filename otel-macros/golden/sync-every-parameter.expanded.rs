fn place(
    &self,
    __otel_arg1: (u8, u8),
    __otel_arg2: &Order,
    __otel_arg3: HeaderMap,
    #[cfg(unix)]
    __otel_arg4: u32,
) -> Result<u64, Refused> {
    static __OTEL_CALLSITE: ::otel_runtime::__private::Callsite = ::otel_runtime::__private::Callsite::new(
            ::otel_runtime::__private::here(&|| ()),
            ::core::file!(),
            ::core::line!(),
            ::core::option_env!("CARGO_PKG_NAME"),
            ::core::option_env!("CARGO_PKG_VERSION"),
        )
        .hangs_elsewhere()
        .attributes(4usize);
    ::otel_runtime::__private::inspected_call(
        &__OTEL_CALLSITE,
        move |__otel_span| -> Result<u64, Refused> {
            if false {
                #[cfg(unix)]
                let _ = &__otel_arg4;
                let _ = &__otel_arg3;
                let _ = &__otel_arg2;
                let _ = &__otel_arg1;
                let _ = &self;
            }
            let __otel_arg1 = __otel_arg1;
            let (row, _) = __otel_arg1;
            let __otel_arg2 = __otel_arg2;
            let order = __otel_arg2;
            let __otel_arg3 = __otel_arg3;
            let headers = __otel_arg3;
            #[cfg(unix)]
            let __otel_arg4 = __otel_arg4;
            #[cfg(unix)]
            let uid = __otel_arg4;
            if let ::core::option::Option::Some(__otel_span) = __otel_span {
                ::otel_runtime::__private::begin_call(
                    &__OTEL_CALLSITE,
                    __otel_span,
                    &mut |__otel_start| {
                        if __otel_start
                            .parent(::otel_runtime::__private::extract(&headers))
                        {
                            __otel_start
                                .set("row", ::otel_runtime::__private::value(&row));
                            __otel_start
                                .set("headers", ::otel_runtime::__private::value(&headers));
                            #[cfg(unix)]
                            __otel_start
                                .set("uid", ::otel_runtime::__private::value(&uid));
                            __otel_start
                                .set(
                                    "total",
                                    ::otel_runtime::__private::display(&order.total),
                                );
                        }
                    },
                );
            }
            { order.place() }
        },
        |__otel_result| {
            if let ::core::option::Option::Some(__otel_value) = ::otel_runtime::__private::returned!(
                __otel_result
            ) {
                ::otel_runtime::__private::record(
                    "return",
                    ::otel_runtime::__private::value(__otel_value),
                );
            }
            ::otel_runtime::__private::failure!(__otel_result)
        },
    )
}
