fn load(
    user_id: u64,
    email: Address,
) -> impl ::core::future::Future<Output = Result<Cart, StoreError>> {
    static __OTEL_CALLSITE: ::otel_runtime::__private::Callsite = ::otel_runtime::__private::Callsite::new(
            ::otel_runtime::__private::here(&|| ()),
            ::core::file!(),
            ::core::line!(),
            ::core::option_env!("CARGO_PKG_NAME"),
            ::core::option_env!("CARGO_PKG_VERSION"),
        )
        .attributes(2usize);
    ::otel_runtime::__private::traced_result(
        async move {
            if false {
                let _ = &email;
                let _ = &user_id;
                return ::otel_runtime::__private::hint::<Result<Cart, StoreError>>();
            }
            if !__OTEL_CALLSITE.is_off() {
                ::otel_runtime::__private::begin_future(
                    &__OTEL_CALLSITE,
                    &mut |__otel_start| {
                        __otel_start
                            .set("user_id", ::otel_runtime::__private::value(&user_id));
                        __otel_start
                            .set("email", ::otel_runtime::__private::display(&email));
                    },
                );
            }
            { fetch(user_id).await }
        },
        |__otel_result| ::otel_runtime::__private::failure!(__otel_result),
    )
}
