fn load(id: u64) -> impl ::core::future::Future<Output = Cart> {
    static __OTEL_CALLSITE: ::otel_runtime::__private::Callsite = ::otel_runtime::__private::Callsite::new(
        ::otel_runtime::__private::here(&|| ()),
        ::core::file!(),
        ::core::line!(),
        ::core::option_env!("CARGO_PKG_NAME"),
        ::core::option_env!("CARGO_PKG_VERSION"),
    );
    ::otel_runtime::__private::traced_future(
        ::otel_runtime::__private::timed(
            &__OTEL_CALLSITE,
            async move {
                if false {
                    let _ = &id;
                    return ::otel_runtime::__private::hint::<Cart>();
                }
                if !__OTEL_CALLSITE.is_off() {
                    ::otel_runtime::__private::begin_future(
                        &__OTEL_CALLSITE,
                        &mut ::otel_runtime::__private::nothing,
                    );
                }
                { fetch(id).await }
            },
        ),
    )
}
